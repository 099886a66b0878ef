"""Rows that were not taken come back as a table, go in again once they are mended, and are forgotten when they must be."""

import csv
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from vaxcert import ConfigurationError
from vaxcert.registry import schema
from vaxcert.registry.care import privacy
from vaxcert.registry.intake import importing, mending
from vaxcert.registry.records import rejected

BAD = {"full_name": "Trần Ví Dụ", "date": "32/13/2026", "dose": "x", "phone": "gọi sau", "national_id": "099000000002"}


def cells_of(path: Path) -> list[list[str]]:
    if path.suffix == ".csv":
        return list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    import openpyxl

    rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


def kept(place: Any) -> list[bool]:
    with place.registry.reading() as connection:
        return [
            cells is not None
            for cells in connection.scalars(select(schema.reject.c.cells).order_by(schema.reject.c.id))
        ]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_rejected_rows_come_back_with_all_their_faults_and_go_in_once_they_are_mended(place: Any, ending: str) -> None:
    report = place.take({}, BAD)
    assert report.counts == {"new": 1, "rejected": 1}
    assert {(problem.field, problem.reason) for problem in report.problems} == {
        ("date", "not_a_date"), ("number", "not_a_number"), ("phone", "not_a_telephone"),
    }  # fmt: skip
    out = place.folder / f"mend.{ending}"
    assert mending.write(place.registry, report.run, out, actor="clerk") == 1
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    table = importing.opened(out)
    (row,) = table
    assert row.cells[11] == "3"
    again = importing.run(place.registry, out, actor="clerk")
    assert again.counts == {"rejected": 1}
    mended = {"32/13/2026": "01/03/2026", "x": "1/2", "gọi sau": "0100000002"}
    path = place.folder / "mended.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([table.columns, [mended.get(cell, cell) for cell in row.cells]])
    assert importing.run(place.registry, path, actor="clerk").counts == {"new": 1, "rejected": 0}
    assert importing.run(place.registry, path, actor="clerk").counts == {"again": 1, "rejected": 0}


def test_cells_beyond_the_headings_are_kept_too_and_named_until_somebody_says_what_they_are(place: Any) -> None:
    path: Path = place.folder / "unit.csv"
    row = "Lê Mẫu,17/05/1990,Comirnaty,x,01/03/2026,0100000003"
    path.write_text(f"Họ và tên,Ngày sinh,Vắc xin,Mũi,Ngày tiêm\n{row}\n", "utf-8")
    for opening in (importing.run, importing.check):
        with pytest.raises(ConfigurationError, match="nothing reads 'F'"):
            report = opening(place.registry, path, **({"actor": "clerk"} if opening is importing.run else {}))
            report.understood.require()
    report = importing.run(place.registry, path, actor="clerk", ignored=["F"])
    mending.write(place.registry, report.run, place.folder / "mend.csv", actor="clerk", lang="vi")
    (read,) = importing.opened(place.folder / "mend.csv", ignored=["F"])
    assert read.cells == (*row.split(","), "2", "mũi số", "mũi số: không phải số nguyên từ 1 đến 9")


def test_of_a_row_with_two_doses_the_one_that_was_not_taken_comes_back(place: Any) -> None:
    path: Path = place.folder / "wide.csv"
    path.write_text(
        "Họ và tên;Ngày sinh;SĐT;Ngày tiêm mũi 1;Vắc xin mũi 1;Ngày tiêm mũi 2;Vắc xin mũi 2\n"
        "Lê Mẫu;17/05/1990;0100000003;01/03/2026;Comirnaty;31/02/2026;Comirnaty\n",
        "utf-8",
    )
    report = importing.run(place.registry, path, actor="clerk")
    assert report.counts == {"new": 1, "rejected": 1}
    out = place.folder / "mend.csv"
    mending.write(place.registry, report.run, out, actor="clerk")
    out.write_text(out.read_text("utf-8-sig").replace("31/02/2026", "28/04/2026"), "utf-8")
    assert importing.run(place.registry, out, actor="clerk").counts == {"matched": 1, "rejected": 0}


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_row_of_which_no_dose_was_taken_comes_back_as_one_row(place: Any, ending: str) -> None:
    path: Path = place.folder / "wide.csv"
    path.write_text(
        "Họ và tên;Ngày sinh;SĐT;Ngày tiêm mũi 1;Vắc xin mũi 1;Ngày tiêm mũi 2;Vắc xin mũi 2\n"
        "Lê Mẫu;31/02/1990;0100000003;01/03/2026;Comirnaty;29/02/2026;Comirnaty\n"
        "Lê Ví Dụ;x;0100000004;01/03/2026;Comirnaty;;\n",
        "utf-8",
    )
    report = importing.run(place.registry, path, actor="clerk")
    assert report.counts == {"rejected": 3}
    out = place.folder / f"mend.{ending}"
    assert mending.write(place.registry, report.run, out, actor="clerk", lang="vi") == 2
    head, *rows = cells_of(out)
    assert rows[0][3:9] == ["01/03/2026", "Comirnaty", "29/02/2026", "Comirnaty", "2", "ngày sinh, ngày tiêm"]
    assert [row[7] for row in rows] == ["2", "3"]
    mended = {"31/02/1990": "17/05/1990", "29/02/2026": "28/03/2026", "x": "1985"}
    path = place.folder / "mended.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([head, *([mended.get(cell, cell) for cell in row] for row in rows)])
    report = importing.run(place.registry, path, actor="clerk")
    assert report.counts == {"matched": 1, "new": 2, "rejected": 0}


