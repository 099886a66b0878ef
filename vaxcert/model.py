"""People, doses, tests and certificates: frozen values that know no wire format.

Text is NFC. A `repr` never shows who a value is about, so that none reaches a log or a traceback.
"""

import datetime as dt
import re
from typing import Any, Literal

import msgspec

from vaxcert import codes, names
from vaxcert.errors import InputError, Reason, wrong_type

Kind = Literal["vaccination", "test", "recovery", "pass"]

_BIRTH_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}", re.ASCII)
# DCC schema 1.3.0, `dob`. Nobody who was born before 1900 is vaccinated today.
_BIRTH_YEARS = ("1900", "2099")

# Calendars differ: it may be tomorrow at the place of the dose while it is today here.
ONE_DAY = dt.timedelta(days=1)


class _Private(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A value about somebody: equal by content, silent about it when printed.

    None can be part of a cycle, so the garbage collector need not look at them.
    """

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


def _check_texts(value: msgspec.Struct, fields: tuple[str, ...]) -> None:
    """Raise `TypeError`, which names the first field that holds no text."""
    for field in fields:
        if not isinstance(getattr(value, field), str):
            raise wrong_type(field, "text", getattr(value, field))


class Person(_Private, frozen=True, kw_only=True, gc=False):
    """The holder of a certificate.

    `date_of_birth`: "YYYY-MM-DD", "YYYY-MM", "YYYY", or "" where unknown; a `date` is taken for the first. Names in
    their own writing; the transliterations to A–Z and `<` (ICAO Doc 9303, part 3, section 6) are made where not given.

    Raises `InputError` for a birth date that is none of these, and `TypeError` for a field that holds no text.
    """

    family_name: str = ""
    given_name: str = ""
    date_of_birth: str = ""
    family_name_transliterated: str = ""
    given_name_transliterated: str = ""

    def __post_init__(self) -> None:
        put = msgspec.structs.force_setattr
        born: object = self.date_of_birth
        if type(born) is dt.date:
            put(self, "date_of_birth", born.isoformat())
        _check_texts(self, _PERSON)
        family, given = names.normalise(self.family_name), names.normalise(self.given_name)
        if family is not self.family_name:
            put(self, "family_name", family)
        if given is not self.given_name:
            put(self, "given_name", given)
        if family and not self.family_name_transliterated:
            put(self, "family_name_transliterated", names.transliterate(family))
        if given and not self.given_name_transliterated:
            put(self, "given_name_transliterated", names.transliterate(given))
        check_birth_date(self.date_of_birth)

    @property
    def full_name(self) -> str:
        """Family name and given name in their own writing, else transliterated. Untrusted where a card says it."""
        own = filter(None, (self.family_name, self.given_name))
        return " ".join(own) or " ".join(
            filter(None, (self.family_name_transliterated, self.given_name_transliterated))
        )


_PERSON = ("family_name", "given_name", "date_of_birth", "family_name_transliterated", "given_name_transliterated")


def check_birth_date(text: str) -> None:
    """Accept "YYYY-MM-DD", "YYYY-MM", "YYYY" and ""; raise `InputError` for anything else."""
    if not text:
        return
    try:
        if _BIRTH_DATE.fullmatch(text) is None:
            raise ValueError
        earliest_birth(text)
    except ValueError:
        raise InputError("date_of_birth", Reason.NOT_A_BIRTH_DATE) from None


def is_birth_year_possible(text: str) -> bool:
    """Whether a birth date, of any precision, lies in 1900 to 2099. True for ""."""
    return not text or _BIRTH_YEARS[0] <= text[:4] <= _BIRTH_YEARS[1]


def earliest_birth(text: str) -> dt.date:
    """The first day that a birth date of full, month or year precision allows. `ValueError` if none."""
    return dt.date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text)


class Dose(_Private, frozen=True, kw_only=True, gc=False, tag="vaccination", tag_field="kind"):
    """One dose of a vaccine: `number` of `series` on `date`. A series of 0 is one that the card does not tell.

    `product`, `holder`, `prophylaxis`, `disease` are codes of the EU value sets; the last three follow
    from the product where the code list knows it. `country`: ISO 3166 alpha-2; `issuer`: who vouches for the
    certificate; `site`: the vaccinating site's id, which becomes part of the certificate id.

    Raises `TypeError` for a field that should hold a text and does not. Whether it makes sense the issuer asks.
    """

    product: str
    number: int
    series: int
    date: dt.date
    disease: str = ""
    prophylaxis: str = ""
    holder: str = ""
    country: str = ""
    issuer: str = ""
    certificate_id: str = ""
    site: str = ""
    lot: str = ""

    def __post_init__(self) -> None:
        _check_texts(self, _DOSE)
        if self.disease and self.prophylaxis and self.holder:
            return
        known = codes.product(self.product)
        put = msgspec.structs.force_setattr
        if known is None:
            if (listed := codes.prequal.kind(self.product)) is not None:
                put(self, "disease", self.disease or listed.disease)
            return
        put(self, "disease", self.disease or known.disease)
        put(self, "prophylaxis", self.prophylaxis or known.prophylaxis)
        put(self, "holder", self.holder or known.holders[0])


_DOSE = (
    "product", "disease", "prophylaxis", "holder", "country", "issuer", "certificate_id", "site", "lot",
)  # fmt: skip


class TestResult(_Private, frozen=True, kw_only=True, gc=False, tag="test", tag_field="kind"):
    """The result of a test for an infection, as it was read; `sampled_at` is an aware datetime."""

    __test__ = False  # the name is the field's; pytest must not take it for a test class

    disease: str
    type: str
    result: str
    sampled_at: dt.datetime
    name: str = ""
    device: str = ""
    centre: str = ""
    country: str = ""
    issuer: str = ""
    certificate_id: str = ""


class Recovery(_Private, frozen=True, kw_only=True, gc=False, tag="recovery", tag_field="kind"):
    """A recovery from a disease: first positive test, and the days that the statement is valid."""

    disease: str
    first_positive: dt.date
    valid_from: dt.date
    valid_until: dt.date
    country: str = ""
    issuer: str = ""
    certificate_id: str = ""


class Pass(_Private, frozen=True, kw_only=True, gc=False, tag="pass", tag_field="kind"):
    """That its issuer holds somebody to meet what a pass asks for, and not by what: no dose, test or recovery.

    `name`: the pass's own; `valid_from`: its first day.
    """

    name: str
    valid_from: dt.date
    disease: str = ""
    country: str = ""
    issuer: str = ""
    certificate_id: str = ""


Entry = Dose | TestResult | Recovery | Pass


def dose_text(dose: Dose) -> str:
    """Which dose of how many, as "2/2"; the number alone where it is not said of how many."""
    return f"{dose.number}/{dose.series}" if dose.series else str(dose.number)


def is_to_come(recovery: Recovery, today: dt.date) -> bool:
    """Whether the first day of a recovery has come nowhere on earth."""
    return recovery.valid_from - today > ONE_DAY


def is_over(recovery: Recovery, today: dt.date) -> bool:
    """Whether the last day of a recovery has passed everywhere."""
    return today - recovery.valid_until > ONE_DAY


def day_of(entry: Entry) -> dt.date:
    """The day of a dose, of a test's sample, of the first positive test before a recovery, or a pass's first."""
    if isinstance(entry, Dose):
        return entry.date
    if isinstance(entry, Pass):
        return entry.valid_from
    return entry.sampled_at.date() if isinstance(entry, TestResult) else entry.first_positive


def kind_of(entry: Entry) -> Kind:
    """What an entry states."""
    if isinstance(entry, Dose):
        return "vaccination"
    if isinstance(entry, Pass):
        return "pass"
    return "test" if isinstance(entry, TestResult) else "recovery"


class Link(_Private, frozen=True, kw_only=True, gc=False):
    """What points at somebody's documents, which are somewhere else and were not fetched.

    `address`: of the server, without what opens the documents there; `label`: what its maker calls it; `flags`:
    letters, of which P asks for a passcode; `expires_at`: aware, UTC, None where it does not say. It is only claimed.
    """

    address: str
    label: str = ""
    flags: str = ""
    expires_at: dt.datetime | None = None


class Certificate(_Private, frozen=True, kw_only=True, gc=False):
    """What a card says, once its signature has been checked.

    `entries`: one or more, the latest first; none where it states nothing that is read here. Whatever speaks against a
    card in any of them speaks against all of it. `format`: the system, as "hcert" (the EU's), "shc" or "icvp";
    `version`: the content's own; `issuer`: the claimed country or
    organisation (the signer's country is what counts). `issued_at`, `expires_at`, and `not_before` where it is to hold
    only from a moment after it was issued: aware, UTC.
    """

    format: str
    version: str
    person: Person
    entries: tuple[Entry, ...]
    issuer: str = ""
    issued_at: dt.datetime | None = None
    expires_at: dt.datetime | None = None
    not_before: dt.datetime | None = None

    @property
    def entry(self) -> Entry:
        """The latest entry; most cards carry exactly one."""
        return self.entries[0]

    @property
    def kind(self) -> Kind:
        """The kind of the latest entry."""
        return kind_of(self.entries[0])

    @property
    def certificate_id(self) -> str:
        """The id of the latest entry: the UVCI of an HCERT."""
        return self.entries[0].certificate_id

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON. They are personal data: for the caller's answer, never for a log."""
        plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(self))
        return plain
