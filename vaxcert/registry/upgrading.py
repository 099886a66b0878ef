"""A registry of an earlier version, brought to this one's tables and to what this one finds people by."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, bindparam, select, text, update

from vaxcert.errors import ConfigurationError
from vaxcert.registry import people, schema
from vaxcert.registry.database import Registry


def upgrade(registry: Registry) -> None:
    """Bring the tables to this version's. Raises `ConfigurationError` for those of a later one."""
    with registry.reading() as connection:
        if _revision(connection) == schema.REVISION:
            return
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with registry.writing() as connection:
        config.attributes["connection"] = connection
        before = _revision(connection)
        try:
            command.upgrade(config, "head")
        except CommandError:
            raise ConfigurationError("the registry is of a later vaxcert than this one") from None
        if before == _OTHER_KEYS:
            _find_anew(registry, connection)


# The first version compared names and numbers otherwise.
_OTHER_KEYS = "0001"


def _find_anew(registry: Registry, connection: Connection) -> None:
    table = schema.person_version
    change = (
        update(table).where(table.c.id == bindparam("number")).values({name: bindparam(name) for name in people.KEYS})
    )
    rows = connection.execute(select(table).order_by(table.c.id)).all()
    if rows:
        made = [people.found_anew(dict(row._mapping), registry.secrets) for row in rows]
        connection.execute(change, [{"number": row.id, **keys} for row, keys in zip(rows, made, strict=True)])


def _revision(connection: Connection) -> str | None:
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")))
