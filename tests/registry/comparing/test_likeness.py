"""Whether two records are of one person: sure, unsure with reasons, or not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert import Person
from vaxcert.registry.comparing.likeness import Features, Likeness, compare, features, match_key, near_key
from vaxcert.wording.questions import told

SAME, UNSURE, DIFFERENT = Likeness.SAME, Likeness.UNSURE, Likeness.DIFFERENT


def one(
    name: str,
    born: str = "1990-05-17",
    district: str = "Tam Đảo",
    identity: str = "",
    phone: str = "",
    **more: Any,
) -> Features:
    family, _, rest = name.partition(" ")
    person = Person(family_name=family, given_name=rest, date_of_birth=born)
    return features(person, district=district, national_id=identity or None, phone=phone or None, **more)


BASE = "Nguyễn Mẫu Thử Ánh"


@pytest.mark.parametrize(
    ("left", "right", "expected", "reason"),
    [
        # What is sure.
        (one(BASE, phone="1"), one(BASE, phone="1"), SAME, ""),
        (one(BASE), one(BASE), SAME, ""),
        (one(BASE), one("NGUYEN MAU THU ANH"), SAME, ""),
        (one(BASE, district="Huyện Tam Đảo"), one(BASE, district="tam dao"), SAME, ""),
        (one(BASE, district="Quan Sơn"), one(BASE, district="Huyện Quan Sơn"), SAME, ""),
        (one(BASE), one("Mẫu Thử Ánh Nguyễn"), SAME, ""),
        (one(BASE, identity="7"), one(BASE, identity="7", district="Yên Lạc", phone="2"), SAME, ""),
        (one(BASE, identity="7"), one(BASE, born="1990-05-18", identity="7"), SAME, ""),
        (one("Nguyễn Mẫu Thử"), one("Mẫu Thử Nguyễn"), SAME, ""),
        (one(BASE, district="", phone="1"), one(BASE, phone="1"), SAME, ""),
        (one(BASE, born="1960", phone="1"), one(BASE, born="1960", phone="1"), SAME, ""),
        (one(BASE, identity="7", phone="1"), one(BASE, phone="1"), SAME, ""),
        (one("Иванов Пётр", phone="1"), one("IVANOV PETR", phone="1"), SAME, ""),
        (one("李 明"), one("明 李"), SAME, ""),
        # What is not: a person decides.
        (one(BASE, identity="7"), one(BASE, born="1950-02-03", identity="7"), UNSURE, "two birth dates"),
        (one("Nguyễn Thị Hồng Ngọc", phone="1"), one("Nguyễn Thị Ngọc Hồng", phone="1"), UNSURE, "another order"),
        (one("Nguyễn Thị Hồng Ngọc"), one("NGUYEN THI NGOC HONG"), UNSURE, "another order"),
        (one(BASE, district="Huyện Cao Lãnh"), one(BASE, district="TP. Cao Lãnh"), UNSURE, "neither telephone nor district"),
        (one(BASE, phone="1"), one("Nguyễn Mẫu Thử Anh", phone="1"), UNSURE, "tones"),
        (one(BASE, phone="1"), one("Nguyễn Mẫu Thử Ánx", phone="1"), UNSURE, "a letter or two"),
        (one(BASE, phone="1"), one("Nguyễn Mẫu ThửÁnh", phone="1"), UNSURE, "a letter or two"),
        (one(BASE, phone="1"), one(BASE, phone="2"), UNSURE, "two telephone numbers"),
        (one(BASE, district="A"), one(BASE, district="B"), UNSURE, "neither telephone nor district"),
        (one(BASE, born="1990-05-07", phone="1"), one(BASE, born="1990-07-05", phone="1"), UNSURE, "swapped"),
        (one(BASE, born="1990", phone="1"), one(BASE, phone="1"), UNSURE, "not whole"),
        (one(BASE, born="1960"), one(BASE, born="1960"), DIFFERENT, ""),
        (one(BASE, identity="7"), one("Trần Ví Dụ Bình", identity="7"), UNSURE, "two names"),
        (one(BASE, identity="7", phone="1"), one(BASE, identity="8", phone="1"), UNSURE, "two identity numbers"),
        (one(BASE, identity="7"), one(BASE, identity="8"), UNSURE, "two identity numbers"),
        # What is two people.
        (one(BASE), one("Trần Ví Dụ Bình"), DIFFERENT, ""),
        (one(BASE, phone="1"), one("Trần Ví Dụ Bình", phone="1"), DIFFERENT, ""),
        (one(BASE), one(BASE, born="1991-05-17"), DIFFERENT, ""),
        (one(BASE, identity="7", phone="1"), one(BASE, identity="8", phone="2"), DIFFERENT, ""),
        (one(BASE, identity="7", district="A"), one(BASE, identity="8", district="B"), DIFFERENT, ""),
        (one("Иванов Пётр", phone="1"), one("Сидоров Олег", phone="1"), DIFFERENT, ""),
        (one("李 明", phone="1"), one("王 芳", phone="1"), DIFFERENT, ""),
        (one("Lê An", phone="1"), one("Lý Anh", phone="1"), UNSURE, "a letter or two"),
    ],
)  # fmt: skip
def test_only_what_cannot_be_two_people_is_sure(
    left: Features, right: Features, expected: Likeness, reason: str
) -> None:
    likeness, reasons = compare(left, right)
    assert likeness is expected
    assert reason in told(reasons).en
    assert bool(reasons) == (expected is UNSURE)


names = st.lists(
    st.sampled_from(["Nguyễn", "Mẫu", "Thử", "Ánh", "Anh", "anh", "Đỗ", "Do", "Thủ", "Пётр", "Petr", "李"]),
    min_size=1,
    max_size=4,
)
records = st.builds(
    one,
    names.map(" ".join),
    st.sampled_from(["1990-05-07", "1990-07-05", "1990", "1991-01-01"]),
    st.sampled_from(["", "A", "B"]),
    st.sampled_from(["", "7", "8"]),
    st.sampled_from(["", "1", "2"]),
)


@given(records, records)
def test_it_does_not_matter_which_came_first(left: Features, right: Features) -> None:
    assert compare(left, right) == compare(right, left)


@given(records, records)
def test_two_identity_numbers_or_two_birth_dates_are_never_surely_one_person(left: Features, right: Features) -> None:
    if compare(left, right)[0] is SAME:
        assert not (left.national_id and right.national_id and left.national_id != right.national_id)
        assert left.national_id or left.date_of_birth == right.date_of_birth


@given(records, records)
def test_whoever_could_be_one_person_is_found(left: Features, right: Features) -> None:
    """Candidates are looked for by these keys alone; what none of them finds may only be what a letter changed."""
    if compare(left, right)[0] is SAME:
        keys = (match_key(left) == match_key(right), near_key(left) == near_key(right))
        numbers = (
            bool(left.phone) and left.phone == right.phone,
            bool(left.national_id) and left.national_id == right.national_id,
        )
        assert any((*keys, *numbers))


def test_a_record_does_not_print_whom_it_is_of() -> None:
    assert "Nguyễn" not in repr(one(BASE))


@given(records, records)
def test_what_is_said_of_two_records_can_be_said_in_vietnamese(left: Features, right: Features) -> None:
    from vaxcert.registry.comparing.likeness import given_back, kept

    likeness, reasons = compare(left, right)
    if likeness is UNSURE:
        assert given_back(kept(reasons)) == reasons
        assert told(reasons).vi


def test_whatever_is_asked_for_has_its_words_and_is_of_a_group_or_seen_by_itself() -> None:
    from vaxcert.registry.comparing.reasons import Why, at_once, kind, score
    from vaxcert.wording.questions import REASONS

    assert set(REASONS) == set(Why)
    assert not at_once((Why.NAME_AND_BIRTH_DATE_AGREE, Why.DISTRICT_AGREES, Why.COMMON_NAME, Why.DOSES_FOLLOW))
    assert at_once((Why.NAME_AND_BIRTH_DATE_AGREE, Why.DISTRICT_AGREES, Why.COMMON_NAME, Why.SAME_DOSE))
    assert not at_once((Why.TONES_DIFFER, Why.TELEPHONE_AGREES, Why.SAME_DOSE))
    assert kind((Why.OLD_AND_NEW_CARD, Why.COMMUNE_AGREES)) == kind((Why.DISTRICT_AGREES,))
    assert score((Why.TELEPHONE_AGREES, Why.TWO_SEXES)) < score((Why.TELEPHONE_AGREES,))


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        # An old card beside a new one says nothing; two of one kind do.
        (one(BASE, identity="7", card=9, phone="1"), one(BASE, identity="8", card=12, phone="1"), SAME),
        (one(BASE, identity="7", card=12, phone="1"), one(BASE, identity="8", card=12, phone="1"), UNSURE),
        # District alone: not for a name that many have, nor for the day that many were given.
        (one("Nguyễn Thị Mẫu"), one("Nguyễn Thị Mẫu"), UNSURE),
        (one(BASE, born="1960-01-01"), one(BASE, born="1960-01-01"), UNSURE),
        (one("Nguyễn Thị Mẫu", phone="1"), one("Nguyễn Thị Mẫu", phone="1"), SAME),
        (one(BASE, commune="Xã A"), one(BASE, commune="Xã B"), UNSURE),
        (one(BASE, sex="male"), one(BASE, sex="female"), UNSURE),
        # A slip is asked, and with a number that is the same is none.
        (one(BASE, phone="1", born="1990-05-17"), one(BASE, phone="1", born="1990-05-07"), UNSURE),
        (one(BASE, phone="1", born="1990-05-17"), one(BASE, phone="1", born="1990-01-01"), UNSURE),
        (one("Ng. Mẫu Thử Ánh", phone="1"), one(BASE, phone="1"), UNSURE),
        (one("Nguyễn Thử Ánh", phone="1"), one(BASE, phone="1"), UNSURE),
        (one("Nguyễn Thử Ánh", identity="7"), one(BASE, identity="7"), SAME),
        # A child under a parent's number is not the parent.
        (one(BASE, identity="7", phone="1"), one("Nguyễn Ví Dụ Bình", born="2012-03-04", identity="7", phone="1"), DIFFERENT),
    ],
)  # fmt: skip
def test_everyday_rows_are_sure_asked_or_two_people(left: Features, right: Features, expected: Likeness) -> None:
    assert compare(left, right)[0] is compare(right, left)[0] is expected
