"""Many certificates at once: kept until another account than the asker's says yes to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Any

from sqlalchemy import insert, select, update

from vaxcert.errors import ConfigurationError, NotFoundError, Reason
from vaxcert.registry import audit, schema
from vaxcert.registry.certificates.one import Asker
from vaxcert.registry.database import Registry
from vaxcert.registry.numbers import next_id
from vaxcert.signer.protocol import BulkRequest

WAITING, APPROVED, DECLINED = "waiting", "approved", "declined"


def keep(registry: Registry, doses: Sequence[int], asker: Asker) -> int:
    """Keep a request until it is decided; return its number. The same one that waits already is kept once."""
    table, wanted = schema.bulk_request, sorted(set(doses))
    with registry.writing() as connection:
        mine = (table.c.state == WAITING) & (table.c.account == asker.account) & (table.c.site == asker.site)
        for row in connection.execute(select(table.c.id, table.c.doses).where(mine)):
            if row.doses == wanted:
                return int(row.id)
        number = next_id(connection, table)
        values = {"id": number, "asked_at": registry.now(), "doses": wanted, "state": WAITING, **asker._asdict()}
        connection.execute(insert(table).values(**values))
        audit.record(
            registry, connection, asker.actor, "ask for many", request=number, site=asker.site, doses=len(wanted)
        )
    return number


def waiting(registry: Registry) -> tuple[BulkRequest, ...]:
    """What is not decided yet, oldest first."""
    table = schema.bulk_request
    with registry.reading() as connection:
        rows = connection.execute(select(table).where(table.c.state == WAITING).order_by(table.c.id)).all()
    return tuple(
        BulkRequest(row.id, row.account, row.site, len(row.doses), row.asked_at.replace(tzinfo=UTC)) for row in rows
    )


def waiting_for(registry: Registry, number: int) -> tuple[list[int], Asker]:
    """The doses of a request that waits, and who asked. Raises `NotFoundError` for what does not wait."""
    with registry.reading() as connection:
        row = _row(connection, number)
    return list(row.doses), Asker(row.account, row.peer, row.site)


def approve(registry: Registry, number: int, by: Asker) -> None:
    """Note that somebody says yes, before anything of it is signed.

    Raises `ConfigurationError` for the asker themselves, `NotFoundError` for what does not wait.
    """
    with registry.writing() as connection:
        row = _row(connection, number)
        if row.account.casefold() == by.account.casefold():
            raise ConfigurationError(f"request {number}: its asker cannot approve it", Reason.OWN_REQUEST)
        audit.record(registry, connection, by.actor, "approve", request=number, doses=len(row.doses))


def close(registry: Registry, number: int, by: Asker, state: str) -> None:
    """Note that a request is over: signed, or declined. Raises `NotFoundError` for what does not wait."""
    table = schema.bulk_request
    with registry.writing() as connection:
        _row(connection, number)
        values = {"state": state, "decided_at": registry.now(), "decided_by": by.actor}
        connection.execute(update(table).where(table.c.id == number).values(**values))
        if state == DECLINED:
            audit.record(registry, connection, by.actor, "decline", request=number)


def _row(connection: Any, number: int) -> Any:
    table = schema.bulk_request
    row = connection.execute(select(table).where(table.c.id == number, table.c.state == WAITING)).first()
    if row is None:
        raise NotFoundError(f"request {number}: none of that number waits", Reason.NO_SUCH_RECORD)
    return row
