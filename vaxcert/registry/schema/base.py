"""What all tables are declared in."""

from __future__ import annotations

from sqlalchemy import Index, MetaData, text

metadata: MetaData = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)


def where_set(table: str, column: str) -> Index:
    """An index of rows in which a column is set: others are most, and a plan that begins with them reads them all."""
    where = text(f"{column} IS NOT NULL")
    return Index(f"ix_{table}_{column}", column, sqlite_where=where, postgresql_where=where)
