"""Changing accounts on a shared machine: whoever signed in wholly today goes on by a PIN."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_security import login_user, logout_user

from portal_app import access
from portal_app.access import Open, needs
from portal_app.accounts import today
from portal_app.accounts.models import User
from vaxcert.registry.accounts import entering
from vaxcert.registry.accounts.actions import Action

blueprint = Blueprint("switching", __name__)


@blueprint.app_context_processor
def _offered() -> dict[str, Any]:
    return {"pin_people": lambda: bool(today.with_pin(access.registry()))}


@blueprint.get("/switch")
@needs(Open.TO_ALL)
def people() -> Any:
    """Who may go on here by PIN; without anybody, the way to signing in."""
    found = today.with_pin(access.registry())
    if not found:
        return redirect(url_for("pages.home" if access.somebody() else "security.login"))
    return render_template("accounts/switch.html", people=found, wrong=False)


@blueprint.post("/switch")
@needs(Open.TO_ALL)
def switch() -> Any:
    """Go on as somebody of today, by their PIN."""
    registry, number = access.registry(), request.form.get("account", "")
    found = today.with_pin(registry)
    chosen = next((one for one in found if str(one.id) == number), None)
    if chosen is None or not entering.right_pin(registry, chosen, request.form.get("pin", "")):
        left = today.with_pin(registry)
        if not left:
            return redirect(url_for("security.login"))
        return render_template("accounts/switch.html", people=left, wrong=True, chosen=number), 422
    if access.somebody() is not None:
        logout_user()
    login_user(User(registry, chosen), authn_via=["pin"])
    return redirect(url_for("pages.home"))


@blueprint.post("/lock")
@needs(Action.OWN)
def lock() -> Any:
    """Leave the machine to the next; this account's PIN lets it in again."""
    logout_user()
    return redirect(url_for("switching.people"))


@blueprint.post("/end-day")
@needs(Open.TO_ALL)
def end_day() -> Any:
    """Sign out, and have nobody go on by PIN here."""
    if access.somebody() is not None:
        logout_user()
    session.clear()
    return redirect(url_for("security.login"))
