"""Who may see a page. Every page says it by `@needs`; one that does not is refused when the app starts.

    @blueprint.get("/accounts")
    @needs(Action.ACCOUNTS)
    def accounts() -> str: ...

Nobody is signed in: 401, and for a page that a browser asks for (GET), the way to signing in (302). Another role: 403.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, TypeVar, cast

from flask import Flask, Response, abort, current_app, g, redirect, request, session, url_for
from flask_security import current_user, logout_user

from vaxcert import ConfigurationError
from vaxcert.registry import Registry
from vaxcert.registry.accounts import keeping
from vaxcert.registry.accounts.account import Account
from vaxcert.registry.accounts.actions import Action, may
from vaxcert.signer.client import SignerClient

View = TypeVar("View", bound=Callable[..., Any])


class Open(Enum):
    """Who is let in without an account's action."""

    TO_ALL = "all"
    TO_STRANGERS = "strangers"  # whoever is not signed in; others are sent home
    TO_NOBODY = "nobody"  # a page of a library that is not wanted


Need = Action | Open
_NEED, _MOST = "_portal_need", "_portal_most"
# What somebody may do whose password was made up by somebody else.
_BEFORE_CHANGING = ("security.change_password", "security.logout", "static", "pages.language")


def needs(need: Need) -> Callable[[View], View]:
    """Have a page be for those who may do this, or for whom it is open to."""

    def declared(view: View) -> View:
        setattr(view, _NEED, need)
        return view

    return declared


def takes(most: int) -> Callable[[View], View]:
    """Have a page take a body of so many bytes, where any other takes a form's; of those who may see it alone."""

    def declared(view: View) -> View:
        setattr(view, _MOST, most)
        return view

    return declared


def declare(app: Flask, pages: Mapping[str, Need], prefix: str) -> None:
    """Say it for a library's pages, by endpoint. Raises `ConfigurationError` for one that is not named."""
    for endpoint in app.view_functions:
        if endpoint.startswith(prefix):
            if endpoint not in pages:
                raise ConfigurationError(f"{endpoint}: a page that nobody decided about")
            _decided(app)[endpoint] = pages[endpoint]


def close(app: Flask) -> None:
    """Refuse to start with a page that says not who may see it."""
    decided = _decided(app)
    decided["static"] = Open.TO_ALL
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        need: Need | None = decided.get(rule.endpoint) or getattr(view, _NEED, None)
        if need is None:
            raise ConfigurationError(f"{rule.endpoint}: a page that says not who may see it")
        decided[rule.endpoint] = need
        if need is Action.API:
            # No browser sends a program's token by itself.
            app.extensions["csrf"].exempt(view)


def _decided(app: Flask) -> dict[str, Need]:
    decided: dict[str, Need] = app.extensions.setdefault("needs", {})
    return decided


def registry() -> Registry:
    """The registry that the portal stands on."""
    return cast("Registry", current_app.extensions["registry"])


def signer() -> SignerClient | None:
    """Who signs for the portal; None where the settings name nobody."""
    return cast("SignerClient | None", current_app.extensions["signer"])


def account() -> Account:
    """Who asks, on a page that is for somebody."""
    return cast("Account", g.account)


def somebody() -> Account | None:
    """Who asks, or None where nobody is signed in."""
    return cast("Account | None", g.get("account"))


def allowed(action: Action) -> bool:
    """Whether whoever asks may do this: for what a page offers."""
    who = somebody()
    return who is not None and may(who, action)


def install(app: Flask) -> None:
    """Have every request be looked at before its page is."""
    app.before_request(_admit)


def _admit() -> Response | None:
    g.account = None
    if request.endpoint is None:
        # No such page, or not in this way: the router's own answer, which is nobody's data.
        return None
    need = _decided(current_app)[request.endpoint]
    if need is Action.API:
        _admit_program()
        return None
    if request.endpoint == "static":
        return None
    _recognise()
    who = somebody()
    if need is Open.TO_NOBODY:
        abort(404)
    if who is not None and who.must_change and request.endpoint not in _BEFORE_CHANGING:
        return _to("security.change_password") if request.method == "GET" else abort(403)
    if need is Open.TO_ALL:
        return None
    if need is Open.TO_STRANGERS:
        return None if who is None else _to("pages.home")
    if who is None:
        if request.method in ("GET", "HEAD"):
            return _to("security.login", next=request.full_path.rstrip("?"))
        abort(401)
    if not may(who, need):
        abort(403)
    most = getattr(current_app.view_functions[request.endpoint], _MOST, None)
    if most is not None:
        request.max_content_length = most
    return None


def _recognise() -> None:
    """Find out who asks by the session's cookie; too long without a page, and it has to be said again."""
    if not current_user.is_authenticated:
        return
    now, idle = time.time(), 60 * current_app.extensions["settings"].idle
    longest = current_app.permanent_session_lifetime.total_seconds()
    if now - session.get("seen", now) > idle or now - session.setdefault("since", now) > longest:
        logout_user()
        for name in ("seen", "since"):
            session.pop(name, None)
        return
    session["seen"] = now
    g.account = current_user.account


def _admit_program() -> None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    with registry().reading() as connection:
        found = keeping.of_token(registry(), connection, token) if kind == "Bearer" and token.isascii() else None
    if found is None:
        abort(401)
    if not may(found, Action.API):
        abort(403)
    g.account = found


def _to(endpoint: str, **values: Any) -> Response:
    return cast("Response", redirect(url_for(endpoint, **values)))
