"""Points in time as signed claims have them."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from who_cards import MEMBERS, link

from vaxcert import Verifier
from vaxcert.errors import ContentError
from vaxcert.formats import dates

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST, LAST = (int((one - EPOCH).total_seconds()) for one in (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)))  # fmt: skip
NUMBERS = st.one_of(st.integers(), st.floats(), st.integers(FIRST - 2, LAST + 2))


@given(NUMBERS)
def test_a_number_is_the_moment_so_many_seconds_after_1970_or_none(value: float) -> None:
    if (isinstance(value, float) and not math.isfinite(value)) or not FIRST <= value <= LAST:
        with pytest.raises(ContentError):
            dates.moment(value, "exp")
    else:
        assert dates.moment(value, "exp") == EPOCH + timedelta(seconds=value)


@pytest.mark.parametrize(
    "value", [10**400, -(10**400), math.nan, math.inf, -math.inf, True, None, "0", [0]], ids=lambda one: repr(one)[:6]
)
def test_what_no_calendar_holds_is_told_by_a_typed_error(value: Any) -> None:
    with pytest.raises(ContentError, match="exp is missing or no point in time"):
        dates.moment(value, "exp")


@pytest.mark.parametrize("value", [10**400, -(10**400)], ids=["after", "before"])
def test_a_link_that_ends_beyond_all_time_is_judged_as_any_other(verifier: Verifier, value: int) -> None:
    assert verifier.verify(link(MEMBERS | {"exp": value})).status == "undetermined"
