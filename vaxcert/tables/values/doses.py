"""Which dose of how many: "1/2", "Mũi 1", "mũi thứ hai", "M2", "1.0"; and what Excel made a date of."""

from __future__ import annotations

import re
from functools import lru_cache

from vaxcert import codes
from vaxcert.codes import prequal
from vaxcert.errors import InputError, Reason
from vaxcert.tables.values.folding import folded
from vaxcert.tables.values.reading import Reading

_WORDS = {
    "mot": 1, "nhat": 1, "hai": 2, "nhi": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "sau": 6,
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6,
    "dau": 1, "dau tien": 1,
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
}  # fmt: skip
_NUMBER = rf"(?:\d{{1,2}}|{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
_PRIMARY = r"co ban|primary|primary series"
_LEAD = (
    rf"(?:da )?(?:tiem )?(?:(?:{_PRIMARY}) )?(?:mui tiem|mui|lan tiem|lan|lieu|dose|shot|m|d|l)?\.?\s*"
    rf"(?:(?:{_PRIMARY}) )?(?:thu|so|no\.?|#)?\s*:?\s*"
)
_BOOSTER = r"nhac lai|nhac|bo sung|tang cuong|booster|additional|bs|nl"
_DOSE = re.compile(
    rf"{_LEAD}({_NUMBER})(?:[.,]0+)?(?:st|nd|rd|th)?(?: dose| mui)?"
    rf"(?:\s*[(\-,]?\s*(?:(?:mui )?(?:{_BOOSTER})(?: (?:mui |lan )?\d)?|{_PRIMARY})\s*\)?)?",
    re.ASCII,
)
_BOOSTER_THEN_DOSE = re.compile(
    rf"(?:mui )?(?:{_BOOSTER})\s*[(\-,:]\s*(?:mui|lieu|dose|m)\s*(?:thu |so )?({_NUMBER})\)?", re.ASCII
)
_OF = re.compile(
    rf"{_LEAD}({_NUMBER})\s*(?:/|\\|\||-|of|tren|trong)\s*(?:tong )?({_NUMBER})(?: mui| lieu| doses?)?", re.ASCII
)
_SERIES = re.compile(rf"({_NUMBER})(?:[.,]0+)?(?: mui| lieu| doses?)?", re.ASCII)
_ANY_BOOSTER = re.compile(rf"\b(?:{_BOOSTER})", re.ASCII)
# 1/2 as spreadsheets show it once they took it for a day: of 1 February or 2 January, of some year.
_MONTH = r"(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|th(?:g|ang)? ?\d{1,2})"
_CLOCK = r"(?:[ t]\d{1,2}:\d{2}(?::\d{2})?)?"
_DATE = re.compile(
    rf"\d{{4}}-\d{{2}}-\d{{2}}{_CLOCK}|\d{{1,2}}[/.\-]\d{{1,2}}[/.\-]\d{{2,4}}{_CLOCK}|[34567]\d{{4}}(?:\.0+)?"
    rf"|\d{{1,2}}[\- ]{_MONTH}(?:[\- ]\d{{2,4}})?|{_MONTH}[\- ]\d{{1,4}}",
    re.ASCII,
)
_MOST = 9


def number_and_series(text: str, series: str, product: str, reading: Reading) -> tuple[int, int]:
    """Which dose, and of how many.

    `series`: the text of a column of its own, or "". Where neither says it, it is what is usual for the product's code,
    or `reading.series`. Raises `InputError` about `number` or `series`.
    """
    number, told = dose_number(text)
    if told is None and series:
        told = _whole("series", _SERIES, folded(series))
    if told is None:
        known = codes.product(product) or prequal.kind(product)
        told = reading.series or (known.series if known is not None else None) or None
    if told is None:
        raise InputError("series", Reason.MISSING)
    return number, told


@lru_cache(maxsize=1_000)
def dose_number(text: str) -> tuple[int, int | None]:
    """Which dose a text says, and of how many where it says that too. Raises `InputError`."""
    text = folded(text).rstrip(".")
    if text[:1] == "(" and text[-1:] == ")":
        text = text[1:-1].strip()
    if _DATE.fullmatch(text):
        raise InputError("number", Reason.DOSE_BECAME_DATE)
    if found := _OF.fullmatch(text):
        return _checked("number", found[1]), _checked("series", found[2])
    if found := _DOSE.fullmatch(text) or _BOOSTER_THEN_DOSE.fullmatch(text):
        return _checked("number", found[1]), None
    if _ANY_BOOSTER.search(text):
        # "Booster 1" counts boosters: which dose that is depends on what went before.
        raise InputError("number", Reason.BOOSTER_WITHOUT_NUMBER)
    raise InputError("number", Reason.NOT_A_NUMBER, least=1, most=_MOST)


def _whole(field: str, pattern: re.Pattern[str], text: str) -> int:
    found = pattern.fullmatch(text)
    if found is None:
        raise InputError(field, Reason.DOSE_BECAME_DATE if _DATE.fullmatch(text) else Reason.NOT_A_NUMBER,
                         **({} if _DATE.fullmatch(text) else {"least": 1, "most": _MOST}))  # fmt: skip
    return _checked(field, found[1])


def _checked(field: str, text: str) -> int:
    number = _WORDS.get(text) or int(text) if not text.isdecimal() else int(text)
    if not 1 <= number <= _MOST:
        raise InputError(field, Reason.NOT_A_NUMBER, least=1, most=_MOST)
    return number
