"""What is published together tells no hidden number, nor keeps it within narrow bounds."""

from collections import Counter
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from vaxcert.errors import ConfigurationError
from vaxcert.registry.intake import lists
from vaxcert.registry.reports.coverage import HIDDEN, OTHER, Cell, Coverage, coverage
from vaxcert.registry.reports.publication import WIDTH, published
from vaxcert.registry.reports.suppression import suppressed

TOGETHER = [("district",), ("age",), ("district", "age")]
People = dict[tuple[str, str], int]


def table(people: People, by: tuple[str, ...]) -> Coverage:
    """Of a campaign with one dose: people, those who are complete and doses are the same numbers."""
    counts: Counter[tuple[str, ...]] = Counter()
    for (district, age), number in people.items():
        values = {"district": district, "age": age}
        counts[tuple(values[name] for name in by)] += number
    cells = [Cell(key, number, number, number) for key, number in sorted(counts.items())]
    every = sum(people.values())
    return Coverage(by, date(2026, 6, 1), cells, Cell((), every, every, every))


def together(people: People) -> list[Coverage]:
    return published([table(people, by) for by in TOGETHER], table(people, ("district", "age")), small=10)


def widths(people: People, told: list[Coverage]) -> list[float]:
    """How far apart the least and the most are that each hidden number could be, for who knows all that is shown."""
    at = {key: place for place, key in enumerate(people)}
    shown, secret = [], []
    for by, found in zip(TOGETHER, told, strict=True):
        for cell in (*found.cells, found.total):
            wanted = dict(zip(by, cell.key, strict=False))
            row = np.zeros(len(at))
            for (district, age), place in at.items():
                values = {"district": district, "age": age}
                row[place] = all(values[name] == value for name, value in wanted.items())
            (secret if cell.people == HIDDEN else shown).append((row, cell.people))
    if not secret:
        return []
    rows = np.array([row for row, _ in secret])
    known: dict[str, Any] = {"A_ub": -rows, "b_ub": [-1] * len(secret), "bounds": (0, 1000)}
    if shown:
        known |= {"A_eq": np.array([row for row, _ in shown]), "b_eq": [number for _, number in shown]}
    return [linprog(-row, **known).fun * -1 - linprog(row, **known).fun for row in rows]


# Each table by itself hides enough; what the first two show leaves one value for the 3 in the third.
CHAIN = {("A", "middle"): 20, ("A", "old"): 60, ("C", "middle"): 60, ("C", "old"): 3, ("C", "young"): 40}


def test_38_a_number_that_each_table_hides_does_not_follow_from_the_other_table() -> None:
    alone = [suppressed(table(CHAIN, by)) for by in TOGETHER]
    assert min(widths(CHAIN, alone)) == 0, "hidden table by table, it follows"
    assert min(widths(CHAIN, together(CHAIN))) >= WIDTH - 1e-6


crowds = st.dictionaries(
    st.sampled_from(list(product("ABCD", ("old", "middle", "young")))), st.integers(1, 60), min_size=1, max_size=12
)


@given(crowds)
@settings(max_examples=60, deadline=None)
def test_of_no_hidden_number_fewer_than_five_values_are_possible(people: People) -> None:
    told = together(people)
    assert all(width >= WIDTH - 1e-6 for width in widths(people, told))
    for by, found in zip(TOGETHER, told, strict=True):
        true = {cell.key: cell.people for cell in table(people, by).cells}
        for cell in found.cells:
            assert cell.people in (HIDDEN, true[cell.key])
            assert cell.people == HIDDEN or not 0 < cell.people < 10


def test_large_numbers_stay_shown_where_nothing_small_is_hidden() -> None:
    people = dict.fromkeys(product("AB", ("old", "young")), 50)
    assert together(people) == [table(people, by) for by in TOGETHER]


def test_what_somebody_typed_is_published_only_where_a_list_has_it(place: Any, tmp_path: Path) -> None:
    sites = tmp_path / "sites.csv"
    sites.write_text("site,name,district\nVP01,Một,Tam Đảo\n", "utf-8")
    lists.load(place.registry, "sites", sites, actor="clerk")
    place.take({}, {"full_name": "Trần Ví Dụ", "phone": "2", "district": "nhà bà Ví Dụ", "site": "XX9"})
    keys = {key for by in ("district", "site") for (key,) in _keys(coverage(place.registry, (by,), listed=True))}
    assert keys == {"Tam Đảo", "VP01", OTHER}
    assert ("nhà bà Ví Dụ",) in _keys(coverage(place.registry))


def _keys(found: Coverage) -> list[tuple[str, ...]]:
    return [cell.key for cell in found.cells]


@pytest.mark.parametrize("by", [("site",), ("district", "dose"), ("day",)])
def test_tables_that_tell_doses_apart_are_published_with_others(place: Any, by: tuple[str, ...]) -> None:
    place.take(*({"full_name": f"Người Mẫu {'ABCDEFGHIJKLMNOPQRST'[number]}", "phone": str(number), "dose": "1/2"}
                 for number in range(12)))  # fmt: skip
    place.take({"full_name": "Trần Ví Dụ", "phone": "77"}, {"full_name": "Trần Ví Dụ", "phone": "77", "dose": "2/2", "date": "2026-05-01"})  # fmt: skip
    tables = [coverage(place.registry, ("district",)), coverage(place.registry, by)]
    joint = coverage(place.registry, tuple(dict.fromkeys(("district", *by))))
    for true, told in zip(tables, published(tables, joint, small=10), strict=True):
        for cell, shown in zip(true.cells, told.cells, strict=True):
            assert shown.people in (HIDDEN, cell.people)
            assert not 0 < shown.people < 10
            assert not 0 < shown.doses < 10


def test_tables_that_tell_too_much_apart_are_refused_before_hours_are_spent_on_them() -> None:
    cells = [Cell((f"{number % 70}", f"{number // 70}"), 3, 3, 3) for number in range(1_001)]
    whole = Coverage(("site", "day"), date(2026, 6, 1), cells, Cell((), 3_003, 3_003, 3_003))
    with pytest.raises(ConfigurationError, match="1001 combinations of site, day") as caught:
        published([whole], whole, small=10)
    assert caught.value.reason == "too_large"
