"""For programs: `POST /verify`, and what watches the app."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Blueprint, Response, abort, current_app, jsonify, request

import vaxcert
from vaxcert import ImageError
from verifier_app import problems
from verifier_app.desk import Desk
from verifier_app.protection import need_token

blueprint = Blueprint("api", __name__)

# Longer than any assembled card.
MAX_JSON = 70_000


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
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
    kind = request.mimetype
    if kind == "application/json":
        if (request.content_length or 0) > MAX_JSON:
            abort(413)
        try:
            asked = msgspec.json.decode(request.get_data(cache=False), type=Asked)
        except msgspec.MsgspecError:
            abort(400)
        return jsonify(desk().verify(asked.text).to_dict())
    if kind not in ("image/png", "image/jpeg", "image/webp", "application/pdf"):
        abort(415)
    try:
        symbols = desk().read(request.get_data(cache=False))
    except ImageError:
        return problems.answer(422, title="no_picture")
    if not symbols:
        return problems.answer(422)
    if len({symbol.text for symbol in symbols}) > 1:
        # One answer must not stand for several people.
        return problems.answer(422, title="several")
    return jsonify(desk().verify(symbols[0].text).to_dict())


@blueprint.get("/healthz")
def healthz() -> Response:
    """Whether the app runs."""
    return jsonify({"status": "ok", "version": vaxcert.__version__})


@blueprint.get("/readyz")
def readyz() -> Any:
    """Whether it can accept cards: 503 where its list of keys may not be relied on."""
    if desk().is_ready():
        return jsonify({"status": "ready"})
    return jsonify({"status": "list of keys too old, or clock wrong"}), 503
