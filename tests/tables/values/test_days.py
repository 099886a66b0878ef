"""Days as offices and spreadsheets write them, and what is not to be guessed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert.errors import ConfigurationError, InputError, Reason
from vaxcert.tables.values.days import DatesSeen, birth_date, dates_seen, day, decide
from vaxcert.tables.values.reading import Reading

MDY = Reading(dates="mdy")


@pytest.mark.parametrize(
    "text",
    ["09/03/2025", "9/3/25", "9.3.2025", "09-03-2025", "9 - 3 - 2025", "09 03 2025", "2025-03-09", "2025/3/9", "20250309",
     "09032025", "45725", "45725.0", "45725.3125", "9-Mar-25", "09 March 2025", "March 9, 2025", "9-thg3-2025",
     "ngày 9 tháng 3 năm 2025", "Ngày 09 tháng 3, 2025", "9 tháng 3/2025", "09/03/2025 07:45", "09/03/2025 7:45:10 CH",
     "7h45 09/03/2025", "7 giờ 45 09/03/2025", "2025-03-09T07:45:00", "2025-03-09 07:45:00.123", "09/03/2025 12:00:00 AM",
     "2025-03-08T17:00:00Z", "2025-03-08T17:00:00.000Z", "2025-03-09T00:30:00+07:00", "2025-03-08T23:30:00+05:30", "０９/03/2025",
     "09–03–2025", "09\\03\\2025", "09,03,2025", "09/03/2025.", "09/03/2025 lúc 7h45", "sáng 09/03/2025", "09/03/2025 (chiều)",
     "Chủ nhật, 09/03/2025", "Thứ hai ngày 09/03/2025", "T2 09/03/2025", "Sunday, March 9, 2025", "Ngày tiêm: 09/03/2025"],
)  # fmt: skip
def test_a_day_is_read_in_each_of_its_writings(text: str) -> None:
    assert day(text) == date(2025, 3, 9)


@pytest.mark.parametrize(
    ("text", "means"),
    [("23/08/1987", "1987-08-23"), ("23/8/87", "1987-08-23"), ("1987", "1987"), ("1987.0", "1987"), ("năm 1987", "1987"),
     ("08/1987", "1987-08"), ("1987-08", "1987-08"), ("tháng 8/1987", "1987-08"), ("tháng 8 năm 1987", "1987-08"),
     ("00/00/1987", "1987"), ("00/08/1987", "1987-08"), ("32012", "1987-08-23"), ("32012.0", "1987-08-23"),
     ("1987-08-22T17:00:00Z", "1987-08-23"), ("23-Aug-87", "1987-08-23"), ("Aug-1987", "1987-08"),
     ("sinh ngày 23 tháng 8 năm 1987", "1987-08-23"), ("01/01/1987", "1987-01-01"),
     ("Sinh ngày: 23/08/1987", "1987-08-23"), ("23/08/1987 (38 tuổi)", "1987-08-23"), ("23/08/1987*", "1987-08-23"), ("SN 1987", "1987"),
     ("năm sinh: 1987", "1987"), ("1987 (38t)", "1987"), ("--/--/1987", "1987"), ("xx/xx/1987", "1987"), ("../08/1987", "1987-08"),
     ("T8/1987", "1987-08")],
)  # fmt: skip
def test_a_birth_date_is_read_in_each_of_its_writings(text: str, means: str) -> None:
    assert birth_date(text) == means


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", Reason.NOT_A_DATE), ("31/02/2025", Reason.NOT_A_DATE), ("03/2025", Reason.NOT_A_DATE), ("2025", Reason.NOT_A_DATE),
     ("1/2", Reason.NOT_A_DATE), ("0", Reason.MISSING), ("00/01/1900", Reason.MISSING), ("00/03/2025", Reason.NOT_A_DATE),
     ("03/19/2025", Reason.MONTH_FIRST), ("19/19/2025", Reason.NOT_A_DATE), ("99999", Reason.NOT_A_DATE), ("hôm qua", Reason.NOT_A_DATE),
     ("09/03/2025 25:00Z", Reason.NOT_A_DATE), ("09/03/1725", Reason.YEAR_IMPOSSIBLE), ("?/3/2025", Reason.NOT_A_DATE)],
)  # fmt: skip
def test_what_is_no_day_of_a_dose_is_told_by_its_own_reason(text: str, reason: Reason) -> None:
    with pytest.raises(InputError) as caught:
        day(text)
    assert caught.value.problem.field == "date" and caught.value.reason is reason


def test_where_the_month_comes_first_it_is_read_so_only_when_that_was_said() -> None:
    assert day("03/09/2025", MDY) == date(2025, 3, 9)
    assert birth_date("8/23/1987", MDY) == "1987-08-23"
    with pytest.raises(InputError) as caught:
        day("19/03/2025", MDY)
    assert caught.value.reason is Reason.DAY_FIRST


def test_an_instant_is_of_the_day_that_it_was_in_the_zone_of_the_table() -> None:
    assert day("2025-03-08T17:00:00Z", Reading(zone="Europe/Berlin")) == date(2025, 3, 8)
    assert birth_date("1987-08-22T22:30:00Z", Reading(zone="UTC")) == "1987-08-22"
    with pytest.raises(ConfigurationError):
        Reading(zone="Nowhere/At_All")


@pytest.mark.parametrize(("dose", "text", "means"), [
    (date(2021, 7, 1), "1/6/30", "1930-06-01"), (date(2021, 7, 1), "2/7/21", "1921-07-02"), (date(2026, 7, 1), "5/5/99", "1999-05-05"),
])  # fmt: skip
def test_two_digits_of_a_birth_year_are_the_century_that_the_dose_leaves(dose: date, text: str, means: str) -> None:
    assert birth_date(text, dose=dose) == means


def test_two_digits_that_could_be_an_old_person_or_a_child_are_not_guessed() -> None:
    with pytest.raises(InputError) as caught:
        birth_date("1/7/21", dose=date(2021, 7, 1))
    assert caught.value.reason is Reason.CENTURY_UNCLEAR


def test_the_order_of_day_and_month_is_seen_over_all_dates_of_a_table() -> None:
    seen = dates_seen(
        [(2, "13/05/1990"), (3, "5.6.1990"), (4, "05/14/1990 08:30"), (5, "4/4/1990"), (6, "1990-05-14"), (7, "x")]
    )
    assert seen == DatesSeen(1, 1, 1, 2, 4)
    parts = dates_seen([(9, "12/31/99")]) | dates_seen([(4, "12/30/99"), (5, "31/1/99")])
    assert parts == DatesSeen(1, 2, 0, 5, 4)


def test_a_table_that_has_both_orders_is_refused_with_the_lines_unless_one_is_asked_for() -> None:
    both = DatesSeen(5, 2, 9, 3, 8)
    with pytest.raises(ConfigurationError, match=r"line 3 .* line 8") as caught:
        decide(both, None)
    assert caught.value.reason is Reason.DATES_UNCLEAR
    assert (decide(both, "mdy"), decide(both, "dmy")) == ("mdy", "dmy")


def test_a_table_with_the_month_first_is_read_so_only_by_a_word_for_it() -> None:
    with pytest.raises(ConfigurationError, match="--dates mdy") as caught:
        decide(DatesSeen(0, 3, 9, 0, 2), None)
    assert caught.value.reason is Reason.DATES_UNCLEAR
    assert decide(DatesSeen(0, 0, 9), None) == decide(DatesSeen(4, 0, 9, 2), None) == "dmy"


WRITINGS = ["{0:%d/%m/%Y}", "{0.day}.{0.month}.{0.year}", "{0:%Y-%m-%d}", "{0:%d-%b-%Y}", "{0:%Y%m%d}", "{0:%d/%m/%Y} 23:59",
            "ngày {0.day} tháng {0.month} năm {0.year}", "{0:%Y-%m-%d}T06:00:00+07:00"]  # fmt: skip


@given(st.dates(date(1930, 1, 1), date(2099, 12, 31)), st.sampled_from(WRITINGS))
def test_each_day_comes_back_from_each_writing(when: date, writing: str) -> None:
    assert day(writing.format(when)) == when
    assert birth_date(writing.format(when)) == when.isoformat()
    assert day(str((when - date(1899, 12, 30)) // timedelta(days=1))) == when
    assert day(f"{when:%m/%d/%Y}", MDY) == when


@given(st.text(max_size=30) | st.text("0123456789/-. :TZ+ngàythágăm", max_size=24))
def test_any_text_is_a_day_or_a_typed_error(text: str) -> None:
    for read in (day, birth_date):
        for reading in (Reading(), MDY):
            try:
                read(text, reading)
            except InputError as error:
                assert error.field in ("date", "date_of_birth")
    dates_seen([(1, text)])
