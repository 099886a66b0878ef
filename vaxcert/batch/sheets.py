"""Certificates on paper: A4 sheets or cards, as PDF through typst, from a template that a clinic may change."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from vaxcert import codes, files
from vaxcert.errors import ConfigurationError, Reason
from vaxcert.extras import missing
from vaxcert.issue import Issued
from vaxcert.model import Dose, Person
from vaxcert.qr.symbol import Symbol

TEMPLATE = Path(__file__).with_name("sheet.typ")


class Printed(NamedTuple):
    """What one certificate on paper says. The code is the proof; the words are for its holder."""

    person: Person
    dose: Dose
    issued: Issued
    code: Symbol


def pdf(
    certificates: Iterable[Printed],
    *,
    authority: str,
    test: bool,
    layout: str = "a4",
    template: Path | None = None,
    moment: datetime | None = None,
) -> bytes:
    """One PDF of all certificates; `test` marks each as not valid. `moment`: what the file says when it was made.

    Raises `ConfigurationError` where typst is missing or the template cannot be set, with typst's own words.
    """
    try:
        import typst
    except ImportError:
        raise ConfigurationError(missing("PDF needs typst", "batch"), Reason.COMPONENT_MISSING) from None
    source = template or TEMPLATE
    with files.reading(source):
        content = source.read_bytes()
    data = {
        "layout": layout,
        "authority": authority,
        "test": test,
        "certificates": [_plain(one) for one in certificates],
    }
    try:
        # Through memory alone: no name is written to a temporary file.
        made: bytes = typst.compile(
            content,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            ignore_system_fonts=template is None,
            timestamp=(moment or datetime.now(UTC)).replace(microsecond=0),
            pdf_tags=False,
        )
    except typst.TypstError as error:
        raise ConfigurationError(
            f"{source.name}: {str(error).splitlines()[0] if str(error) else 'cannot be set'}", Reason.FORM_UNKNOWN
        ) from None
    return made


def _plain(printed: Printed) -> dict[str, str]:
    person, dose = printed.person, printed.dose
    latin = f"{person.family_name_transliterated} {person.given_name_transliterated}".replace("<", " ").strip()
    known = codes.product(dose.product)
    return {
        "name": f"{person.family_name} {person.given_name}".strip(),
        "name_latin": latin,
        "born": _local(person.date_of_birth),
        "vaccine": known.name if known else dose.product,
        "dose": f"{dose.number}/{dose.series}",
        "date": f"{dose.date:%d/%m/%Y}",
        "site": dose.site or "–",
        "until": f"{printed.issued.expires_at:%d/%m/%Y}",
        "id": printed.issued.certificate_id,
        "code": printed.code.svg(),
    }


def _local(birth: str) -> str:
    """A birth date as it is written in Vietnam: the day first."""
    return "/".join(reversed(birth.split("-")))
