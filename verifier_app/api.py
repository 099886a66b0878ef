"""For programs: `POST /verify`, its description, and what watches the app."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from flask import Blueprint, Response, abort, current_app, jsonify, request

import vaxcert
from vaxcert import CardError, ImageError, Verdict, files
from vaxcert.errors import DamagedError
from vaxcert.sorting import cards_in, is_known, to_judge
from verifier_app import kinds, modes, problems
from verifier_app import openapi as description
from verifier_app.desk import Desk
from verifier_app.guarding.protection import need_token, sender
from verifier_app.kinds import BodyKind
from verifier_app.watching.counts import counts

blueprint = Blueprint("api", __name__)

# Longer than any assembled card.
MAX_JSON = 70_000


class VerifyRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The JSON of a request. It takes no clock: cards are judged now.

    `texts`: the codes of one card that is told in several. One of the two has to be there.
    """

    text: str | msgspec.UnsetType = msgspec.UNSET
    mode: str | None = None
    texts: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)] | msgspec.UnsetType = msgspec.UNSET

    def __post_init__(self) -> None:
        if self.text is self.texts is msgspec.UNSET:
            raise ValueError("neither text nor texts")

    def cards(self) -> list[str]:
        """The texts of cards in what was sent."""
        alone = () if self.text is msgspec.UNSET else (self.text,)
        given = [*alone, *(() if self.texts is msgspec.UNSET else self.texts)]
        return [one for text in given for one in cards_in(text)]


def desk() -> Desk:
    """The desk of the app that this request came to."""
    found: Desk = current_app.extensions["desk"]
    return found


def judged(text: str, came: str, mode: str) -> Verdict:
    """The verdict on a card, which is counted; `came`: "text", "picture" or "second reader"."""
    verdict = desk().verify(text, mode)
    counts().verdict(verdict, came)
    return verdict


def texts_of(picture: bytes, symbology: str = "") -> list[str]:
    """The codes of a picture, or those of one symbology, that are to be judged.

    Raises `NoCodeError`, and what `Desk.read` raises.
    """
    found = desk().read(picture, sender())
    texts = to_judge(symbol.text for symbol in found if symbology in ("", symbol.symbology))
    counts().picture(len(texts))
    if not texts:
        raise problems.NoCodeError(found.advice)
    return texts


@blueprint.post("/verify")
def verify() -> Any:
    """Answer `{"text": "HC1:…"}` as JSON, that text alone, or a picture or PDF with the verdict's JSON.

    A card that is told in several codes is sent as `{"texts": […]}`, or as lines of one text; the verdict says which of
    them are missing.
    Which of them it is, the body itself says (`kinds`). By which policy it is judged, the JSON says, or `?mode=`.
    """
    need_token()
    mode = request.args.get(modes.NAME)
    request.max_content_length = current_app.extensions["settings"].max_body
    start = _read(kinds.LOOKED_AT)
    kind = kinds.kind_of(start, request.mimetype)
    if kind is None:
        abort(415)
    came = "picture" if kind is BodyKind.PICTURE else "text"
    try:
        if kind is BodyKind.PICTURE:
            texts = texts_of(start + _rest(request.max_content_length, start))
        else:
            asked = request_of(start + _rest(MAX_JSON, start), kind)
            texts, mode = to_judge(asked.cards()), mode if asked.mode is None else asked.mode
    except ImageError as error:
        return problems.no_picture(error)
    if len(texts) > 1:
        # One answer must not stand for several people.
        return problems.answer(422, code="several")
    try:
        return jsonify(judged(texts[0], came, modes.asked(desk().rules, mode)).to_dict())
    except modes.UnknownModeError:
        return problems.answer(422, code="mode_unknown")


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

    text, found, broken = "\n".join(_asked().cards()), [], None
    try:
        for title, content in steps(text):
            found.append({"title": title, "content": content})
    except CardError as error:
        broken = {"stage": str(error.stage), "reason": str(error.reason)}
    return jsonify({"steps": found, "broken": broken, "verdict": desk().verify(text).to_dict()})


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The description of the API, as OpenAPI 3.1."""
    settings = current_app.extensions["settings"]
    return jsonify(description.document(token=bool(settings.token), debug=settings.debug, prefix=request.script_root))


@blueprint.get("/healthz")
def healthz() -> Response:
    """Whether the app runs."""
    return jsonify({"status": "ok", "version": vaxcert.__version__})


@blueprint.get("/readyz")
def readyz() -> Any:
    """Whether the app can accept cards: 503 where its list of keys may not be relied on."""
    if desk().is_ready():
        return jsonify({"status": "ready"})
    return problems.answer(503, {"Retry-After": "60"}, code="not_ready")


def request_of(content: bytes, kind: BodyKind) -> VerifyRequest:
    """What was sent as text or JSON, or the answer to what is neither. Some cards, and files of them, are JSON too."""
    try:
        text = files.decode_text(content, "the body")
        return VerifyRequest(text) if kind is BodyKind.TEXT else msgspec.json.decode(text, type=VerifyRequest)
    except msgspec.MsgspecError:
        if is_known(text):
            return VerifyRequest(text)
        abort(400)
    except DamagedError:
        abort(400)


def _asked() -> VerifyRequest:
    try:
        return msgspec.json.decode(body_of(MAX_JSON), type=VerifyRequest)
    except msgspec.MsgspecError:
        abort(400)


def _read(most: int) -> bytes:
    """What is left of the body, up to `most` bytes: a stream may give them in parts."""
    parts = []
    while most and (part := request.stream.read(most)):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)


def _rest(most: int, start: bytes) -> bytes:
    """What follows the start of a body of fewer than `most` bytes, or 413."""
    rest = _read(most - len(start))
    if len(start) + len(rest) >= most:
        abort(413)
    return rest


def body_of(most: int) -> bytes:
    """The body that was sent, or 413: also where it did not say how much it is, which is cut off at `most`."""
    request.max_content_length = most
    data = request.get_data(cache=False)
    if len(data) >= most:
        abort(413)
    return data
