"""Signing in: what is right, what is counted, and when nobody gets in.

Each of these is a transaction of its own and waits for no import. What is wrong is counted whoever tries; at the fifth
time nobody gets in for a quarter of an hour, and an administrator may open the account before.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, or_, update

from vaxcert.errors import NotFoundError, Reason
from vaxcert.registry import audit, schema
from vaxcert.registry.accounts import hashing, screens
from vaxcert.registry.accounts.account import Account, by_id
from vaxcert.registry.database import Registry

TRIES = 5
LOCKED_FOR = timedelta(minutes=15)
# What an authenticator's secret is sealed as.
_TOTP = "totp"


def new_mark() -> str:
    """What sessions of an account are to name from now on."""
    return secrets.token_hex(16)


def failed(registry: Registry, number: int, what: str) -> None:
    """Count a wrong password, code or PIN; `what`: which of them. The fifth locks the account."""
    with registry.noting() as connection:
        change(connection, number, failures=schema.account.c.failures + 1)
        account = by_id(connection, number)
        audit.record(registry, connection, account.actor, "sign in refused", account=number, wrong=what)
        if account.failures >= TRIES:
            change(connection, number, failures=0, locked_until=registry.now() + LOCKED_FOR)
            audit.record(registry, connection, account.actor, "account locked", account=number)


def entered(registry: Registry, number: int, how: str) -> str:
    """Note that somebody signed in, by password or PIN, and return the number of their session.

    Wrong tries before that no longer count.
    """
    with registry.noting() as connection:
        values: dict[str, Any] = {"failures": 0, "locked_until": None}
        if how != "pin":
            values["signed_in_at"] = registry.now()
        change(connection, number, **values)
        audit.record(registry, connection, by_id(connection, number).actor, "sign in", account=number, by=how)
        return screens.begin(registry, connection, number)


def stays(registry: Registry, number: int) -> str:
    """Begin a session of somebody whose sessions ended with a password that they changed; return its number."""
    with registry.noting() as connection:
        return screens.begin(registry, connection, number)


def left(registry: Registry, account: Account, session: str) -> None:
    """End a session, by its number, and note that somebody signed out; nothing is noted of one that ended before."""
    with registry.noting() as connection:
        if screens.end(registry, connection, session):
            audit.record(registry, connection, account.actor, "sign out", account=account.id)


def store_password(registry: Registry, number: int, password_hash: str, mark: str) -> None:
    """Keep the hash of a password that its owner chose; all sessions end, and `mark` is what later ones name."""
    with registry.noting() as connection:
        change(
            connection, number, password_hash=password_hash, must_change=False, session_mark=mark, pin_hash=None
        )  # fmt: skip
        audit.record(registry, connection, by_id(connection, number).actor, "password changed", account=number)


def store_totp(registry: Registry, number: int, secret: str) -> None:
    """Keep an authenticator's secret, sealed."""
    with registry.noting() as connection:
        change(connection, number, totp=registry.secrets.encrypt(_TOTP, secret))
        audit.record(registry, connection, by_id(connection, number).actor, "authenticator set up", account=number)


def totp_secret(registry: Registry, account: Account) -> str | None:
    """An authenticator's secret in clear, or None. Raises `DamagedError` where the registry's key does not open it."""
    return None if account.totp is None else registry.secrets.decrypt(_TOTP, account.totp)


def take_code(registry: Registry, number: int, counter: int) -> bool:
    """Take a code's counter, unless it or a later one was taken before: a code that was looked at is of no use."""
    table = schema.account
    newer = or_(table.c.totp_counter.is_(None), table.c.totp_counter < counter)
    with registry.noting() as connection:
        query = update(table).where(table.c.id == number, newer).values(totp_counter=counter)
        return connection.execute(query).rowcount == 1


def choose_pin(registry: Registry, number: int, pin: str) -> None:
    """Keep a PIN for today. Raises `InputError` for one that is guessed at once."""
    kept = hashing.hashed(hashing.checked_pin(pin))
    with registry.noting() as connection:
        change(connection, number, pin_hash=kept, pin_day=registry.today(), pin_failures=0)
        audit.record(registry, connection, by_id(connection, number).actor, "PIN chosen", account=number)


def right_pin(registry: Registry, account: Account, pin: str) -> bool:
    """Whether it is today's PIN. The fifth wrong one ends it: then it takes the password again."""
    if account.pin_day != registry.today() or account.locked(registry.now()) or not account.active:
        return False
    # Counted before it is looked at, so that tries at the same time are not free.
    table = schema.account
    with registry.noting() as connection:
        left_over = (table.c.id == account.id) & (table.c.pin_failures < TRIES)
        query = update(table).where(left_over).values(pin_failures=table.c.pin_failures + 1)
        if connection.execute(query).rowcount == 0:
            return False
    good = hashing.right(pin, account.pin_hash)
    with registry.noting() as connection:
        if good:
            change(connection, account.id, pin_failures=0)
        else:
            audit.record(registry, connection, account.actor, "sign in refused", account=account.id, wrong="pin")
            if by_id(connection, account.id).pin_failures >= TRIES:
                change(connection, account.id, pin_hash=None)
    return good


def change(connection: Connection, number: int, **values: Any) -> None:
    """Have an account's row say these values; with another `session_mark` all its sessions end.

    Raises `NotFoundError` where there is no such account.
    """
    table = schema.account
    if "session_mark" in values:
        screens.end_all(connection, number)
    if connection.execute(update(table).where(table.c.id == number).values(**values)).rowcount == 0:
        raise NotFoundError(f"account {number}: there is none", Reason.NO_SUCH_RECORD)
