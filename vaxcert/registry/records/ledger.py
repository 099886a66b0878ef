"""What a run writes: numbers are given at once, rows are written together, and no change overwrites what was.

The one way in which a version comes about: of an import, a correction, a decision, or what follows from one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Table, bindparam, insert, update

from vaxcert.registry import schema, sums
from vaxcert.registry.comparing.likeness import Why, kept
from vaxcert.registry.database import Registry
from vaxcert.registry.links import NOBODY, RecordLink
from vaxcert.registry.numbers import next_id
from vaxcert.registry.records import doses, people
from vaxcert.registry.records.doses import GivenDose, RecordedDose
from vaxcert.registry.records.people import Profile, Somebody
from vaxcert.registry.states import DoseState, ReviewAnswer, ReviewKind, RowOutcome

# In this order, since rows refer to rows of the tables before.
_TABLES = (
    schema.person, schema.person_version, schema.dose, schema.dose_version, schema.review, schema.source_row,
)  # fmt: skip
_MOST_REASON = 200


class Ledger:
    """What one run (`run`: its number) writes through the connection given, while the registry's lock is held.

    `actor` made each change, for `reason` where none is given with it. What was entered is in the database once it
    was `write`n, and not before.
    """

    def __init__(self, registry: Registry, connection: Connection, run: int, actor: str, reason: str = "") -> None:
        self._registry, self._connection, self.run = registry, connection, run
        self._actor, self._reason = actor, reason[:_MOST_REASON]
        self._begin()

    def _begin(self) -> None:
        self._at = self._registry.now()
        # Of each block anew: others may have written in between.
        self._next: dict[str, int] = {}
        self._rows: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        self._superseded: defaultdict[str, list[dict[str, int]]] = defaultdict(list)
        self._stand: dict[int, dict[str, int | None]] = {}
        self._closed: list[dict[str, int]] = []

    def new_person(self, profile: Profile) -> Somebody:
        """Enter somebody new."""
        number = self._add(schema.person, merged_into=None, merged_by_run=None)
        version = self._version(schema.person_version, None, "", person_id=number, **people.columns(profile))
        return Somebody(number, version, profile)

    def change_person(self, one: Somebody, profile: Profile, reason: str = "") -> Somebody:
        """Enter what is known of somebody from now on: a further version, unless that is no more than before."""
        if profile == one.profile:
            return one
        said = people.columns(profile)
        version = self._version(schema.person_version, one.version_id, reason, person_id=one.person_id, **said)
        return Somebody(one.person_id, version, profile, one.doses)

    def new_dose(self, person_id: int, dose: RecordedDose, state: DoseState, reason: str = "") -> GivenDose:
        """Enter a further dose of somebody."""
        number = self._add(schema.dose, person_id=person_id)
        version = self._version(schema.dose_version, None, reason, dose_id=number, state=state, **doses.columns(dose))
        return GivenDose(number, version, state, dose)

    def change_dose(self, given: GivenDose, dose: RecordedDose, state: DoseState, reason: str = "") -> GivenDose:
        """Enter what is known of a dose from now on: a further version, unless that is no more than before."""
        if (dose, state) == (given.dose, given.state):
            return given
        said = doses.columns(dose)
        version = self._version(
            schema.dose_version, given.version_id, reason, dose_id=given.dose_id, state=state, **said
        )
        return GivenDose(given.dose_id, version, state, dose)

    def ask(self, kind: ReviewKind, first: int, second: int, reasons: Iterable[Why]) -> None:
        """Leave a question for a person to decide; `first`, `second`: numbers of people, or of doses."""
        self._review(kind=kind, first=first, second=second, reasons=kept(reasons))

    def link(self, first: int, second: int, *, one: bool) -> RecordLink:
        """Enter that the matching is sure that two records are one person's; not `one`: that it is not any more."""
        answer = ReviewAnswer.SAME if one else ReviewAnswer.DIFFERENT
        number = self._review(
            kind=ReviewKind.PERSON, first=first, second=second, reasons="", decision=answer, decided_at=self._at,
            decided_by=NOBODY, decided_run=self.run,
        )  # fmt: skip
        return RecordLink(number, first, second, one, self.run, sure=True)

    def close(self, number: int) -> None:
        """Enter that a question is asked no more, since something else is known now; nobody answered it."""
        self._closed.append({"of": number})

    def stand(self, number: int, head: tuple[int, int] | None) -> None:
        """Enter who stands for a record from now on, and by which run; None: nobody else."""
        into, run = head or (None, None)
        rows = self._rows[schema.person.name]
        if rows and number >= rows[0]["id"]:
            # Their numbers go up one by one.
            rows[number - rows[0]["id"]] |= {"merged_into": into, "merged_by_run": run}
            return
        self._stand[number] = {"of": number, "into": into, "by": run}

    def row(self, line: int, digest: str, outcome: RowOutcome, dose_id: int | None) -> None:
        """Enter what became of a row of the run's source, and which dose it states."""
        self._add(schema.source_row, line=line, digest=digest, outcome=outcome, dose_id=dose_id)

    def write(self) -> None:
        """Have all that was entered in the database, and in the sums."""
        new = {row["id"] for row in self._rows[schema.person.name]}
        with sums.following(self._connection, self._whose() - new, new=new):
            for table in _TABLES:
                if rows := self._rows[table.name]:
                    self._connection.execute(insert(table), rows)
            if self._stand:
                owner = schema.person
                merged = update(owner).where(owner.c.id == bindparam("of"))
                merged = merged.values(merged_into=bindparam("into"), merged_by_run=bindparam("by"))
                self._connection.execute(merged, list(self._stand.values()))
            if self._closed:
                closed = update(schema.review).where(schema.review.c.id == bindparam("of"))
                answer = {"decision": ReviewAnswer.DIFFERENT, "decided_at": self._at, "decided_by": NOBODY}
                self._connection.execute(closed.values(**answer, decided_run=self.run), self._closed)
            for table in _TABLES:
                if links := self._superseded[table.name]:
                    old = update(table).where(table.c.id == bindparam("old")).values(superseded_by=bindparam("new"))
                    self._connection.execute(old, links)
        self._begin()

    def _whose(self) -> set[int]:
        """The numbers of those whom what was entered is about."""
        new = {row["id"]: row["person_id"] for row in self._rows[schema.dose.name]}
        changed = {row["dose_id"] for row in self._rows[schema.dose_version.name]} - new.keys()
        people = {row["person_id"] for row in self._rows[schema.person_version.name]} | set(new.values())
        people |= {number for row in self._stand.values() for number in (row["of"], row["into"]) if number}
        people |= {row["merged_into"] for row in self._rows[schema.person.name] if row["merged_into"]}
        return people | sums.whose(self._connection, changed)

    def _review(self, **values: Any) -> int:
        undecided = {"decision": None, "decided_at": None, "decided_by": None, "decided_run": None}
        return self._add(schema.review, **(undecided | values))

    def _version(self, table: Table, old: int | None, reason: str, **values: Any) -> int:
        """Add a version in the place of the old one, if there is one, and return its number."""
        number = self._add(
            table,
            superseded_by=None,
            changed_at=self._at,
            changed_by=self._actor,
            reason=reason or self._reason,
            **values,
        )
        if old is not None:
            self._superseded[table.name].append({"old": old, "new": number})
        return number

    def _add(self, table: Table, **values: Any) -> int:
        # Asked for once it is needed: of a single dose, a run writes to few of the tables.
        number = self._next.get(table.name) or next_id(self._connection, table)
        self._next[table.name] = number + 1
        self._rows[table.name].append({"id": number, "run_id": self.run, **values})
        return number
