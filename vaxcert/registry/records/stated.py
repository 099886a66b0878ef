"""What a row or a clerk says of a person besides the name: numbers, district, group; and what cannot be said."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from vaxcert.errors import InputError, Reason
from vaxcert.model import Person

_MAX = {"national_id": 30, "phone": 30, "district": 80, "priority_group": 8}
_MAX_LOT = 40


class Stated(msgspec.Struct, frozen=True, kw_only=True):
    """What a row says of a person; the numbers as they were written."""

    person: Person
    district: str = ""
    priority_group: str = ""
    national_id: str = ""
    phone: str = ""

    def __repr__(self) -> str:
        return "<Stated>"


def stated(person: Person, values: Mapping[str, str], *, groups: frozenset[str]) -> Stated:
    """A person with what identifies them. Raises `InputError`."""
    told = {field: values.get(field, "") for field in _MAX}
    for field, most in _MAX.items():
        if len(told[field]) > most:
            raise InputError(field, Reason.TOO_LONG, most=most)
    if told["priority_group"] and told["priority_group"] not in groups:
        raise InputError("priority_group", Reason.NO_SUCH_GROUP)
    return Stated(person=person, **told)


def check_lot(lot: str) -> None:
    """Raise `InputError` for what no lot's number is."""
    if len(lot) > _MAX_LOT:
        raise InputError("lot", Reason.TOO_LONG, most=_MAX_LOT)
    if not lot.isprintable():
        raise InputError("lot", Reason.UNPRINTABLE)
