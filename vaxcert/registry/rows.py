"""What a row of a unit's table says: a person with what identifies them, and a dose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from vaxcert.batch.records import record
from vaxcert.errors import InputError
from vaxcert.model import Dose
from vaxcert.registry.people import Stated

# Fields beyond those of Batch, with their headings as `vaxcert.batch.headings.plain` makes them.
HEADINGS = {
    "national_id": (
        "national id", "id number", "identity number", "cccd", "so cccd", "cmnd", "so cmnd", "cmnd cccd", "cccd cmnd",
        "so cmnd cccd", "so dinh danh", "so dinh danh ca nhan", "ma dinh danh", "can cuoc", "so can cuoc",
    ),
    "phone": ("phone", "telephone", "phone number", "dien thoai", "so dien thoai", "sdt"),
    "district": ("district", "huyen", "quan huyen", "huyen thanh pho", "dia ban", "quan"),
    "priority_group": ("priority group", "group", "nhom uu tien", "nhom doi tuong", "doi tuong", "nhom"),
}  # fmt: skip

_MAX = {"national_id": 30, "phone": 30, "district": 80, "priority_group": 8}


class Record(NamedTuple):
    """A row's person and dose."""

    stated: Stated
    dose: Dose


def read(values: Mapping[str, str], *, today: date, groups: frozenset[str]) -> Record:
    """Raises `InputError`, which names the first field that is wrong. `groups`: the codes of priority groups."""
    person, dose = record({name: text for name, text in values.items() if name not in HEADINGS}, today=today)
    for field, most in _MAX.items():
        if len(values.get(field, "")) > most:
            raise InputError(field, f"longer than {most} characters")
    group = values.get("priority_group", "").strip()
    if group and group not in groups:
        raise InputError("priority_group", "no such group")
    if len(dose.lot) > _MAX_LOT:
        raise InputError("lot", f"longer than {_MAX_LOT} characters")
    return Record(
        Stated(
            person=person,
            district=" ".join(values.get("district", "").split()),
            priority_group=group,
            national_id=values.get("national_id", ""),
            phone=values.get("phone", ""),
        ),
        dose,
    )


_MAX_LOT = 40
