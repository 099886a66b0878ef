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

from sqlalchemy import Connection, delete, func, insert, select

from vaxcert.errors import ConfigurationError, Reason
from vaxcert.registry import audit, schema, sums
from vaxcert.registry.database import Registry
from vaxcert.registry.reports import quality
from vaxcert.registry.secrets import Secrets
from vaxcert.registry.states import Role, RunState
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
    ADMINISTRATORS = "administrators"
    NOBODYS_ACCOUNTS = "nobodys_accounts"
    UNUSED_ACCOUNTS = "unused_accounts"


# What is to be shown again, and after how many days at the latest.
_AGAIN = {Matter.KEY_COPY: 180, Matter.RESTORE: 180, Matter.AUDIT_HEAD: 35, Matter.SUMS: 2}
# How many days a signing key's end may be away, and nobody sign in to an account.
_END, _UNUSED = 60, 60
_WRONG = "sums wrong"


class DoctorFinding(NamedTuple):
    """How a matter stands. `well`: nothing is to do. `said`: what its words are filled in with; {} for "never".

    `which`: runs, units or accounts that it is about. `amiss`: what is to do is not the usual: its other words.
    """

    matter: Matter
    well: bool
    said: dict[str, str | int]
    which: tuple[str, ...] = ()
    amiss: bool = False


class Proof(NamedTuple):
    """When the sums were last counted anew from everybody, in UTC, and how many of them were not right then."""

    at: datetime
    wrong: int


def look(registry: Registry, published: Iterable[TrustedKey] | None = None) -> list[DoctorFinding]:
    """Look at every matter, in the order of `Matter`. `published`: the keys that verifiers have, for the signing key's
    end; without them what `show_keys` noted counts, and where it noted nothing that is something to do."""
    return [
        *(_again(registry, matter) for matter in _AGAIN if matter is not Matter.SUMS), look_at_sums(registry),
        _key_end(registry, published), _stopped(registry), _questions(registry), _silent(registry),
        *_accounts(registry),
    ]  # fmt: skip


def look_at_sums(registry: Registry) -> DoctorFinding:
    """Whether the sums were counted anew lately, and were right then."""
    stands, proven = _again(registry, Matter.SUMS), proof(registry)
    if proven is None or not proven.wrong:
        return stands
    return stands._replace(well=False, said=stands.said | {"n": proven.wrong}, amiss=True)


def show_key_copy(registry: Registry, copy: Path, key_file: Path, *, actor: str) -> None:
    """Note that there is a copy of the key. Raises `ConfigurationError` for another key, or the very file in use."""
    if Secrets.load(copy).fingerprint != registry.secrets.fingerprint:
        raise ConfigurationError(f"{copy}: not the key of this registry", Reason.KEY_DIFFERS)
    if copy.samefile(key_file):
        raise ConfigurationError(f"{copy}: the key in use itself, and no copy of it")
    with registry.writing() as connection:
        _note(registry, connection, Matter.KEY_COPY, actor)


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
    with registry.writing() as connection:
        _note(registry, connection, Matter.RESTORE, actor)


def show_audit_head(registry: Registry, noted: str, *, actor: str) -> tuple[int, str]:
    """Check the audit log against a hash that was noted elsewhere, and note that; see `audit.check`."""
    checked = audit.check(registry, noted)
    with registry.writing() as connection:
        _note(registry, connection, Matter.AUDIT_HEAD, actor)
    return checked


def show_keys(registry: Registry, published: Iterable[TrustedKey], *, actor: str) -> None:
    """Note when the key that signed last ends, as the published keys have it: whoever looks has them not always."""
    with registry.writing() as connection:
        kid, ends = _signed_last(connection), None
        if kid is not None:
            ends = _end_of(kid, published)
        if ends is not None and _kept(connection, f"end of {kid}") != ends.isoformat():
            _keep(connection, f"end of {kid}", ends.isoformat())
            audit.record(registry, connection, actor, "shown", matter=Matter.KEY_END)


def recount(registry: Registry, *, actor: str) -> int:
    """Count the sums anew from everybody, and note that with how many were not right; return that."""
    # In one transaction: sums that were put right, and not told of, would never be looked into.
    with registry.writing() as connection:
        wrong = sums.rebuild(connection)
        _keep(connection, _WRONG, str(wrong))
        _note(registry, connection, Matter.SUMS, actor, wrong=wrong)
    return wrong


def proof(registry: Registry) -> Proof | None:
    """What came of counting the sums anew last; None where nobody ever did."""
    with registry.reading() as connection:
        at = _shown(connection, Matter.SUMS)
        return None if at is None else Proof(at, int(_kept(connection, _WRONG) or 0))


