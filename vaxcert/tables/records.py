"""A row's texts to a person and a dose, and the words for what is wrong with it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache

from vaxcert import codes
from vaxcert.errors import InputError, Reason
from vaxcert.model import Dose, Person
from vaxcert.names import normalise, plain

_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
_MONTH_FIRST = re.compile(r"(\d{1,2})[/.-](\d{4})", re.ASCII)
_MIDNIGHT = re.compile(r"[ T]00:00(:00(\.0+)?)?$", re.ASCII)
_DOSE = ("disease", "prophylaxis", "holder", "country", "issuer", "site", "lot")


def person_and_dose(values: Mapping[str, str]) -> tuple[Person, Dose]:
    """What a row's texts, by field, mean. Raises `InputError`, which names the first field that cannot be read.

    Whether it makes sense is for `vaxcert.issue.check` to say.
    """
    family, given = _names(values)
    for field in ("date_of_birth", "product", "number", "date"):
        if not values.get(field):
            raise InputError(field, Reason.MISSING)
    number, series = _counts(values)
    person = Person(
        family_name=family,
        given_name=given,
        date_of_birth=birth_date(values["date_of_birth"]),
        family_name_transliterated=values.get("family_name_transliterated", ""),
        given_name_transliterated=values.get("given_name_transliterated", ""),
    )
    dose = Dose(
        product=product(values["product"]),
        number=number,
        series=series,
        date=day(values["date"]),
        **{field: values[field] for field in _DOSE if field in values},
    )
    return person, dose


def identity(person: Person, dose: Dose) -> bytes:
    """Which dose of whom, 16 bytes: what two rows share that state the same dose.

    Names count as they are transliterated, so that a tone typed otherwise is the same person.
    """
    parts = (
        person.family_name_transliterated,
        person.given_name_transliterated,
        person.date_of_birth,
        dose.disease,
        str(dose.number),
    )
    return hashlib.sha256("\x1f".join(parts).encode()).digest()[:16]


def _names(values: Mapping[str, str]) -> tuple[str, str]:
    if family := values.get("family_name"):
        return family, values.get("given_name", "")
    # Vietnamese order: the family name is the first word.
    family, _, given = normalise(values.get("full_name", "")).partition(" ")
    if not family:
        raise InputError("family_name", Reason.MISSING)
    return family, given


def _counts(values: Mapping[str, str]) -> tuple[int, int]:
    number, slash, series = values["number"].partition("/")
    if not slash:
        if not values.get("series"):
            raise InputError("series", Reason.MISSING)
        series = values["series"]
    return _whole("number", number), _whole("series", series)


def _whole(field: str, text: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= 2):
        raise InputError(field, Reason.NOT_A_NUMBER, least=1, most=9)
    return int(text)


def product(text: str) -> str:
    """The code of a product that is given by its name or code; another text as it is."""
    return text if text in codes.PRODUCTS else _by_name().get(plain(text), text)


@cache
def _by_name() -> dict[str, str]:
    return {plain(product.name): code for code, product in codes.PRODUCTS.items()}


def birth_date(text: str) -> str:
    """A birth date as people write it, "17/05/1990" or "05/1990" too, as `Person` wants it; else the text as it is."""
    text = _MIDNIGHT.sub("", text.strip())
    if found := _DAY_FIRST.fullmatch(text):
        return f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}"
    if found := _MONTH_FIRST.fullmatch(text):
        return f"{found[2]}-{found[1]:0>2}"
    return text


def day(text: str) -> date:
    """A day as people write it, "01/06/2026" or "2026-06-01". Raises `InputError`."""
    text = _MIDNIGHT.sub("", text.strip())
    try:
        if found := _DAY_FIRST.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if len(text) == 10:
            return date.fromisoformat(text)
        return datetime.fromisoformat(text).date() if len(text) > 10 else date.fromisoformat("")
    except ValueError:
        raise InputError("date", Reason.NOT_A_DATE) from None
