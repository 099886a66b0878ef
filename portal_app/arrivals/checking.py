"""Somebody with an appointment is here: who they are on record, or that they are new."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from portal_app import access
from portal_app.access import needs
from portal_app.arrivals.day import bookings
from portal_app.desk import at
from portal_app.words import say
from vaxcert.booking.staff import arriving
from vaxcert.booking.staff.arriving import DeskBooking
from vaxcert.booking.states import BookingState
from vaxcert.errors import InputError, NotFoundError
from vaxcert.registry.accounts import seeing
from vaxcert.registry.accounts.actions import Action
from vaxcert.registry.desk import people, sessions
from vaxcert.registry.desk.people import Candidate
from vaxcert.registry.states import AccessReason

blueprint = at.blueprint("checking")

# Who may still be checked in: late is not too late.
_WELCOME = (BookingState.BOOKED, BookingState.ARRIVED, BookingState.NO_SHOW)
# A form's answer that whoever has the appointment is none of those on record.
NOBODY = "0"


@blueprint.get("/arrivals/<int(max=2147483647):number>")
@needs(Action.CHECK_IN)
def one(number: int) -> Any:
    """The appointment, and who on record it could be."""
    return _page(_ours(number), "")


@blueprint.post("/arrivals/<int(max=2147483647):number>/check-in")
@needs(Action.CHECK_IN)
def check_in(number: int) -> Any:
    """Note that somebody came, as one of those on record."""
    found, session = _ours(number), at.chosen()
    if session is None:
        return at.to_choose()
    among = {str(one.side.number): one for one in _candidates(found)}
    chosen = among.get(request.form.get("person", ""))
    if found.state not in _WELCOME or chosen is None:
        return _page(found, say("arrivals_choose_person")), 422
    registry, who, person = access.registry(), access.account(), chosen.side.number
    if not at.is_open_to(person):
        # They are here, with a ticket for this site: that is why their record is to be seen.
        seeing.give_reason(registry, who, person, AccessReason.PRESENT)
    try:
        sessions.expect(registry, session.id, [person], actor=who.actor)
        sessions.check_in(registry, session.id, person, actor=who.actor)
        arriving.arrived(bookings(), found.id, person=person)
    except InputError as error:
        return _page(found, " ".join(at.wrong(error).values())), 422
    flash(say("desk_checked_in"))
    if access.allowed(Action.RECORD):
        return redirect(url_for("desk_known.form", number=person))
    # The next ticket is scanned there.
    return redirect(url_for("arrivals.today"))


@blueprint.post("/arrivals/<int(max=2147483647):number>/new")
@needs(Action.ADD_PERSON)
def new(number: int) -> Any:
    """Note that somebody came who is not on record: the desk's form for somebody new comes filled in."""
    found = _ours(number)
    if at.chosen() is None:
        return at.to_choose()
    if found.state not in _WELCOME:
        return _page(found, say("arrivals_choose_person")), 422
    arriving.arrived(bookings(), found.id)
    # The same form once more, to another page: nothing of it goes through an address.
    return redirect(url_for("desk_newcomer.begin"), 307)


def _ours(number: int) -> DeskBooking:
    """An appointment at one of the account's sites. Raises `NotFoundError` for any other."""
    found = arriving.get(bookings(), access.registry(), number, actor=access.account().actor)
    if found.at.site not in at.sites():
        raise NotFoundError(f"booking {number}: at another site")
    return found


def _candidates(found: DeskBooking) -> list[Candidate]:
    """Who on record it could be: first who it surely is."""
    if found.who is None:
        return []
    told = {"full_name": found.who.full_name, "date_of_birth": found.who.date_of_birth, "phone": found.who.phone}
    said = people.read(access.registry(), told)
    return people.who(access.registry(), said.profile, actor=access.account().actor) if said.profile else []


def _page(found: DeskBooking, wrong: str) -> str:
    listed = _candidates(found) if found.state in _WELCOME else []
    numbers = [one.side.number for one in listed]
    seeing.viewed(access.registry(), access.account(), numbers, "arrival")
    # Of those, whom it surely is; then one key is enough.
    sure = [one.side.number for one in listed if one.sure]
    return render_template(
        "arrivals/one.html", one=found, listed=listed, open_to=at.open_to(numbers) if numbers else set(),
        first=sure[0] if len(sure) == 1 else None, wrong=wrong, welcome=found.state in _WELCOME,
        today=access.registry().today(), session=at.chosen(),
    )  # fmt: skip
