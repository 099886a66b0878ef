"""Districts as units write them: which spellings are one, and how it is to be written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import Connection, select

from vaxcert.batch.headings import plain
from vaxcert.registry import schema

# What may stand before a district's name, or not (huyện, thị xã, thành phố, quận, and their abbreviations).
_KINDS = ("thanh pho ", "thi xa ", "huyen ", "quan ", "tp ", "tx ", "h ", "q ")


def fold(name: str) -> str:
    """What spellings of one district share: "TP. Vĩnh Yên" → "vinh yen". Of a name in no a–z: the name."""
    bare = plain(name)
    for kind in _KINDS:
        if bare.startswith(kind):
            bare = bare[len(kind) :]
            break
    return bare or name.casefold()


def official(connection: Connection) -> dict[str, str]:
    """How districts are written in the lists of sites and targets, by what their spellings share."""
    queries = (select(schema.site.c.district), select(schema.target.c.district))
    names = {name for query in queries for name in connection.scalars(query) if name}
    return {fold(name): name for name in sorted(names)}


def written(counts: Mapping[str, int], official: Mapping[str, str]) -> dict[str, str]:
    """How each of these spellings is to be written: as in the lists, else as most have it."""
    by_fold: dict[str, Counter[str]] = {}
    for name, count in counts.items():
        by_fold.setdefault(fold(name), Counter())[name] += count
    chosen = {key: official.get(key) or _most(names) for key, names in by_fold.items()}
    return {name: chosen[fold(name)] for name in counts}


def _most(names: Counter[str]) -> str:
    return min(names, key=lambda name: (-names[name], name))
