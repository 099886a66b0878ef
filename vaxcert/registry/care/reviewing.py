"""Questions that an import left: two records, the reasons, and what a person decides.

They come in the order of their worth. Two people found to be one: the later points to the earlier, whose doses are then
both's. Two records of one dose: the one that is not right is withdrawn. Each decision is a run that can be taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select, update

from vaxcert.errors import ConfigurationError, NotFoundError, Reason
from vaxcert.registry import audit, runs, schema
from vaxcert.registry.comparing.reasons import Why, given_back, parts, score
from vaxcert.registry.database import Registry
from vaxcert.registry.records import asking, disputes
from vaxcert.registry.records.asking import OpenQuestion, open_questions, still_open
from vaxcert.registry.records.ledger import Ledger
from vaxcert.registry.records.neighbourhood import around
from vaxcert.registry.records.now import Side, dose_now, side, somebody, stands_for, whose_dose
from vaxcert.registry.records.settling import Settling
from vaxcert.registry.states import DoseState, ReviewAnswer, ReviewKind, RunKind

DECISIONS: dict[str, tuple[ReviewAnswer, ...]] = {
    ReviewKind.PERSON: (ReviewAnswer.SAME, ReviewAnswer.DIFFERENT),
    ReviewKind.DOSE: (ReviewAnswer.FIRST, ReviewAnswer.SECOND, ReviewAnswer.BOTH),
}


class Question(NamedTuple):
    """A question that only a person can decide. `score`: how much speaks for one person, the sum of `parts`."""

    id: int
    kind: ReviewKind
    reasons: tuple[Why, ...]
    first: Side
    second: Side
    score: int = 0

    @property
    def parts(self) -> tuple[tuple[Why, int], ...]:
        """What each of the reasons weighs."""
        return parts(self.reasons)


def waiting(registry: Registry) -> int:
    """How many questions are open."""
    with registry.reading() as connection:
        return len(open_questions(connection))


def open_by_kind(registry: Registry) -> dict[ReviewKind, tuple[int, datetime]]:
    """How many questions of each kind are open, and when the oldest of them was asked (UTC); a kind without is left
    out."""
    with registry.reading() as connection:
        return asking.open_by_kind(connection)


def next_open(registry: Registry, *, after: int = 0, kind: ReviewKind | None = None) -> int | None:
    """The number of the open question that comes behind the one with the number `after` in the order of worth; behind
    the last, the first again. None where none is open.
    """
    with registry.reading() as connection:
        some = [one for one in open_questions(connection) if kind in (None, one.kind)]
        left = _place(connection, after)
    behind = next((one.id for one in some if left is not None and one.place > left), None)
    return behind or next((one.id for one in some), None)


def _place(connection: Connection, number: int) -> tuple[float, int, int] | None:
    """Where a question is in the order of worth; of one that was answered, about where it was."""
    table = schema.review
    row = connection.execute(select(table).where(table.c.id == number)).first()
    if row is None:
        return None
    records, found = asking.records_of(connection), score(given_back(row.reasons))
    if row.kind != ReviewKind.PERSON:
        return asking.place(found, 1, number)
    one, other = (stands_for(connection, end) for end in (row.first, row.second))
    sizes = records.get(one, 1), records.get(other, 1)
    # Of two who were made one, nobody knows any more which records were whose.
    both = sizes[0] * sizes[1] if one != other else max(1, sizes[0] ** 2 // 4)
    return asking.place(found, both, number)


def answered_in(registry: Registry, run: int) -> int | None:
    """The first question that a run answered, or None where it answered none."""
    table = schema.review
    with registry.reading() as connection:
        number = connection.scalar(select(func.min(table.c.id)).where(table.c.decided_run == run))
    return None if number is None else int(number)


def questions(registry: Registry, *, first: int = 20, actor: str = "") -> list[Question]:
    """The open questions that are most worth an answer. That `actor` was shown them is noted in the audit log."""
    with registry.noting() as connection:
        return shown(registry, connection, open_questions(connection)[:first], actor=actor)


def shown(registry: Registry, connection: Connection, some: Sequence[OpenQuestion], *, actor: str) -> list[Question]:
    """Questions with both sides, as of now, as whoever answers sees them."""
    asked = [
        Question(
            one.id, one.kind, one.reasons, _side(registry, connection, one.kind, one.pair[0]),
            _side(registry, connection, one.kind, one.pair[1]), one.score,
        )
        for one in some
    ]  # fmt: skip
    if actor:
        audit.record(registry, connection, actor, "review", reviews=[one.id for one in asked])
    return asked


def decide(registry: Registry, number: int, decision: str, *, actor: str) -> None:
    """Answer a question. Raises `ConfigurationError` for one that is not open, or an answer that it does not have."""
    decide_all(registry, [(number, decision)], actor=actor)


def decide_all(registry: Registry, answers: Sequence[tuple[int, str]], *, actor: str) -> int:
    """Answer several questions in one run, all or none, and return its number."""
    with registry.writing() as connection:
        known = {one.id: one for one in open_questions(connection)}
        given: list[tuple[OpenQuestion, ReviewAnswer]] = []
        for number, answer in answers:
            one = known.get(number) or still_open(connection, number)
            if one is None or any(one.id == before.id for before, _ in given):
                raise NotFoundError(f"question {number} is not open", Reason.NO_SUCH_RECORD)
            if answer not in DECISIONS[one.kind]:
                raise ConfigurationError(f"question {number}: one of {', '.join(DECISIONS[one.kind])}")
            given.append((one, ReviewAnswer(answer)))
        run = runs.begin(registry, connection, RunKind.DECISION, actor)
        enter(registry, connection, run, given, actor=actor)
        runs.end(registry, connection, run, {"decisions": len(answers)})
        audit.record(registry, connection, actor, "decide", run=run, reviews=[number for number, _ in answers])
    return run


def enter(
    registry: Registry,
    connection: Connection,
    run: int,
    answers: Sequence[tuple[OpenQuestion, ReviewAnswer]],
    *,
    actor: str,
) -> None:
    """Have what follows from answers entered and written."""
    told = {"decided_at": registry.now(), "decided_by": actor, "decided_run": run}
    for one, answer in answers:
        # Whatever else is asked of two who are not one is answered too; of one person nothing is asked any more.
        numbers = (one.id, *one.others) if answer is ReviewAnswer.DIFFERENT else (one.id,)
        answered = update(schema.review).where(schema.review.c.id.in_(numbers))
        connection.execute(answered.values(decision=answer, **told))
    ledger = Ledger(registry, connection, run, actor)
    some = {number for one, _ in answers if one.kind is ReviewKind.PERSON for number in (one.first, one.second)}
    if some:
        near = around(connection, numbers=some)
        Settling(connection, ledger, near).settle(some)
        ledger.write()
    for one, answer in answers:
        if one.kind is ReviewKind.DOSE:
            _right(connection, ledger, one.first, one.second, answer)


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
