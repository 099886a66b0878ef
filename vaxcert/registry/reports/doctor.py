"""What whoever answers for a registry has to see to: what was looked at, how it stands, and whether something is to do.

What happens outside of the registry (a copy of the key, a restore that was tried, the audit log's end on paper) is
known by having been shown to the program once, and is to be shown again after a while.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, func, insert, select, update

from vaxcert.errors import ConfigurationError, Reason
from vaxcert.registry import audit, schema, sums
from vaxcert.registry.database import Registry
from vaxcert.registry.reports import quality
from vaxcert.registry.secrets import Secrets
from vaxcert.registry.states import RunState
from vaxcert.trust.keys import TrustedKey


class Matter(StrEnum):
    """What is looked at; the words of each are in `vaxcert.wording.doctor`."""

    KEY_COPY = "key_copy"
    RESTORE = "restore"
    AUDIT_HEAD = "audit_head"
    SUMS = "sums"
    KEY_END = "key_end"
    STOPPED_RUNS = "stopped_runs"
    QUESTIONS = "questions"
    SILENT_UNITS = "silent_units"


# What is to be shown again, and after how many days at the latest.
_AGAIN = {Matter.KEY_COPY: 180, Matter.RESTORE: 180, Matter.AUDIT_HEAD: 35, Matter.SUMS: 2}
# How many days a question may wait, a unit be silent, and a signing key's end be away.
_QUESTION, _SILENT, _END = 14, 7, 60


class Standing(NamedTuple):
    """How a matter stands. `well`: nothing is to do. `said`: what its words are filled in with; {} for "never".

    `which`: runs or units that it is about.
    """

    matter: Matter
    well: bool
    said: dict[str, str | int]
    which: tuple[str, ...] = ()


def look(registry: Registry, published: Iterable[TrustedKey] | None = None) -> list[Standing]:
    """Look at every matter, in the order of `Matter`. `published`: the keys that verifiers have, for the signing key's
    end; None where they are not at hand, which is something to do."""
    now, found = registry.now(), []
    for matter, days in _AGAIN.items():
        with registry.reading() as connection:
            at = _shown(connection, matter)
        well = at is not None and now - at <= timedelta(days=days)
        found.append(Standing(matter, well, {} if at is None else {"day": f"{at:%Y-%m-%d}", "days": (now - at).days}))
    return [*found, _key_end(registry, published), _stopped(registry), _questions(registry), _silent(registry)]


def show_key_copy(registry: Registry, copy: Path, key_file: Path, *, actor: str) -> None:
    """Note that there is a copy of the key. Raises `ConfigurationError` for another key, or the very file in use."""
    if Secrets.load(copy).fingerprint != registry.secrets.fingerprint:
        raise ConfigurationError(f"{copy}: not the key of this registry", Reason.KEY_DIFFERS)
    if copy.samefile(key_file):
        raise ConfigurationError(f"{copy}: the key in use itself, and no copy of it")
    _note(registry, Matter.KEY_COPY, actor)


def show_restored(registry: Registry, restored: Registry, *, actor: str) -> None:
    """Note that an export was restored. Raises `ConfigurationError` where `restored` is not made of an export of this
    registry: its log has to hold a restoration, and before it nothing but the beginning of this one's."""
    audit.check(restored)
    table = schema.audit
    with restored.reading() as theirs, registry.reading() as ours:
        at = theirs.scalar(select(func.max(table.c.id)).where(table.c.action == "restore"))
        before = select(table.c.hash).where(table.c.id == (at or 0) - 1)
        last = theirs.scalar(before)
        if last is None or ours.scalar(before) != last:
            raise ConfigurationError("that registry was not restored from an export of this one")
    _note(registry, Matter.RESTORE, actor)


def show_audit_head(registry: Registry, noted: str, *, actor: str) -> tuple[int, str]:
    """Check the audit log against a hash that was noted elsewhere, and note that; see `audit.check`."""
    checked = audit.check(registry, noted)
    _note(registry, Matter.AUDIT_HEAD, actor)
    return checked


def recount(registry: Registry, *, actor: str) -> int:
    """Count the sums anew from everybody, and note that; return how many were not right."""
    with registry.writing() as connection:
        wrong = sums.rebuild(connection)
    _note(registry, Matter.SUMS, actor, wrong=wrong)
    return wrong


def _note(registry: Registry, matter: Matter, actor: str, **said: int) -> None:
    setting = schema.setting
    with registry.writing() as connection:
        same, value = setting.c.name == _name(matter), registry.now().isoformat()
        if not connection.execute(update(setting).where(same).values(value=value)).rowcount:
            connection.execute(insert(setting).values(name=_name(matter), value=value))
        audit.record(registry, connection, actor, "shown", matter=matter, **said)


def _shown(connection: Connection, matter: Matter) -> datetime | None:
    value = connection.scalar(select(schema.setting.c.value).where(schema.setting.c.name == _name(matter)))
    return None if value is None else datetime.fromisoformat(value)


def _name(matter: Matter) -> str:
    return f"shown {matter}"


def _key_end(registry: Registry, published: Iterable[TrustedKey] | None) -> Standing:
    """Of the key that signed last."""
    table = schema.certificate
    with registry.reading() as connection:
        kid = connection.scalar(select(table.c.kid).order_by(table.c.issued_at.desc()).limit(1))
    if kid is None:
        return Standing(Matter.KEY_END, True, {})
    ends = [key.not_after.replace(tzinfo=None) for key in published or () if key.kid.hex() == kid]
    if not ends:
        return Standing(Matter.KEY_END, False, {"kid": kid})
    left = (max(ends) - registry.now()).days
    return Standing(Matter.KEY_END, left > _END, {"kid": kid, "day": f"{max(ends):%Y-%m-%d}", "days": left})


def _stopped(registry: Registry) -> Standing:
    run = schema.run
    query = select(run.c.id, run.c.kind).where(run.c.state == RunState.RUNNING).order_by(run.c.id)
    busy = registry.busy()
    with registry.reading() as connection:
        which = () if busy else tuple(f"{row.id} ({row.kind})" for row in connection.execute(query))
    return Standing(Matter.STOPPED_RUNS, not which, {"runs": len(which)}, which)


def _questions(registry: Registry) -> Standing:
    waiting = quality.waiting(registry)
    days = max((kind.days for kind in waiting), default=0)
    said: dict[str, str | int] = {"questions": sum(kind.questions for kind in waiting), "days": days}
    return Standing(Matter.QUESTIONS, days <= _QUESTION, said)


def _silent(registry: Registry) -> Standing:
    late = [unit for unit in quality.units(registry) if unit.days is None or unit.days > _SILENT]
    which = tuple(f"{unit.site} ({'–' if unit.days is None else unit.days})" for unit in late)
    return Standing(Matter.SILENT_UNITS, not late, {"units": len(late), "most": _SILENT}, which)
