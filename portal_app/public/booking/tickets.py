"""An appointment by its ticket: looked at, put into a calendar, moved, cancelled. The ticket is in no address."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from markupsafe import Markup

from portal_app.public.booking import at
from portal_app.public.filling import MOST
from portal_app.words import say
from vaxcert import typed
from vaxcert.booking import icalendar, offers, taking
from vaxcert.booking.states import BookingRefusal, BookingState
from vaxcert.errors import InputError, Reason
from vaxcert.qr import write

blueprint = at.blueprint("tickets")


@blueprint.get("/ticket")
def ask() -> Any:
    """Where a ticket is typed."""
    return _ask("", "")


@blueprint.post("/ticket")
def asked() -> Any:
    """Show the appointment of a ticket, or say that there is none."""
    text = request.form.get("ticket", "")[:MOST]
    try:
        ticket = typed.read(text, "ticket")
    except InputError as error:
        return _ask(text, say("booking_fill_ticket" if error.reason is Reason.MISSING else "booking_wrong_ticket")), 422
    if taking.by_ticket(at.bookings(), ticket) is None:
        return _ask(text, say("booking_no_ticket")), 404
    at.keep(ticket)
    return redirect(url_for("tickets.mine"))


@blueprint.get("/mine")
def mine() -> Any:
    """The appointment that this browser shows."""
    one = at.kept()
    if one is None:
        return redirect(url_for("tickets.ask"))
    ticket = typed.shown(one.ticket)
    # Who waits is not to come, and has nothing to be scanned.
    code = Markup(write(ticket).svg()) if one.state is BookingState.BOOKED else ""  # noqa: S704  (made here, of a ticket's signs)
    return render_template("public/booking/mine.html", one=one, ticket=ticket, code=code)


@blueprint.get("/mine.ics")
def calendar() -> Any:
    """The appointment for a telephone's calendar."""
    one = at.kept()
    if one is None or one.state is not BookingState.BOOKED:
        return redirect(url_for("tickets.mine"))
    said = say("booking_calendar_details", ticket=typed.shown(one.ticket))
    data = icalendar.event(
        mark=one.mark, changes=one.moves, made=at.bookings().clock(), day=one.at.day, begins=one.at.begins,
        ends=one.at.ends, country=at.bookings().country, summary=say("booking_calendar_summary"),
        place=f"{one.at.site_name}, {one.at.district}", details=said,
    )  # fmt: skip
    answer = Response(data, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="lich-hen.ics"'
    return answer


@blueprint.get("/move", defaults={"site": ""})
@blueprint.get("/move/<site>")
def move(site: str) -> Any:
    """Where and when there are places to move to: at the same place first."""
    return _move(site, "")


@blueprint.post("/move")
def moved() -> Any:
    """Take another place, and give back the one there was."""
    one = at.kept()
    if one is None:
        return redirect(url_for("tickets.ask"))
    number = request.form.get("offer", "")
    to = offers.get(at.bookings(), int(number[:9])) if number.isascii() and number.isdecimal() else None
    made = taking.move(at.bookings(), one.ticket, to.id) if to else BookingRefusal.OVER
    if isinstance(made, BookingRefusal):
        return _move(to.site if to else "", say("booking_move_refused")), 409
    return redirect(url_for("tickets.mine"))


@blueprint.get("/cancel")
def cancel() -> Any:
    """Whether it is really to be cancelled."""
    one = at.kept()
    if one is None or not one.changeable:
        return redirect(url_for("tickets.mine"))
    return render_template("public/booking/cancel.html", one=one)


@blueprint.post("/cancel")
def cancelled() -> Any:
    """Give the place back."""
    one = at.kept()
    if one is not None:
        taking.cancel(at.bookings(), one.ticket)
    return redirect(url_for("tickets.mine"))


@blueprint.post("/leave")
def leave() -> Any:
    """Have this browser forget the ticket: others may use it."""
    at.leave()
    return redirect(url_for("public.home"))


def _ask(text: str, wrong: str) -> str:
    return render_template("public/booking/ticket.html", text=text, wrong=wrong)


def _move(site: str, wrong: str) -> Any:
    one = at.kept()
    if one is None or not one.changeable:
        return redirect(url_for("tickets.mine"))
    there = [other for other in offers.listed(at.bookings()) if other.open and other.id != one.at.id]
    sites = {other.site: other for other in sorted(there, key=lambda other: (other.district, other.site_name))}
    # The same place first, and where it has nothing, any that has.
    site = site if site in sites else one.at.site if one.at.site in sites else next(iter(sites), "")
    listed = [other for other in there if other.site == site]
    by_day = [(day, list(some)) for day, some in groupby(listed, key=lambda other: other.day)]
    return render_template(
        "public/booking/move.html", one=one, place=sites.get(site), days=by_day, wrong=wrong,
        others=[other for code, other in sites.items() if code != site],
    )  # fmt: skip
