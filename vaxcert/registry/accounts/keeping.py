"""What an administrator does: make accounts and change them, give new passwords, end sessions, let programs in."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from vaxcert.errors import ConfigurationError, InputError, Reason
from vaxcert.names import normalise, printable
from vaxcert.registry import audit, schema
from vaxcert.registry.accounts import hashing
from vaxcert.registry.accounts.account import Account, administrators, by_id, by_login, by_token_hash
from vaxcert.registry.accounts.actions import checked_roles
from vaxcert.registry.accounts.entering import change, new_mark
from vaxcert.registry.database import Registry
from vaxcert.registry.states import Role

_LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,30}[a-z0-9])?")
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,189}")
_LONGEST_NAME, _LONGEST_AREA = 80, 80
_TOKEN = "vx_"  # noqa: S105  (what tokens begin with, so that a leaked one is told by a search)


class Wanted(NamedTuple):
    """An account as somebody wants it. `site` and `area`: one of them, or neither; "" for none."""

    display_name: str
    roles: Iterable[str]
    site: str = ""
    area: str = ""
    email: str = ""


class Created(NamedTuple):
    """A new account's number, and the password that its owner is told and has to change; "" for a program's."""

    id: int
    password: str

    def __repr__(self) -> str:
        return f"<Created {self.id}>"


def create(registry: Registry, login: str, wanted: Wanted, *, actor: str, password: str = "") -> Created:
    """Make an account, with a password that is made up, or the one given, which then need not be changed.

    Raises `InputError` for what cannot be, `ConfigurationError` where there is one of that name.
    """
    name = login.strip().lower()
    if not _LOGIN.fullmatch(name):
        raise InputError("login", Reason.LOGIN_INVALID)
    program = Role.INTEGRATOR in checked_roles(wanted.roles)
    told = "" if program else password or hashing.made_up()
    kept = hashing.hashed(hashing.checked_password(told)) if told else None
    with registry.noting() as connection:
        values, roles = _checked(connection, wanted)
        if by_login(connection, name) is not None:
            raise ConfigurationError(f"{name}: there is such an account already", Reason.ALREADY_THERE)
        values |= {
            "login": name, "password_hash": kept, "must_change": not password and not program, "active": True,
            "session_mark": new_mark(), "created_at": registry.now(),
        }  # fmt: skip
        made = connection.execute(insert(schema.account).values(**values)).inserted_primary_key
        number = int(made[0]) if made else 0
        _put_roles(connection, number, roles)
        audit.record(registry, connection, actor, "account made", account=number, roles=sorted(roles))
    return Created(number, told)


def edit(registry: Registry, number: int, wanted: Wanted, *, actor: str) -> None:
    """Have an account be as wanted from its next page on. Raises as `create`, and for the last administrator's role."""
    with registry.noting() as connection:
        values, roles = _checked(connection, wanted)
        before = by_id(connection, number)
        if before.actor == actor and roles != before.roles:
            raise ConfigurationError("nobody gives themselves a role, or takes it", Reason.ACCOUNT_NOT_ALLOWED)
        if (Role.INTEGRATOR in roles) != (Role.INTEGRATOR in before.roles):
            raise InputError("roles", Reason.ROLES_APART)
        change(connection, number, **values)
        _put_roles(connection, number, roles)
        _check_administrators(connection, before)
        audit.record(registry, connection, actor, "account changed", account=number, roles=sorted(roles))


def set_active(registry: Registry, number: int, active: bool, *, actor: str) -> None:
    """Let an account in again, or keep it out and end its sessions. Raises for the last administrator."""
    with registry.noting() as connection:
        before = by_id(connection, number)
        values: dict[str, Any] = {"active": active, "failures": 0, "locked_until": None}
        change(connection, number, **values, session_mark=new_mark(), pin_hash=None)
        _check_administrators(connection, before)
        action = "account opened" if active else "account closed"
        audit.record(registry, connection, actor, action, account=number)


def unlock(registry: Registry, number: int, *, actor: str) -> None:
    """Let somebody in whom too many wrong tries kept out."""
    with registry.noting() as connection:
        by_id(connection, number)
        change(connection, number, failures=0, locked_until=None)
        audit.record(registry, connection, actor, "account unlocked", account=number)


def end_sessions(registry: Registry, number: int, *, actor: str) -> None:
    """End all sessions of an account, on every machine; its PIN ends too."""
    with registry.noting() as connection:
        by_id(connection, number)
        change(connection, number, session_mark=new_mark(), pin_hash=None)
        audit.record(registry, connection, actor, "sessions ended", account=number)


