"""What an operator is told of a table before anything of it is taken."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from vaxcert import ConfigurationError
from vaxcert.tables import Survey, Table, open_table, survey
from vaxcert.tables.headings import letter_of, number_of
from vaxcert.tables.spellings import FIELDS, RECORDED
from vaxcert.wording.words import Words

HEAD = "Họ và tên,Ngày sinh,Vắc xin,Mũi số,Ngày tiêm"
ROW = "Lê Mẫu Hai,02/03/1991,Comirnaty,1/2,01/06/2026"


def opened(tmp_path: Path, extra: str, cells: list[str], **options: object) -> Table:
    """A table with a further column."""
    body = "".join(f"{ROW},{cell}\n" for cell in cells)
    (tmp_path / "t.csv").write_text(f"{HEAD},{extra}\n{body}", "utf-8")
    return open_table(tmp_path / "t.csv", **options)  # type: ignore[arg-type]


def test_a_survey_names_what_is_read_what_is_not_and_the_first_rows(tmp_path: Path) -> None:
    found = survey(opened(tmp_path, "Ghi chú", ["x"] * 30))
    assert [(column.letter, column.field) for column in found.columns] == list(
        zip("ABCDE", ("full_name", "date_of_birth", "product", "number", "date"), strict=True)
    )
    assert [str(column) for column in found.unread] == ["F Ghi chú"]
    assert found.suspicious == ()
    assert [row.place for row in found.sample] == [str(line) for line in range(2, 12)]
    assert found.sample[0].values["full_name"] == "Lê Mẫu Hai"


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Mã hồ sơ", ["099000000001", "099000000002"]), ("Giấy tờ", ["012345678", ""]), ("Cột 1", ["0912 345 678", "x"]),
        ("Liên lạc", ["+84 912.345.678", "0100000001"]), ("CCCD người giám hộ", ["", "099000000001"]),
        ("", ["099000000001"]), ("Số", ["'099000000001", "'099000000002"]),
    ],
)  # fmt: skip
def test_a_column_nobody_knows_that_looks_like_numbers_of_people_needs_a_yes(
    tmp_path: Path, heading: str, cells: list[str]
) -> None:
    found = survey(opened(tmp_path, heading, cells))
    assert [column.heading for column in found.suspicious] == [heading]
    with pytest.raises(ConfigurationError, match=heading or "'F'"):
        found.require()
    left = survey(opened(tmp_path, heading, cells, ignored=[heading.upper() or "f"]))
    left.require()
    assert [column.heading for column in left.unread] == [heading]


@pytest.mark.parametrize(
    ("heading", "cells"),
    [("STT", ["1", "2"]), ("Ghi chú", ["gọi 0912345678 trước 17 giờ"]), ("Mã", ["VP0001"]), ("Cân nặng", ["61", "55"]),
     ("Số CCCD", ["099000000001"]), ("Trống", ["", ""])],
)  # fmt: skip
def test_other_columns_need_no_yes_nor_do_those_that_are_known_and_not_used(
    tmp_path: Path, heading: str, cells: list[str]
) -> None:
    survey(opened(tmp_path, heading, cells)).require()


def test_a_second_telephone_beside_the_one_that_is_read_needs_a_yes_where_telephones_are_kept(tmp_path: Path) -> None:
    table = opened(tmp_path, "SĐT,SĐT 2", ["0100000001,0100000002"], fields=FIELDS | RECORDED)
    assert [column.heading for column in survey(table).suspicious] == ["SĐT 2"]


def test_cells_beyond_the_headings_are_named(tmp_path: Path) -> None:
    found = survey(opened(tmp_path, "Lô", ["L1,x"]))
    assert [(column.letter, column.heading) for column in found.unread] == [("G", "")]


def test_a_column_without_a_heading_goes_by_its_letters(tmp_path: Path) -> None:
    fields = FIELDS | RECORDED
    options = {"mapping": {"g": "phone"}, "fields": fields}
    table = opened(tmp_path, "Lô", ["L1,0100000001", "L2"], **options)
    assert [table.values(row).get("phone") for row in table] == ["0100000001", None]
    assert [str(column) for column in survey(table).columns[-1:]] == ["G (no heading) → phone"]
    table = opened(tmp_path, ",Lô", ["0100000001,L1"], mapping={"f": "phone"}, fields=fields)
    assert [table.values(row)["phone"] for row in table] == ["0100000001"]


@pytest.mark.parametrize("letters", ["e", "f", "h", "zz", "stt"])
def test_letters_are_no_name_of_a_column_that_has_a_heading_or_no_cells(tmp_path: Path, letters: str) -> None:
    for named in ({"ignored": [letters]}, {"mapping": {letters: "lot"}}):
        with pytest.raises(ConfigurationError, match=f"does not have: {letters}"):
            opened(tmp_path, "Lô", ["L1,0100000001"], **named)


def test_who_looks_for_evidence_is_shown_every_row_and_its_words_are_in_the_survey(tmp_path: Path) -> None:
    def judge(rows: Iterator[tuple[int, Mapping[str, str]]]) -> list[Words]:
        lines = [line for line, values in rows if values["date"] == "01/06/2026"]
        return [Words(f"{len(lines)} rows", f"{len(lines)} dòng")]

    found = survey(opened(tmp_path, "Lô", ["x"] * 1_200), judge)
    assert found.evidence == (Words("1200 rows", "1200 dòng"),)


def test_what_is_kept_of_a_survey_holds_nothing_of_anybody(tmp_path: Path) -> None:
    found: Survey = survey(opened(tmp_path, "Mã", ["099000000001"]))
    kept = str(found.kept())
    assert "Ngày sinh → date_of_birth" in kept and "F Mã" in kept
    assert "Lê" not in kept and "099" not in kept and "Lê" not in repr(found) and "1991" not in repr(found)


def test_columns_are_lettered_as_spreadsheets_do() -> None:
    assert [letter_of(number) for number in (0, 25, 26, 51, 52, 701, 702, 16_383)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA", "XFD",
    ]  # fmt: skip
    assert all(number_of(letter_of(number)) == number for number in range(20_000))
