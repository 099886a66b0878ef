"""One's own account: what it may do, and a PIN for today."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from portal_app import access
from portal_app.access import needs
from portal_app.accounts import today
from portal_app.words import language, say
from vaxcert.errors import InputError
from vaxcert.registry.accounts import entering
from vaxcert.registry.accounts.actions import Action
from vaxcert.wording import explain

blueprint = Blueprint("own", __name__)


@blueprint.get("/own")
@needs(Action.OWN)
def own() -> str:
    """Who one is here, and what can be changed."""
    return _page("")


@blueprint.post("/own/pin")
@needs(Action.OWN)
def pin() -> Any:
    """Choose a PIN for today, once one signed in wholly on this machine."""
    registry, who = access.registry(), access.account()
    if not today.knows(registry, who):
        return _page(say("pin_needs_sign_in")), 422
    try:
        entering.choose_pin(registry, who.id, request.form.get("pin", ""))
    except InputError as error:
        return _page(explain(error, language())), 422
    flash(say("pin_chosen"))
    return redirect(url_for("own.own"))


def _page(wrong: str) -> str:
    who, registry = access.account(), access.registry()
    return render_template(
        "accounts/own.html",
        wrong=wrong,
        whole=today.knows(registry, who),
        has_pin=bool(who.pin_hash) and who.pin_day == registry.today(),
    )
