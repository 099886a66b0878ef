"""Who is signed in at a screen: a session goes on as long as it is kept here, whatever a browser's cookie says."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import Connection, delete, insert, select

from vaxcert.registry.database import Registry
from vaxcert.registry.schema import screen_session

# No session is that long; what is older was left without signing out.
KEPT = timedelta(days=2)


def begin(registry: Registry, connection: Connection, account: int) -> str:
    """Begin a session of an account, and return its number (256 bits), of which a hash alone is kept."""
    number = secrets.token_urlsafe(32)
    connection.execute(delete(screen_session).where(screen_session.c.began_at < registry.now() - KEPT))
    connection.execute(
        insert(screen_session).values(
            number_hash=_hash(registry, number), account_id=account, began_at=registry.now()
        )
    )  # fmt: skip
    return number


def goes_on(registry: Registry, number: str, account: int) -> bool:
    """Whether a session of this number was begun by this account, and has not ended."""
    query = select(screen_session.c.account_id).where(screen_session.c.number_hash == _hash(registry, number))
    with registry.reading() as connection:
        return connection.scalar(query) == account


def end(registry: Registry, connection: Connection, number: str) -> bool:
    """End a session; return whether it went on until now."""
    query = delete(screen_session).where(screen_session.c.number_hash == _hash(registry, number))
    return connection.execute(query).rowcount == 1


def end_all(connection: Connection, account: int) -> None:
    """End all sessions of an account."""
    connection.execute(delete(screen_session).where(screen_session.c.account_id == account))


def _hash(registry: Registry, number: str) -> str:
    return registry.secrets.hash("screen session", number)
