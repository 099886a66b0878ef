"""`vaxcert registry import` and `rejects`, as a clerk meets them: what a sheet is taken for, and what is to be mended."""

import io
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from vaxcert.cli.shared.tables.surveying import ask_about
from vaxcert.registry.intake import importing

HEAD = "TRẠM Y TẾ MẪU\nHọ và tên;Ngày sinh;Số CCCD;SĐT;Vắc xin;Mũi;Ngày tiêm;{more}\n"
GOOD = "Nguyễn Mẫu Thử;17/05/1990;099000000001;0100000001;Pfizer;Mũi 1;01/03/2026;{more}\n"
BAD = "Trần Ví Dụ;1985;099000000002;gọi sau;Thuốc lạ;x;31/02/2026;{more}\n"


def sheet(folder: Path, *rows: str, head: str = "Ghi chú", more: str = "x") -> Path:
    path = folder / "sheet.csv"
    path.write_text(HEAD.format(more=head) + "".join(row.format(more=more) for row in rows), "utf-8")
    return path


@pytest.fixture
def ran(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Runs `vaxcert registry` in a folder with a registry in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def at_office(*arguments: str) -> Any:
        return run("registry", *arguments)

    assert at_office("init").status == 0
    return at_office


def test_a_check_says_how_a_sheet_is_understood_and_takes_nothing(ran: Any, tmp_path: Path) -> None:
    sheet(tmp_path, GOOD, BAD)
    done = ran("import", "--check", "--lang", "vi", "sheet.csv")
    assert done.status == 1
    for said in (
        "C Số CCCD → số định danh", "D SĐT → số điện thoại", "H Ghi chú: không nhận ra",
        "3: Nguyễn | Mẫu Thử | 1990-05-17 | EU/1/20/1528 | 1/2 | 2026-03-01", "sheet.csv: 1 hợp lệ, 1 bị từ chối",
        "1 × vắc xin: không nhận ra", "1 × số điện thoại: không phải số điện thoại",
    ):  # fmt: skip
        assert said in done.out, said
    assert ran("runs").out == ""
    sheet(tmp_path, GOOD)
    assert ran("import", "--check", "sheet.csv").status == 0


def test_a_check_says_all_that_is_wrong_with_the_rows_that_it_shows(ran: Any, tmp_path: Path, run: Any) -> None:
    sheet(tmp_path, BAD.replace("31/02/2026", "01/03/2099").replace("Thuốc lạ", "Pfizer").replace(";x;", ";Mũi 1;"))
    future, phone = "ngày tiêm: ở tương lai", "số điện thoại: không phải số điện thoại"
    assert f"3: {future}; {phone}" in ran("import", "--check", "--lang", "vi", "sheet.csv").out
    checked = run("batch", "sheet.csv", "--check", "--lang", "vi", "--ignore-column", "Số CCCD").out
    assert f"3: {future}\n" in checked


@pytest.mark.parametrize(("lang", "columns"), [("vi", 3), ("en", 3), ("", 4)])
def test_rows_to_mend_say_why_in_the_language_that_was_asked_for(
    ran: Any, tmp_path: Path, lang: str, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet(tmp_path, BAD)
    ran("import", "sheet.csv")
    # The machine's language is not asked for: such tables are handed on.
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")
    done = ran("rejects", "1", "--out", "mend.csv", *(("--lang", lang) if lang else ()))
    assert done.out == ("1 rows to mend in mend.csv\n" if lang == "en" else "1 dòng cần sửa trong mend.csv\n")
    (row,) = importing.opened(tmp_path / "mend.csv")
    assert len(row.cells) == 8 + columns
    assert ("ngày tiêm: " in row.cells[10], "date: " in row.cells[-1]) == (lang != "en", lang != "vi")


def test_what_an_import_says_and_keeps_is_in_the_clerks_language(ran: Any, tmp_path: Path) -> None:
    sheet(tmp_path, GOOD, BAD, ";;;;;;;\n")
    done = ran("import", "--lang", "vi", "sheet.csv")
    lines = done.out.splitlines()
    assert lines[0] == "sheet.csv: lượt 1, 2 dòng: 1 người mới, 1 bị từ chối, 1 bỏ qua (trống)"
    assert lines[-2] == "  Các cột không được đọc: H Ghi chú"
    assert lines[-1] == "  để sửa các dòng này: vaxcert registry rejects 1 --out FILE.xlsx"
    listed = ran("runs", "1").out
    assert "read: C Số CCCD → national_id" in listed
    assert "unread: H Ghi chú" in listed
    assert "Nguyễn" not in listed + done.out
    assert ran("runs", "9").status == 66


@pytest.mark.parametrize("name", ["mend.csv", "mend.xlsx"])
def test_rejected_rows_are_written_to_be_mended_and_forgotten(ran: Any, tmp_path: Path, name: str) -> None:
    sheet(tmp_path, GOOD, BAD)
    ran("import", "sheet.csv")
    done = ran("rejects", "1", "--out", name, "--forget")
    assert done.out == f"1 rows to mend in {name}\n1 rows are forgotten.\n"
    assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    (row,) = importing.opened(tmp_path / name)
    assert row.cells[8] == "4"
    assert row.cells[10].count("; ") == 3
    assert "1 rejected" in ran("import", name).out
    for arguments, status in (
        (("1", "--out", "again.csv"), 66),
        (("1", "--out", "a.ods"), 2),
        (("9", "--out", "a.csv"), 66),
    ):
        assert ran("rejects", *arguments).status == status
    assert ran("rejects", "1").out.count("\n") == 5
    assert ran("rejects", "1", "--out", "registry.key").status != 0


def test_a_column_that_looks_like_numbers_of_people_is_asked_about_or_stops_the_import(
    ran: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = sheet(tmp_path, GOOD, head="Mã lạ", more="099000000001")
    done = ran("import", "sheet.csv")
    assert (done.status, "'Mã lạ'" in done.err, done.out) == (2, True, "")
    assert "! " in ran("import", "--check", "sheet.csv").out
    assert "1 new" in ran("import", "sheet.csv", "--ignore-column", "Mã lạ").out

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal("y\n"))
    assert ask_about(importing.opened(path), "vi") == ("Mã lạ",)
    assert (
        "'Mã lạ' giống số định danh hoặc số điện thoại, và không được đọc. Bỏ qua cột này?" in capsys.readouterr().err
    )
    unheaded = sheet(tmp_path, GOOD, head="", more="099000000001")
    assert "--ignore-column 'H'" in ran("import", "--check", "sheet.csv").out
    monkeypatch.setattr(sys, "stdin", Terminal("y\n"))
    assert ask_about(importing.opened(unheaded), "vi") == ("H",)
    assert "Columns that nothing reads: H (no heading)" in ran("import", "sheet.csv", "--ignore-column", "h").out
    monkeypatch.setattr(sys, "stdin", Terminal("\n"))
    with pytest.raises(click.Abort):
        ask_about(importing.opened(path), "vi")


def test_how_a_sheet_is_meant_is_said_by_the_same_options_as_to_batch(ran: Any, tmp_path: Path) -> None:
    (tmp_path / "values.json").write_text('{"product": {"Thuốc lạ": "EU/1/20/1507"}}', "utf-8")
    sheet(tmp_path, GOOD.replace("17/05", "05/17").replace("Pfizer", "Thuốc lạ").replace("Mũi 1", "1"))
    refused = ran("import", "sheet.csv")
    assert "give --dates mdy" in refused.err
    assert "1 new" in ran("import", "sheet.csv", "--dates", "mdy", "--values", "values.json", "--series", "3").out
    assert "1/3 EU/1/20/1507 2026-01-03" in ran("search", "--national-id", "099000000001").out
