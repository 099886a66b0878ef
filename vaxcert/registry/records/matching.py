"""Whom records could be of: those on record who come into question, and what each of them is to a record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, distinct, func, select

from vaxcert.registry import schema
from vaxcert.registry.comparing.likeness import Likeness, Why, compare
from vaxcert.registry.comparing.reasons import contradicting
from vaxcert.registry.records import doses, people
from vaxcert.registry.records.doses import GivenDose
from vaxcert.registry.records.neighbourhood import SHARED
from vaxcert.registry.records.now import stands
from vaxcert.registry.records.people import KEYS, NUMBERS, Profile, Somebody
from vaxcert.registry.states import ReviewKind

Unsure = tuple[Somebody, tuple[Why, ...]]


class Candidates:
    """Everybody whom one of some records could be of, those who are added meanwhile among them. Knows no database.

    `known`: by number, as they are now; `aliases`: by whose they are, what else was on record before records were found
    to be of one person; `asked`: pairs of numbers between which a question is open; `shared`: hashes of numbers that
    are too many people's.
    """

    def __init__(
        self,
        known: Iterable[Somebody] = (),
        aliases: Iterable[tuple[int, Profile]] = (),
        asked: Iterable[tuple[int, int]] = (),
        shared: Iterable[str] = (),
    ) -> None:
        self._known: dict[int, Somebody] = {}
        self._aliases: defaultdict[int, list[Profile]] = defaultdict(list)
        self._asked: defaultdict[int, set[int]] = defaultdict(set)
        self._shared = set(shared)
        self._by_key: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        self._names: defaultdict[str, set[str | None]] = defaultdict(set)
        self._by_dose: dict[int, int] = {}
        for one in known:
            self.put(one)
        for number, alias in aliases:
            self._aliases[number].append(alias)
            self._index(number, alias)
        for pair in asked:
            self.ask(*pair)

    def put(self, one: Somebody) -> None:
        """Add somebody new, or as they are now."""
        before = self._known.get(one.person_id)
        self._known[one.person_id] = one
        self._by_dose.update((given.dose_id, one.person_id) for given in one.doses)
        if before is None or before.profile is not one.profile:
            self._index(one.person_id, one.profile)

    def whose(self, dose_id: int) -> Somebody | None:
        """Who has a dose, if they are among these."""
        number = self._by_dose.get(dose_id)
        return None if number is None else self._known[number]

    def ask(self, one: int, other: int) -> None:
        """Note that it is asked whether two are one."""
        self._asked[one].add(other)
        self._asked[other].add(one)

    def are_asked(self, one: Somebody, other: Somebody) -> bool:
        """Whether it is asked already whether two are one."""
        return other.person_id in self._asked[one.person_id]

    def are_linked(self, some: Collection[Somebody]) -> bool:
        """Whether open questions lead from each of these people to each other."""
        wanted = {one.person_id for one in some}
        reached = {min(wanted)}
        while more := {other for one in reached for other in self._asked[one]} & wanted - reached:
            reached |= more
        return reached == wanted

    def like(self, record: Profile) -> tuple[list[Somebody], list[Unsure]]:
        """Whom a record surely is of, and whom it could be of, with the reasons; by their numbers."""
        telling = {(name, value) for name, value in record.keys.items() if value and value not in self._shared}
        features = msgspec.structs.replace(
            record.features,
            national_id=None if record.features.national_id in self._shared else record.features.national_id,
            phone=None if record.features.phone in self._shared else record.features.phone,
        )
        same: list[Somebody] = []
        unsure: list[Unsure] = []
        for number in sorted({number for key in telling for number in self._by_key[key]}):
            one = self._known[number]
            found = [compare(features, known.features) for known in (one.profile, *self._aliases[number])]
            reasons = [why for likeness, why in found if likeness is Likeness.UNSURE]
            against = next((why for why in reasons if contradicting(why)), None)
            if against is None and any(likeness is Likeness.SAME for likeness, _ in found):
                same.append(one)
            elif reasons:
                unsure.append((one, against or reasons[0]))
        return same, unsure

    def are_numbered(self, one: Somebody, record: Profile) -> bool:
        """Whether a record's identity number says that somebody is meant."""
        number = record.features.national_id
        records = (one.profile, *self._aliases[one.person_id])
        meant = any(number == known.features.national_id for known in records)
        return bool(number) and number not in self._shared and meant

    def _index(self, number: int, record: Profile) -> None:
        for name, value in record.keys.items():
            if value:
                having = self._by_key[name, value]
                having.add(number)
                if name in NUMBERS:
                    self._names[value].add(record.keys["match_key"])
                    if len(self._names[value]) > SHARED:
                        self._shared.add(value)


