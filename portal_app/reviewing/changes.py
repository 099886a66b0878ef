"""What a form of corrections says, as the registry's corrections take it: only what is otherwise than on record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal_app.intake.showing import birthday
from portal_app.reviewing.comparing import product
from portal_app.words import say
from portal_app.words.reviewing import WORDS
from vaxcert.codes import PRODUCTS
from vaxcert.errors import InputError, Reason
from vaxcert.registry.care.comparing import WholeRecord
from vaxcert.registry.records.doses import GivenDose
from vaxcert.tables.records import birth_date, day

# What is corrected most, and what stands behind it; as the form has them.
_MOST = ("family_name", "given_name", "date_of_birth", "national_id", "phone", "district")
MORE = ("sex", "commune", "address", "priority_group", "insurance_number", "guardian", "nationality", "occupation")
PERSON = (*_MOST, *MORE)
DOSE = ("product", "number", "series", "date", "site", "lot", "state")


def of_person(record: WholeRecord, given: Mapping[str, str]) -> dict[str, str]:
    """What of a person is to change. Raises `InputError` for no birth date."""
    wanted = {name: text for name, text in given.items() if text != record.told.get(name, "")}
    if "date_of_birth" in wanted:
        wanted["date_of_birth"] = birth_date(wanted["date_of_birth"])
        if wanted["date_of_birth"] == record.told["date_of_birth"]:
            del wanted["date_of_birth"]
    if not wanted:
        raise InputError("changes", Reason.NOTHING_TO_CHANGE)
    return wanted


def of_dose(old: GivenDose, given: Mapping[str, str]) -> dict[str, Any]:
    """What of a dose is to change. Raises `InputError` for what is no number or day."""
    wanted: dict[str, Any] = {name: text for name, text in given.items() if text != dose_text(old, name)}
    for name in ("number", "series"):
        if name in wanted:
            text = wanted[name]
            if not (text.isascii() and text.isdecimal() and len(text) == 1 and text != "0"):
                raise InputError(name, Reason.NOT_A_NUMBER, least=1, most=9)
            wanted[name] = int(text)
    if "date" in wanted:
        wanted["date"] = day(wanted["date"])
        if wanted["date"] == old.dose.date:
            del wanted["date"]
    if not wanted:
        raise InputError("changes", Reason.NOTHING_TO_CHANGE)
    return wanted


def dose_text(old: GivenDose, name: str) -> str:
    """A field of a dose as its form has it."""
    if name == "state":
        return str(old.state)
    value = getattr(old.dose, name)
    return f"{value:%d/%m/%Y}" if name == "date" else str(value)


def products(old: GivenDose) -> list[tuple[str, str]]:
    """The vaccines that a dose may be of, those of Vietnam first, with the one that it is of."""
    known = sorted(PRODUCTS, key=lambda code: (not PRODUCTS[code].in_vietnam, PRODUCTS[code].name))
    return [(code, product(code)) for code in dict.fromkeys((*known, old.dose.product))]


def told(name: str, text: str) -> str:
    """A field's text as people read it."""
    if name == "product":
        return product(text)
    if name == "date_of_birth":
        return birthday(text)
    if name == "state" and f"dose_state_{text}" in WORDS:
        return say(f"dose_state_{text}")
    return text
