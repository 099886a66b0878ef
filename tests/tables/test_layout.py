"""Where the headings of a sheet stand, and what its columns are."""

from pathlib import Path

import pytest

from vaxcert import ConfigurationError
from vaxcert.tables import Row, Table, open_table
from vaxcert.tables.headings import meaning
from vaxcert.tables.spellings import FIELDS, OF_A_DOSE, RECORDED, SECOND, SPELLINGS

ALL = FIELDS | RECORDED
HEAD = "Họ và tên,Ngày sinh,Tên vắc xin,Mũi số,Ngày tiêm"
ROW = "Lê Mẫu Hai,02/03/1991,Comirnaty,1/2,01/06/2026"
VALUES = {"full_name": "Lê Mẫu Hai", "date_of_birth": "02/03/1991", "product": "Comirnaty", "number": "1/2",
          "date": "01/06/2026"}  # fmt: skip


def opened(tmp_path: Path, text: str, **options: object) -> Table:
    """A table of a text, with all fields read."""
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode())
    return open_table(path, None, ALL, **options)  # type: ignore[arg-type]


def rows(table: Table) -> list[tuple[int, int, dict[str, str]]]:
    """Line, dose and values of each row."""
    return [(row.line, row.dose, table.values(row)) for row in table]


@pytest.mark.parametrize("field", sorted(SPELLINGS))
def test_each_spelling_means_its_own_field_with_blanks_and_without(field: str) -> None:
    for text in (field, *SPELLINGS[field].whole, *SPELLINGS[field].core):
        for written in (text, text.upper(), f"  {text}: ", f"{text} (*)", text.replace(" ", "")):
            means = meaning(written, {})
            assert means is not None and (means.field, means.dose) == (field, ""), written


@pytest.mark.parametrize("field", sorted(SECOND))
def test_a_second_choice_means_the_field_that_others_say_better(field: str) -> None:
    for text in (*SECOND[field].whole, *SECOND[field].core):
        means = meaning(text, {})
        assert means is not None and (means.field, means.second) == (field, True), text


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Ngày sinh của người được tiêm", "date_of_birth"), ("Ngày/tháng/năm sinh", "date_of_birth"),
        ("Số CCCD hoặc CMND", "national_id"), ("CMTND/Hộ chiếu (nếu có)", "national_id"),
        ("Mã định danh công dân", "national_id"), ("SĐT cá nhân", "phone"), ("Điện thoại (di động)", "phone"),
        ("Tên vắc xin COVID-19", "product"), ("Vắc-xin phòng COVID-19 đã tiêm", "product"),
        ("Mũi tiêm (1,2,3)", "number"), ("Mũi (1/2/nhắc lại)", "number"), ("Thời gian tiêm chủng", "date"),
        ("Họ, chữ đệm và tên", "full_name"), ("HỌ VÀ TÊN KHAI SINH (CHỮ IN HOA)", "full_name"),
        ("Tên người được tiêm", "full_name"), ("Họ và tên đệm", "family_middle_name"), ("Chữ đệm", "middle_name"),
        ("Huyện/Quận/Thị xã", "district"), ("Xã/Phường/Thị trấn", "commune"), ("Nơi ở hiện nay", "address"),
        ("Giới tính (Nam/Nữ)", "sex"), ("Số thẻ BHYT", "insurance_number"), ("Họ tên cha/mẹ", "guardian"),
        ("NgayTiem", "date"), ("so_dien_thoai", "phone"), ("ID No.", "national_id"), ("Batch No.", "lot"),
        ("Họ và tên\nFull name", "full_name"), ("Ngày sinh / Date of birth", "date_of_birth"), ("Vắc xin - Vaccine", "product"),
        ("Ngày sinh hoặc năm sinh", "date_of_birth"), ("2. Họ và tên", "full_name"), ("(3) Ngày sinh", "date_of_birth"),
        ("II) Số CCCD", "national_id"), ("Họ và tên trẻ", "full_name"), ("Ngày sinh của trẻ", "date_of_birth"),
        ("D.O.B.", "date_of_birth"), ("CMND/CCCD/HC", "national_id"), ("ID/Passport No.", "national_id"), ("Số ĐT 1", "phone"),
        ("ĐT liên hệ", "phone"), ("Quận/huyện nơi ở hiện tại", "district"), ("Nhóm đối tượng theo NQ21", "priority_group"),
        ("Họ tên phụ huynh", "guardian"), ("STT mũi tiêm", "number"), ("Ngày chích ngừa", "date"), ("Date of injection", "date"),
        ("Place of vaccination", "site"), ("Thôn/xóm", "address"), ("Tổng mũi", "series"),
    ],
)  # fmt: skip
def test_headings_are_understood_whatever_stands_beside_what_they_mean(heading: str, field: str) -> None:
    means = meaning(heading, {})
    assert means is not None and (means.field, means.dose) == (field, "")


