"""The bookings' database: SQLite in a file of its own, or PostgreSQL; whoever writes does so one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, text, update

from vaxcert.booking import schema
from vaxcert.booking.sealing import DeskKey
from vaxcert.errors import ConfigurationError, NotFoundError, Reason
from vaxcert.issue import local_time
from vaxcert.registry import connecting
from vaxcert.registry.secrets import Secrets

# Of the tables. What brings an earlier one to the next stands in `UPGRADES`, by the version that it leads to.
VERSION = 1
UPGRADES: dict[int, tuple[str, ...]] = {}

_WHAT: dict[str, Any] = {"what": "booking", "init": "vaxcert booking init"}
# Of PostgreSQL's advisory locks, that of whoever writes here.
_LOCK = 0x626F6F6B


class Bookings:
    """Open bookings. `desk`: the key that opens who booked, where this is the desk's side; `public`: its other half.

    `clock` yields aware datetimes; `country` (ISO 3166 alpha-2) is whose clocks the times of sessions are by.
    """

    def __init__(
        self,
        engine: Engine,
        secrets: Secrets,
        public: bytes,
        desk: DeskKey | None = None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        country: str = "VN",
    ) -> None:
        self.engine, self.secrets, self.public, self._desk = engine, secrets, public, desk
        self.clock, self.country = clock, country

    @classmethod
    def create(cls, url: str, key_file: Path, desk_key_file: Path, **options: Any) -> Bookings:
        """Make the tables in an empty database, and the two keys where they are not there.

        Raises `ConfigurationError` where there are bookings already.
        """
        engine = connecting.engine(url, new=True, **_WHAT)
        with connecting.in_our_words(url, engine), engine.begin() as connection:
            if engine.dialect.has_table(connection, schema.setting.name):
                raise ConfigurationError("there are bookings in this database already", Reason.ALREADY_THERE)
        secrets = Secrets.load(key_file) if key_file.exists() else Secrets.create(key_file)
        desk = DeskKey.load(desk_key_file) if desk_key_file.exists() else DeskKey.create(desk_key_file)
        settings = {"version": str(VERSION), "key": secrets.fingerprint, "desk": desk.public.hex()}
        with connecting.in_our_words(url, engine), engine.begin() as connection:
            schema.metadata.create_all(connection)
            rows = [{"name": name, "value": value} for name, value in settings.items()]
            connection.execute(insert(schema.setting), rows)
        return cls(engine, secrets, desk.public, desk, **options)

    @classmethod
    def open(cls, url: str, key_file: Path, desk_key_file: Path | None = None, **options: Any) -> Bookings:
        """Open a database's bookings. With `desk_key_file` as the desk, which brings an earlier version's tables up.

        Raises `ConfigurationError` where there are none, for another key, and for another version's tables.
        """
        secrets, engine = Secrets.load(key_file), connecting.engine(url, **_WHAT)
        desk = None if desk_key_file is None else DeskKey.load(desk_key_file)
        with connecting.in_our_words(url, engine), engine.connect() as connection:
            if not engine.dialect.has_table(connection, schema.setting.name):
                raise NotFoundError("there are no bookings in this database: vaxcert booking init")
            kept = {row.name: row.value for row in connection.execute(select(schema.setting))}
        public = bytes.fromhex(kept["desk"])
        with connecting.in_our_words(url, engine):
            if kept["key"] != secrets.fingerprint:
                raise ConfigurationError(f"{key_file}: not the key of these bookings", Reason.KEY_DIFFERS)
            if desk is not None and desk.public != public:
                raise ConfigurationError(f"{desk_key_file}: not the desk's key of these bookings", Reason.KEY_DIFFERS)
            _bring_up(engine, int(kept["version"]), may=desk is not None)
        return cls(engine, secrets, public, desk, **options)

    def __repr__(self) -> str:
        return "<Bookings>"

    def __enter__(self) -> Bookings:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.engine.dispose()

    @property
    def desk(self) -> DeskKey:
        """The key that opens who booked. Raises `NotFoundError` on the public's side."""
        if self._desk is None:
            raise NotFoundError("who booked is the desk's to read: its key is not here", Reason.NOT_FOUND)
        return self._desk

    def now(self) -> datetime:
        """The time in UTC without a zone and without fractions, as the database keeps it."""
        return self.clock().astimezone(UTC).replace(tzinfo=None, microsecond=0)

    def local(self) -> datetime:
        """What the sites' clocks show, without a zone."""
        return local_time(self.country, self.clock()).replace(tzinfo=None)

    def today(self) -> date:
        """The day that it is at the sites."""
        return self.local().date()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection on which nothing is written."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction, and nobody else's beside it: who counts places then counts them all."""
        with self.engine.connect().execution_options(**connecting.WRITES) as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                # It ends with the transaction.
                connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
            yield connection

    def sweep(self) -> None:
        """Take what was deleted out of the database's files as well, as far as the database does that."""
        raw = self.engine.raw_connection()
        try:
            if self.engine.dialect.name == "postgresql":
                raw.driver_connection.autocommit = True  # type: ignore[union-attr]
                raw.cursor().execute(f"VACUUM {schema.booking.name}")
            else:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            # Not for others to use as it is now.
            raw.invalidate()


def _bring_up(engine: Engine, version: int, *, may: bool) -> None:
    if version > VERSION or (version < VERSION and not may):
        later = "a later vaxcert made these bookings"
        earlier = "bookings of an earlier vaxcert: the desk's side brings them to this one's tables"
        raise ConfigurationError(later if version > VERSION else earlier, Reason.FORM_UNKNOWN)
    for number in range(version + 1, VERSION + 1):
        with engine.begin() as connection:
            for statement in UPGRADES[number]:
                connection.execute(text(statement))
            of_version = schema.setting.c.name == "version"
            connection.execute(update(schema.setting).where(of_version).values(value=str(number)))
