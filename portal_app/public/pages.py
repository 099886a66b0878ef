"""The first page, the privacy notice, and the language."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from portal_app.words import LANGUAGES, say
from portal_app.words import language as chosen

blueprint = Blueprint("public", __name__)

_A_YEAR = 31_536_000


class Offer(NamedTuple):
    """What the first page and every page's head offer: an endpoint, its words' name, and which service it needs."""

    endpoint: str
    words: str
    service: str


# In the order in which people come for it. A group of pages adds its own lines.
OFFERS: tuple[Offer, ...] = (
    Offer("looking.find", "holder_find", "lookup"),
    Offer("looking.ticket", "holder_ask_ticket", "lookup"),
    Offer("booking.places", "booking_book", "booking"),
    Offer("tickets.ask", "booking_mine", "booking"),
)
# Of the privacy notice: `privacy_NAME` are the words of its heading, `privacy_NAME_said` its own; and which service.
PRIVACY: tuple[tuple[str, str], ...] = (
    ("lookup", "lookup"),
    ("report", "lookup"),
    ("booking", "booking"),
    ("log", ""),
    ("rights", ""),
)


@blueprint.app_context_processor
def everywhere() -> dict[str, Any]:
    """What every page's template may use."""
    lang = chosen()
    return {
        "lang": lang,
        "other": "en" if lang == "vi" else "vi",
        "t": lambda key, of=lang, /, **said: say(key, of, **said),
        "token": _token,
        "offers": [one for one in OFFERS if current_app.extensions[one.service] is not None],
        "settings": current_app.extensions["settings"],
        # The page again in the other language.
        "here": request.path,
        "again": None,
    }


def _token() -> Markup:
    """The field that tells a form of ours from one of another site."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


@blueprint.get("/", strict_slashes=False)
def home() -> str:
    """What there is to do."""
    return render_template("public/home.html")


@blueprint.get("/privacy")
def privacy() -> str:
    """What is kept, for how long, who sees it, and what somebody may ask for."""
    parts = [part for part, service in PRIVACY if not service or current_app.extensions[service] is not None]
    return render_template("public/privacy.html", parts=parts)


@blueprint.post("/language")
def language() -> Any:
    """Change the language, and go back to the page."""
    return redirect(_back(request.form.get("back", "/")))


@blueprint.before_app_request
def _said_with_the_form() -> None:
    """A page that came by a form is asked for again, in the other language, by the same form."""
    wanted = request.form.get("lang", "") if request.method == "POST" else ""
    if wanted in LANGUAGES:
        g.lang = wanted


@blueprint.after_app_request
def _keep_said(answer: Response) -> Response:
    if "lang" in g:
        keep_language(answer, g.lang)
    return answer


def keep_language(answer: Response, wanted: str) -> None:
    """Have the browser say this language with whatever it asks for next."""
    plain = current_app.extensions["settings"].plain
    answer.set_cookie("lang", wanted, max_age=_A_YEAR, httponly=True, samesite="Lax", secure=not plain)


def _back(path: str) -> str:
    """A path of this app that a browser may ask for by itself; else the first page's."""
    if path.startswith("/") and not path.startswith("//") and "\\" not in path:
        adapter = current_app.url_map.bind("")
        if adapter.test(path, "GET"):
            return path
    return url_for("public.home")
