"""Requests of programs that come again: the same one changes nothing, another one under the same key is refused.

What stood in a request is kept as a keyed hash: it is somebody's data, and there are few enough people to try them all.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, insert, select

from vaxcert.errors import ConfigurationError, Reason
from vaxcert.registry.database import Registry
from vaxcert.registry.schema import retry

# Whoever comes again later is a new request, which recording knows by its own id still.
KEPT = timedelta(days=30)


def remember(registry: Registry, account: str, key: str, content: str) -> bool:
    """Note a request, and return whether it is new; `key`: the program's own name for it, `content`: all that it says.

    Raises `ConfigurationError` where the account sent something else under this key.
    """
    name = registry.secrets.hash("retry", f"{account}\x1f{key}")
    said = registry.secrets.hash("retry content", content)
    with registry.noting() as connection:
        connection.execute(delete(retry).where(retry.c.at < registry.now() - KEPT))
        if connection.dialect.name == "postgresql":
            from sqlalchemy.dialects.postgresql import insert as insert_new

            values = {"id": name, "content": said, "at": registry.now()}
            new = connection.execute(insert_new(retry).values(**values).on_conflict_do_nothing()).rowcount == 1
        else:
            # Who writes to SQLite is alone.
            new = connection.scalar(select(retry.c.id).where(retry.c.id == name)) is None
            if new:
                connection.execute(insert(retry).values(id=name, content=said, at=registry.now()))
        if new:
            return True
        before = connection.scalar(select(retry.c.content).where(retry.c.id == name))
    if before != said:
        raise ConfigurationError("another request came under this key", Reason.REQUEST_DIFFERS)
    return False
