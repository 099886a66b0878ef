"""What servers in front say of a request: whom it is from, how it came, and under which path the app stands there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_PLAIN = re.compile(r"(?:/[A-Za-z0-9_.-]+)+/?")
_LONGEST = 200
_HEADER = "HTTP_X_FORWARDED_PREFIX"


class PlainPrefix:
    """Puts the app under the path that the server in front names, where it is a plain one.

    It becomes the beginning of every address that the app writes: what is not plain could lead elsewhere.
    """

    def __init__(self, app: WSGIApplication, servers: int) -> None:
        self._app, self._servers = app, servers

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        said = [one.strip() for one in environ.pop(_HEADER, "").split(",")]
        # As for X-Forwarded-For: what stands further left is whatever the sender likes.
        prefix = said[-self._servers] if len(said) >= self._servers else ""
        if len(prefix) <= _LONGEST and ".." not in prefix and _PLAIN.fullmatch(prefix):
            environ["SCRIPT_NAME"] = prefix.rstrip("/")
        return self._app(environ, start_response)


def behind(app: WSGIApplication, servers: int) -> WSGIApplication:
    """The app behind so many servers, each of which adds to the headers; behind none they change nothing."""
    if not servers:
        return app
    # Else everybody behind the server in front would share one address, and one limit.
    return PlainPrefix(ProxyFix(app, x_for=servers, x_proto=servers), servers)
