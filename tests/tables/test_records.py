"""Rows to doses: what is understood, and what is wrong with the rest, in two languages."""

from datetime import date

import pytest

from vaxcert import Dose, InputError, Person
from vaxcert.errors import Problem, Reason
from vaxcert.issue import check
from vaxcert.tables.records import identity, person_and_dose, read_all
from vaxcert.wording.rows import phrase

TODAY = date(2026, 6, 15)
GOOD = {
    "full_name": "Nguyễn Mẫu Thử",
    "date_of_birth": "17/05/1990",
    "product": "Comirnaty",
    "number": "1/2",
    "date": "01/06/2026",
}


def checked(values: dict[str, str]) -> tuple[Person, Dose]:
    """As a table's check does it: what the texts mean, and whether that makes sense."""
    person, dose = person_and_dose(values)
    check(person, dose, today=TODAY)
    return person, dose


@pytest.mark.parametrize(
    ("written", "means"),
    [("17/05/1990", "1990-05-17"), ("7-5-1990", "1990-05-07"), ("1990-05-17", "1990-05-17"), ("05/1990", "1990-05"),
     ("1990", "1990"), ("1990-05-17 00:00:00", "1990-05-17")],
)  # fmt: skip
def test_birth_dates_are_understood_as_clinics_write_them(written: str, means: str) -> None:
    person, _ = checked(GOOD | {"date_of_birth": written})
    assert person.date_of_birth == means


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#####", "Err:502"])
@pytest.mark.parametrize("field", [*GOOD, "lot", "national_id", "phone", "site"])
def test_an_error_of_a_spreadsheet_is_told_as_that_in_each_field_and_taken_for_no_value(field: str, error: str) -> None:
    problems = read_all(GOOD | {field: error}).problems
    assert problems == (Problem(field, Reason.FORMULA_FAILED),)


@pytest.mark.parametrize(
    "values",
    [
        {"full_name": "Tổng cộng"}, {"lot": "Tổng cộng: 2 người"}, {"full_name": "Thôn Mẫu"}, {"date": "2 mũi"},
        {"full_name": "Người lập biểu", "number": "Thủ trưởng đơn vị"}, {"number": "Ngày 3 tháng 6 năm 2026"},
        {"full_name": "(Ký, ghi rõ họ tên)"}, dict.fromkeys(GOOD, "Ghi chú: đã kiểm tra"),
    ],
)  # fmt: skip
def test_a_row_that_states_no_dose_is_told_as_that_alone(values: dict[str, str]) -> None:
    assert read_all(values).problems == (Problem("row", Reason.NO_DOSE_TOLD),)


def test_all_faults_of_a_row_that_states_a_dose_badly_are_told() -> None:
    found = read_all(GOOD | {"date_of_birth": "31/02/1990", "product": "x", "number": "y", "date": "z"}).problems
    assert [problem.field for problem in found] == ["date_of_birth", "product", "number", "date"]


@pytest.mark.parametrize("written", ["01/06/2026", "1.6.2026", "2026-06-01", "2026-06-01T08:30:00", "2026-06-01 00:00"])
def test_days_are_understood_as_clinics_write_them(written: str) -> None:
    _, dose = checked(GOOD | {"date": written})
    assert dose.date == date(2026, 6, 1)


def test_a_whole_name_is_divided_in_vietnamese_order_and_a_product_found_by_its_name() -> None:
    person, dose = checked(GOOD)
    assert (person.family_name, person.given_name) == ("Nguyễn", "Mẫu Thử")
    assert (dose.product, dose.number, dose.series) == ("EU/1/20/1528", 1, 2)


def test_what_nobody_sees_does_not_part_a_name() -> None:
    person, _ = checked(GOOD | {"full_name": "\u3164 \u200bNguyễn\u3164 Mẫu\ufe0f Thử\u2800"})
    assert (person.family_name, person.given_name) == ("Nguyễn", "Mẫu Thử")


BAD = [
    ({"full_name": ""}, "family_name", "missing", "họ: thiếu"),
    ({"full_name": "\u3164\u3164 \u2800"}, "family_name", "missing", "họ: thiếu"),
    ({"full_name": "", "family_name": "\u115f\ufe0f"}, "family_name", "missing", "họ: thiếu"),
    ({"date_of_birth": ""}, "date_of_birth", "missing", "ngày sinh: thiếu"),
    (
        {"date_of_birth": "31/02/1990"},
        "date_of_birth",
        "no such day, month or year of birth",
        "ngày sinh: không phải ngày, tháng",
    ),
    ({"date_of_birth": "17/05/1890"}, "date_of_birth", "not of 1900", "ngày sinh: không thuộc"),
    ({"product": "Thuốc lạ"}, "product", "not known: give its code", "vắc xin: không nhận ra"),
    ({"number": "x"}, "number", "not a whole number", "mũi số: không phải số"),
    ({"number": "2", "product": "Soberana 02"}, "series", "missing", "tổng số mũi: thiếu"),
    ({"number": "0/2"}, "number", "not a whole number", "mũi số: không phải số"),
    ({"number": "1/99"}, "series", "not a whole number", "tổng số mũi: không phải số"),
    ({"date": "2026"}, "date", "not DD/MM/YYYY", "ngày tiêm: không phải ngày"),
    ({"date": "06/31/2026"}, "date", "not DD/MM/YYYY", "ngày tiêm: không phải ngày"),
    ({"date": "16/06/2026"}, "date", "in the future", "ngày tiêm: ở tương lai"),
    ({"date": "01/06/1980"}, "date", "before the date of birth", "ngày tiêm: trước ngày sinh"),
    ({"site": "điểm 1"}, "site", "not 1 to 16", "mã cơ sở: không phải"),
    ({"country": "Vietnam"}, "country", "not two capital", "quốc gia: không phải"),
    ({"full_name": "阮 試"}, "family_name", "cannot be written", "họ: không chuyển được"),
    ({"full_name": "N" * 81}, "family_name", "longer than", "họ: quá dài"),
]


@pytest.mark.parametrize(("changes", "field", "problem", "vietnamese"), BAD)
def test_each_fault_of_a_row_is_named_in_both_languages(
    changes: dict[str, str], field: str, problem: str, vietnamese: str
) -> None:
    with pytest.raises(InputError) as caught:
        checked(GOOD | changes)
    assert caught.value.field == field
    assert phrase(caught.value.problem).en.startswith(f"{field}: {problem}")
    assert phrase(caught.value.problem).vi.startswith(vietnamese)


def test_rows_state_the_same_dose_whatever_the_writing() -> None:
    same = identity(*checked(GOOD))
    for changes in ({"full_name": "NGUYEN MAU THU"}, {"date_of_birth": "1990-05-17"}, {"product": "EU/1/20/1528"}):
        assert identity(*checked(GOOD | changes)) == same
    for other in ({"number": "2/2"}, {"date_of_birth": "18/05/1990"}, {"full_name": "Nguyễn Mẫu Thật"}):
        assert identity(*checked(GOOD | other)) != same
