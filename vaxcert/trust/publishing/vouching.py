"""What is published beside keys: authorities whose signers cards bring along, and key sets for others' verifiers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from vaxcert import files
from vaxcert.trust.issued import Authority
from vaxcert.trust.revocation import Hashes, Kind, Revocations, Source, of_key, rid_of

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


class WithdrawnCards(NamedTuple):
    """A list of withdrawn health cards. `version`: 0 where nothing was ever withdrawn; `rids`: as cards carry them."""

    version: int
    rids: list[str]


def withdrawn_cards(lists: Iterable[Path], reinstated: Mapping[tuple[Kind, bytes], int]) -> WithdrawnCards:
    """The list of what a publication withdraws by its certificate's id. Its version moves where the list does."""
    held = [(source, Hashes(path)) for path in lists if (source := Source.of(path.name)).kind is Kind.UCI]
    numbers = [source.number for source, _ in held] + [at for (kind, _), at in reinstated.items() if kind is Kind.UCI]
    known = Revocations(held, reinstated)
    hashes = {one for _, some in held for one in some if (Kind.UCI, one) in known}
    return WithdrawnCards(max(numbers, default=0), sorted(map(rid_of, hashes)))


def write_key_sets(out: Path, key_sets: Mapping[str, bytes], withdrawn: WithdrawnCards) -> None:
    """Put key sets, and their keys' lists, where cards' readers are told to find them; a second issuer's beside that.

    SMART Health Cards 1.4.0, "Determining keys associated with an issuer", and "Revocation".
    """
    place = out / ".well-known"
    for number, content in enumerate(key_sets.values()):
        for kid in (one["kid"] for one in json.loads(content)["keys"] if withdrawn.version):
            said = {"kid": kid, "method": "rid", "ctr": withdrawn.version, "rids": withdrawn.rids}
            files.write_changed(place / "crl" / f"{kid}.json", json.dumps(said).encode())
        # After the lists: whoever reads of a version finds it.
        name = "jwks.json" if not number else f"jwks-{number + 1}.json"
        files.write_changed(place / name, content)
