"""Who is to come for a next dose: not yet, now, or late; by the intervals of each product."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from vaxcert import codes
from vaxcert.registry.database import Registry
from vaxcert.registry.records.completeness import newest
from vaxcert.registry.records.everybody import everybody

# From here on late is long: such people do not come by themselves, and are to be asked.
LONG_LATE = timedelta(days=56)
# Of those who may not come yet, who may within so many days.
SOON = timedelta(days=7)

# Earliest and usual days after the dose before, of a product's dose of that number.
Intervals = Callable[[str, int], tuple[int, int] | None]


class Course(NamedTuple):
    """A course that is not whole: the product of its last dose, the next dose's number, the last dose's day."""

    product: str
    dose: int
    last: date


class Due(NamedTuple):
    """How many people are to have this dose next after one of this product.

    `later`: they may not have it yet; `soon`: of these, who may within a week. `now`: from the earliest day to the
    usual one. `late`: the usual day is over, by up to eight weeks; `long_late`: by more. `unknown`: no interval is
    known.
    """

    product: str
    dose: int
    later: int = 0
    soon: int = 0
    now: int = 0
    late: int = 0
    long_late: int = 0
    unknown: int = 0

    @property
    def people(self) -> int:
        """How many in all; who comes soon is among those who come later."""
        return self.later + self.now + self.late + self.long_late + self.unknown


def due(courses: Mapping[Course, int], today: date, intervals: Intervals = codes.intervals) -> list[Due]:
    """Who is to come, by product and dose, of these courses and as of a day."""
    found: defaultdict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for course, people in courses.items():
        found[course.product, course.dose].update(
            dict.fromkeys(_states(course, today, intervals(course.product, course.dose)), people)
        )
    return [Due(product, dose, **counts) for (product, dose), counts in sorted(found.items())]


def _states(course: Course, today: date, interval: tuple[int, int] | None) -> tuple[str, ...]:
    if interval is None:
        return ("unknown",)
    earliest, usual = (course.last + timedelta(days=days) for days in interval)
    if today < earliest:
        return ("later", "soon") if earliest <= today + SOON else ("later",)
    if today <= usual:
        return ("now",)
    return ("late",) if today <= usual + LONG_LATE else ("long_late",)


def courses(registry: Registry) -> Counter[Course]:
    """The courses that are not whole, counted from everybody; `kept.courses` has the same from the sums."""
    found = Counter[Course]()
    with registry.reading() as connection:
        for somebody in everybody(connection):
            finished = {one.dose.disease for one in somebody.counted if one.dose.number >= one.dose.series}
            for disease, given in newest(somebody).items():
                if disease not in finished:
                    found[Course(given.dose.product, given.dose.number + 1, given.dose.date)] += 1
    return found
