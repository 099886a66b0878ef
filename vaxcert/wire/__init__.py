"""Bytes: pure encode/decode pairs that know neither health nor one another.

Every wire that a card can come by ends in a `Sealed`: who claims to have signed which bytes.
"""

from vaxcert.wire.sealed import Algorithm, Sealed

__all__ = ["Algorithm", "Sealed"]
