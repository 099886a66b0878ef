"""As what every page is looked at by a browser: a language, and a width in pixels."""

import os

from night import some

# Each language and each width once, at night; every one in every width where pictures are made (`make screens`).
SEEN_AS = some([("vi", 320), ("en", 1024)], 1)
if os.environ.get("VAXCERT_SCREENS"):
    SEEN_AS = [("vi", 320), ("en", 1024), ("vi", 1024), ("en", 320)]
