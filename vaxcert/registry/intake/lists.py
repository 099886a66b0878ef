"""Lists that come with the records: sites, lots and deliveries, and the targets that people set."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, update

from vaxcert import files
from vaxcert.errors import ConfigurationError, InputError, Reason
from vaxcert.names import normalise, plain
from vaxcert.registry import audit, schema
from vaxcert.registry.database import Registry
from vaxcert.registry.groups import Group, put
from vaxcert.registry.intake.resolving import Resolved, resolve
from vaxcert.tables.delimited import delimiter_of
from vaxcert.tables.records import day, product
from vaxcert.wording.rows import phrase

_NEEDED = {
    "sites": ("site", "name", "district"),
    "deliveries": ("site", "lot", "product", "doses", "received_on"),
    "targets": ("district", "priority_group", "people"),
}


class ListLoaded(NamedTuple):
    """A list that was taken over. `rows`: how many it has; `resolved`: what records say by code since."""

    rows: int
    resolved: Resolved


def load(registry: Registry, kind: str, path: Path, *, actor: str) -> ListLoaded:
    """Take over a CSV of `sites`, `deliveries` or `targets`.

    All or none; the same file twice is once. Doses of sites that it names are of them from now on. Raises
    `ConfigurationError` for one that lacks a column or has a row that makes no sense.
    """
    put: dict[str, Callable[[Connection, Mapping[str, str]], None]] = {
        "sites": _site, "deliveries": _delivery, "targets": _target,
    }  # fmt: skip
    rows = _read(path, _NEEDED[kind])
    with registry.writing() as connection:
        for line, row in enumerate(rows, 2):
            try:
                put[kind](connection, row)
            except InputError as error:
                raise ConfigurationError(
                    f"{path}: row {line}: {phrase(error.problem).en}", Reason.ROW_INVALID
                ) from None
        resolved = resolve(registry, connection, actor, f"list of {kind}")
        audit.record(registry, connection, actor, f"load {kind}", rows=len(rows), **_run(resolved))
    return ListLoaded(len(rows), resolved)


def _read(path: Path, needed: tuple[str, ...]) -> list[dict[str, str]]:
    try:
        stream = io.StringIO(files.read_text(path), newline="")
        head = stream.readline()
        stream.seek(0)
        reader = csv.DictReader(stream, delimiter=delimiter_of(head))
        names = {name: plain(name).replace(" ", "_") for name in reader.fieldnames or ()}
        rows = [{names[key]: normalise(value or "") for key, value in row.items() if key} for row in reader]
    except csv.Error:
        raise ConfigurationError(f"{path}: not a CSV", Reason.FORM_UNKNOWN) from None
    if missing := [name for name in needed if name not in names.values()]:
        raise ConfigurationError(f"{path}: no column {', '.join(missing)}", Reason.COLUMNS_UNCLEAR)
    return rows


def _site(connection: Connection, row: Mapping[str, str]) -> None:
    values = {"name": _text(row, "name", 200), "district": _text(row, "district", 80)}
    _put(connection, schema.site, {"code": _needed(row, "site", 16)}, values)


def _delivery(connection: Connection, row: Mapping[str, str]) -> None:
    site, lot = _needed(row, "site", 16), _needed(row, "lot", 40)
    if connection.scalar(select(schema.site.c.code).where(schema.site.c.code == site)) is None:
        connection.execute(insert(schema.site).values(code=site, name="", district=""))
    _put(connection, schema.lot, {"number": lot}, {"product": product(_needed(row, "product", 80))})
    key = {"site": site, "lot": lot, "received_on": day(row["received_on"])}
    _put(connection, schema.delivery, key, {"doses": _number(row, "doses")})


def _target(connection: Connection, row: Mapping[str, str]) -> None:
    key = {"district": _text(row, "district", 80), "priority_group": _text(row, "priority_group", 8)}
    _put(connection, schema.target, key, {"people": _number(row, "people")})


def _put(connection: Connection, table: Any, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Have the row with this key say these values from now on; it is added where there is none."""
    same = [table.c[name] == value for name, value in key.items()]
    if connection.execute(update(table).where(*same).values(**values)).rowcount == 0:
        connection.execute(insert(table).values(**key, **values))


def _needed(row: Mapping[str, str], field: str, most: int) -> str:
    if not row[field]:
        raise InputError(field, Reason.MISSING)
    return _text(row, field, most)


def _text(row: Mapping[str, str], field: str, most: int) -> str:
    if len(row[field]) > most:
        raise InputError(field, Reason.TOO_LONG, most=most)
    return row[field]


def _number(row: Mapping[str, str], field: str) -> int:
    text = row[field]
    if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
        raise InputError(field, Reason.NOT_A_NUMBER, least=0, most=10**_MOST_DIGITS - 1)
    return int(text)


_MOST_DIGITS = 9


def read_groups(path: Path) -> list[Group]:
    """Read priority groups from a CSV with the columns `code`, `name_vi` and `name_en`. Raises `ConfigurationError`."""
    try:
        text = files.read_text(path, "{path}: not a CSV that can be read")
        read = csv.DictReader(io.StringIO(text, newline=""))
        rows = [{name: (row.get(name) or "").strip() for name in Group._fields} for row in read]
    except csv.Error:
        raise ConfigurationError(f"{path}: not a CSV that can be read", Reason.FORM_UNKNOWN) from None
    found = [Group(**row) for row in rows]
    if not found or len({one.code for one in found}) < len(found) or not all(0 < len(one.code) <= 8 for one in found):
        raise ConfigurationError(
            f"{path}: wants columns code, name_vi, name_en, with a code of its own in each row", Reason.COLUMNS_UNCLEAR
        )
    return found


def change_groups(registry: Registry, chosen: Sequence[Group], *, actor: str) -> Resolved:
    """Have these priority groups from now on, and people whose group is one of them by its name in it.

    People keep the code that they have.
    """
    with registry.writing() as connection:
        put(connection, chosen)
        resolved = resolve(registry, connection, actor, "list of groups")
        codes = [group.code for group in chosen]
        audit.record(registry, connection, actor, "groups", codes=codes, **_run(resolved))
    return resolved


def _run(resolved: Resolved) -> dict[str, int]:
    return {} if resolved.run is None else {"run": resolved.run}
