"""What happened to somebody after a dose, noted at the desk. What is told of it is sealed with the registry's key."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Row, insert, select

from vaxcert.errors import InputError, Reason
from vaxcert.names import normalise
from vaxcert.registry import audit, schema
from vaxcert.registry.database import Registry
from vaxcert.registry.numbers import next_id
from vaxcert.registry.records.now import dose_now
from vaxcert.registry.states import EventKind

_MOST_DETAILS = 2_000
_SEALED_AS = "adverse event"


class Event(NamedTuple):
    """An adverse event of a dose. `noted_at`: UTC, without a zone. Personal data: to be shown, not logged."""

    id: int
    dose_id: int
    kind: EventKind
    serious: bool
    began_on: date
    details: str
    noted_at: datetime
    noted_by: str

    def __repr__(self) -> str:
        return f"<Event {self.id}>"


def note(
    registry: Registry,
    dose_id: int,
    *,
    kind: str,
    began_on: date,
    actor: str,
    serious: bool = False,
    details: str = "",
    request_id: UUID | None = None,
) -> int:
    """Note an adverse event of a dose, and return its number. A dose that has one is not taken back any more.

    `request_id`: what is sent again under the same is noted once; None: it is not sent again. Raises `NotFoundError`
    for a dose that is not there, `InputError` for a kind that is none, details over 2,000 characters, a day before the
    dose or in the future, and for something else under the same id.
    """
    details = normalise(details)
    if kind not in set(EventKind):
        raise InputError("kind", Reason.NOT_ONE_OF, allowed=", ".join(EventKind))
    if len(details) > _MOST_DETAILS:
        raise InputError("details", Reason.TOO_LONG, most=_MOST_DETAILS)
    if began_on > registry.today():
        raise InputError("began_on", Reason.IN_THE_FUTURE)
    table, request = schema.adverse_event, request_id or uuid4()
    with registry.writing() as connection:
        if began_on < dose_now(connection, dose_id).dose.date:
            raise InputError("began_on", Reason.BEFORE_THE_DOSE)
        known = connection.execute(select(table).where(table.c.request_id == request.hex)).first()
        if known is not None:
            if _event(registry, known)[1:6] != (dose_id, EventKind(kind), serious, began_on, details):
                raise InputError("request", Reason.RECORDED_OTHERWISE)
            return int(known.id)
        number = next_id(connection, schema.adverse_event)
        connection.execute(
            insert(schema.adverse_event).values(
                id=number, dose_id=dose_id, kind=EventKind(kind), serious=serious, began_on=began_on,
                details=registry.secrets.encrypt(_SEALED_AS, details) if details else None,
                noted_at=registry.now(), noted_by=actor, request_id=request.hex,
            )
        )  # fmt: skip
        audit.record(registry, connection, actor, "note event", event=number, dose=dose_id)
    return number


def of_dose(registry: Registry, dose_id: int, *, actor: str) -> list[Event]:
    """The adverse events of a dose, as they were noted. It stands in the audit log."""
    table = schema.adverse_event
    with registry.noting() as connection:
        dose_now(connection, dose_id)
        found = connection.execute(select(table).where(table.c.dose_id == dose_id).order_by(table.c.id)).all()
        audit.record(registry, connection, actor, "show events", dose=dose_id)
    return [_event(registry, row) for row in found]


def _event(registry: Registry, row: Row[Any]) -> Event:
    details = registry.secrets.decrypt(_SEALED_AS, bytes(row.details)) if row.details is not None else ""
    return Event(
        row.id, row.dose_id, EventKind(row.kind), row.serious, row.began_on, details, row.noted_at, row.noted_by
    )
