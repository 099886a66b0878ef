"""EU DCC: the content that EU states, Vietnam and some eighty countries sign (DCC schema 1.0.0 to 1.3.3).

Read for what it means, not by the letter of the schema: codes that nobody knows, names that break its
patterns, additional keys and missing countries stand in genuine cards. Types, dates and an entry are insisted
upon.
"""

import datetime as dt
import re
from typing import Any

import msgspec

from vaxcert.errors import ContentError, InputError, Reason
from vaxcert.model import Certificate, Dose, Entry, Person, Recovery, TestResult, day_of
from vaxcert.names import normalise

VERSION = "1.3.0"  # the schema that is written


class _Payload(msgspec.Struct, frozen=True, gc=False):
    pass


class _Name(_Payload, frozen=True, gc=False):
    fn: str | None = None
    gn: str | None = None
    fnt: str | None = None
    gnt: str | None = None


class _Vaccination(_Payload, frozen=True, gc=False):
    tg: str
    vp: str
    mp: str
    ma: str
    dn: int | float
    sd: int | float
    dt: str
    is_: str = msgspec.field(name="is")
    ci: str
    co: str | None = None


class _Test(_Payload, frozen=True, gc=False):
    tg: str
    tt: str
    sc: str | int | float
    tr: str
    is_: str = msgspec.field(name="is")
    ci: str
    co: str | None = None
    tc: str | None = None
    nm: str | None = None
    ma: str | None = None


class _Recovery(_Payload, frozen=True, gc=False):
    tg: str
    fr: str
    df: str
    du: str
    is_: str = msgspec.field(name="is")
    ci: str
    co: str | None = None


class _Dcc(_Payload, frozen=True):
    ver: str
    nam: _Name
    dob: str
    v: list[_Vaccination] | None = None
    t: list[_Test] | None = None
    r: list[_Recovery] | None = None


def read(
    content: object,
    *,
    issuer: str,
    issued_at: dt.datetime | None,
    expires_at: dt.datetime | None,
    not_before: dt.datetime | None = None,
) -> Certificate:
    """The certificate in decoded CBOR, its entries latest first. Raises `ContentError`: `content_invalid`,
    `content_empty` (no entry).

    Schema 1.3.0 has exactly one entry; those before allow several, and so do cards that were signed under them.
    """
    try:
        dcc = msgspec.convert(content, _Dcc)
    except msgspec.ValidationError as error:
        # The message names a type and the path to it (`$.v[0].dn`), never the value.
        raise ContentError(Reason.CONTENT_INVALID, str(error)) from None
    # All are read, and one that cannot be is the card's fault: who could choose would choose what lets them in.
    entries: list[Entry] = [_dose(entry) for entry in dcc.v or ()]
    if dcc.t:
        entries += map(_test, dcc.t)
    if dcc.r:
        entries += map(_recovery, dcc.r)
    if not entries:
        raise ContentError(Reason.CONTENT_EMPTY, "no entry")
    if len(entries) > 1:
        entries.sort(key=_when, reverse=True)
    return Certificate(
        format="hcert",
        version=dcc.ver,
        person=_person(dcc),
        entries=tuple(entries),
        issuer=issuer,
        issued_at=issued_at,
        expires_at=expires_at,
        not_before=not_before,
    )


def _person(dcc: _Dcc) -> Person:
    # Some states write births as midnights ("1962-07-01T00:00:00"), or what they do not know as zeros.
    born = dcc.dob.partition("T")[0]
    if "-00" in born:
        born = born[: born.index("-00")]
    name = dcc.nam
    try:
        person = Person(
            family_name=name.fn or "",
            given_name=name.gn or "",
            date_of_birth=born,
            family_name_transliterated=name.fnt or "",
            given_name_transliterated=name.gnt or "",
        )
    except InputError:
        raise ContentError(Reason.CONTENT_INVALID, "dob is no date of birth") from None
    # What is shown: of letters that nobody sees nothing is.
    if not normalise(person.full_name):
        raise ContentError(Reason.CONTENT_INVALID, "nam holds no name")
    return person


