"""Numbers of rows: each is given once and never again, since the audit log names rows by them."""

from __future__ import annotations

from sqlalchemy import Connection, Table, func, insert, select, update

from vaxcert.registry import schema


def next_id(connection: Connection, table: Table) -> int:
    """The number of the next row, which none had before; good while the registry's lock is held."""
    setting = schema.setting
    kept = select(setting.c.value).where(setting.c.name == _last(table)).scalar_subquery()
    # In one question: a run of a single dose asks for several.
    held, given = connection.execute(select(func.max(table.c.id), kept)).one()
    return max(int(held or 0), int(given or 0)) + 1


def keep_numbers(connection: Connection) -> None:
    """Keep the numbers of rows that are to go: they stand in the audit log, and are not to be given to others."""
    setting = schema.setting
    for table in (schema.person, schema.dose, schema.review):
        value = str(next_id(connection, table) - 1)
        same = setting.c.name == _last(table)
        if not connection.execute(update(setting).where(same).values(value=value)).rowcount:
            connection.execute(insert(setting).values(name=_last(table), value=value))


def _last(table: Table) -> str:
    return f"last {table.name}"
