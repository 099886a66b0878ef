"""A database of people, opened: as safe as its system lets it be, quiet about what is in it, and with errors in words
of our own."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
    SQLAlchemyError,
)

from vaxcert import files
from vaxcert.errors import ConfigurationError, DamagedError, NotFoundError, Reason, UnreachableError
from vaxcert.extras import missing
from vaxcert.files import HAS_LOCKS

# SQLite's primary result codes, https://www.sqlite.org/rescode.html.
_OF_SQLITE: dict[int, tuple[type[ConfigurationError], Reason]] = {
    sqlite3.SQLITE_PERM: (ConfigurationError, Reason.NOT_WRITABLE),
    sqlite3.SQLITE_BUSY: (ConfigurationError, Reason.IN_USE),
    sqlite3.SQLITE_LOCKED: (ConfigurationError, Reason.IN_USE),
    sqlite3.SQLITE_READONLY: (ConfigurationError, Reason.NOT_WRITABLE),
    sqlite3.SQLITE_IOERR: (ConfigurationError, Reason.NOT_READABLE),
    sqlite3.SQLITE_CORRUPT: (DamagedError, Reason.DATA_DAMAGED),
    sqlite3.SQLITE_FULL: (ConfigurationError, Reason.NOT_WRITABLE),
    sqlite3.SQLITE_CANTOPEN: (ConfigurationError, Reason.NOT_READABLE),
    sqlite3.SQLITE_NOTADB: (DamagedError, Reason.DATA_DAMAGED),
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html: invalid_catalog_name, a database that there is not.
_NO_SUCH_DATABASE = "3D000"

# Whose deletions leave nothing to be read in the file. Writers of SQLite wait this long for one another, in ms.
_SAFE = ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=60000", "synchronous=FULL", "secure_delete=ON")

# For databases that do not fit SQLite's usual cache of 2 MB, and so that its statistics need no reading of all.
_LARGE = ("cache_size=-131072", "analysis_limit=1000")

# Of a connection that is going to write.
WRITES = {"writes": True}

# Neither errors nor logs quote a record: at level DEBUG the engine would log each row that it reads.
_QUIET: dict[str, Any] = {"hide_parameters": True, "logging_name": "registry"}
logging.getLogger("sqlalchemy.engine.Engine.registry").addFilter(lambda record: record.levelno > logging.DEBUG)


def engine(url: str, *, new: bool = False, what: str = "registry", init: str = "vaxcert registry init") -> Engine:
    """What connections come from. `what` stands there and is made by the command `init`, in words.

    Raises `ConfigurationError` for an address of neither SQLite nor PostgreSQL, and `NotFoundError` where SQLite has no
    such file and none is to be made.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "postgresql":
            return create_engine(
                parsed.set(drivername="postgresql+psycopg"),
                pool_pre_ping=True,
                isolation_level="READ COMMITTED",
                **_QUIET,
            )
        if parsed.get_backend_name() != "sqlite":
            raise ConfigurationError(f"a {what} stands on sqlite:///… or postgresql://…")
        made = create_engine(parsed, **_QUIET)
    except ModuleNotFoundError:
        raise ConfigurationError(missing("PostgreSQL needs psycopg", "registry"), Reason.COMPONENT_MISSING) from None
    except (ArgumentError, NoSuchModuleError):
        # Not the text itself: there may be a password in it.
        raise ConfigurationError(f"not an address of a database: sqlite:///{what}.db, postgresql://…") from None
    if not parsed.database or parsed.database == ":memory:":
        raise ConfigurationError(f"a {what} in memory would keep nothing: sqlite:///{what}.db")
    if not HAS_LOCKS:
        raise ConfigurationError(
            f"a {what} on SQLite needs a system with file locks (Linux, macOS); PostgreSQL does not",
            Reason.COMPONENT_MISSING,
        )
    path = Path(parsed.database)
    if not new and not path.exists():
        raise NotFoundError(f"{path}: there is no {what}: {init}")
    with files.writing(path):
        # Before SQLite makes it readable by all.
        path.touch(mode=0o600)

    @event.listens_for(made, "connect")
    def prepare(connection: Any, _: Any) -> None:
        # Transactions are begun by SQLAlchemy alone, so that they hold schema changes too.
        connection.isolation_level = None
        for pragma in (*_SAFE, *_LARGE):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(made, "begin")
    def begin(connection: Connection) -> None:
        # Who writes says so at once: one who read first could not go on once another had written.
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return made


@contextmanager
def in_our_words(url: str, engine: Engine) -> Iterator[None]:
    """Raise a database's errors in words of our own, and with nothing left open."""
    try:
        yield
    except ConfigurationError:
        engine.dispose()
        raise
    except DBAPIError as error:
        engine.dispose()
        kind = type(error.orig).__name__
        raise database_error(
            error, f"{make_url(url).get_backend_name()}: the database cannot be used ({kind})"
        ) from None


def is_of_database(error: BaseException) -> bool:
    """Whether a database says this, which may pass by itself: for those who know the registry alone."""
    return isinstance(error, SQLAlchemyError)


def database_error(error: SQLAlchemyError, told: str) -> ConfigurationError:
    """Our error for one of the database's, with `told` for its message."""
    cause = getattr(error, "orig", None)
    if isinstance(cause, sqlite3.Error):
        kind, reason = _OF_SQLITE.get(
            (getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF, (ConfigurationError, Reason.SETTING_INVALID)
        )
        return kind(told, reason)
    state = getattr(cause, "sqlstate", None)
    if state == _NO_SUCH_DATABASE:
        return NotFoundError(told)
    # A server that answers says a state; 08 are those of a connection that is lost.
    if isinstance(error, OperationalError | InterfaceError) and (state or "08").startswith("08"):
        return UnreachableError(told)
    return ConfigurationError(told)
