"""What is published for pages that ask no server: keys and rules in one file, and what is revoked in small ones.

A phone holds hashes cut to 8 bytes: a base, and one file for each day since that changed anything. Who syncs once a
day fetches that day's alone.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from vaxcert import files
from vaxcert.errors import DamagedError
from vaxcert.trust.revocation import Hashes, Kind, Revocations, Source
from vaxcert.trust.store import TrustStore
from vaxcert.trust.synced.listing import Listing
from vaxcert.trust.synced.repository import PAGES, PAGES_LIST

# Of a hash: among a million entries one card in 10^13 is taken for another that is revoked, and none the other way.
SIZE = 8
# Beyond so many a phone holds those of sites and keys alone, and says of a certificate that it was not checked.
MOST_HELD = 1_000_000
_ALWAYS_HELD = (Kind.SITE, Kind.KEY)
# The days together of this part of the base, or so many, and it is written anew.
_BASE_ANEW, _MOST_DAYS = 4, 30

_NAME = re.compile(r"(\d{8})-(?:base|\d{4}-\d\d-\d\d)\.bin", re.ASCII)
# How many were added and taken away, of each kind.
_HEAD = struct.Struct(f">{2 * len(Kind)}I")

# Keys and rules as a page judges by them: what `vaxcert.rules.bundle.listed` makes.
Compile = Callable[[TrustStore, Mapping[str, bytes]], Mapping[str, Any]]
Held = Mapping[Kind, frozenset[bytes]]


class Change(NamedTuple):
    """What one file says: hashes to be added, and to be taken away, by kind."""

    added: Held
    removed: Held


class PublishedPages:
    """The files in a workspace's folder. Raises `ConfigurationError` where they cannot be read or written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def contents(
        self,
        number: int,
        day: date,
        listing: Listing,
        lists: Iterable[Path],
        compile_: Compile,
        rules: Mapping[str, bytes],
    ) -> dict[str, bytes]:
        """What publication `number` has for pages, by target's name. `lists`: of all that is revoked; `day`: in UTC."""
        sources = [(Source.of(path.name), Hashes(path)) for path in lists]
        reinstated = {(one.kind, one.hash): one.number for one in listing.reinstated}
        revocations = Revocations(sources, reinstated)
        _, keys, _ = listing.trusted(revocations)
        held = tuple(Kind) if len(revocations) <= MOST_HELD else _ALWAYS_HELD
        now = {kind: cut(revocations.revoked(kind)) if kind in held else frozenset() for kind in Kind}
        parts = self._parts(number, day, now)
        store = TrustStore(keys, environment=listing.environment)
        told = dict(compile_(store, {name.rpartition("/")[2]: content for name, content in rules.items()})) | {
            "maxOfflineHours": listing.max_offline_hours,
            "revocations": {
                "number": number,
                "held": [str(kind) for kind in held],
                "files": list(parts),
                "reinstated": [[str(one.kind), one.hash[:SIZE].hex(), one.number] for one in listing.reinstated],
            },
        }
        return {PAGES_LIST: msgspec.json.encode(told)} | {PAGES + name: content for name, content in parts.items()}

    def _parts(self, number: int, day: date, now: Held) -> dict[str, bytes]:
        with files.writing(self._folder):
            # A workspace of an earlier version has none.
            self._folder.mkdir(mode=0o700, exist_ok=True)
        known = self._known()
        earlier = {name: content for name, content in known.items() if not name.endswith(f"-{day.isoformat()}.bin")}
        wanted = earlier
        base = next(iter(earlier.values()), None)
        if base is not None:
            changed = difference(held(map(decode, earlier.values())), now)
            if any(changed.added.values()) or any(changed.removed.values()):
                wanted = earlier | {f"{number:08d}-{day.isoformat()}.bin": encode(changed)}
            days = [len(content) for content in list(wanted.values())[1:]]
        if base is None or len(days) > _MOST_DAYS or sum(days) * _BASE_ANEW > len(base):
            wanted = {f"{number:08d}-base.bin": encode(Change(now, {}))}
        for name in wanted.keys() - known.keys():
            files.write_changed(self._folder / name, wanted[name])
        for name in known.keys() - wanted.keys():
            (self._folder / name).unlink()
        return wanted

    def _known(self) -> dict[str, bytes]:
        """The newest base and what follows it, in order."""
        with files.reading(self._folder):
            names = sorted(path.name for path in self._folder.glob("*.bin") if _NAME.fullmatch(path.name))
            # A stop between two writes may leave the base before beside a new one.
            bases = [name for name in names if name.endswith("-base.bin")]
            return {name: (self._folder / name).read_bytes() for name in names if bases and name >= bases[-1]}


def cut(hashes: Iterable[bytes]) -> frozenset[bytes]:
    """Hashes as a phone holds them."""
    return frozenset(one[:SIZE] for one in hashes)


def difference(before: Held, now: Held) -> Change:
    """What has to be said to whoever holds `before`."""
    return Change(
        {kind: now.get(kind, frozenset()) - before.get(kind, frozenset()) for kind in Kind},
        {kind: before.get(kind, frozenset()) - now.get(kind, frozenset()) for kind in Kind},
    )


def held(changes: Iterable[Change]) -> Held:
    """What is held after all of these, in order."""
    found: dict[Kind, frozenset[bytes]] = dict.fromkeys(Kind, frozenset())
    for added, removed in changes:
        for kind in Kind:
            found[kind] = found[kind] - removed.get(kind, frozenset()) | added.get(kind, frozenset())
    return found


def encode(change: Change) -> bytes:
    """A file: of each kind how many are added and taken away, 4 bytes each, then these, sorted, 8 bytes each."""
    parts = [sorted(side.get(kind, frozenset())) for kind in Kind for side in change]
    return _HEAD.pack(*map(len, parts)) + b"".join(b"".join(part) for part in parts)


def decode(content: bytes) -> Change:
    """What a file says. Raises `DamagedError` for one that says it otherwise than `encode` does."""
    if len(content) < _HEAD.size:
        raise DamagedError("revocations for pages: cut short")
    counts = _HEAD.unpack_from(content)
    if len(content) != _HEAD.size + SIZE * sum(counts):
        raise DamagedError("revocations for pages: of another length than they say")
    parts: list[Sequence[bytes]] = []
    at = _HEAD.size
    for count in counts:
        parts.append(struct.unpack_from(f"{SIZE}s" * count, content, at))
        at += SIZE * count
    change = Change(*({kind: frozenset(parts[2 * n + side]) for n, kind in enumerate(Kind)} for side in (0, 1)))
    if encode(change) != content:
        raise DamagedError("revocations for pages: not sorted, or something twice")
    return change
