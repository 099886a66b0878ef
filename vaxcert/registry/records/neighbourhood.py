"""All records that have to do with some: those that could be of the same people, and all that was found of them.

Each record is kept as it was said, beside what is known of whose it is by all records of theirs together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, distinct, func, select

from vaxcert.registry import schema
from vaxcert.registry.comparing.clusters import Record
from vaxcert.registry.comparing.likeness import Features
from vaxcert.registry.comparing.reasons import Why, given_back
from vaxcert.registry.links import RecordLink
from vaxcert.registry.records import doses, people
from vaxcert.registry.records.doses import GivenDose, RecordedDose
from vaxcert.registry.records.people import KEYS, NUMBERS, ONE_PERSON, Profile, Somebody
from vaxcert.registry.states import DoseState, ReviewKind, RunKind

# A number that more people share is none of theirs: a unit's own telephone, or what a clerk types to fill a column.
SHARED = 20
_AT_ONCE = 5_000


class Held(msgspec.Struct):
    """A dose as it is stated by a record. `given`: None until it has a number; `double`: another record's is kept."""

    person: int
    dose: RecordedDose
    given: GivenDose | None = None
    state: DoseState = DoseState.GOOD
    double: bool = False
    changed: bool = False

    @property
    def counts(self) -> bool:
        """Whether it tells of its person: not where it was found wrong."""
        return self.double or self.state is not DoseState.WITHDRAWN

    def __repr__(self) -> str:
        return "<Held>"


class KeptRecord(msgspec.Struct):
    """A record: `said`, what it says by itself; `now`: what is on record under its number, of all it stands for.

    `pinned`: somebody changed it, who knew whose it was.
    """

    number: int
    said: Profile
    now: Somebody | None
    pinned: bool = False
    held: list[Held] = []
    changed: bool = False

    def __repr__(self) -> str:
        return f"<KeptRecord {self.number}>"


class AskedBefore(msgspec.Struct, frozen=True):
    """A question about two records that is open."""

    number: int
    first: int
    second: int
    reasons: tuple[Why, ...]


class Neighbourhood:
    """Records near some others, by number; which stand for which; what was decided and asked of them."""

    def __init__(self) -> None:
        self.kept: dict[int, KeptRecord] = {}
        self.heads: dict[int, tuple[int, int]] = {}
        self.links: list[RecordLink] = []
        self.asked: list[AskedBefore] = []
        self.shared: set[str] = set()
        self._by_key: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        self._by_features: defaultdict[Features, list[int]] = defaultdict(list)
        self._names: defaultdict[str, set[str | None]] = defaultdict(set)
        self._records: dict[int, Record] = {}

    def put(self, one: KeptRecord) -> None:
        """Have a record among these."""
        self.kept[one.number] = one
        keys = one.said.keys
        for name, value in keys.items():
            if not value:
                continue
            self._by_key[name, value].add(one.number)
            if name in NUMBERS:
                self._names[value].add(keys["match_key"])
                if len(self._names[value]) > SHARED and value not in self.shared:
                    self.shared.add(value)
                    self._records.clear()
        self._by_features[one.said.features].append(one.number)

    def equal(self, features: Features) -> list[int]:
        """The records that say the very same of who it is."""
        return self._by_features.get(features, [])

    def near(self, number: int) -> set[int]:
        """The records that one could be of the same person with: those with which it shares a key."""
        keys = self.kept[number].said.keys.items()
        found = (self._by_key[name, value] for name, value in keys if value and value not in self.shared)
        return set().union(*found) - {number}

    def record(self, number: int) -> Record:
        """What is compared of a record."""
        found = self._records.get(number)
        if found is None:
            one = self.kept[number]
            said = one.said.features
            if said.national_id in self.shared or said.phone in self.shared:
                said = msgspec.structs.replace(
                    said,
                    national_id=None if said.national_id in self.shared else said.national_id,
                    phone=None if said.phone in self.shared else said.phone,
                )
            given = tuple(held.dose for held in one.held if held.counts)
            found = self._records[number] = Record(number, said, given)
        return found

    def forget(self, number: int) -> None:
        """Have a record compared anew, since its doses are others."""
        self._records.pop(number, None)

    def head(self, number: int) -> int:
        """The number of whom a record is of."""
        return self.heads.get(number, (number, 0))[0]

    def members(self, number: int) -> list[int]:
        """All records of the person that a record is of."""
        head = self.head(number)
        return sorted(one for one in self.kept if self.head(one) == head)


