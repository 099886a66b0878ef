"""What was done to the registry, as whoever looks after it pages through it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from vaxcert.errors import NotFoundError, Reason
from vaxcert.registry import runs, schema
from vaxcert.registry.database import Registry
from vaxcert.registry.runs import Run
from vaxcert.registry.states import RunKind


def newest(registry: Registry, kinds: Collection[RunKind], *, before: int | None = None, most: int = 50) -> list[Run]:
    """The newest runs of these kinds, newest first; `before`: those with a lower number than this one."""
    table = schema.run
    query = select(table).where(table.c.kind.in_(kinds))
    if before is not None:
        query = query.where(table.c.id < before)
    with registry.reading() as connection:
        return [runs.of_row(row) for row in connection.execute(query.order_by(table.c.id.desc()).limit(most))]


def one(registry: Registry, number: int) -> Run:
    """The run of that number. Raises `NotFoundError`."""
    with registry.reading() as connection:
        row = connection.execute(select(schema.run).where(schema.run.c.id == number)).first()
    if row is None:
        raise NotFoundError(f"run {number}: there is none", Reason.NO_SUCH_RECORD)
    return runs.of_row(row)
