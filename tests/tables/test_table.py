"""Tables of every kind that clinics have, row by row."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert import ConfigurationError
from vaxcert.batch import open_table
from vaxcert.names import plain
from vaxcert.tables.delimited import lines
from vaxcert.tables.headings import load_mapping, meaning

ENGLISH = ("family_name", "given_name", "date_of_birth", "product", "number", "series", "date")
VALUES = ("Nguyễn", "Mẫu Thử", "1990-05-17", "EU/1/20/1528", "1", "2", "2026-06-01")
EXPECTED = dict(zip(ENGLISH, VALUES, strict=True))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1258", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_in_each_encoding_and_with_each_delimiter_says_the_same(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    import unicodedata

    text = delimiter.join(ENGLISH) + "\r\n" + delimiter.join(VALUES) + "\r\n"
    if encoding == "cp1258":
        # As that code page has them: a vowel with its hat or hook is one character, its tone another.
        text = "".join(_for_cp1258(letter) for letter in unicodedata.normalize("NFC", text))
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode(encoding))
    table = open_table(path)
    (row,) = table
    assert row.line == 2
    values = {field: unicodedata.normalize("NFC", text) for field, text in table.values(row).items()}
    assert values == EXPECTED


def _for_cp1258(letter: str) -> str:
    import unicodedata

    try:
        letter.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", letter)
        return unicodedata.normalize("NFC", parts[:-1]) + parts[-1] if len(parts) == 2 else _hat_first(parts)
    return letter


def _hat_first(parts: str) -> str:
    import unicodedata

    tones = "\u0300\u0301\u0303\u0309\u0323"
    tone = "".join(part for part in parts if part in tones)
    return unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones)) + tone


def test_xlsx_gives_dates_and_numbers_as_texts(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(ENGLISH))
    sheet.append(["Nguyễn", "Mẫu Thử", dt.date(1990, 5, 17), "EU/1/20/1528", 1, 2.0, dt.datetime(2026, 6, 1)])
    book.save(tmp_path / "t.xlsx")
    table = open_table(tmp_path / "t.xlsx")
    assert [table.values(row) for row in table] == [EXPECTED]


def test_parquet_gives_dates_and_numbers_as_texts(tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    columns = dict(zip(ENGLISH, ([value] for value in VALUES), strict=True))
    columns |= {"date": [dt.date(2026, 6, 1)], "number": [1], "series": [2]}  # type: ignore[dict-item]
    parquet.write_table(pa.table(columns), tmp_path / "t.parquet")
    table = open_table(tmp_path / "t.parquet")
    assert [table.values(row) for row in table] == [EXPECTED]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Họ và tên", "full_name"), ("HỌ TÊN", "full_name"), ("Ngày sinh (*)", "date_of_birth"), ("Mũi số", "number"),
        ("Tổng số mũi", "series"), ("Ngày tiêm chủng", "date"), ("Loại vắc xin", "product"), ("Số lô", "lot"),
        ("Date of birth", "date_of_birth"), ("doses_in_series", "series"), ("Điểm tiêm", "site"),
    ],
)  # fmt: skip
def test_headings_are_understood_in_both_languages(heading: str, field: str) -> None:
    means = meaning(heading, {})
    assert means is not None and (means.field, means.dose) == (field, "")


def test_a_mapping_names_columns_of_its_own(tmp_path: Path, table: Callable[..., Path]) -> None:
    path = tmp_path / "own.csv"
    path.write_text("Cột A,Cột B,born,vaccine,dose,date\nTrần Mẫu,x,1990,Comirnaty,1/2,2026-06-01\n", "utf-8")
    with pytest.raises(ConfigurationError, match="no column for family_name"):
        open_table(path)
    (tmp_path / "map.json").write_text(json.dumps({"Cột A": "full_name", "cột b": "lot"}), "utf-8")
    own = open_table(path, load_mapping(tmp_path / "map.json"))
    (row,) = own
    assert own.values(row)["full_name"] == "Trần Mẫu"
    assert own.values(row)["lot"] == "x"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[]", "not a JSON object"),
        ("{", "not a JSON object"),
        ('{"a": "height"}', "no such field"),
        ('{"a": 1}', "not"),
    ],
)
def test_a_mapping_that_is_none_is_an_error(tmp_path: Path, content: str, says: str) -> None:
    (tmp_path / "map.json").write_text(content, "utf-8")
    with pytest.raises(ConfigurationError, match=says):
        load_mapping(tmp_path / "map.json")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("t.csv", b"", "empty table"),
        ("t.doc", b"x", "not .csv"),
        ("t.xlsx", b"no zip", "not a readable XLSX"),
        ("t.parquet", b"no parquet", "not a readable Parquet"),
        ("t.csv", b"name,Name,born,vaccine,dose,date\nA,B,1990,x,1/2,2026-01-01\n", "two columns for full_name"),
        ("t.csv", b'name,born,vaccine,dose,date\n"open,1990\n', "not CSV"),
    ],
)
def test_what_is_no_table_is_an_error_that_says_so(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ConfigurationError, match=says):
        list(open_table(tmp_path / name))


def test_a_missing_table_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        open_table(tmp_path / "none.csv")


def test_short_rows_are_filled_and_empty_ones_passed_over(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("name,born,vaccine,dose,date\n\nTrần\n,,,,\nLê,1990,x,1/2,2026-01-01\n", "utf-8")
    table = open_table(tmp_path / "t.csv")
    assert [(row.line, table.values(row)["full_name"]) for row in table] == [(3, "Trần"), (5, "Lê")]


@given(cells=st.lists(st.lists(st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00")),
                               min_size=2, max_size=4), min_size=1))  # fmt: skip
def test_what_is_written_is_read_back(cells: list[list[str]]) -> None:
    import csv
    import io

    assert list(csv.reader(io.StringIO(lines(*cells), newline=""))) == cells


@given(st.text())
def test_a_plain_heading_is_plain_again(text: str) -> None:
    assert plain(plain(text)) == plain(text)
