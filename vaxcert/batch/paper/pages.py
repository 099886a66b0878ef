"""What is on the paper: of each certificate the texts and the code, given to a template that typst sets."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from vaxcert import codes, files, uvci
from vaxcert.batch.paper import letters
from vaxcert.errors import ConfigurationError, Problem, Reason
from vaxcert.extras import missing
from vaxcert.issue import Issued, local_day
from vaxcert.model import Dose, Person
from vaxcert.qr.symbol import Symbol

TEMPLATE = Path(__file__).with_name("sheet.typ")
_NOTHING = "–"
# Of what is printed, what may be in any script, under the field that people know it by.
_WRITTEN = {"authority": "issuer", "lot": "lot", "site": "site", "vaccine": "product", "manufacturer": "holder"}


class Printed(NamedTuple):
    """What one certificate on paper says. The code is the proof; the words are for its holder."""

    person: Person
    dose: Dose
    issued: Issued
    code: Symbol


class Paper(NamedTuple):
    """A PDF, and of the certificates in it, by their order from 0, which texts no font here has the letters of.

    Of such a name the A–Z line stands in its place, of other texts what is left without those letters.
    """

    pdf: bytes
    lacking: dict[int, tuple[Problem, ...]]


def ready(template: Path | None = None) -> None:
    """Raise `ConfigurationError` where a PDF could not be made: before anything is signed that should go into one."""
    try:
        import typst  # noqa: F401
    except ImportError:
        raise ConfigurationError(missing("PDF needs typst", "batch"), Reason.COMPONENT_MISSING) from None
    _source(template)


def pdf(
    certificates: Iterable[Printed],
    *,
    authority: str,
    test: bool,
    layout: str = "a4",
    template: Path | None = None,
    moment: datetime | None = None,
) -> Paper:
    """One tagged PDF of all certificates; `test` marks each as not valid.

    `authority`: at the head of those whose doses name no issuer. `moment`: what the file says when it was made.
    Raises `ConfigurationError` where typst is missing or the template cannot be set, with typst's own words.
    """
    ready(template)
    import typst

    texts = [told(one, authority) for one in certificates]
    lacking = _settle(texts)
    data = {"layout": layout, "authority": authority, "test": test, "certificates": texts}
    try:
        # Through memory alone: no name is written to a temporary file.
        made: bytes = typst.compile(
            _source(template),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            font_paths=letters.fonts(),
            timestamp=(moment or datetime.now(UTC)).replace(microsecond=0),
            pdf_tags=True,
        )
    except typst.TypstError as error:
        said = str(error).splitlines()[0] if str(error) else "cannot be set"
        raise ConfigurationError(f"{(template or TEMPLATE).name}: {said}", Reason.FORM_UNKNOWN) from None
    return Paper(made, lacking)


def _source(template: Path | None) -> bytes:
    source = template or TEMPLATE
    with files.reading(source):
        return source.read_bytes()


def _settle(told: list[dict[str, str]]) -> dict[int, tuple[Problem, ...]]:
    """Put what can be printed in place of what no font here has the letters of; return where that was so."""
    fields = {"name": "full_name"} | _WRITTEN
    lack = letters.lacking(one[field] for one in told for field in fields)
    found: dict[int, tuple[Problem, ...]] = {}
    for number, one in enumerate(told) if lack else ():
        wrong = [field for field in fields if one[field] in lack]
        for field in wrong:
            one[field] = (one["name_latin"] if field == "name" else letters.drawable(one[field])) or _NOTHING
        if wrong:
            found[number] = tuple(Problem(fields[field], Reason.NO_FONT) for field in wrong)
    return found


def told(printed: Printed, authority: str) -> dict[str, str]:
    """The texts of one certificate on paper, by the names that templates have for them; "–" for what is not known."""
    person, dose, issued = printed.person, printed.dose, printed.issued
    issuing = uvci.country_of(issued.certificate_id)
    latin = f"{person.family_name_transliterated} {person.given_name_transliterated}".replace("<", " ")
    latin = " ".join(latin.split())
    said = {
        "name": f"{person.family_name} {person.given_name}".strip() or latin,
        "name_latin": latin,
        "born": _local(person.date_of_birth),
        "disease": _both(dose.disease),
        "vaccine": codes.name("product", dose.product),
        "manufacturer": codes.name("holder", dose.holder),
        "lot": dose.lot,
        "dose": f"{dose.number}/{dose.series}",
        "date": f"{dose.date:%d/%m/%Y}",
        "site": dose.site or uvci.site_of(issued.certificate_id),
        "country": dose.country or issuing,
        "authority": dose.issuer or authority,
        "issued": f"{local_day(issuing, issued.issued_at):%d/%m/%Y}",
        "until": f"{issued.expires_at:%d/%m/%Y}",
        "id": issued.certificate_id,
        "code": printed.code.svg(),
    }
    return {field: text or _NOTHING for field, text in said.items()}


def _both(disease: str) -> str:
    vi, en = codes.name("disease", disease, "vi"), codes.name("disease", disease)
    return vi if vi == en else f"{vi} / {en}"


def _local(birth: str) -> str:
    """A birth date as it is written in Vietnam: the day first."""
    return "/".join(reversed(birth.split("-")))
