"""Errors as pages. None quotes what was sent."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app
from werkzeug.exceptions import HTTPException

from portal_app.pages import everywhere
from portal_app.words import language, say
from vaxcert.errors import NotFoundError, VaxcertError, place_of
from vaxcert.registry.connecting import is_of_database
from vaxcert.wording import explain

_CODES = {
    400: "bad_request", 401: "no_login", 403: "not_allowed", 404: "not_found", 405: "wrong_method",
    413: "too_large", 422: "not_done", 429: "too_many", 503: "unavailable",
}  # fmt: skip


def install(app: Flask) -> None:
    """Have every error of the app answered by a page."""
    app.register_error_handler(HTTPException, lambda error: answer(error.code or 500, _headers(error)))
    app.register_error_handler(VaxcertError, _said)
    app.register_error_handler(Exception, _fault)


def answer(status: int, headers: dict[str, str] | None = None, advice: str = "") -> Response:
    """The error as a page, with `advice` in place of what is usual for it."""
    code = _CODES.get(status, "fault" if status >= 500 else "bad_request")
    # Not by what libraries add to pages: they ask the database, which may be what is wrong.
    template = current_app.jinja_env.get_template("problem.html")
    page = template.render(**everywhere(), words=say(code), advice=advice or say(f"{code}_advice"))
    response = Response(page, status, mimetype="text/html")
    response.headers.update(headers or {})
    return response


def _headers(error: HTTPException) -> dict[str, str]:
    kept = ("Allow", "Retry-After", "Location")
    return {name: value for name, value in error.get_headers() if name in kept}


def _said(error: VaxcertError) -> Response:
    return answer(404 if isinstance(error, NotFoundError) else 422, advice=explain(error, language()))


def _fault(error: Exception) -> Any:
    away = is_of_database(error)
    current_app.logger.error("%s: %s", "unavailable" if away else "fault", place_of(error))
    return answer(503 if away else 500)
