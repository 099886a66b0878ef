"""Questions that an import left: two records, the reasons, and what a person decides.

Two people found to be one: the later points to the earlier, whose doses are then both's. Two records of one dose: the
one that is not right is withdrawn. Each decision is a run that can be taken back.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, func, or_, select, update

from vaxcert.errors import ConfigurationError, NotFoundError, Reason
from vaxcert.registry import audit, runs, schema
from vaxcert.registry.database import Registry
from vaxcert.registry.records import disputes, people
from vaxcert.registry.records.likeness import Why, given_back
from vaxcert.registry.records.now import Side, current, dose_now, doses_of, side, stands_for
from vaxcert.registry.records.versions import new_dose_version, new_person_version

DECISIONS: dict[str, tuple[str, ...]] = {"person": ("same", "different"), "dose": ("first", "second", "both")}


class Question(NamedTuple):
    """A question that only a person can decide. `kind`: person or dose."""

    id: int
    kind: str
    reasons: tuple[Why, ...]
    first: Side
    second: Side


def waiting(registry: Registry) -> int:
    """How many questions are open."""
    with registry.reading() as connection:
        return int(connection.scalar(select(func.count()).where(schema.review.c.decision.is_(None))) or 0)


def questions(registry: Registry, *, first: int = 20, actor: str = "") -> list[Question]:
    """The oldest open questions. That `actor` was shown them is noted in the audit log."""
    table = schema.review
    with registry.noting() as connection:
        rows = connection.execute(select(table).where(table.c.decision.is_(None)).order_by(table.c.id).limit(first))
        asked = [
            Question(
                row.id, row.kind, given_back(row.reasons), _side(registry, connection, row.kind, row.first),
                _side(registry, connection, row.kind, row.second),
            )
            for row in rows.all()
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
        run = runs.begin(registry, connection, "decision", actor)
        for number, decision in answers:
            _decide(registry, connection, run, number, decision, actor)
        runs.end(registry, connection, run, {"decisions": len(answers)})
        audit.record(registry, connection, actor, "decide", run=run, reviews=[number for number, _ in answers])
    return run


def _decide(registry: Registry, connection: Connection, run: int, number: int, decision: str, actor: str) -> None:
    table = schema.review
    row = connection.execute(select(table).where(table.c.id == number)).first()
    if row is None or row.decision is not None:
        raise NotFoundError(f"question {number} is not open", Reason.NO_SUCH_RECORD)
    if decision not in DECISIONS[row.kind]:
        raise ConfigurationError(f"question {number}: one of {', '.join(DECISIONS[row.kind])}")
    if row.kind == "dose":
        _settle(registry, connection, run, row.first, row.second, decision, actor)
    elif decision == "same":
        _merge(registry, connection, run, row.first, row.second, actor)
    noted = {"decision": decision, "decided_at": registry.now(), "decided_by": actor, "decided_run": run}
    connection.execute(update(table).where(table.c.id == number).values(**noted))


def _merge(registry: Registry, connection: Connection, run: int, first: int, second: int, actor: str) -> None:
    kept_number, other = sorted((stands_for(connection, first), stands_for(connection, second)))
    if kept_number == other:
        return
    table = schema.person
    # Whoever was merged into the later one follows, so that one step always leads to who stands for all.
    connection.execute(
        update(table)
        .where(or_(table.c.id == other, table.c.merged_into == other))
        .values(merged_into=kept_number, merged_by_run=run)
    )
    kept, gone = current(connection, kept_number), current(connection, other)
    better = people.enriched(kept.values, gone.values)
    if better is not None:
        new_person_version(registry, connection, kept, better, run=run, actor=actor, reason="found to be one person")
    disputes.settle(registry, connection, run, kept_number, actor)


def _settle(
    registry: Registry, connection: Connection, run: int, first: int, second: int, decision: str, actor: str
) -> None:
    states = {"first": ("good", "withdrawn"), "second": ("withdrawn", "good"), "both": ("good", "good")}[decision]
    for number, state in zip((first, second), states, strict=True):
        row = dose_now(connection, number)
        if row.state != state:
            new_dose_version(
                registry, connection, row, {"state": state}, run=run, actor=actor, reason="a question decided"
            )
    if decision != "both":
        # One of them may be the double of a third, or contradict it.
        owner = int(connection.scalar(select(schema.dose.c.person_id).where(schema.dose.c.id == first)) or 0)
        disputes.settle(registry, connection, run, stands_for(connection, owner), actor)


def _side(registry: Registry, connection: Connection, kind: str, number: int) -> Side:
    if kind == "person":
        return side(registry, current(connection, number), doses_of(connection, number))
    owner = int(connection.scalar(select(schema.dose.c.person_id).where(schema.dose.c.id == number)) or 0)
    one = current(connection, stands_for(connection, owner))
    return side(registry, one, [dose_now(connection, number)])._replace(number=number)
