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


def noted_as(place: Any, *rows: Mapping[str, str]) -> None:
    """Have the rows that were taken noted as the first version noted them: by these texts, by field."""
    row = schema.source_row
    with place.registry.writing() as connection:
        taken = connection.scalars(select(row.c.id).order_by(row.c.id)).all()
        for number, texts in zip(taken, rows, strict=True):
            text = "\x1f".join(f"{name}={texts[name]}" for name in sorted(texts))
            digest = place.registry.secrets.hash("row 1", text)
            connection.execute(update(row).where(row.c.id == number).values(digest=digest))


KNOWN = {"product": "Comirnaty", "number": "1/2", "date": "01/03/2026"}
LEE = {"full_name": "Lê Mẫu", "date_of_birth": "17/05/1990", "district": "Tam Đảo"}
HOANG = {"full_name": "Hoàng Ví Dụ", "date_of_birth": "18/05/1990"}


def test_a_row_whose_cell_is_merged_with_the_one_above_is_known_by_what_stands_in_it(place: Any) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Họ tên", "Ngày sinh", "Huyện", "Vắc xin", "Mũi", "Ngày tiêm"])
    sheet.append([*LEE.values(), *KNOWN.values()])
    sheet.append([*HOANG.values(), None, *KNOWN.values()])
    sheet.merge_cells("C2:C3")
    book.save(place.folder / "unit.xlsx")
    importing.run(place.registry, place.folder / "unit.xlsx", actor="clerk")
    assert [one.profile.district for one in place.people()] == ["Tam Đảo", "Tam Đảo"]
    noted_as(place, LEE | KNOWN, HOANG | KNOWN)
    privacy.delete_person(place.registry, 2, actor="chief", reason="asked")
    for _ in range(2):
        report = importing.run(place.registry, place.folder / "unit.xlsx", actor="clerk")
        assert report.counts == {"again": 1, "deleted": 1, "rejected": 0}


# "Lê Văn Mẫu" and "Hoàng Thị Thử" of "Vĩnh Tường", as Windows' Western code page shows what was typed for TCVN3.
TYPED = ("Lª V¨n MÉu", "Hoµng ThÞ Thö")
DISTRICT = "VÜnh Têng"


@pytest.mark.parametrize(("encoding", "shown_in"), [("utf-8", "utf-8"), ("cp1252", "cp1258")])
def test_rows_that_were_taken_before_somebody_said_for_which_font_they_were_typed_are_known(
    place: Any, encoding: str, shown_in: str
) -> None:
    from vaxcert.tables.values.reading import Reading

    typed = Reading(legacy_font="tcvn3")
    path: Path = place.folder / "unit.csv"
    head = "Ho ten,Ngay sinh,Huyen,Vac xin,Mui,Ngay tiem"
    lines = [f"{name},17/05/1990,{DISTRICT},{','.join(KNOWN.values())}" for name in TYPED]
    path.write_bytes("\n".join([head, *lines]).encode(encoding))
    importing.run(place.registry, path, actor="clerk", reading=typed)
    assert [one.profile.person.full_name for one in place.people()] == ["Lê Văn Mẫu", "Hoàng Thị Thử"]
    seen = [text.encode(encoding).decode(shown_in) for text in (*TYPED, DISTRICT)]
    said = [{"full_name": name, "date_of_birth": "17/05/1990", "district": seen[2]} for name in seen[:2]]
    noted_as(place, *[one | KNOWN for one in said])
    privacy.delete_person(place.registry, 2, actor="chief", reason="asked")
    for _ in range(2):
        report = importing.run(place.registry, path, actor="clerk", reading=typed)
        assert report.counts == {"again": 1, "deleted": 1, "rejected": 0}
        assert len(place.people()) == 1


def test_what_was_taken_without_its_font_is_known_once_that_is_said(place: Any) -> None:
    from vaxcert.tables.values.reading import Reading

    path: Path = place.folder / "unit.csv"
    lines = ["Ho ten,Ngay sinh,Huyen,Vac xin,Mui,Ngay tiem", f"Lan Anh,1990,{DISTRICT},Comirnaty,1/2,01/03/2026"]
    path.write_text("\n".join(lines), "utf-8")
    assert importing.run(place.registry, path, actor="clerk").counts == {"new": 1, "rejected": 0}
    privacy.delete_person(place.registry, 1, actor="chief", reason="asked")
    report = importing.run(place.registry, path, actor="clerk", reading=Reading(legacy_font="tcvn3"))
    assert report.counts == {"deleted": 1, "rejected": 0}


def test_columns_that_the_first_version_had_to_be_told_are_known_without_being_told_again(place: Any) -> None:
    path: Path = place.folder / "unit.csv"
    head = ("Họ và tên người được tiêm", "Ngày sinh (ngày/tháng/năm)", "Vắc xin", "Mũi", "Ngày tiêm", "Địa chỉ")
    path.write_text("\n".join((";".join(head), ";".join((*HOANG.values(), *KNOWN.values(), "Tổ 1")))), "utf-8")
    importing.run(place.registry, path, actor="clerk")
    noted_as(place, HOANG | KNOWN)
    privacy.delete_person(place.registry, 1, actor="chief", reason="asked")
    assert importing.run(place.registry, path, actor="clerk").counts == {"deleted": 1, "rejected": 0}
