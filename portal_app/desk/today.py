"""Who is expected at the session, who is here, who is done."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from portal_app import access
from portal_app.access import needs
from portal_app.desk import at
from portal_app.words import say
from vaxcert.errors import InputError
from vaxcert.registry.accounts import seeing
from vaxcert.registry.accounts.actions import Action
from vaxcert.registry.desk import sessions
from vaxcert.registry.desk.sessions import Presence

blueprint = at.blueprint("desk_today")

# Who is here and waits stands first.
_ORDER = (Presence.HERE, Presence.EXPECTED, Presence.DONE)


@blueprint.get("/today")
@needs(Action.CHECK_IN)
def today() -> Any:
    """The session's list."""
    session = at.chosen()
    if session is None:
        return at.to_choose()
    registry, who = access.registry(), access.account()
    listed = sessions.people(registry, session.id, actor=who.actor)
    open_to = at.open_to([one.side.number for one in listed])
    listed = [one for one in listed if one.side.number in open_to]
    seeing.viewed(registry, who, [one.side.number for one in listed], "today")
    # Just checked in, the next one has the focus: a row of people goes by one key each.
    listed.sort(key=lambda one: _ORDER.index(one.presence))
    first = next((one.side.number for one in listed if one.presence is Presence.EXPECTED), None)
    return render_template("desk/today.html", listed=listed, focus=first if "next" in request.args else None)


@blueprint.post("/people/<int:number>/check-in")
@needs(Action.CHECK_IN)
def check_in(number: int) -> Any:
    """Note that somebody came; who is not on the list is put there."""
    session = at.chosen()
    if session is None:
        return at.to_choose()
    if not at.is_open_to(number):
        return redirect(url_for("desk_person.person", number=number))
    registry, actor = access.registry(), access.account().actor
    try:
        sessions.expect(registry, session.id, [number], actor=actor)
        sessions.check_in(registry, session.id, number, actor=actor)
    except InputError as error:
        flash(" ".join(at.wrong(error).values()))
        return redirect(url_for("desk_sessions.listed"))
    flash(say("desk_checked_in"))
    if request.form.get("from") == "list":
        return redirect(url_for("desk_today.today", next=1))
    return redirect(url_for("desk_person.person", number=number))
