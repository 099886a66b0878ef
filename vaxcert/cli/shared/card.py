"""A verdict in lines of text, as staff read it. What a card says is untrusted text and is shown as such."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from vaxcert import codes, wording
from vaxcert.model import Dose, Recovery, TestResult
from vaxcert.names import printable

if TYPE_CHECKING:
    from vaxcert import Verdict
    from vaxcert.model import Entry

_WIDTH = 18


def headline(verdict: Verdict, lang: str) -> tuple[str, str, str]:
    """Symbol, colour and words. A test store's verdict is never plain green."""
    words = wording.headline(verdict.status, verdict.reason, lang)
    if verdict.status == "accepted":
        return "✔", "magenta" if verdict.environment == "test" else "green", words
    return ("✘", "red", words) if verdict.status == "refused" else ("?", "yellow", words)


def card_lines(verdict: Verdict, lang: str) -> list[str]:
    """The reason in plain words, warnings, and the card where its signature opened."""
    lines = []
    if verdict.reason is not None:
        lines.append(f"  {wording.say(verdict.reason, lang)} ({verdict.reason})")
    certificate = verdict.certificate
    if certificate is not None:
        person = certificate.person
        lines += [_line("name", person.full_name, lang), _line("date_of_birth", person.date_of_birth, lang)]
        for entry in certificate.entries:
            lines += _entry_lines(entry, lang)
        if certificate.expires_at is not None:
            lines.append(_line("valid_until", _day(certificate.expires_at), lang))
        lines.append(_line("certificate_id", certificate.certificate_id, lang))
    if verdict.signer is not None:
        signer = verdict.signer
        lines.append(_line("signer", f"{signer.country or '??'} {signer.kid.hex()}", lang))
    lines += [f"  ! {wording.say(warning, lang)} ({warning})" for warning in verdict.warnings]
    return lines


def _entry_lines(entry: Entry, lang: str) -> list[str]:
    disease = _line("disease", codes.name("disease", entry.disease, lang), lang)
    issuer = _line("issuer", entry.issuer, lang)
    if isinstance(entry, Dose):
        return [
            _line("vaccine", codes.name("product", entry.product, lang), lang),
            _line("dose", f"{entry.number}/{entry.series}", lang),
            _line("date", entry.date.isoformat(), lang),
            disease,
            issuer,
        ]
    if isinstance(entry, TestResult):
        return [
            _line("test", codes.name("test_type", entry.type, lang), lang),
            _line("result", codes.name("test_result", entry.result, lang), lang),
            _line("date", entry.sampled_at.isoformat(), lang),
            disease,
            issuer,
        ]
    assert isinstance(entry, Recovery)  # noqa: S101  (the type is closed)
    return [
        _line("recovery", f"{entry.valid_from.isoformat()} – {entry.valid_until.isoformat()}", lang),
        disease,
        issuer,
    ]


def _line(label: str, value: str, lang: str) -> str:
    return f"  {wording.label(label, lang):<{_WIDTH}} {printable(value)}"


def _day(moment: datetime) -> str:
    return moment.date().isoformat()


def show_verdict(verdict: Verdict, lang: str) -> None:
    """A verdict as staff read it: symbol, colour and words, then what the card says."""
    symbol, colour, words = headline(verdict, lang)
    mark = "  [TEST]" if verdict.environment == "test" else ""
    click.secho(f"{symbol} {words}{mark}", fg=colour, bold=True)
    for line in card_lines(verdict, lang):
        click.echo(line)


def moment_text(moment: datetime) -> str:
    """A point in time as staff read it."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