def _again(registry: Registry, matter: Matter) -> DoctorFinding:
    with registry.reading() as connection:
        at, now = _shown(connection, matter), registry.now()
    well = at is not None and now - at <= timedelta(days=_AGAIN[matter])
    return DoctorFinding(matter, well, {} if at is None else {"day": f"{at:%Y-%m-%d}", "days": (now - at).days})


def _note(registry: Registry, connection: Connection, matter: Matter, actor: str, **said: int) -> None:
    _keep(connection, f"shown {matter}", registry.now().isoformat())
    audit.record(registry, connection, actor, "shown", matter=matter, **said)


def _shown(connection: Connection, matter: Matter) -> datetime | None:
    value = _kept(connection, f"shown {matter}")
    return None if value is None else datetime.fromisoformat(value)


def _keep(connection: Connection, name: str, value: str) -> None:
    connection.execute(delete(schema.setting).where(schema.setting.c.name == name))
    connection.execute(insert(schema.setting).values(name=name, value=value))


def _kept(connection: Connection, name: str) -> str | None:
    found: str | None = connection.scalar(select(schema.setting.c.value).where(schema.setting.c.name == name))
    return found


def _key_end(registry: Registry, published: Iterable[TrustedKey] | None) -> DoctorFinding:
    """Of the key that signed last."""
    with registry.reading() as connection:
        kid = _signed_last(connection)
        if kid is None:
            return DoctorFinding(Matter.KEY_END, True, {})
        noted = _kept(connection, f"end of {kid}")
    ends = _end_of(kid, published or ()) or (None if noted is None else datetime.fromisoformat(noted))
    if ends is None:
        return DoctorFinding(Matter.KEY_END, False, {"kid": kid}, amiss=True)
    left = (ends - registry.now()).days
    return DoctorFinding(Matter.KEY_END, left > _END, {"kid": kid, "day": f"{ends:%Y-%m-%d}", "days": left})


def _signed_last(connection: Connection) -> str | None:
    table = schema.certificate
    found: str | None = connection.scalar(select(table.c.kid).order_by(table.c.issued_at.desc()).limit(1))
    return found


def _end_of(kid: str, published: Iterable[TrustedKey]) -> datetime | None:
    return max((key.not_after.replace(tzinfo=None) for key in published if key.kid.hex() == kid), default=None)


def _stopped(registry: Registry) -> DoctorFinding:
    run = schema.run
    query = select(run.c.id, run.c.kind).where(run.c.state == RunState.RUNNING).order_by(run.c.id)
    busy = registry.busy()
    with registry.reading() as connection:
        which = () if busy else tuple(f"{row.id} ({row.kind})" for row in connection.execute(query))
    return DoctorFinding(Matter.STOPPED_RUNS, not which, {"runs": len(which)}, which)


def _questions(registry: Registry) -> DoctorFinding:
    waiting = quality.waiting(registry)
    days = max((kind.days for kind in waiting), default=0)
    said: dict[str, str | int] = {"questions": sum(kind.questions for kind in waiting), "days": days}
    return DoctorFinding(Matter.QUESTIONS, days <= quality.WAITS, said)


def _silent(registry: Registry) -> DoctorFinding:
    late = [unit for unit in quality.units(registry) if unit.silent]
    which = tuple(f"{unit.site} ({'–' if unit.days is None else unit.days})" for unit in late)
    return DoctorFinding(Matter.SILENT_UNITS, not late, {"units": len(late)}, which)


def _accounts(registry: Registry) -> list[DoctorFinding]:
    """Of the accounts that are open: whether one administrator can stand in for another, whose each is, and whether it
    is used at all. Programs sign in nowhere."""
    account, role = schema.account, schema.account_role
    with registry.reading() as connection:
        accounts = connection.execute(select(account).where(account.c.active).order_by(account.c.login)).all()
        roles = connection.execute(select(role.c.account_id, role.c.role)).all()
    of = {name: {row.account_id for row in roles if row.role == name} for name in (Role.ADMINISTRATOR, Role.INTEGRATOR)}
    chiefs = tuple(one.login for one in accounts if one.id in of[Role.ADMINISTRATOR])
    nobodys = tuple(one.login for one in accounts if not (one.site or one.area or one.email))
    since, programs = registry.now() - timedelta(days=_UNUSED), of[Role.INTEGRATOR]
    unused = tuple(
        one.login for one in accounts if one.id not in programs and (one.signed_in_at or one.created_at) < since
    )
    enough, none = not accounts or len(chiefs) > 1, bool(accounts) and not chiefs
    return [
        DoctorFinding(Matter.ADMINISTRATORS, enough, {"accounts": len(chiefs)} if accounts else {}, chiefs, amiss=none),
        DoctorFinding(Matter.NOBODYS_ACCOUNTS, not nobodys, {"accounts": len(nobodys)}, nobodys),
        DoctorFinding(Matter.UNUSED_ACCOUNTS, not unused, {"accounts": len(unused)}, unused),
    ]
