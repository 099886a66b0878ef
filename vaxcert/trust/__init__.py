"""Keys: those that sign, those that are believed, and the one place where belief begins.

The order of trust, which nothing here may bend:

1. A key id only finds candidates; it proves nothing.
2. The key decides the algorithm. What a card says about it can only disagree, and is then refused.
3. Only `TrustStore.open` turns a `Sealed` into an `Opened`, and only after a signature check by a key it holds.
4. Trust never learns by which wire a card came; a format says which algorithms it allows.
"""

from vaxcert.trust.keys import RefusedKey, TrustedKey
from vaxcert.trust.opened import Opened
from vaxcert.trust.store import TrustStore

__all__ = ["Opened", "RefusedKey", "TrustStore", "TrustedKey"]
