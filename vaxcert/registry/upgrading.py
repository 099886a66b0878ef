"""A registry of an earlier version, brought to this one's tables and to what this one finds people by."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from vaxcert.errors import ConfigurationError, Reason
from vaxcert.registry import schema, sums

if TYPE_CHECKING:
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
        # Migrations may have to decrypt what is on record, to compute anew what people are found by.
        config.attributes |= {"connection": connection, "secrets": registry.secrets}
        try:
            command.upgrade(config, "head")
        except CommandError:
            raise ConfigurationError("the registry is of a later vaxcert than this one", Reason.VERSION_LATER) from None
        # Whatever was changed of the records, or of what is counted.
        sums.rebuild(connection)


def _revision(connection: Connection) -> str | None:
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")))
