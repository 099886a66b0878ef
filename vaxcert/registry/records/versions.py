"""Versions: a change is a new row that says who made it when and why, and the old row names it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert, update

from vaxcert.registry import schema
from vaxcert.registry.database import Registry
from vaxcert.registry.numbers import next_id
from vaxcert.registry.records import people
from vaxcert.registry.records.people import Known


def new_person_version(
    registry: Registry, connection: Connection, old: Known, values: dict[str, Any], *, run: int, actor: str, reason: str
) -> int:
    """Put a version of a person in the place of the newest, and return its number."""
    number = next_id(connection, schema.person_version)
    noted = people.version(values, run=run, at=registry.now(), actor=actor, reason=reason)
    connection.execute(insert(schema.person_version).values(id=number, person_id=old.person_id, **noted))
    _supersede(connection, schema.person_version, old.version_id, number)
    return number


def new_dose_version(
    registry: Registry,
    connection: Connection,
    old: Any,
    changes: Mapping[str, Any],
    *,
    run: int,
    actor: str,
    reason: str,
) -> int:
    """Put a version of a dose in the place of the newest, and return its number."""
    number = next_id(connection, schema.dose_version)
    values = {**old._mapping, **changes}
    values |= {
        "id": number, "run_id": run, "superseded_by": None, "changed_at": registry.now(), "changed_by": actor,
        "reason": reason,
    }  # fmt: skip
    connection.execute(insert(schema.dose_version).values(**values))
    _supersede(connection, schema.dose_version, old.id, number)
    return number


def _supersede(connection: Connection, table: Any, old: int, new: int) -> None:
    connection.execute(update(table).where(table.c.id == old).values(superseded_by=new))
