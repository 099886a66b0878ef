"""What the public's side writes and cannot read: sealed to a key of which it has the public half alone.

X25519 with a key made for each text, HKDF-SHA256, AES-256-GCM. The private half is a file of the desk's side.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from vaxcert import files
from vaxcert.errors import DamagedError

_SIZE = 32
_NONCE = bytes(12)  # each key is made for one text


def seal(public: bytes, data: bytes) -> bytes:
    """Data that the owner of the private half alone opens; `public`: 32 bytes."""
    once = X25519PrivateKey.generate()
    shared = once.exchange(X25519PublicKey.from_public_bytes(public))
    said = once.public_key().public_bytes_raw()
    return said + AESGCM(_key(shared, said + public)).encrypt(_NONCE, data, None)


class DeskKey:
    """The private half."""

    def __init__(self, key: bytes) -> None:
        if len(key) != _SIZE:
            raise DamagedError("the desk's key is not 32 bytes")
        self._private = X25519PrivateKey.from_private_bytes(key)
        self.public = self._private.public_key().public_bytes_raw()

    def __repr__(self) -> str:
        return "<DeskKey>"

    @classmethod
    def load(cls, path: Path) -> DeskKey:
        """Read the key from its file. Raises `ConfigurationError`."""
        try:
            return cls(bytes.fromhex(files.read_text(path, "{path}: the desk's key cannot be read ({why})").strip()))
        except ValueError:
            raise DamagedError(f"{path}: not the desk's key") from None

    @classmethod
    def create(cls, path: Path) -> DeskKey:
        """Write a new key file, readable by its owner alone. Raises `ConfigurationError` where there is one already."""
        key = X25519PrivateKey.generate().private_bytes_raw()
        with files.writing(path, "{path}: no key can be written there ({why})"):
            files.create({path: (f"{key.hex()}\n".encode(), files.PRIVATE)})
        return cls(key)

    def open(self, sealed: bytes) -> bytes:
        """What was sealed. Raises `DamagedError` where it was changed, or sealed to another key."""
        said, rest = sealed[:_SIZE], sealed[_SIZE:]
        try:
            shared = self._private.exchange(X25519PublicKey.from_public_bytes(said))
            return AESGCM(_key(shared, said + self.public)).decrypt(_NONCE, rest, None)
        except (InvalidTag, ValueError):
            raise DamagedError("a booking cannot be opened with this key") from None


def _key(shared: bytes, said: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=b"vaxcert booking" + said).derive(shared)
