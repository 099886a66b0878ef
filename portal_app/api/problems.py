"""Errors of the interface for programs: problem details (RFC 9457), which quote nothing that was sent."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, json, request

from vaxcert.errors import Problem
from vaxcert.wording.programs import PROGRAMS
from vaxcert.wording.rows import phrase

# As those of the verifier app: a problem's type is this and its code.
URN = "urn:vaxcert:problem:"
_CODES = {400: "bad_request", 401: "no_token", 403: "other_site", 404: "not_found", 413: "too_large",
          415: "wrong_type", 422: "not_valid", 503: "unavailable"}  # fmt: skip
_AGAIN = "30"


def language() -> str:
    """The language that the program asks for, English where it asks for none of the two."""
    for tag, quality in request.accept_languages:
        # Regions make no difference here, and a star is anything.
        lang = "en" if tag == "*" else tag.partition("-")[0].lower()
        if quality > 0 and lang in ("en", "vi"):
            return lang
    return "en"


def answer(status: int, code: str = "", errors: Iterable[Problem] = ()) -> Response:
    """The problem as an answer; `errors`: what is wrong with which field."""
    code, lang = code or _CODES.get(status, "fault" if status >= 500 else "bad_request"), language()
    title, detail = PROGRAMS[code]
    said: dict[str, object] = {
        "type": URN + code, "title": title.of(lang), "status": status, "detail": detail.of(lang)
    }  # fmt: skip
    if told := [{"field": one.field, "reason": one.reason, "detail": phrase(one).of(lang)} for one in errors]:
        said["errors"] = told
    response = Response(json.dumps(said, ensure_ascii=False), status, mimetype="application/problem+json")
    response.content_language.add(lang)
    response.vary.add("Accept-Language")
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if status == 503:
        response.headers["Retry-After"] = _AGAIN
    return response
