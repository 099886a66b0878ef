"""Headers, the one cookie that forms need, and their tokens."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Flask, Response, request
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from portal_app.protection import HEADERS
from portal_app.public.config import PublicSettings

_HEADERS = HEADERS | {
    # No page has a script. Pictures of certificates stand in the page itself, and never at an address.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def key(settings: PublicSettings, use: str) -> bytes:
    """32 bytes for one use of the settings' secret."""
    return hashlib.blake2b(use.encode(), key=settings.secret.encode()[:64], digest_size=32).digest()


def cookies(settings: PublicSettings) -> dict[str, Any]:
    """The framework's settings of the cookie that tells a form of ours from one of another site; it ends with the
    browser, and names nobody."""
    return {
        "SECRET_KEY": key(settings, "cookies"),
        # By its prefix a browser takes it from this host alone, and over TLS.
        "SESSION_COOKIE_NAME": "public" if settings.plain else "__Host-public",
        "SESSION_COOKIE_SECURE": not settings.plain,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Strict",
        "WTF_CSRF_TIME_LIMIT": None,
        # Referrers are not sent, and cookies of another site are not either.
        "WTF_CSRF_SSL_STRICT": False,
    }


def install(app: Flask, settings: PublicSettings) -> None:
    """Set these for all pages of the app."""
    CSRFProtect(app)
    app.after_request(_protect)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies
        )


def _protect(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers[name] = value
    response.headers["Cache-Control"] = "max-age=3600" if request.endpoint == "static" else "no-store"
    return response
