"""What a heading means: a field, and of which dose where a sheet has several in a row."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence, Set
from functools import cache
from pathlib import Path
from typing import NamedTuple

from vaxcert import files
from vaxcert.errors import ConfigurationError, DamagedError, Reason
from vaxcert.names import plain
from vaxcert.tables.cells import clean
from vaxcert.tables.spellings import AGAINST, ANYWHERE, FIELDS, OF_A_DOSE, PERSON, SECOND, SPELLINGS, Spelling

_HINT = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}")
_CAMEL = re.compile(r"(?<=[^\W\dA-ZĐ_])(?=[A-ZĐ\d])|(?<=\d)(?=[A-ZĐ])")
# The number that a form gives a question: "2. Họ và tên", "II) …".
_ITEM = re.compile(r"(?:\d{1,2}|[IVX]{1,4})[.):]\s*(?=[^\W\d])")
_LETTERS = re.compile(r"[^\W\d_]+")
# Of columns that say a sex by where something stands in them: "Năm sinh: Nam | Nữ".
_OF_A_SEX = {"nam": "Nam", "nữ": "Nữ", "male": "Nam", "female": "Nữ"}
_NUMBERS = {
    "nhat": "1", "mot": "1", "hai": "2", "ba": "3", "bon": "4", "tu": "4", "first": "1", "second": "2", "third": "3",
}  # fmt: skip
_DOSE = re.compile(
    r"\b(?:mui|lan|lieu|dot|dose)(?: tiem)?(?: chung)?(?: vac xin| vaccine)?(?: thu| so)? "
    r"(\d{1,2}|nhat|hai|ba|bon|tu)\b"
    r"|\b(?:tiem )?m(\d)\b|\b(\d)(?:st|nd|rd|th) dose\b|\b(first|second|third) dose\b"
)
_BOOSTER = re.compile(
    r"\b(?:mui |lieu |lan )?(?:tiem )?(nhac lai|nhac|bo sung|tang cuong|booster)(?: (?:lan |thu |so )*(\d))?\b"
)
_LAST_NUMBER = re.compile(r" (\d)$")
# Of a row, columns beyond these are not a table of doses.
MOST_COLUMNS = 500
# What stands beside the dose where nothing but its day is meant.
_DAYS = ("", "ngay", "ngay thang", "date")
_BOOSTERS = {"bo sung": "bổ sung"}
# What was added to rows that were not taken (`writing.rejects`): where a row stood, and what is wrong with it; in one
# language, or in both.
ADDED = {
    None: ("line", "field", "reason_vi", "reason_en"),
    "vi": ("dòng trong bảng gốc", "ô cần sửa", "lý do không nhận"),
    "en": ("line", "field", "reason_en"),
}


class Meaning(NamedTuple):
    """What a heading means.

    `dose`: "" for what all doses of a row share; `second`: read only where no other column says it better; `sex`: of
    whom alone the column is, as a table would say it, "" where it is of everybody.
    """

    field: str
    dose: str = ""
    second: bool = False
    sex: str = ""


class Column(NamedTuple):
    """A column. `heading`: as it is shown, "" where there is none; `means`: None for what nobody knows or named."""

    heading: str
    means: Meaning | None


def load_mapping(path: Path, fields: Set[str] = FIELDS) -> dict[str, str]:
    """A file that names columns: a JSON object, heading → field. Raises `ConfigurationError`."""
    try:
        mapping = json.loads(files.read_text(path))
    except ValueError:
        raise DamagedError(f"{path}: not a JSON object of headings and fields") from None
    if not isinstance(mapping, dict) or not all(isinstance(field, str) for field in mapping.values()):
        raise DamagedError(f"{path}: not a JSON object of headings and fields")
    for field in mapping.values():
        if field not in fields:
            raise ConfigurationError(
                f"{path}: no such field: {field}; there are {', '.join(sorted(fields))}", Reason.COLUMNS_UNCLEAR
            )
    return {plain(heading): field for heading, field in mapping.items()}


def meaning(heading: str, mapping: Mapping[str, str]) -> Meaning | None:
    """What a heading means, or None for one that is not known; a mapping of `plain` headings comes first.

    Tones, case, blanks, punctuation and hints in brackets do not count.
    """
    if (field := mapping.get(plain(heading))) is not None:
        return Meaning(field)
    return _meaning(clean(heading))


def added(headings: Sequence[str]) -> frozenset[int]:
    """The numbers of the columns that were added to a table of rows that were not taken; none in another table."""
    names = [plain(heading) for heading in headings]
    for wanted in ADDED.values():
        if (all_of_it := {plain(heading) for heading in wanted}) <= set(names):
            return frozenset(number for number, name in enumerate(names) if name in all_of_it)
    return frozenset()


@cache
def _known() -> dict[str, Meaning]:
    """Headings that are known word for word, with and without their blanks."""
    known: dict[str, Meaning] = {}
    for second, table in ((True, SECOND), (False, SPELLINGS)):
        for field, spelling in table.items():
            own = (plain(field),) if not second else ()
            for text in (*own, *spelling.whole, *spelling.core):
                if second or text not in known:
                    known[text] = Meaning(field, second=second)
    return {text.replace(" ", ""): means for text, means in known.items()} | known


def _meaning(heading: str) -> Meaning | None:
    if found := _of_a_sex(heading):
        return found
    # The whole first: "Ngày tiêm (mũi 1)". Then what is a hint goes, and then words are parted: "NgaySinh".
    bare = _HINT.sub(" ", heading).strip()
    for form in dict.fromkeys((heading, bare, _ITEM.sub("", bare, count=1), _CAMEL.sub(" ", heading))):
        text = plain(form)
        for words in AGAINST:
            text = f" {text} ".replace(words, " ").strip()
        if text and (found := _field(text) or _of_a_dose(text) or _said_twice(text)):
            return found
    return None


def _said_twice(text: str) -> Meaning | None:
    """What a heading means that says the same in two languages, or in other words: "ngay sinh date of birth"."""
    words = text.split()
    for count in range(1, len(words)):
        first = _field(" ".join(words[:count]))
        if first is None:
            continue
        rest = " ".join(words[count:])
        again = _field(rest) or _said_twice(rest)
        if again is not None and again.field == first.field:
            return first if first.second is False else again
    return None


def _of_a_sex(heading: str) -> Meaning | None:
    """What a column is of, birth date or sex, that is of women or of men alone."""
    words = _LETTERS.findall(heading.casefold())
    sexes = [word for word in words if word in _OF_A_SEX]
    if len(sexes) != 1 or len(words) == 1:
        return None
    words.remove(sexes[0])
    of = _field(plain(" ".join(words)))
    if of is None or of.field not in ("date_of_birth", "sex"):
        return None
    return of._replace(second=False, sex=_OF_A_SEX[sexes[0]])


def _field(text: str) -> Meaning | None:
    if found := _known().get(text):
        return found
    whose = next((words for words in PERSON if f" {words} " in f" {text} "), None)
    if whose is not None and (rest := " ".join(f" {text} ".replace(f" {whose} ", " ", 1).split())):
        # Whoever writes whose name it is means all of it.
        return Meaning("full_name") if rest == "ten" else _field(rest) or _by_core(text)
    return _by_core(text)


def _by_core(text: str) -> Meaning | None:
    for table, second in ((SECOND, True), (SPELLINGS, False)):
        found = {field for field, spelling in table.items() if _has_core(text, spelling)}
        if len(found) == 1:
            return Meaning(found.pop(), second=second)
    return None


def _has_core(text: str, spelling: Spelling) -> bool:
    framed = f" {text} "
    allowed = ANYWHERE.union(spelling.beside.split())
    return any(
        f" {core} " in framed and allowed.issuperset(framed.replace(f" {core} ", " ", 1).split())
        for core in spelling.core
    )


def _of_a_dose(text: str) -> Meaning | None:
    """What a heading means that says of which dose it is: "mui 1 ngay tiem"; a dose alone is the day of it."""
    if found := _BOOSTER.search(text):
        label = _BOOSTERS.get(found[1], "nhắc lại") + (f" {found[2]}" if found[2] else "")
    elif found := _DOSE.search(text) or _LAST_NUMBER.search(text):
        number = next(filter(None, found.groups()))
        label = _NUMBERS.get(number, number.lstrip("0"))
    else:
        return None
    rest = " ".join((text[: found.start()] + " " + text[found.end() :]).split())
    base = Meaning("date") if rest in _DAYS else _field(rest)
    if not label or base is None or base.field not in OF_A_DOSE or base.field == "number":
        return None
    return Meaning(base.field, label, base.second)


def letter_of(number: int) -> str:
    """A column's letters in a spreadsheet, the first being number 0."""
    letters = ""
    while number >= 0:
        letters = chr(ord("A") + number % 26) + letters
        number = number // 26 - 1
    return letters


def number_of(letters: str) -> int:
    """The number of a column by its letters (A–Z) in a spreadsheet, the first being 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def lettered(columns: tuple[Column, ...], mapping: Mapping[str, str], ignored: Set[str]) -> tuple[Column, ...]:
    """The columns, with those that have no heading and are named by their letters, also beyond the last heading.

    `mapping`, `ignored`: names of columns as `plain` makes them, for what they mean, and to be left out.
    """
    headings = {plain(column.heading) for column in columns}
    named = {letters: mapping.get(letters) for letters in (*mapping, *ignored) if letters not in headings}
    at = {number: named[letters] for number in range(MOST_COLUMNS) if (letters := plain(letter_of(number))) in named}
    wide = (*columns, *[Column("", None)] * (max(at, default=-1) + 1 - len(columns)))
    return tuple(
        Column("", Meaning(field)) if not column.heading and (field := at.get(number)) else column
        for number, column in enumerate(wide)
    )
