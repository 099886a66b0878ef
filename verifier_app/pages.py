"""For people: a page to scan, paste or upload at, the verdict, and the state of the device. Works without scripts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, url_for

import vaxcert
from vaxcert import ImageError
from verifier_app import problems, showing
from verifier_app.api import desk
from verifier_app.words import language, say

blueprint = Blueprint("pages", __name__)

# Staff see amber while there is still time to sync.
SOON = timedelta(hours=12)
# Longer than any assembled card; a scanner that types without end is cut off here.
MAX_TEXT = 70_000


@blueprint.app_context_processor
def _words() -> dict[str, Any]:
    lang = language()
    return {"lang": lang, "t": lambda name: say(name, lang), "other": "en" if lang == "vi" else "vi"}


@blueprint.get("/")
def scan() -> Any:
    """Where a code is given."""
    response = make_response(render_template("scan.html", state=_state()))
    if request.args.get("lang") in ("vi", "en"):
        response = make_response(redirect(url_for("pages.scan")))
        response.set_cookie("lang", language(), max_age=31_536_000, httponly=True, samesite="Strict")
    return response


@blueprint.post("/check")
def check() -> Any:
    """The verdicts of a text or a picture. Nothing of either is kept, so it cannot be asked for again."""
    text = request.form.get("text", "")
    picture = request.files.get("picture")
    if text.strip():
        if len(text) > MAX_TEXT:
            abort(413)
        texts = [text]
    elif picture is not None and picture.filename:
        try:
            texts = list(dict.fromkeys(symbol.text for symbol in desk().read(picture.read())))
        except ImageError:
            return problems.answer(422, title="no_picture")
        if not texts:
            return problems.answer(422)
    else:
        return problems.answer(422, title="nothing")
    lang = language()
    verdicts = [showing.shown(desk().verify(one), lang) for one in texts]
    after = current_app.extensions["settings"].return_after
    return render_template("verdict.html", verdicts=verdicts, return_after=after)


@blueprint.get("/status")
def status() -> str:
    """How old the list is, what it holds, and until when it will do."""
    trust = desk().trust
    revocations = trust.revocations
    return render_template(
        "status.html",
        state=_state(),
        keys=len(trust),
        revocations=None if revocations is None else sum(revocations.counts().values()),
        published=showing.moment(trust.freshness.published_at, language()),
        until=showing.moment(trust.freshness.valid_until, language()),
        version=vaxcert.__version__,
    )


def _state() -> str:
    freshness = desk().trust.freshness
    if not desk().is_ready():
        return "stale"
    if freshness.valid_until is not None and freshness.valid_until - desk().clock() < SOON:
        return "soon"
    return "unsigned" if freshness.state == "none" else "ready"
