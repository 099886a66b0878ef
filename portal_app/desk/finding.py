"""Whom somebody means: by a card that is scanned, or by as much as they say. Nothing typed is in an address."""

from __future__ import annotations

from typing import Any

from flask import current_app, redirect, render_template, request, url_for

from portal_app import access
from portal_app.access import needs
from portal_app.desk import at, typed
from portal_app.words import say
from vaxcert.errors import Reason
from vaxcert.registry.accounts import seeing
from vaxcert.registry.accounts.actions import Action
from vaxcert.registry.desk import finding
from vaxcert.registry.desk.finding import PersonSearch
from vaxcert.registry.states import AccessReason

blueprint = at.blueprint("desk_finding")

# What is typed here is a beginning: that something is missing is no mistake.
_NOT_YET = (Reason.MISSING, Reason.EMPTY)


@blueprint.get("/find")
@needs(Action.SEARCH)
def find() -> str:
    """An empty form."""
    return _page({}, {}, None)


@blueprint.post("/find")
@needs(Action.SEARCH)
def found() -> str:
    """Who it could be, below the form."""
    texts, wrong, search = _searched()
    return _page(texts, wrong, search)


@blueprint.post("/find/candidates")
@needs(Action.SEARCH)
def candidates() -> str:
    """Who it could be, alone: for a page that asks while somebody types."""
    texts, wrong, search = _searched()
    return render_template("desk/candidates.html", **_told(search), values=texts, wrong=wrong, typing=True)


@blueprint.post("/people/<int:number>/reason")
@needs(Action.SEARCH)
def reason(number: int) -> Any:
    """Be shown somebody of another site, for a reason that is noted."""
    given = request.form.get("reason", "")
    if given in set(AccessReason):
        seeing.give_reason(access.registry(), access.account(), number, AccessReason(given))
        return redirect(url_for("desk_person.person", number=number))
    return redirect(url_for("desk_person.person", number=number, reason="missing"))


def _searched() -> tuple[dict[str, str], dict[str, str], PersonSearch]:
    registry, who = access.registry(), access.account()
    texts, card = typed.texts(request.form)
    said = typed.read(registry, texts, card)
    wrong = at.told(one for one in said.problems if one.reason not in _NOT_YET)
    whole = None if said.problems else said.profile
    search = finding.find(registry, typed.sought(texts), whole, actor=who.actor)
    seeing.viewed(registry, who, at.open_to([one.candidate.side.number for one in search.found]), "find")
    return texts, wrong, search


def _told(search: PersonSearch | None) -> dict[str, Any]:
    listed = search.found if search else []
    sure = [one for one in listed if one.candidate.sure] or (listed if len(listed) == 1 else [])
    return {
        "search": search,
        "listed": listed,
        "open_to": at.open_to([one.candidate.side.number for one in listed]) if listed else set(),
        "first": sure[0].candidate.side.number if sure else None,
        "reasons": list(AccessReason),
        "session": at.chosen(),
    }


def _page(texts: dict[str, str], wrong: dict[str, str], search: PersonSearch | None) -> str:
    return render_template(
        "desk/find.html", **_told(search), values=texts, wrong=wrong, typing=False,
        quick=bool(current_app.extensions["quick"]), title=say("desk_find"),
    )  # fmt: skip
