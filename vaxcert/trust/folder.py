"""A plain folder of certificates as a source of trusted keys."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from vaxcert.errors import ConfigurationError, KeyMaterialError, Reason
from vaxcert.files import reading
from vaxcert.trust import der, pem
from vaxcert.trust.keys import RefusedKey, TrustedKey

SUFFIXES = frozenset((".crt", ".cer", ".pem", ".der"))

# A bundle of ten thousand certificates is about 10 MB; what is larger is no folder of certificates.
MAX_FILE_SIZE = 10_000_000

# What a published, signed repository leaves in a folder. Read as a plain folder it would lose its protection
# against rollback without anybody noticing.
_REPOSITORY_FILES = frozenset(
    ("vaxcert-store", "state.json", "root.json", "timestamp.json", "snapshot.json", "targets.json", "1.root.json")
)
_REPOSITORY_FOLDERS = frozenset(("metadata", "targets", "current"))


def read_folder(path: str) -> tuple[list[TrustedKey], list[RefusedKey]]:
    """The keys of a folder (or of one file) of certificates, and what was left out with its reason.

    Raises `ConfigurationError` where it cannot be read or shows any trace of a repository.
    """
    top = Path(path)
    with reading(path):
        top.stat()
        files = sorted(top.iterdir()) if top.is_dir() else [top]
        _refuse_repository(top)
        found, refused = _certificates([file for file in files if file.suffix.lower() in SUFFIXES])
    authorities = _issuing_authorities([certificate for _, certificate in found])
    keys = []
    for source, certificate in found:
        if certificate in authorities:
            refused.append(RefusedKey(source, Reason.ISSUING_AUTHORITY))
            continue
        try:
            keys.append(TrustedKey.from_certificate(certificate))
        except KeyMaterialError as error:
            refused.append(RefusedKey(source, error.reason, error.detail))
    return keys, refused


def _refuse_repository(top: Path) -> None:
    folder = top.resolve() if top.is_dir() else top.resolve().parent
    for place in (folder, *folder.parents[:2]):
        names = {entry.name for entry in place.iterdir()}
        whole = {"metadata", "targets"} <= names
        part = place == folder and names & _REPOSITORY_FOLDERS
        if whole or part or names & _REPOSITORY_FILES:
            raise ConfigurationError(
                f"{place}: holds parts of a published repository; what verifies is the store that "
                "`vaxcert trust sync` makes of it",
                Reason.FORM_UNKNOWN,
            )


def _certificates(files: list[Path]) -> tuple[list[tuple[str, bytes]], list[RefusedKey]]:
    sources: dict[bytes, str] = {}
    refused = []
    for file in files:
        if file.stat().st_size > MAX_FILE_SIZE:
            refused.append(RefusedKey(file.name, Reason.CERTIFICATE_INVALID, "the file is too large"))
            continue
        content = file.read_bytes()
        if pem.PRIVATE in content:
            # Somebody is about to publish a private key: that is said, and the file is not used.
            refused.append(RefusedKey(file.name, Reason.PRIVATE_KEY_PRESENT))
            continue
        try:
            blocks = pem.certificates(content)
        except ValueError:
            refused.append(RefusedKey(file.name, Reason.CERTIFICATE_INVALID, "broken PEM"))
            continue
        for block in blocks:
            sources.setdefault(block, file.name)
    return [(source, block) for block, source in sources.items()], refused


def _issuing_authorities(certificates: list[bytes]) -> set[bytes]:
    """The certificates that say CA:TRUE and signed another one here. Some real signers of cards say CA:TRUE too."""
    authorities: dict[bytes, x509.Certificate] = {}
    others: dict[bytes, list[tuple[bytes, x509.Certificate]]] = {}
    for certificate in certificates:
        try:
            parsed = x509.load_der_x509_certificate(certificate)
            issuer = parsed.issuer.public_bytes()
            if der.is_authority(der.extensions(certificate)):
                authorities[certificate] = parsed
        except (ValueError, x509.InvalidVersion, KeyMaterialError):
            continue
        others.setdefault(issuer, []).append((certificate, parsed))
    issuing = set()
    for certificate, authority in authorities.items():
        for candidate, parsed in others.get(authority.subject.public_bytes(), ()):
            if candidate != certificate and _issued(authority, parsed):
                issuing.add(certificate)
                break
    return issuing


def _issued(authority: x509.Certificate, other: x509.Certificate) -> bool:
    try:
        other.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
