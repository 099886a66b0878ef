"""Whole sheets: whatever stands in them, nothing of it is lost without a word and nothing is invented."""

import csv
import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vaxcert.errors import VaxcertError
from vaxcert.names import plain
from vaxcert.tables import open_table, survey
from vaxcert.tables.cells import said
from vaxcert.tables.evidence import Evidence
from vaxcert.tables.records import read_all
from vaxcert.tables.spellings import FIELDS, RECORDED, SPELLINGS

ALL = FIELDS | RECORDED
Cells = list[list[str]]


def _lines(rows: Cells, delimiter: str = ",") -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue()


def _xlsx(rows: Cells, path: Path) -> None:
    import openpyxl

    made = openpyxl.Workbook()
    for row in rows:
        made.worksheets[0].append(row)
    made.save(path)


CONTAINERS: dict[str, Callable[[Cells, Path], object]] = {
    "comma.csv": lambda rows, path: path.write_text(_lines(rows), "utf-8"),
    "semicolon.csv": lambda rows, path: path.write_text(_lines(rows, ";"), "utf-8-sig"),
    "bar.txt": lambda rows, path: path.write_text(_lines(rows, "|"), "utf-8"),
    "utf16.tsv": lambda rows, path: path.write_text(_lines(rows, "\t"), "utf-16"),
    "cr.csv": lambda rows, path: path.write_bytes(_lines(rows).replace("\r\n", "\r").encode()),
    "marked.csv": lambda rows, path: path.write_text("sep=;\r\n" + _lines(rows, ";"), "utf-8-sig", newline=""),
    "book.xlsx": _xlsx,
}
MOST_SPELLINGS = max(len(spelling.whole) + len(spelling.core) for spelling in SPELLINGS.values())
WAYS: list[Callable[[str], str]] = [str, str.upper, str.title, lambda text: f" {text} (*)", lambda text: f"{text}:"]


@pytest.mark.parametrize("name", CONTAINERS)
def test_every_spelling_in_every_container_loses_no_cell_without_naming_its_column(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    # A workbook is another process each time.
    for turn in range(0, MOST_SPELLINGS, 12 if name == "book.xlsx" else 1):
        heads = {field: (spelling.whole + spelling.core) or (field,) for field, spelling in SPELLINGS.items()}
        way = WAYS[turn % len(WAYS)]
        columns = [way(texts[turn % len(texts)]) for texts in heads.values()] + ["Ghi chú", ""]
        rows = [[f"{line}, {column}" for column in range(len(columns))] for line in range(3)]
        CONTAINERS[name]([["DANH SÁCH"], columns, *rows], path)
        table = open_table(path, None, ALL)
        named = {column.letter for column in survey(table).unread}
        assert named == {"AE", "AF"}, columns
        for row, cells in zip(table, rows, strict=True):
            assert table.values(row) == dict(zip(heads, cells, strict=False)), columns


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
HEADINGS = st.sampled_from(
    [
        "Họ và tên",
        "Họ",
        "Tên",
        "Ngày sinh",
        "Năm sinh",
        "Nam",
        "Giới tính: Nữ",
        "Vắc xin",
        "Mũi số",
        "Ngày tiêm",
        "Ngày tiêm mũi 1",
        "Lô mũi 2",
        "CCCD",
        "",
    ]
)
CELLS = st.one_of(TEXTS, HEADINGS, st.sampled_from(["1", "2", "01/06/2026", "(1)", "  ", "\u200b", "'=1", '="09"']))
SHEETS = st.lists(st.lists(CELLS, max_size=8), max_size=8)


@example(titles=[], body=[["", "Họ", "", "3", "", "Ngày sinh"], ["0"]], whole=True, delimiter=",")
@given(
    titles=st.lists(st.lists(TEXTS, max_size=3), max_size=4),
    body=SHEETS,
    whole=st.booleans(),
    delimiter=st.sampled_from(",;\t|"),
)
def test_whatever_stands_in_a_sheet_there_is_no_other_error_than_ours_and_nothing_is_invented(
    titles: Cells, body: Cells, whole: bool, delimiter: str
) -> None:
    head = [["Họ và tên", "Ngày sinh", "Vắc xin", "Mũi số", "Ngày tiêm"]] if whole else []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(f"sep={delimiter}\n".encode() + _lines([*titles, *head, *body], delimiter).encode())
        try:
            table = open_table(path, None, ALL)
            rows = list(table)
            survey(table, Evidence(table))
        except VaxcertError:
            return
    # Of a row that states several doses, what number each is stands in a heading.
    told = {"1", "2"} | {said(cell) for line in (*titles, *body) for cell in line if said(cell).isdigit()}
    for row in rows:
        texts = {said(cell) for cell in row.cells} | (told if row.dose else set())
        assert set(table.values(row).values()) - {"Nam", "Nữ", "Nam, Nữ"} <= texts
        assert "" not in table.values(row).values()
        person = read_all(table.values(row)).person
        if person is not None:
            words = {word for text in texts for word in text.split()}
            assert words.issuperset(f"{person.family_name} {person.given_name}".split())
    assert all(
        plain(column) or not table.sources[0].layout.read & {number} for number, column in enumerate(table.columns)
    )
