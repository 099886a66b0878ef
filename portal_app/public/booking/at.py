"""What the pages of appointments share: the bookings, a browser's ticket, and days as people say them."""

from __future__ import annotations

import time
from datetime import date
from typing import Any, cast

from flask import Blueprint, abort, current_app, session

from portal_app.words import language, say
from vaxcert import codes
from vaxcert.booking import Bookings, taking
from vaxcert.booking.taking import Appointment

_KEY = "ticket"
# Seconds for which a browser keeps a ticket that was given or typed; one that others use too may be left at once.
LASTS = 1_800


def blueprint(name: str) -> Blueprint:
    """A group of the pages of appointments."""
    made = Blueprint(name, __name__, url_prefix="/booking")
    made.context_processor(_everywhere)
    return made


def _everywhere() -> dict[str, Any]:
    return {"when": when, "called": lambda product: codes.name("product", product, language())}


def bookings() -> Bookings:
    """The bookings that the app stands on; 404 where none are taken."""
    found = current_app.extensions["booking"]
    return cast("Bookings", found) if found is not None else abort(404)


def when(day: date) -> str:
    """A day with the name it has in the week: who reads 03/12 may take it for another."""
    return f"{say(f'booking_weekday_{day.weekday()}')}, {day:%d/%m/%Y}"


def keep(ticket: str) -> None:
    """Have this browser show an appointment for a while."""
    session[_KEY] = [ticket, int(time.time()) + LASTS]


def kept() -> Appointment | None:
    """The appointment that this browser shows; None where there is none, or not any more."""
    ticket, until = session.get(_KEY) or ("", 0)
    if until < time.time():
        leave()
        return None
    return taking.by_ticket(bookings(), ticket)


def leave() -> None:
    """Have this browser forget the ticket."""
    session.pop(_KEY, None)
