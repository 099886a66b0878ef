"""What people type of themselves: read, or what is wrong with it by its field; and sealed to the desk."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert.booking import applicants
from vaxcert.booking.sealing import DeskKey, seal
from vaxcert.errors import DamagedError

TODAY = date(2026, 11, 26)
GOOD = {"full_name": "Nguyễn Mẫu Thử", "date_of_birth": "17/05/1990", "phone": "0912 345 678", "priority_group": "5"}


def wrong(**other: str) -> dict[str, str]:
    one, problems = applicants.read(GOOD | other, groups={"5"}, today=TODAY)
    assert one is None
    return {problem.field: str(problem.reason) for problem in problems}


def test_what_is_right_is_read_as_a_units_table_is() -> None:
    one, problems = applicants.read(GOOD | {"full_name": " Nguyễn  Mẫu Thử "}, groups={"5"}, today=TODAY)
    assert problems == () and one is not None
    assert (one.full_name, one.date_of_birth, one.phone, one.group) == (
        "Nguyễn Mẫu Thử",
        "1990-05-17",
        "0912345678",
        "5",
    )
    nobody, _ = applicants.read(GOOD | {"priority_group": "-"}, groups={"5"}, today=TODAY)
    assert nobody is not None and nobody.group == ""
    assert "Nguyễn" not in repr(one)


@pytest.mark.parametrize(
    ("other", "field", "reason"),
    [
        ({"full_name": ""}, "full_name", "missing"), ({"full_name": "12"}, "full_name", "no_letters"),
        ({"full_name": "Nguyễn " + "a" * 160}, "full_name", "too_long"), ({"full_name": "Nguyễn\u202eMẫu"}, "full_name", "unprintable"),
        ({"date_of_birth": "hôm qua"}, "date_of_birth", "not_a_birth_date"), ({"date_of_birth": ""}, "date_of_birth", "missing"),
        ({"date_of_birth": "17/05/2027"}, "date_of_birth", "in_the_future"),
        ({"phone": "12"}, "phone", "not_a_telephone"), ({"phone": "000000000"}, "phone", "not_a_telephone"),
        ({"phone": "0912345678 / 0912345679"}, "phone", "several_numbers"), ({"phone": "không có"}, "phone", "not_a_telephone"),
        ({"priority_group": "6"}, "priority_group", "no_such_group"), ({"priority_group": ""}, "priority_group", "missing"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_its_field(other: dict[str, str], field: str, reason: str) -> None:
    assert wrong(**other) == {field: reason}


def test_all_that_is_wrong_is_told_at_once() -> None:
    assert set(wrong(full_name="", date_of_birth="x", phone="1", priority_group="")) == set(applicants.FIELDS)


@given(st.fixed_dictionaries({name: st.text(max_size=200) for name in applicants.FIELDS}))
def test_whatever_is_typed_is_read_or_told_to_be_wrong(texts: dict[str, str]) -> None:
    one, problems = applicants.read(texts, groups={"5"}, today=TODAY)
    assert (one is None) is bool(problems)
    assert all(problem.field in applicants.FIELDS for problem in problems)
    if one is not None:
        applicants.initials(one)


@given(st.binary(max_size=300), st.integers(min_value=0), st.integers(1, 255))
def test_what_is_sealed_opens_with_the_desks_key_and_unchanged_alone(data: bytes, place: int, bit: int) -> None:
    key, other = DeskKey(bytes(range(32))), DeskKey(bytes(range(1, 33)))
    sealed = seal(key.public, data)
    assert key.open(sealed) == data
    assert seal(key.public, data) != sealed
    at = place % len(sealed)
    for held, text in (
        (other, sealed),
        (key, sealed[:at]),
        (key, sealed[:at] + bytes([sealed[at] ^ bit]) + sealed[at + 1 :]),
    ):
        # The highest bit of an X25519 key is not looked at; the name of the key is in the cipher's own.
        with pytest.raises(DamagedError):
            held.open(text)