@pytest.mark.parametrize(
    "heading",
    ["Số CCCD người giám hộ", "SĐT người giám hộ", "Ngày cấp CCCD", "Nơi cấp CMND", "Ngày hẹn tiêm mũi 2",
     "Ngày tiêm tiếp theo", "Ngày tiêm mũi trước", "Số mũi đã tiêm", "Nhóm máu", "Nhóm tuổi", "Người tiêm",
     "Cán bộ tiêm", "Địa chỉ email", "Hạn sử dụng vắc xin", "Tỉnh/Thành phố", "STT", "Ghi chú", "Phản ứng sau tiêm",
     "Ngày sinh của mẹ", "SĐT phụ huynh", "Họ tên người tiêm / Chức vụ", "Số lô - Hạn dùng", "Ngày tiêm mũi 1 / Ngày sinh", "Nam", "Nữ"],
)  # fmt: skip
def test_what_is_somebody_elses_or_something_else_is_not_taken_for_a_field(heading: str) -> None:
    assert meaning(heading, {}) is None


@pytest.mark.parametrize(
    ("heading", "field", "dose"),
    [
        ("Ngày tiêm mũi 1", "date", "1"), ("Ngày tiêm (mũi 2)", "date", "2"), ("Mũi 1 - Ngày tiêm", "date", "1"),
        ("Mũi thứ nhất: vắc xin", "product", "1"), ("Lô mũi 3", "lot", "3"), ("Mũi 2", "date", "2"),
        ("Ngày tiêm mũi nhắc lại 1", "date", "nhắc lại 1"), ("Vắc xin mũi bổ sung", "product", "bổ sung"),
        ("Dose 2 date", "date", "2"), ("1st dose vaccine", "product", "1"), ("M1 ngày", "date", "1"),
        ("Ngày tiêm 1", "date", "1"), ("Cơ sở tiêm mũi 2", "site", "2"), ("NgayTiemMui1", "date", "1"),
        ("VacxinMui2", "product", "2"),
    ],
)  # fmt: skip
def test_a_heading_of_one_dose_says_which(heading: str, field: str, dose: str) -> None:
    means = meaning(heading, {})
    assert means is not None and (means.field, means.dose) == (field, dose)
    assert field in OF_A_DOSE


@pytest.mark.parametrize(
    ("above", "line"),
    [
        ("", 2),
        ("SỞ Y TẾ TỈNH MẪU\nDANH SÁCH ĐÃ TIÊM, NGÀY 01/06/2026\n", 4),
        (",,,,\nĐơn vị:,Trạm A,,Vắc xin:,Comirnaty\n\n", 5),
        ("\n" * 13 + "x\n", 16),
        ("sep=,\n", 2),
    ],
)
def test_title_lines_are_passed_over_and_lines_stay_as_the_spreadsheet_shows_them(
    tmp_path: Path, above: str, line: int
) -> None:
    assert rows(opened(tmp_path, f"{above}{HEAD}\n{ROW}\n")) == [(line, 0, VALUES)]


