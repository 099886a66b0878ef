"""What an entry says of its event: numbers of doses, days, results, places."""

from __future__ import annotations

from typing import Any

from mutator.claims import CLAIMS, HOSTILE, INVALID, of_kind, under, without
from mutator.draft import Step
from mutator.encoding import Tagged

_NUMBERS: dict[Any, tuple[Step | None, str | None]] = {
    1: (None, None), 3: (None, None), 99: (None, None), 2.0: (None, None),
    0: (Step.CONTENT, INVALID), -1: (Step.CONTENT, INVALID), 100: (Step.CONTENT, INVALID),
    2**64 - 1: (Step.CONTENT, INVALID), -(2**64): (Step.CONTENT, INVALID), 1e300: (Step.CONTENT, INVALID),
    2.5: (Step.READ, INVALID), float("inf"): (Step.READ, INVALID), float("nan"): (Step.READ, INVALID),
    "2": (Step.READ, INVALID),
}  # fmt: skip
for _field in ("dn", "sd"):
    for _number, (_step, _reason) in _NUMBERS.items():
        CLAIMS.add(f"{_field}: {_number!r}", "entry number", under("entry", _field, _number), _step, _reason, of_kind("v"))  # fmt: skip

_DAYS: dict[Any, tuple[Step | None, str | None]] = {
    "2026-06-01T10:00:00": (None, None), "2026-06-16": (None, None), "1990-05-17": (None, None),
    "1990-05-16": (None, None), Tagged(0, "2026-06-01"): (None, None),
    "1990-05-15": (Step.RULES, "event_before_birth"), "1843-12-11": (Step.RULES, "event_before_birth"),
    "0001-01-01": (Step.RULES, "event_before_birth"),
    "2026-06-17": (Step.RULES, "event_in_future"), "9999-12-31": (Step.RULES, "event_in_future"),
    "2026-02-30": (Step.READ, INVALID), "01/06/2026": (Step.READ, INVALID), "2026-W23-1": (Step.READ, INVALID),
    "20260601": (Step.READ, INVALID), "2026-06": (Step.READ, INVALID), "": (Step.READ, INVALID),
    "２０２６-０６-０１": (Step.READ, INVALID), "2026-06-01 and more": (Step.READ, INVALID), 20260601: (Step.READ, INVALID),
    Tagged(1, 1780000000): (Step.READ, INVALID),
}  # fmt: skip
for _kind, _field in (("v", "dt"), ("r", "fr")):
    for _day, (_step, _reason) in _DAYS.items():
        CLAIMS.add(f"{_field}: {_day!r}", "entry day dob", under("entry", _field, _day), _step, _reason, of_kind(_kind))

_INSTANTS: dict[Any, tuple[Step | None, str | None]] = {
    "2026-06-14T10:00:00+07:00": (None, None), "2026-06-14T10:00": (None, None),
    Tagged(0, "2026-06-14T10:00:00Z"): (None, None), Tagged(1, 1780000000): (None, None), 1780000000: (None, None),
    1780000000.5: (None, None),
    "2026-06-17T00:00:00Z": (Step.RULES, "event_in_future"), "1990-05-15T00:00:00Z": (Step.RULES, "event_before_birth"),
    "9999-12-31T23:59:59-12:00": (Step.RULES, "event_in_future"),
    "0001-01-01T00:00:00+12:00": (Step.RULES, "event_before_birth"), 0: (Step.RULES, "event_before_birth"),
    253_402_300_799: (Step.RULES, "event_in_future"),
    "2026-06-14": (Step.READ, INVALID), "yesterday at noon": (Step.READ, INVALID), "": (Step.READ, INVALID),
    float("nan"): (Step.READ, INVALID), float("inf"): (Step.READ, INVALID), 1e300: (Step.READ, INVALID),
    2**64 - 1: (Step.READ, INVALID),
}  # fmt: skip
for _moment, (_step, _reason) in _INSTANTS.items():
    CLAIMS.add(f"sc: {_moment!r}", "entry day dob", under("entry", "sc", _moment), _step, _reason, of_kind("t"))

CLAIMS.add("tr: detected", "entry result", under("entry", "tr", "260373001"), Step.RULES, "test_positive", of_kind("t"))
for _result in ("260415000", "419984006", "", HOSTILE):
    CLAIMS.add(f"tr: {_result!r}", "entry result", under("entry", "tr", _result), fits=of_kind("t"))
for _field in ("tt", "nm", "ma", "tc"):
    CLAIMS.add(f"{_field}: hostile", "entry centre", under("entry", _field, HOSTILE), fits=of_kind("t"))
for _field in ("vp", "mp", "ma", "tg", "is"):
    for _text in ("", "J07BX03", HOSTILE, "x" * 200):
        CLAIMS.add(f"{_field}: {_text!r}", "entry code", under("entry", _field, _text), fits=of_kind("v"))
# Another country is a warning, none is none.
for _country in ("FR", "EL", "vn", "", "Vietnam", HOSTILE):
    CLAIMS.add(f"co: {_country!r}", "entry country", under("entry", "co", _country))
CLAIMS.add("co: missing", "entry country", without("entry", "co"))
CLAIMS.add("co: null", "entry country", under("entry", "co", None))
CLAIMS.add("co: a number", "entry country", under("entry", "co", 84), Step.READ, INVALID)
for _id in ("", "x", HOSTILE, "URN:UVCI:01:VN:VP01", "URN:UVCI:01:VN:/#", "x" * 300, "URN:UVCI:01:VN:VP01/A#/"):
    CLAIMS.add(f"ci: {_id!r}", "entry ci", under("entry", "ci", _id))
