"""The desk's side of a day: who has booked, who of them is here. Whoever was shown somebody stands in the audit log."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, update

from vaxcert.booking import applicants, offers, schema
from vaxcert.booking.applicants import Applicant
from vaxcert.booking.offers import OfferedSession
from vaxcert.booking.states import PLACED, BookingState
from vaxcert.booking.store import Bookings
from vaxcert.errors import InputError, NotFoundError, Reason
from vaxcert.registry import Registry, audit
from vaxcert.registry.records.now import Side


class DeskBooking(NamedTuple):
    """A booking as the desk sees it. `who`: None once it is forgotten; `person`: who it is in the registry, once the
    desk found out."""

    id: int
    state: BookingState
    at: OfferedSession
    who: Applicant | None
    person: int | None

    def __repr__(self) -> str:
        return f"<DeskBooking {self.id}>"


def of_day(
    bookings: Bookings, registry: Registry, *, sites: Collection[str], day: date, actor: str
) -> list[DeskBooking]:
    """Those who have a place at these sites on a day, by time and name. It stands in the audit log."""
    table, offer = schema.booking, schema.offer
    query = (
        select(table)
        .join(offer, offer.c.id == table.c.offer_id)
        .where(offer.c.site.in_(sites), offer.c.day == day, table.c.state.in_(PLACED))
        .order_by(table.c.id)
    )
    with bookings.reading() as connection:
        found = _told(bookings, connection, connection.execute(query).all())
    _note(registry, actor, "list bookings", found)
    return sorted(found, key=lambda one: (one.at.begins, one.who.full_name if one.who else "", one.id))


def by_ticket(bookings: Bookings, registry: Registry, ticket: str, *, actor: str) -> DeskBooking | None:
    """The booking of a ticket, as `typed.read` reads it; None where there is none. It stands in the audit log."""
    known_by = bookings.secrets.hash("booking ticket", ticket)
    return _one(bookings, registry, schema.booking.c.ticket_hash == known_by, actor)


def get(bookings: Bookings, registry: Registry, number: int, *, actor: str) -> DeskBooking:
    """A booking by its number. It stands in the audit log. Raises `NotFoundError`."""
    found = _one(bookings, registry, schema.booking.c.id == number, actor)
    if found is None:
        raise NotFoundError(f"booking {number}: there is none", Reason.NO_SUCH_RECORD)
    return found


def arrived(bookings: Bookings, number: int, *, person: int | None = None) -> None:
    """Note that somebody is here, and who they are on record; twice is once.

    Raises `InputError` for a booking that has no place any more, or never had one; `NotFoundError` for none.
    """
    with bookings.writing() as connection:
        state = _state(connection, number)
        if state not in (BookingState.BOOKED, BookingState.ARRIVED, BookingState.NO_SHOW):
            if state is BookingState.DONE:
                return
            raise InputError("ticket", Reason.NOT_VALID)
        values = {"state": BookingState.ARRIVED, "changed_at": bookings.now(), "notice": ""}
        more = {} if person is None else {"person": person}
        connection.execute(update(schema.booking).where(schema.booking.c.id == number).values(**values, **more))


def absent(bookings: Bookings, number: int) -> None:
    """Note that somebody who had a place did not come. Raises as `arrived` does, and for who is here."""
    with bookings.writing() as connection:
        state = _state(connection, number)
        if state is BookingState.NO_SHOW:
            return
        if state is not BookingState.BOOKED:
            raise InputError("ticket", Reason.NOT_VALID)
        values = {"state": BookingState.NO_SHOW, "changed_at": bookings.now(), "only": None}
        connection.execute(update(schema.booking).where(schema.booking.c.id == number).values(**values))


def done(bookings: Bookings, number: int) -> None:
    """Note that somebody who is here had their dose; twice is once. Raises as `arrived` does."""
    with bookings.writing() as connection:
        state = _state(connection, number)
        if state is BookingState.DONE:
            return
        if state is not BookingState.ARRIVED:
            raise InputError("ticket", Reason.NOT_VALID)
        values = {"state": BookingState.DONE, "changed_at": bookings.now(), "only": None}
        connection.execute(update(schema.booking).where(schema.booking.c.id == number).values(**values))


def among(bookings: Bookings, one: DeskBooking, sides: Iterable[Side]) -> int | None:
    """The number of whom a booking is of among people on record: who has its name, birth date and telephone."""
    if one.who is None:
        return None
    wanted = applicants.only(bookings.secrets, one.who)
    for side in sides:
        told = Applicant(full_name=side.name, date_of_birth=side.date_of_birth, phone=side.phone)
        if side.phone and applicants.only(bookings.secrets, told) == wanted:
            return side.number
    return None


def _state(connection: Connection, number: int) -> BookingState:
    state = connection.scalar(select(schema.booking.c.state).where(schema.booking.c.id == number))
    if state is None:
        raise NotFoundError(f"booking {number}: there is none", Reason.NO_SUCH_RECORD)
    return BookingState(state)


def _one(bookings: Bookings, registry: Registry, which: Any, actor: str) -> DeskBooking | None:
    with bookings.reading() as connection:
        found = _told(bookings, connection, connection.execute(select(schema.booking).where(which)).all())
    _note(registry, actor, "view booking", found)
    return found[0] if found else None


def _told(bookings: Bookings, connection: Connection, rows: Any) -> list[DeskBooking]:
    table = schema.offer
    wanted = select(table).where(table.c.id.in_({row.offer_id for row in rows}))
    at = {one.id: one for one in offers.told(bookings, connection, connection.execute(wanted).all())}
    return [
        DeskBooking(
            row.id, BookingState(row.state), at[row.offer_id],
            applicants.opened(bookings.desk, row.sealed) if row.sealed else None, row.person,
        )
        for row in rows
    ]  # fmt: skip


def _note(registry: Registry, actor: str, action: str, found: list[DeskBooking]) -> None:
    with registry.noting() as connection:
        audit.record(registry, connection, actor, action, bookings=sorted(one.id for one in found))
