"""Identity and telephone numbers as clerks write them. They are people's own: no error repeats one."""

from __future__ import annotations

import re
from typing import NamedTuple

from vaxcert.errors import InputError, Reason
from vaxcert.tables.values.folding import folded

_NONE = frozenset(
    ("", "0", "-", "--", ".", "x", "khong", "khong co", "ko", "ko co", "k co", "chua co", "chua", "none", "n/a", "na")
)
_LABEL = re.compile(
    r"^(?:so )?(?:cccd|cmnd|cmtnd|cmt|cc|can cuoc(?: cong dan)?|ho chieu|hc|passport|dinh danh|ma dinh danh|id)"
    r"(?: so)?\s*[:.#-]?\s*(?=[a-z]?\d)"
)
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?e\+?\d+")
_BETWEEN = re.compile(r"\s*(?:[/;,|&]|\b(?:hoac|va|or|and)\b|\s-\s)\s*")
_REMARK = re.compile(r"\([^)]*\)|[a-z][a-z .:]*")
# E.164 has at most 15 digits; the shortest numbers of people have 8 with the trunk's 0.
_DIGITS = range(8, 16)
_VIETNAM = re.compile(r"0\d{9,10}")
# Vietnam's cards have 9 (CMND) and 12 digits (CCCD), and a spreadsheet drops the zeros before them.
_CARDS = {8: 9, 10: 12, 11: 12}


class IdentityNumber(NamedTuple):
    """An identity number. `completed`: whether zeros that a spreadsheet had dropped were put back."""

    number: str
    completed: bool = False


class Telephones(NamedTuple):
    """The number that somebody is called at, and others of the same cell."""

    first: str = ""
    others: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "<Telephones>"


def identity_number(text: str) -> IdentityNumber:
    """The number of a card or passport in capitals, without blanks and label; "" where nothing is given.

    Raises `InputError` where a spreadsheet has rounded it: then digits are gone.
    """
    text = folded(text).lstrip("'")
    if text in _NONE:
        return IdentityNumber("")
    if _ROUNDED.fullmatch(text):
        raise InputError("national_id", Reason.DIGITS_LOST)
    text = re.sub(r"(?<=\d)\.0$", "", _LABEL.sub("", text))
    number = re.sub(r"[\s.\-]", "", text).upper()
    if number.isdigit() and len(number) in _CARDS:
        return IdentityNumber(number.zfill(_CARDS[len(number)]), completed=True)
    return IdentityNumber("" if not number.strip("0") else number)


def telephones(text: str) -> Telephones:
    """The telephone numbers of a cell, in digits after one 0 or a plus. Raises `InputError` for a text with none.

    Vietnam's +84 and a 0 that a spreadsheet dropped become 0.
    """
    text = folded(text).lstrip("'")
    if text in _NONE or not text.strip("0"):
        return Telephones()
    if _ROUNDED.fullmatch(text):
        raise InputError("phone", Reason.DIGITS_LOST)
    text = re.sub(r"(?<=\d)\.0$", "", text)
    found = [number for part in _BETWEEN.split(_REMARK.sub(" ", text)) if (number := _telephone(part))]
    if not found and (number := _telephone(re.sub(r"\D", "", text))):
        found = [number]
    if not found:
        raise InputError("phone", Reason.NOT_A_TELEPHONE)
    return Telephones(found[0], tuple(found[1:]))


def _telephone(text: str) -> str:
    text = text.strip()
    digits = re.sub(r"\D", "", text)
    abroad = text.startswith("+") or digits.startswith("00")
    if abroad:
        digits = digits.lstrip("0")
    if digits.startswith("84") and (abroad or len(digits) >= 11):
        digits, abroad = "0" + digits[2:].lstrip("0"), False
    elif not abroad and len(digits) == 9 and digits[0] != "0":
        digits = "0" + digits
    if len(digits) not in _DIGITS or not digits.strip("0"):
        return ""
    return f"+{digits}" if abroad else digits
