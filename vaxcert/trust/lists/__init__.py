"""Key lists as others publish them, read from bytes: every entry becomes a key, or is left out with its reason.

data ─read→ Published(keys, refused, proof) ─Published.check→ signed by whom the caller names

Nothing here fetches, and nothing is believed because it is well formed: an unsigned list is only taken as one.
"""

from vaxcert.trust.lists.base import Published
from vaxcert.trust.lists.detect import read

__all__ = ["Published", "read"]
