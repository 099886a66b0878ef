"""A registry for training, put back every night to how it was made.

copy of the same key and for training? → nobody else writes → all tables emptied, filled → sessions moved to today,
everybody signed out → noted → one commit. Whoever reads meanwhile sees the day's work until then, and the copy after.

No other registry is ever touched: it has to be declared for training, and no certificate in it may be of a real key.
"""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, func, select, text, update
from sqlalchemy.exc import OperationalError

from vaxcert.errors import ConfigurationError, Reason
from vaxcert.issue import local_day
from vaxcert.registry import audit, schema, transfer
from vaxcert.registry.accounts import training
from vaxcert.registry.accounts.entering import new_mark
from vaxcert.registry.database import Registry

_RESET = "training reset"
_TRIES = 5
# https://www.postgresql.org/docs/current/errcodes-appendix.html: deadlock_detected.
_DEADLOCK = "40P01"


def check(registry: Registry) -> None:
    """Raise `ConfigurationError` for a registry that may not be reset: one that was not declared for training, or that
    holds a certificate of a real key."""
    with registry.reading() as connection:
        _check(connection)


def reset(registry: Registry, snapshot: Path, *, actor: str) -> dict[str, int]:
    """Put a registry for training back to an export of it; return how many rows of each table. All or nothing.

    Sessions are of today again where they were of the day of the export. All accounts are as they were, and whoever is
    signed in has to sign in anew. Waits for an import or other long work. Raises `ConfigurationError` as `check` does,
    and for a file that is no such export.
    """
    return _tried(registry, snapshot, None, actor) or {}


def due(registry: Registry, hour: int) -> bool:
    """Whether it was not reset, nor made, since it was last `hour` o'clock (0-23) in the registry's country."""
    with registry.reading() as connection:
        return _due(registry, connection, hour)


def reset_if_due(registry: Registry, snapshot: Path, hour: int, *, actor: str) -> bool:
    """Reset it where that is `due`, and say whether that was so. Of several who see it at once, one does it."""
    return due(registry, hour) and _tried(registry, snapshot, hour, actor) is not None


def _tried(registry: Registry, snapshot: Path, hour: int | None, actor: str) -> dict[str, int] | None:
    for left in reversed(range(_TRIES)):
        try:
            return _reset(registry, snapshot, hour, actor)
        except OperationalError as error:
            # Whoever held what is wanted here, and wanted what is held here, was told to go on.
            if not left or getattr(error.orig, "sqlstate", None) != _DEADLOCK:
                raise
            time.sleep(0.1)
    return None


def _reset(registry: Registry, snapshot: Path, hour: int | None, actor: str) -> dict[str, int] | None:
    with registry.long_work() as work:
        connection = work.connection
        _check(connection)
        if hour is not None and not _due(registry, connection, hour):
            return None
        _alone(registry, connection, actor)
        counts = transfer.refill(registry, connection, snapshot)
        if not training.declared(connection):
            raise ConfigurationError(f"{snapshot}: an export of no registry for training", Reason.NOT_TRAINING)
        made = _day(registry, _last(connection, "export"))
        _today(connection, registry.today() - made)
        account = schema.account
        for number in connection.scalars(select(account.c.id)).all():
            connection.execute(update(account).where(account.c.id == number).values(session_mark=new_mark()))
        audit.record(registry, connection, actor, _RESET, made=made.isoformat())
    return counts


def _check(connection: Connection) -> None:
    if not training.declared(connection):
        raise ConfigurationError("the registry was not made for training", Reason.NOT_TRAINING)
    table = schema.certificate
    if connection.scalar(select(func.count()).select_from(table).where(table.c.test.is_(False))):
        raise ConfigurationError("the registry holds a certificate of a real key", Reason.NOT_TRAINING)


def _alone(registry: Registry, connection: Connection, actor: str) -> None:
    """Have nobody else write until the transaction ends: sign-ins and views are noted without the registry's lock."""
    if connection.dialect.name != "postgresql":
        return
    last = (schema.audit, schema.setting)
    for table in (*[one for one in schema.metadata.sorted_tables if one not in last], None, *last):
        if table is None:
            # Takes the log's own lock: who has it writes to these two tables alone.
            audit.record(registry, connection, actor, f"{_RESET} begins")
        else:
            connection.execute(text(f"LOCK TABLE {table.name} IN EXCLUSIVE MODE"))


def _today(connection: Connection, passed: timedelta) -> None:
    table = schema.desk_session
    # A copy that is older by so many days: what was today's then is today's now.
    for number, day in connection.execute(select(table.c.id, table.c.day).where(table.c.closed_at.is_(None))).all():
        connection.execute(update(table).where(table.c.id == number).values(day=day + passed))


def _due(registry: Registry, connection: Connection, hour: int) -> bool:
    early = timedelta(hours=hour)
    return _day(registry, _last(connection, _RESET, "declared for training") - early) < _day(
        registry, registry.clock() - early
    )


def _last(connection: Connection, *actions: str) -> datetime:
    """When the audit log last says one of these; a registry for training has been declared, and a copy exported."""
    table = schema.audit
    at = connection.scalar(select(table.c.at).where(table.c.action.in_(actions)).order_by(table.c.id.desc()).limit(1))
    return datetime.fromisoformat(str(at)).astimezone(UTC)


def _day(registry: Registry, at: datetime) -> date:
    return local_day(registry.country, at)
