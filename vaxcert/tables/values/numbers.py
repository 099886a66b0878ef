"""Identity and telephone numbers as clerks write them. They are people's own: no error repeats one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from vaxcert.errors import InputError, Reason
from vaxcert.tables.values.folding import folded

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

# What is written where nothing is known, a number was lost or is being made, or somebody has none.
_NOTHING_KNOWN = re.compile(
    r"[0x.\-]*|(?:hien |da |bi |chua |dang )*(?:khong|ko|k|chua|mat|quen|lam|cap|none|n/?a)"
    r"(?: (?:co|nho|ro|biet|giay to|so|dt|dien thoai|cmnd|cccd|lai|cap|lam|su dung|dung|mang|theo))*"
)
_DOCUMENT = (
    r"cccd|cmnd|cmtnd|cmt|the cc|cc|(?:the )?can cuoc(?: cong dan)?(?: gan chip)?|chung minh(?: thu| nhan dan)?|"
    r"ho chieu|hc|passport|(?:ma )?dinh danh(?: ca nhan)?|mdd|ddcn|id"
)
_LABEL = re.compile(rf"^(?:(?:so|{_DOCUMENT})\b\.?[ :#-]*)+(?:(?:so|no|number)\b\.?[ :#-]*)?(?=[a-z]{{0,2}}\d)")
# A clerk's remark: in brackets, or when and where it was given.
_REMARKED = re.compile(r"\([^)]*\)|[ ,;]+(?:(?:ngay |noi )?cap|issued)\b.*$")
_SEVERAL = re.compile(r"\s*(?:[/;,|&\n]|\b(?:va|hoac|and|or)\b)\s*")
_NUMBER = re.compile(r"[A-Z]{0,3}\d{5,}[A-Z]?", re.ASCII)
# In a longer text nobody's number is looked for: it is too long for any field.
_MOST_LETTERS = 200
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?e\+?\d+")
# A telephone number as most clerks write it: it needs no library to be read.
_PLAIN = re.compile(r"0[1-9]\d{8,9}", re.ASCII)
# A day with its year in four digits: eight digits in all, which could be somebody's number elsewhere.
_DAY = re.compile(
    r"(?:\d{1,2}([-. ])\d{1,2}\1(?:19|20)\d\d|(?:19|20)\d\d([-. ])\d{1,2}\2\d{1,2})(?: 0?0:00.*)?", re.ASCII
)
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
    """The number of a card or passport in capitals, without blanks, label and remark; "" where nothing is given.

    A text in which no number is found is given back as it stands. Raises `InputError` where a spreadsheet has rounded
    it, since then digits are gone, and for several numbers: which of them holds is not for a program to say.
    """
    if _WHOLE_CARD.fullmatch(text):
        return IdentityNumber(text)
    text = folded(text).lstrip("'")
    if len(text) > _MOST_LETTERS:
        return IdentityNumber(text)
    if _NOTHING_KNOWN.fullmatch(text):
        return IdentityNumber("")
    if _ROUNDED.fullmatch(text):
        raise InputError("national_id", Reason.DIGITS_LOST)
    whole = re.sub(r"(?<=\d)\.0$", "", text)
    parts = [_bare(part) for part in _SEVERAL.split(_REMARKED.sub("", whole))]
    found = dict.fromkeys(part for part in parts if _NUMBER.fullmatch(part) and part.strip("0"))
    if len(found) > 1:
        raise InputError("national_id", Reason.SEVERAL_NUMBERS)
    number = next(iter(found), "") or _bare(whole)
    if number.isdigit() and len(number) in _CARDS:
        return IdentityNumber(number.zfill(_CARDS[len(number)]), completed=True)
    return IdentityNumber("" if not number.strip("0") else number)


def _bare(text: str) -> str:
    return re.sub(r"[\s.\-]", "", _LABEL.sub("", text.strip())).upper()


def telephones(text: str) -> Telephones:
    """The telephone numbers of a cell: Vietnam's in digits after one 0, others after a plus and their country's code.

    Found by Google's `phonenumbers`, of a length that is possible in their country; a 0 that a spreadsheet dropped is
    put back. Raises `InputError` for a text with none, for a day, and for one in which digits are left over.
    """
    text = folded(text).lstrip("'")
    if _PLAIN.fullmatch(text):
        return Telephones(text)
    if len(text) > _MOST_LETTERS:
        raise InputError("phone", Reason.NOT_A_TELEPHONE)
    if _NOTHING_KNOWN.fullmatch(text):
        return Telephones()
    if _ROUNDED.fullmatch(text):
        raise InputError("phone", Reason.DIGITS_LOST)
    if _DAY.fullmatch(text):
        raise InputError("phone", Reason.NOT_A_TELEPHONE)
    import phonenumbers

    text = re.sub(r"(?<=\d)\.0$", "", text)
    # A plus between two numbers is an "and", and so is a hyphen between two that are whole.
    text = re.sub(r"(?<=\d)\+|(?<=\d{9})-(?=\d{9})", "; ", text)
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
