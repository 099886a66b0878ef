"""Who has a place, and who moves up when one is free: by priority group, and within one by who asked first."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, func, select, update

from vaxcert.booking import offers, schema
from vaxcert.booking.states import ACTIVE, BookingNotice, BookingState
from vaxcert.booking.store import Bookings

# From the day before, nobody moves up: whoever waits would learn of it too late.
AHEAD = timedelta(days=1)

# What is forgotten of somebody as soon as nobody needs it: all that says who they are.
FORGOTTEN = {"only": None, "phone_hash": None, "sealed": None, "ticket": None, "shown": None, "person": None}


def fill(bookings: Bookings, connection: Connection, offer: int) -> int:
    """Give free places to those who wait, in their order, and return how many got one; they are to be told."""
    table = schema.booking
    found = offers.one(bookings, connection, offer)
    if found is None or not found.waiting or found.day < bookings.today() + AHEAD:
        return 0
    waiting = (
        select(table.c.id)
        .where(table.c.offer_id == offer, table.c.state == BookingState.WAITING)
        .order_by(table.c.rank, table.c.made_at, table.c.id)
        .limit(found.free)
    )
    lucky = list(connection.scalars(waiting))
    values = {"state": BookingState.BOOKED, "changed_at": bookings.now(), "notice": BookingNotice.MOVED_UP}
    if lucky:
        connection.execute(update(table).where(table.c.id.in_(lucky)).values(**values))
    return len(lucky)


def ahead(connection: Connection, number: int) -> int:
    """How many wait at the same part of a session and come before somebody who waits."""
    table = schema.booking
    me = connection.execute(select(table).where(table.c.id == number)).one()
    others = select(table.c.id, table.c.rank, table.c.made_at).where(
        table.c.offer_id == me.offer_id, table.c.state == BookingState.WAITING
    )
    mine = (me.rank, me.made_at, me.id)
    return sum((row.rank, row.made_at, row.id) < mine for row in connection.execute(others))


def active_at(connection: Connection, telephone: str) -> int:
    """How many active bookings there are at a telephone, by its hash."""
    table = schema.booking
    query = select(func.count()).where(table.c.phone_hash == telephone, table.c.state.in_(ACTIVE))
    return int(connection.scalar(query) or 0)
