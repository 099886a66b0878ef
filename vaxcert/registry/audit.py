"""Who did what when, in a chain: each entry's hash covers the entry before it, so that none is changed or taken out.

Entries name people and certificates by their numbers in the registry alone. The newest one's hash is kept under a keyed
hash too, so that who has the database and not the registry's key can neither cut the end off nor write all of it anew.
That an older state of the whole database was put back is found by whoever noted the last hash (`vaxcert registry audit`
prints it; `--expect` compares).
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, text, update

from vaxcert.errors import ConfigurationError, DamagedError, Reason
from vaxcert.registry.database import Registry
from vaxcert.registry.schema import audit, setting
from vaxcert.registry.secrets import Secrets

_START = "0" * 64
# Of the settings, the one that seals the log's end.
_HEAD = "audit head"
# Of PostgreSQL's advisory locks, this log's.
_LOCK = 0x76617864


class AuditEntry(NamedTuple):
    """One thing that was done. `details` are of no person's data."""

    number: int
    at: str
    actor: str
    action: str
    details: dict[str, Any]


def record(registry: Registry, connection: Connection, actor: str, action: str, **details: Any) -> None:
    """Add an entry, in the caller's transaction."""
    _lock(connection)
    last = connection.execute(select(audit.c.id, audit.c.hash).order_by(audit.c.id.desc()).limit(1)).first()
    number, before = (last.id + 1, last.hash) if last else (1, _START)
    at = registry.now().isoformat() + "Z"
    told = json.dumps(details, sort_keys=True, ensure_ascii=False)
    values = {"id": number, "at": at, "actor": actor, "action": action, "details": told}
    digest = _hash(before, values)
    connection.execute(insert(audit).values(hash=digest, **values))
    seal(registry.secrets, connection, number, digest)


def seal(secrets: Secrets, connection: Connection, count: int, digest: str) -> None:
    """Keep how many entries there are and the last one's hash, such that only who has the key can say it."""
    value = secrets.hash(_HEAD, f"{count} {digest}")
    same = setting.c.name == _HEAD
    if not connection.execute(update(setting).where(same).values(value=value)).rowcount:
        connection.execute(insert(setting).values(name=_HEAD, value=value))


def check(registry: Registry, expect: str = "") -> tuple[int, str]:
    """Check the whole log, and return how many entries it has and the last one's hash.

    `expect`: a last hash that was noted before, or its first 16 digits and more; it has to be in the chain still.
    Raises `DamagedError` for the first entry that is not right, and for an end that is not the one that was sealed.
    """
    expect = expect.strip().lower()
    if expect and not re.fullmatch(r"[0-9a-f]{16,64}", expect):
        raise ConfigurationError("not a hash of the audit log: at least its first 16 digits")
    before, count, seen = _START, 0, _START.startswith(expect)
    query = select(audit).order_by(audit.c.id)
    with registry.reading() as connection, connection.execute(query, execution_options={"yield_per": 1_000}) as rows:
        for row in rows:
            values = {name: row._mapping[name] for name in ("id", "at", "actor", "action", "details")}
            count += 1
            if row.id != count:
                raise DamagedError(f"the audit log lacks entry {count}", Reason.AUDIT_LOG_CHANGED)
            if row.hash != _hash(before, values):
                raise DamagedError(f"the audit log was changed at entry {count} or before it", Reason.AUDIT_LOG_CHANGED)
            before = row.hash
            seen = seen or before.startswith(expect)
        head = connection.scalar(select(setting.c.value).where(setting.c.name == _HEAD))
    if head != registry.secrets.hash(_HEAD, f"{count} {before}"):
        raise DamagedError("the audit log does not end as this registry sealed it", Reason.AUDIT_LOG_CHANGED)
    if not seen:
        raise DamagedError(
            "the audit log does not hold the entry that was noted: its end was cut off", Reason.AUDIT_LOG_CHANGED
        )
    return count, before


def entries(registry: Registry, *, last: int = 50) -> list[AuditEntry]:
    """The newest entries, the oldest of them first."""
    with registry.reading() as connection:
        rows = connection.execute(select(audit).order_by(audit.c.id.desc()).limit(last)).all()
    return [AuditEntry(row.id, row.at, row.actor, row.action, json.loads(row.details)) for row in reversed(rows)]


def _lock(connection: Connection) -> None:
    """Lock the log, so that until the end of the transaction nobody else adds an entry."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _hash(before: str, values: dict[str, Any]) -> str:
    entry = json.dumps([before, *(values[name] for name in ("id", "at", "actor", "action", "details"))])
    return hashlib.sha256(entry.encode()).hexdigest()
