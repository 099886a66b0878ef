"""For programs: `POST /verify`, its description, and what watches the app."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Blueprint, Response, abort, current_app, jsonify, request

import vaxcert
from vaxcert import CardError, ImageError
from verifier_app import openapi as description
from verifier_app import problems
from verifier_app.desk import Desk
from verifier_app.protection import need_token

blueprint = Blueprint("api", __name__)

# Longer than any assembled card.
MAX_JSON = 70_000


class VerifyRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The JSON of a request. It takes no clock: cards are judged now."""

    text: str


def desk() -> Desk:
    """Of the app that this request came to."""
    found: Desk = current_app.extensions["desk"]
    return found


@blueprint.post("/verify")
def verify() -> Any:
    """`{"text": "HC1:…"}` as JSON, or a picture or PDF as the body; answers with the verdict's JSON."""
    need_token()
    if request.mimetype == "application/json":
        return jsonify(desk().verify(_asked().text).to_dict())
    if request.mimetype not in description.PICTURES:
        abort(415)
    try:
        symbols = desk().read(_body(current_app.extensions["settings"].max_body))
    except ImageError:
        return problems.answer(422, title="no_picture")
    if not symbols:
        return problems.answer(422)
    if len({symbol.text for symbol in symbols}) > 1:
        # One answer must not stand for several people.
        return problems.answer(422, title="several")
    return jsonify(desk().verify(symbols[0].text).to_dict())


@blueprint.post("/inspect")
def inspect() -> Any:
    """Every step of a card, unchecked: for developers, and only where the settings say debug."""
    if not current_app.extensions["settings"].debug:
        abort(404)
    need_token()
    if request.mimetype != "application/json":
        abort(415)
    # Nobody else needs it, and it brings the formats' inner parts with it.
    from vaxcert.inspection import steps

    asked, found, broken = _asked(), [], None
    try:
        for title, content in steps(asked.text):
            found.append({"title": title, "content": content})
    except CardError as error:
        broken = {"stage": str(error.stage), "reason": str(error.reason)}
    return jsonify({"steps": found, "broken": broken, "verdict": desk().verify(asked.text).to_dict()})


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The description of all this, as OpenAPI 3.1."""
    settings = current_app.extensions["settings"]
    return jsonify(description.document(token=bool(settings.token), debug=settings.debug))


@blueprint.get("/healthz")
def healthz() -> Response:
    """Whether the app runs."""
    return jsonify({"status": "ok", "version": vaxcert.__version__})


@blueprint.get("/readyz")
def readyz() -> Any:
    """Whether it can accept cards: 503 where its list of keys may not be relied on."""
    if desk().is_ready():
        return jsonify({"status": "ready"})
    return problems.answer(503, {"Retry-After": "60"}, title="not_ready")


def _asked() -> VerifyRequest:
    try:
        return msgspec.json.decode(_body(MAX_JSON), type=VerifyRequest)
    except msgspec.MsgspecError:
        abort(400)


def _body(most: int) -> bytes:
    """What was sent, or 413: also where it did not say how much it is, which is cut off at `most`."""
    request.max_content_length = most
    data = request.get_data(cache=False)
    if len(data) >= most:
        abort(413)
    return data