def reset_password(registry: Registry, number: int, *, actor: str) -> str:
    """Give an account a password that is made up, and return it; all sessions end. Raises for a program's account."""
    told = hashing.made_up()
    kept = hashing.hashed(told)
    with registry.noting() as connection:
        if Role.INTEGRATOR in by_id(connection, number).roles:
            raise InputError("roles", Reason.ROLES_APART)
        change(
            connection, number, password_hash=kept, must_change=True, session_mark=new_mark(), pin_hash=None,
            failures=0, locked_until=None,
        )  # fmt: skip
        audit.record(registry, connection, actor, "password reset", account=number)
    return told


def reset_totp(registry: Registry, number: int, *, actor: str) -> None:
    """Forget an account's authenticator, so that the next signing in sets up another; all sessions end."""
    with registry.noting() as connection:
        by_id(connection, number)
        change(connection, number, totp=None, totp_counter=None, session_mark=new_mark(), pin_hash=None)
        audit.record(registry, connection, actor, "authenticator reset", account=number)


def give_token(registry: Registry, number: int, *, actor: str) -> str:
    """Give a program's account a token (256 bits) and return it: it is kept as a hash, and never shown again."""
    token = _TOKEN + secrets.token_urlsafe(32)
    with registry.noting() as connection:
        if Role.INTEGRATOR not in by_id(connection, number).roles:
            raise InputError("roles", Reason.ROLES_APART)
        values = {"account_id": number, "token_hash": _hash(registry, token), "created_at": registry.now()}
        connection.execute(insert(schema.access_token).values(**values))
        audit.record(registry, connection, actor, "token given", account=number)
    return token


def take_tokens(registry: Registry, number: int, *, actor: str) -> int:
    """Take all tokens from a program's account, and return how many it had."""
    table = schema.access_token
    with registry.noting() as connection:
        query = update(table).where(table.c.account_id == number, table.c.revoked_at.is_(None))
        count = connection.execute(query.values(revoked_at=registry.now())).rowcount
        audit.record(registry, connection, actor, "tokens taken", account=number, tokens=count)
    return int(count)


def tokens(connection: Connection, number: int) -> int:
    """How many tokens of a program's account are good."""
    table = schema.access_token
    query = select(table.c.id).where(table.c.account_id == number, table.c.revoked_at.is_(None))
    return len(connection.execute(query).all())


def of_token(registry: Registry, connection: Connection, token: str) -> Account | None:
    """The active account that a token belongs to."""
    found = by_token_hash(connection, _hash(registry, token)) if token.startswith(_TOKEN) else None
    return found if found is not None and found.active else None


def _hash(registry: Registry, token: str) -> str:
    return registry.secrets.hash("token", token)


def _checked(connection: Connection, wanted: Wanted) -> tuple[dict[str, Any], frozenset[Role]]:
    name, email, area = (normalise(one) for one in (wanted.display_name, wanted.email, wanted.area))
    site = wanted.site.strip().upper()
    for field, text, most in (("display_name", name, _LONGEST_NAME), ("area", area, _LONGEST_AREA)):
        if len(text) > most:
            raise InputError(field, Reason.TOO_LONG, most=most)
        if printable(text) != text:
            raise InputError(field, Reason.UNPRINTABLE)
    if not name:
        raise InputError("display_name", Reason.MISSING)
    if email and not _EMAIL.fullmatch(email):
        raise InputError("email", Reason.NOT_VALID)
    if site and connection.scalar(select(schema.site.c.code).where(schema.site.c.code == site)) is None:
        raise InputError("site", Reason.NOT_VALID)
    if site and area:
        raise InputError("area", Reason.NOT_VALID)
    values = {"display_name": name, "email": email or None, "site": site or None, "area": area}
    return values, checked_roles(wanted.roles)


def _put_roles(connection: Connection, number: int, roles: frozenset[Role]) -> None:
    table = schema.account_role
    connection.execute(delete(table).where(table.c.account_id == number))
    connection.execute(insert(table), [{"account_id": number, "role": role} for role in sorted(roles)])


def _check_administrators(connection: Connection, before: Account) -> None:
    """Keep the last administrator: nobody else could make another."""
    if Role.ADMINISTRATOR in before.roles and administrators(connection) == 0:
        raise ConfigurationError("the last administrator: make another first", Reason.LAST_ADMINISTRATOR)
