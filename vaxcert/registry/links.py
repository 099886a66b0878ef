"""Which records were found to be of one person, and who stands for them, by what was decided of pairs of them.

What the matching is sure of is kept like an answer, with nobody as who gave it; where a later record makes it unsure,
it is kept that it is so, and the earlier one holds no more. Nothing of it is changed, so that each run is taken back
exactly.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from vaxcert.registry.states import ReviewAnswer

# Who decided what no person did.
NOBODY = ""


class RecordLink(msgspec.Struct, frozen=True):
    """What was decided of two records, in which run. `sure`: by the matching, and by no person."""

    number: int
    first: int
    second: int
    one: bool
    run: int
    sure: bool

    @classmethod
    def of(cls, row: Any) -> RecordLink:
        """From a row of `review` that is decided."""
        one = row.decision == ReviewAnswer.SAME
        return cls(row.id, row.first, row.second, one, row.decided_run or 0, row.decided_by == NOBODY)


def holding(links: Iterable[RecordLink]) -> list[RecordLink]:
    """Links between records of one person, in the order in which they came, without those that hold no more."""
    found: dict[int, RecordLink] = {}
    by_pair: dict[tuple[int, int], list[int]] = {}
    for link in links:
        pair = (link.first, link.second)
        if link.one:
            found[link.number] = link
            if link.sure:
                by_pair.setdefault(pair, []).append(link.number)
        elif link.sure:
            for number in by_pair.pop(pair, ()):
                found.pop(number, None)
    return list(found.values())


def heads(links: Iterable[RecordLink]) -> dict[int, tuple[int, int]]:
    """Who stands for whom, and the run by which it came to that; whoever is not among them stands for themselves."""
    into: dict[int, tuple[int, int]] = {}
    followers: dict[int, list[int]] = {}
    for link in holding(links):
        one, other = sorted(into.get(number, (number, 0))[0] for number in (link.first, link.second))
        if one != other:
            moved = [other, *followers.pop(other, ())]
            into.update(dict.fromkeys(moved, (one, link.run)))
            followers.setdefault(one, []).extend(moved)
    return into