def around(connection: Connection, wanted: Iterable[Profile] = (), numbers: Collection[int] = ()) -> Neighbourhood:
    """All records that some profiles, and the records with these numbers, have to do with."""
    found = Neighbourhood()
    wanted = list(wanted)
    more = set(numbers)
    if wanted:
        keys = {name: {value for one in wanted if (value := one.keys[name])} for name in KEYS}
        found.shared, some = _sharing(connection, keys)
        more |= some
    while more:
        fresh = _load(connection, found, more)
        if numbers and not wanted:
            # Of records alone: what they could be of, too.
            heads = {found.head(number) for number in numbers}
            said = [found.kept[one].said for one in fresh if found.head(one) in heads]
            keys = {name: {value for one in said if (value := one.keys[name])} for name in KEYS}
            shared, some = _sharing(connection, keys)
            found.shared |= shared
            numbers = ()
        else:
            some = set()
        # Whoever was linked and is not, since something contradicts, may be again by what is new.
        ends = {end for link in found.links if link.sure and not link.one for end in (link.first, link.second)}
        more = (ends | some) - found.kept.keys()
    return found


def _sharing(connection: Connection, keys: dict[str, set[str]]) -> tuple[set[str], set[int]]:
    """The numbers that are too many people's, and the records that share another key."""
    table = schema.person_version
    shared: set[str] = set()
    some: set[int] = set()
    for name, values in keys.items():
        column = table.c[name]
        for part in parts(values):
            if name in NUMBERS:
                query = select(column).where(column.in_(part)).group_by(column)
                shared |= set(connection.scalars(query.having(func.count(distinct(table.c.match_key)) > SHARED)))
            # One key at a time: of an OR databases make a walk through the whole table.
            telling = sorted(set(part) - shared)
            some |= set(connection.scalars(select(table.c.person_id).where(column.in_(telling))))
    return shared, some


def _load(connection: Connection, found: Neighbourhood, more: Iterable[int]) -> list[int]:
    """Load records with all others of the same people; return the numbers of those that were not there."""
    owner = schema.person
    rows: dict[int, Row[Any]] = {}
    heads: set[int] = set()
    for part in parts(more):
        query = select(func.coalesce(owner.c.merged_into, owner.c.id)).where(owner.c.id.in_(part))
        heads |= set(connection.scalars(query))
    for part in parts(heads):
        for condition in (owner.c.id.in_(part), owner.c.merged_into.in_(part)):
            rows.update((row.id, row) for row in connection.execute(select(owner).where(condition)))
    fresh = sorted(rows.keys() - found.kept.keys())
    found.heads.update((n, (rows[n].merged_into, rows[n].merged_by_run)) for n in fresh if rows[n].merged_into)
    held = _doses(connection, fresh)
    said, now, pinned = _versions(connection, fresh)
    for number in fresh:
        found.put(KeptRecord(number, said[number], now[number], number in pinned, held[number]))
    _reviews(connection, found, fresh)
    return fresh


def _versions(connection: Connection, numbers: list[int]) -> tuple[dict[int, Profile], dict[int, Somebody], set[int]]:
    table, run = schema.person_version, schema.run
    said: dict[int, Profile] = {}
    now: dict[int, Somebody] = {}
    pinned: set[int] = set()
    for part in parts(numbers):
        query = select(table, run.c.kind).join(run, run.c.id == table.c.run_id).where(table.c.person_id.in_(part))
        for row in sorted(connection.execute(query), key=lambda row: row.id):
            profile = people.of_row(row._mapping)
            if row.reason != ONE_PERSON:
                said[row.person_id] = profile
                if row.kind != RunKind.IMPORT:
                    pinned.add(row.person_id)
            if row.superseded_by is None:
                now[row.person_id] = Somebody(row.person_id, row.id, profile)
    return said, now, pinned


def _doses(connection: Connection, numbers: list[int]) -> defaultdict[int, list[Held]]:
    dose, version = schema.dose, schema.dose_version
    found: defaultdict[int, list[Held]] = defaultdict(list)
    for part in parts(numbers):
        query = (
            select(version, dose.c.person_id)
            .join(dose, dose.c.id == version.c.dose_id)
            .where(dose.c.person_id.in_(part), version.c.superseded_by.is_(None))
        )
        for row in sorted(connection.execute(query), key=lambda row: row.dose_id):
            given = doses.of_row(row)
            found[row.person_id].append(Held(row.person_id, given.dose, given, given.state, given.double))
    return found


def _reviews(connection: Connection, found: Neighbourhood, numbers: list[int]) -> None:
    table = schema.review
    known = {link.number for link in found.links} | {one.number for one in found.asked}
    rows: dict[int, Row[Any]] = {}
    for part in parts(numbers):
        for column in (table.c.first, table.c.second):
            query = select(table).where(table.c.kind == ReviewKind.PERSON, column.in_(part))
            rows.update((row.id, row) for row in connection.execute(query) if row.id not in known)
    for number, row in sorted(rows.items()):
        if row.decision is None:
            found.asked.append(AskedBefore(number, row.first, row.second, given_back(row.reasons)))
        else:
            found.links.append(RecordLink.of(row))
    found.links.sort(key=lambda link: (link.run, link.number))


def parts(some: Iterable[Any]) -> Iterator[list[Any]]:
    """Values in order, as many at a time as a query may ask for."""
    all_of_them = sorted(some)
    for at in range(0, len(all_of_them), _AT_ONCE):
        yield all_of_them[at : at + _AT_ONCE]
