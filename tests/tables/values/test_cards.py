"""The code of an identity card fills in what is asked of a person, and no error repeats any of it."""

import traceback

import pytest

from vaxcert import InputError
from vaxcert.tables.values.cards import identity_card

CARD = "001090000001|123456789|Nguyễn Mẫu Thử|17051990|Nam|Tổ 1, Xã Ví Dụ, Huyện Tam Đảo|01072021"
SAID = {
    "full_name": "Nguyễn Mẫu Thử", "date_of_birth": "1990-05-17", "national_id": "001090000001", "sex": "male",
    "address": "Tổ 1, Xã Ví Dụ, Huyện Tam Đảo",
}  # fmt: skip


@pytest.mark.parametrize(
    "text", [CARD, f"\ufeff{CARD}\r\n", CARD.replace("123456789", ""), f"{CARD}||Trần Ví Dụ|Lê Thử|"]
)
def test_a_cards_fields_are_those_of_a_tables_row(text: str) -> None:
    assert identity_card(text) == SAID


@pytest.mark.parametrize(("born", "meant"), [("00001990", "1990"), ("00051990", "1990-05"), ("29022000", "2000-02-29")])
def test_a_birth_date_that_is_not_whole_is_what_is_known_of_it(born: str, meant: str) -> None:
    assert identity_card(CARD.replace("17051990", born))["date_of_birth"] == meant


def test_what_a_card_leaves_empty_is_left_out_and_another_sex_is_as_it_stands() -> None:
    assert identity_card("001090000001||Nguyễn Mẫu Thử|17051990||||") == {
        name: SAID[name] for name in ("full_name", "date_of_birth", "national_id")
    }
    assert identity_card(CARD.replace("|Nam|", "|Khác|"))["sex"] == "Khác"


@pytest.mark.parametrize("text", [
    "", "001090000001", CARD.rpartition("|")[0].rpartition("|")[0], CARD.replace("17051990", "31021990"),
    CARD.replace("17051990", "170590"), "HC1:NCF", "https://example.org/001090000001|a|b|17051990|c|d|e", "|" * 70_001,
    # Of health insurance.
    "GD4010000000001|4e677579|17/05/1990|1|5842|01 - 001|01/01/2026|-|01/01/2026|e|-|4|01/01/2031|15",
])  # fmt: skip
def test_what_is_no_identity_card_is_refused_without_a_word_of_it(text: str) -> None:
    with pytest.raises(InputError) as caught:
        identity_card(text)
    assert (caught.value.field, caught.value.reason) == ("card", "not_an_identity_card")
    told = str(caught.value) + repr(caught.value)
    assert "1990" not in told and "Nguyễn" not in told
    assert (
        caught.value.__cause__ is None
        and "during handling" not in "".join(traceback.format_exception(caught.value)).lower()
    )
