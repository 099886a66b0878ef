"""Workbooks as offices keep them: cover sheets, merged cells, sheets too far apart, and files that are none."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from vaxcert import ConfigurationError
from vaxcert.errors import DamagedError, Reason
from vaxcert.tables import open_table

HEAD = ("Họ và tên", "Ngày sinh", "Vắc xin", "Mũi", "Ngày tiêm")
ROW = ("Lê Mẫu Hai", "02/03/1991", "Comirnaty", "1/2", "01/06/2026")


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    """Writes a workbook of sheets, each with its rows; `change` may do more to it."""

    def make(change: Callable[[openpyxl.Workbook], object] | None = None, **sheets: list[tuple[object, ...]]) -> Path:
        made = openpyxl.Workbook()
        made.remove(made.worksheets[0])
        for name, rows in sheets.items():
            sheet = made.create_sheet(name)
            for row in rows:
                sheet.append(list(row))
        if change is not None:
            change(made)
        made.save(tmp_path / "book.xlsx")
        return tmp_path / "book.xlsx"

    return make


def test_the_sheet_that_has_the_table_is_found_behind_others(book: Callable[..., Path]) -> None:
    path = book(Guide=[("How to fill this in",), ("Name",)], Empty=[], Data=[("LIST",), HEAD, ROW], Codes=[("1", "x")])
    assert [(row.line, row.cells) for row in open_table(path)] == [(3, ROW)]


def test_several_sheets_with_a_table_are_named_and_one_is_taken_when_it_is_said_which(
    book: Callable[..., Path],
) -> None:
    path = book(May=[HEAD, ROW], June=[HEAD, ("Trần Mẫu Ba", *ROW[1:])])
    with pytest.raises(ConfigurationError, match="'May', 'June'; say which with --sheet"):
        open_table(path)
    for which, name in (("June", "Trần Mẫu Ba"), ("2", "Trần Mẫu Ba"), ("1", "Lê Mẫu Hai")):
        assert [row.cells[0] for row in open_table(path, sheet=which)] == [name]
    with pytest.raises(ConfigurationError, match="no sheet '3'"):
        open_table(path, sheet="3")


def test_a_hidden_sheet_is_read_only_when_it_is_named(book: Callable[..., Path]) -> None:
    def hide(made: openpyxl.Workbook) -> None:
        made["Old"].sheet_state = "hidden"

    path = book(hide, Old=[HEAD, ("Cũ Mẫu", *ROW[1:])], New=[HEAD, ROW])
    assert [row.cells[0] for row in open_table(path)] == ["Lê Mẫu Hai"]
    assert [row.cells[0] for row in open_table(path, sheet="Old")] == ["Cũ Mẫu"]


def test_merged_cells_say_the_same_in_all_their_places(book: Callable[..., Path]) -> None:
    def merge(made: openpyxl.Workbook) -> None:
        for cells in ("A1:E1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "C4:C5"):
            made["Data"].merge_cells(cells)

    rows = [("SỞ Y TẾ MẪU",), ("Họ tên", "Năm sinh", "Vắc xin", "Ngày tiêm"), ("", "", "", "Mũi 1", "Mũi 2"),
            ("Lê Mẫu", 1990, "Comirnaty", "01/03/2026", ""), ("Trần Mẫu", 1991, "", "02/03/2026", "01/06/2026")]  # fmt: skip
    table = open_table(book(merge, Data=rows))
    found = [(row.line, row.dose, table.values(row)["product"], table.values(row)["date"]) for row in table]
    assert found == [
        (4, 1, "Comirnaty", "01/03/2026"), (5, 1, "Comirnaty", "02/03/2026"), (5, 2, "Comirnaty", "01/06/2026"),
    ]  # fmt: skip


def test_a_table_that_begins_below_and_beside_the_corner_keeps_its_lines(book: Callable[..., Path]) -> None:
    path = book(Data=[(), (), ("", "", *HEAD), ("", "", *ROW)])
    assert [(row.line, row.cells) for row in open_table(path)] == [(4, ("", "", *ROW))]


def test_a_cell_at_the_far_end_of_a_sheet_is_named_and_costs_no_memory(book: Callable[..., Path]) -> None:
    def stray(made: openpyxl.Workbook) -> None:
        made["Data"]["XFC1048000"] = "."

    with pytest.raises(ConfigurationError, match=r"book\.xlsx: the cell XFC1048000 .*Delete the columns") as caught:
        open_table(book(stray, Data=[HEAD, ROW]))
    assert caught.value.reason is Reason.TOO_LARGE


@pytest.mark.parametrize("name", ["t.xlsx", "t.xls", "t.ods"])
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"<html>"])
def test_what_is_no_workbook_is_an_error_that_names_the_file(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DamagedError, match=name):
        open_table(tmp_path / name)


def test_a_workbook_that_is_cut_short_is_an_error(book: Callable[..., Path]) -> None:
    path = book(Data=[HEAD, *[ROW] * 200])
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(DamagedError):
        open_table(path)


def test_an_opendocument_sheet_is_read_as_the_others_are(tmp_path: Path) -> None:
    cells = "".join(
        "<table:table-row>"
        + "".join(f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row)
        + "</table:table-row>"
        for row in (HEAD, ROW)
    )  # fmt: skip
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f'<office:document-content {names} office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="a">{cells}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    with zipfile.ZipFile(tmp_path / "t.ods", "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("content.xml", content)
        made.writestr("META-INF/manifest.xml", manifest)
    assert [(row.line, row.cells) for row in open_table(tmp_path / "t.ods")] == [(2, ROW)]


def test_what_a_failed_formula_shows_is_what_its_cell_says(book: Callable[..., Path]) -> None:
    def fail(made: openpyxl.Workbook) -> None:
        for place, error in (("C2", "#REF!"), ("F2", "#N/A"), ("H2", "#DIV/0!")):
            made["Data & more"][place].value = error
            made["Data & more"][place].data_type = "e"

    path = book(
        fail, **{"Guide": [("x",)], "Data & more": [(*HEAD, "Lô", "Tên xã", "CCCD"), (*ROW, "L1", "Mẫu", "1"), ROW]}
    )
    cells = [row.cells[:8] for row in open_table(path)]
    assert cells[0] == (*ROW[:2], "#REF!", *ROW[3:], "#N/A", "Mẫu", "#DIV/0!")
    assert cells[1][:5] == ROW