def test_headings_below_the_fifteenth_line_are_not_looked_for(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no column for family_name"):
        opened(tmp_path, "x\n" * 15 + f"{HEAD}\n{ROW}\n")


@pytest.mark.parametrize(
    "numbers", ["[1],[2],[3],[4],[5]", "1,2,3,4,5=3+4", "1,2,3,4,5", "(1),(2),(3),(4),(5)", "A,B,1,2,3", ",1,2,3,4"]
)
def test_a_row_that_numbers_the_columns_and_blank_rows_are_passed_over(tmp_path: Path, numbers: str) -> None:
    assert rows(opened(tmp_path, f"{HEAD}\n{numbers}\n , ,\u00a0,,\n\n{ROW}\n")) == [(5, 0, VALUES)]
    assert rows(opened(tmp_path, f"{HEAD}\n\n{numbers}\n\u200b,\x1a\n{ROW}\n")) == [(5, 0, VALUES)]


@pytest.mark.parametrize(
    "again", [HEAD, HEAD.upper(), HEAD.replace(",", " ,"), f"{HEAD},,", f"{HEAD}\n(1),(2),(3),(4),(5)"]
)
def test_headings_that_stand_again_between_rows_are_passed_over(tmp_path: Path, again: str) -> None:
    table = opened(tmp_path, f"{HEAD}\n(1),(2),(3),(4),(5)\n{ROW}\n{again}\n{ROW}\n")
    assert [line for line, _, _ in rows(table)] == [3, 5 + again.count("\n")]


@pytest.mark.parametrize(
    ("first", "second", "one", "two"),
    [
        ("Họ và tên,Năm sinh,,Vắc xin,Mũi,Ngày tiêm", ",Nam,Nữ,,,", "1987,", ",1987"),
        ("Họ và tên,Ngày sinh,Giới tính,,Vắc xin,Mũi,Ngày tiêm", ",,Nam,Nữ,,,", "1987,x,", "1987,,1"),
        ("Họ và tên,Ngày sinh,Giới tính,Giới tính,Vắc xin,Mũi,Ngày tiêm", ",,Nam,Nữ,,,", "1987,x,-", "1987,0,x"),
    ],
)
def test_a_column_of_women_or_of_men_alone_says_somebodys_sex_by_being_filled(
    tmp_path: Path, first: str, second: str, one: str, two: str
) -> None:
    table = opened(tmp_path, f"{first}\n{second}\n" + "".join(f"Lê Mẫu,{own},AZ,1,01/06/2026\n" for own in (one, two)))
    found = [(values["date_of_birth"], values["sex"]) for _, _, values in rows(table)]
    assert found == [("1987", "Nam"), ("1987", "Nữ")]


def test_a_word_under_a_merged_heading_that_means_nothing_is_a_column_that_is_named(tmp_path: Path) -> None:
    table = opened(tmp_path, f"{HEAD},Khám sàng lọc,\n,,,,,Mạch,Huyết áp\n{ROW},80,120\n")
    assert rows(table) == [(3, 0, VALUES)]
    assert table.columns[-2:] == ("Khám sàng lọc Mạch", "Khám sàng lọc Huyết áp")


@pytest.mark.parametrize("nothing", ["-", "—", ".", "NULL", "nan", "N/A", "<NA>"])
def test_what_stands_for_nothing_is_nothing_but_in_a_name(tmp_path: Path, nothing: str) -> None:
    (found,) = rows(opened(tmp_path, f"{HEAD},Số lô,CCCD,SĐT,Tên đệm\n{ROW},{nothing},{nothing},{nothing},{nothing}\n"))
    assert found[2] == VALUES | {"middle_name": nothing}


def test_headings_whose_letters_are_lost_are_told_as_that(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="letters were lost"):
        opened(tmp_path, f"{HEAD}\n{ROW}\n".encode("cp1252", "replace").decode("cp1252"))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Họ và tên,Ngày sinh,Ngày tiêm,,Vắc xin,", ",,Mũi 1,Mũi 2,Mũi 1,Mũi 2"),
        ("Họ và tên,Ngày sinh,Mũi 1,Mũi 2,Mũi 1,Mũi 2", ",,Ngày tiêm,Ngày tiêm,Vắc xin,Vắc xin"),
        ("Họ và tên,Ngày sinh,Lần 1,Lần 2,Vắc xin lần 1,Vắc xin lần 2", ",(ngày/tháng/năm),(ngày),(ngày),,"),
    ],
)
def test_a_second_row_of_headings_completes_the_first(tmp_path: Path, first: str, second: str) -> None:
    table = opened(tmp_path, f"{first}\n{second}\nLê Mẫu Hai,1991,01/03/2026,01/06/2026,Comirnaty,Spikevax\n")
    shared = {"full_name": "Lê Mẫu Hai", "date_of_birth": "1991"}
    assert rows(table) == [
        (3, 1, shared | {"number": "1", "date": "01/03/2026", "product": "Comirnaty"}),
        (3, 2, shared | {"number": "2", "date": "01/06/2026", "product": "Spikevax"}),
    ]


