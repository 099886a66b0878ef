"""An account as it is now, and how one is found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select

from vaxcert.errors import NotFoundError, Reason
from vaxcert.registry import schema
from vaxcert.registry.states import Role


class Account(NamedTuple):
    """An account. `site`: where they work, "" for none; else `area`, a district; with neither they work everywhere.

    `session_mark`: what sessions name. `totp`: sealed; None where no authenticator is set up. Times are UTC.
    """

    id: int
    login: str
    display_name: str
    email: str | None
    site: str
    area: str
    active: bool
    password_hash: str | None
    must_change: bool
    totp: bytes | None
    totp_counter: int | None
    session_mark: str
    failures: int
    locked_until: datetime | None
    pin_hash: str | None
    pin_day: date | None
    pin_failures: int
    signed_in_at: datetime | None
    roles: frozenset[Role]

    @property
    def actor(self) -> str:
        """Who acts, as the audit log names them."""
        return f"account:{self.login}"

    def locked(self, now: datetime) -> bool:
        """Whether too many wrong passwords, codes or PINs keep everybody out, at `now` (UTC, without a zone)."""
        return self.locked_until is not None and now < self.locked_until

    def __repr__(self) -> str:
        return f"<Account {self.id}>"


def by_login(connection: Connection, login: str) -> Account | None:
    """The account of that name, however its letters are written."""
    return _one(connection, schema.account.c.login == login.strip().lower())


def by_mark(connection: Connection, mark: str) -> Account | None:
    """The account whose sessions name this mark."""
    return _one(connection, schema.account.c.session_mark == mark)


def by_id(connection: Connection, number: int) -> Account:
    """The account of that number. Raises `NotFoundError`."""
    found = _one(connection, schema.account.c.id == number)
    if found is None:
        raise NotFoundError(f"account {number}: there is none", Reason.NO_SUCH_RECORD)
    return found


def by_token_hash(connection: Connection, token_hash: str) -> Account | None:
    """The account that a token was given to and not taken from since."""
    token = schema.access_token
    query = select(token.c.account_id).where(token.c.token_hash == token_hash, token.c.revoked_at.is_(None))
    number = connection.scalar(query)
    return None if number is None else by_id(connection, number)


def listed(connection: Connection) -> list[Account]:
    """All accounts, by login."""
    return _found(connection, connection.execute(select(schema.account).order_by(schema.account.c.login)))


def administrators(connection: Connection) -> int:
    """How many active accounts make accounts."""
    account, role = schema.account, schema.account_role
    query = select(func.count()).select_from(account.join(role, role.c.account_id == account.c.id))
    return int(connection.scalar(query.where(account.c.active, role.c.role == Role.ADMINISTRATOR)) or 0)


def _one(connection: Connection, which: ColumnElement[bool]) -> Account | None:
    found = _found(connection, connection.execute(select(schema.account).where(which)))
    return found[0] if found else None


def _found(connection: Connection, rows: Iterable[Any]) -> list[Account]:
    kept = list(rows)
    table = schema.account_role
    roles: dict[int, set[Role]] = {row.id: set() for row in kept}
    for number, role in connection.execute(
        select(table.c.account_id, table.c.role).where(table.c.account_id.in_(roles))
    ):
        roles[number].add(Role(role))
    own = [name for name in Account._fields if name not in ("site", "roles")]
    return [
        Account(**{name: row._mapping[name] for name in own}, site=row.site or "", roles=frozenset(roles[row.id]))
        for row in kept
    ]