def test_nothing_of_a_rejected_row_can_be_read_in_the_database(place: Any) -> None:
    place.take({}, BAD)
    for path in place.folder.glob("registry.db*"):
        for secret in ("Trần Ví Dụ", "gọi sau", "099000000002"):
            assert secret.encode() not in path.read_bytes()


def test_rejected_rows_of_who_is_deleted_are_shown_before_and_forgotten_with_them(place: Any) -> None:
    place.take({"full_name": "Trần Ví Dụ", "national_id": "099000000002", "phone": "0100000002"})
    by_number = {**BAD, "full_name": "Trần Viết Sai", "date_of_birth": "1990-05-18"}
    by_name = {**BAD, "national_id": ""}
    of_another = {**BAD, "full_name": "Lê Hư Cấu", "national_id": "099000000003"}
    report = place.take(by_number, by_name, of_another)
    shown = privacy.export_person(place.registry, 1, actor="chief")["rejected_rows"]
    assert [cells[0] for cells in shown] == ["Trần Viết Sai", "Trần Ví Dụ"]
    privacy.delete_person(place.registry, 1, actor="chief", reason="asked")
    assert kept(place) == [False, False, True]
    out = place.folder / "mend.csv"
    assert mending.write(place.registry, report.run, out, actor="clerk") == 1
    assert "Lê Hư Cấu" in out.read_text("utf-8-sig")
    with place.registry.reading() as connection:
        assert {line for line, _ in rejected.problems(connection, report.run)} == {2, 3, 4}


def test_retention_and_a_clerk_who_is_done_forget_rejected_rows(place: Any) -> None:
    first = place.take({}, BAD)
    place.now += timedelta(days=400)
    second = place.take({**BAD, "full_name": "Lê Hư Cấu"})
    privacy.retain(place.registry, keep=timedelta(days=365), actor="chief")
    assert kept(place) == [False, True]
    with pytest.raises(ConfigurationError, match="no row of it is kept"):
        mending.write(place.registry, first.run, place.folder / "mend.csv", actor="clerk")
    assert mending.forget(place.registry, second.run, actor="clerk") == 1
    assert kept(place) == [False, False]
    assert mending.forget(place.registry, second.run, actor="clerk") == 0


def test_an_import_keeps_how_its_table_was_understood(place: Any) -> None:
    from vaxcert.registry import runs

    path = place.folder / "unit.csv"
    path.write_text("name,born,vaccine,dose,date,note\nLê Mẫu,17/05/1990,Comirnaty,1/2,01/03/2026,x\n,,,,,\n", "utf-8")
    report = importing.run(place.registry, path, actor="clerk")
    assert (report.passed_over, report.understood["unread"]) == (1, ["F note"])
    (run,) = runs.listed(place.registry)
    assert run.understood["read"][0] == "A name → full_name"
    assert run.understood["unread"] == ["F note"]
    assert run.understood["evidence"] == ["dates: 1 can only have the day first, 0 only the month, 1 either"]
    assert "Lê" not in str(run.understood)


def test_what_is_wrong_is_counted_the_commonest_first(place: Any) -> None:
    report = place.take({"date": "31/02/2026"}, {"date": "32/02/2026", "phone": "22"}, {"dose": ""}, {})
    found = mending.problems(place.registry, report.run)
    assert [(problem.field, count) for problem, count in found][:1] == [("date", 2)]
    assert sum(count for _, count in found) >= 3
    assert mending.problems(place.registry, 99) == []
