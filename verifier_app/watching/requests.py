"""Each request: how long it took, for the numbers and for a log line. Its address and its sender's stay out."""

from __future__ import annotations

import logging
from time import perf_counter

from flask import Flask, Response, g, request

from verifier_app.config import Settings
from verifier_app.watching import logs
from verifier_app.watching.counts import counter, counts

# What else is sent as a method is whatever its sender likes.
_METHODS = frozenset(("GET", "HEAD", "POST", "OPTIONS"))


def install(app: Flask, settings: Settings) -> None:
    """Watch all requests of the app. To be installed first: then it begins before all else and ends after it."""
    app.extensions["counts"] = counter(settings)
    logs.prepare(settings.log)
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.began = perf_counter()


def _end(response: Response) -> Response:
    seconds = perf_counter() - g.began
    # The rule, never the path: a lost card may stand in one.
    route = "none" if request.url_rule is None else request.url_rule.rule
    counts().took(route, seconds)
    if logs.requests.isEnabledFor(logging.INFO):
        fields = {
            "method": request.method if request.method in _METHODS else "other",
            "route": route,
            "status": response.status_code,
            "ms": round(seconds * 1000, 1),
        }
        logs.requests.info("request", extra={"fields": fields})
    return response
