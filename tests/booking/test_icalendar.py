"""An appointment for a calendar, as RFC 5545 has it."""

import re
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from vaxcert.booking import icalendar

MADE = datetime(2026, 11, 26, 2, 3, 4, tzinfo=UTC)
SAID = {
    "mark": "0a1b", "changes": 2, "made": MADE, "day": date(2026, 12, 3), "begins": "07:30", "ends": "09:00",
    "country": "VN", "summary": "Tiêm chủng", "place": "Trạm Y tế Mẫu Một, Tam Đảo", "details": "Mã hẹn: 7K2M-9QXA-04TB\nĐến đúng giờ; mang giấy tờ",
}  # fmt: skip


def unfolded(data: bytes) -> list[str]:
    return data.replace(b"\r\n ", b"").decode().removesuffix("\r\n").split("\r\n")


def meant(text: str) -> str:
    """What a calendar shows of an escaped text."""
    return re.sub(r"\\(.)", lambda sign: "\n" if sign[1] in "nN" else sign[1], text)


def test_it_is_one_event_with_the_sites_times_in_utc() -> None:
    lines = unfolded(icalendar.event(**SAID))  # type: ignore[arg-type]
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"] and lines[-2:] == ["END:VEVENT", "END:VCALENDAR"]
    told = dict(line.split(":", 1) for line in lines[4:-8] if ":" in line)
    assert (told["DTSTART"], told["DTEND"], told["DTSTAMP"]) == (
        "20261203T003000Z",
        "20261203T020000Z",
        "20261126T020304Z",
    )
    assert (told["UID"], told["SEQUENCE"]) == ("0a1b@vaxcert", "2")
    assert told["LOCATION"] == "Trạm Y tế Mẫu Một\\, Tam Đảo"
    described = next(line for line in lines if line.startswith("DESCRIPTION:Mã hẹn"))
    assert meant(described.removeprefix("DESCRIPTION:")) == SAID["details"]
    assert [line.partition(":")[0] for line in lines].count("BEGIN") == 3


@given(st.text())
def test_a_text_comes_back_as_it_was_but_for_signs_that_steer(text: str) -> None:
    escaped = icalendar.escaped(text)
    assert not re.search("[\r\n]", escaped) and not re.search(r"(?<!\\)(?:\\\\)*[;,]", escaped)
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    assert meant(escaped) == re.sub("[\x00-\x09\x0b-\x1f\x7f]", "", lines)


@given(st.text(st.characters(exclude_characters="\r\n")))
def test_no_line_is_longer_than_75_bytes_and_no_letter_is_parted(line: str) -> None:
    folded = icalendar.folded(line)
    assert folded.endswith(b"\r\n")
    pieces = folded.removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(piece) <= 75 for piece in pieces)
    for piece in pieces:
        piece.decode()
    assert all(piece.startswith(b" ") for piece in pieces[1:])
    assert folded.replace(b"\r\n ", b"").removesuffix(b"\r\n") == line.encode("utf-8", "replace")


@given(st.text(), st.text(), st.text())
def test_whatever_a_place_is_called_no_line_of_its_own_gets_in(summary: str, place: str, details: str) -> None:
    data = icalendar.event(**SAID | {"summary": summary, "place": place, "details": details})  # type: ignore[arg-type]
    names = [re.split("[:;]", line)[0] for line in unfolded(data)]
    assert names == [re.split("[:;]", line)[0] for line in unfolded(icalendar.event(**SAID))]  # type: ignore[arg-type]
    assert b"\n" not in data.replace(b"\r\n", b"")
