"""What two people's doses say of their being one: the same, following, too soon, or not both possible."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert.registry.comparing.fitting import fitting
from vaxcert.registry.comparing.reasons import Why
from vaxcert.registry.records.doses import RecordedDose

DAY = date(2026, 3, 1)


def dose(
    number: int, after: int = 0, *, product: str = "EU/1/20/1528", site: str = "VP01", lot: str = "L1"
) -> RecordedDose:
    return RecordedDose(product=product, number=number, series=2, date=DAY + timedelta(days=after), site=site, lot=lot)


@pytest.mark.parametrize(
    ("one", "other", "whole", "toneless"),
    [
        (dose(1), dose(1), Why.SAME_DOSE, Why.SAME_DOSE),
        (dose(1), dose(1, lot="L2"), Why.SAME_DOSE, Why.DOSES_DO_NOT_GO_TOGETHER),
        (dose(1), dose(1, 3), Why.DOSES_DO_NOT_GO_TOGETHER, Why.DOSES_DO_NOT_GO_TOGETHER),
        (dose(1), dose(2, 21), Why.DOSES_FOLLOW_IN_TIME, Why.DOSES_FOLLOW_IN_TIME),
        # Before it could be: a twin's, where nothing but tones would tell the two apart.
        (dose(1), dose(2, 20), Why.DOSES_FOLLOW, Why.DOSES_DO_NOT_GO_TOGETHER),
        (dose(1), dose(2, 5), Why.DOSES_FOLLOW, Why.DOSES_DO_NOT_GO_TOGETHER),
        (dose(1), dose(2, 90), Why.DOSES_FOLLOW, Why.DOSES_FOLLOW),
        (dose(1), dose(2), None, Why.DOSES_DO_NOT_GO_TOGETHER),
        (dose(1), dose(2, 30, product="EU/1/20/1507"), None, Why.DOSES_DO_NOT_GO_TOGETHER),
    ],
)  # fmt: skip
def test_what_two_doses_say_of_their_being_one_persons(
    one: RecordedDose, other: RecordedDose, whole: Why | None, toneless: Why | None
) -> None:
    for pair in ((one, other), (other, one)):
        assert fitting(pair[:1], pair[1:], toneless=False) == whole
        assert fitting(pair[:1], pair[1:], toneless=True) == toneless


some = st.lists(
    st.builds(dose, st.integers(1, 2), st.integers(0, 60), lot=st.sampled_from(["L1", "L2"])), min_size=1, max_size=3
)


@given(some, some)
def test_it_is_the_same_from_either_side_and_whoever_may_be_a_twin_never_goes_together_more_easily(
    mine: list[RecordedDose], theirs: list[RecordedDose]
) -> None:
    for toneless in (True, False):
        assert fitting(mine, theirs, toneless=toneless) == fitting(theirs, mine, toneless=toneless)
    if fitting(mine, theirs, toneless=False) is Why.DOSES_DO_NOT_GO_TOGETHER:
        assert fitting(mine, theirs, toneless=True) is Why.DOSES_DO_NOT_GO_TOGETHER
