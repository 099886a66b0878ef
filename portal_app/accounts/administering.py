"""An administrator's pages: accounts and sites, and nobody's name but colleagues'."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from portal_app import access
from portal_app.access import needs
from portal_app.words import language, say
from vaxcert.errors import NotFoundError, VaxcertError
from vaxcert.registry import Registry
from vaxcert.registry.accounts import keeping, places
from vaxcert.registry.accounts.account import Account, by_id, listed
from vaxcert.registry.accounts.actions import Action
from vaxcert.registry.accounts.keeping import Wanted
from vaxcert.registry.accounts.places import Site
from vaxcert.registry.states import Role
from vaxcert.wording import explain

blueprint = Blueprint("administering", __name__, url_prefix="/admin")


@blueprint.get("/accounts")
@needs(Action.ACCOUNTS)
def accounts() -> str:
    """All accounts."""
    with access.registry().reading() as connection:
        found = listed(connection)
    return render_template("accounts/accounts.html", accounts=found, now=access.registry().now())


@blueprint.get("/accounts/new")
@needs(Action.ACCOUNTS)
def new() -> str:
    """A form for an account."""
    return _form("accounts/new.html", "", None)


@blueprint.post("/accounts/new")
@needs(Action.ACCOUNTS)
def make() -> Any:
    """Make an account, and show its password this once."""
    try:
        made = keeping.create(access.registry(), request.form.get("login", ""), _wanted(), actor=_actor())
    except VaxcertError as error:
        return _form("accounts/new.html", explain(error, language()), None), 422
    return _told(made.id, made.password) if made.password else redirect(_place(made.id))


@blueprint.get("/accounts/<int:number>")
@needs(Action.ACCOUNTS)
def account(number: int) -> str:
    """One account, and what can be done about it."""
    return _form("accounts/account.html", "", number)


@blueprint.post("/accounts/<int:number>")
@needs(Action.ACCOUNTS)
def edit(number: int) -> Any:
    """Change an account."""
    return _done(number, lambda registry: keeping.edit(registry, number, _wanted(), actor=_actor()))


@blueprint.post("/accounts/<int:number>/<any(open, close, unlock, end, authenticator, take):what>")
@needs(Action.ACCOUNTS)
def act(number: int, what: str) -> Any:
    """Let an account in or keep it out, end its sessions, forget its authenticator, take its tokens."""
    acts: dict[str, Callable[[Registry], object]] = {
        "open": lambda registry: keeping.set_active(registry, number, True, actor=_actor()),
        "close": lambda registry: keeping.set_active(registry, number, False, actor=_actor()),
        "unlock": lambda registry: keeping.unlock(registry, number, actor=_actor()),
        "end": lambda registry: keeping.end_sessions(registry, number, actor=_actor()),
        "authenticator": lambda registry: keeping.reset_totp(registry, number, actor=_actor()),
        "take": lambda registry: keeping.take_tokens(registry, number, actor=_actor()),
    }
    return _done(number, acts[what])


@blueprint.post("/accounts/<int:number>/<any(password, token):what>")
@needs(Action.ACCOUNTS)
def give(number: int, what: str) -> Any:
    """Give a new password or token, and show it this once."""
    made = keeping.reset_password if what == "password" else keeping.give_token
    try:
        return _told(number, made(access.registry(), number, actor=_actor()))
    except NotFoundError:
        raise
    except VaxcertError as error:
        return _form("accounts/account.html", explain(error, language()), number), 422


@blueprint.get("/sites")
@needs(Action.SITES)
def sites() -> str:
    """All sites, and a form for another."""
    return _sites("")


@blueprint.post("/sites")
@needs(Action.SITES)
def put_site() -> Any:
    """Add a site, or change what one is called."""
    given = Site(*(request.form.get(name, "") for name in Site._fields))
    try:
        places.put_site(access.registry(), given, actor=_actor(), new="new" in request.form)
    except VaxcertError as error:
        return _sites(explain(error, language())), 422
    flash(say("done"))
    return redirect(url_for("administering.sites"))


def _actor() -> str:
    return access.account().actor


def _place(number: int) -> str:
    return url_for("administering.account", number=number)


def _wanted() -> Wanted:
    form = request.form
    return Wanted(
        display_name=form.get("display_name", ""),
        roles=form.getlist("roles"),
        site=form.get("site", ""),
        area=form.get("area", ""),
        email=form.get("email", ""),
    )


def _done(number: int, work: Callable[[Registry], object]) -> Any:
    try:
        work(access.registry())
    except NotFoundError:
        raise
    except VaxcertError as error:
        return _form("accounts/account.html", explain(error, language()), number), 422
    if number == access.account().id:
        # Their own session may have ended with it.
        return redirect(url_for("administering.accounts"))
    flash(say("done"))
    return redirect(_place(number))


def _told(number: int, secret: str) -> str:
    """A password or token, shown this once: it is in no address, and the page is not kept."""
    with access.registry().reading() as connection:
        found = by_id(connection, number)
    return render_template("accounts/told.html", account=found, secret=secret)


def _form(template: str, wrong: str, number: int | None) -> str:
    registry = access.registry()
    with registry.reading() as connection:
        found: Account | None = None if number is None else by_id(connection, number)
        known = places.sites(connection)
        tokens = 0 if found is None else keeping.tokens(connection, found.id)
    filled = _wanted() if wrong and request.form.get("display_name") else found
    return render_template(
        template, account=found, filled=filled, wrong=wrong, roles=list(Role), tokens=tokens, sites=known,
        areas=sorted({one.district for one in known if one.district}), now=registry.now(),
    )  # fmt: skip


def _sites(wrong: str) -> str:
    with access.registry().reading() as connection:
        found = places.sites(connection)
    filled = request.form if wrong else {}
    return render_template("accounts/sites.html", sites=found, wrong=wrong, filled=filled)
