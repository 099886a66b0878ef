"""What a publisher revokes and reinstates: noted at once, published by the next publication.

Each publication that has something to say makes one list of hashes for each kind. Many of them are put together into
one, and into a base once they are large beside it: what verifiers fetch stays small. Files are merged as streams, so
that ten million entries need no memory of their own.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import filterfalse, islice
from pathlib import Path

from vaxcert import files
from vaxcert.errors import ConfigurationError, DamagedError, Reason
from vaxcert.files import write_whole
from vaxcert.trust.keys import TrustedKey
from vaxcert.trust.revocation import (
    SIZE,
    Hashes,
    Kind,
    Revocations,
    Source,
    blocks,
    of_signer,
    read,
    split,
    with_withdrawn,
)

# More lists than this of a kind, and a verifier is slower for having them apart than for fetching them anew.
_MOST_LISTS = 30
# Lists together of this part of the base, and it is written anew.
_BASE_ANEW = 4
# So many hashes are sorted at once, in 60 MB; and so many of each stream stand side by side while they are merged.
_AT_ONCE = 500_000
_BLOCK = 8_192

Reinstatements = dict[tuple[Kind, bytes], int]


class Withdrawals:
    """What one workspace revokes and reinstates. Raises `ConfigurationError` where it cannot be read or written."""

    def __init__(self, workspace: Path) -> None:
        self._pending = workspace / "pending"
        self._lists = workspace / "lists"
        self._reinstated = workspace / "reinstated.json"

    def revoke(self, kind: Kind, hashes: Iterable[bytes]) -> int:
        """Have these hashes revoked by the next publication; return how many they are."""
        return self._note("revoke", kind, hashes)

    def reinstate(self, kind: Kind, hashes: Iterable[bytes]) -> int:
        """Have these hashes taken back by the next publication; return how many they are."""
        return self._note("reinstate", kind, hashes)

    def _note(self, action: str, kind: Kind, hashes: Iterable[bytes]) -> int:
        with files.writing(self._pending):
            number = 1 + max((int(path.name[:8]) for path in self._pending.glob("*.bin")), default=0)
            return write_whole(self._pending / f"{number:08d}-{action}-{kind}.bin", _sorted(hashes)) // SIZE

    def take(self, number: int, keys: Iterable[TrustedKey] = ()) -> tuple[list[Path], Reinstatements]:
        """Make the lists of publication `number` of what is pending; return all lists, and all ever reinstated.

        `keys`: those that are published. Of each that is withdrawn as a public key the certificate is listed too, for
        verifiers that know of certificates alone. Stopped at any point it forgets nothing, and goes on when it is
        called with the same number again.
        """
        try:
            reinstated = self._take_pending(number)
            if unlisted := self._unlisted(keys, reinstated):
                self.revoke(Kind.KEY, unlisted)
                reinstated = self._take_pending(number)
            for kind in Kind:
                self._compact(kind, number, reinstated)
            return [path for _, path in self._all()], reinstated
        except OSError as error:
            told = f"{error.filename}: {error.strerror or 'cannot be written'}"
            raise ConfigurationError(told, Reason.NOT_WRITABLE) from None

    def take_over(self, lists: Iterable[Path], reinstated: Reinstatements) -> int:
        """Hold what a publication holds besides what is here; return how many waiting reinstatements were dropped.

        Only it knows what was taken back last, and what waits here may have been revoked again since.
        """
        try:
            self._write_reinstated(reinstated)
            for path in lists:
                ours = self._lists / Source.of(path.name).name
                known = [blocks(ours)] if ours.exists() else []
                write_whole(ours, _merged([blocks(path), *known]))
            waiting = list(self._pending.glob("*-reinstate-*.bin"))
            dropped = sum(path.stat().st_size for path in waiting) // SIZE
            for path in waiting:
                path.unlink()
            return dropped
        except OSError as error:
            told = f"{error.filename}: {error.strerror or 'cannot be written'}"
            raise ConfigurationError(told, Reason.NOT_WRITABLE) from None

    def count(self) -> int:
        """How many hashes are listed."""
        return sum(path.stat().st_size for _, path in self._all()) // SIZE

    def waiting(self) -> int:
        """How many revocations and reinstatements await publication."""
        return sum(path.stat().st_size for path in self._pending.glob("*.bin")) // SIZE

    def _take_pending(self, number: int) -> Reinstatements:
        pending = sorted(self._pending.glob("*.bin"))
        reinstated = self._read_reinstated()
        for kind in Kind:
            self._take(kind, number, pending, reinstated)
        for path in pending:
            path.unlink()
        return reinstated

    def _unlisted(self, keys: Iterable[TrustedKey], reinstated: Reinstatements) -> set[bytes]:
        """The hashes of withdrawn keys that are not listed themselves."""
        lists = [(source, Hashes(path)) for source, path in self._all() if source.kind is Kind.KEY]
        listed = Revocations(lists, reinstated)
        return {
            one
            for key in with_withdrawn(keys, listed)
            if key.withdrawn
            for one in of_signer(key)
            if (Kind.KEY, one) not in listed
        }

    def _take(self, kind: Kind, number: int, pending: list[Path], reinstated: Reinstatements) -> None:
        actions = [(path, path.stem.split("-")[1]) for path in pending if path.stem.split("-")[2] == kind]
        if not actions:
            return
        # Of what is both revoked and taken back, the last word counts.
        last = {hashed: "reinstate" for (of, hashed), at in reinstated.items() if of == kind and at == number}
        last |= {hashed: "" for path, action in actions if action == "reinstate" for hashed in read(path)}
        for path, action in actions:
            if action == "reinstate":
                last.update(dict.fromkeys(read(path), action))
            elif last:
                last.update((hashed, action) for hashed in read(path) if hashed in last)
        back = {hashed for hashed, action in last.items() if action == "reinstate"}
        reinstated.update(((kind, hashed), number) for hashed in back)
        for hashed in last.keys() - back:
            if reinstated.get((kind, hashed)) == number:
                del reinstated[kind, hashed]
        # First what takes back: were it lost, the list without it would be right as well, but not the other way.
        self._write_reinstated(reinstated)
        listed = self._lists / Source(kind, number, False).name
        streams = [blocks(path) for path, action in actions if action == "revoke"]
        if listed.exists():
            # Of a publication by this number that was stopped.
            streams.append(blocks(listed))
        if not write_whole(listed, _merged(streams, back)):
            listed.unlink()

    def _all(self) -> Iterator[tuple[Source, Path]]:
        for path in sorted(self._lists.glob("*.bin")):
            yield Source.of(path.name), path

    def _compact(self, kind: Kind, number: int, reinstated: Reinstatements) -> None:
        """Put the lists of a kind together, once there are many."""
        lists = [(source, path) for source, path in self._all() if source.kind == kind]
        if len(lists) <= _MOST_LISTS:
            return
        size = {path: path.stat().st_size for _, path in lists}
        base = sum(size[path] for source, path in lists if source.is_base)
        anew = _BASE_ANEW * (sum(size.values()) - base) >= base
        merged = [(source, path) for source, path in lists if anew or not source.is_base]
        # By its new number what was taken back would be revoked again.
        known = Revocations([(source, Hashes(path)) for source, path in lists], reinstated)
        back = {one for of, one in reinstated if of == kind and (of, one) not in known}
        made = self._lists / Source(kind, number, anew).name
        if not write_whole(made, _merged([blocks(path) for _, path in merged], back)):
            made.unlink()
        for _, path in merged:
            if path != made:
                path.unlink(missing_ok=True)

    def _read_reinstated(self) -> Reinstatements:
        if not self._reinstated.exists():
            return {}
        try:
            lines = json.loads(self._reinstated.read_text("utf-8"))
            return {(Kind(kind), bytes.fromhex(one)): int(at) for kind, one, at in lines}
        except (ValueError, TypeError):
            raise DamagedError(f"{self._reinstated}: damaged") from None

    def _write_reinstated(self, reinstated: Reinstatements) -> None:
        lines = [[str(kind), one.hex(), at] for (kind, one), at in reinstated.items()]
        write_whole(self._reinstated, (json.dumps(lines, indent=0).encode(),))


def _sorted(hashes: Iterable[bytes]) -> Iterator[bytes]:
    """The content of a file with these hashes; what does not fit into memory as objects stands there as bytes."""
    parts: list[bytes] = []
    rest = iter(hashes)
    while some := list(islice(rest, _AT_ONCE)):
        if set(map(len, some)) != {SIZE}:
            raise DamagedError(f"a hash that is not of {SIZE} bytes")
        some.sort()
        parts.append(b"".join(some))
    return _merged([_blocks(part) for part in parts])


def _blocks(part: bytes) -> Iterator[tuple[bytes, ...]]:
    for at in range(0, len(part), SIZE * _BLOCK):
        yield split(part[at : at + SIZE * _BLOCK])


def _merged(streams: Iterable[Iterator[Sequence[bytes]]], without: Set[bytes] = frozenset()) -> Iterator[bytes]:
    """The content of sorted streams as one: each hash once, but for those left out.

    In each turn go all that are not beyond the first block to end. Raises `ConfigurationError` for a stream that was
    not sorted, where it is noticed; every turn ends a block, so it always comes to an end.
    """
    left: list[tuple[list[bytes], Iterator[Sequence[bytes]]]] = [([], stream) for stream in streams]
    last = b""
    while True:
        for head, stream in left:
            if not head:
                head.extend(next(stream, ()))
        left = [(head, stream) for head, stream in left if head]
        if not left:
            return
        end = min(head[-1] for head, _ in left)
        some: list[bytes] = []
        for head, _ in left:
            known = len(head) if head[-1] == end else bisect_right(head, end)
            some += head[:known]
            del head[:known]
        some.sort()
        if some[0] < last:
            raise DamagedError("a list of this workspace is damaged: not sorted")
        once = dict.fromkeys(some)
        once.pop(last, None)  # The turn before ended with it.
        last = some[-1]
        yield b"".join(filterfalse(without.__contains__, once))
