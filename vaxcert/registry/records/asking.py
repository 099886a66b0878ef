"""Which questions are open: of each two people one, with what speaks most for it or against it, in order of worth.

An answer is worth the pairs of records that it brings together, if they are one person's, times how likely they are.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from vaxcert.registry import schema
from vaxcert.registry.comparing.reasons import Why, contradicting, given_back, kept, score
from vaxcert.registry.states import ReviewKind


class OpenQuestion(NamedTuple):
    """A question that is open. `first`, `second`: the records, or doses, that it is about; `pair`: the people whose
    records these are, or the doses; `others`: the numbers of further questions about the same two people;
    `records`: how many pairs of records it brings together if they are one person.
    """

    id: int
    kind: ReviewKind
    reasons: tuple[Why, ...]
    first: int
    second: int
    pair: tuple[int, int]
    others: tuple[int, ...] = ()
    records: int = 1

    @property
    def score(self) -> int:
        """How much speaks for one person."""
        return score(self.reasons)

    @property
    def place(self) -> tuple[float, int, int]:
        """Where it comes in the order of worth."""
        return place(self.score, self.records, self.id)


# From this score on two records are more often one person's than not.
_EVEN = 3


def place(score: int, records: int, number: int) -> tuple[float, int, int]:
    """Where the question with a number comes among others: those most worth an answer first, then the older ones."""
    return -records / (1 + 2.0 ** (_EVEN - score)), -score, number


def worth(reasons: Collection[Why]) -> tuple[bool, int, str]:
    """By which of several reasons it is asked of two people: by what contradicts, then by what speaks most for it."""
    return (not contradicting(reasons), -score(reasons), kept(reasons))


def still_open(connection: Connection, number: int) -> OpenQuestion | None:
    """A question that nobody answered, also where others say more of the same two people; None where it is not open."""
    table = schema.review
    row = connection.execute(select(table).where(table.c.id == number, table.c.decision.is_(None))).first()
    if row is None:
        return None
    return OpenQuestion(
        row.id, ReviewKind(row.kind), given_back(row.reasons), row.first, row.second, (row.first, row.second)
    )


def open_questions(connection: Connection, only: Collection[int] | None = None) -> list[OpenQuestion]:
    """All questions that are open: first those that are most worth an answer.

    `only`: those about the records, and about the doses of the records, with these numbers.
    """
    table, one, other = schema.review, schema.person.alias(), schema.person.alias()
    sides = [func.coalesce(owner.c.merged_into, owner.c.id) for owner in (one, other)]
    told = (table.c.id, table.c.first, table.c.second, table.c.reasons)
    query = (
        select(*told, sides[0].label("one"), sides[1].label("other"))
        .join_from(table, one, table.c.first == one.c.id)
        .join(other, table.c.second == other.c.id)
        .where(table.c.decision.is_(None), table.c.kind == ReviewKind.PERSON)
        .order_by(table.c.id)
    )
    doses = select(*told).where(table.c.decision.is_(None), table.c.kind == ReviewKind.DOSE)
    if only is not None:
        query = query.where(table.c.first.in_(only) | table.c.second.in_(only))
        theirs = select(schema.dose.c.id).where(schema.dose.c.person_id.in_(only))
        doses = doses.where(table.c.first.in_(theirs) | table.c.second.in_(theirs))
    by_pair: dict[tuple[int, int], list[OpenQuestion]] = {}
    for row in connection.execute(query):
        pair = (min(row.one, row.other), max(row.one, row.other))
        # Two who were found to be one by other questions are no question any more.
        if pair[0] != pair[1]:
            asked = OpenQuestion(row.id, ReviewKind.PERSON, given_back(row.reasons), row.first, row.second, pair)
            by_pair.setdefault(pair, []).append(asked)
    found, sizes = [], records_of(connection)
    for several in by_pair.values():
        best, *others = sorted(several, key=lambda question: (worth(question.reasons), question.id))
        records = sizes.get(best.pair[0], 1) * sizes.get(best.pair[1], 1)
        found.append(best._replace(others=tuple(question.id for question in others), records=records))
    for number, first, second, reasons in connection.execute(doses):
        found.append(OpenQuestion(number, ReviewKind.DOSE, given_back(reasons), first, second, (first, second)))
    return sorted(found, key=lambda question: question.place)


def records_of(connection: Connection) -> dict[int, int]:
    """How many records each person has of those who have several, by the number of who stands for them."""
    head = schema.person.c.merged_into
    query = select(head, func.count()).where(head.is_not(None)).group_by(head)
    return {number: followers + 1 for number, followers in connection.execute(query)}


def open_by_kind(connection: Connection) -> dict[ReviewKind, tuple[int, datetime]]:
    """How many questions of each kind are open, and when the oldest of them was asked (UTC); a kind without is left
    out."""
    table, run = schema.review, schema.run
    query = select(table.c.id, run.c.started_at).join(run, run.c.id == table.c.run_id)
    times = {one.id: one.started_at for one in connection.execute(query.where(table.c.decision.is_(None)))}
    found: dict[ReviewKind, tuple[int, datetime]] = {}
    for one in open_questions(connection):
        count, oldest = found.get(one.kind, (0, times[one.id]))
        found[one.kind] = (count + 1, min(oldest, times[one.id]))
    return dict(sorted(found.items()))
