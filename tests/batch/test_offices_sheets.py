"""Sheets as offices keep them, through a whole run: doses side by side, and columns that nobody knows."""

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from vaxcert import ConfigurationError, batch
from vaxcert.batch import Order
from vaxcert.batch.runfile import RunFile

WIDE = "Họ tên,Năm sinh,Tổng số mũi,Vắc xin,Ngày tiêm mũi 1,Lô mũi 1,Ngày tiêm mũi 2,Lô mũi 2"


def test_doses_side_by_side_are_signed_each_and_a_bad_one_is_given_back_alone(
    tmp_path: Path, order: Callable[..., Order]
) -> None:
    path = tmp_path / "t.csv"
    rows = (
        "Lê Mẫu Hai,1991,2,Comirnaty,01/03/2026,A1,01/06/2026,A2",
        "Trần Mẫu Ba,1992,2,Comirnaty,02/03/2026,B1,x,B2",
    )
    path.write_text("\n".join(("DANH SÁCH", WIDE, *rows)) + "\n", "utf-8")
    report = batch.run(order(path))
    assert (report.rows, report.issued, report.rejected) == (4, 3, 1)
    with zipfile.ZipFile(report.outputs[0]) as made:
        manifest = list(csv.DictReader(io.StringIO(made.read("manifest.csv").decode("utf-8-sig"))))
    assert [(row["row"], row["file"]) for row in manifest] == [
        ("3", "codes/00000003-1.png"), ("3", "codes/00000003-2.png"), ("4", "codes/00000004-1.png"),
    ]  # fmt: skip
    assert report.rejects is not None
    rejected = report.rejects.read_text("utf-8-sig")
    assert "Trần Mẫu Ba,1992,2,Comirnaty,,,x,B2,4,date" in rejected
    report.rejects.write_text(rejected.replace(",x,", ",02/06/2026,"), "utf-8-sig")
    again = batch.run(order(report.rejects, out=tmp_path / "again.zip"))
    assert (again.issued, again.rejected) == (1, 0)


def test_of_a_row_longer_than_its_headings_nothing_is_lost_on_the_way_back(
    tmp_path: Path, order: Callable[..., Order]
) -> None:
    folder = tmp_path / "units"
    folder.mkdir()
    head = "Họ tên,Năm sinh,Vắc xin,Mũi,Ngày tiêm"
    (folder / "a.csv").write_text(f"{head},Ghi chú\nLê Mẫu Hai,1991,Comirnaty,1/2,x,ốm,sốt\n", "utf-8")
    (folder / "b.csv").write_text(f"{head}\nLê Mẫu Ba,1991,Comirnaty,1/2,1,thừa\n", "utf-8")
    report = batch.run(order(folder, rejects=tmp_path / "mend.csv", rejects_lang="vi"))
    assert report.rejects is not None
    first, *rows = csv.reader(io.StringIO(report.rejects.read_text("utf-8-sig")))
    assert first[5:8] == ["Ghi chú", "", "dòng trong bảng gốc"]
    assert [row[5:8] for row in rows] == [["ốm", "sốt", "a.csv:2"], ["", "thừa", "b.csv:2"]]


def test_rows_with_merged_cells_are_signed_and_given_back_as_others(
    tmp_path: Path, order: Callable[..., Order]
) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Họ tên", "Năm sinh", "Vắc xin", "Mũi", "Ngày tiêm"])
    for name, dose in (("Lê Mẫu Một", "1/2"), ("Lê Mẫu Hai", "1/2"), ("Lê Mẫu Ba", "x")):
        sheet.append([name, "1991", "Comirnaty", dose, "01/03/2026"])
    sheet.merge_cells("C2:C4")
    book.save(tmp_path / "t.xlsx")
    report = batch.run(order(tmp_path / "t.xlsx", rejects=tmp_path / "mend.csv"))
    assert (report.issued, report.rejected) == (2, 1)
    assert "Lê Mẫu Ba,1991,Comirnaty,x" in (tmp_path / "mend.csv").read_text("utf-8-sig")


def test_the_same_dose_in_two_rows_of_doses_side_by_side_is_signed_once(
    tmp_path: Path, order: Callable[..., Order]
) -> None:
    path = tmp_path / "t.csv"
    rows = ["Lê Mẫu Hai,1991,2,Comirnaty,01/03/2026,A1,,", "Lê Mẫu Hai,1991,2,Comirnaty,01/03/2026,A1,01/06/2026,A2"]
    path.write_text("\n".join((WIDE, *rows)) + "\n", "utf-8")
    report = batch.run(order(path))
    assert (report.issued, report.rejected) == (2, 1)
    assert report.rejects is not None
    assert "trùng với mũi tiêm ở dòng 2" in report.rejects.read_text("utf-8-sig")


def test_a_run_is_refused_before_anything_is_written_until_a_column_of_numbers_is_named_or_left_out(
    tmp_path: Path, order: Callable[..., Order]
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "Họ tên,Năm sinh,Vắc xin,Mũi,Ngày tiêm,Mã hồ sơ\nLê Mẫu,1991,Comirnaty,1/2,01/03/2026,099000000001\n"
    )
    with pytest.raises(ConfigurationError, match=r"'Mã hồ sơ'.*--ignore-column"):
        batch.run(order(path))
    assert not RunFile.folder_of(order(path).out).exists()
    report = batch.run(order(path, ignored=("mã hồ sơ",)))
    assert report.issued == 1
    assert report.survey["unread"] == ["F Mã hồ sơ"]
    assert "C Vắc xin → product" in report.survey["read"]


@pytest.mark.parametrize(("lang", "says"), [("vi", "Các cột không được đọc"), ("en", "Columns that nothing reads")])
def test_the_check_shows_how_columns_and_rows_are_understood(tmp_path: Path, lang: str, says: str) -> None:
    from click.testing import CliRunner

    from vaxcert.cli import cli

    path = tmp_path / "t.csv"
    path.write_text(
        "Họ tên,Năm sinh,Vắc xin,Mũi,Ngày tiêm,Mã hồ sơ\nLê Mẫu,1991,Comirnaty,1/2,01/03/2026,099000000001\n"
    )
    given = ["batch", str(path), "--check", "--workers", "1", "--lang", lang]
    checked = CliRunner().invoke(cli, given)
    assert checked.exit_code == 1
    assert says in checked.output and "F Mã hồ sơ" in checked.output and "--ignore-column" in checked.output
    assert "2: Lê | Mẫu | 1991 | EU/1/20/1528 | 1/2 | 2026-03-01" in checked.output
    assert CliRunner().invoke(cli, [*given, "--ignore-column", "Mã hồ sơ"]).exit_code == 0
