"""A whole registry out and in again: as a backup, and between SQLite and PostgreSQL.

export: one ZIP, a file of JSON lines for each table, and `manifest.json` with counts, sizes and SHA-256 of each, under
a keyed hash, so that only who has the key makes one. What is encrypted stays so, and the key is not in it: keep that
apart, since neither is of use without the other.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Date, DateTime, LargeBinary, String, Table, func, insert, select, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from vaxcert import files
from vaxcert.errors import ConfigurationError, DamagedError, Reason
from vaxcert.names import normalise
from vaxcert.registry import audit, schema
from vaxcert.registry.database import Registry

FORMAT = 1
_AT_ONCE = 2_000
_MANIFEST = "manifest.json"


def export(registry: Registry, out: Path, *, actor: str) -> dict[str, int]:
    """Write everything to a new file; return how many rows of each table. Nobody writes meanwhile."""
    parts: dict[str, dict[str, Any]] = {}
    with files.writing(out), registry.long_work() as work, files.aside(out, mode=files.PRIVATE) as beside:
        connection = work.connection
        # Part of what it writes, so that whoever takes the registry over sees that it was handed over.
        audit.record(registry, connection, actor, "export", file=normalise(out.name))
        connection.commit()
        with registry.reading() as reader, zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
            for table in schema.metadata.sorted_tables:
                digest, count, size = hashlib.sha256(), 0, 0
                with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as part:
                    for line in _lines(reader, table):
                        part.write(line)
                        digest.update(line)
                        count, size = count + 1, size + len(line)
                parts[table.name] = {"rows": count, "bytes": size, "sha256": digest.hexdigest()}
            manifest = {"format": FORMAT, "tables": parts, "hash": _hash(registry, parts)}
            archive.writestr(_MANIFEST, json.dumps(manifest, indent=1))
    return {name: part["rows"] for name, part in parts.items()}


def restore(registry: Registry, source: Path, *, actor: str) -> dict[str, int]:
    """Fill a registry that nobody has used with an export; return how many rows of each table. All or nothing.

    The audit log goes on with the restoration itself: what happened between the export and now is not in it. Raises
    `ConfigurationError` for a file that was changed, one of another key, or a registry that is not empty.
    """
    try:
        with zipfile.ZipFile(source) as archive, registry.writing() as connection:
            parts = _parts(registry, source, archive)
            for table in (schema.run, schema.person, schema.audit):
                if connection.scalar(select(func.count()).select_from(table)):
                    raise ConfigurationError(
                        "the registry is in use already: restore into a new one", Reason.ALREADY_THERE
                    )
            for table in (schema.setting, schema.priority_group):
                connection.execute(table.delete())
            _fill_all(connection, archive, parts)
            digest = parts[schema.audit.name]["sha256"]
            audit.record(registry, connection, actor, "restore", file=normalise(source.name), audit_sha256=digest)
    except _DAMAGED as error:
        raise _not_whole(source, error) from None
    return {name: part["rows"] for name, part in parts.items()}


def refill(registry: Registry, connection: Connection, source: Path) -> dict[str, int]:
    """Have a registry hold what an export of it holds and nothing else; return how many rows of each table.

    In the caller's transaction: whoever raises in it has the registry stay as it was. Nothing is noted, as the log is
    the export's by then. Raises as `restore` does.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            parts = _parts(registry, source, archive)
            for table in reversed(schema.metadata.sorted_tables):
                connection.execute(table.delete())
            _fill_all(connection, archive, parts)
    except _DAMAGED as error:
        if isinstance(error, OperationalError):
            # Of the database, as a deadlock: nothing is wrong with the file.
            raise
        raise _not_whole(source, error) from None
    return {name: part["rows"] for name, part in parts.items()}


# What damage to a ZIP or to the lines in it may be met with.
_DAMAGED = (
    OSError, zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, RuntimeError, EOFError, SQLAlchemyError,
)  # fmt: skip
_LARGEST_MANIFEST = 1 << 20


