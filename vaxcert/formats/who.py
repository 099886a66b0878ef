"""WHO's certificates in the container of HCERT: of vaccination (DVC, ICVP), DDCC, and links to documents (VHL).

Under claim −260: −6 a vaccination certificate, 3 a DDCC of a vaccination, 5 a link. The first DDCCs, of 2021, have
their fields among the claims themselves. What they state about their days is judged like any other's end.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from vaxcert import codes
from vaxcert.codes import diseases, prequal
from vaxcert.errors import ContentError, InputError, Reason
from vaxcert.model import Certificate, Dose, Person
from vaxcert.names import normalise

# Keys under −260 (WHO SMART Trust, "HCERT specification", and the ICVP's implementation guide)
DDCC, LINK, ICVP = 3, 5, -6

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DOSE_WORDS = {"primary": 1, "firstdose": 1, "first": 1, "seconddose": 2, "second": 2, "thirddose": 3, "third": 3}
_NUMBER = re.compile(r"[1-9][0-9]?", re.ASCII)
# Where a day has begun earliest on earth: at UTC+14. Its end is told by its last second, as a day is shown.
_EARLIEST = dt.timedelta(hours=14)


class ContainerClaims(dict[str, Any]):
    """The container's own claims, by their names in `Certificate`: issuer, issued_at, expires_at, not_before."""


def read_icvp(content: object, claims: ContainerClaims, certificate_id: str = "") -> Certificate:
    """The certificate of vaccination in its three shapes: one dose, a list of them, or a list beside a version."""
    said = _map(content, "the certificate")
    doses: object = said.get("v")
    version = doses if isinstance(doses, str) else ""
    if version:
        doses = said.get("vx")
    listed = doses if isinstance(doses, list) else [doses]
    if not listed:
        raise ContentError(Reason.CONTENT_EMPTY, "no entry")
    if len(listed) > 50:
        raise _invalid("more doses than anybody has had")
    given = [_map(one, "v") for one in listed]
    entries = tuple(
        sorted((_icvp_dose(one, at, certificate_id) for at, one in enumerate(given, 1)), key=lambda one: one.date)[::-1]
    )
    return Certificate(
        format="icvp",
        version=version or "1",
        person=_person(_text(said, "n"), _text(said, "dob")),
        entries=entries,
        **_days(claims, [_day(one, "vls") for one in given], [_day(one, "vle") for one in given]),
    )


def _icvp_dose(one: Mapping[Any, Any], at: int, certificate_id: str) -> Dose:
    product = _text(one, "mp") if prequal.is_id(_text(one, "mp")) else _text(one, "vp") or _text(one, "mp")
    if not product:
        raise _invalid("a dose of no vaccine")
    known = prequal.kind(product)
    disease = diseases.of_code(_text(one, "tg")) or ("" if known is None else known.disease)
    if not disease:
        raise _invalid("neither a disease nor a product that tells it")
    if known is not None and known.disease != disease:
        raise _invalid("the product is not against the disease")
    date = _day(one, "dt")
    if date is None:
        raise _invalid("dt is no day")
    return Dose(
        product=product,
        number=_number(one.get("dn"), at),
        series=0 if known is None else known.series,
        date=date,
        disease=disease,
        holder=_text(one, "ma"),
        issuer=_text(one, "is") or _text(one, "cn"),
        lot=_text(one, "bo"),
        certificate_id=certificate_id,
    )


def write_icvp(person: Person, dose: Dose) -> dict[str, Any]:
    """The content of one dose, of yellow fever or polio, in the shape that WHO's own samples have.

    It is valid from the day of the International Health Regulations: ten days after a first dose against yellow fever
    (annex 7), for life; of polio from the dose on, and how old that may be the country asks.
    """
    begins = dose.date + (_UNTIL_IMMUNE if dose.disease == diseases.YELLOW_FEVER and dose.number == 1 else _AT_ONCE)
    given = {"dt": dose.date.isoformat(), "bo": dose.lot, "vp": dose.product, "vls": begins.isoformat()}
    return {"n": person.full_name, "dob": person.date_of_birth, "v": {**given, "is": dose.issuer}}


_UNTIL_IMMUNE, _AT_ONCE = dt.timedelta(days=10), dt.timedelta(0)


def _number(value: object, at: int) -> int:
    """A dose's number, which is told in digits, in words or not at all: then by its place."""
    if type(value) is int and 0 < value < 100:
        return value
    if isinstance(value, str):
        if _NUMBER.fullmatch(value):
            return int(value)
        return _DOSE_WORDS.get(value.replace(" ", "").lower(), at)
    if value is not None:
        raise _invalid("dn is no number of a dose")
    return at


