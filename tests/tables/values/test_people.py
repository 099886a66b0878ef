"""Names, sexes and numbers of people as clerks write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert import InputError
from vaxcert.errors import Reason
from vaxcert.tables.values.numbers import IdentityNumber, identity_number, telephones
from vaxcert.tables.values.people import names, priority_group, sex, site


@pytest.mark.parametrize(
    ("values", "means"),
    [({"full_name": "Đỗ\u00a0Giả Định"}, ("Đỗ", "Giả Định")), ({"full_name": "Đỗ  Giả\u3000Định"}, ("Đỗ", "Giả Định")),
     ({"full_name": "Sukarni"}, ("Sukarni", "")), ({"full_name": "Sukarni -"}, ("Sukarni", "")), ({"full_name": ". Sukarni"}, ("Sukarni", "")),
     ({"family_name": "-", "given_name": "Sukarni"}, ("Sukarni", "")), ({"family_name": "Sukarni", "given_name": "---"}, ("Sukarni", "")),
     ({"family_name": "Đỗ", "given_name": "Giả Định"}, ("Đỗ", "Giả Định")),
     ({"family_name": "Đỗ", "middle_name": "Giả", "given_name": "Định"}, ("Đỗ", "Giả Định")),
     ({"family_middle_name": "Đỗ Giả", "given_name": "Định"}, ("Đỗ", "Giả Định")), ({"full_name": "H'Mẫu Niê"}, ("H'Mẫu", "Niê"))],
)  # fmt: skip
def test_names_come_out_of_the_columns_that_tables_have_for_them(
    values: dict[str, str], means: tuple[str, str]
) -> None:
    assert names(values) == means


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [({}, "family_name", Reason.MISSING), ({"full_name": "-"}, "family_name", Reason.NO_LETTERS),
     ({"full_name": "2. Đỗ Giả Định"}, "family_name", Reason.MORE_THAN_A_NAME),
     ({"full_name": "Đỗ Giả Định (con)"}, "family_name", Reason.MORE_THAN_A_NAME),
     ({"full_name": "Đỗ Giả Định, nam"}, "family_name", Reason.MORE_THAN_A_NAME),
     ({"full_name": "Đỗ Gi\ufffd"}, "family_name", Reason.LETTERS_LOST),
     ({"family_name": "Đỗ", "given_name": "Gi? Định"}, "given_name", Reason.LETTERS_LOST),
     ({"full_name": "Tr\x92n"}, "family_name", Reason.NAME_MISREAD)],
)  # fmt: skip
def test_what_is_not_a_name_alone_is_told_by_its_own_reason(values: dict[str, str], field: str, reason: Reason) -> None:
    with pytest.raises(InputError) as caught:
        names(values)
    assert (caught.value.field, caught.value.reason) == (field, reason)


@pytest.mark.parametrize(
    ("text", "means"),
    [("099000000002", "099000000002"), ("099 000 000 002", "099000000002"), ("CCCD: 099000000002", "099000000002"),
     ("Số CMND 012345678", "012345678"), ("'012345678", "012345678"), ("099000000002.0", "099000000002"), ("c7654321", "C7654321"),
     ("0", ""), ("không có", ""), ("-", ""), ("mất", ""), ("Chưa làm lại", ""), ("không nhớ số", ""), ("000000000000", ""),
     ("099000000002 (mới)", "099000000002"), ("MĐD: 099000000002", "099000000002"), ("Thẻ căn cước: 099000000002", "099000000002"),
     ("Passport No. C7654321", "C7654321"), ("Hộ chiếu số: c7654321", "C7654321"), ("099000000002, cấp ngày 1/1/2020", "099000000002"),
     ("CCCD 099000000002 cấp 2021", "099000000002"), ("099000000002/099 000 000 002", "099000000002"), ("GKS 12/2020", "GKS12/2020"),
     ("bà ngoại giữ", "BANGOAIGIU")],
)  # fmt: skip
def test_identity_numbers_are_read_as_clerks_write_them(text: str, means: str) -> None:
    assert identity_number(text) == IdentityNumber(means)


def test_zeros_that_a_spreadsheet_dropped_are_put_back_and_told_and_a_rounded_number_is_rejected() -> None:
    assert identity_number("99000000002") == IdentityNumber("099000000002", completed=True)
    assert identity_number("12345678") == IdentityNumber("012345678", completed=True)
    for read, text in ((identity_number, "9.9E+10"), (telephones, "1E+08")):
        with pytest.raises(InputError) as caught:
            read(text)
        assert caught.value.reason is Reason.DIGITS_LOST


@pytest.mark.parametrize(
    "text", ["012345678/099000000002", "CMND: 012345678; CCCD: 099000000002", "012345678 và C7654321"]
)
def test_of_several_identity_numbers_none_is_taken_without_a_word(text: str) -> None:
    with pytest.raises(InputError) as caught:
        identity_number(text)
    assert caught.value.reason is Reason.SEVERAL_NUMBERS


@pytest.mark.parametrize(
    ("text", "first", "others"),
    [("0100000009", "0100000009", ()), ("+84100000009", "0100000009", ()), ("84 100 000 009", "0100000009", ()),
     ("100000009", "0100000009", ()), ("0100.000.009", "0100000009", ()), ("'0100000009", "0100000009", ()),
     ("0100 000 009 (bố)", "0100000009", ()), ("0100000008 - 0100000009", "0100000008", ("0100000009",)),
     ("0100000008/0100000009", "0100000008", ("0100000009",)), ("12; 0100000009", "0100000009", ()),
     ("+44 20 7946 0000", "+442079460000", ()), ("không có", "", ()), ("0", "", ()), ("0100000009.0", "0100000009", ()),
     ("mẹ: 0100000008, bố 0100000009", "0100000008", ("0100000009",)), ("0100000008+0100000009", "0100000008", ("0100000009",)),
     ("0100000008 0100000009", "0100000008", ("0100000009",)), ("0100-000-008; 0211 100 0009", "0100000008", ("02111000009",)),
     ("+84(0)100000009", "0100000009", ()), ("0100000008-0100000009", "0100000008", ("0100000009",)),
     ("0100-000-009", "0100000009", ()), ("không nhớ số", "", ()), ("chưa có điện thoại", "", ()), ("0100000009 máy lẻ 12", "0100000009", ()),
     ("0100000009 gọi sau 17h", "0100000009", ()), ("(0211) 100 0009", "02111000009", ()), ("00855 12 345 678", "+85512345678", ()),
     ("0100000009/0100000009", "0100000009", ()), ("0100000009 ext 12", "0100000009", ())],
)  # fmt: skip
def test_telephone_numbers_are_read_as_clerks_write_them(text: str, first: str, others: tuple[str, ...]) -> None:
    assert telephones(text) == (first, others)
    assert "0100" not in repr(telephones(text))


@pytest.mark.parametrize(
    "text",
    [
        "hỏi mẹ",
        "113",
        "01000000080100000009",
        "0100000008, 1234567890123456",
        "17-05-1990",
        "1990-05-17",
        "17.5.1990",
        "17 05 1990",
        "1990-05-17 00:00:00",
    ],
)
def test_what_is_no_telephone_number_and_digits_that_are_left_over_are_told_as_that(text: str) -> None:
    with pytest.raises(InputError) as caught:
        telephones(text)
    assert caught.value.reason is Reason.NOT_A_TELEPHONE


@pytest.mark.parametrize(
    ("text", "means"), [("Nam", "male"), ("NỮ", "female"), ("F", "female"), ("1", "male"), ("2.0", "female"), ("", "")]
)
def test_sexes_are_read_as_clerks_write_them(text: str, means: str) -> None:
    assert sex(text) == means


def test_a_group_or_site_is_found_by_code_or_name_and_an_unknown_group_stays_as_text() -> None:
    known = {"1": "1", "can bo y te": "1"}
    assert priority_group("Nhóm 1", known) == priority_group("Cán bộ y tế", known) == ("1", "")
    assert priority_group("Người khác", known) == ("", "Người khác")
    assert site("Trạm Y tế Mẫu", {"tram y te mau": "VP01"}) == "VP01"
    assert site("VP02", {}) == "VP02"


@given(st.text(max_size=30) | st.text("0123456789 +/-().EeCD:'", max_size=24))
def test_any_text_is_a_value_or_a_typed_error(text: str) -> None:
    for read in (
        identity_number,
        telephones,
        sex,
        lambda text: names({"full_name": text}),
        lambda text: priority_group(text, {}),
    ):
        try:
            read(text)
        except InputError as error:
            assert text.strip() == "" or len(text) < 3 or text not in str(error)