def _parts(registry: Registry, source: Path, archive: zipfile.ZipFile) -> dict[str, dict[str, Any]]:
    """What is in an export, once it is sure that it is one of this registry's key."""
    if archive.getinfo(_MANIFEST).file_size > _LARGEST_MANIFEST:
        raise ValueError
    manifest = json.loads(archive.read(_MANIFEST))
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ConfigurationError(f"{source}: not an export of this version", Reason.VERSION_LATER)
    parts: dict[str, dict[str, Any]] = manifest["tables"]
    if manifest["hash"] != _hash(registry, parts):
        raise DamagedError(f"{source}: changed, or of a registry with another key", Reason.NOT_AUTHENTIC)
    for name, part in parts.items():
        if archive.getinfo(f"{name}.jsonl").file_size != part["bytes"]:
            raise DamagedError(f"the export's {name} is not what was exported", Reason.NOT_AUTHENTIC)
    return parts


def _not_whole(source: Path, error: Exception) -> DamagedError:
    return DamagedError(f"{source}: not a whole export ({type(error).__name__})")


def _hash(registry: Registry, parts: dict[str, dict[str, Any]]) -> str:
    return registry.secrets.hash(f"export {FORMAT}", json.dumps(parts, sort_keys=True))


def fingerprint(registry: Registry) -> dict[str, str]:
    """The SHA-256 of each table's rows, the same on every database."""
    fingerprints = {}
    with registry.reading() as connection:
        for table in schema.metadata.sorted_tables:
            digest = hashlib.sha256()
            for line in _lines(connection, table):
                digest.update(line)
            fingerprints[table.name] = digest.hexdigest()
    return fingerprints


def _lines(connection: Connection, table: Table) -> Iterator[bytes]:
    keys: list[Any] = list(table.primary_key.columns)
    if connection.dialect.name == "postgresql":
        # As bytes, whatever the order of letters is in its language.
        keys = [key.collate("C") if isinstance(key.type, String) else key for key in keys]
    rows = connection.execute(select(table).order_by(*keys), execution_options={"yield_per": _AT_ONCE})
    for row in rows:
        values = [_plain(value) for value in row]
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode() + b"\n"


def _fill_all(connection: Connection, archive: zipfile.ZipFile, parts: dict[str, dict[str, Any]]) -> None:
    for table in schema.metadata.sorted_tables:
        _fill(connection, table, archive, parts[table.name])
    _numbers_from_here(connection)


def _fill(connection: Connection, table: Table, archive: zipfile.ZipFile, said: dict[str, Any]) -> None:
    digest, count, block = hashlib.sha256(), 0, []
    later = [column for column in table.columns if any(key.column.table is table for key in column.foreign_keys)]
    links: list[dict[str, Any]] = []
    with archive.open(f"{table.name}.jsonl") as part:
        for line in part:
            digest.update(line)
            count += 1
            row = {
                column.name: _value(column, value)
                for column, value in zip(table.columns, json.loads(line), strict=True)
            }
            # Rows that refer to later rows of their own table get their links once all are there.
            linked = {column.name: row[column.name] for column in later if row[column.name] is not None}
            if linked:
                links.append({"key": row["id"], **linked})
                row |= dict.fromkeys(linked)
            block.append(row)
            if len(block) >= _AT_ONCE:
                connection.execute(insert(table), block)
                block = []
    if block:
        connection.execute(insert(table), block)
    for link in links:
        number = link.pop("key")
        connection.execute(table.update().where(table.c.id == number).values(**link))
    held = hashlib.sha256()
    for line in _lines(connection, table):
        held.update(line)
    # What was read, and what the database holds of it now.
    if count != said["rows"] or not digest.hexdigest() == held.hexdigest() == said["sha256"]:
        raise DamagedError(f"the export's {table.name} is not what was exported", Reason.NOT_AUTHENTIC)


def _numbers_from_here(connection: Connection) -> None:
    """Have PostgreSQL go on from here: it counts rows by itself where no number is given."""
    if connection.dialect.name != "postgresql":
        return
    for table in schema.metadata.sorted_tables:
        column = table.c.get("id")
        if column is not None and column.type.python_type is int:
            connection.execute(text(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "  # noqa: S608  (names of the schema)
                f"GREATEST((SELECT COALESCE(MAX(id), 0) FROM {table.name}), 1))"
            ))  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes | memoryview) else value


def _value(column: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, LargeBinary):
        return base64.b64decode(value)
    if isinstance(column.type, DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(column.type, Date) else value