def read_ddcc(content: object, claims: ContainerClaims) -> Certificate:
    """The DDCC of one vaccination (WHO, "Digital documentation of COVID-19 certificates: vaccination status", 2021)."""
    said = _map(content, "the certificate")
    date = _day(said, "date")
    if date is None:
        raise _invalid("date is no day")
    disease = diseases.of_code(_code(said, "disease"))
    product, number, series = _code(said, "brand"), said.get("dose"), said.get("total_doses")
    if not (type(number) is int and 0 < number < 100) or not (
        series is None or (type(series) is int and 0 < series < 100)
    ):
        raise _invalid("dose is no number")
    dose = Dose(
        product=product or _code(said, "vaccine"),
        number=number,
        series=series or 0,
        date=date,
        disease=disease,
        prophylaxis=_code(said, "vaccine"),
        holder=_code(said, "ma_holder") or _code(said, "manufacturer"),
        country=codes.alpha_2(_code(said, "country")),
        issuer=_text(said, "pha") or _text(said, "centre"),
        certificate_id=_text(said, "hcid"),
        lot=_text(said, "lot"),
    )
    if not dose.product or not dose.disease:
        raise _invalid("neither a vaccine nor what it is against")
    return Certificate(
        format="ddcc",
        version="1",
        person=_person(_text(said, "name"), _text(said, "birthDate")),
        entries=(dose,),
        **_days(claims, [_day(said, "valid_from")], [_day(said, "valid_until")]),
    )


def is_legacy(claims: Mapping[Any, Any]) -> bool:
    """Whether claims are themselves the fields of a DDCC."""
    return all(isinstance(claims.get(name), str) for name in ("name", "date", "hcid")) and "disease" in claims


def read_link(claims: ContainerClaims) -> Certificate:
    """A signed link, which is genuine and states nothing: what is behind it was not seen here."""
    return Certificate(format="vhl", version="1", person=Person(), entries=(), **claims)


def link_text(content: object) -> str | Mapping[Any, Any] | None:
    """What stands for a link under key 5: its text or its members, in an object or in a list of them."""
    one = content[0] if isinstance(content, list | tuple) and content else content
    if isinstance(one, Mapping):
        return one["u"] if isinstance(one.get("u"), str) else one
    return one if isinstance(one, str) else None


def _days(claims: ContainerClaims, begins: list[dt.date | None], ends: list[dt.date | None]) -> dict[str, Any]:
    """The container's claims, narrowed by the days that the content says: by the latest begin and the earliest end."""
    narrowed = dict(claims)
    for day in filter(None, begins):
        moment = dt.datetime.combine(day, dt.time(), dt.UTC)
        moment -= min(_EARLIEST, moment - dt.datetime.min.replace(tzinfo=dt.UTC))
        narrowed["not_before"] = max(moment, narrowed["not_before"] or moment)
    for day in filter(None, ends):
        moment = dt.datetime.combine(day, dt.time(23, 59, 59), dt.UTC)
        narrowed["expires_at"] = min(moment, narrowed["expires_at"] or moment)
    return narrowed


def _person(name: str, born: str) -> Person:
    try:
        # One field for the whole name: which part of it is the family's is not for us to guess.
        person = Person(family_name=name, date_of_birth=born.partition("T")[0])
    except InputError:
        raise _invalid("no date of birth") from None
    if not normalise(person.full_name) or not person.date_of_birth:
        raise _invalid("no name, or no date of birth")
    return person


def _map(value: object, name: str) -> Mapping[Any, Any]:
    if type(value) is not dict:
        raise _invalid(f"{name} is no map")
    return value


def _text(holder: Mapping[Any, Any], name: str) -> str:
    value = holder.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _invalid(f"{name} is no text")
    return value


def _code(holder: Mapping[Any, Any], name: str) -> str:
    """A code, alone or with its list beside it."""
    value = holder.get(name)
    return _text(value, "code") if type(value) is dict else _text(holder, name)


def _day(holder: Mapping[Any, Any], name: str) -> dt.date | None:
    text = _text(holder, name)
    if not text:
        return None
    try:
        if _DAY.fullmatch(text[:10]) and (len(text) == 10 or text[10] in "T "):
            return dt.date.fromisoformat(text[:10])
    except ValueError:
        pass
    raise _invalid(f"{name} is no day")


def _invalid(detail: str) -> ContentError:
    return ContentError(Reason.CONTENT_INVALID, detail)
