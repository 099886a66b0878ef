"""A table of rows that were not taken is one that a clerk mends and gives again: nothing of it became something else."""

import stat
import zipfile
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vaxcert import ConfigurationError
from vaxcert.errors import Problem, Reason
from vaxcert.tables import open_table, survey
from vaxcert.tables.cells import clean
from vaxcert.tables.headings import ADDED
from vaxcert.tables.values.reading import Reading
from vaxcert.tables.writing import rejects, xlsx
from vaxcert.tables.writing.rejects import Rejected

HEADINGS = ("Họ và tên", "Ngày sinh", "Vắc xin", "Mũi", "Ngày tiêm", "Ghi chú của trạm")
ROW = ("Nguyễn Mẫu", "01/02/1990", "Comirnaty", "1/2", "", "=HYPERLINK(0)")
WRONG = (Problem("date", Reason.MISSING), Problem("number", Reason.NOT_A_NUMBER, (("least", 1), ("most", 9))))


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_rejects_are_read_again_as_what_they_were_and_all_faults_stand_beside(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"mend.{ending}"
    rejects.write(path, HEADINGS, lambda: [Rejected("7", ROW, WRONG)])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    table = open_table(path)
    (row,) = table
    assert table.columns == (*HEADINGS, "line", "field", "reason_vi", "reason_en")
    assert table.values(row) == {
        "full_name": "Nguyễn Mẫu", "date_of_birth": "01/02/1990", "product": "Comirnaty", "number": "1/2",
    }  # fmt: skip
    assert row.cells[6:8] == ("7", "date, number")
    assert row.cells[8] == "ngày tiêm: thiếu; mũi số: không phải số nguyên từ 1 đến 9"
    # Of what was added nobody needs to be told, and a second round adds nothing to it.
    assert [column.heading for column in survey(table).unread] == ["Ghi chú của trạm"]
    again = tmp_path / f"again.{ending}"
    rejects.write(again, table.columns, lambda: [Rejected("2", row.cells, WRONG[:1])])
    (second,) = open_table(again)
    assert second.cells == (*row.cells[:6], "2", "date", "ngày tiêm: thiếu", "date: missing")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_cells_beyond_the_headings_come_back_in_their_places(tmp_path: Path, ending: str) -> None:
    own = (*ROW[:5], "ghi chú")
    path = tmp_path / f"mend.{ending}"
    rows = [Rejected("7", (*own, "xã Mẫu", "0100000001", "", ""), WRONG), Rejected("8", own, WRONG)]
    rejects.write(path, HEADINGS, lambda: rows)
    table = open_table(path, ignored=["H"])
    assert table.columns == (*HEADINGS, "", "", *ADDED[None])
    assert [row.cells[: len(HEADINGS) + 3] for row in table] == [
        (*own, "xã Mẫu", "0100000001", "7"), (*own, "", "", "8"),
    ]  # fmt: skip
    again = tmp_path / f"again.{ending}"
    rejects.write(again, table.columns, lambda: [Rejected(str(row.line), row.cells, WRONG) for row in table])
    assert [row.cells[:8] for row in open_table(again)] == [row.cells[:8] for row in table]


@pytest.mark.parametrize(
    ("lang", "field", "told"),
    [("vi", "ngày tiêm, mũi số", "ngày tiêm: thiếu"), ("en", "date, number", "date: missing")],
)
def test_what_is_wrong_is_said_in_one_language_where_one_is_wanted(
    tmp_path: Path, lang: Literal["vi", "en"], field: str, told: str
) -> None:
    path = tmp_path / "mend.csv"
    rejects.write(path, HEADINGS, lambda: [Rejected("7", ROW, WRONG)], lang)
    table = open_table(path)
    (row,) = table
    assert row.cells[6:8] == ("7", field)
    assert row.cells[8].startswith(f"{told}; ")
    assert len(row.cells) == 9
    assert [column.heading for column in survey(table).unread] == ["Ghi chú của trạm"]


def test_rows_that_were_given_back_are_unicode_whatever_they_were_typed_for(tmp_path: Path) -> None:
    path = tmp_path / "mend.csv"
    row = ("Lê Hà", *ROW[1:4], "01/03/2026", "")
    rejects.write(path, HEADINGS, lambda: [Rejected("7", row, WRONG)])
    table = open_table(path, reading=Reading(legacy_font="tcvn3"))
    assert [table.values(one)["full_name"] for one in table] == ["Lê Hà"]


def test_columns_of_these_names_in_another_table_are_its_own(tmp_path: Path) -> None:
    path = tmp_path / "unit.csv"
    path.write_text("name,born,vaccine,dose,date,line,field\nLê Mẫu,1990,Comirnaty,1/2,01/02/2026,5,x\n", "utf-8")
    assert [column.heading for column in survey(open_table(path)).unread] == ["line", "field"]


def test_a_workbook_of_rejects_has_text_in_every_cell_and_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "mend.xlsx"
    rejects.write(path, HEADINGS, lambda: [Rejected("7", ROW, WRONG)])
    import openpyxl

    sheet = openpyxl.load_workbook(path).active
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
    assert {cell.number_format for cell in cells} == {"@"}
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert cells[5].value == "=HYPERLINK(0)"


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=5))
def test_whatever_stands_in_a_cell_a_workbook_of_it_is_read(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str]
) -> None:
    import python_calamine

    path = tmp_path_factory.mktemp("book") / "mend.xlsx"
    xlsx.write(path, ["x"] * len(cells), [cells])
    rows = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    read = [clean(str(cell)) for cell in rows[1]] if len(rows) > 1 else [""] * len(cells)
    assert [clean(one.replace("\ufffd", "")) for one in read] == [
        clean(xlsx._UNSAYABLE.sub("", cell).replace("\ufffd", "")) for cell in cells
    ]


def test_a_table_of_rejects_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mend.xlsx"
    path.write_text("before")
    monkeypatch.setattr(xlsx, "MOST_ROWS", 2)
    with pytest.raises(ConfigurationError, match=r"more than 1 rows: write a \.csv"):
        rejects.write(path, HEADINGS, lambda: [Rejected("7", ROW, WRONG), Rejected("8", ROW, WRONG)])
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(ConfigurationError, match=r"\.csv or \.xlsx"):
        rejects.write(tmp_path / "mend.ods", HEADINGS, list)


def test_rejects_end_as_the_tables_that_they_come_from() -> None:
    assert rejects.ending([Path("a.csv"), Path("b.tsv")]) == rejects.ending([Path("a.parquet")]) == ".csv"
    assert rejects.ending([Path("a.XLSX")]) == rejects.ending([Path("a.csv"), Path("b.ods")]) == ".xlsx"


def test_a_workbook_has_the_parts_that_spreadsheets_ask_for(tmp_path: Path) -> None:
    xlsx.write(tmp_path / "a.xlsx", ["a"], [])
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert set(archive.namelist()) == {
            "[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
            "xl/worksheets/sheet1.xml",
        }  # fmt: skip
