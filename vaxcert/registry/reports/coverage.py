"""How many people and doses: by district, commune, site, group, age, product, dose and day; targets and gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from vaxcert import codes
from vaxcert.errors import ConfigurationError
from vaxcert.model import Dose
from vaxcert.registry import schema
from vaxcert.registry.comparing import districts
from vaxcert.registry.database import Registry
from vaxcert.registry.records.everybody import everybody
from vaxcert.registry.records.people import Somebody
from vaxcert.registry.sums import middle

DIMENSIONS = ("district", "commune", "priority_group", "age", "site", "product", "dose", "day")
# Those that tell people apart; the others tell doses apart.
OF_PEOPLE = ("district", "commune", "priority_group", "age")
# Whose values are written in many ways.
PLACES = ("district", "commune")
BANDS = (0, 12, 18, 30, 40, 50, 65, 80)
HIDDEN = -1
# What stands for everything that is in no list.
OTHER = "other / khác"


class Cell(NamedTuple):
    """How many people and doses one cell counts.

    `key`: one value for each dimension. `people`: with at least one dose; `complete`: who had all of a series.
    `target`: people to be reached, where one was set. A number that was suppressed is `HIDDEN`.
    """

    key: tuple[str, ...]
    people: int
    complete: int
    doses: int
    target: int | None = None

    @property
    def gap(self) -> int | None:
        """How many are still to be reached; None without a target."""
        if self.target is None or self.people == HIDDEN:
            return None
        return max(0, self.target - self.people)


class Coverage(NamedTuple):
    """The counts. `by`: the dimensions; `cells`: in the order of their keys; `total`: of all, each person once."""

    by: tuple[str, ...]
    as_of: date
    cells: list[Cell]
    total: Cell

    @property
    def gap(self) -> int | None:
        """How many are still to be reached in all cells; where one has more than its target, no other has fewer."""
        gaps = [cell.gap for cell in self.cells if cell.target is not None]
        told = [gap for gap in gaps if gap is not None]
        return sum(told) if gaps and len(told) == len(gaps) else None


def coverage(
    registry: Registry, by: Sequence[str] = ("district",), *, as_of: date | None = None, listed: bool = False
) -> Coverage:
    """Count people and doses, with doses until the end of `as_of` (else today). Spellings of one district are one.

    `listed`: what is in none of the registry's lists is counted as `OTHER`, since a text that somebody typed may hold
    anything. Raises `ConfigurationError` for another dimension.
    """
    for name in by:
        if name not in DIMENSIONS:
            raise ConfigurationError(f"{name}: not one of {', '.join(DIMENSIONS)}")
    day = as_of or registry.today()
    spelt = {name: Counter[str]() for name in PLACES if name in by}
    people: Counter[tuple[str, ...]] = Counter()
    complete: Counter[tuple[str, ...]] = Counter()
    doses: Counter[tuple[str, ...]] = Counter()
    everyone, finished, given = 0, 0, 0
    with registry.reading() as connection:
        official, targets = districts.official(connection), targets_of(connection, by)
        lists = _lists(connection, official) if listed else {}
        for somebody in everybody(connection):
            counted = [given.dose for given in somebody.counted if given.dose.date <= day]
            if not counted:
                continue
            done = [dose for dose in counted if dose.number >= dose.series]
            # Of two series, one may not be complete.
            whole = {dose.disease for dose in done} == {dose.disease for dose in counted}
            if not whole and set(by) <= set(OF_PEOPLE):
                done = []
            # Each person once in a cell, however many of their doses lie in it.
            keys = [_key(somebody, dose, by, day, lists) for dose in counted]
            people.update(set(keys))
            complete.update({key for key, dose in zip(keys, counted, strict=True) if dose in done})
            doses.update(keys)
            for name, spellings in spelt.items():
                spellings.update({key[by.index(name)] for key in keys})
            everyone, finished, given = everyone + 1, finished + whole, given + len(counted)
    total = Cell((), everyone, finished, given)
    return put_together(by, day, Counts(people, complete, doses), total, targets, spelt, official)


class Counts(NamedTuple):
    """What cells are made of: how many for each key."""

    people: Counter[tuple[str, ...]]
    complete: Counter[tuple[str, ...]]
    doses: Counter[tuple[str, ...]]


def put_together(
    by: Sequence[str], day: date, counts: Counts, total: Cell, targets: Mapping[tuple[str, ...], int],
    spelt: Mapping[str, Counter[str]], official: Iterable[str],
) -> Coverage:  # fmt: skip
    """The coverage that counts and targets make; spellings of one place are one.

    `spelt`: of each of `PLACES` among `by`, how many people have each spelling.
    """
    people, complete, doses = counts
    goals = Counter(targets)
    for name, spellings in spelt.items():
        at = by.index(name)
        if name == "district":
            spellings.update(dict.fromkeys((key[at] for key in targets), 0))
            names = districts.written(spellings, official)
        else:
            names = districts.written(spellings, fold=districts.fold_commune)
        people, complete, doses, goals = (_merged(some, at, names) for some in (people, complete, doses, goals))
    told = sorted(set(people) | set(goals))
    cells = [Cell(key, people[key], complete[key], doses[key], goals.get(key)) for key in told]
    goal = sum(goals.values()) if goals else None
    return Coverage(tuple(by), day, cells, total._replace(target=goal))


def _merged(counts: Mapping[tuple[str, ...], int], at: int, names: Mapping[str, str]) -> Counter[tuple[str, ...]]:
    """The counts, with the places that stand at `at` of their keys as they are to be written."""
    found = Counter[tuple[str, ...]]()
    for key, count in counts.items():
        found[(*key[:at], names[key[at]], *key[at + 1 :])] += count
    return found


def _key(
    one: Somebody, dose: Dose, by: Iterable[str], day: date, lists: Mapping[str, Callable[[str], bool]]
) -> tuple[str, ...]:
    values = {name: _VALUE[name](one, dose, day) for name in by}
    unlisted = {name for name in lists.keys() & values if values[name] != "?" and not lists[name](values[name])}
    return tuple(OTHER if name in unlisted else values[name] for name in by)


def _lists(connection: Connection, official: Iterable[str]) -> dict[str, Callable[[str], bool]]:
    """Of the dimensions whose values people type: whether a value is in the list of those that there are."""
    folded = [districts.fold(name) for name in official]
    sites = set(connection.scalars(select(schema.site.c.code)))
    groups = set(connection.scalars(select(schema.priority_group.c.code)))
    return {
        "district": lambda value: any(districts.same(districts.fold(value), name) for name in folded),
        # Of communes there is no list.
        "commune": lambda value: False,
        "site": sites.__contains__,
        "priority_group": groups.__contains__,
        "product": codes.PRODUCTS.__contains__,
    }


def age(born: str, day: date) -> str:
    """The band of `BANDS` of somebody born then, on a day: "30–39"; "?" where nothing is known."""
    if not born:
        return "?"
    year, month, of = map(int, middle(born).split("-"))
    years = day.year - year - ((day.month, day.day) < (month, of))
    start = max((band for band in BANDS if band <= years), default=0)
    after = next((band for band in BANDS if band > start), None)
    return f"{start:02}+" if after is None else f"{start:02}–{after - 1:02}"


_VALUE: dict[str, Callable[[Somebody, Dose, date], str]] = {
    "district": lambda one, dose, day: one.profile.district or "?",
    "commune": lambda one, dose, day: one.profile.commune or "?",
    "priority_group": lambda one, dose, day: one.profile.priority_group or "?",
    "age": lambda one, dose, day: age(one.profile.person.date_of_birth, day),
    "site": lambda one, dose, day: dose.site or "?",
    "product": lambda one, dose, day: dose.product,
    "dose": lambda one, dose, day: str(dose.number),
    "day": lambda one, dose, day: dose.date.isoformat(),
}


def targets_of(connection: Any, by: Sequence[str]) -> dict[tuple[str, ...], int]:
    """The targets of these very dimensions."""
    if not by or any(name not in ("district", "priority_group") for name in by):
        return {}
    found: dict[tuple[str, ...], int] = {}
    for row in connection.execute(select(schema.target)):
        values = {"district": row.district, "priority_group": row.priority_group}
        named = {name for name, value in values.items() if value}
        if named == set(by):
            found[tuple(values[name] for name in by)] = row.people
    return found
