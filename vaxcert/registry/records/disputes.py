"""Two good records of one dose of one person: one is the other's double, or which is right is a question."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, insert, select

from vaxcert.registry import schema
from vaxcert.registry.database import Registry
from vaxcert.registry.numbers import next_id
from vaxcert.registry.records.likeness import Why, kept
from vaxcert.registry.records.now import doses_of
from vaxcert.registry.records.versions import new_dose_version


def settle(registry: Registry, connection: Connection, run: int, number: int, actor: str) -> None:
    """Settle somebody's doses after a change: doubles are withdrawn, and what contradicts is asked, once."""
    seen: dict[tuple[str, int], Any] = {}
    for row in doses_of(connection, number):
        if row.state != "good":
            continue
        first = seen.setdefault((row.disease, row.number), row)
        if first is row:
            continue
        if (first.product, first.date) == (row.product, row.date):
            new_dose_version(registry, connection, row, {"state": "withdrawn"}, run=run, actor=actor, reason="a double")
        elif not _decided(connection, first.dose_id, row.dose_id):
            new_dose_version(registry, connection, row, {"state": "disputed"}, run=run, actor=actor, reason="a dispute")
            ask(connection, run, "dose", first.dose_id, row.dose_id, (Why.SAME_DOSE_OTHERWISE,))


def ask(connection: Connection, run: int, kind: str, first: int, second: int, reasons: Iterable[Why]) -> None:
    """Leave a question for a person to decide; `first`, `second`: numbers of people, or of doses."""
    number = next_id(connection, schema.review)
    values = {"id": number, "run_id": run, "kind": kind, "first": first, "second": second, "reasons": kept(reasons)}
    connection.execute(insert(schema.review).values(values))


def _decided(connection: Connection, first: int, second: int) -> bool:
    """Whether somebody said before that both doses are right."""
    table = schema.review
    query = select(table.c.id).where(
        table.c.kind == "dose",
        table.c.decision == "both",
        table.c.first.in_((first, second)),
        table.c.second.in_((first, second)),
    )
    return connection.scalar(query.limit(1)) is not None
