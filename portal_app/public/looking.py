"""A holder's certificate: found, shown, taken away as a picture, a page or a text; and that something in it is wrong.

What was found is in no address, cookie or file: it comes back sealed with each form of its own page.
"""

from __future__ import annotations

import time
from datetime import date, datetime
from typing import Any, NamedTuple, cast

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, session, url_for
from markupsafe import Markup

from portal_app.public.filling import MOST, Filled
from portal_app.public.sealing import Sealing
from portal_app.words import say
from vaxcert import Issued, codes, typed
from vaxcert.batch import paper
from vaxcert.errors import ConfigurationError, InputError, Reason, UnreachableError
from vaxcert.lookup.client import Lookup
from vaxcert.lookup.protocol import FoundOne
from vaxcert.qr import write
from vaxcert.registry.states import ReportKind

blueprint = Blueprint("looking", __name__)

_FIELDS = ("name", "born", "number", "code")
# Seconds for which a ticket that was just given stays on its page.
_TICKET_SHOWN = 600
_TYPES = {"picture": "image/png", "pdf": "application/pdf", "text": "text/plain; charset=utf-8"}
_FILES = {"picture": "chung-nhan.png", "pdf": "chung-nhan.pdf", "text": "chung-nhan.txt"}
MOST_WORDS = 1_000


class Again(NamedTuple):
    """The form that brings a page once more."""

    action: str
    fields: dict[str, str]


def _lookup() -> Lookup:
    found = current_app.extensions["lookup"]
    return cast("Lookup", found) if found is not None else abort(404)


def _sealing() -> Sealing:
    return cast("Sealing", current_app.extensions["sealing"])


@blueprint.app_template_filter("day")
def day(value: date | datetime | str) -> str:
    """A day as it is written in Vietnam, and on certificates: the day first."""
    return "/".join(reversed(value.split("-"))) if isinstance(value, str) else f"{value:%d/%m/%Y}"


@blueprint.get("/find")
def find() -> str:
    """Where somebody says who they are."""
    _lookup()
    return render_template("public/find.html", filled=Filled({}, _FIELDS))


@blueprint.post("/find")
def found() -> Any:
    """The certificate, or the form again: for whatever does not fit, one answer."""
    filled = Filled(request.form, _FIELDS)
    asked = {"name": filled.text("name"), "born": filled.born(), "number": filled.number(), "code": filled.code("code")}
    again = Again(url_for("looking.found"), filled.typed)
    if filled.wrong:
        return render_template("public/find.html", filled=filled, again=again), 422
    one = _lookup().find(**asked)
    if one is None:
        return render_template("public/find.html", filled=filled, again=again, nothing=True), 404
    return _page(one)


@blueprint.post("/certificate")
def certificate() -> Any:
    """The certificate once more, as it was found."""
    return _page(_shown())


@blueprint.post("/certificate/<any(picture, pdf, text):form>")
def download(form: str) -> Response:
    """The certificate to take away: a picture for a telephone, a page to print, or the text in the code."""
    one = _shown()
    if not one.text:
        abort(404)
    if form == "text":
        content = f"{one.text}\n".encode("ascii")
    else:
        issued = Issued(
            text=one.text, certificate_id=one.certificate, issued_at=one.issued_at, expires_at=one.expires_at
        )
        printed = paper.Printed(one.person, one.dose, issued, write(one.text))
        if form == "pdf":
            content = paper.pdf([printed], authority=one.authority, test=one.test).pdf
        else:
            content = paper.picture(printed, authority=one.authority, test=one.test)
    answer = Response(content, content_type=_TYPES[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="{_FILES[form]}"'
    return answer


@blueprint.post("/mistake")
def mistake() -> Any:
    """Where a holder says what is wrong, and where what they said is taken down."""
    one, sealed = _shown(), request.form["sealed"]
    kind, words = request.form.get("kind", "")[:MOST], request.form.get("words", "")
    wrong: dict[str, str] = {}
    # Without the button of the form itself it was only asked for.
    if "send" in request.form:
        wrong = _taken(one, kind, words)
        if not wrong:
            return redirect(url_for("looking.sent"))
    page = render_template(
        "public/mistake.html", one=one, sealed=sealed, kind=kind, words=words, wrong=wrong, kinds=list(ReportKind),
        most=MOST_WORDS, again=Again(url_for("looking.mistake"), {"sealed": sealed, "kind": kind, "words": words}),
    )  # fmt: skip
    return page, 422 if wrong else 200


@blueprint.get("/mistake/sent")
def sent() -> Any:
    """The ticket, for some minutes after it was given: in this browser alone."""
    ticket, at = session.get("ticket", ("", 0))
    if not ticket or time.time() - at > _TICKET_SHOWN:
        session.pop("ticket", None)
        return redirect(url_for("looking.ticket"))
    return render_template("public/sent.html", ticket=ticket)


@blueprint.get("/ticket")
def ticket() -> str:
    """Where somebody asks how far theirs is."""
    _lookup()
    return render_template("public/ticket.html", filled=Filled({}, ("ticket", "born")))


@blueprint.post("/ticket")
def standing() -> Any:
    """How far it is, and the certificate as it is by now."""
    filled = Filled(request.form, ("ticket", "born"))
    code, born = filled.code("ticket"), filled.born()
    again = Again(url_for("looking.standing"), filled.typed)
    if filled.wrong:
        return render_template("public/ticket.html", filled=filled, again=again), 422
    told = _lookup().standing(code, born=born)
    if told is None:
        return render_template("public/ticket.html", filled=filled, again=again, nothing=True), 404
    shown = {} if told.found is None else _drawn(told.found)
    return render_template("public/standing.html", told=told, ticket=typed.shown(code), again=again, **shown)


def _taken(one: FoundOne, kind: str, words: str) -> dict[str, str]:
    """Take down what is wrong, and leave the ticket to be shown; what is wrong with the form, by field."""
    try:
        given = _lookup().report(one.passed, kind=kind, words=words[: MOST_WORDS + 1])
    except InputError as error:
        said = {
            "kind": "holder_fill_kind",
            "words": "holder_fill_words" if error.reason is Reason.MISSING else "holder_words_long",
        }
        if error.field not in said:
            raise
        return {error.field: say(said[error.field])}
    except UnreachableError:
        raise
    except ConfigurationError as error:
        return {
            "": say("holder_enough_reported" if error.reason is Reason.LIMIT_REACHED else "holder_found_too_long_ago")
        }
    session["ticket"] = (given, int(time.time()))
    return {}


def _shown() -> FoundOne:
    """What the page that the form stands on shows."""
    one = _sealing().open(request.form.get("sealed", ""))
    return one if one is not None else abort(400)


def _page(one: FoundOne) -> Any:
    shown = _drawn(one)
    again = Again(url_for("looking.certificate"), {"sealed": shown["sealed"]})
    return render_template("public/certificate.html", again=again, **shown)


def _drawn(one: FoundOne) -> dict[str, Any]:
    """What a page needs to show a certificate."""
    return {
        "one": one,
        "sealed": _sealing().seal(one),
        "code": Markup(write(one.text).svg()) if one.text else "",  # noqa: S704  (drawn here)
        "vaccine": codes.name("product", one.dose.product),
    }
