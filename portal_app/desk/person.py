"""One record: who they are, their doses and certificates, and what can be done."""

from __future__ import annotations

from flask import render_template, request

from portal_app import access
from portal_app.access import needs
from portal_app.desk import at
from portal_app.words import say
from vaxcert.registry.accounts import seeing
from vaxcert.registry.accounts.actions import Action
from vaxcert.registry.desk import showing
from vaxcert.registry.states import AccessReason

blueprint = at.blueprint("desk_person")


@blueprint.get("/people/<int:number>")
@needs(Action.SEARCH)
def person(number: int) -> str:
    """Somebody whole, or masked with the question why they are to be seen."""
    registry, who = access.registry(), access.account()
    one = showing.whole(registry, number, actor=who.actor)
    if not at.is_open_to(one.number):
        wrong = say("desk_reason_choose") if "reason" in request.args else ""
        return render_template("desk/masked.html", one=one, reasons=list(AccessReason), wrong=wrong)
    seeing.viewed(registry, who, [one.number], "person")
    return render_template("desk/person.html", one=one, session=at.chosen())
