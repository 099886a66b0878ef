"""A registry's database: opened, migrated, and written by one at a time.

Who writes takes the registry's lock first: two imports at once then end as they would one after the other.
Readers never wait.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, func, insert, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from vaxcert.errors import ConfigurationError
from vaxcert.registry import schema
from vaxcert.registry.secrets import Secrets

# For databases that do not fit SQLite's usual cache of 2 MB, and so that its statistics need no reading of all.
_LARGE = ("cache_size=-131072", "analysis_limit=1000")

# Of PostgreSQL's advisory locks, this registry's: for who writes records, and for the audit log.
_LOCK, _AUDIT = 0x76617863, 0x76617864


class Registry:
    """An open registry. `actor` is who is written down for what is done; `clock` yields aware datetimes."""

    def __init__(
        self, engine: Engine, secrets: Secrets, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.engine = engine
        self.secrets = secrets
        self.clock = clock

    @classmethod
    def create(cls, url: str, key_file: Path, **options: Any) -> Registry:
        """Makes the tables in an empty database, and the key. Raises `ConfigurationError` where there is a registry."""
        engine = _engine(url, new=True)
        with _said(url, engine), engine.begin() as connection:
            if engine.dialect.has_table(connection, schema.setting.name):
                raise ConfigurationError("there is a registry in this database already")
        secrets = Secrets.load(key_file) if key_file.exists() else Secrets.create(key_file)
        from vaxcert.registry import groups

        with _said(url, engine):
            upgrade(engine)
            with engine.begin() as connection:
                connection.execute(insert(schema.setting).values(name="key", value=secrets.fingerprint))
                groups.put(connection, groups.DEFAULT)
        return cls(engine, secrets, **options)

    @classmethod
    def open(cls, url: str, key_file: Path, **options: Any) -> Registry:
        """Raises `ConfigurationError` for a database without a registry, or one of another key."""
        secrets, engine = Secrets.load(key_file), _engine(url)
        with _said(url, engine), engine.connect() as connection:
            if not engine.dialect.has_table(connection, schema.setting.name):
                raise ConfigurationError("there is no registry in this database: vaxcert registry init")
            query = select(schema.setting.c.value).where(schema.setting.c.name == "key")
            if connection.scalar(query) != secrets.fingerprint:
                raise ConfigurationError(f"{key_file}: not the key of this registry")
        with _said(url, engine):
            upgrade(engine)
        return cls(engine, secrets, **options)

    def __enter__(self) -> Registry:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.engine.dispose()

    def now(self) -> datetime:
        """UTC without a zone and without fractions, as the database keeps it."""
        return self.clock().astimezone(UTC).replace(tzinfo=None, microsecond=0)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection on which nothing is written."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The registry's lock, and a connection in a transaction; `commit` begins another under the same lock."""
        with self._lock(), self.engine.connect() as connection:
            connection.begin()
            yield connection
            if connection.in_transaction():
                connection.commit()

    @contextmanager
    def noting(self) -> Iterator[Connection]:
        """A transaction for whoever reads and notes that in the audit log. On PostgreSQL it waits for no import."""
        if self.engine.dialect.name != "postgresql":
            with self.writing() as connection:
                yield connection
            return
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def _lock(self) -> Iterator[None]:
        if self.engine.dialect.name == "postgresql":
            # Of this session, not of a transaction: it ends with the process, however that ends.
            with self.engine.connect() as connection:
                connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
                try:
                    yield
                finally:
                    connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
            return
        name = self.engine.url.database
        if not name or name == ":memory:":
            yield
            return
        with os.fdopen(os.open(f"{name}.lock", os.O_WRONLY | os.O_CREAT, 0o600), "w") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            yield


def lock_audit(connection: Connection) -> None:
    """Until the end of the transaction nobody else adds to the audit log."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _AUDIT})


def next_id(connection: Connection, table: Table) -> int:
    """The number of the next row; good while the registry's lock is held."""
    return int(connection.scalar(select(func.coalesce(func.max(table.c.id), 0))) or 0) + 1


def upgrade(engine: Engine) -> None:
    """Bring the tables to this version's."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _engine(url: str, *, new: bool = False) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "postgresql":
            return create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True, hide_parameters=True)
        if parsed.get_backend_name() != "sqlite":
            raise ConfigurationError("a registry stands on sqlite:///… or postgresql://…")
        engine = create_engine(parsed, hide_parameters=True)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError):
        # Not the text itself: there may be a password in it.
        raise ConfigurationError("not an address of a database: sqlite:///registry.db, postgresql://…") from None
    if parsed.database and parsed.database != ":memory:":
        path = Path(parsed.database)
        if not new and not path.exists():
            raise ConfigurationError(f"{path}: there is no registry: vaxcert registry init")
        try:
            # Before SQLite makes it readable by all.
            path.touch(mode=0o600)
        except OSError as error:
            raise ConfigurationError(f"{path}: {error.strerror}") from None

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        # Transactions are begun by SQLAlchemy alone, so that they hold schema changes too.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=30000", "synchronous=FULL", *_LARGE):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


@contextmanager
def _said(url: str, engine: Engine) -> Iterator[None]:
    """In words of our own, and with nothing left open."""
    try:
        yield
    except ConfigurationError:
        engine.dispose()
        raise
    except DBAPIError as error:
        engine.dispose()
        kind = type(error.orig).__name__
        raise ConfigurationError(f"{make_url(url).get_backend_name()}: the database cannot be used ({kind})") from None
