"""What an identity card says of its holder, by the code on it: typed by a hand scanner, or read from a picture.

Vietnam's card with a chip (Circular 06/2021/TT-BCA) has seven fields with bars between: number, earlier number, name,
birth date, sex, place of residence, day of issue. Later cards have more behind them.
The text is somebody's identity: no error repeats any of it.
"""

from __future__ import annotations

from vaxcert.errors import InputError, Reason
from vaxcert.formats import foreign
from vaxcert.names import normalise
from vaxcert.tables.values import days
from vaxcert.tables.values.people import sex

_FIELDS = 7
_LETTERS_OF_A_DAY = 8


def identity_card(text: str) -> dict[str, str]:
    """What the code of an identity card says, by the fields of a table's row; fields that are empty are left out.

    Raises `InputError`, which repeats nothing, for a text that is no such code.
    """
    text = text.strip("\ufeff\r\n\t\x00 ")
    known = foreign.look(text)
    parts = [normalise(part) for part in text.split("|")]
    if known is None or known.kind != "identity_card" or len(parts) < _FIELDS:
        raise InputError("card", Reason.NOT_AN_IDENTITY_CARD)
    number, _, name, born, told_sex, address = parts[: _FIELDS - 1]
    said = {"full_name": name, "date_of_birth": _born(born), "national_id": number, "address": address}
    try:
        said["sex"] = sex(told_sex)
    except InputError:
        said["sex"] = told_sex
    return {field: value for field, value in said.items() if value}


def _born(text: str) -> str:
    """A birth date as "YYYY-MM-DD": written DDMMYYYY, with zeros or nothing where day or month is not known."""
    if len(text) != _LETTERS_OF_A_DAY:
        raise InputError("card", Reason.NOT_AN_IDENTITY_CARD)
    day, month, year = text[:2], text[2:4], text[4:]
    parts = [year, *([month] if month != "00" else []), *([day] if "00" not in (day, month) else [])]
    try:
        return days.birth_date("-".join(parts))
    except InputError:
        raise InputError("card", Reason.NOT_AN_IDENTITY_CARD) from None
