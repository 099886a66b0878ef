"""What is told beside coverage, as rows of a table whose first one names the columns: for the command line and a page.

Times are of the registry's country, ISO 8601, without a zone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from vaxcert.names import printable
from vaxcert.registry.reports.due import Due
from vaxcert.registry.reports.quality import NotTaken, Unit, Waiting
from vaxcert.registry.reports.stock import LOOKED_BACK, Supply
from vaxcert.tables.delimited import harmless, lines

Row = tuple[str | int, ...]
# From the database's UTC to what clocks show (`Registry.local`).
Local = Callable[[datetime], datetime]


def due(found: Iterable[Due]) -> list[Row]:
    """Who is to come for a next dose."""
    return [Due._fields, *found]


def supplies(found: Iterable[Supply]) -> list[Row]:
    """What sites have left of each product, and for how many days."""
    heading = ("site", "product", "received", "left", f"in {LOOKED_BACK} days", "days")
    return [heading, *((*one, _or_none(one.days)) for one in found)]


def units(found: Iterable[Unit], local: Local) -> list[Row]:
    """When each unit's last file came, and what day its last dose is of."""
    heading = ("site", "name", "last_file", "days", "last_dose", "days_since_dose")
    return [
        heading,
        *(
            (one.site, one.name, _time(one.last, local), _or_none(one.days),
             "" if one.given is None else one.given.isoformat(), _or_none(one.given_days))
            for one in found
        ),
    ]  # fmt: skip


def not_taken(found: Iterable[NotTaken], local: Local) -> list[Row]:
    """The imports of which rows wait. Without the file's name, which somebody typed."""
    heading = ("run", "at", "rows", "sites")
    return [heading, *((one.run, _time(one.at, local), one.rows, " ".join(one.sites)) for one in found)]


def waiting(found: Iterable[Waiting], local: Local) -> list[Row]:
    """The questions that are open."""
    heading = ("kind", "questions", "oldest", "days")
    return [heading, *((one.kind.value, one.questions, _time(one.oldest, local), one.days) for one in found)]


def as_csv(rows: Iterable[Row]) -> str:
    """Such rows as CSV, which no spreadsheet takes for more than text."""
    return "".join(
        lines([harmless(printable(cell)) if isinstance(cell, str) else str(cell) for cell in row]) for row in rows
    )


def _or_none(days: int | None) -> str | int:
    return "" if days is None else days


def _time(at: datetime | None, local: Local) -> str:
    return "" if at is None else local(at).isoformat(" ", "minutes")
