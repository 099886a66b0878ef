"""How a table is understood, on the operator's terminal: people's data is shown there and kept nowhere."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping

from vaxcert.cli.shared.asking import confirm
from vaxcert.cli.shared.saying import say
from vaxcert.errors import Problem
from vaxcert.model import Dose, Person
from vaxcert.tables.spellings import RECORDED
from vaxcert.tables.survey import SeenColumn, Survey, Understood, survey
from vaxcert.tables.table import Table
from vaxcert.wording.rows import FIELDS, phrase
from vaxcert.wording.tables import LEAVE_OUT, NONE, OUTCOMES, SURVEY

# What a row says, and all that is wrong with it.
RowSaid = tuple[Person | None, Dose | None, tuple[Problem, ...]]


def ask_about(table: Table, lang: str) -> tuple[str, ...]:
    """Ask on a terminal whether columns that need a yes are to be left out; their headings, or letters.

    Where nobody can be asked, or says no, the table is refused by whoever takes it over.
    """
    if not sys.stdin.isatty():
        return ()
    names = tuple(dict.fromkeys(column.name for column in survey(table).suspicious))
    for name in names:
        confirm(LEAVE_OUT.filled({"heading": repr(name)}).of(lang))
    return names


def say_counts(
    head: str, counts: Mapping[str, int], problems: Mapping[Problem, int], passed_over: int, lang: str
) -> None:
    """Print what became of a table's rows, behind `head`, and what is wrong with those that were rejected."""
    outcomes = [*counts.items(), ("passed_over", passed_over)]
    told = ", ".join(f"{number} {OUTCOMES[name].of(lang)}" for name, number in outcomes if number)
    say(f"{head}: {told or NONE.of(lang)}")
    for problem, number in sorted(problems.items(), key=str):
        say(f"  {number} × {phrase(problem).of(lang)}")


def say_survey(survey: Survey, sample: Iterable[RowSaid], lang: str) -> None:
    """Print what is read, what is not, what was found of the whole table, and its first rows: what each says."""
    say(SURVEY["read"].of(lang), bold=True)
    for column in survey.columns:
        say(f"  {_where(column, lang)} → {_field(column, lang)}")
    if survey.unread:
        say(SURVEY["unread"].of(lang), bold=True)
    for column in survey.unread:
        left = SURVEY["left"].filled({"field": _field(column, lang)}) if column.field else SURVEY["unknown"]
        say(f"  {_where(column, lang)}: {left.of(lang)}")
        if column in survey.suspicious:
            needed = SURVEY["suspicious"].filled({"name": repr(column.name)})
            say(f"    ! {needed.of(lang)}", fg="yellow", bold=True)
    if survey.evidence:
        say(SURVEY["evidence"].of(lang), bold=True)
    for words in survey.evidence:
        say(f"  {words.of(lang)}")
    if survey.converted:
        say(SURVEY["converted"].of(lang), bold=True)
    for cell in survey.converted:
        say(f"  {cell.place}: {cell.before} → {cell.after}")
    if survey.sample:
        say(SURVEY["sample"].of(lang), bold=True)
    for row, said in zip(survey.sample, sample, strict=True):
        say(f"  {row.place}: {_understood(row, said, lang)}")


def _where(column: SeenColumn, lang: str) -> str:
    place = f"{column.file}:{column.letter}" if column.file else column.letter
    return f"{place} {column.heading or SURVEY['no_heading'].of(lang)}"


def _field(column: SeenColumn, lang: str) -> str:
    field = FIELDS[column.field].of(lang) if column.field in FIELDS else column.field
    return f"{field}, {SURVEY['dose'].filled({'dose': column.dose}).of(lang)}" if column.dose else field


def _understood(row: Understood, said: RowSaid, lang: str) -> str:
    person, dose, problems = said
    if problems or person is None or dose is None:
        return "; ".join(phrase(problem).of(lang) for problem in problems)
    shown = [person.family_name, person.given_name, person.date_of_birth, dose.product, f"{dose.number}/{dose.series}",
             f"{dose.date}", dose.site, dose.lot]  # fmt: skip
    shown += [f"{FIELDS[name].of(lang)} {row.values[name]}" for name in sorted(RECORDED & row.values.keys())]
    return " | ".join(shown)
