"""Tables whose texts are read as was decided for the whole: order of dates, meanings, fonts; and all faults of a row."""

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from vaxcert import batch
from vaxcert.cli import cli
from vaxcert.errors import ConfigurationError, Reason
from vaxcert.tables.values.reading import Reading, load_values

HEADINGS = "Họ và tên,Ngày sinh,Vắc xin,Mũi,Ngày tiêm"


def table(folder: Path, *rows: str, encoding: str = "utf-8", head: str = HEADINGS) -> Path:
    path = folder / "unit.csv"
    path.write_bytes("\r\n".join((head, *rows, "")).encode(encoding))
    return path


def understood(path: Path, reading: Reading) -> list[dict[str, str]]:
    opened = batch.open_table(path, reading=reading)
    return [part.values(row) for part in opened.parts() for row in part.rows()]


def checked(path: Path, reading: Reading) -> batch.Report:
    return batch.check(batch.open_table(path, reading=reading), today=date(2026, 6, 30))


def test_a_table_whose_dates_contradict_is_refused_with_its_lines_before_anything_is_done(tmp_path: Path) -> None:
    path = table(tmp_path, "Đỗ Giả Định,13/05/1990,Pfizer,1,01/06/2026", "Vũ Ví Dụ,05/14/1991,Pfizer,1,02/06/2026")
    with pytest.raises(ConfigurationError, match=r"line 2 .* line 3") as caught:
        checked(path, Reading())
    assert caught.value.reason is Reason.DATES_UNCLEAR
    report = checked(path, Reading(dates="dmy"))
    assert (report.rows, report.issued) == (2, 1)
    assert [problem.reason for problem in report.problems] == [Reason.MONTH_FIRST]


def test_a_table_with_the_month_first_needs_a_word_for_it(tmp_path: Path) -> None:
    path = table(tmp_path, "Đỗ Giả Định,05/13/1990,Pfizer,1,06/07/2026")
    with pytest.raises(ConfigurationError, match="--dates mdy"):
        checked(path, Reading())
    assert checked(path, Reading(dates="mdy")).issued == 1


def test_all_faults_of_a_row_are_counted_and_the_row_once(tmp_path: Path) -> None:
    report = checked(table(tmp_path, "Đ? Gi?,31/31/1990,Thuốc lạ,nhắc lại,01/06/2027"), Reading())
    assert (report.rows, report.issued, report.rejected) == (1, 0, 1)
    assert {str(problem.reason) for problem in report.problems} == {
        "letters_lost", "not_a_birth_date", "product_unknown", "booster_without_number",
    }  # fmt: skip


@pytest.mark.parametrize("font", ["tcvn3", "vni"])
def test_a_table_that_was_typed_for_a_font_is_read_only_by_a_word_for_it(tmp_path: Path, font: str) -> None:
    rows = {
        "tcvn3": ("Tr\xad¬ng ThÞ Hµ,13/05/1990,Pfizer,1,01/06/2026", "Hä vµ tªn,Ngµy sinh,V¾c xin,Mòi,Ngµy tiªm"),
        "vni": ("Tröông Thò Haø,13/05/1990,Pfizer,1,01/06/2026", "Hoï vaø teân,Ngaøy sinh,Vaéc xin,Muõi,Ngaøy tieâm"),
    }
    row, head = rows[font]
    path = table(tmp_path, row, head=head, encoding="latin-1")
    with pytest.raises(ConfigurationError, match=f"--legacy-font {font}"):
        understood(path, Reading())
    assert understood(path, Reading(legacy_font=font))[0]["full_name"] == "Trương Thị Hà"  # type: ignore[arg-type]
    # A workbook's or a UTF-8 file's cells hold the same signs.
    path = table(tmp_path, row, head=HEADINGS, encoding="utf-8")
    report = checked(path, Reading())
    assert [problem.reason for problem in report.problems] == [Reason.LEGACY_FONT]
    assert checked(path, Reading(legacy_font=font)).issued == 1  # type: ignore[arg-type]


def test_what_a_text_means_can_be_said_for_a_table(tmp_path: Path) -> None:
    meanings = tmp_path / "values.json"
    meanings.write_text(
        json.dumps({"product": {"Vắc-xin của xã": "EU/1/20/1507"}, "number": {"mũi đầu": "1"}}), "utf-8"
    )
    path = table(tmp_path, "Đỗ Giả Định,13/05/1990,VẮC XIN CỦA XÃ,Mũi đầu,01/06/2026")
    outcome = CliRunner().invoke(cli, ["batch", str(path), "--check", "--values", str(meanings), "--workers", "1"])
    assert outcome.exit_code == 0, outcome.output
    outcome = CliRunner().invoke(cli, ["batch", str(path), "--check", "--workers", "1"])
    assert outcome.exit_code == 1 and "product: not known" in outcome.output


@pytest.mark.parametrize("content", ["[]", '{"product": "x"}', '{"product": {"x": 1}}', "{", '{"shoe": {"x": "y"}}'])
def test_a_file_of_meanings_that_is_none_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "values.json"
    path.write_text(content, "utf-8")
    with pytest.raises(ConfigurationError):
        load_values(path, frozenset(("product",)))


def test_a_rejected_row_has_all_its_faults_in_both_languages(order: Callable[..., batch.Order], tmp_path: Path) -> None:
    made = batch.run(order(table(tmp_path, "Đ? Gi?,13/05/1990,Thuốc lạ,1,01/06/2026")))
    assert made.rejects is not None
    with made.rejects.open(encoding="utf-8-sig", newline="") as stream:
        row = next(csv.DictReader(stream))
    assert row["field"] == "family_name, product"
    assert "họ: mất chữ" in row["reason_vi"] and "vắc xin: không nhận ra" in row["reason_vi"]
    assert "product: not known" in row["reason_en"]
