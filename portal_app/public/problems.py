"""Errors as pages. None quotes what was sent."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app
from werkzeug.exceptions import HTTPException

from portal_app.public.pages import everywhere
from portal_app.words import say
from vaxcert.errors import NotFoundError, UnreachableError, VaxcertError, place_of
from vaxcert.registry.connecting import is_of_database

_CODES = {
    400: "public_bad_request", 404: "not_found", 405: "wrong_method", 413: "too_large", 422: "not_done",
    429: "public_too_many", 503: "public_unavailable",
}  # fmt: skip


def install(app: Flask) -> None:
    """Have every error of the app answered by a page."""
    app.register_error_handler(HTTPException, lambda error: answer(error.code or 500, _headers(error)))
    app.register_error_handler(VaxcertError, _said)
    app.register_error_handler(Exception, _fault)


def answer(status: int, headers: dict[str, str] | None = None) -> Response:
    """The error as a page."""
    code = _CODES.get(status, "public_fault" if status >= 500 else "public_bad_request")
    template = current_app.jinja_env.get_template("public/problem.html")
    page = template.render(**everywhere(), words=say(code), advice=say(f"{code}_advice"))
    response = Response(page, status, mimetype="text/html")
    response.headers.update(headers or {})
    return response


def _headers(error: HTTPException) -> dict[str, str]:
    kept = ("Allow", "Retry-After", "Location")
    return {name: value for name, value in error.get_headers() if name in kept}


def _said(error: VaxcertError) -> Response:
    if isinstance(error, UnreachableError):
        current_app.logger.error("unavailable: %s", place_of(error))
        return answer(503, {"Retry-After": "60"})
    return answer(404 if isinstance(error, NotFoundError) else 422)


def _fault(error: Exception) -> Any:
    away = is_of_database(error)
    current_app.logger.error("%s: %s", "unavailable" if away else "fault", place_of(error))
    return answer(503 if away else 500)
