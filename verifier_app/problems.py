"""Errors: problem details (RFC 9457) for programs, a page for people. Neither quotes what was sent."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, json, render_template, request
from werkzeug.exceptions import HTTPException

from vaxcert.errors import place_of
from verifier_app.desk import BusyError
from verifier_app.words import language, say

_FOR_PROGRAMS = ("/verify", "/inspect", "/healthz", "/readyz", "/openapi.json")
_TITLES = {
    400: "bad_request",
    401: "no_token",
    404: "not_found",
    405: "wrong_method",
    413: "too_large",
    415: "wrong_type",
    422: "no_code",
    429: "too_many",
    503: "busy",
}


def install(app: Flask) -> None:
    """Answer every error of the app so."""
    app.register_error_handler(HTTPException, lambda error: answer(error.code or 500, _headers(error)))
    app.register_error_handler(BusyError, lambda error: answer(503, {"Retry-After": str(error.seconds)}))
    app.register_error_handler(Exception, _fault)


def answer(status: int, headers: dict[str, str] | None = None, title: str = "") -> Response:
    """The error as this request's sender can read it."""
    title = title or _TITLES.get(status, "fault" if status >= 500 else "bad_request")
    if request.path in _FOR_PROGRAMS or not request.accept_mimetypes.accept_html:
        body = json.dumps({"type": "about:blank", "title": title, "status": status, "detail": say(title, "en")})
        response = Response(body, status, mimetype="application/problem+json")
    else:
        page = render_template("problem.html", words=say(title, language()), lang=language())
        response = Response(page, status, mimetype="text/html")
    response.headers.update(headers or {})
    return response


def _headers(error: HTTPException) -> dict[str, str]:
    kept = ("Allow", "Retry-After", "WWW-Authenticate", "Location")
    return {name: value for name, value in error.get_headers() if name in kept}


def _fault(error: Exception) -> Any:
    current_app.logger.error("fault: %s", place_of(error))
    return answer(500)
