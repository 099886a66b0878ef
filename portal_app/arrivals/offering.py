"""Places at sessions of days to come, offered to whoever books them: how many there are, and taken back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from portal_app import access
from portal_app.access import needs
from portal_app.arrivals.day import bookings
from portal_app.desk import at
from portal_app.words import say
from vaxcert.booking.staff import offering, retaining
from vaxcert.booking.staff.retaining import OfferCounts
from vaxcert.errors import InputError, NotFoundError, Reason
from vaxcert.registry.accounts import places
from vaxcert.registry.accounts.actions import Action
from vaxcert.registry.desk import supplies
from vaxcert.tables.values.days import day

blueprint = at.blueprint("offering")

# As clocks are written here: 7:30, 07:30, 7h30, 7g30, 7h.
_CLOCK = re.compile(r"\s*([0-9]{1,2})\s*[:.hgHG]\s*([0-9]{2})?\s*", re.ASCII)
_FIELDS = ("lot", "day", "begins", "ends", "places")
_LONGEST = 40


@blueprint.get("/offers")
@needs(Action.CHECK_IN)
def listed() -> str:
    """What one's sites offer from today on, and a form to offer more."""
    return _page({}, {})


@blueprint.post("/offers")
@needs(Action.CHECK_IN)
def offer() -> Any:
    """Offer places."""
    typed = {name: request.form.get(name, "")[:_LONGEST].strip() for name in _FIELDS}
    site, _, lot = typed["lot"].partition(" ")
    wrong: dict[str, str] = {}
    if site not in at.sites():
        wrong["lot"] = say("desk_choose_lot")
    wrong |= {name: say("offers_clock") for name in ("begins", "ends") if not _clock(typed[name])}
    if not 0 <= _number(typed["places"]) <= offering.MOST_PLACES:
        wrong["places"] = say("offers_places_wrong", most=offering.MOST_PLACES)
    try:
        when = day(typed["day"])
    except InputError:
        when, wrong["day"] = None, say("offers_day")
    if wrong or when is None:
        return _page(typed, wrong), 422
    try:
        made = offering.plan(
            bookings(), access.registry(), site=site, lot=lot, day=when, places=_number(typed["places"]),
            begins=_clock(typed["begins"]), ends=_clock(typed["ends"]), actor=access.account().actor,
        )  # fmt: skip
    except InputError as error:
        return _page(typed, _told(error)), 422
    flash(say("offers_offered", n=made.places, day=at.day(made.day), begins=made.begins))
    return redirect(url_for("offering.listed"))


@blueprint.post("/offers/<int:number>")
@needs(Action.CHECK_IN)
def change(number: int) -> Any:
    """Say how many places there are from now on; with fewer nobody loses theirs."""
    one = _ours(number)
    try:
        offering.offer(
            bookings(), access.registry(), one.session, places=_number(request.form.get("places", "")),
            begins=one.begins, ends=one.ends, actor=access.account().actor,
        )  # fmt: skip
    except InputError as error:
        return _page({}, {"": " ".join(_told(error).values())}), 422
    flash(say("offers_changed"))
    return redirect(url_for("offering.listed"))


@blueprint.get("/offers/<int:number>/withdraw")
@needs(Action.CHECK_IN)
def ask(number: int) -> str:
    """Whether it is meant, and how many have to be told."""
    return render_template("arrivals/withdraw.html", one=_ours(number))


@blueprint.post("/offers/<int:number>/withdraw")
@needs(Action.CHECK_IN)
def withdraw(number: int) -> Any:
    """Take an offer back."""
    gone = offering.withdraw(bookings(), access.registry(), _ours(number).id, actor=access.account().actor)
    flash(say("offers_withdrawn", n=gone))
    return redirect(url_for("offering.listed"))


def _of_ours() -> list[OfferCounts]:
    """What is offered at the account's sites from today on."""
    since = bookings().today()
    return [one for one in retaining.counts(bookings(), since=since) if one.site in at.sites() and not one.withdrawn]


def _ours(number: int) -> OfferCounts:
    """One of them. Raises `NotFoundError` for any other."""
    for one in _of_ours():
        if one.id == number:
            return one
    raise NotFoundError(f"offer {number}: none of this site's that is ahead", Reason.NO_SUCH_RECORD)


def _clock(text: str) -> str:
    """A time of the day as HH:MM, or "" for what is none."""
    found = _CLOCK.fullmatch(text)
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        return ""
    return f"{int(found[1]):02}:{found[2] or '00'}"


def _number(text: str) -> int:
    """A number of places; one that nobody may offer for what is none."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else -1


def _told(error: InputError) -> dict[str, str]:
    if error.field == "places":
        return {"places": say("offers_places_wrong", most=offering.MOST_PLACES)}
    if error.field == "ends":
        return {"ends": say("offers_ends")}
    return {"day" if field == "date" else field: words for field, words in at.wrong(error).items()}


def _page(typed: Mapping[str, str], wrong: Mapping[str, str]) -> str:
    registry = access.registry()
    with registry.reading() as connection:
        ours = [one for one in places.sites(connection) if one.code in at.sites()]
    stock = [(site, supplies.lots(registry, site.code)) for site in ours]
    return render_template(
        "arrivals/offers.html", listed=_of_ours(), stock=[(site, there) for site, there in stock if there],
        sites={site.code: site.name for site in ours}, typed=typed, wrong=wrong,
    )  # fmt: skip
