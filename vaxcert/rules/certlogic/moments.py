"""Dates and date-times of CertLogic: how texts are read, and what adding to them gives (CertLogic 1.3.3, `plusTime`).

Milliseconds since 1970 in UTC, as JavaScript's `Date` counts: months and years that have no such day overflow into the
next month, and what is finer than a millisecond is cut off. Texts of the right form that name no day are refused.
"""

import re
from datetime import date, datetime

from vaxcert.rules.certlogic.values import Moment, not_evaluable

UNITS = ("year", "month", "day", "hour")

HOUR = 3_600_000
DAY = 24 * HOUR

# Decimals may be any number, and mean nothing from the fourth on: no clock writes so many.
_LONGEST = 64

# ECMA-262, "Time Values and Time Range"
_FURTHEST = 8_640_000_000_000_000

_EPOCH = date(1970, 1, 1).toordinal()
# The Gregorian calendar repeats: years that Python's `date` does not have are counted in another such period.
_PERIOD_YEARS, _PERIOD_DAYS = 400, 146_097

_FORM = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:Z|([+-])(\d{1,2})(?::?(\d{2}))?)?", re.ASCII
)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


def parse(text: str) -> int:
    """The milliseconds of a date-time, of a date's midnight, or of the last day that "YYYY" or "YYYY-MM" allows.

    Raises `EvaluationError` for another form, and for days and times that are not in the calendar.
    """
    length = len(text)
    if length == 10:
        return _day(text)
    if length > _LONGEST:
        raise not_evaluable("no date-time")
    return _instant(text) if length > 10 else _last_day(text)


def parse_birth(text: str) -> int:
    """The milliseconds of the last day that a birth date of any precision allows, as `dccDateOfBirth` has it."""
    return _day(text) if len(text) == 10 else _last_day(text)


def add(moment: int, amount: int, unit: str) -> int:
    """The milliseconds of a moment with `amount` of a unit added, as the setters of JavaScript's `Date` do it."""
    if unit == "day":
        moment += amount * DAY
    elif unit == "hour":
        moment += amount * HOUR
    elif amount:
        days, rest = divmod(moment, DAY)
        year, month, day = _civil(days)
        if unit == "year":
            year += amount
        else:
            month += amount
        moment = _days(year, month, day) * DAY + rest
    if not -_FURTHEST <= moment <= _FURTHEST:
        raise not_evaluable("beyond the dates that there are")
    return moment


def text_of(moment: Moment) -> str:
    """A moment as JavaScript's `toISOString` writes it."""
    days, rest = divmod(int(moment), DAY)
    year, month, day = _civil(days)
    seconds, milliseconds = divmod(rest, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    years = f"{year:04}" if 0 <= year <= 9999 else f"{year:+07}"
    return f"{years}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milliseconds:03}Z"


def _days(year: int, month: int, day: int) -> int:
    # MakeDay of ECMA-262: the month may be any number, and days count on from its first.
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    periods = (year - 2000) // _PERIOD_YEARS
    first = date(year - periods * _PERIOD_YEARS, month, 1).toordinal()
    return first + periods * _PERIOD_DAYS - _EPOCH + day - 1


def _civil(days: int) -> tuple[int, int, int]:
    periods, ordinal = divmod(days + _EPOCH - 1, _PERIOD_DAYS)
    found = date.fromordinal(ordinal + 1)
    return found.year + periods * _PERIOD_YEARS, found.month, found.day


def _day(text: str) -> int:
    try:
        # fromisoformat knows weeks as well, which have no dash at the eighth place.
        if text[4] == text[7] == "-":
            return (date.fromisoformat(text).toordinal() - _EPOCH) * DAY
    except ValueError:
        pass
    found = _DATE.fullmatch(text)
    if found is None:
        raise not_evaluable("no date")
    return _real_day(*map(int, found.groups())) * DAY


def _last_day(text: str) -> int:
    if _YEAR.fullmatch(text) is not None:
        return _days(int(text), 12, 31) * DAY
    found = _MONTH.fullmatch(text)
    if found is None or not 1 <= int(found[2]) <= 12:
        raise not_evaluable("no date")
    return (_days(int(found[1]), int(found[2]) + 1, 1) - 1) * DAY


def _instant(text: str) -> int:
    # Most cards and clocks: the plain form in UTC, which the standard library reads fastest.
    if len(text) == 20 and text[19] == "Z" and text[10] == "T" and text[4] == text[7] == "-":
        try:
            at = datetime.fromisoformat(text)
            if text[13] == text[16] == ":":
                return (at.toordinal() - _EPOCH) * DAY + at.hour * HOUR + at.minute * 60_000 + at.second * 1000
        except ValueError:
            pass
    found = _FORM.fullmatch(text)
    if found is None:
        raise not_evaluable("no date-time")
    hour, minute, second = int(found[4]), int(found[5]), int(found[6])
    milliseconds = int(((found[7] or "") + "000")[:3])
    rest = ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds
    # Midnight may be the end of a day (ECMA-262, "Date Time String Format").
    if minute > 59 or second > 59 or rest > DAY:
        raise not_evaluable("no time of day")
    moment = _real_day(int(found[1]), int(found[2]), int(found[3])) * DAY + rest
    if found[8]:
        hours, minutes = int(found[9]), int(found[10] or 0)
        if hours > 23 or minutes > 59:
            raise not_evaluable("no time zone")
        offset = (hours * 60 + minutes) * 60_000
        moment += offset if found[8] == "-" else -offset
    return moment


def _real_day(year: int, month: int, day: int) -> int:
    if 1 <= month <= 12 and day >= 1:
        found = _days(year, month, day)
        if found < _days(year, month + 1, 1):
            return found
    raise not_evaluable("no day of the calendar")
