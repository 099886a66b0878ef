"""All that a manager reads at a glance, of everywhere or of one district: counts alone, and when they are of."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from vaxcert.registry import schema
from vaxcert.registry.comparing import districts
from vaxcert.registry.database import Registry
from vaxcert.registry.reports import doctor, due, kept, quality, stock
from vaxcert.registry.reports.coverage import Coverage
from vaxcert.registry.reports.doctor import DoctorFinding, Proof
from vaxcert.registry.reports.kept import EVERYWHERE, Area
from vaxcert.registry.reports.quality import NotTaken, Unit, Waiting

# What is told of people and doses; each is a table of its own.
TABLES: dict[str, tuple[str, ...]] = {
    "district": ("district",),
    "commune": ("district", "commune"),
    "priority_group": ("priority_group",),
    "age": ("age",),
    "product": ("product",),
    "day": ("day",),
}


class Overview(NamedTuple):
    """What a manager reads. `as_of`: when it was read, in UTC; `changed`: when a run last ended, or None. `of`: whom
    it is of. `proof`, `sums`: when the sums were last counted anew, and whether something is to do about that.

    `tables`: by the names of `TABLES`. Of a district, `supplies` and `units` are of its sites, `not_taken` of the
    imports that stated doses of them, and `waiting` is empty: a question is of no district.
    """

    of: Area
    as_of: datetime
    changed: datetime | None
    tables: dict[str, Coverage]
    due: list[due.Due]
    supplies: list[stock.Supply]
    units: list[Unit]
    not_taken: list[NotTaken]
    waiting: list[Waiting]
    proof: Proof | None
    sums: DoctorFinding


def overview(registry: Registry, *, of: Area = EVERYWHERE) -> Overview:
    """Read it, from the sums; nobody is looked at."""
    run = schema.run
    with registry.reading() as connection:
        ended = run.c.finished_at
        changed = connection.scalar(select(ended).where(ended.is_not(None)).order_by(ended.desc()).limit(1))
    supplies = stock.supplies(kept.stock(registry), kept.given_since(registry, stock.LOOKED_BACK))
    units, not_taken, waiting = quality.units(registry), quality.not_taken(registry), quality.waiting(registry)
    if of.district:
        sites, imports = _sites(registry, of.district)
        supplies = [one for one in supplies if one.site in sites]
        units = [one for one in units if one.site in sites]
        theirs = [one for one in not_taken if one.run in imports]
        not_taken, waiting = [one._replace(sites=tuple(sorted(sites.intersection(one.sites)))) for one in theirs], []
    return Overview(
        of=of, as_of=registry.now(), changed=changed, due=due.due(kept.courses(registry, of=of), registry.today()),
        tables={name: kept.coverage(registry, by, of=of) for name, by in TABLES.items()},
        supplies=supplies, units=units, not_taken=not_taken, waiting=waiting, proof=doctor.proof(registry),
        sums=doctor.look_at_sums(registry),
    )  # fmt: skip


def _sites(registry: Registry, district: str) -> tuple[frozenset[str], frozenset[int]]:
    """A district's sites, and the imports that stated doses of them."""
    site, told, place = schema.site, schema.run_site, districts.fold(district)
    with registry.reading() as connection:
        listed = connection.execute(select(site.c.code, site.c.district)).all()
        sites = {row.code for row in listed if row.district and districts.same(districts.fold(row.district), place)}
        imports = connection.scalars(select(told.c.run_id).where(told.c.site.in_(sorted(sites))))
        return frozenset(sites), frozenset(imports)
