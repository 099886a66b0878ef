"""Headers, cookies, tokens of forms, and how often somebody may try to sign in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from portal_app.config import PortalSettings

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# A day at a desk; `idle` ends a session long before.
_LONGEST = timedelta(hours=12)
_TRIED = ("security.login", "security.two_factor_token_validation", "switching.switch")


def cookies(settings: PortalSettings, secret: str) -> dict[str, Any]:
    """The framework's settings of sessions: no script reads them, and no other site has them sent."""
    return {
        "SECRET_KEY": secret,
        # By its prefix a browser takes it from this host alone, and over TLS.
        "SESSION_COOKIE_NAME": "portal" if settings.plain else "__Host-portal",
        "SESSION_COOKIE_SECURE": not settings.plain,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": _LONGEST,
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session
        # Referrers are not sent, and cookies of another site are not either.
        "WTF_CSRF_SSL_STRICT": False,
    }


def install(app: Flask, settings: PortalSettings) -> None:
    """Set these for all pages of the app."""
    CSRFProtect(app)
    limiter = Limiter(
        get_remote_address, app=app, storage_uri="memory://", default_limits=[f"{settings.rate} per minute"]
    )
    limiter.request_filter(lambda: request.method != "POST" or request.endpoint not in _TRIED)
    app.after_request(_protect)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies
        )


def _protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    # Somebody's record; the app's own files may be kept for an hour.
    response.headers["Cache-Control"] = "max-age=3600" if request.endpoint == "static" else "no-store"
    return response
