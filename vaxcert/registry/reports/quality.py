"""How good the records are: rows that were not taken, questions that wait, and how old each unit's last file is."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select

from vaxcert.registry import schema
from vaxcert.registry.database import Registry
from vaxcert.registry.records import asking
from vaxcert.registry.states import ReviewKind, RunKind, RunState

# For how many days a unit may be silent, and a question wait, until somebody has to see to it.
SILENT, WAITS = 7, 14


class Unit(NamedTuple):
    """A unit that sends files or records at its desk, or should. `site`: its code, or what its tables call it where it
    has none.

    `last`: when its last file was taken over, in UTC; None for a site of the list that never sent one.
    `days`: that long ago, in whole days. `given`: the day of the last dose there that is on record, however it came;
    `given_days`: that long ago.
    """

    site: str
    name: str
    last: datetime | None
    days: int | None
    given: date | None = None
    given_days: int | None = None

    @property
    def silent(self) -> bool:
        """Whether for more than `SILENT` days neither a file came nor a dose was given that is on record: a unit that
        records at its desk sends no files."""
        return all(days is None or days > SILENT for days in (self.days, self.given_days))


class NotTaken(NamedTuple):
    """An import of which rows wait to be mended. `source`: the file's name; `rows`: how many wait; `sites`: the units
    whose doses its other rows state."""

    run: int
    source: str
    at: datetime
    rows: int
    sites: tuple[str, ...] = ()


class Waiting(NamedTuple):
    """Questions of a kind that are open, and since when the oldest is."""

    kind: ReviewKind
    questions: int
    oldest: datetime
    days: int


def units(registry: Registry) -> list[Unit]:
    """Every site of the list, and whatever else sent a file, the longest silent first."""
    run, told, site, use = schema.run, schema.run_site, schema.site, schema.tally
    now, today = registry.now(), registry.today()
    query = (
        select(told.c.site, told.c.site_told, func.max(run.c.finished_at))
        .join(run, run.c.id == told.c.run_id)
        .where(run.c.kind == RunKind.IMPORT, run.c.state == RunState.DONE)
        .group_by(told.c.site, told.c.site_told)
    )
    with registry.reading() as connection:
        names = {row.code: row.name for row in connection.execute(select(site))}
        last: dict[str, datetime | None] = dict.fromkeys(names)
        for code, written, at in connection.execute(query):
            key, before = code or written, last.get(code or written)
            last[key] = at if before is None else max(at, before)
        lately = select(use.c.first, func.max(use.c.third)).where(use.c.facet == "use").group_by(use.c.first)
        given = {code: date.fromisoformat(day) for code, day in connection.execute(lately)}
    found = []
    for key, at in last.items():
        if key:
            day = given.get(key)
            ago = None if day is None else (today - day).days
            found.append(Unit(key, names.get(key, ""), at, None if at is None else (now - at).days, day, ago))
    return sorted(found, key=lambda unit: (unit.last or datetime.min, unit.site))  # noqa: DTZ901  (UTC without a zone)


def not_taken(registry: Registry) -> list[NotTaken]:
    """The imports of which rows wait to be mended, newest first; rows that were forgotten wait no more."""
    run, reject, told = schema.run, schema.reject, schema.run_site
    query = (
        select(run.c.id, run.c.source, run.c.started_at, func.count())
        .join(reject, reject.c.run_id == run.c.id)
        .where(reject.c.cells.is_not(None), run.c.state != RunState.UNDONE)
        .group_by(run.c.id, run.c.source, run.c.started_at)
        .order_by(run.c.id.desc())
    )
    with registry.reading() as connection:
        found = [NotTaken(*row) for row in connection.execute(query)]
        sites: defaultdict[int, list[str]] = defaultdict(list)
        named = select(told.c.run_id, told.c.site, told.c.site_told).where(
            told.c.run_id.in_([one.run for one in found])
        )
        for run_id, code, written in connection.execute(named.order_by(told.c.site, told.c.site_told)):
            if code or written:
                sites[run_id].append(code or written)
        return [one._replace(sites=tuple(sites[one.run])) for one in found]


def waiting(registry: Registry) -> list[Waiting]:
    """The questions that are open, by kind."""
    now = registry.now()
    with registry.reading() as connection:
        found = asking.open_by_kind(connection)
    return [Waiting(kind, number, oldest, (now - oldest).days) for kind, (number, oldest) in found.items()]
