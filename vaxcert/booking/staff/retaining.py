"""What is deleted when: who booked, soon after the day; how many came and did not, is kept as numbers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, select, update

from vaxcert.booking import schema
from vaxcert.booking.states import PLACED, BookingState
from vaxcert.booking.store import Bookings
from vaxcert.registry import Registry, audit

# After the day of the session: as long as somebody may ask what became of it.
KEPT = timedelta(days=7)


class OfferCounts(NamedTuple):
    """A part of a session in numbers: its places, how many have or had one, came, did not come, and wait."""

    id: int
    session: int
    site: str
    day: date
    begins: str
    ends: str
    places: int
    taken: int
    came: int
    no_shows: int
    waiting: int
    withdrawn: bool
    product: str


def retain(bookings: Bookings, registry: Registry, *, keep: timedelta = KEPT, actor: str) -> int:
    """Delete the bookings of sessions whose day is longer ago than `keep`, and return how many.

    Whoever still counts as having a place did not come; settle first (`settling.settle`).
    """
    table, offer = schema.booking, schema.offer
    before = bookings.today() - keep
    with bookings.writing() as connection:
        over = list(connection.scalars(select(offer.c.id).where(offer.c.day < before)))
        counted = _counts(connection, over)
        gone = 0
        for number in over:
            states = counted.get(number, {})
            if not states:
                continue
            came = sum(states.get(state, 0) for state in _CAME)
            absent = sum(states.get(state, 0) for state in _ABSENT)
            of_it = offer.c.id == number
            values = {"came": offer.c.came + came, "no_shows": offer.c.no_shows + absent}
            connection.execute(update(offer).where(of_it).values(**values))
            gone += connection.execute(delete(table).where(table.c.offer_id == number)).rowcount
    if gone:
        bookings.sweep()
        with registry.noting() as noted:
            audit.record(registry, noted, actor, "delete bookings", bookings=gone, before=before.isoformat())
    return int(gone)


def counts(bookings: Bookings, *, since: date | None = None) -> list[OfferCounts]:
    """All that was and is offered, in numbers; from a day on, or from the first."""
    offer = schema.offer
    query = select(offer).order_by(offer.c.day, offer.c.site, offer.c.begins)
    if since is not None:
        query = query.where(offer.c.day >= since)
    with bookings.reading() as connection:
        rows = connection.execute(query).all()
        counted = _counts(connection, [row.id for row in rows])
    found = []
    for row in rows:
        states = counted.get(row.id, {})
        found.append(
            OfferCounts(
                row.id, row.session, row.site, row.day, row.begins, row.ends, row.places,
                row.came + row.no_shows + sum(states.get(state, 0) for state in PLACED),
                row.came + sum(states.get(state, 0) for state in _CAME),
                row.no_shows + states.get(BookingState.NO_SHOW, 0), states.get(BookingState.WAITING, 0),
                row.withdrawn_at is not None, row.product,
            )
        )  # fmt: skip
    return found


_CAME = (BookingState.ARRIVED, BookingState.DONE)
_ABSENT = (BookingState.BOOKED, BookingState.NO_SHOW)


def _counts(connection: Connection, offers: list[int]) -> dict[int, dict[str, int]]:
    table = schema.booking
    query = select(table.c.offer_id, table.c.state, func.count()).group_by(table.c.offer_id, table.c.state)
    found: dict[int, dict[str, int]] = {}
    for number, state, many in connection.execute(query.where(table.c.offer_id.in_(offers))):
        found.setdefault(number, {})[state] = many
    return found