def candidates(connection: Connection, wanted: Iterable[Profile]) -> Candidates:
    """Everybody on record whom one of these records could be of."""
    table, owner = schema.person_version, schema.person
    keys: dict[str, set[str]] = {name: set() for name in KEYS}
    for record in wanted:
        for name, value in record.keys.items():
            if value:
                keys[name].add(value)
    # What is known of somebody now, and what each record of theirs says by itself.
    said = select(table, owner.c.merged_into).join(owner, owner.c.id == table.c.person_id)
    told = said.where(stands(table))
    shared: set[str] = set()
    rows: dict[int, Row[Any]] = {}
    for name, values in keys.items():
        column = table.c[name]
        if values and name in NUMBERS:
            query = select(column).where(column.in_(sorted(values)), table.c.superseded_by.is_(None))
            many = func.count(distinct(table.c.match_key)) > SHARED
            shared |= set(connection.scalars(query.group_by(column).having(many)))
        if telling := sorted(values - shared):
            # One key at a time, and sorted here: of an OR with an order databases make a walk through the whole table.
            rows.update((row.id, row) for row in connection.execute(told.where(column.in_(telling))))
    meant = sorted({row.merged_into or row.person_id for row in rows.values()})
    newest = connection.execute(said.where(table.c.superseded_by.is_(None), table.c.person_id.in_(meant)))
    known = {row.person_id: row for row in sorted(newest, key=lambda row: row.person_id)}
    shown = {row.id for row in known.values()}
    given = _doses(connection, known)
    return Candidates(
        [Somebody(n, row.id, people.of_row(row._mapping), tuple(given[n])) for n, row in known.items()],
        [
            (row.merged_into or row.person_id, people.of_row(row._mapping))
            for number, row in sorted(rows.items())
            if number not in shown
        ],
        _asked(connection, known),
        shared,
    )


def _doses(connection: Connection, numbers: Iterable[int]) -> defaultdict[int, list[GivenDose]]:
    """The doses that these people have on record, disputed and withdrawn ones too: nothing is begun twice.

    Doses of those who were found to be the same are theirs.
    """
    owner, dose, version = schema.person, schema.dose, schema.dose_version
    merged = select(owner.c.id, owner.c.merged_into).where(owner.c.merged_into.in_(sorted(numbers)))
    stands_for = {number: number for number in numbers}
    stands_for |= {row.id: row.merged_into for row in connection.execute(merged)}
    query = (
        select(version, dose.c.person_id)
        .join(dose, dose.c.id == version.c.dose_id)
        .where(dose.c.person_id.in_(sorted(stands_for)), version.c.superseded_by.is_(None))
    )
    found: defaultdict[int, list[GivenDose]] = defaultdict(list)
    for row in sorted(connection.execute(query), key=lambda row: row.dose_id):
        found[stands_for[row.person_id]].append(doses.of_row(row))
    return found


def _asked(connection: Connection, numbers: Iterable[int]) -> Iterable[tuple[int, int]]:
    """The pairs of these people between whom a question is open."""
    table, some = schema.review, sorted(numbers)
    query = select(table.c.first, table.c.second).where(
        table.c.kind == ReviewKind.PERSON,
        table.c.decision.is_(None),
        table.c.first.in_(some),
        table.c.second.in_(some),
    )
    return [(row.first, row.second) for row in connection.execute(query)]
