"""What is said against a dose follows from what is on record, the product's interval and age; and is said in words."""

from datetime import date
from typing import Any

import pytest

from vaxcert import Person
from vaxcert.registry.desk.warnings import DoseWarning, warnings
from vaxcert.registry.records.doses import GivenDose, RecordedDose
from vaxcert.registry.records.judging import placed
from vaxcert.registry.records.people import Profile, Somebody
from vaxcert.registry.states import DoseState, WarningKind
from vaxcert.wording.desk import EVENTS, WARNINGS

DAY = date(2026, 6, 1)
COMIRNATY, SPIKEVAX, VAXZEVRIA, ABDALA = "EU/1/20/1528", "EU/1/20/1507", "EU/1/21/1529", "Abdala"


def dose(number: int, day: date = DAY, product: str = COMIRNATY, series: int = 2) -> RecordedDose:
    return RecordedDose(product=product, number=number, series=series, date=day)


def said(
    now: RecordedDose, *held: RecordedDose, born: str = "1990-05-17", guardian: str = "", state: str = "good"
) -> Any:
    person = Person(family_name="Nguyễn", given_name="Mẫu Thử", date_of_birth=born)
    profile = Profile(person=person, guardian=guardian)
    given = tuple(GivenDose(number, number, DoseState(state), one) for number, one in enumerate(held, 1))
    found = warnings(placed(Somebody(1, 1, profile, given), profile, now))
    assert all(one.words.en and one.words.vi and "{" not in one.words.vi + one.words.en for one in found)
    return {one.kind: dict(one.said) for one in found}


@pytest.mark.parametrize(("days", "product", "warned"), [
    (20, COMIRNATY, True), (21, COMIRNATY, False), (27, VAXZEVRIA, True), (28, VAXZEVRIA, False),
    # No interval is known of it: of the same day alone.
    (1, ABDALA, False), (0, ABDALA, True),
])  # fmt: skip
def test_a_dose_before_its_products_interval_is_over_is_too_early(days: int, product: str, warned: bool) -> None:
    first = dose(1, date.fromordinal(DAY.toordinal() - days), product, 2)
    assert (WarningKind.TOO_EARLY in said(dose(2, product=product), first)) is warned


def test_a_booster_has_no_interval_and_may_be_of_another_maker() -> None:
    held = dose(1, date(2026, 3, 1)), dose(2, date(2026, 4, 1))
    assert said(dose(3, product=SPIKEVAX), *held) == {}


def test_within_a_series_another_product_is_warned_about() -> None:
    assert said(dose(2, product=SPIKEVAX), dose(1, date(2026, 3, 1))) == {
        WarningKind.OTHER_PRODUCT: {"before": "Comirnaty"}
    }


def test_a_dose_that_is_held_otherwise_is_warned_about_and_one_that_was_withdrawn_is_not() -> None:
    held = dose(1, date(2026, 3, 1))
    assert said(dose(1), held) == {WarningKind.ALREADY_HELD: {"number": 1, "before": f"{COMIRNATY}, 2026-03-01"}}
    assert said(dose(1), held, state="withdrawn") == {}
    # The very same is on record: there is nothing to record.
    assert said(held, held) == {}


def test_a_dose_without_the_one_before_it_is_warned_about() -> None:
    assert said(dose(2)) == {WarningKind.EARLIER_DOSE_MISSING: {"missing": 1}}
    assert said(dose(3), dose(1, date(2026, 3, 1))) == {WarningKind.EARLIER_DOSE_MISSING: {"missing": 2}}


@pytest.mark.parametrize(("born", "product", "warned"), [
    ("2008-06-01", VAXZEVRIA, False), ("2008-06-02", VAXZEVRIA, True),
    # Of whom the month or year alone is known may be so young.
    ("2008-06", VAXZEVRIA, True), ("2008-05", VAXZEVRIA, False), ("2008", VAXZEVRIA, True), ("2007", VAXZEVRIA, False),
    ("2025-12-01", COMIRNATY, False), ("2025-12-02", COMIRNATY, True), ("2020-01-01", ABDALA, False),
])  # fmt: skip
def test_who_may_be_younger_than_the_product_is_for_is_warned_about(born: str, product: str, warned: bool) -> None:
    found = said(dose(1, product=product), born=born, guardian="Trần Ví Dụ")
    assert set(found) == ({WarningKind.TOO_YOUNG} if warned else set())


def test_a_child_without_a_guardian_is_warned_about() -> None:
    assert said(dose(1), born="2008-06-02") == {WarningKind.GUARDIAN_MISSING: {}}
    assert said(dose(1), born="2008-06-02", guardian="Trần Ví Dụ") == {}
    assert said(dose(1), born="2008-06-01") == {}


def test_ages_are_told_in_months_for_infants_and_else_in_years() -> None:
    told = [DoseWarning(WarningKind.TOO_YOUNG, (("months", months),)).words for months in (6, 144)]
    assert [one.vi.rpartition(": ")[2] for one in told] == ["6 tháng tuổi", "12 tuổi"]


def test_every_warning_and_event_has_words_and_no_word_is_left_over() -> None:
    from vaxcert.registry.states import EventKind

    assert set(WARNINGS) == set(WarningKind) and set(EVENTS) == set(EventKind)
