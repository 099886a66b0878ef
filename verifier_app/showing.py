"""A verdict as a page shows it in one language: a headline, what to compare, the rest small. Card text is untrusted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from flask_babel import force_locale, format_date, format_datetime

from vaxcert import Dose, Recovery, TestResult, Verdict, codes, wording
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


def shown(verdict: Verdict, lang: str) -> Shown:
    """Nothing of a card whose signature did not open."""
    status, test = str(verdict.status), verdict.environment == "test"
    certificate = verdict.certificate
    large, name, born, lines = "", "", "", []
    if certificate is not None:
        person = certificate.person
        name = person.full_name
        born = _birth(person.date_of_birth, lang)
        large = _large(certificate.entry, lang)
        lines = _lines(certificate, lang)
    if verdict.signer is not None:
        lines.append((wording.label("signer", lang), f"{verdict.signer.country or '??'} {verdict.signer.kid.hex()}"))
    return Shown(
        lang=lang,
        colour="test" if test and status == "accepted" else status,
        headline=wording.headline(status, verdict.reason, lang),
        test=test,
        large=large if status == "accepted" else "",
        name=printable(name),
        born=printable(born),
        lines=[(label, printable(value)) for label, value in lines],
        reason="" if verdict.reason is None else wording.say(verdict.reason, lang),
        code="" if verdict.reason is None else str(verdict.reason),
        warnings=[wording.say(warning, lang) for warning in verdict.warnings],
    )


def _large(entry: Any, lang: str) -> str:
    if isinstance(entry, Dose):
        return f"{wording.label('dose', lang)} {entry.number}/{entry.series}"
    if isinstance(entry, TestResult):
        return codes.name("test_type", entry.type, lang)
    return wording.label("recovery", lang)


def _lines(certificate: Any, lang: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for entry in certificate.entries:
        if isinstance(entry, Dose):
            found += [
                (wording.label("vaccine", lang), codes.name("product", entry.product, lang)),
                (wording.label("date", lang), day(entry.date, lang)),
            ]
        elif isinstance(entry, TestResult):
            found += [
                (wording.label("result", lang), codes.name("test_result", entry.result, lang)),
                (wording.label("date", lang), moment(entry.sampled_at, lang)),
            ]
        elif isinstance(entry, Recovery):
            span = f"{day(entry.valid_from, lang)} – {day(entry.valid_until, lang)}"
            found.append((wording.label("recovery", lang), span))
        found += [
            (wording.label("disease", lang), codes.name("disease", entry.disease, lang)),
            (wording.label("issuer", lang), entry.issuer),
        ]
    if certificate.expires_at is not None:
        found.append((wording.label("valid_until", lang), day(certificate.expires_at.date(), lang)))
    found.append((wording.label("certificate_id", lang), certificate.certificate_id))
    return found


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
    """A full date in local form; a month or a year as the card has it."""
    try:
        return day(date.fromisoformat(text), lang) if len(text) == 10 else text
    except ValueError:
        return text
