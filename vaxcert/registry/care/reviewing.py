"""Questions that an import left: two records, the reasons, and what a person decides.

Two people found to be one: the later points to the earlier, whose doses are then both's. Two records of one dose: the
one that is not right is withdrawn. Each decision is a run that can be taken back.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, or_, select, update

from vaxcert.errors import ConfigurationError, NotFoundError, Reason
from vaxcert.registry import audit, runs, schema, sums
from vaxcert.registry.database import Registry
from vaxcert.registry.records import disputes
from vaxcert.registry.records.judging import enriched
from vaxcert.registry.records.ledger import Ledger
from vaxcert.registry.records.likeness import Why, given_back
from vaxcert.registry.records.now import Side, dose_now, side, somebody, stands_for, whose_dose
from vaxcert.registry.states import DoseState, ReviewAnswer, ReviewKind, RunKind

DECISIONS: dict[str, tuple[ReviewAnswer, ...]] = {
    ReviewKind.PERSON: (ReviewAnswer.SAME, ReviewAnswer.DIFFERENT),
    ReviewKind.DOSE: (ReviewAnswer.FIRST, ReviewAnswer.SECOND, ReviewAnswer.BOTH),
}


class Question(NamedTuple):
    """A question that only a person can decide."""

    id: int
    kind: ReviewKind
    reasons: tuple[Why, ...]
    first: Side
    second: Side


def waiting(registry: Registry) -> int:
    """How many questions are open."""
    with registry.reading() as connection:
        return int(connection.scalar(select(func.count()).where(schema.review.c.decision.is_(None))) or 0)


def open_by_kind(registry: Registry) -> dict[ReviewKind, tuple[int, datetime]]:
    """How many questions of each kind are open, and when the oldest of them was asked (UTC); a kind without is left
    out."""
    table, run = schema.review, schema.run
    query = (
        select(table.c.kind, func.count(), func.min(run.c.started_at))
        .join(run, run.c.id == table.c.run_id)
        .where(table.c.decision.is_(None))
        .group_by(table.c.kind)
    )
    with registry.reading() as connection:
        return {ReviewKind(kind): (count, oldest) for kind, count, oldest in connection.execute(query)}


def next_open(registry: Registry, *, after: int = 0, kind: ReviewKind | None = None) -> int | None:
    """The number of the oldest open question behind the one with the number `after`; behind the last, the first again.

    None where none is open.
    """
    table = schema.review
    query = select(table.c.id).where(table.c.decision.is_(None)).order_by(table.c.id <= after, table.c.id)
    if kind is not None:
        query = query.where(table.c.kind == kind)
    with registry.reading() as connection:
        number = connection.scalar(query.limit(1))
    return None if number is None else int(number)


def answered_in(registry: Registry, run: int) -> int | None:
    """The first question that a run answered, or None where it answered none."""
    table = schema.review
    with registry.reading() as connection:
        number = connection.scalar(select(func.min(table.c.id)).where(table.c.decided_run == run))
    return None if number is None else int(number)


def questions(registry: Registry, *, first: int = 20, actor: str = "") -> list[Question]:
    """The oldest open questions. That `actor` was shown them is noted in the audit log."""
    table = schema.review
    with registry.noting() as connection:
        rows = connection.execute(select(table).where(table.c.decision.is_(None)).order_by(table.c.id).limit(first))
        asked = [
            Question(
                row.id, kind, given_back(row.reasons), _side(registry, connection, kind, row.first),
                _side(registry, connection, kind, row.second),
            )
            for row in rows.all()
            for kind in (ReviewKind(row.kind),)
        ]  # fmt: skip
        if actor:
            audit.record(registry, connection, actor, "review", reviews=[one.id for one in asked])
    return asked


def decide(registry: Registry, number: int, decision: str, *, actor: str) -> None:
    """Answer a question. Raises `ConfigurationError` for one that is not open, or an answer that it does not have."""
    decide_all(registry, [(number, decision)], actor=actor)


def decide_all(registry: Registry, answers: list[tuple[int, str]], *, actor: str) -> int:
    """Answer several questions in one run, all or none, and return its number."""
    with registry.writing() as connection:
        run = runs.begin(registry, connection, RunKind.DECISION, actor)
        ledger = Ledger(registry, connection, run, actor)
        for number, answer in answers:
            _decide(connection, ledger, number, answer)
            values = {"decision": answer, "decided_at": registry.now(), "decided_by": actor, "decided_run": run}
            connection.execute(update(schema.review).where(schema.review.c.id == number).values(**values))
        runs.end(registry, connection, run, {"decisions": len(answers)})
        audit.record(registry, connection, actor, "decide", run=run, reviews=[number for number, _ in answers])
    return run


def _decide(connection: Connection, ledger: Ledger, number: int, answer: str) -> None:
    """Have what follows from an answer entered and written."""
    table = schema.review
    row = connection.execute(select(table).where(table.c.id == number)).first()
    if row is None or row.decision is not None:
        raise NotFoundError(f"question {number} is not open", Reason.NO_SUCH_RECORD)
    if answer not in DECISIONS[row.kind]:
        raise ConfigurationError(f"question {number}: one of {', '.join(DECISIONS[row.kind])}")
    if row.kind == ReviewKind.DOSE:
        _right(connection, ledger, row.first, row.second, ReviewAnswer(answer))
    elif answer == ReviewAnswer.SAME:
        _merge(connection, ledger, row.first, row.second)


def _merge(connection: Connection, ledger: Ledger, first: int, second: int) -> None:
    kept_number, other = sorted((stands_for(connection, first), stands_for(connection, second)))
    if kept_number == other:
        return
    table = schema.person
    # Whoever was merged into the later one follows, so that one step always leads to who stands for all.
    follow = (
        update(table)
        .where(or_(table.c.id == other, table.c.merged_into == other))
        .values(merged_into=kept_number, merged_by_run=ledger.run)
    )
    with sums.following(connection, (kept_number, other)):
        connection.execute(follow)
    kept, gone = somebody(connection, kept_number), somebody(connection, other)
    ledger.change_person(kept, enriched(kept.profile, gone.profile), "found to be one person")
    disputes.settle(connection, ledger, kept_number)


def _right(connection: Connection, ledger: Ledger, first: int, second: int, answer: ReviewAnswer) -> None:
    for number, right in ((first, ReviewAnswer.FIRST), (second, ReviewAnswer.SECOND)):
        given = dose_now(connection, number)
        state = DoseState.GOOD if answer in (right, ReviewAnswer.BOTH) else DoseState.WITHDRAWN
        ledger.change_dose(given, given.dose, state, "a question decided")
    ledger.write()
    if answer is not ReviewAnswer.BOTH:
        # One of them may be the double of a third, or contradict it.
        disputes.settle(connection, ledger, whose_dose(connection, first))


def _side(registry: Registry, connection: Connection, kind: ReviewKind, number: int) -> Side:
    if kind is ReviewKind.PERSON:
        one = somebody(connection, number)
        return side(registry, number, one.profile, one.doses)
    owner = somebody(connection, whose_dose(connection, number))
    return side(registry, number, owner.profile, [dose_now(connection, number)])
