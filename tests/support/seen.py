"""As what every page is looked at by a browser: a language, and a width in pixels; and how something on it is waited for."""

import os
from typing import Any

from night import some

# Each language and each width once, at night; every one in every width where pictures are made (`make screens`).
SEEN_AS = some([("vi", 320), ("en", 1024)], 1)
if os.environ.get("VAXCERT_SCREENS"):
    SEEN_AS = [("vi", 320), ("en", 1024), ("vi", 1024), ("en", 320)]


def until(page: Any, script: str, seconds: float = 30) -> None:
    """Wait until an expression is true. Polled from outside: the policy of the pages forbids that inside."""
    for _ in range(int(seconds * 20)):
        if page.evaluate(script):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{script} did not come true")
