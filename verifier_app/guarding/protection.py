"""Headers, limits and the token: what every answer carries, and who may ask how often."""

from __future__ import annotations

import hmac
import math
import time
from collections.abc import Callable
from threading import Lock

from flask import Flask, Response, abort, current_app, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from verifier_app.config import Settings
from verifier_app.load.refusing import refuse
from verifier_app.load.senders import network
from verifier_app.load.turns import BusyError

_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; worker-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; "
    "manifest-src 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "Permissions-Policy": "camera=(self), screen-wake-lock=(self), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Answered whatever the load: files of the app's own, and what watches it.
_ALWAYS = ("static", "api.healthz", "api.readyz", "api.openapi")


class Admission:
    """Lets so many requests in at once; the others are told to come again, so that none waits without end.

    `waiting`: how many wait for a thread of the server, where it can say so. Most requests take less than a turn of
    the interpreter, so they pile up there rather than inside.
    """

    def __init__(self, places: int, waiting: Callable[[], int] = lambda: 0) -> None:
        self._places, self._taken, self._lock = places, 0, Lock()
        self.waiting = waiting

    def enter(self) -> bool:
        """Take a place; return whether there was one."""
        if self.waiting() > self._places:
            return False
        with self._lock:
            if self._taken >= self._places:
                return False
            self._taken += 1
            return True

    def leave(self) -> None:
        """Give the place back."""
        with self._lock:
            self._taken -= 1


def install(app: Flask, settings: Settings) -> None:
    """Set headers and limits for all routes of the app."""
    gate = app.extensions["gate"] = Admission(settings.at_once)

    app.before_request(refuse)

    # Before the limiter, which costs more than saying no.
    @app.before_request
    def enter() -> None:
        if not _always():
            if not gate.enter():
                raise BusyError(1)
            g.inside = True

    @app.teardown_request
    def leave(_: BaseException | None) -> None:
        if g.pop("inside", False):
            gate.leave()

    limiter = Limiter(_address, app=app, storage_uri="memory://", default_limits=[f"{settings.rate} per minute"])
    limiter.request_filter(_always)

    @app.after_request
    def tell(response: Response) -> Response:
        """Say how much is left of the limit (draft-ietf-httpapi-ratelimit-headers), or when it may be asked again."""
        if (limit := limiter.current_limit) is not None:
            window = limit.limit.get_expiry()
            left = min(window, max(1, math.ceil(limit.reset_at - time.time())))
            response.headers["RateLimit-Policy"] = f'"address";q={limit.limit.amount};w={window}'
            response.headers["RateLimit"] = f'"address";r={max(0, limit.remaining)};t={left}'
            if response.status_code == 429:
                response.headers["Retry-After"] = str(left)
        return response

    # Phones may fetch the publisher's folder from another server, and nothing else from any.
    origin = "/".join(settings.published.split("/")[:3])
    policy = _POLICY.replace("connect-src 'self'", f"connect-src 'self' {origin}".rstrip())

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", policy)
        return _protect(response)


def _always() -> bool:
    """Whether the request is answered whatever the load: a browser asks by OPTIONS before a page may ask at all."""
    endpoint = request.endpoint or ""
    return endpoint in _ALWAYS or endpoint.startswith("shift.") or request.method == "OPTIONS"


def _protect(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    # Somebody's verdict; the app's own files may be kept for an hour.
    response.headers["Cache-Control"] = "max-age=3600" if request.endpoint == "static" else "no-store"
    return response


def need_token() -> None:
    """Abort with 401 where the settings want a token and the request has another or none."""
    if current_app.extensions["settings"].token and not _has_token():
        abort(401)


def sender() -> str:
    """Whom a request's cost is counted for: whoever has the token, else the network that it came from."""
    # A token that nobody gave out would be a new sender each time.
    return "token" if _has_token() else _address()


def _has_token() -> bool:
    wanted = current_app.extensions["settings"].token
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    return bool(wanted) and kind == "Bearer" and hmac.compare_digest(given.encode(), wanted.encode())


def _address() -> str:
    return network(get_remote_address())
