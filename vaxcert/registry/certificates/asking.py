"""What is due of a site or an import, for whoever has it signed; and what a correction does to certificates."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, func, select

from vaxcert.registry import schema
from vaxcert.registry.certificates import due
from vaxcert.registry.database import Registry
from vaxcert.registry.records import completeness
from vaxcert.registry.records.completeness import FindingKind
from vaxcert.registry.records.everybody import everybody
from vaxcert.registry.records.people import Somebody
from vaxcert.registry.states import DoseState

_WITHIN, _MOST_NAMED = timedelta(days=30), 10_000


class DueDoses(NamedTuple):
    """Doses of which a certificate is due, oldest first. `why`: how many are `new`, of a `next dose` and so on;
    `kept_back`: of how many people nothing is issued, by what comes first."""

    doses: list[int]
    why: dict[str, int]
    kept_back: dict[FindingKind, int]


class Affected(NamedTuple):
    """What a correction does to somebody's certificates: the ids that are revoked, and how many are issued instead."""

    revoked: list[str]
    issued: int


def due_doses(
    registry: Registry, *, site: str = "", run: int | None = None, renew_within: timedelta = _WITHIN
) -> DueDoses:
    """The doses that are due by the rules of the nightly run: given at a site, or told of by an import; each, where
    both are named. Somebody else's dose is not among them. Raises nothing: of what there is not, nothing is due."""
    found, why, kept = [], Counter[str](), Counter[FindingKind]()
    with registry.reading() as connection:
        wanted = _doses(connection, site, run)
        some = _records(connection, site, run)
        # A database takes so many numbers in one question; of more, everybody is gone through.
        records = some if len(some) <= _MOST_NAMED else None
        held = due.held(connection, registry, renew_within, records)
        asked = completeness.asked(connection, records)
        for one in everybody(connection, records):
            if wanted.isdisjoint(given.dose_id for given in one.doses):
                continue
            now = due.standing(one, held.get(one.person_id, []), asked)
            kept.update(now.kept_back[:1])
            for each in now.due:
                if each.dose.dose_id in wanted:
                    found.append(each.dose.dose_id)
                    why[each.why] += 1
    return DueDoses(sorted(found), dict(why), dict(kept))


def affected(registry: Registry, now: Somebody, then: Somebody) -> Affected:
    """What the next issuing run does where somebody is as `then` says, beyond what it does of them as they are."""
    with registry.reading() as connection:
        owner = schema.person
        numbers = select(owner.c.id).where((owner.c.id == now.person_id) | (owner.c.merged_into == now.person_id))
        records = list(connection.scalars(numbers))
        held = due.held(connection, registry, _WITHIN, records).get(now.person_id, [])
        asked = completeness.asked(connection, records)
        # As issuing sees them: without what was withdrawn.
        left = tuple(given for given in then.doses if given.state is not DoseState.WITHDRAWN)
        after = due.standing(msgspec.structs.replace(then, doses=left), held, asked)
    return Affected([old.id for old in after.wrong], len(after.due))


def _doses(connection: Connection, site: str, run: int | None) -> set[int]:
    version, row = schema.dose_version, schema.source_row
    query = select(version.c.dose_id).where(version.c.superseded_by.is_(None))
    if site:
        query = query.where(version.c.site == site)
    if run is not None:
        query = query.where(version.c.dose_id.in_(select(row.c.dose_id).where(row.c.run_id == run)))
    return set(connection.scalars(query))


def _records(connection: Connection, site: str, run: int | None) -> list[int]:
    """The numbers of all records of whoever has such a dose."""
    owner, dose, version, row = schema.person, schema.dose, schema.dose_version, schema.source_row
    heads = (
        select(func.coalesce(owner.c.merged_into, owner.c.id))
        .join(dose, dose.c.person_id == owner.c.id)
        .join(version, (version.c.dose_id == dose.c.id) & version.c.superseded_by.is_(None))
    )
    if site:
        heads = heads.where(version.c.site == site)
    if run is not None:
        heads = heads.where(dose.c.id.in_(select(row.c.dose_id).where(row.c.run_id == run)))
    query = select(owner.c.id).where(func.coalesce(owner.c.merged_into, owner.c.id).in_(heads))
    return list(connection.scalars(query))
