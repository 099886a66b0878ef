"""Districts and communes as units write them: which spellings are one, and how it is to be written."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import NamedTuple

from sqlalchemy import Connection, select

from vaxcert.names import plain
from vaxcert.registry import schema

# What may stand before a district's name, or not. Toneless "quan" only before a number: Quan Sơn, Quan Hóa are names.
_KINDS = (
    ("city", r"(thành phố|thanh pho|tp\.?)\s+|tp\."), ("town", r"(thị xã|thi xa|tx\.?)\s+|tx\."),
    ("rural", r"(huyện|huyen|h\.)\s*"), ("urban", r"(quận|q\.)\s*|quan\s+(?=[0-9])"),
)  # fmt: skip
# The same before a commune's; toneless "xa" stands before no more than a blank, and is part of names as well.
_COMMUNES = (
    ("rural", r"xã\s+|x\.\s*"), ("ward", r"(phường|phuong)\s+|p\.\s*"),
    ("township", r"(thị trấn|thi tran)\s+|tt\.?\s+|tt\."),
)  # fmt: skip


class District(NamedTuple):
    """A name as spellings share it, and the kind that it was written with: "" for none."""

    name: str
    kind: str


@cache
def fold(written: str) -> District:
    """What spellings of one district share: "TP. Vĩnh Yên" → vinh yen, city. Of a name in no a–z: the name."""
    return _fold(written, _KINDS)


@cache
def fold_commune(written: str) -> District:
    """What spellings of one commune share: "P. Đồng Tâm" → dong tam, ward."""
    return _fold(written, _COMMUNES)


def _fold(written: str, kinds: Iterable[tuple[str, str]]) -> District:
    text = unicodedata.normalize("NFC", written).lower().strip()
    for kind, pattern in kinds:
        if (found := re.match(pattern, text)) and plain(text[found.end() :]):
            return District(plain(text[found.end() :]), kind)
    return District(plain(text) or text, "")


def same(one: District, other: District) -> bool:
    """Whether two districts may be one: of a name, and of one kind where both say it.

    A town and the country around it may share a name.
    """
    return one.name == other.name and (one.kind == other.kind or not one.kind or not other.kind)


def official(connection: Connection) -> frozenset[str]:
    """How districts are written in the lists of sites and targets."""
    queries = (select(schema.site.c.district), select(schema.target.c.district))
    return frozenset(name for query in queries for name in connection.scalars(query) if name)


def written(
    counts: Mapping[str, int], official: Iterable[str] = (), fold: Callable[[str], District] = fold
) -> dict[str, str]:
    """How each of these spellings is to be written: as in the lists, else as most have it."""
    by_name: defaultdict[str, set[str]] = defaultdict(set)
    known = set(official)
    for spelling in {*counts, *known}:
        by_name[fold(spelling).name].add(spelling)
    chosen = {}
    for spellings in by_name.values():
        several = len({fold(spelling).kind for spelling in spellings} - {""}) > 1
        for spelling in spellings & counts.keys():
            # Where there are two of a name, who does not say which is left as they are written.
            alike = {one for one in spellings if (fold(one).kind == fold(spelling).kind if several else True)}
            chosen[spelling] = min(alike, key=lambda one: (one not in known, -counts.get(one, 0), one))
    return chosen
