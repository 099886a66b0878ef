"""A verdict as a page shows it in one language: a headline, what to compare, the rest small. Card text is untrusted."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from flask_babel import force_locale, format_date, format_datetime

from vaxcert import Dose, TestResult, Verdict, codes, showing, wording
from vaxcert.model import Entry
from vaxcert.names import printable


class Shown(NamedTuple):
    """What the template draws. `colour`: accepted, refused, undetermined, or test for an accepted trial card."""

    lang: str
    colour: str
    headline: str
    test: bool
    large: str
    name: str
    born: str
    lines: list[tuple[str, str]]
    reason: str
    code: str
    warnings: list[str]


# Shown large, or beside what is.
_ELSEWHERE = frozenset(("name", "date_of_birth", "dose", "test"))


def shown(verdict: Verdict, lang: str, now: datetime) -> Shown:
    """What the template draws of a verdict: nothing of a card whose signature did not open. `now`: by this clock."""
    status, certificate = str(verdict.status), verdict.certificate
    person = None if certificate is None else certificate.person
    told = showing.lines(verdict, lang, day=lambda value: day(value, lang), moment=lambda value: moment(value, lang))
    return Shown(
        lang=lang,
        colour=showing.kind_of(verdict),
        headline=wording.headline(status, verdict.reason, lang),
        test=verdict.environment == "test",
        large=_large(certificate.entry, lang) if certificate is not None and status == "accepted" else "",
        name="" if person is None else printable(person.full_name),
        born="" if person is None else printable(_birth(person.date_of_birth, lang)),
        lines=[(line.label(lang), line.text) for line in told if line.field not in _ELSEWHERE],
        reason=showing.reason(verdict, lang, now, lambda value: moment(value, lang)),
        code="" if verdict.reason is None else str(verdict.reason),
        warnings=[wording.say(warning, lang) for warning in verdict.warnings],
    )


def _large(entry: Entry, lang: str) -> str:
    if isinstance(entry, Dose):
        return f"{wording.label('dose', lang)} {entry.number}/{entry.series}"
    if isinstance(entry, TestResult):
        return codes.name("test_type", entry.type, lang)
    return wording.label("recovery", lang)


def day(value: date, lang: str) -> str:
    """A day in the reader's form, with four digits of the year."""
    with force_locale(lang):
        return str(format_date(value, "dd/MM/yyyy" if lang == "vi" else "d MMM yyyy"))


def moment(value: datetime | None, lang: str) -> str:
    """A point in time, in UTC and saying so."""
    if value is None:
        return ""
    with force_locale(lang):
        return f"{format_datetime(value, 'HH:mm dd/MM/yyyy' if lang == 'vi' else 'd MMM yyyy HH:mm', rebase=False)} UTC"


def _birth(text: str, lang: str) -> str:
    """A birth date: a full one in local form, a month or a year as the card has it."""
    try:
        return day(date.fromisoformat(text), lang) if len(text) == 10 else text
    except ValueError:
        return text
