"""The sessions of the day: one is chosen, opened, closed."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from portal_app import access
from portal_app.access import needs
from portal_app.desk import at
from portal_app.words import say
from vaxcert.errors import InputError, NotFoundError
from vaxcert.registry.accounts import places
from vaxcert.registry.accounts.actions import Action
from vaxcert.registry.desk import sessions, supplies

blueprint = at.blueprint("desk_sessions")


@blueprint.get("/sessions")
@needs(Action.CHECK_IN)
def listed() -> str:
    """Today's sessions, and lots to open another with."""
    return page({})


@blueprint.post("/sessions/open")
@needs(Action.CHECK_IN)
def open_() -> Any:
    """Open a session of a lot that is in stock, and work at it."""
    site, _, lot = request.form.get("lot", "").partition(" ")
    if site not in at.sites():
        return page({"lot": say("desk_choose_lot")}), 422
    product = next((one.product for one in supplies.lots(access.registry(), site) if one.lot == lot), "")
    try:
        number = sessions.open_session(
            access.registry(), site=site, product=product, lot=lot, actor=access.account().actor
        )
    except InputError as error:
        return page(at.wrong(error)), 422
    at.choose(number)
    return redirect(url_for("desk_finding.find"))


@blueprint.post("/sessions/<int:number>/choose")
@needs(Action.CHECK_IN)
def choose(number: int) -> Any:
    """Work at a session."""
    at.choose(number)
    return redirect(url_for("desk_finding.find"))


@blueprint.post("/sessions/<int:number>/close")
@needs(Action.CHECK_IN)
def close(number: int) -> Any:
    """Close a session of one's own site."""
    of_ours(number)
    try:
        sessions.close(access.registry(), number, actor=access.account().actor)
    except InputError as error:
        return page(at.wrong(error)), 422
    flash(say("desk_closed", number=number))
    return redirect(url_for("desk_sessions.listed"))


def of_ours(number: int) -> sessions.Session:
    """A session at one of the account's sites. Raises `NotFoundError` for any other."""
    found = sessions.get(access.registry(), number)
    if found.site not in at.sites():
        raise NotFoundError(f"session {number}: of another site")
    return found


def page(wrong: dict[str, str], report: Any = None) -> str:
    """The page; `report`: how a sheet was taken over."""
    registry = access.registry()
    with registry.reading() as connection:
        ours = [one for one in places.sites(connection) if one.code in at.sites()]
    stock = [(site, supplies.lots(registry, site.code)) for site in ours]
    return render_template(
        "desk/sessions.html", today=at.of_today(), stock=[(site, there) for site, there in stock if there],
        sites={site.code: site.name for site in ours}, wrong=wrong, report=report,
    )  # fmt: skip
