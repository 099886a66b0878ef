"""A request's JSON as what it says of a person and a dose: read by the door that tables are read by."""

from __future__ import annotations

from typing import Annotated

import msgspec

from vaxcert.errors import Problem, Reason
from vaxcert.registry import Registry
from vaxcert.registry.intake import rows
from vaxcert.registry.intake.rows import Said
from vaxcert.tables.values.reading import AS_IT_STANDS

# Longer than any request with every field at its longest.
MOST_BODY = 16_000

_Text = Annotated[str, msgspec.Meta(max_length=300)]
_Day = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", description="YYYY-MM-DD")]
_Born = Annotated[
    str, msgspec.Meta(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$", description="YYYY-MM-DD, YYYY-MM or YYYY")
]
_Count = Annotated[int, msgspec.Meta(ge=1, le=99)]


class DoseRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A dose, and whom it was given to, as a clinic's program has them; fields are those of a unit's table.

    `number`, `series`: which dose it is, and of how many; the latter follows from the product where it is left out.
    `product`: its code (EU/1/20/1528) or name. `site`: the code of the site where it was given.
    """

    family_name: _Text
    given_name: _Text = ""
    family_name_transliterated: _Text = ""
    given_name_transliterated: _Text = ""
    date_of_birth: _Born
    national_id: _Text = ""
    phone: _Text = ""
    insurance_number: _Text = ""
    sex: _Text = ""
    nationality: _Text = ""
    district: _Text = ""
    commune: _Text = ""
    address: _Text = ""
    guardian: _Text = ""
    occupation: _Text = ""
    priority_group: _Text = ""
    product: _Text
    number: _Count
    series: _Count | None = None
    date: _Day
    site: _Text
    lot: _Text = ""

    def __repr__(self) -> str:
        return "<DoseRecord>"

    def canonical(self) -> str:
        """All that it says, the same for the same."""
        return msgspec.json.encode(self, order="sorted").decode()

    def said(self, registry: Registry) -> Said:
        """What it says of a person and a dose, or all that is wrong with it."""
        values = {name: str(value) for name, value in msgspec.structs.asdict(self).items() if value not in ("", None)}
        with registry.reading() as connection:
            lists = rows.lists(connection, registry.today(), registry.secrets)
        return rows.read(values, lists, AS_IT_STANDS)


class ShapeError(Exception):
    """A JSON that is no `DoseRecord`: what is wrong with which field, all of it, and no value."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__()
        self.problems = problems


def read(data: bytes) -> DoseRecord:
    """The record that JSON states. Raises `ShapeError`, and `msgspec.DecodeError` for what is no JSON."""
    given = msgspec.json.decode(data)
    if not isinstance(given, dict):
        raise ShapeError([Problem("request", Reason.NOT_AN_OBJECT)])
    fields = {field.name: field for field in msgspec.structs.fields(DoseRecord)}
    wrong = []
    if set(given) - set(fields):
        wrong.append(Problem("request", Reason.FIELD_UNKNOWN))
    for name, field in fields.items():
        if name not in given:
            if field.required:
                wrong.append(Problem(name, Reason.MISSING))
            continue
        try:
            msgspec.convert(given[name], field.type)
        except msgspec.ValidationError:
            wrong.append(Problem(name, Reason.NOT_VALID))
    if wrong:
        raise ShapeError(wrong)
    return msgspec.convert(given, DoseRecord)
