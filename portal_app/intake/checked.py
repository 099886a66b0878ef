"""How a table is understood, as its page shows it: what `registry import --check` says, in both languages."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from vaxcert import codes
from vaxcert.errors import ConfigurationError, Problem
from vaxcert.registry.intake.importing import CheckReport
from vaxcert.registry.intake.rows import Said
from vaxcert.tables.survey import SeenColumn, Understood
from vaxcert.wording import Words
from vaxcert.wording.rows import phrase

# What the command line's options are called on a page.
_OPTIONS = (
    ("--legacy-font", "“Font”", "mục “Phông chữ”"),
    ("--dates mdy", "“Dates: month first”", "mục “Ngày tháng: tháng trước”"),
    ("--dates says mdy", "“Dates” says month first", "mục “Ngày tháng” ghi tháng trước"),
    ("--dates là mdy", "“Dates” says month first", "mục “Ngày tháng” ghi tháng trước"),
    ("--dates", "“Dates”", "mục “Ngày tháng”"),
    ("--values", "“What texts mean”", "mục “Ý nghĩa của nội dung”"),
    ("--sheet", "“Sheet”", "mục “Trang tính”"),
    ("--map", "“Columns”", "mục “Các cột”"),
    ("--ignore-column", "“Columns”", "mục “Các cột”"),
)


class TableColumn(msgspec.Struct, frozen=True):
    """A column. `name`: by which it is chosen; `field`: what it is taken for; `suspicious`: it needs a yes or no."""

    letter: str
    heading: str
    name: str
    field: str = ""
    dose: str = ""
    suspicious: bool = False


class FirstRow(msgspec.Struct, frozen=True):
    """One of the first rows: its place, what it says, or what is wrong with it. People's data."""

    place: str
    said: tuple[str, ...]
    wrong: tuple[Words, ...] = ()

    def __repr__(self) -> str:
        return f"<FirstRow {self.place}>"


class Understanding(msgspec.Struct, frozen=True, kw_only=True):
    """How a table is understood. `dates_unclear`: nothing can be taken before somebody says which comes first."""

    read: tuple[TableColumn, ...]
    unread: tuple[TableColumn, ...]
    evidence: tuple[Words, ...]
    converted: tuple[tuple[str, str, str], ...]
    sample: tuple[FirstRow, ...]
    good: int
    rejected: int
    passed_over: int
    problems: tuple[tuple[int, Words], ...]
    dates_unclear: bool
    sheets: tuple[str, ...] = ()

    @property
    def suspicious(self) -> tuple[str, ...]:
        """The names of the columns that need a yes or no, each once."""
        return tuple(dict.fromkeys(column.name for column in self.unread if column.suspicious))


def understanding(report: CheckReport, sheets: Iterable[str]) -> Understanding:
    """What a check found, as it is shown."""
    survey = report.understood
    try:
        report.evidence.decide()
    except ConfigurationError:
        unclear = True
    else:
        unclear = False
    suspicious = set(survey.suspicious)
    return Understanding(
        read=tuple(_column(column) for column in survey.columns),
        unread=tuple(_column(column, column in suspicious) for column in survey.unread),
        evidence=tuple(map(on_a_page, survey.evidence)),
        converted=tuple((cell.place, cell.before, cell.after) for cell in survey.converted),
        sample=tuple(_row(row, said) for row, said in zip(survey.sample, report.sample, strict=True)),
        good=report.counts["good"],
        rejected=report.counts["rejected"],
        passed_over=report.passed_over,
        problems=tuple(
            (count, on_a_page(phrase(problem)))
            for problem, count in sorted(report.problems.items(), key=lambda one: (-one[1], str(one[0])))
        ),
        dates_unclear=unclear,
        sheets=tuple(sheets),
    )


def on_a_page(words: Words) -> Words:
    """Words that name options of the command line, as a page calls these."""
    en, vi = words
    for option, said_en, said_vi in _OPTIONS:
        en, vi = en.replace(option, said_en), vi.replace(option, said_vi)
    return Words(en, vi)


def wrong(problems: Iterable[Problem]) -> tuple[Words, ...]:
    """What is wrong with a row."""
    return tuple(on_a_page(phrase(problem)) for problem in problems)


def _column(column: SeenColumn, suspicious: bool = False) -> TableColumn:
    return TableColumn(column.letter, column.heading, column.name, column.field, column.dose, suspicious)


def _row(row: Understood, said: Said) -> FirstRow:
    if said.problems or said.profile is None or said.dose is None:
        return FirstRow(row.place, (), wrong(said.problems))
    person, dose = said.profile.person, said.dose
    return FirstRow(
        row.place,
        (
            person.full_name, "/".join(reversed(person.date_of_birth.split("-"))),
            codes.name("product", dose.product), f"{dose.number}/{dose.series}",
            f"{dose.date:%d/%m/%Y}", dose.site or dose.site_told, dose.lot,
        ),
    )  # fmt: skip
