"""A verdict as a page shows it in one language: a headline, what to compare, the rest small. Card text is untrusted."""

from __future__ import annotations

import unicodedata
from collections import Counter
from datetime import date, datetime
from typing import NamedTuple

from flask_babel import force_locale, format_date, format_datetime

from vaxcert import Dose, TestResult, Verdict, codes, showing, wording
from vaxcert.model import Entry, Pass, Person, dose_text
from vaxcert.names import printable
from verifier_app.words import say


class Shown(NamedTuple):
    """What the template draws. `colour`: as `vaxcert.showing.kind_of` has it. `latin`: the name in A–Z, where its own
    writing is another. `at`: which of the codes that came it is."""

    at: int
    lang: str
    colour: str
    headline: str
    test: bool
    large: str
    name: str
    latin: str
    born: str
    lines: list[tuple[str, str]]
    reason: str
    code: str
    warnings: list[str]
    mode: str
    rules: list[str]


# Shown large, or beside what is.
_ELSEWHERE = frozenset(("name", "date_of_birth", "dose", "test"))
_GOOD = ("test", "accepted")


def summary(kinds: list[str], lang: str) -> str:
    """How codes that came together stand, as "1 of 2 refused"; "" for one alone. The good ones count where all are.

    `kinds`: those of their verdicts, the worst first.
    """
    if len(kinds) < 2:
        return ""
    counted = Counter(kinds)
    bad = {kind: number for kind, number in counted.items() if kind not in _GOOD}
    first, *rest = [(number, say(f"count_{kind}", lang)) for kind, number in (bad or counted).items()]
    whole = say("of_several", lang).format(n=first[0], what=first[1], total=len(kinds))
    return ", ".join((whole, *(f"{number} {what}" for number, what in rest)))


def shown(verdict: Verdict, lang: str, now: datetime, at: int = 0) -> Shown:
    """What the template draws of a verdict: nothing of a card whose signature did not open. `now`: by this clock."""
    status, certificate = str(verdict.status), verdict.certificate
    person = None if certificate is None else certificate.person
    told = showing.lines(verdict, lang, day=lambda value: day(value, lang), moment=lambda value: moment(value, lang))
    colour = showing.kind_of(verdict)
    return Shown(
        at=at,
        lang=lang,
        colour=colour,
        headline=showing.headline(verdict, lang),
        test=verdict.environment == "test",
        large=_large(certificate.entry, lang) if certificate is not None and status == "accepted" else "",
        name="" if person is None else printable(person.full_name),
        latin="" if person is None else printable(_latin(person)),
        born="" if person is None else printable(_birth(person.date_of_birth, lang)),
        lines=[(line.label(lang), line.text) for at, line in enumerate(told) if not _is_elsewhere(at, told)],
        reason=showing.reason(verdict, lang, now, lambda value: moment(value, lang)),
        code="" if verdict.reason is None else str(verdict.reason),
        warnings=[wording.say(warning, lang) for warning in verdict.warnings],
        mode=showing.mode(verdict, lang),
        rules=showing.rules(verdict, lang),
    )


def _is_elsewhere(at: int, lines: list[showing.Line]) -> bool:
    """Whether a line is shown large, or beside what is. Of several doses the first one is, which is the latest."""
    field = lines[at].field
    return field in _ELSEWHERE and all(line.field != field for line in lines[:at])


def _latin(person: Person) -> str:
    """The name as the machine-readable line of an identity document has it, where its writing is not Latin."""
    letters = (letter for letter in person.full_name if letter.isalpha())
    if all(unicodedata.name(letter, "").startswith("LATIN ") for letter in letters):
        return ""
    parts = (person.family_name_transliterated, person.given_name_transliterated)
    return " ".join(" ".join(parts).replace("<", " ").split())


def _large(entry: Entry, lang: str) -> str:
    if isinstance(entry, Dose):
        return f"{wording.label('dose', lang)} {dose_text(entry)}"
    if isinstance(entry, TestResult):
        return codes.name("test_type", entry.type, lang)
    if isinstance(entry, Pass):
        return codes.name("pass", entry.name, lang)
    return wording.label("recovery", lang)


def day(value: date, lang: str) -> str:
    """A day in the reader's form, with four digits of the year."""
    with force_locale(lang):
        return str(format_date(value, "dd/MM/yyyy" if lang == "vi" else "d MMM yyyy"))


def moment(value: datetime | None, lang: str) -> str:
    """A point in time by this machine's zone, which is named."""
    if value is None:
        return ""
    here = value.astimezone()
    zone = f"UTC{here.isoformat()[-6:]}" if here.utcoffset() else "UTC"
    with force_locale(lang):
        return (
            f"{format_datetime(here, 'HH:mm dd/MM/yyyy' if lang == 'vi' else 'd MMM yyyy HH:mm', rebase=False)} {zone}"
        )


def _birth(text: str, lang: str) -> str:
    """A birth date: a full one in local form, a month or a year as the card has it."""
    try:
        return day(date.fromisoformat(text), lang) if len(text) == 10 else text
    except ValueError:
        return text
