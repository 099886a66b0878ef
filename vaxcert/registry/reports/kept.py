"""What the sums tell without a look at anybody: coverage, stock and who is to come, as full counts have it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, func, literal, select

from vaxcert.errors import ConfigurationError, NotFoundError, Reason
from vaxcert.registry import schema
from vaxcert.registry.comparing import districts
from vaxcert.registry.database import Registry
from vaxcert.registry.reports.coverage import (
    BANDS,
    DIMENSIONS,
    PLACES,
    Cell,
    Counts,
    Coverage,
    age,
    put_together,
    targets_of,
)  # fmt: skip
from vaxcert.registry.reports.due import Course
from vaxcert.registry.reports.stock import Stock, stocks

_TABLE = schema.tally


class Area(NamedTuple):
    """Whom a reader of the sums is told of: those of one district, however it is spelt; "" for all."""

    district: str = ""


EVERYWHERE = Area()


def area(registry: Registry, district: str) -> Area:
    """The area of a district, as it is written in a list or of somebody on record. Raises `NotFoundError` for another
    text: nothing is worked out from what anybody may send."""
    with registry.reading() as connection:
        spellings = connection.scalars(select(_TABLE.c.district).where(_TABLE.c.facet == "district"))
        if not district or district not in districts.official(connection).union(spellings):
            raise NotFoundError("there is no such district on record", Reason.NO_SUCH_RECORD)
    return Area(district)


def coverage(registry: Registry, by: tuple[str, ...] = ("district",), *, of: Area = EVERYWHERE) -> Coverage:
    """The same as `coverage.coverage` of today, by the district, by one other dimension, or by both.

    `of`: an area alone; then `total` is of the area, and targets of whole groups are left out, since they are of all.
    Raises `ConfigurationError` for other dimensions.
    """
    rest = [name for name in by if name != "district"]
    if not set(by) <= set(DIMENSIONS) or len(set(by)) != len(by) or len(rest) > 1:
        raise ConfigurationError("sums are kept by district, by one other dimension, and by both")
    day = registry.today()
    with registry.reading() as connection:
        within = _within(connection, of)
        counts, total = Counts(Counter(), Counter(), Counter()), Counter[str]()
        dimension = rest[0] if rest else "district"
        for name, value, *numbers in _of(connection, dimension, within, day, apart="district" in by):
            said = {"district": name or "?", **dict.fromkeys(rest, value or "?")}
            for counter, number in zip(counts, numbers, strict=True):
                if number or counter is not counts.complete:
                    counter[tuple(said[one] for one in by)] += number
        spelt = {name: _spelt(connection, name, within) for name in PLACES if name in by}
        for _, _, *numbers in _rows(connection, "district", within):
            total.update(dict(zip(("people", "complete", "doses"), numbers, strict=True)))
        targets = targets_of(connection, by)
        if of.district:
            place = districts.fold(of.district)
            targets = {
                key: people for key, people in targets.items()
                if "district" in by and districts.same(districts.fold(key[by.index("district")]), place)
            }  # fmt: skip
        official = districts.official(connection)
    whole = Cell((), total["people"], total["complete"], total["doses"])
    return put_together(by, day, counts, whole, targets, spelt, official)


def stock(registry: Registry) -> list[Stock]:
    """The same as `stock.stock`."""
    with registry.reading() as connection:
        rows = connection.execute(
            select(_TABLE.c.first, _TABLE.c.second, _TABLE.c.third, _TABLE.c.doses).where(_TABLE.c.facet == "lot")
        )
        return stocks(connection, Counter({(site, lot, product): doses for site, lot, product, doses in rows}))


def given_since(registry: Registry, days: int) -> Counter[tuple[str, str]]:
    """How many doses each site gave of each product in so many days, of which today is the last."""
    first = registry.today() - timedelta(days=days - 1)
    query = (
        select(_TABLE.c.first, _TABLE.c.second, func.sum(_TABLE.c.doses))
        .where(_TABLE.c.facet == "use", _TABLE.c.third >= first.isoformat())
        .group_by(_TABLE.c.first, _TABLE.c.second)
    )
    with registry.reading() as connection:
        return Counter({(site, product): int(doses) for site, product, doses in connection.execute(query)})


def courses(registry: Registry, *, of: Area = EVERYWHERE) -> Counter[Course]:
    """How many people have a course that is not whole: what they had last and when, and which dose is the next."""
    with registry.reading() as connection:
        query: Select[tuple[str, str, str, int]] = select(
            _TABLE.c.first, _TABLE.c.second, _TABLE.c.third, func.sum(_TABLE.c.people).label("people")
        ).where(_TABLE.c.facet == "course", _in(_within(connection, of)))
        found = Counter[Course]()
        for row in connection.execute(query.group_by(_TABLE.c.first, _TABLE.c.second, _TABLE.c.third)):
            found[Course(row.first, int(row.second), date.fromisoformat(row.third))] += int(row.people)
        return found


def _rows(
    connection: Connection, facet: str, within: list[str] | None, *, apart: bool = True
) -> list[tuple[str, str, int, int, int]]:
    """District as it is spelt, value, people, complete, doses; all districts together where they are not `apart`."""
    numbers = [func.sum(_TABLE.c[name]) for name in ("people", "complete", "doses")]
    place = _TABLE.c.district if apart else literal("")
    query = select(place, _TABLE.c.first, *numbers).where(_TABLE.c.facet == facet, _in(within))
    rows = connection.execute(query.group_by(_TABLE.c.first, *([_TABLE.c.district] if apart else [])))
    return [(row[0], row[1], int(row[2]), int(row[3]), int(row[4])) for row in rows]


def _of(
    connection: Connection, dimension: str, within: list[str] | None, day: date, *, apart: bool
) -> Iterator[tuple[str, str, int, int, int]]:
    """The rows of a dimension. Of ages, a month in which somebody may have come into another band is read by day."""
    if dimension != "age":
        yield from _rows(connection, dimension, within, apart=apart)
        return
    turning = {f"{day.year - band:04}-{day.month:02}" for band in BANDS}
    for district, month, people, complete, doses in _rows(connection, "born", within, apart=apart):
        if month not in turning:
            yield district, age(month, day), people, complete, doses
    for month in sorted(turning):
        for district, born, people, complete, doses in _rows(connection, f"born {month}", within, apart=apart):
            yield district, age(born, day), people, complete, doses


def _spelt(connection: Connection, name: str, within: list[str] | None) -> Counter[str]:
    found = Counter[str]()
    for district, value, people, *_ in _rows(connection, name, within):
        found[(district if name == "district" else value) or "?"] += people
    return found


def _in(within: list[str] | None) -> ColumnElement[bool]:
    return _TABLE.c.district.in_(within) if within is not None else _TABLE.c.district.is_not(None)


def _within(connection: Connection, of: Area) -> list[str] | None:
    """The spellings of an area's district that people on record have; None for all."""
    if not of.district:
        return None
    place = districts.fold(of.district)
    spellings = connection.scalars(select(_TABLE.c.district).where(_TABLE.c.facet == "district"))
    return sorted(one for one in spellings if one and districts.same(districts.fold(one), place))
