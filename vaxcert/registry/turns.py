"""Who writes records when: one at a time, and of long work one at a time too, which lets others write in between.

Two locks, always in this order: that of long work (an import, the nightly issuing, a backup), held until it ends, and
the writer's, held while something is written that must be seen as a whole. PostgreSQL: advisory locks of the very
connection that writes; where that is lost, so are they, and nobody writes without them. SQLite: files beside the
database, which end with the process, however that ends.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from vaxcert.files import Lock

# So that whoever waits for a file's lock has it before it is asked for again: the system keeps no order among them.
_A_MOMENT = 0.005


class RegistryLock(Enum):
    """A lock: its number among PostgreSQL's advisory ones (the audit log's is between them), and its file's ending."""

    WRITER = (0x76617863, ".lock")
    LONG = (0x76617865, ".long.lock")


@contextmanager
def held(connection: Connection, turn: RegistryLock) -> Iterator[None]:
    """Hold a lock; whoever else holds it is waited for. The connection is in no transaction, before and after."""
    if connection.dialect.name != "postgresql":
        with Lock(_file(connection.engine, turn), wait=True):
            yield
        return
    _tell(connection, turn, "lock")
    try:
        yield
    finally:
        if not connection.invalidated:
            connection.rollback()
            _tell(connection, turn, "unlock")


class LongWork:
    """What long work writes through: `connection`, under the writer's lock but for when it gives way."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._held = held(connection, RegistryLock.WRITER)
        self._held.__enter__()

    def give_way(self) -> None:
        """Commit, and let whoever waits write first: what was read before may be otherwise from now on."""
        self.connection.commit()
        self.end()
        if self.connection.dialect.name != "postgresql":
            time.sleep(_A_MOMENT)
        self._held = held(self.connection, RegistryLock.WRITER)
        self._held.__enter__()

    def end(self) -> None:
        """Let go of the writer's lock."""
        self._held.__exit__(None, None, None)


def taken(engine: Engine, turn: RegistryLock) -> bool:
    """Whether somebody holds a lock now."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            free = connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": turn.value[0]})
            if free:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": turn.value[0]})
        return not free
    try:
        Lock(_file(engine, turn)).close()
    except BlockingIOError:
        return True
    return False


def _tell(connection: Connection, turn: RegistryLock, what: str) -> None:
    connection.execute(text(f"SELECT pg_advisory_{what}(:key)"), {"key": turn.value[0]})
    connection.commit()


def _file(engine: Engine, turn: RegistryLock) -> Path:
    return Path(f"{os.path.realpath(str(engine.url.database))}{turn.value[1]}")
