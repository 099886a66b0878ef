"""Headers, limits and the token: what every answer carries, and who may ask how often."""

from __future__ import annotations

import hmac

from flask import Flask, Response, abort, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from verifier_app.config import Settings

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def install(app: Flask, settings: Settings) -> None:
    """For all routes of the app."""
    limiter = Limiter(
        get_remote_address, app=app, storage_uri="memory://", default_limits=[f"{settings.rate} per minute"]
    )
    limiter.request_filter(lambda: request.endpoint in ("static", "api.healthz", "api.readyz"))
    app.after_request(_protect)


def _protect(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    # Somebody's verdict; the app's own files may be kept for an hour.
    response.headers["Cache-Control"] = "max-age=3600" if request.endpoint == "static" else "no-store"
    return response


def need_token() -> None:
    """Abort with 401 where the settings want a token and the request has another or none."""
    wanted = current_app.extensions["settings"].token
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    if wanted and not (kind == "Bearer" and hmac.compare_digest(given.encode(), wanted.encode())):
        abort(401)
