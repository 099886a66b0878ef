"""The first page, and the language."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from portal_app import access
from portal_app.access import Open, needs
from portal_app.words import LANGUAGES, say
from portal_app.words import language as chosen
from vaxcert.registry.accounts.actions import Action

blueprint = Blueprint("pages", __name__)

_A_YEAR = 31_536_000
# A path here: two slashes, or one and its mirror image, would be another host.
_OURS = re.compile(r"/(?:[\w.-]+/?)*", re.ASCII)


class Entry(NamedTuple):
    """What the first page and every page's head offer to those who may: an endpoint, and its words' name."""

    endpoint: str
    action: Action
    words: str


# In the order of a day's work. A group of pages adds its own lines.
MENU = (
    Entry("desk_finding.find", Action.SEARCH, "desk_find"),
    Entry("desk_today.today", Action.CHECK_IN, "desk_today"),
    Entry("desk_sessions.listed", Action.CHECK_IN, "desk_sessions"),
    Entry("intake.start", Action.IMPORT, "intake"),
    Entry("questions.queue", Action.ANSWER, "questions"),
    Entry("correcting.start", Action.CORRECT, "corrections"),
    Entry("history.listed", Action.IMPORT, "runs"),
    Entry("certifying.start", Action.ISSUE_MANY, "certificates"),
    Entry("managing.numbers", Action.COUNT, "numbers"),
    Entry("administering.accounts", Action.ACCOUNTS, "accounts"),
    Entry("administering.sites", Action.SITES, "sites"),
    Entry("caring.check_up", Action.ACCOUNTS, "check_up"),
    Entry("own.own", Action.OWN, "own_account"),
)


@blueprint.app_context_processor
def everywhere() -> dict[str, Any]:
    """What every page's template may use."""
    lang = chosen()
    return {
        "lang": lang,
        "other": "en" if lang == "vi" else "vi",
        "t": lambda key, of=lang, /, **said: say(key, of, **said),
        "training": current_app.extensions["settings"].training,
        "token": _token,
        "who": access.somebody(),
        "menu": [entry for entry in MENU if access.allowed(entry.action)],
    }


def _token() -> Markup:
    """The field that tells a form of ours from one of another site."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


@blueprint.get("/", strict_slashes=False)
@needs(Action.OWN)
def home() -> str:
    """What there is to do for whoever is signed in."""
    return render_template("home.html")


@blueprint.post("/language")
@needs(Open.TO_ALL)
def language() -> Any:
    """Change the language, and go back to the page that it was asked on."""
    back = request.form.get("next", "")
    answer = make_response(redirect(back if _OURS.fullmatch(back) else url_for("pages.home")))
    wanted = request.form.get("lang", "")
    if wanted in LANGUAGES:
        plain = current_app.extensions["settings"].plain
        answer.set_cookie("lang", wanted, max_age=_A_YEAR, httponly=True, samesite="Lax", secure=not plain)
    return answer
