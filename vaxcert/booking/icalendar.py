"""An appointment as a calendar takes it: RFC 5545, with times in UTC, so that no table of zones is needed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from vaxcert.booking.offers import begins_at
from vaxcert.issue import local_time

_LONGEST = 75  # bytes of a line, RFC 5545, 3.1
_ESCAPED = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
# What no text may hold: signs that steer, but for the end of a line.
_STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f]")


def event(
    *,
    mark: str,
    changes: int,
    made: datetime,
    day: date,
    begins: str,
    ends: str,
    country: str,
    summary: str,
    place: str,
    details: str,
) -> bytes:
    """One event. `mark`: the same for each version of it; `changes`: which version, from 0; `made`: now, aware;
    `begins`, `ends`: HH:MM by the clocks of `country` (ISO 3166 alpha-2)."""
    start, end = (_utc(country, begins_at(day, clock)) for clock in (begins, ends))
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//vaxcert//booking//VI", "METHOD:PUBLISH",
        "BEGIN:VEVENT", f"UID:{mark}@vaxcert", f"SEQUENCE:{changes}", f"DTSTAMP:{_written(made)}",
        f"DTSTART:{_written(start)}", f"DTEND:{_written(end)}", f"SUMMARY:{escaped(summary)}",
        f"LOCATION:{escaped(place)}", f"DESCRIPTION:{escaped(details)}", "CLASS:PRIVATE",
        "BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{escaped(summary)}", "TRIGGER:-PT12H", "END:VALARM",
        "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return b"".join(folded(line) for line in lines)


def escaped(text: str) -> str:
    """A text as a value of type TEXT, RFC 5545, 3.3.11."""
    plain = _STEERING.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(_ESCAPED.get(sign, sign) for sign in plain)


def folded(line: str) -> bytes:
    """A line's bytes with its end, in pieces of at most 75 that part no letter."""
    pieces, piece, most = [], b"", _LONGEST
    for sign in line:
        data = sign.encode("utf-8", "replace")
        if len(piece) + len(data) > most:
            pieces.append(piece)
            # The blank that goes on with the line is one of the 75.
            piece, most = b"", _LONGEST - 1
        piece += data
    return b"\r\n ".join([*pieces, piece]) + b"\r\n"


def _utc(country: str, clocks: datetime) -> datetime:
    there = local_time(country, clocks.replace(tzinfo=UTC))
    return clocks.replace(tzinfo=there.tzinfo).astimezone(UTC)


def _written(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