def _when(entry: Entry) -> tuple[dt.date, int]:
    return day_of(entry), entry.number if isinstance(entry, Dose) else 0


def _dose(entry: _Vaccination) -> Dose:
    return Dose(
        product=entry.mp,
        number=_count(entry.dn, "dn"),
        series=_count(entry.sd, "sd"),
        date=_day(entry.dt, "dt"),
        disease=entry.tg,
        prophylaxis=entry.vp,
        holder=entry.ma,
        country=entry.co or "",
        issuer=entry.is_,
        certificate_id=entry.ci,
    )


def _test(entry: _Test) -> TestResult:
    return TestResult(
        disease=entry.tg,
        type=entry.tt,
        result=entry.tr,
        sampled_at=_instant(entry.sc),
        name=entry.nm or "",
        device=entry.ma or "",
        centre=entry.tc or "",
        country=entry.co or "",
        issuer=entry.is_,
        certificate_id=entry.ci,
    )


def _recovery(entry: _Recovery) -> Recovery:
    return Recovery(
        disease=entry.tg,
        first_positive=_day(entry.fr, "fr"),
        valid_from=_day(entry.df, "df"),
        valid_until=_day(entry.du, "du"),
        country=entry.co or "",
        issuer=entry.is_,
        certificate_id=entry.ci,
    )


def _count(value: int | float, field: str) -> int:
    # Some encoders write 2.0 for 2. Whether the number makes sense is asked later, with the other judgements.
    if type(value) is float and not value.is_integer():
        raise ContentError(Reason.CONTENT_INVALID, f"{field} is no whole number")
    return int(value)


# A day with a time behind it: of hours, minutes, seconds and decimals as many as there are, and a zone or none. What
# fromisoformat takes besides, such as weeks, no card may mean, and it differs from one version of Python to the next.
_TIME = r"(?:[01]\d|2[0-3])(?::[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?|[0-5]\d(?:[0-5]\d(?:[.,]\d+)?)?)?"
_ZONE = r"(?:Z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?"
_MOMENT = re.compile(rf"\d{{4}}-\d\d-\d\d(?:.{_TIME}{_ZONE})?", re.ASCII | re.DOTALL)


def _moment(text: str) -> dt.datetime:
    """The moment that a text names, without a zone where it names none. Raises `ValueError`."""
    if _MOMENT.fullmatch(text) is None:
        raise ValueError
    return dt.datetime.fromisoformat(text)


def _day(text: str, field: str) -> dt.date:
    # A day may be a midnight.
    try:
        if len(text) == 10 or text[10:11] in ("T", " "):
            return _moment(text).date()
    except ValueError:
        pass
    raise ContentError(Reason.CONTENT_INVALID, f"{field} is no date")


def _instant(value: str | int | float) -> dt.datetime:
    # A text, or under CBOR tag 1 a number of seconds. No zone means UTC.
    try:
        if not isinstance(value, str):
            return dt.datetime.fromtimestamp(value, dt.UTC)
        if len(value) < 16:
            raise ValueError
        moment = _moment(value)
    except (ValueError, OverflowError, OSError):
        raise ContentError(Reason.CONTENT_INVALID, "sc is no point in time") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def write(person: Person, dose: Dose) -> dict[str, Any]:
    """The DCC map of one dose, its keys in the order that compresses best. Nothing is checked here."""
    name: dict[str, str] = {"fn": person.family_name, "fnt": person.family_name_transliterated}
    if person.given_name:
        name |= {"gn": person.given_name, "gnt": person.given_name_transliterated}
    return {
        "ver": VERSION,
        "nam": name,
        "dob": person.date_of_birth,
        "v": [
            {
                "tg": dose.disease,
                "vp": dose.prophylaxis,
                "mp": dose.product,
                "ma": dose.holder,
                "dn": dose.number,
                "sd": dose.series,
                "dt": dose.date.isoformat(),
                "co": dose.country,
                "is": dose.issuer,
                "ci": dose.certificate_id,
            }
        ],
    }
