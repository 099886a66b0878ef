"""A registry's database: opened, migrated, and written by one at a time.

Who writes takes the registry's lock first: two imports at once then end as they would one after the other, and a desk
that records a dose meanwhile waits for a block of rows (`turns`). Readers never wait.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from vaxcert import files
from vaxcert.errors import ConfigurationError, NotFoundError, Reason
from vaxcert.extras import missing
from vaxcert.files import HAS_LOCKS
from vaxcert.issue import local_day, local_time
from vaxcert.registry import groups, schema, turns
from vaxcert.registry.faults import database_error
from vaxcert.registry.secrets import Secrets
from vaxcert.registry.turns import LongWork, RegistryLock
from vaxcert.registry.upgrading import upgrade

# Whose deletions leave nothing to be read in the file. Writers of SQLite wait this long for one another, in ms.
_SAFE = ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=60000", "synchronous=FULL", "secure_delete=ON")

# For databases that do not fit SQLite's usual cache of 2 MB, and so that its statistics need no reading of all.
_LARGE = ("cache_size=-131072", "analysis_limit=1000")

_WRITES = {"writes": True}

# Neither errors nor logs quote a record: at level DEBUG the engine would log each row that it reads.
_QUIET: dict[str, Any] = {"hide_parameters": True, "logging_name": "registry"}
logging.getLogger("sqlalchemy.engine.Engine.registry").addFilter(lambda record: record.levelno > logging.DEBUG)


class Registry:
    """An open registry. `clock` yields aware datetimes; `country` (ISO 3166 alpha-2) is where "today" is decided."""

    def __init__(
        self,
        engine: Engine,
        secrets: Secrets,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        country: str = "VN",
    ) -> None:
        self.engine = engine
        self.secrets = secrets
        self.clock = clock
        self.country = country

    @classmethod
    def create(cls, url: str, key_file: Path, **options: Any) -> Registry:
        """Make the tables in an empty database, and the key. Raises `ConfigurationError` where there is a registry."""
        engine = _engine(url, new=True)
        with _in_our_words(url, engine), engine.begin() as connection:
            if engine.dialect.has_table(connection, schema.setting.name):
                raise ConfigurationError("there is a registry in this database already", Reason.ALREADY_THERE)
        secrets = Secrets.load(key_file) if key_file.exists() else Secrets.create(key_file)
        made = cls(engine, secrets, **options)
        with _in_our_words(url, engine):
            upgrade(made)
            with made.writing() as connection:
                connection.execute(insert(schema.setting).values(name="key", value=secrets.fingerprint))
                groups.put(connection, groups.DEFAULT)
        return made

    @classmethod
    def open(cls, url: str, key_file: Path, **options: Any) -> Registry:
        """Open a database's registry. Raises `ConfigurationError` where there is none, or one of another key."""
        secrets, engine = Secrets.load(key_file), _engine(url)
        with _in_our_words(url, engine), engine.connect() as connection:
            if not engine.dialect.has_table(connection, schema.setting.name):
                raise NotFoundError("there is no registry in this database: vaxcert registry init")
            query = select(schema.setting.c.value).where(schema.setting.c.name == "key")
            if connection.scalar(query) != secrets.fingerprint:
                raise ConfigurationError(f"{key_file}: not the key of this registry", Reason.KEY_DIFFERS)
        opened = cls(engine, secrets, **options)
        with _in_our_words(url, engine):
            upgrade(opened)
        return opened

    def __enter__(self) -> Registry:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.engine.dispose()

    def now(self) -> datetime:
        """The time in UTC without a zone and without fractions, as the database keeps it."""
        return self.clock().astimezone(UTC).replace(tzinfo=None, microsecond=0)

    def today(self) -> date:
        """The day that it is in the registry's country."""
        return local_day(self.country, self.clock())

    def local(self, at: datetime) -> datetime:
        """What clocks in the registry's country show at a time as the database keeps it: both are without a zone."""
        return local_time(self.country, at.replace(tzinfo=UTC)).replace(tzinfo=None)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection on which nothing is written."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The registry's lock, and a connection to write on; `commit` begins another transaction under the same lock.

        Nothing is held in the database before the first statement of each transaction.
        """
        with (
            self.engine.connect().execution_options(**_WRITES) as connection,
            turns.held(connection, RegistryLock.WRITER),
        ):
            yield connection
            connection.commit()

    @contextmanager
    def long_work(self) -> Iterator[LongWork]:
        """As `writing`, for what takes long: one such work at a time, which may give way to other writers."""
        with (
            self.engine.connect().execution_options(**_WRITES) as connection,
            turns.held(connection, RegistryLock.LONG),
        ):
            work = LongWork(connection)
            try:
                yield work
                connection.commit()
            finally:
                work.end()

    @contextmanager
    def noting(self) -> Iterator[Connection]:
        """A transaction for whoever reads and notes that in the audit log; it waits for no import to end."""
        with self._to_write() as connection, connection.begin():
            yield connection

    def busy(self) -> bool:
        """Whether long work is done or somebody writes records now; else what is said to be running was stopped."""
        return any(turns.taken(self.engine, turn) for turn in RegistryLock)

    def at_long_work(self) -> bool:
        """Whether an import or other long work goes on, whoever writes at the moment."""
        return turns.taken(self.engine, RegistryLock.LONG)

    def _to_write(self) -> Connection:
        return self.engine.connect().execution_options(**_WRITES)

    def sweep(self) -> None:
        """Take what was deleted out of the database's files as well, as far as the database does that."""
        raw = self.engine.raw_connection()
        try:
            if self.engine.dialect.name == "postgresql":
                raw.driver_connection.autocommit = True  # type: ignore[union-attr]
                raw.cursor().execute(f"VACUUM {', '.join(schema.metadata.tables)}")
            else:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            # Not for others to use as it is now.
            raw.invalidate()


def _engine(url: str, *, new: bool = False) -> Engine:
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
            raise ConfigurationError("a registry stands on sqlite:///… or postgresql://…")
        engine = create_engine(parsed, **_QUIET)
    except ModuleNotFoundError:
        raise ConfigurationError(missing("PostgreSQL needs psycopg", "registry"), Reason.COMPONENT_MISSING) from None
    except (ArgumentError, NoSuchModuleError):
        # Not the text itself: there may be a password in it.
        raise ConfigurationError("not an address of a database: sqlite:///registry.db, postgresql://…") from None
    if not parsed.database or parsed.database == ":memory:":
        raise ConfigurationError("a registry in memory would keep nothing: sqlite:///registry.db")
    if not HAS_LOCKS:
        raise ConfigurationError(
            "a registry on SQLite needs a system with file locks (Linux, macOS); PostgreSQL does not",
            Reason.COMPONENT_MISSING,
        )
    path = Path(parsed.database)
    if not new and not path.exists():
        raise NotFoundError(f"{path}: there is no registry: vaxcert registry init")
    with files.writing(path):
        # Before SQLite makes it readable by all.
        path.touch(mode=0o600)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        # Transactions are begun by SQLAlchemy alone, so that they hold schema changes too.
        connection.isolation_level = None
        for pragma in (*_SAFE, *_LARGE):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # Who writes says so at once: one who read first could not go on once another had written.
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def _in_our_words(url: str, engine: Engine) -> Iterator[None]:
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
