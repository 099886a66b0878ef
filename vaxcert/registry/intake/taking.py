"""Taking over a block of rows: whom each is of, which dose it states, and what is to be asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select, update

from vaxcert.model import Dose
from vaxcert.registry import schema
from vaxcert.registry.database import Registry
from vaxcert.registry.intake.rows import ReadRow
from vaxcert.registry.numbers import next_id
from vaxcert.registry.records import doses, people
from vaxcert.registry.records.likeness import Why, kept, same_words
from vaxcert.registry.records.matching import Matching
from vaxcert.registry.records.people import Known

# Whoever could be more people than these was not taken down in earnest; one question would keep them back as well.
_MOST_ASKED = 10

# In this order, since rows refer to rows of the tables before.
_WRITTEN = (
    schema.person, schema.person_version, schema.dose, schema.dose_version, schema.review, schema.source_row,
)  # fmt: skip


class KnownDose(msgspec.Struct, frozen=True):
    """A dose that somebody has on record, and its newest version."""

    dose_id: int
    version_id: int
    state: str
    values: dict[str, Any]

    def __repr__(self) -> str:
        return f"<KnownDose {self.dose_id}>"


class OpenQuestions:
    """The pairs of people between whom a question is open."""

    def __init__(self, connection: Connection, people: Iterable[int]) -> None:
        self._beside: defaultdict[int, set[int]] = defaultdict(set)
        table, numbers = schema.review, sorted(people)
        query = select(table.c.first, table.c.second).where(
            table.c.kind == "person",
            table.c.decision.is_(None),
            table.c.first.in_(numbers),
            table.c.second.in_(numbers),
        )
        for first, second in connection.execute(query):
            self.add(first, second)

    def add(self, one: int, other: int) -> bool:
        """Add a question between two people; return whether it was not asked before."""
        new = other not in self._beside[one]
        self._beside[one].add(other)
        self._beside[other].add(one)
        return new

    def linked(self, people: Sequence[int]) -> bool:
        """Whether open questions lead from each of these people to each other."""
        reached, wanted = {people[0]}, set(people)
        while more := {other for one in reached for other in self._beside[one]} & wanted - reached:
            reached |= more
        return reached == wanted


class Taking:
    """The taking over of rows in one run, through the connection given; the registry's lock is held all along."""

    def __init__(self, registry: Registry, connection: Connection, run: int, actor: str, source: str) -> None:
        self._registry, self._connection, self._run = registry, connection, run
        self._actor, self._reason = actor, f"import of {source}"[:200]
        self._next = {table.name: next_id(connection, table) for table in _WRITTEN}

    def take(self, lines: Sequence[ReadRow]) -> None:
        """Take rows over, each with its outcome."""
        seen = self._seen({line.digest for line in lines})
        fresh = [line for line in lines if line.digest not in seen]
        wanted = {
            line.line: people.values_of(line.record.stated, self._registry.secrets) for line in fresh if line.record
        }
        self._new: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._superseded: list[tuple[Any, int, int]] = []
        self._matching = Matching(self._connection, wanted.values())
        self._given = self._doses(self._matching.known)
        self._asked = OpenQuestions(self._connection, self._matching.known)
        for line in lines:
            if line.digest in seen:
                dose = seen[line.digest]
                outcome = "again" if dose is not None else "deleted"
            else:
                outcome, dose = self._one(line, wanted[line.line])
                seen[line.digest] = dose
            self._add("source_row", line=line.line, digest=line.digest, outcome=outcome, dose_id=dose, run_id=self._run)
        self._write()

    def _one(self, line: ReadRow, values: dict[str, Any]) -> tuple[str, int]:
        assert line.record is not None  # noqa: S101  (rows that make no sense do not get here)
        same, unsure = self._matching.judge(values)
        dose = line.record.dose
        if len(same) > 1 and self._asked.linked([known.person_id for known in same]):
            # Which of them is whom is asked already: until then the row stands with whom its dose goes with.
            same = [known for known in same if not self._conflicts(known, values, dose)][-1:] or same[-1:]
        if len(same) > 1:
            # Sure of two: then the two are one, or the row is not of both. Neither is for a program to say.
            unsure, same = [(known, (Why.AGREES_WITH_TWO_PEOPLE,)) for known in same], []
        elif same and not self._matching.agree(same[0], values) and self._conflicts(same[0], values, dose):
            # All agrees but the dose: they may be twins whose names differ in tones that a clerk left out.
            unsure = [(same[0], (Why.ALL_ELSE_AGREES, Why.DOSES_DO_NOT_GO_TOGETHER))]
            same = []
        if same:
            others = [other for other, _ in unsure if self._matching.agree(other, values)]
            if others and not self._matching.agree(same[0], values):
                # Somebody else has this number: it is written down for neither, and asked.
                values = values | {"national_id": None, "national_id_hash": None}
                for other in others:
                    self._ask_once(other, same[0], (Why.IDENTITY_NUMBER_OF_SOMEBODY_ELSE,))
            known = self._enrich(same[0], values)
            outcome = "matched"
        else:
            known = self._person(values)
            outcome = "question" if unsure else "new"
            for other, reasons in unsure[:_MOST_ASKED]:
                self._ask_once(other, known, reasons)
        return self._dose(known, dose, outcome)

    def _ask_once(self, one: Known, other: Known, reasons: tuple[Why, ...]) -> None:
        first, second = sorted((one.person_id, other.person_id))
        if self._asked.add(first, second):
            self._ask("person", first, second, reasons)

    def _conflicts(self, known: Known, values: dict[str, Any], dose: Dose) -> bool:
        """Whether somebody has such a dose on record already that says otherwise.

        Where the names agree but for tones, it is one as well that it was given at another site or from another lot,
        that the dose is of another product than its series, or not later than the dose before it.
        """
        held = [given for given in self._given[known.person_id] if given.values["disease"] == dose.disease]
        if any(given.state == "withdrawn" and _alike(given.values, dose, closely=False) for given in held):
            return False
        given = [dose_held.values for dose_held in held if dose_held.state != "withdrawn"]
        others = [old for old in given if old["number"] == dose.number]
        toneless = not same_words(known.features, people.compared(values))
        if others:
            return not any(_alike(old, dose, closely=toneless) for old in others)
        if not toneless:
            return False
        in_series = [old for old in given if max(old["number"], dose.number) <= min(old["series"], dose.series)]
        return any(old["product"] != dose.product for old in in_series) or any(
            (old["number"] < dose.number) != (old["date"] < dose.date) for old in given
        )

    def _person(self, values: dict[str, Any]) -> Known:
        number, version = self._number("person"), self._number("person_version")
        self._new["person"].append({"id": number, "run_id": self._run, "merged_into": None, "merged_by_run": None})
        self._version(version, number, values)
        one = Known(person_id=number, version_id=version, features=people.compared(values), values=values)
        self._matching.add(one)
        return one

    def _enrich(self, old: Known, values: dict[str, Any]) -> Known:
        better = people.enriched(old.values, values)
        if better is None:
            return old
        version = self._number("person_version")
        self._version(version, old.person_id, better)
        self._superseded.append((schema.person_version, old.version_id, version))
        one = Known(person_id=old.person_id, version_id=version, features=people.compared(better), values=better)
        self._matching.add(one)
        return one

    def _version(self, version: int, number: int, values: dict[str, Any]) -> None:
        noted = people.version(values, run=self._run, at=self._registry.now(), actor=self._actor, reason=self._reason)
        self._new["person_version"].append({"id": version, "person_id": number, **noted})

    def _dose(self, known: Known, dose: Dose, outcome: str) -> tuple[str, int]:
        values = doses.values_of(dose)
        key = (dose.disease, dose.number)
        held = [
            given for given in self._given[known.person_id] if (given.values["disease"], given.values["number"]) == key
        ]
        for given in held:
            # One that was withdrawn stays so, whoever states it again.
            if _alike(given.values, dose, closely=False):
                self._fill_in(known, given, values)
                return "known" if outcome == "matched" else outcome, given.dose_id
        others = [given for given in held if given.state != "withdrawn"]
        number, version = self._number("dose"), self._next["dose_version"]
        self._new["dose"].append({"id": number, "person_id": known.person_id, "run_id": self._run})
        state = "disputed" if others else "good"
        self._dose_version(number, state, values)
        self._given[known.person_id].append(KnownDose(number, version, state, values))
        if others:
            self._ask("dose", others[0].dose_id, number, (Why.SAME_DOSE_OTHERWISE,))
            return "disputed", number
        return outcome, number

    def _fill_in(self, known: Known, given: KnownDose, values: dict[str, Any]) -> None:
        """Fill in what was not known of a dose, and is no reason for another certificate."""
        more = {name: values[name] for name in ("site", "lot") if values[name] and not given.values[name]}
        if not more or given.state == "withdrawn":
            return
        version, better = self._next["dose_version"], given.values | more
        self._dose_version(given.dose_id, given.state, better)
        self._superseded.append((schema.dose_version, given.version_id, version))
        held = self._given[known.person_id]
        held[held.index(given)] = KnownDose(given.dose_id, version, given.state, better)

    def _dose_version(self, number: int, state: str, values: dict[str, Any]) -> None:
        self._add(
            "dose_version", dose_id=number, run_id=self._run, superseded_by=None, state=state, **values,
            changed_at=self._registry.now(), changed_by=self._actor, reason=self._reason,
        )  # fmt: skip

    def _ask(self, kind: str, first: int, second: int, reasons: tuple[Why, ...]) -> None:
        self._add(
            "review", run_id=self._run, kind=kind, first=first, second=second, reasons=kept(reasons),
            decision=None, decided_at=None, decided_by=None, decided_run=None,
        )  # fmt: skip

    def _seen(self, digests: set[str]) -> dict[str, int | None]:
        """The dose that each row was taken to state; None where it was of somebody who was deleted since."""
        table = schema.source_row
        query = select(table.c.digest, table.c.dose_id).where(table.c.digest.in_(sorted(digests)))
        return {row.digest: row.dose_id for row in self._connection.execute(query)}

    def _doses(self, ids: Iterable[int]) -> defaultdict[int, list[KnownDose]]:
        """The doses that these people have on record, disputed and withdrawn ones too: nothing is begun twice.

        Doses of those who were found to be the same are theirs.
        """
        on_record: defaultdict[int, list[KnownDose]] = defaultdict(list)
        owner, dose, version = schema.person, schema.dose, schema.dose_version
        merged = select(owner.c.id, owner.c.merged_into).where(owner.c.merged_into.in_(sorted(ids)))
        stands_for = {row.id: row.merged_into for row in self._connection.execute(merged)}
        stands_for |= {number: number for number in ids}
        query = (
            select(version, dose.c.person_id)
            .join(dose, dose.c.id == version.c.dose_id)
            .where(dose.c.person_id.in_(sorted(stands_for)))
            .where(version.c.superseded_by.is_(None))
        )
        for row in sorted(self._connection.execute(query), key=lambda row: row.dose_id):
            on_record[stands_for[row.person_id]].append(
                KnownDose(row.dose_id, row.id, row.state, {name: row._mapping[name] for name in doses.COLUMNS})
            )
        return on_record

    def _number(self, table: str) -> int:
        number = self._next[table]
        self._next[table] = number + 1
        return number

    def _add(self, table: str, **values: Any) -> None:
        self._new[table].append({"id": self._number(table), **values})

    def _write(self) -> None:
        for table in _WRITTEN:
            if rows := self._new[table.name]:
                self._connection.execute(insert(table), rows)
        for table, old, new in self._superseded:
            self._connection.execute(update(table).where(table.c.id == old).values(superseded_by=new))


def _alike(old: dict[str, Any], dose: Dose, *, closely: bool) -> bool:
    """Whether two records are of one dose; `closely`: by site and lot too, where both are known."""
    if (old["product"], old["date"]) != (dose.product, dose.date):
        return False
    beside = ((old["site"], dose.site), (old["lot"], dose.lot))
    return not closely or all(one == other or not one or not other for one, other in beside)
