"""A verdict as people are shown it: what of a card is told in which order. What a card says is untrusted text, and so
is what rules are called by whoever wrote them.

Screens and terminals differ in how they write a day and in what they leave out, and in nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from vaxcert import codes, wording
from vaxcert.errors import Reason
from vaxcert.model import Certificate, Dose, Entry, Link, Pass, TestResult, dose_text
from vaxcert.names import printable
from vaxcert.verdict import OF_RULES, Environment, Outcome, Status, Verdict
from vaxcert.wording import clock_wrong, kinds, label, say
from vaxcert.wording.rules import MODE, UNSIGNED
from vaxcert.wording.scanning import LAYOUT_HELP, MISSING, PASSCODE


class Line(NamedTuple):
    """A field, as `vaxcert.wording.label` names it, and what the card says there."""

    field: str
    text: str

    def label(self, lang: str) -> str:
        """What the field is called."""
        return label(self.field, lang)


def kind_of(verdict: Verdict) -> str:
    """How a verdict looks: "accepted", "refused", "undetermined", "other", "not_enough", or "test" for an accepted card
    of a trial.

    A trial's verdict is never plain green. "other" is a code that is no certificate, and is not about anybody's;
    "not_enough" a genuine certificate that does not meet the rules of the place, or not for sure.
    """
    if verdict.reason is Reason.NOT_A_CERTIFICATE:
        return "other"
    if verdict.reason in OF_RULES and verdict.card is Status.ACCEPTED:
        return "not_enough"
    trial = verdict.environment is Environment.TEST and verdict.status is Status.ACCEPTED
    return "test" if trial else str(verdict.status)


def headline(verdict: Verdict, lang: str) -> str:
    """The large words of a verdict. Of a card that is genuine and no more they say so: it is nobody's forgery."""
    if kind_of(verdict) == "not_enough":
        status = "not_enough" if verdict.reason is Reason.RULE_NOT_MET else "not_judged"
        return wording.headline(status, None, lang)
    return wording.headline(verdict.status, verdict.reason, lang)


def mode(verdict: Verdict, lang: str) -> str:
    """By which rules a verdict was given, and whether they are the device's own; "" where there are none."""
    if verdict.rules is None:
        return ""
    unsigned = "" if verdict.rules.signed else f" ({UNSIGNED.of(lang)})"
    return f"{MODE.of(lang)}: {printable(verdict.rules.title.of(lang))}{unsigned}"


def rules(verdict: Verdict, lang: str) -> list[str]:
    """What each of the rules says that a verdict was given by; nothing where there are none."""
    if verdict.rules is None:
        return []
    signs = {Outcome.PASSED: "✔", Outcome.FAILED: "✘", Outcome.UNKNOWN: "?"}
    return [f"{signs[one.outcome]} {printable(one.words.of(lang))}" for one in verdict.rules.results]


def reason(verdict: Verdict, lang: str, now: datetime, moment: Callable[[datetime], str] = datetime.isoformat) -> str:
    """The sentence for a verdict's reason, or "". Of a wrong clock, which shows `now`, it says so with the times."""
    if verdict.reason is None:
        return ""
    if verdict.reason in OF_RULES and verdict.rules is not None and (told := verdict.rules.told()) is not None:
        words = printable(told.words.of(lang))
        return f"{words[:1].upper()}{words[1:]}."
    published = verdict.freshness.published_at
    if verdict.reason in (Reason.CLOCK_ROLLED_BACK, Reason.CLOCK_SUSPECT) and published is not None:
        return clock_wrong(moment(now), moment(published), lang)
    if verdict.reason is Reason.KEYBOARD_LAYOUT:
        return f"{say(verdict.reason, lang)} {LAYOUT_HELP.of(lang)}"
    if verdict.reason is Reason.PARTS_MISSING and verdict.error is not None:
        return f"{say(verdict.reason, lang)} {MISSING.of(lang).format(parts=verdict.error.detail)}"
    if verdict.recognised is not None:
        return kinds.told(verdict.reason, verdict.recognised, lang)
    return say(verdict.reason, lang)


def lines(
    verdict: Verdict,
    lang: str,
    *,
    day: Callable[[date], str] = date.isoformat,
    moment: Callable[[datetime], str] = datetime.isoformat,
) -> list[Line]:
    """What a card says, without characters that act, and whose key opened it; nothing where none did.

    `day`, `moment`: how a day and a point in time are written.
    """
    found: list[Line] = []
    certificate = verdict.certificate
    if certificate is not None:
        found += _certificate(certificate, lang, day, moment)
    if verdict.link is not None:
        found += _link(verdict.link, lang, moment)
    if verdict.signer is not None:
        found.append(Line("signer", f"{verdict.signer.country or '??'} {verdict.signer.kid.hex()}"))
    return [Line(field, printable(text)) for field, text in found]


def _certificate(
    certificate: Certificate, lang: str, day: Callable[[date], str], moment: Callable[[datetime], str]
) -> Iterator[Line]:
    yield Line("name", certificate.person.full_name)
    yield Line("date_of_birth", certificate.person.date_of_birth)
    for entry in certificate.entries:
        yield from _entry(entry, lang, day, moment)
        if entry.disease:
            yield Line("disease", codes.name("disease", entry.disease, lang))
        yield Line("issuer", entry.issuer)
    if certificate.expires_at is not None:
        yield Line("valid_until", day(certificate.expires_at.date()))
    for entry in certificate.entries:
        yield Line("certificate_id", entry.certificate_id)


def _link(link: Link, lang: str, moment: Callable[[datetime], str]) -> Iterator[Line]:
    yield Line("link", link.address)
    if link.label:
        yield Line("label", link.label)
    if link.expires_at is not None:
        yield Line("valid_until", moment(link.expires_at))
    if "P" in link.flags:
        yield Line("passcode", PASSCODE.of(lang))


def _entry(entry: Entry, lang: str, day: Callable[[date], str], moment: Callable[[datetime], str]) -> Iterator[Line]:
    if isinstance(entry, Dose):
        yield Line("vaccine", codes.name("product", entry.product, lang))
        yield Line("dose", dose_text(entry))
        yield Line("date", day(entry.date))
    elif isinstance(entry, TestResult):
        yield Line("test", codes.name("test_type", entry.type, lang))
        yield Line("result", codes.name("test_result", entry.result, lang))
        yield Line("date", moment(entry.sampled_at))
    elif isinstance(entry, Pass):
        yield Line("pass", codes.name("pass", entry.name, lang))
        yield Line("date", day(entry.valid_from))
    else:
        yield Line("recovery", f"{day(entry.valid_from)} – {day(entry.valid_until)}")
