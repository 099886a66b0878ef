"""What rules are asked about: a certificate as the JSON of the EU DCC, whichever format it was read from.

It is made of the `Certificate`, never of the card's bytes a second time, so that rules judge what people see on the
screen and every other check judged: days are days, a test's moment has its zone, a birth date has no time, and the
latest entry of each kind is the first. What the model does not have, such as additional keys of a card, no rule can
ask for.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from vaxcert import codes
from vaxcert.model import Certificate, Dose, Entry, Person, Recovery, TestResult, kind_of

# By kind of entry: its key in a DCC, and how rules call it (`CertificateType`).
_KEYS = {"vaccination": "v", "test": "t", "recovery": "r"}
_TYPES = {"vaccination": "Vaccination", "test": "Test", "recovery": "Recovery"}


@dataclass(frozen=True, slots=True, repr=False)
class CardFacts:
    """A verified card, as rules see it. Personal data: it has no `repr`.

    `payload`: the DCC, `types`: the values of `CertificateType` that it has entries of, `version`: the content's own,
    `issuer_country`: ISO 3166 alpha-2 of the signer, "" where nobody knows. `external`: what rules may ask for besides.
    """

    payload: dict[str, Any]
    types: frozenset[str]
    version: str
    issuer_country: str
    external: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, certificate: Certificate, *, country: str | None, kid: bytes = b"") -> CardFacts:
        """The facts of a certificate.

        `country`: the signer's; only where it is unknown does the card's own claim count. `kid`: of the key that opened
        it.
        """
        issuer_country = codes.country(country or certificate.issuer)
        external = {"issuerCountryCode": issuer_country, "kid": kid.hex()}
        for name, moment in (("iat", certificate.issued_at), ("exp", certificate.expires_at)):
            if moment is not None:
                external[name] = moment_text(moment)
        return cls(
            payload=dcc_of(certificate),
            types=frozenset(_TYPES[kind_of(entry)] for entry in certificate.entries),
            version=certificate.version,
            issuer_country=issuer_country,
            external=external,
        )


def dcc_of(certificate: Certificate) -> dict[str, Any]:
    """A certificate as the JSON of a DCC (schema 1.3.0); what it does not state is not there."""
    payload: dict[str, Any] = {
        "ver": certificate.version,
        "nam": _name(certificate.person),
        "dob": certificate.person.date_of_birth,
    }
    for entry in certificate.entries:
        payload.setdefault(_KEYS[kind_of(entry)], []).append(_entry(entry))
    return payload


def moment_text(moment: datetime) -> str:
    """A moment as rules read it: UTC, with decimals where it is finer than a second.

    At either end of the calendar, where UTC has no such day, by its own clock.
    """
    with suppress(OverflowError):
        moment = moment.astimezone(UTC)
    text: str = msgspec.to_builtins(moment)
    return text


def _name(person: Person) -> dict[str, str]:
    return _stated(
        fn=person.family_name,
        fnt=person.family_name_transliterated,
        gn=person.given_name,
        gnt=person.given_name_transliterated,
    )


def _entry(entry: Entry) -> dict[str, Any]:
    common = _stated(tg=entry.disease, co=entry.country, ci=entry.certificate_id) | _stated(**{"is": entry.issuer})
    if isinstance(entry, Dose):
        numbers = {"dn": entry.number, "sd": entry.series, "dt": entry.date.isoformat()}
        return common | _stated(vp=entry.prophylaxis, mp=entry.product, ma=entry.holder) | numbers
    if isinstance(entry, TestResult):
        stated = _stated(tt=entry.type, nm=entry.name, ma=entry.device, tr=entry.result, tc=entry.centre)
        return common | stated | {"sc": moment_text(entry.sampled_at)}
    return common | _days(entry)


def _days(entry: Recovery) -> dict[str, str]:
    return {
        "fr": entry.first_positive.isoformat(),
        "df": entry.valid_from.isoformat(),
        "du": entry.valid_until.isoformat(),
    }


def _stated(**texts: str) -> dict[str, str]:
    return {name: text for name, text in texts.items() if text}
