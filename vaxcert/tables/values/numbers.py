"""Identity and telephone numbers as clerks write them. They are people's own: no error repeats one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from vaxcert.errors import InputError, Reason
from vaxcert.tables.values.folding import folded

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_NONE = frozenset(
    ("", "0", "-", "--", ".", "x", "khong", "khong co", "ko", "ko co", "k co", "chua co", "chua", "none", "n/a", "na")
)
_LABEL = re.compile(
    r"^(?:so )?(?:cccd|cmnd|cmtnd|cmt|cc|can cuoc(?: cong dan)?|ho chieu|hc|passport|dinh danh|ma dinh danh|id)"
    r"(?: so)?\s*[:.#-]?\s*(?=[a-z]?\d)"
)
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?e\+?\d+")
# A telephone number as most clerks write it: it needs no library to be read.
_PLAIN = re.compile(r"0[1-9]\d{8,9}", re.ASCII)
_REGION = "VN"
# Digits that stand outside of every number that was found, and are so many that they may be one.
_LEFT_OVER = re.compile(r"\d{6}", re.ASCII)
# Vietnam's cards have 9 (CMND) and 12 digits (CCCD), and a spreadsheet drops the zeros before them.
_CARDS = {8: 9, 10: 12, 11: 12}


# As most are written; one of zeros alone is none.
_WHOLE_CARD = re.compile(r"(?=0*[1-9])(?:\d{9}|\d{12})", re.ASCII)


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
    if _WHOLE_CARD.fullmatch(text):
        return IdentityNumber(text)
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
    """The telephone numbers of a cell: Vietnam's in digits after one 0, others after a plus and their country's code.

    Found by Google's `phonenumbers`, of a length that is possible in their country; a 0 that a spreadsheet dropped is
    put back. Raises `InputError` for a text with none, and for one in which digits are left over.
    """
    text = folded(text).lstrip("'")
    if _PLAIN.fullmatch(text):
        return Telephones(text)
    if text in _NONE or not text.strip("0"):
        return Telephones()
    if _ROUNDED.fullmatch(text):
        raise InputError("phone", Reason.DIGITS_LOST)
    import phonenumbers

    text = re.sub(r"(?<=\d)\.0$", "", text)
    # A plus between two numbers is an "and".
    text = re.sub(r"(?<=\d)\+", "; ", text)
    found, left = [], text
    for match in phonenumbers.PhoneNumberMatcher(text, _REGION, leniency=phonenumbers.Leniency.POSSIBLE):
        found.append(_written(match.number))
        left = left.replace(match.raw_string, " ", 1)
    if not found or _LEFT_OVER.search(re.sub(r"[ .\-()]", "", left)):
        raise InputError("phone", Reason.NOT_A_TELEPHONE)
    first, *others = dict.fromkeys(found)
    return Telephones(first, tuple(others))


def _written(number: PhoneNumber) -> str:
    import phonenumbers

    national = phonenumbers.national_significant_number(number)
    if number.country_code == phonenumbers.country_code_for_region(_REGION):
        return f"0{national}"
    return f"+{number.country_code}{national}"
