"""Each table of counts as rows of words and numbers in a language, what is urgent first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from markupsafe import Markup

from portal_app.words import say
from vaxcert import codes
from vaxcert.names import printable
from vaxcert.registry import Registry
from vaxcert.registry.reports import charts, drawing, quality
from vaxcert.registry.reports.coverage import OF_PEOPLE, Cell, Coverage
from vaxcert.registry.reports.doctor import DoctorFinding
from vaxcert.registry.reports.due import Due
from vaxcert.registry.reports.glance import URGENT, Glance
from vaxcert.registry.reports.overview import Overview
from vaxcert.registry.reports.stock import Level, Supply, urgent_first
from vaxcert.wording.reports import CHART, CHART_TITLES

# Days of the picture, and of the table beside it.
_DRAWN, _LISTED = 56, 14
# More bars are no picture; more imports that wait, and more units of one, are not read.
_BARS, _IMPORTS, _NAMED = 40, 10, 3
# Between two numbers that stay on one line.
_TOGETHER = "\u2060–\u2060"
_WHAT_IS_COUNTED = ("people", "complete", "doses")


class TableLine(NamedTuple):
    """A row: what it is of, its numbers as they are written, and the district that it leads to."""

    label: str
    cells: tuple[str, ...]
    district: str = ""
    urgent: bool = False


class ToldTable(NamedTuple):
    """A table, by the name that its file has; `chart`: the same as a picture, "" where there is none to draw.

    `rest`: rows that are folded away.
    """

    name: str
    caption: str
    headings: tuple[str, ...]
    rows: list[TableLine]
    total: TableLine | None = None
    chart: str = ""
    rest: tuple[TableLine, ...] = ()


class TableWriter:
    """Writes rows in one language, with the names that codes have."""

    def __init__(self, registry: Registry, lang: str) -> None:
        self.registry, self.lang = registry, lang
        self.names = {name: charts.names(registry, name, lang=lang) for name in ("priority_group", "product", "site")}

    def time(self, at: datetime) -> str:
        return f"{self.registry.local(at):%d/%m/%Y %H:%M}"

    def number(self, value: int | None) -> str:
        return "–" if value is None else drawing.number(value, self.lang)

    def share(self, part: int, whole: int) -> str:
        return drawing.share(part, whole, self.lang)

    def label(self, name: str, code: str) -> str:
        return (
            CHART["unknown"].of(self.lang) if code in ("", "?") else printable(self.names.get(name, {}).get(code, code))
        )

    def tiles(self, first: Glance) -> list[tuple[str, str, str]]:
        number, reached = self.number, say("no_target")
        if first.target:
            share, left = self.share(first.reached, first.target), first.target - first.reached
            reached = say("of_target", share=share, target=number(first.target), gap=number(left))
        complete = say("of_people", share=self.share(first.complete, first.people))
        late, before = first.late + first.long_late, number(first.before)
        return [
            (say("tile_people"), number(first.people), reached),
            (say("tile_complete"), number(first.complete), complete),
            (say("tile_week"), number(first.lately), say("week_before", n=before, all=number(first.doses))),
            (say("tile_due"), number(first.now + late), say("of_these_late", n=number(late))),
        ]

    def matters(self, first: Glance, sums: DoctorFinding) -> list[tuple[str, str]]:
        """What is not as it should be, and the part of the page that tells more."""
        found = (
            ("supply", "matter_short", first.short), ("due", "matter_late", first.long_late),
            ("units", "matter_silent", first.silent), ("not_taken", "matter_rows", first.rows),
            ("waiting", "matter_questions", first.questions),
            ("proof", "matter_sums_wrong" if sums.amiss else "matter_sums_old", 0 if sums.well else 1),
        )  # fmt: skip
        return [(part, say(words, n=self.number(n))) for part, words, n in found if n]

    def coverage(self, name: str, found: Coverage) -> ToldTable:
        aimed = any(cell.target is not None for cell in found.cells)
        told = ("people", *(("share", "gap", "target") if aimed else ()), "complete", "doses")
        cells = sorted(found.cells, key=lambda cell: cell.key[-1] == "?")

        def row(label: str, cell: Cell, gap: int | None, district: str = "") -> TableLine:
            # Whoever is beyond a target fills no other: of all, what is left counts.
            reached = cell.people if cell.key else (cell.target or 0) - (gap or 0)
            share = self.share(reached, cell.target) if cell.target else "–"
            numbers = {
                "people": cell.people,
                "gap": gap,
                "target": cell.target,
                "complete": cell.complete,
                "doses": cell.doses,
            }
            return TableLine(
                label, tuple(share if one == "share" else self.number(numbers[one]) for one in told), district
            )

        rows = [
            row(self.label(name, cell.key[-1]), cell, cell.gap,
                cell.key[0] if name == "district" and cell.key[0] != "?" else "")
            for cell in cells
        ]  # fmt: skip
        caption = CHART_TITLES[name].of(self.lang)
        bars = [
            drawing.Bar(self.label(name, cell.key[-1]), cell.people, cell.complete if name in OF_PEOPLE else None,
                        cell.target)
            for cell in cells
        ]  # fmt: skip
        return ToldTable(
            name, caption, (say(f"by_{name}"), *(say(f"col_{one}") for one in told)), rows,
            row(CHART["all"].of(self.lang), found.total, found.gap) if rows else None,
            drawn(drawing.bars(caption, bars, lang=self.lang)) if 0 < len(bars) <= _BARS else "",
        )  # fmt: skip

    def days(self, found: Coverage) -> ToldTable:
        """Of the last weeks, days without a dose too, the newest first."""
        cells, nothing = {cell.key[0]: cell for cell in found.cells}, Cell((), 0, 0, 0)
        days = [found.as_of - timedelta(days=back) for back in range(_DRAWN)]
        told = [(day, cells.get(day.isoformat(), nothing)) for day in days]
        rows = [TableLine(f"{day:%d/%m/%Y}", tuple(map(self.number, cell[1:4]))) for day, cell in told[:_LISTED]]
        counts = [(day, cell.doses) for day, cell in reversed(told)]
        caption = CHART_TITLES["day"].of(self.lang)
        picture = drawn(drawing.days(caption, counts, lang=self.lang)) if any(doses for _, doses in counts) else ""
        headings = (say("by_day"), *(say(f"col_{one}") for one in _WHAT_IS_COUNTED))
        return ToldTable("day", caption, headings, rows if found.cells else [], chart=picture)

    def due(self, found: Sequence[Due]) -> ToldTable:
        counted = ("now", "late", "long_late", "later", "soon", "unknown")
        rows = []
        for one in sorted(found, key=lambda one: -(one.late + one.long_late)):
            days = codes.intervals(one.product, one.dose)
            between = "–" if days is None else f"{days[0]}" if days[0] == days[1] else f"{days[0]}{_TOGETHER}{days[1]}"
            numbers = tuple(self.number(getattr(one, name)) for name in counted)
            label = f"{self.label('product', one.product)}, {CHART['dose'].of(self.lang).format(n=one.dose).lower()}"
            rows.append(TableLine(label, (*numbers, between), urgent=one.long_late > 0))
        whole = tuple(self.number(sum(getattr(one, name) for one in found)) for name in counted)
        headings = (say("by_due"), *(say(f"col_{name}") for name in (*counted, "interval")))
        return ToldTable(
            "due", say("due"), headings, rows, TableLine(CHART["all"].of(self.lang), (*whole, "")) if rows else None
        )

    def supplies(self, found: Sequence[Supply]) -> ToldTable:
        rows = [
            TableLine(
                f"{self.label('site', one.site)}: {self.label('product', one.product)}",
                (say(f"level_{one.level}"), self.number(one.left), self.number(one.lately),
                 self.number(None if one.level is Level.OVER else one.days)),
                urgent=one.level in URGENT,
            )
            for one in urgent_first(found)
        ]  # fmt: skip
        headings = (say("by_supply"), *(say(f"col_{name}") for name in ("level", "left", "lately", "days")))
        urgent = [row for row in rows if row.urgent]
        return ToldTable("supply", say("stock"), headings, urgent, rest=tuple(row for row in rows if not row.urgent))

    def units(self, told: Overview) -> ToldTable:
        rows = [
            TableLine(
                self.label("site", one.site),
                (say("never_sent" if one.last is None else "silent" if one.silent else "in_time"),
                 self.number(one.days), "–" if one.last is None else self.time(one.last),
                 "–" if one.given is None else f"{one.given:%d/%m/%Y}"),
                urgent=one.silent,
            )
            for one in sorted(told.units, key=lambda one: not one.silent)
        ]  # fmt: skip
        headings = (
            say("by_units"),
            *(say(f"col_{name}") for name in ("unit_state", "age_of_file", "last_file", "last_dose")),
        )
        return ToldTable("units", say("units", days=quality.SILENT), headings, rows)

    def not_taken(self, told: Overview) -> ToldTable:
        rows = []
        for one in told.not_taken[:_IMPORTS]:
            more = len(one.sites) - _NAMED
            sites = ", ".join(map(printable, one.sites[:_NAMED])) + (f" … (+{more})" if more > 0 else "") or "–"
            rows.append(TableLine(say("import_number", n=one.run), (self.time(one.at), self.number(one.rows), sites)))
        headings = tuple(say(f"col_{name}") for name in ("import", "at", "rows", "sites"))
        return ToldTable("not_taken", say("not_taken"), headings, rows)

    def waiting(self, told: Overview) -> ToldTable:
        rows = [
            TableLine(
                say(f"kind_{one.kind}"),
                (self.number(one.questions), self.time(one.oldest), self.number(one.days)),
                urgent=one.days > quality.WAITS,
            )
            for one in told.waiting
        ]  # fmt: skip
        headings = tuple(say(f"col_{name}") for name in ("kind", "questions", "oldest", "waits"))
        return ToldTable("waiting", say("waiting"), headings, rows)


def drawn(picture: str) -> Markup:
    """A picture that `drawing` made, in which texts are escaped already."""
    return Markup(picture)  # noqa: S704