def test_titles_of_groups_above_the_headings_are_not_taken_for_them(tmp_path: Path) -> None:
    assert rows(opened(tmp_path, f"THÔNG TIN CÁ NHÂN,,TIÊM CHỦNG,,\n{HEAD}\n{ROW}\n")) == [(3, 0, VALUES)]


def test_a_sheet_with_doses_side_by_side_gives_a_row_a_dose_that_was_given(tmp_path: Path) -> None:
    head = "STT,Họ tên,Năm sinh,Vắc xin,Ngày tiêm mũi 1,Lô mũi 1,Ngày tiêm mũi 2,Lô mũi 2,Ngày tiêm mũi nhắc lại"
    table = opened(tmp_path, f"{head}\n1,A,1990,X,d1,l1,d2,l2,\n2,B,1991,X,d3,,,,d4\n3,C,1992,X,,,,,\n")
    found = [(row.line, row.dose, table.values(row).get("number"), row.cells) for row in table]
    assert found == [
        (2, 1, "1", ("1", "A", "1990", "X", "d1", "l1", "", "", "")),
        (2, 2, "2", ("1", "A", "1990", "X", "", "", "d2", "l2", "")),
        (3, 1, "1", ("2", "B", "1991", "X", "d3", "", "", "", "")),
        (3, 3, "nhắc lại", ("2", "B", "1991", "X", "", "", "", "", "d4")),
        # Nothing is said of a dose, and so the row is shown to be incomplete rather than left out.
        (4, 1, "1", ("3", "C", "1992", "X", "", "", "", "", "")),
    ]
    assert len({row.key for row in table}) == 5
    assert Row(7, ()).key == 7


def test_a_column_of_dose_numbers_beside_columns_of_doses_is_a_contradiction_that_names_both(tmp_path: Path) -> None:
    head = "Họ tên,Ngày sinh,Vắc xin,Mũi số,Ngày tiêm,Ngày tiêm mũi 2"
    with pytest.raises(ConfigurationError, match=r"'Mũi số'.*'Ngày tiêm mũi 2'"):
        opened(tmp_path, f"{head}\nA,1990,X,1/2,d,e\n")
    assert len(rows(opened(tmp_path, f"{head}\nA,1990,X,1/2,d,e\n", ignored=["ngay tiem MŨI 2"]))) == 1


@pytest.mark.parametrize(
    ("cells", "born"),
    [(["1990,1990"], ["1990"]), (["1990,", "1991,"], ["1990", "1991"]), ([",1990"], ["1990"]),
     (["1990,", ",1991"], ["1990", "1991"]), (["1990,1990 ", "1991,"], ["1990", "1991"])],
)  # fmt: skip
def test_a_heading_that_stands_twice_is_read_where_its_columns_do_not_differ(
    tmp_path: Path, cells: list[str], born: list[str]
) -> None:
    body = "".join(f"A,{two},X,1/2,d\n" for two in cells)
    table = opened(tmp_path, f"Họ tên,Ngày sinh,Ngày sinh,Vắc xin,Mũi,Ngày tiêm\n{body}")
    assert [values["date_of_birth"] for _, _, values in rows(table)] == born


@pytest.mark.parametrize("second", ["Ngày sinh", "Ngày tháng năm sinh", "DOB"])
def test_two_columns_for_a_field_that_differ_are_both_named_with_the_row(tmp_path: Path, second: str) -> None:
    text = f"Họ tên,Ngày sinh,{second},Vắc xin,Mũi,Ngày tiêm\nA,1990,1990,X,1/2,d\nB,1990,1991,X,1/2,d\n"
    with pytest.raises(ConfigurationError, match=rf"differ in row 3: 'Ngày sinh' and '{second}'"):
        opened(tmp_path, text)


def test_the_better_of_two_columns_is_read_and_the_other_is_not(tmp_path: Path) -> None:
    table = opened(tmp_path, HEAD + ",Tên cơ sở,Mã cơ sở,Năm sinh\n" + ROW + ",Trạm A,VP01,1991\n")
    ((_, _, values),) = rows(table)
    assert (values["site"], values["date_of_birth"]) == ("VP01", "02/03/1991")
    (alone,) = rows(opened(tmp_path, HEAD + ",Tên cơ sở\n" + ROW + ",Trạm A\n"))
    assert alone[2]["site"] == "Trạm A"
