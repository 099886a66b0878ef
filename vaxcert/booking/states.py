"""How far a booking is, why one is refused, and what people have to be told."""

from __future__ import annotations

from enum import StrEnum


class BookingState(StrEnum):
    """How far a booking is. `WAITING` has no place; `BOOKED`, `ARRIVED`, `DONE` and `NO_SHOW` have one or had it."""

    WAITING = "waiting"
    BOOKED = "booked"
    ARRIVED = "arrived"
    DONE = "done"  # had the dose at the session
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"  # by whoever booked
    DROPPED = "dropped"  # had the dose elsewhere meanwhile
    WITHDRAWN = "withdrawn"  # the session was taken back
    UNPLACED = "unplaced"  # waited until the day before, in vain


# Those that count: a person has one at a time.
ACTIVE = (BookingState.WAITING, BookingState.BOOKED, BookingState.ARRIVED)
# Those that take one of the places.
PLACED = (BookingState.BOOKED, BookingState.ARRIVED, BookingState.DONE, BookingState.NO_SHOW)
# Those that whoever booked may still move or cancel.
CHANGEABLE = (BookingState.WAITING, BookingState.BOOKED)


class BookingRefusal(StrEnum):
    """Why there is no place, no move or no cancelling."""

    OVER = "over"  # the session is not offered, or not any more
    FULL = "full"
    WAITING_FULL = "waiting_full"
    HAS_ONE = "has_one"  # this person, at this telephone
    TOO_MANY = "too_many"  # at this telephone
    NO_TICKET = "no_ticket"
    SETTLED = "settled"  # cancelled before, or the day has come


class BookingNotice(StrEnum):
    """What somebody is to be told by message."""

    REMINDER = "reminder"
    MOVED_UP = "moved_up"
    WITHDRAWN = "withdrawn"
    UNPLACED = "unplaced"
