"""Today's appointments at one's sites, and the field that a ticket is scanned into."""

from __future__ import annotations

from typing import Any, cast

from flask import abort, current_app, redirect, render_template, request, url_for

from portal_app import access
from portal_app.access import needs
from portal_app.desk import at
from portal_app.words import say
from vaxcert import typed
from vaxcert.booking import Bookings
from vaxcert.booking.staff import arriving
from vaxcert.booking.staff.arriving import DeskBooking
from vaxcert.booking.states import BookingState
from vaxcert.errors import InputError
from vaxcert.registry.accounts.actions import Action
from vaxcert.registry.desk import sessions
from vaxcert.registry.desk.sessions import Presence

blueprint = at.blueprint("arrivals")

_MOST = 60
# Who is still to come stands first.
_ORDER = (BookingState.BOOKED, BookingState.ARRIVED, BookingState.DONE, BookingState.NO_SHOW)


def bookings() -> Bookings:
    """The bookings, with the desk's key; 404 where none are taken."""
    found = current_app.extensions["booking"]
    return cast("Bookings", found) if found is not None else abort(404)


@blueprint.get("/arrivals")
@needs(Action.CHECK_IN)
def today() -> Any:
    """The day's appointments."""
    return _page("", "")


@blueprint.post("/arrivals")
@needs(Action.CHECK_IN)
def ticket() -> Any:
    """The appointment of a ticket that was scanned or typed."""
    text = request.form.get("ticket", "")[:_MOST]
    try:
        read = typed.read(text, "ticket")
    except InputError:
        return _page(text, say("arrivals_no_ticket" if text.strip() else "arrivals_fill_ticket")), 422
    found = arriving.by_ticket(bookings(), access.registry(), read, actor=access.account().actor)
    if found is None:
        return _page(text, say("arrivals_ticket_unknown")), 404
    if found.at.site not in at.sites():
        day, site = at.day(found.at.day), found.at.site_name
        return _page(text, say("arrivals_elsewhere", day=day, begins=found.at.begins, site=site)), 409
    return redirect(url_for("checking.one", number=found.id))


def _page(text: str, wrong: str) -> str:
    listed = arriving.of_day(
        bookings(), access.registry(), sites=at.sites(), day=access.registry().today(), actor=access.account().actor
    )
    listed = sorted(_brought_up(listed), key=lambda one: (_ORDER.index(one.state), one.at.begins))
    return render_template("arrivals/today.html", listed=listed, text=text, wrong=wrong)


def _brought_up(listed: list[DeskBooking]) -> list[DeskBooking]:
    """Those who have had their dose at the session are done, and are noted to be; who was new is on record by now."""
    session = at.chosen()
    here = [one for one in listed if one.state is BookingState.ARRIVED]
    if session is None or not here:
        return listed
    there = sessions.people(access.registry(), session.id, actor=access.account().actor)
    numbers = {one.id: one.person or arriving.among(bookings(), one, [a.side for a in there]) for one in here}
    done = {a.side.number for a in there if a.presence is Presence.DONE}
    had = {one.id for one in here if numbers[one.id] in done}
    for one in here:
        if one.person is None and numbers[one.id] is not None:
            arriving.arrived(bookings(), one.id, person=numbers[one.id])
        if one.id in had:
            arriving.done(bookings(), one.id)
    return [one._replace(state=BookingState.DONE) if one.id in had else one for one in listed]
