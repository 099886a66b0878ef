"""Pages of other origins, where the settings name them: they may ask `POST /verify`, and read what it says.

Never with cookies or what else a browser sends by itself: whoever asks has the token, or needs none.
"""

from __future__ import annotations

from flask import Flask, Response, current_app, request

from verifier_app.config import Settings

_OPEN = ("api.verify", "api.openapi")
_METHODS = {"api.verify": "POST", "api.openapi": "GET"}
_SENT = "Authorization, Content-Type"
_READ = "RateLimit, RateLimit-Policy, Retry-After"
# Seconds that a browser may remember the answer for.
_REMEMBERED = "600"


def install(app: Flask, settings: Settings) -> None:
    """Let the origins of the settings in; where there are none, no answer says anything of them."""
    if settings.cors:
        app.after_request(_admit)


def _admit(response: Response) -> Response:
    if request.endpoint not in _OPEN:
        return response
    # Said to everybody: what is kept on the way is not for one origin alone.
    response.vary.add("Origin")
    origin = request.headers.get("Origin", "")
    if origin not in current_app.extensions["settings"].cors:
        return response
    response.headers["Access-Control-Allow-Origin"] = origin
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = _METHODS[request.endpoint]
        response.headers["Access-Control-Allow-Headers"] = _SENT
        response.headers["Access-Control-Max-Age"] = _REMEMBERED
    else:
        response.headers["Access-Control-Expose-Headers"] = _READ
    return response
