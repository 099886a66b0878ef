"""What is published beside keys: authorities whose signers cards bring along, and key sets for others' verifiers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from vaxcert import files
from vaxcert.trust.issued import Authority
from vaxcert.trust.revocation import of_key

_FOLDER = "authorities"


def add(workspace: Path, certificate: bytes) -> Authority:
    """Have an authority's certificate (DER) published from now on. Raises `KeyMaterialError` for what is none."""
    found = Authority(certificate)
    with files.writing(workspace):
        (workspace / _FOLDER).mkdir(mode=0o700, exist_ok=True)
    files.write_changed(workspace / _FOLDER / f"{of_key(certificate).hex()}.der", certificate)
    return found


def listed(workspace: Path) -> tuple[bytes, ...]:
    """The certificates of the authorities."""
    return tuple(path.read_bytes() for path in sorted((workspace / _FOLDER).glob("*.der")))


def write_key_sets(out: Path, key_sets: Mapping[str, bytes]) -> None:
    """Put key sets where cards' readers are told to find them; of a second issuer beside that."""
    for number, content in enumerate(key_sets.values()):
        name = "jwks.json" if not number else f"jwks-{number + 1}.json"
        files.write_changed(out / ".well-known" / name, content)
