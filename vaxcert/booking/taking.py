"""A place booked, looked at, moved and given back: all by the ticket, which whoever booked is shown and nobody else."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, update

from vaxcert import typed
from vaxcert.booking import applicants, offers, places, schema
from vaxcert.booking.applicants import Applicant, ShownInitials
from vaxcert.booking.offers import OfferedSession
from vaxcert.booking.states import CHANGEABLE, BookingRefusal, BookingState
from vaxcert.booking.store import Bookings

# Of one telephone: a family's.
MOST_AT_A_TELEPHONE = 6


class Appointment(NamedTuple):
    """A booking as whoever has its ticket sees it.

    `ticket`: as it is kept, see `typed.shown`; `who`: None once it is forgotten; `ahead`: how many are before one who
    waits; `changeable`: it may be moved and cancelled; `mark`: names it in a calendar and says nothing of anybody;
    `moves`: how often it was moved.
    """

    id: int
    ticket: str
    state: BookingState
    at: OfferedSession
    who: ShownInitials | None
    ahead: int
    changeable: bool
    mark: str
    moves: int

    def __repr__(self) -> str:
        return f"<Appointment {self.id}>"


def book(
    bookings: Bookings, who: Applicant, offer: int, *, request: str, lang: str = "vi", wait: bool = False
) -> Appointment | BookingRefusal:
    """Take a place, or with `wait` stand in the queue where there is none.

    `request`: made up by the form, so that the same form sent twice is one booking; `lang`: vi or en, in which somebody
    is reminded. Raises nothing for what is full or over: that is a `BookingRefusal`.
    """
    keeper, table = bookings.secrets, schema.booking
    said = (request, str(offer), who.full_name, who.date_of_birth, who.phone)
    same = keeper.hash("booking request", "\x1f".join(said))
    with bookings.writing() as connection:
        known = connection.execute(select(table).where(table.c.request_hash == same)).first()
        if known is not None and known.ticket is None:
            return BookingRefusal.SETTLED
        if known is not None:
            return _told(bookings, connection, known, keeper.decrypt("booking ticket", known.ticket))
        at = offers.one(bookings, connection, offer)
        if at is None or not (at.open or at.queue):
            full = at is not None and at.waiting >= offers.MOST_WAITING
            return BookingRefusal.WAITING_FULL if full else BookingRefusal.OVER
        if at.queue and not wait:
            return BookingRefusal.FULL
        only, telephone = applicants.only(keeper, who), applicants.telephone_of(keeper, who)
        if connection.scalar(select(table.c.id).where(table.c.only == only)) is not None:
            return BookingRefusal.HAS_ONE
        if places.active_at(connection, telephone) >= MOST_AT_A_TELEPHONE:
            return BookingRefusal.TOO_MANY
        ticket, now = typed.new(), bookings.now()
        shown = "\x1f".join(applicants.initials(who))
        connection.execute(
            insert(table).values(
                offer_id=offer, state=BookingState.WAITING if at.queue else BookingState.BOOKED,
                ticket_hash=_hash(bookings, ticket), request_hash=same, only=only, phone_hash=telephone,
                sealed=applicants.sealed(bookings, who), ticket=keeper.encrypt("booking ticket", ticket),
                shown=keeper.encrypt("booking shown", shown), group_code=who.group, rank=_rank(connection, who.group),
                lang=lang, made_at=now, changed_at=now,
            )
        )  # fmt: skip
        row = connection.execute(select(table).where(table.c.request_hash == same)).one()
        return _told(bookings, connection, row, ticket)


def by_ticket(bookings: Bookings, ticket: str) -> Appointment | None:
    """The booking of a ticket, as `typed.read` reads it; None where there is none."""
    with bookings.reading() as connection:
        row = _row(bookings, connection, ticket)
        return None if row is None else _told(bookings, connection, row, ticket)


def move(bookings: Bookings, ticket: str, offer: int) -> Appointment | BookingRefusal:
    """Have a booking be at another part of a session, where a place is free; whoever waits for the old one gets it.

    Both or neither happen.
    """
    with bookings.writing() as connection:
        row = _row(bookings, connection, ticket)
        if row is None:
            return BookingRefusal.NO_TICKET
        before = _told(bookings, connection, row, ticket)
        if row.offer_id == offer and before.state is BookingState.BOOKED:
            return before
        if not before.changeable:
            return BookingRefusal.SETTLED
        at = offers.one(bookings, connection, offer)
        if at is None or not at.open:
            return BookingRefusal.FULL if at is not None and at.queue else BookingRefusal.OVER
        values = {"offer_id": offer, "state": BookingState.BOOKED, "moves": row.moves + 1, "notice": ""}
        mine = schema.booking.c.id == row.id
        connection.execute(update(schema.booking).where(mine).values(changed_at=bookings.now(), **values))
        places.fill(bookings, connection, row.offer_id)
        now = connection.execute(select(schema.booking).where(mine)).one()
        return _told(bookings, connection, now, ticket)


def cancel(bookings: Bookings, ticket: str) -> Appointment | BookingRefusal:
    """Give a place back, or leave the queue: who it was is forgotten at once. Twice is once."""
    with bookings.writing() as connection:
        row = _row(bookings, connection, ticket)
        if row is None:
            return BookingRefusal.NO_TICKET
        before = _told(bookings, connection, row, ticket)
        if before.state is BookingState.CANCELLED:
            return before
        if not before.changeable:
            return BookingRefusal.SETTLED
        mine = schema.booking.c.id == row.id
        values = {"state": BookingState.CANCELLED, "changed_at": bookings.now(), "notice": "", **places.FORGOTTEN}
        connection.execute(update(schema.booking).where(mine).values(**values))
        places.fill(bookings, connection, row.offer_id)
        now = connection.execute(select(schema.booking).where(mine)).one()
        return _told(bookings, connection, now, ticket)


def _row(bookings: Bookings, connection: Connection, ticket: str) -> Any:
    table = schema.booking
    return connection.execute(select(table).where(table.c.ticket_hash == _hash(bookings, ticket))).first()


def _hash(bookings: Bookings, ticket: str) -> str:
    return bookings.secrets.hash("booking ticket", ticket)


def _rank(connection: Connection, group: str) -> int:
    """Where a group stands among the others; after all of them, who is in none."""
    order = list(connection.scalars(select(schema.group.c.code).order_by(schema.group.c.position)))
    return order.index(group) if group in order else len(order)


def _told(bookings: Bookings, connection: Connection, row: Any, ticket: str) -> Appointment:
    at = offers.one(bookings, connection, row.offer_id)
    assert at is not None  # noqa: S101  (a booking refers to it)
    state = BookingState(row.state)
    who = ShownInitials(*bookings.secrets.decrypt("booking shown", row.shown).split("\x1f")) if row.shown else None
    begun = bookings.local() >= offers.begins_at(at.day, at.begins)
    return Appointment(
        row.id, ticket, state, at, who, places.ahead(connection, row.id) if state is BookingState.WAITING else 0,
        state in CHANGEABLE and not begun, bookings.secrets.hash("booking mark", str(row.id)), row.moves,
    )  # fmt: skip
