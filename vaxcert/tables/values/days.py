"""Days as people and spreadsheets write them: 17/5/1990, 17.05.90, "ngày 17 tháng 5 năm 1990", 33010, an instant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from vaxcert.errors import ConfigurationError, InputError, Reason
from vaxcert.tables.values.folding import folded
from vaxcert.tables.values.reading import AS_IT_STANDS, Order, Reading

_SEPARATOR = r"\s*[/.\-\\,\s]\s*"
_NUMBERS = re.compile(rf"(\d{{1,2}}){_SEPARATOR}(\d{{1,2}}){_SEPARATOR}(\d{{4}}|\d{{2}})", re.ASCII)
# As nearly all are written.
_EVERYDAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_YEAR_FIRST = re.compile(rf"(\d{{4}}){_SEPARATOR}(\d{{1,2}}){_SEPARATOR}(\d{{1,2}})", re.ASCII)
_MONTH_AND_YEAR = re.compile(r"(?:thang |t)?(\d{1,2})(?:\s*[/.\-]\s*| nam )(\d{4})", re.ASCII)
_YEAR_AND_MONTH = re.compile(r"(\d{4})-(\d{1,2})", re.ASCII)
_YEAR = re.compile(r"(?:nam )?(\d{4})(?:\.0+)?", re.ASCII)
_RUN_TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_RUN_TOGETHER_BACKWARDS = re.compile(r"(\d{2})(\d{2})(\d{4})", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?", re.ASCII)
_IN_WORDS = re.compile(r"(\d{1,2})\s*(?:/|-|,)?\s*thang (\d{1,2})\s*(?:/|-|,|nam)?\s*(\d{4}|\d{2})", re.ASCII)
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), 1,
    )
    for name in names.split()
} | {
    f"{short}{gap}{number}": number for short in ("th", "thg") for gap in ("", " ") for number in range(1, 13)
}  # fmt: skip
_NAMED = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY_THEN_NAME = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[\s\-/.]*({_NAMED})[\s\-/.,]+(\d{{4}}|\d{{2}})", re.ASCII)
_NAME_THEN_DAY = re.compile(rf"({_NAMED})[\s\-/.]+(\d{{1,2}})(?:st|nd|rd|th)?[\s\-/.,]+(\d{{4}})", re.ASCII)
_NAME_AND_YEAR = re.compile(rf"({_NAMED})[\s\-/.]+(\d{{4}})", re.ASCII)

# What people write around a day: what it is of, the day of the week, the part of the day, how old they are.
_AROUND = re.compile(
    r"^(?:(?:sinh|ngay|nam|sn|ns|tiem)\s+)*(?:sinh|ngay|nam|sn|ns|tiem)\s*[:.]\s*(?=\d)|^(?:sn|ns|sinh nam) (?=\d)"
    r"|^(?:buoi )?(?:sang|trua|chieu|toi),? (?=(?:ngay )?\d)|[ (]+(?:buoi )?(?:sang|trua|chieu|toi)\)?$"
    r"|^(?:thu (?:hai|ba|tu|nam|sau|bay|[2-7])|t[2-7]|cn|chu nhat|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)[,.]? "
    r"(?=(?:ngay )?\d{1,2}[/.\-]|(?:ngay )?\d{1,2} [a-z]|[a-z]{3,})"
    r"|(?<=\d{4})\s*[(\-,]?\s*\d{1,3} ?(?:tuoi|t)\)?$|[*.;,]+$",
    re.ASCII,
)
# What stands for a day or month that nobody knows.
_UNKNOWN = re.compile(r"^(?:(?:-+|_+|\.+|\?+|x{1,2})\s*[/\-]\s*){1,2}(?=\d)", re.ASCII)
_CLOCK = (
    r"(\d{1,2})\s*(?::|h|g|gio)\s*(\d{2})?(?::(\d{2})(?:[.,]\d+)?)?\s*(am|pm|sa|ch)?\s*(z|utc|gmt|[+-]\d{2}:?\d{2})?"
)
_TIME_AFTER = re.compile(rf"(?:^|[\s,]+(?:luc )?|(?<=\d)t){_CLOCK}$", re.ASCII)
_TIME_BEFORE = re.compile(rf"^(?:luc )?{_CLOCK}(?:[\s,\-]+|$)", re.ASCII)

# What spreadsheets make of 0 in a column of dates, and what fills a column that wants something.
_NOTHING = frozenset(("0", "0.0", "00/01/1900", "0/1/1900", "1900-01-00", "1899-12-30", "30/12/1899", "1899-12-31"))
# Serials of spreadsheets: days after 1899-12-30. Four digits are years, and people who were born before 1927 are not
# told from them.
_SERIAL_START = date(1899, 12, 30)
_SERIALS = range(10_000, 73_051)
_CENTURY_OF_DOSES = 2000


class DatesSeen(NamedTuple):
    """Over many dates: how many can only have the day first, only the month first, or either; with the first lines."""

    day_first: int = 0
    month_first: int = 0
    ambiguous: int = 0
    day_first_line: int = 0
    month_first_line: int = 0

    def __or__(self, other: DatesSeen) -> DatesSeen:
        """What two parts of a table say together."""
        lines = zip(self[3:], other[3:], strict=True)
        return DatesSeen(
            self.day_first + other.day_first,
            self.month_first + other.month_first,
            self.ambiguous + other.ambiguous,
            *(min(filter(None, pair), default=0) for pair in lines),
        )


def dates_seen(texts: Iterable[tuple[int, str]]) -> DatesSeen:
    """Look through dates, each with its line, for what says whether the day or the month comes first."""
    day_first = month_first = ambiguous = day_line = month_line = 0
    for line, text in texts:
        found = _EVERYDAY.fullmatch(text) or (
            None if _ISO.fullmatch(text) else _NUMBERS.fullmatch(_split_time(_alone(folded(text)))[0])
        )
        if found is None:
            continue
        one, two = int(found[1]), int(found[2])
        if one > 12 >= two > 0 and one <= 31:
            day_first, day_line = day_first + 1, day_line or line
        elif two > 12 >= one > 0 and two <= 31:
            month_first, month_line = month_first + 1, month_line or line
        elif one != two:
            ambiguous += 1
    return DatesSeen(day_first, month_first, ambiguous, day_line, month_line)


# The fields that have dates.
FIELDS = ("date_of_birth", "date")


def decide(seen: DatesSeen, asked: Order | None, place: Callable[[int], str] = str) -> Order:
    """Which comes first in a table whose dates say `seen`; `place`: where people find a line.

    Raises `ConfigurationError` where nobody said it and some dates can only have the month first: then those that
    could be read either way are not to be guessed.
    """
    if asked is not None:
        return asked
    if not seen.month_first:
        return "dmy"
    if seen.day_first:
        raise ConfigurationError(
            f"line {place(seen.day_first_line)} has a date with the day first, line {place(seen.month_first_line)} one "
            f"with the month first ({seen.day_first} and {seen.month_first} of them; {seen.ambiguous} could be "
            "either): correct the table, or say with --dates dmy or mdy how it is meant, and the others are rejected",
            Reason.DATES_UNCLEAR,
        )
    raise ConfigurationError(
        f"{seen.month_first} dates have the month first (line {place(seen.month_first_line)}), and none the day: give "
        "--dates mdy if all are meant so",
        Reason.DATES_UNCLEAR,
    )


def day(text: str, reading: Reading = AS_IT_STANDS) -> date:
    """The day of a dose. Raises `InputError` about `date`."""
    year, month, number = _read("date", text, reading, century=lambda short, _: _CENTURY_OF_DOSES + short)
    if not month or not number:
        raise InputError("date", Reason.NOT_A_DATE)
    return date(year, month, number)


def birth_date(text: str, reading: Reading = AS_IT_STANDS, *, dose: date | None = None) -> str:
    """A birth date as `Person` has it: "1990-05-17", "1990-05" or "1990". Raises `InputError` about `date_of_birth`.

    `dose`: a day on which they were alive, by which two digits of a year may be of one century alone.
    """

    def century(short: int, rest: tuple[int, int]) -> int:
        last = (dose or date(2029, 12, 31)).timetuple()[:3]
        if (2000 + short, *rest) <= last:
            raise InputError("date_of_birth", Reason.CENTURY_UNCLEAR)
        return 1900 + short

    year, month, number = _read("date_of_birth", text, reading, century)
    if not month:
        return f"{year:04}"
    return f"{year:04}-{month:02}-{number:02}" if number else f"{year:04}-{month:02}"


# A year, a month and a day; 0 for what is not said.
_Parts = tuple[int, int, int]
# What year two digits mean, given the month and day beside them.
_Century = Callable[[int, tuple[int, int]], int]


def _read(field: str, text: str, reading: Reading, century: _Century) -> _Parts:
    if (found := _EVERYDAY.fullmatch(text)) and reading.dates != "mdy":
        everyday = int(found[3]), int(found[2]), int(found[1])
        if 1901 <= everyday[0] <= 2099 and everyday[1] and everyday[2] and _exists(everyday):
            return everyday
    folded_text = folded(text)
    if folded_text in _NOTHING:
        raise InputError(field, Reason.MISSING)
    bare, clock = _split_time(_alone(folded_text))
    try:
        parts = _written(field, bare, reading, century)
        if parts is None or not 1900 <= parts[0] <= 2099:
            if parts is not None and _exists(parts):
                raise InputError(field, Reason.YEAR_IMPOSSIBLE)
            raise ValueError
        if not _exists(parts):
            raise ValueError
        return _in_zone(parts, clock, reading) if clock is not None else parts
    except (ValueError, OverflowError):
        reason = Reason.NOT_A_DATE if field == "date" else Reason.NOT_A_BIRTH_DATE
        raise InputError(field, reason) from None


def _exists(parts: _Parts) -> bool:
    year, month, number = parts
    try:
        date(year, month or 1, number or 1)
    except ValueError:
        return False
    return True


def _written(field: str, text: str, reading: Reading, century: _Century) -> _Parts | None:
    """The parts as they are written, whether there is such a day or not."""
    text = re.sub(r"^(?:sinh )?(?:ngay )?", "", text).strip()
    if found := _YEAR_FIRST.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _NUMBERS.fullmatch(text):
        return _in_order(field, int(found[1]), int(found[2]), found[3], reading, century)
    if found := _IN_WORDS.fullmatch(text):
        return _dated(int(found[1]), int(found[2]), found[3], century)
    if found := _DAY_THEN_NAME.fullmatch(text):
        return _dated(int(found[1]), _MONTHS[found[2]], found[3], century)
    if found := _NAME_THEN_DAY.fullmatch(text):
        return int(found[3]), _MONTHS[found[1]], int(found[2])
    if found := _RUN_TOGETHER.fullmatch(text):
        parts = int(found[1]), int(found[2]), int(found[3])
        backwards = _RUN_TOGETHER_BACKWARDS.fullmatch(text)
        if _exists(parts) or backwards is None:
            return parts
        return _in_order(field, int(backwards[1]), int(backwards[2]), backwards[3], reading, century)
    if (found := _SERIAL.fullmatch(text)) and int(found[1]) in _SERIALS:
        return (_SERIAL_START + timedelta(days=int(found[1]))).timetuple()[:3]
    return _without_day(text) if field == "date_of_birth" else None


def _alone(text: str) -> str:
    return text if text.isdecimal() else _AROUND.sub("", text).strip()


def _without_day(text: str) -> _Parts | None:
    text = _UNKNOWN.sub("", text)
    if found := _MONTH_AND_YEAR.fullmatch(text):
        return int(found[2]), _month(int(found[1])), 0
    if found := _YEAR_AND_MONTH.fullmatch(text):
        return int(found[1]), _month(int(found[2])), 0
    if found := _NAME_AND_YEAR.fullmatch(text):
        return int(found[2]), _MONTHS[found[1]], 0
    if found := _YEAR.fullmatch(text):
        return int(found[1]), 0, 0
    return None


def _month(number: int) -> int:
    if not number:
        raise ValueError
    return number


def _in_order(field: str, one: int, two: int, year: str, reading: Reading, century: _Century) -> _Parts:
    """Day and month as the table has them; what can only be the other way round is told as that."""
    other_way = Reason.DAY_FIRST if reading.dates == "mdy" else Reason.MONTH_FIRST
    number, month = (two, one) if reading.dates == "mdy" else (one, two)
    if month > 12 >= number and _exists((int(year) if len(year) == 4 else 2000, number, month)) and number:
        raise InputError(field, other_way)
    return _dated(number, month, year, century)


def _dated(number: int, month: int, year: str, century: _Century) -> _Parts:
    if number and not month:
        raise ValueError
    full = int(year) if len(year) == 4 else century(int(year), (month or 1, number or 1))
    return full, month, number


def _split_time(text: str) -> tuple[str, re.Match[str] | None]:
    """What is left of a text without a time of day, and the time."""
    if text[-1:].isalnum() and not re.search("[:hg]", text):
        return text, None
    for pattern in (_TIME_AFTER, _TIME_BEFORE):
        found = pattern.search(text)
        if found is not None and len(found[0]) < len(text):
            return (text[: found.start()] + text[found.end() :]).strip(), found
    return text, None


def _in_zone(parts: _Parts, clock: re.Match[str], reading: Reading) -> _Parts:
    """The day of an instant where the table is from; a time without a zone is of there."""
    hour, minute, second, half, zone = clock.groups(default="")
    hours = int(hour) % 12 + 12 * (half in ("pm", "ch")) if half and int(hour) <= 12 else int(hour)
    if hours == 24 and not int(minute or 0):
        hours = 0
    at = time(hours, int(minute or 0), int(second or 0))
    if not zone or not parts[2]:
        return parts
    moment = datetime.combine(date(*parts), at, _offset(zone)).astimezone(_zone(reading.zone))
    return moment.timetuple()[:3]


def _offset(zone: str) -> tzinfo:
    if zone in ("z", "utc", "gmt"):
        return UTC
    digits = zone[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return timezone(timedelta(minutes=-minutes if zone[0] == "-" else minutes))


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        # Vietnam has kept one offset since 1975, and a machine may have no time zones.
        return timezone(timedelta(hours=7))
