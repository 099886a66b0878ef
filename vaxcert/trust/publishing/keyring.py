"""A publisher's private keys (Ed25519, encrypted PKCS #8), each in a file named by its role and key id.

Which of them are in use is for the newest root to say, and not for the files: so a rotation that is stopped midway
leaves the keys of before in use, and those that it made to be ignored.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ed25519
from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.metadata import Root

from vaxcert.errors import ConfigurationError, NotFoundError, Reason
from vaxcert.trust.own import authority


class Keyring:
    """Keys in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self, role: str, passphrase: str) -> CryptoSigner:
        """Make a new key, in use once a root names it."""
        key = ed25519.Ed25519PrivateKey.generate()
        signer = CryptoSigner(key, SSlibKey.from_crypto(key.public_key()))
        path = self._path(role, signer.public_key.keyid)
        authority.write_new({path: (authority.encrypted(key, passphrase), 0o600)})
        return signer

    def signers(self, role: str, root: Root, passphrase: str) -> list[CryptoSigner]:
        """The keys here that `root` lets sign for a role. Raises `ConfigurationError` for fewer than have to."""
        signers = []
        for keyid in root.roles[role].keyids:
            path = self._path(role, keyid)
            if not path.exists():
                continue
            key = authority.decrypted(path, passphrase)
            if not isinstance(key, ed25519.Ed25519PrivateKey) or _id(key) != keyid:
                raise ConfigurationError(f"{path}: not the key that it is named after", Reason.KEY_DIFFERS)
            signers.append(CryptoSigner(key, SSlibKey.from_crypto(key.public_key())))
        wanted = root.roles[role].threshold
        if len(signers) < wanted:
            raise NotFoundError(f"{self.folder}: {len(signers)} of {wanted} keys of {role} are here; bring them")
        return signers

    def drop(self, role: str, keyid: str) -> None:
        """Destroy a key that is no longer in use."""
        self._path(role, keyid).unlink(missing_ok=True)

    def _path(self, role: str, keyid: str) -> Path:
        return self.folder / f"{role}-{keyid[:16]}.key"


def _id(key: ed25519.Ed25519PrivateKey) -> str:
    return SSlibKey.from_crypto(key.public_key()).keyid
