"""The few numbers of an overview that are read first, and what of it somebody has to see to."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from vaxcert.registry.reports.overview import Overview
from vaxcert.registry.reports.stock import Level

_WEEK = timedelta(days=7)
URGENT = (Level.OVER, Level.OUT, Level.SHORT)


class Glance(NamedTuple):
    """`people`, `complete`, `doses`: of all, each person once. `target`: people to be reached where a target was set,
    by district, or else by group; None where none was. `reached`: of these; who is beyond one target fills no other.

    `lately`, `before`: doses of the last seven days, of which today is one, and of the seven before. `now`, `late`,
    `long_late`: people who are to come. `short`: products of sites that are out, soon will be, or cannot be right;
    `silent`: units of which nothing came; `questions`, `rows`: that wait.
    """

    people: int
    complete: int
    doses: int
    target: int | None
    reached: int
    lately: int
    before: int
    now: int
    late: int
    long_late: int
    short: int
    silent: int
    questions: int
    rows: int


def glance(told: Overview) -> Glance:
    """Take them out of an overview."""
    tables = told.tables
    total, day = tables["district"].total, tables["day"].as_of
    aimed = next((tables[name] for name in ("district", "priority_group") if tables[name].total.target), None)
    doses = {cell.key[0]: cell.doses for cell in tables["day"].cells}
    days = [doses.get((day - timedelta(days=back)).isoformat(), 0) for back in range(2 * _WEEK.days)]
    return Glance(
        people=total.people, complete=total.complete, doses=total.doses,
        target=None if aimed is None else aimed.total.target,
        reached=0 if aimed is None else (aimed.total.target or 0) - (aimed.gap or 0),
        lately=sum(days[: _WEEK.days]), before=sum(days[_WEEK.days :]),
        now=sum(one.now for one in told.due), late=sum(one.late for one in told.due),
        long_late=sum(one.long_late for one in told.due), short=sum(one.level in URGENT for one in told.supplies),
        silent=sum(one.silent for one in told.units), questions=sum(one.questions for one in told.waiting),
        rows=sum(one.rows for one in told.not_taken),
    )  # fmt: skip
