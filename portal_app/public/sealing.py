"""A certificate that was found, sealed into the page's own forms: none of it is kept here, in an address or a cookie.

What it says goes to the browser that was shown it anyway; sealed, nobody makes up one that this app would put on paper.
"""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Callable

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vaxcert.errors import DamagedError
from vaxcert.lookup.protocol import FoundOne, answer_of

# Seconds: as long as what is wrong may be told, see `registry.holders.tickets`.
LASTS = 1_800
_NONCE = 12


class Sealing:
    """Seals and opens. `key`: 32 bytes; `clock`: seconds since 1970."""

    def __init__(self, key: bytes, *, clock: Callable[[], float] = time.time) -> None:
        self._cipher, self._clock = AESGCM(key), clock

    def seal(self, found: FoundOne) -> str:
        """A certificate as a form's field."""
        nonce, until = os.urandom(_NONCE), int(self._clock()) + LASTS
        data = until.to_bytes(8, "big") + msgspec.json.encode(found)
        return base64.urlsafe_b64encode(nonce + self._cipher.encrypt(nonce, data, None)).decode()

    def open(self, sealed: str) -> FoundOne | None:
        """The certificate, or None for a field that is too old, or none of ours."""
        try:
            raw = base64.b64decode(sealed.encode("ascii"), altchars=b"-_", validate=True)
            data = self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], None)
            found = answer_of(data[8:])
        except (ValueError, InvalidTag, DamagedError):
            return None
        if int.from_bytes(data[:8], "big") < self._clock() or not isinstance(found, FoundOne):
            return None
        return found
