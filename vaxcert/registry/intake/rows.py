"""What a row of a unit's table says: a person with what identifies them, and a dose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import msgspec

from vaxcert.errors import InputError
from vaxcert.issue import check
from vaxcert.model import Dose
from vaxcert.names import normalise
from vaxcert.registry.records import stated
from vaxcert.registry.records.stated import Stated
from vaxcert.tables.records import person_and_dose

# Fields beyond those of Batch, with their headings as `vaxcert.tables.headings.plain` makes them.
HEADINGS: dict[str, tuple[str, ...]] = {
    "national_id": (
        "national id", "id number", "identity number", "cccd", "so cccd", "cmnd", "so cmnd", "cmnd cccd", "cccd cmnd",
        "so cmnd cccd", "so dinh danh", "so dinh danh ca nhan", "ma dinh danh", "can cuoc", "so can cuoc",
    ),
    "phone": ("phone", "telephone", "phone number", "dien thoai", "so dien thoai", "sdt"),
    "district": ("district", "huyen", "quan huyen", "huyen thanh pho", "dia ban", "quan"),
    "priority_group": ("priority group", "group", "nhom uu tien", "nhom doi tuong", "doi tuong", "nhom"),
}  # fmt: skip


class Record(NamedTuple):
    """A row's person and dose."""

    stated: Stated
    dose: Dose


class ReadRow(msgspec.Struct, frozen=True):
    """A row of the table: what it says, or what is wrong with it. `digest`: keyed, the same for the same texts."""

    line: int
    digest: str
    record: Record | None = None
    error: InputError | None = None

    def __repr__(self) -> str:
        return f"<ReadRow {self.line}>"


def read(values: Mapping[str, str], *, today: date, groups: frozenset[str]) -> Record:
    """Read a row's texts, by field, as a person and a dose. `groups`: the codes of priority groups.

    Raises `InputError`, which names the first field that is wrong.
    """
    values = {name: normalise(text) for name, text in values.items()}
    person, dose = person_and_dose({name: text for name, text in values.items() if name not in HEADINGS})
    check(person, dose, today=today)
    stated.check_lot(dose.lot)
    return Record(stated.stated(person, values, groups=groups), dose)
