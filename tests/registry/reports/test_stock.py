"""How urgent it is that a site is short of something, and what is told first."""

from vaxcert.registry.reports.stock import Level, Supply, urgent_first

OVER = Supply("VP01", "Abdala", 10, -1, 0)
OUT = Supply("VP02", "Abdala", 14, 0, 14)
SHORT = Supply("VP03", "Abdala", 100, 6, 14)
JUST = Supply("VP04", "Abdala", 100, 7, 14)
UNUSED = Supply("VP05", "Abdala", 100, 50, 0)
USED_UP = Supply("VP06", "Abdala", 100, 0, 0)


def test_what_is_left_is_told_by_how_long_it_lasts() -> None:
    found = [one.level for one in (OVER, OUT, SHORT, JUST, UNUSED, USED_UP)]
    assert found == [Level.OVER, Level.OUT, Level.SHORT, Level.ENOUGH, Level.UNUSED, Level.UNUSED]
    assert [one.days for one in (OVER, OUT, SHORT, JUST, UNUSED)] == [None, 0, 6, 7, None]


def test_what_runs_out_first_is_told_first() -> None:
    sooner = Supply("VP09", "Abdala", 100, 2, 14)
    assert urgent_first([USED_UP, UNUSED, JUST, SHORT, sooner, OUT, OVER]) == [
        OVER, OUT, sooner, SHORT, JUST, UNUSED, USED_UP,
    ]  # fmt: skip
