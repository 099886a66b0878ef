"""What a database says against its use, told apart without its own words: they may quote a record or a password."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError

from vaxcert.errors import ConfigurationError, DamagedError, NotFoundError, Reason, UnreachableError

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
