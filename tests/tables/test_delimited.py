"""CSV in stretches: what each process reads by itself is, together, what the csv module reads."""

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert import ConfigurationError
from vaxcert.batch import open_table
from vaxcert.errors import Problem, Reason
from vaxcert.tables import delimited
from vaxcert.tables.delimited import RowsHeld, Stretch
from vaxcert.tables.records import read_all

HEAD = "name,born,vaccine,dose,date\n"
CELLS = st.lists(
    st.lists(st.text(st.sampled_from('ab"\n\r, Đỗ\u0085\u2028'), max_size=6), min_size=1, max_size=4),
    min_size=1,
    max_size=20,
)


@given(rows=CELLS, size=st.integers(1, 5), end=st.sampled_from(["\n", "\r\n", "\r"]), quote=st.booleans())
def test_stretches_together_are_the_whole(rows: list[list[str]], size: int, end: str, quote: bool) -> None:
    stream = io.StringIO()
    csv.writer(stream, lineterminator=end, quoting=csv.QUOTE_ALL if quote else csv.QUOTE_MINIMAL).writerows(rows)
    text = "a,b\n" + stream.getvalue()
    whole = list(enumerate(csv.reader(io.StringIO(text, newline="")), 1))[1:]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(text.encode())
        pieces = list(delimited.pieces(path, size))
        found = [(line, list(cells)) for piece in pieces for line, cells in piece.rows()]
    assert found == [(line, cells) for line, cells in whole if cells]
    assert sum(piece.lines for piece in pieces) == len(whole)


def test_a_large_table_is_read_in_stretches_and_never_sent(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(HEAD + "Lê,1990,x,1/2,2026-01-01\n" * 2_500, "utf-8")
    parts = list(open_table(path).parts(1_000))
    assert [type(part.piece) for part in parts] == [Stretch] * 3
    assert [(part.piece.first, part.piece.lines) for part in parts] == [(2, 1_000), (1_002, 1_000), (2_002, 500)]


def test_utf_16_is_read_where_the_table_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(HEAD + "Lê,1990,x,1/2,2026-01-01\n" * 3, "utf-16")
    assert [type(part.piece) for part in open_table(path).parts(2)] == [RowsHeld] * 2
    assert [row.line for row in open_table(path)] == [2, 3, 4]


def test_a_quotation_mark_left_open_is_found_without_reading_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(HEAD + '"open\n' + "x,1,y,1/2,z\n" * 200_000, "utf-8")
    with pytest.raises(ConfigurationError, match="row 2 is not CSV"):
        list(open_table(path).parts())


def test_a_table_that_shrinks_while_it_is_read_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(HEAD + "Lê,1990,x,1/2,2026-01-01\n" * 3, "utf-8")
    (part,) = open_table(path).parts()
    path.write_text(HEAD, "utf-8")
    with pytest.raises(ConfigurationError, match="cut short"):
        list(part.rows())


def test_the_lines_of_a_folder_are_counted_through_and_named_by_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HEAD + "A,1990,x,1/2,2026-01-01\nB,1990,x,1/2,2026-01-01\n", "utf-8")
    (tmp_path / "b.csv").write_text(HEAD, "utf-8")
    (tmp_path / "c.csv").write_text(HEAD + "C,1990,x,1/2,2026-01-01\n", "utf-8")
    (tmp_path / "notes.doc").write_text("no table")
    table = open_table(tmp_path)
    rows = [(row.line, row.cells[0]) for row in table]
    assert rows == [(2, "A"), (3, "B"), (4, "C")]
    assert [table.place(line) for line in (2, 3, 4)] == ["a.csv:2", "a.csv:3", "c.csv:2"]
    assert [part.place(row.line) for part in table.parts() for row in part.rows()] == ["a.csv:2", "a.csv:3", "c.csv:2"]


def test_each_file_of_a_folder_is_read_by_its_own_headings(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HEAD + "A,1990,x,1/2,2026-01-01\n", "utf-8")
    (tmp_path / "b.csv").write_text("Note,dose,born,name,vaccine,date\nn,2/2,1991,B,y,2026-01-02\n", "utf-8")
    table = open_table(tmp_path)
    assert table.columns == ("name", "born", "vaccine", "dose", "date", "Note")
    assert [(row.line, table.values(row)["full_name"], table.values(row)["number"]) for row in table] == [
        (2, "A", "1/2"), (3, "B", "2/2"),
    ]  # fmt: skip
    aligned = [part.aligned(row) for part in table.parts() for row in part.rows()]
    assert aligned == [("A", "1990", "x", "1/2", "2026-01-01", ""), ("B", "1991", "y", "2/2", "2026-01-02", "n")]


def test_a_folder_without_tables_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no \.csv"):
        open_table(tmp_path)


@pytest.mark.parametrize("groups", [1, 7, 1_000])
def test_parquet_is_read_by_slices_of_its_row_groups(tmp_path: Path, groups: int) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    count = 40
    columns = {"name": [f"N{i}" for i in range(count)], "born": ["1990"] * count, "vaccine": ["x"] * count,
               "dose": ["1/2"] * count, "date": ["2026-01-01"] * count}  # fmt: skip
    parquet.write_table(pa.table(columns), tmp_path / "t.parquet", row_group_size=groups)
    parts = list(open_table(tmp_path / "t.parquet").parts(10))
    rows = [(row.line, row.cells[0]) for part in parts for row in part.rows()]
    assert rows == [(i + 2, f"N{i}") for i in range(count)]
    assert max(part.piece.lines for part in parts) <= 10


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
def test_utf_16_is_known_without_its_mark(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(f"{HEAD}Đỗ Mẫu,1990,x,1/2,01/06/2026\n".encode(encoding))
    assert delimited.head(path, 2)[1] == (2, ("Đỗ Mẫu", "1990", "x", "1/2", "01/06/2026"))


@pytest.mark.parametrize("begins", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"])
def test_a_workbook_under_the_name_of_a_csv_is_told_as_that(tmp_path: Path, begins: bytes) -> None:
    (tmp_path / "t.csv").write_bytes(begins + bytes(range(200)))
    with pytest.raises(ConfigurationError, match="a workbook and no CSV"):
        delimited.head(tmp_path / "t.csv", 2)


def test_a_row_whose_cells_have_moved_beyond_the_headings_is_rejected_with_all_of_them(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "Họ và tên,Ngày sinh,Vắc xin,Mũi,Ngày tiêm,Cơ sở,Lô\nLê Mẫu,1990,AZ,1,01/06/2026,Thôn 1, xã Mẫu,L1\n", "utf-8"
    )
    (part,) = open_table(path).parts()
    (row,) = part.rows()
    assert read_all(part.values(row)).problems == (Problem("row", Reason.MORE_CELLS),)
    assert part.aligned(row) == ("Lê Mẫu", "1990", "AZ", "1", "01/06/2026", "Thôn 1", " xã Mẫu", "L1")
