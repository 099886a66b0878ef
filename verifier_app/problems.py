"""Errors: problem details (RFC 9457) for programs, a page for people. Neither quotes what was sent."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, json, render_template, request
from werkzeug.exceptions import HTTPException

from vaxcert.errors import ImageError, Reason, place_of
from vaxcert.qr import Advice
from vaxcert.wording import PHOTOS, Words, explain
from verifier_app.load.turns import BusyError
from verifier_app.watching.counts import counts
from verifier_app.words import advise, asked_language, language, say

# A problem's type is this and its name, which is the same in every language and stays what it is.
URN = "urn:vaxcert:problem:"
_FOR_PROGRAMS = ("/verify", "/inspect", "/healthz", "/readyz", "/openapi.json")
_CODES = {
    400: "bad_request",
    401: "no_token",
    404: "not_found",
    405: "wrong_method",
    408: "too_slow",
    413: "too_large",
    415: "wrong_type",
    422: "no_code",
    429: "too_many",
    503: "busy",
}
# Of what says itself no better; "come again" without a time is asked at once, by everybody.
_AGAIN = "5"


class NoCodeError(Exception):
    """No code was found in a picture; `advice`: what may be the matter with it."""

    def __init__(self, advice: Advice | None) -> None:
        super().__init__()
        self.advice = advice


def install(app: Flask) -> None:
    """Have every error of the app answered as `answer` does."""
    app.register_error_handler(HTTPException, lambda error: answer(error.code or 500, _headers(error)))
    app.register_error_handler(BusyError, lambda error: answer(503, {"Retry-After": str(error.seconds)}))
    app.register_error_handler(NoCodeError, lambda error: answer(422, advice=PHOTOS.get(error.advice or "")))
    app.register_error_handler(Exception, _fault)


def no_picture(error: ImageError) -> Response:
    """The answer about a picture that cannot be opened, with what to do about one of a type that is not read."""
    kind = error.reason == Reason.PICTURE_TYPE_UNSUPPORTED
    return answer(422, code="no_picture", advice=Words(explain(error, "en"), explain(error, "vi")) if kind else None)


def answer(status: int, headers: dict[str, str] | None = None, code: str = "", advice: Words | None = None) -> Response:
    """The error as this request's sender can read it; `advice` in place of what is usual for the code."""
    code = code or _CODES.get(status, "fault" if status >= 500 else "bad_request")
    counts().problem(code)
    if request.path in _FOR_PROGRAMS or not request.accept_mimetypes.accept_html:
        lang, chosen_by = asked_language(), "Accept-Language"
        detail = advice.of(lang) if advice else advise(code, lang)
        said = {"type": URN + code, "title": say(code, lang), "status": status, "detail": detail}
        response = Response(json.dumps(said, ensure_ascii=False), status, mimetype="application/problem+json")
    else:
        lang, chosen_by = language(), "Cookie"
        detail = advice.of(lang) if advice else advise(code, lang)
        page = render_template("problem.html", words=say(code, lang), advice=detail)
        response = Response(page, status, mimetype="text/html")
    response.content_language.add(lang)
    response.vary.add(chosen_by)
    if request.path not in _FOR_PROGRAMS:
        response.vary.add("Accept")
    response.headers.update(headers or {})
    if status in (429, 503):
        response.headers.setdefault("Retry-After", _AGAIN)
    return response


def _headers(error: HTTPException) -> dict[str, str]:
    kept = ("Allow", "Retry-After", "WWW-Authenticate", "Location")
    return {name: value for name, value in error.get_headers() if name in kept}


def _fault(error: Exception) -> Any:
    current_app.logger.error("fault: %s", place_of(error))
    return answer(500)
