"""Identity and telephone numbers, and the texts of certificates: hashed to be found by, encrypted to be kept.

The key is a file outside of the database. Who has the database alone can neither read the numbers nor try them out,
though there are few enough of them to try all.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vaxcert import files
from vaxcert.errors import DamagedError

_SIZE = 32
_NONCE = 12
_TAG = 16
_HASH = 16


class Secrets:
    """A registry's key: keyed hashes (BLAKE2b, 16 bytes as hex) and AES-256-GCM, each with a key of its own."""

    def __init__(self, key: bytes) -> None:
        if len(key) != _SIZE:
            raise DamagedError("the key is not 32 bytes")
        self._hashing = hashlib.blake2b(b"hash", key=key, digest_size=32, person=b"vaxcert registry").digest()
        self._cipher = AESGCM(hashlib.blake2b(b"cipher", key=key, digest_size=32, person=b"vaxcert registry").digest())

    @classmethod
    def load(cls, path: Path) -> Secrets:
        """Read the key from its file. Raises `ConfigurationError`."""
        try:
            return cls(bytes.fromhex(files.read_text(path, "{path}: the key cannot be read ({why})").strip()))
        except ValueError:
            raise DamagedError(f"{path}: not the key of a registry") from None

    @classmethod
    def create(cls, path: Path) -> Secrets:
        """Write a new key file, readable by its owner alone. Raises `ConfigurationError` where there is one already."""
        key = os.urandom(_SIZE)
        with files.writing(path, "{path}: no key can be written there ({why})"):
            files.create({path: (f"{key.hex()}\n".encode(), files.PRIVATE)})
        return cls(key)

    def hash(self, kind: str, value: str) -> str:
        """The hash that a value is found by; another for each kind."""
        data = f"{kind}\x1f{value}".encode("utf-8", "replace")
        return hashlib.blake2b(data, key=self._hashing, digest_size=_HASH).hexdigest()

    def encrypt(self, kind: str, value: str) -> bytes:
        """A value encrypted, so that only this key opens it again, as this kind."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, value.encode(), kind.encode())

    def decrypt(self, kind: str, data: bytes) -> str:
        """The value that was encrypted.

        Raises `ConfigurationError` where it was changed, or made with another key or as another kind.
        """
        try:
            return self._cipher.decrypt(data[:_NONCE], data[_NONCE:], kind.encode()).decode()
        except (InvalidTag, ValueError):
            raise DamagedError(f"a {kind} cannot be decrypted with this key") from None

    @property
    def fingerprint(self) -> str:
        """The hash that a database knows its key by."""
        return self.hash("fingerprint", "")


def sealed_length(data: bytes) -> int:
    """How many bytes what was encrypted has, without the key; 0 for what is too short to be that."""
    return max(0, len(data) - _NONCE - _TAG)


# Digits of an identity card (CMND: 9; CCCD: 12) that spreadsheets cut: they take numbers for numbers.
_CARD = {8: 9, 10: 12, 11: 12}


def national_id(text: str) -> str:
    """An identity number as it is compared: its letters and digits, with zeros that a spreadsheet dropped."""
    number = re.sub(r"[^0-9A-Z]", "", text.upper())
    # Words are none: "không có", "đang làm lại".
    if _says_nothing(number) or sum(map(str.isdigit, number)) < _FEWEST:
        return ""
    return number.zfill(_CARD.get(len(number), 0)) if number.isdigit() else number


def phone(text: str) -> str:
    """A telephone number as it is compared: its digits after one 0, whether a spreadsheet dropped that or Vietnam's
    country code stands in its place."""
    number = re.sub(r"[^0-9+]", "", text)
    abroad = number.startswith(("+", "00"))
    digits = re.sub(r"[^0-9]", "", number).lstrip("0")
    # Without a plus it is the country's code only where a whole number follows it.
    if digits.startswith("84") and (abroad or len(digits) >= 11):
        digits = digits[2:].lstrip("0")
    return "" if _says_nothing(digits) else f"0{digits}"


def _says_nothing(number: str) -> bool:
    """Whether a number was only to fill a column that wants something: 0, 000000000, 999999999, XXXXXXXXX."""
    return not number.strip("0") or (len(number) >= _FEWEST and len(set(number)) == 1)


# Digits of the shortest number that a state gives anybody.
_FEWEST = 6
