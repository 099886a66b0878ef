"""What became of bookings: who has had the dose, who did not come, who waited in vain. Run every night, and oftener."""

from __future__ import annotations

from datetime import UTC, date
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, update

from vaxcert import codes
from vaxcert.booking import applicants, places, schema
from vaxcert.booking.states import ACTIVE, BookingNotice, BookingState
from vaxcert.booking.store import Bookings
from vaxcert.issue import local_day
from vaxcert.registry import Registry
from vaxcert.registry.desk import people
from vaxcert.registry.desk.since import AskedSince, doses_since

# Of which the registry is asked about at a time.
_AT_ONCE = 500


class SettledBookings(NamedTuple):
    """How many had the dose at their session, had it elsewhere and dropped out, did not come, waited in vain; and how
    many moved up into places that became free."""

    done: int = 0
    dropped: int = 0
    no_shows: int = 0
    unplaced: int = 0
    moved_up: int = 0


def settle(bookings: Bookings, registry: Registry, *, actor: str) -> SettledBookings:
    """Bring all bookings up to what the registry and the day say.

    Who surely is on record with a dose against the same disease since the day after they booked, or of their session's
    day, needs no place any more: it goes to whoever waits. Whoever has had the dose is looked for in one go, and noted
    in the audit log.
    """
    table, offer = schema.booking, schema.offer
    query = (
        select(table, offer.c.day, offer.c.product)
        .join(offer, offer.c.id == table.c.offer_id)
        .where(table.c.state.in_(ACTIVE))
        .order_by(table.c.id)
    )
    with bookings.reading() as connection:
        rows = connection.execute(query).all()
    had: dict[int, tuple[date, ...]] = {}
    for start in range(0, len(rows), _AT_ONCE):
        had |= _had(bookings, registry, rows[start : start + _AT_ONCE], actor)
    told = dict.fromkeys(SettledBookings._fields, 0)
    with bookings.writing() as connection:
        for row in rows:
            became = _became(row, _made_on(bookings, row), had.get(row.id, ()), bookings.today())
            if became is not None and _change(bookings, connection, row, became):
                told[_COUNTED[became]] += 1
        for number in sorted({row.offer_id for row in rows}):
            told["moved_up"] += places.fill(bookings, connection, number)
        _free(connection, bookings.today())
    return SettledBookings(**told)


_COUNTED = {
    BookingState.DONE: "done",
    BookingState.DROPPED: "dropped",
    BookingState.NO_SHOW: "no_shows",
    BookingState.UNPLACED: "unplaced",
}


def _had(bookings: Bookings, registry: Registry, rows: Any, actor: str) -> dict[int, tuple[date, ...]]:
    """The days of doses since each of them booked, by the number of the booking."""
    asked: dict[int, AskedSince] = {}
    for row in rows:
        known = codes.product(row.product)
        if known is None or row.sealed is None:
            continue
        who = applicants.opened(bookings.desk, row.sealed)
        told = {"full_name": who.full_name, "date_of_birth": who.date_of_birth, "phone": who.phone}
        profile = people.read(registry, told).profile
        if profile is not None:
            asked[row.id] = AskedSince(profile, known.disease, _made_on(bookings, row), row.person)
    return dict(zip(asked, doses_since(registry, list(asked.values()), actor=actor), strict=True)) if asked else {}


def _made_on(bookings: Bookings, row: Any) -> date:
    return local_day(bookings.country, row.made_at.replace(tzinfo=UTC))


def _became(row: Any, made: date, had: tuple[date, ...], today: date) -> BookingState | None:
    """What a booking is by now, or None where it is what it was."""
    state = BookingState(row.state)
    if row.day in had and state is not BookingState.WAITING:
        return BookingState.DONE
    # A dose of the day itself may be the one after which the next was booked.
    if any(day > made for day in had) and state is not BookingState.ARRIVED:
        return BookingState.DROPPED
    if row.day < today and state is BookingState.BOOKED:
        return BookingState.NO_SHOW
    if row.day <= today and state is BookingState.WAITING:
        return BookingState.UNPLACED
    return None


def _change(bookings: Bookings, connection: Connection, row: Any, state: BookingState) -> bool:
    """Change a booking, unless somebody else did meanwhile."""
    table = schema.booking
    values: dict[str, Any] = {"state": state, "changed_at": bookings.now(), "only": None, "notice": ""}
    if state is BookingState.UNPLACED:
        values["notice"] = BookingNotice.UNPLACED
    elif state is BookingState.DROPPED:
        values |= places.FORGOTTEN
    same = (table.c.id == row.id) & (table.c.state == row.state) & (table.c.offer_id == row.offer_id)
    return bool(connection.execute(update(table).where(same).values(**values)).rowcount)


def _free(connection: Connection, today: date) -> None:
    """Whoever was here on a day that is over may book another."""
    table, offer = schema.booking, schema.offer
    over = select(offer.c.id).where(offer.c.day < today)
    here = (table.c.state == BookingState.ARRIVED) & table.c.offer_id.in_(over)
    connection.execute(update(table).where(here).values(only=None))
