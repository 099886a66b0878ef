"""What there is to choose from: parts of sessions, and how many places they have left."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from vaxcert.booking import schema
from vaxcert.booking.states import PLACED, BookingState
from vaxcert.booking.store import Bookings

# Who waits behind so many has no hope worth a form.
MOST_WAITING = 200


class OfferedSession(NamedTuple):
    """A part of a session. `begins`, `ends`: HH:MM by the site's clocks; `free`: places, never below 0; `waiting`:
    people without one; `open`: one may book; `queue`: one may wait for a place."""

    id: int
    session: int
    site: str
    site_name: str
    district: str
    day: date
    begins: str
    ends: str
    product: str
    places: int
    free: int
    waiting: int
    open: bool
    queue: bool


class OfferedPlace(NamedTuple):
    """A site at which something is offered, with how many places there are left in all."""

    site: str
    name: str
    district: str
    free: int
    first: date


class OfferedGroup(NamedTuple):
    """A priority group: its code, and its names."""

    code: str
    name_vi: str
    name_en: str


def places(bookings: Bookings) -> list[OfferedPlace]:
    """The sites at which one may book or wait, by district and name."""
    found: dict[str, OfferedPlace] = {}
    for one in listed(bookings):
        before = found.get(one.site)
        free = one.free + (before.free if before else 0)
        found[one.site] = OfferedPlace(one.site, one.site_name, one.district, free, before.first if before else one.day)
    return sorted(found.values(), key=lambda one: (one.district, one.name, one.site))


def listed(bookings: Bookings, *, site: str = "") -> list[OfferedSession]:
    """What is offered now, the earliest first; of one site, or of all."""
    table = schema.offer
    query = select(table).where(table.c.day >= bookings.today(), table.c.withdrawn_at.is_(None))
    if site:
        query = query.where(table.c.site == site)
    with bookings.reading() as connection:
        rows = connection.execute(query.order_by(table.c.day, table.c.begins, table.c.site)).all()
        return [one for one in told(bookings, connection, rows) if one.open or one.queue]


def get(bookings: Bookings, number: int) -> OfferedSession | None:
    """One of them, whether one may book there still or not; None for a number that none has."""
    with bookings.reading() as connection:
        return one(bookings, connection, number)


def groups(bookings: Bookings) -> list[OfferedGroup]:
    """The priority groups in their order."""
    table = schema.group
    with bookings.reading() as connection:
        rows = connection.execute(select(table).order_by(table.c.position))
        return [OfferedGroup(row.code, row.name_vi, row.name_en) for row in rows]


def one(bookings: Bookings, connection: Connection, number: int) -> OfferedSession | None:
    """As `get`, in the caller's transaction."""
    row = connection.execute(select(schema.offer).where(schema.offer.c.id == number)).first()
    return None if row is None else told(bookings, connection, [row])[0]


def told(bookings: Bookings, connection: Connection, rows: Iterable[Any]) -> list[OfferedSession]:
    """Rows of the table of offers, with what is taken of each."""
    rows = list(rows)
    table, now = schema.booking, bookings.local()
    query = (
        select(table.c.offer_id, table.c.state, func.count())
        .where(table.c.offer_id.in_([row.id for row in rows]))
        .group_by(table.c.offer_id, table.c.state)
    )
    counts: dict[tuple[int, str], int] = {(row[0], row[1]): row[2] for row in connection.execute(query)}
    return [_told(row, counts, now) for row in rows]


def begins_at(day: date, begins: str) -> datetime:
    """When a part of a session begins, by the site's clocks."""
    return datetime.combine(day, time.fromisoformat(begins))


def _told(row: Any, counts: dict[tuple[int, str], int], now: datetime) -> OfferedSession:
    free = max(0, row.places - sum(counts.get((row.id, state), 0) for state in PLACED))
    waiting = counts.get((row.id, BookingState.WAITING), 0)
    there = row.withdrawn_at is None
    # Who moves up has to be told in time: nobody does on the day itself, and nobody waits for it.
    ahead = there and row.day > now.date()
    is_open = there and free > 0 and now < begins_at(row.day, row.begins)
    return OfferedSession(
        row.id, row.session, row.site, row.site_name, row.district, row.day, row.begins, row.ends, row.product,
        row.places, free, waiting, is_open, ahead and not free and waiting < MOST_WAITING,
    )  # fmt: skip
