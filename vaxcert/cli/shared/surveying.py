"""How a table is understood, on the operator's terminal: people's data is shown there and kept nowhere."""

from __future__ import annotations

from vaxcert.cli.shared.saying import say
from vaxcert.errors import InputError
from vaxcert.tables.records import person_and_dose
from vaxcert.tables.survey import SeenColumn, Survey, Understood
from vaxcert.wording.rows import FIELDS, phrase
from vaxcert.wording.tables import SURVEY


def say_survey(survey: Survey, lang: str) -> None:
    """Print what is read, what is not, what was found of the whole table, and its first rows."""
    say(SURVEY["read"].of(lang), bold=True)
    for column in survey.columns:
        say(f"  {_where(column, lang)} → {_field(column, lang)}")
    if survey.unread:
        say(SURVEY["unread"].of(lang), bold=True)
    for column in survey.unread:
        left = SURVEY["left"].filled({"field": _field(column, lang)}) if column.field else SURVEY["unknown"]
        say(f"  {_where(column, lang)}: {left.of(lang)}")
        if column in survey.suspicious:
            say(f"    ! {SURVEY['suspicious'].of(lang)}", fg="yellow", bold=True)
    if survey.evidence:
        say(SURVEY["evidence"].of(lang), bold=True)
    for words in survey.evidence:
        say(f"  {words.of(lang)}")
    if survey.sample:
        say(SURVEY["sample"].of(lang), bold=True)
    for row in survey.sample:
        say(f"  {row.place}: {_understood(row, lang)}")


def _where(column: SeenColumn, lang: str) -> str:
    place = f"{column.file}:{column.letter}" if column.file else column.letter
    return f"{place} {column.heading or SURVEY['no_heading'].of(lang)}"


def _field(column: SeenColumn, lang: str) -> str:
    field = FIELDS[column.field].of(lang) if column.field in FIELDS else column.field
    return f"{field}, {SURVEY['dose'].filled({'dose': column.dose}).of(lang)}" if column.dose else field


def _understood(row: Understood, lang: str) -> str:
    try:
        person, dose = person_and_dose(row.values)
    except InputError as error:
        return phrase(error.problem).of(lang)
    shown = (person.family_name, person.given_name, person.date_of_birth, dose.product, f"{dose.number}/{dose.series}",
             f"{dose.date}", dose.site, dose.lot)  # fmt: skip
    return " | ".join(shown)
