"""Cards that an issuer of SMART Health Cards has withdrawn, by the ids that they carry (`rid`).

Such a list is of one key, and counts its versions; the key says which version there is (`crlVersion`), so that whoever
holds an older list knows that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

import msgspec

# SMART Health Cards, "Revocation": base64url of at most 24 characters; a number behind a point withdraws what was
# issued before that second.
_ENTRY = re.compile(r"([A-Za-z0-9_-]{1,24})(?:\.(\d{1,11}))?", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class RidList(msgspec.Struct, frozen=True):
    """A list. `counter`: its version; `entries`: as they are published, "id" or "id.seconds"."""

    counter: int
    entries: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.counter < 1 or not all(map(_ENTRY.fullmatch, self.entries)):
            raise ValueError("not a list of revocation ids")

    def index(self) -> Mapping[str, datetime | None]:
        """By id the moment before which cards are withdrawn, None for all; the widest where an id is there twice."""
        return _index(self.entries)


def _index(entries: Iterable[str]) -> Mapping[str, datetime | None]:
    found: dict[str, datetime | None] = {}
    for entry in entries:
        matched = _ENTRY.fullmatch(entry)
        if matched is None:  # cannot be: a list is checked when it is made
            raise ValueError("not a revocation id")
        rid, seconds = matched[1], matched[2]
        until = None if seconds is None else _EPOCH + timedelta(seconds=int(seconds))
        before = found.get(rid, until)
        found[rid] = None if until is None or before is None else max(until, before)
    return found


class Rids:
    """What a key's holder says of withdrawn cards. `wanted`: the version that there is, 0 where there is none."""

    __slots__ = ("_index", "held", "wanted")

    def __init__(self, wanted: int = 0, listed: RidList | None = None) -> None:
        self.wanted = wanted
        self.held = listed
        self._index = {} if listed is None else listed.index()

    @property
    def is_current(self) -> bool:
        """Whether the list that is held is no older than what its issuer says that there is."""
        return self.wanted <= (0 if self.held is None else self.held.counter)

    def withdraws(self, rid: str, issued_at: datetime | None) -> bool:
        """Whether a card of that id, issued at that moment, is withdrawn."""
        if rid not in self._index:
            return False
        until = self._index[rid]
        return until is None or issued_at is None or issued_at < until

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rids) and (self.wanted, self.held) == (other.wanted, other.held)

    def __hash__(self) -> int:
        return hash((self.wanted, self.held))

    def __reduce__(self) -> tuple[object, ...]:
        return Rids, (self.wanted, self.held)


# Of all other keys.
NO_RIDS = Rids()
