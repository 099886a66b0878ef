"""What an earlier version took, or was told to forget, is known again however rows are read since."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from vaxcert.registry import schema
from vaxcert.registry.care import changing, privacy, reviewing
from vaxcert.registry.intake import importing
from vaxcert.registry.records.now import numbers

HEADINGS = ("Họ và tên", "Ngày sinh", "Số CMND/CCCD/Hộ chiếu", "SĐT", "Huyện", "Vắc xin", "Mũi", "Ngày tiêm", "Địa chỉ")
# What the first version made of these headings: it knew no identity number and no address by them.
FIRST = {"Họ và tên": "full_name", "Ngày sinh": "date_of_birth", "SĐT": "phone", "Huyện": "district",
         "Vắc xin": "product", "Mũi": "number", "Ngày tiêm": "date"}  # fmt: skip
ONE = (
    "Nguyễn Mẫu Thử",
    "17/05/1990",
    "099000000001",
    "0100000001",
    "Tam Đảo",
    "Comirnaty",
    "1/2",
    "01/03/2026",
    "Tổ 1",
)
TWO = ("Trần Ví\u00a0Dụ", "1985", "099000000002", "'0100000002", "Yên Lạc", "Comirnaty", "1/2", "02/03/2026", "Tổ 2")


def unit(place: Any, *rows: tuple[str, ...], name: str = "unit.csv") -> Path:
    path: Path = place.folder / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEADINGS, *rows])
    return path


def first_digest(place: Any, row: tuple[str, ...]) -> str:
    """As the first version had it, word for word."""
    texts: Mapping[str, str] = {
        FIRST[heading]: cell.strip() for heading, cell in zip(HEADINGS, row, strict=True) if heading in FIRST and cell
    }
    text = "\x1f".join(f"{name}={texts[name]}" for name in sorted(texts))
    return str(place.registry.secrets.hash("row 1", text))


def as_the_first_version_left_it(place: Any, *rows: tuple[str, ...]) -> None:
    """Have these rows in the registry as the first version took them: without what it did not read."""
    importing.run(place.registry, unit(place, *rows), actor="clerk")
    version, row = schema.person_version, schema.source_row
    with place.registry.writing() as connection:
        nothing = {"national_id": None, "national_id_hash": None, "address": None}
        connection.execute(update(version).values(**nothing))
        taken = connection.execute(select(row).order_by(row.c.id)).all()
        for old, cells in zip(taken, rows, strict=True):
            connection.execute(update(row).where(row.c.id == old.id).values(digest=first_digest(place, cells)))


def test_rows_that_the_first_version_took_are_known_and_say_now_what_it_did_not_read(place: Any) -> None:
    as_the_first_version_left_it(place, ONE, TWO)
    assert [numbers(place.registry, one.profile)[1] for one in place.people()] == ["", ""]
    for _ in range(2):
        report = importing.run(place.registry, unit(place, ONE, TWO), actor="clerk")
        assert report.counts == {"again": 2, "rejected": 0}
        assert [len(one.doses) for one in place.people()] == [1, 1]
    assert [numbers(place.registry, one.profile)[1] for one in place.people()] == ["099000000001", "099000000002"]
    assert all(one.profile.address for one in place.people())
    assert reviewing.waiting(place.registry) == 0


def test_who_was_deleted_before_the_upgrade_does_not_return_with_the_file(place: Any) -> None:
    as_the_first_version_left_it(place, ONE, TWO)
    privacy.delete_person(place.registry, 1, actor="chief", reason="asked")
    for _ in range(2):
        report = importing.run(place.registry, unit(place, ONE, TWO), actor="clerk")
        assert report.counts == {"again": 1, "deleted": 1, "rejected": 0}
    assert [one.person_id for one in place.people()] == [2]


def test_a_corrected_record_is_not_doubled_by_the_row_that_it_came_from(place: Any) -> None:
    as_the_first_version_left_it(place, ONE)
    changing.correct_person(
        place.registry, 1, {"given_name": "Khác Hẳn", "date_of_birth": "1960"}, actor="a", reason="ID"
    )
    assert importing.run(place.registry, unit(place, ONE), actor="clerk").counts == {"again": 1, "rejected": 0}
    (one,) = place.people()
    assert one.profile.person.given_name == "Khác Hẳn"


def test_two_people_whom_only_an_unread_identity_number_told_apart_are_two_now(place: Any) -> None:
    as_the_first_version_left_it(place, ONE)
    other = (*ONE[:2], "099000000009", *ONE[3:])
    assert first_digest(place, other) == first_digest(place, ONE)
    report = importing.run(place.registry, unit(place, ONE, other), actor="clerk")
    assert report.counts == {"again": 1, "question": 1, "rejected": 0}
    assert [numbers(place.registry, one.profile)[1] for one in place.people()] == ["099000000001", "099000000009"]


def test_a_row_that_was_taken_stays_so_though_it_would_be_rejected_now(
    place: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_the_first_version_left_it(place, ONE)
    spoilt = (*ONE[:2], "9.9E+10", *ONE[3:])
    report = importing.run(place.registry, unit(place, spoilt), actor="clerk")
    assert report.counts == {"again": 1, "rejected": 0}
    assert report.problems == {}
