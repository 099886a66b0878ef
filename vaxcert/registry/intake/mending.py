"""Rows that an import did not take, given back as a table to be mended, and forgotten once that is done."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from sqlalchemy import select

from vaxcert.errors import NotFoundError, Problem, Reason
from vaxcert.registry import audit, schema
from vaxcert.registry.database import Registry
from vaxcert.registry.records import rejected
from vaxcert.registry.states import RunKind
from vaxcert.tables.writing import rejects
from vaxcert.tables.writing.rejects import Language


def write(registry: Registry, run: int, out: Path, *, actor: str, lang: Language = None) -> int:
    """Write the rows that an import did not take, in the columns that they came in; return how many.

    `lang`: in which language it says why, in both unless it is given. It stands in the audit log. Raises
    `ConfigurationError` for what is no import, and one of which no row is kept.
    """
    rejects.check_path(out)
    with registry.noting() as connection:
        found = connection.execute(select(schema.run).where(schema.run.c.id == run)).first()
        if found is None or found.kind != RunKind.IMPORT:
            raise NotFoundError(f"run {run}: no import", Reason.NO_SUCH_RECORD)
        rows = list(rejected.kept(connection, run, registry.secrets))
        if not rows:
            raise NotFoundError(f"run {run}: no row of it is kept to be mended", Reason.NO_SUCH_RECORD)
        written = rejects.write(out, found.understood.get("columns", ()), lambda: rows, lang)
        audit.record(registry, connection, actor, "rejects", run=run, rows=written)
    return written


def problems(registry: Registry, run: int) -> list[tuple[Problem, int]]:
    """What is wrong with rows that an import did not take, and of how many; the commonest first."""
    with registry.reading() as connection:
        return Counter(problem for _, problem in rejected.problems(connection, run)).most_common()


def forget(registry: Registry, run: int, *, actor: str) -> int:
    """Keep of the rows that an import did not take no more than line and reason; return how many had more."""
    with registry.writing() as connection:
        gone = rejected.forget_runs(connection, [run])
        audit.record(registry, connection, actor, "forget rejects", run=run, rows=gone)
    registry.sweep()
    return gone
