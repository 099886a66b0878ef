"""What of tables may be published together, such that no hidden number follows from all that is shown.

tables ─by rules→ small numbers hidden, and what they are the difference of ─by linear programming→ more, until of each
hidden number at least `WIDTH` values are possible

Who reads the tables is taken to know more than anybody does: which combinations of districts, groups, ages, sites, …
there are people in at all. What is hidden is then a number of unknown ones whose sums are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from vaxcert.errors import ConfigurationError, Reason
from vaxcert.extras import need
from vaxcert.registry.reports.coverage import HIDDEN, OF_PEOPLE, Cell, Coverage
from vaxcert.registry.reports.suppression import suppressed

# Of a hidden number, the least distance between the smallest value that it could have and the largest.
WIDTH = 5
_MEASURES = ("people", "complete", "doses")
# More unknowns than these take hours; tables that tell so much apart show little but hidden numbers anyway.
_MOST = 2_500
# So many random corners of what is possible are looked at before a number is asked about by itself.
_CORNERS = 12


class _Number(NamedTuple):
    """A number of a table. `cell`: its place among the table's cells, -1 for the total; `parts`: whose sum it is."""

    table: int
    cell: int
    measure: str
    true: int
    parts: tuple[int, ...]


def published(tables: Sequence[Coverage], joint: Coverage, *, small: int) -> list[Coverage]:
    """The tables as they may be published together. `joint`: counts by all of their dimensions at once.

    Numbers from 1 to `small` - 1 are hidden, and as many others as it takes. A zero is shown: there is nobody. Raises
    `ConfigurationError` for tables that tell too many combinations apart.
    """
    need(("scipy",), "registry")
    told = [suppressed(table, small=small) for table in tables]
    unknowns = _Unknowns(tables, joint)
    hidden = _hidden(told)
    while narrow := unknowns.narrow(hidden):
        before = hidden
        for number in narrow:
            told = _hide_beside(number, tables, told, unknowns.numbers)
        hidden = _hidden(told)
        if hidden == before:
            break  # nothing is shown any more that it could follow from
    return told


def _hidden(tables: Sequence[Coverage]) -> frozenset[tuple[int, int, str]]:
    return frozenset(
        (number, place, measure)
        for number, table in enumerate(tables)
        for place, cell in [(-1, table.total), *enumerate(table.cells)]
        for measure in _MEASURES
        if getattr(cell, measure) == HIDDEN
    )


def _hide_beside(
    narrow: _Number, tables: Sequence[Coverage], told: list[Coverage], numbers: Iterable[_Number]
) -> list[Coverage]:
    """Hide the smallest number that shares most with one that is held within narrow bounds."""
    hidden = _hidden(told)
    alike = [number for number in numbers if number.true and number.measure == narrow.measure]
    shown = [number for number in alike if (number.table, number.cell, number.measure) not in hidden]
    if not shown:
        return told

    def distance(number: _Number) -> tuple[bool, bool, int, int]:
        elsewhere = number.table != narrow.table
        apart = 0
        if not elsewhere and -1 not in (number.cell, narrow.cell):
            keys = (tables[number.table].cells[place].key for place in (number.cell, narrow.cell))
            apart = sum(one != other for one, other in zip(*keys, strict=True))
        return number.cell == -1, elsewhere, apart, number.true

    return _without(told, min(shown, key=distance))


def _without(told: list[Coverage], number: _Number) -> list[Coverage]:
    """The tables without a number; without people also without those of them who are complete, and their doses."""
    gone = _MEASURES if number.measure == "people" else (number.measure,)

    def less(cell: Cell) -> Cell:
        kept = {name: getattr(cell, name) for name in _MEASURES}
        kept |= {name: HIDDEN for name in gone if kept[name]}
        return cell._replace(people=kept["people"], complete=kept["complete"], doses=kept["doses"])

    table = told[number.table]
    if number.cell == -1:
        changed = table._replace(total=less(table.total))
    else:
        cells = list(table.cells)
        cells[number.cell] = less(cells[number.cell])
        changed = table._replace(cells=cells)
    return [*told[: number.table], changed, *told[number.table + 1 :]]


class _Parts(NamedTuple):
    """Unknowns by their keys; `names`: the dimensions of a key."""

    names: tuple[str, ...]
    by_key: dict[tuple[str, ...], int]

    def of(self, wanted: dict[str, str]) -> tuple[int, ...]:
        """Those with these values, in so far as their keys have these dimensions."""
        at = [(self.names.index(name), value) for name, value in wanted.items() if name in self.names]
        return tuple(part for key, part in self.by_key.items() if all(key[place] == value for place, value in at))


class _Unknowns:
    """What somebody who reads the tables has to guess, and what is known of it whatever is hidden.

    Doses of each combination; people of each combination of what tells people apart, and those of them who are
    complete. Where a table tells doses apart too, people with a dose in each of its cells: one may be in several.
    """

    def __init__(self, tables: Sequence[Coverage], joint: Coverage) -> None:
        self._count = 0
        # Pairs of sums: the first no more than the second, and the first the same as the second.
        self._at_most: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
        self._same: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
        self._doses = _Parts(joint.by, {cell.key: self._new() for cell in joint.cells if cell.doses})
        self._within: dict[tuple[str, ...], tuple[_Parts, _Parts]] = {}
        self._of_people = tuple(name for name in joint.by if name in OF_PEOPLE)
        self._people_of(())
        self.numbers = [number for place, table in enumerate(tables) for number in self._numbers_of(place, table)]
        if self._count > _MOST:
            raise ConfigurationError(
                f"these tables tell {len(joint.cells)} combinations of {', '.join(joint.by)} apart, too many to say "
                "what follows from them: publish fewer dimensions together",
                Reason.TOO_LARGE,
            )

    def _new(self) -> int:
        self._count += 1
        return self._count - 1

    def _people_of(self, of_doses: tuple[str, ...]) -> tuple[_Parts, _Parts]:
        """People, and those who are complete, by what tells people apart and these dimensions that tell doses apart."""
        if of_doses in self._within:
            return self._within[of_doses]
        names = (*self._of_people, *of_doses)
        keys = sorted({tuple(key[self._doses.names.index(name)] for name in names) for key in self._doses.by_key})
        people = _Parts(names, {key: self._new() for key in keys})
        complete = _Parts(names, {key: self._new() for key in keys})
        self._within[of_doses] = people, complete
        for key, part in people.by_key.items():
            self._at_most.append(((complete.by_key[key],), (part,)))
            self._at_most.append(((part,), self._doses.of(dict(zip(names, key, strict=True)))))
        if of_doses:
            for group, part in self._within[()][0].by_key.items():
                within = people.of(dict(zip(self._of_people, group, strict=True)))
                self._at_most.append(((part,), within))
                self._at_most += [((one,), (part,)) for one in within]
        return people, complete

    def _numbers_of(self, place: int, table: Coverage) -> list[_Number]:
        found: list[_Number] = []
        within = self._people_of(tuple(name for name in table.by if name not in OF_PEOPLE))
        for at, cell in [(-1, table.total), *enumerate(table.cells)]:
            wanted = dict(zip(table.by, cell.key, strict=False))
            people, complete = (parts.of(wanted) for parts in (self._within[()] if at < 0 else within))
            doses = self._doses.of(wanted)
            if cell.people == cell.doses:
                # Of a campaign with one dose each, or of a day, everybody knows that they are the same.
                self._same.append((people, doses))
            found += [
                _Number(place, at, measure, getattr(cell, measure), parts)
                for measure, parts in zip(_MEASURES, (people, complete, doses), strict=True)
            ]
        return found

    def narrow(self, hidden: frozenset[tuple[int, int, str]]) -> list[_Number]:
        """The hidden numbers of which fewer values than `WIDTH` and one are possible."""
        import numpy as np
        from scipy.optimize import linprog
        from scipy.sparse import csr_array

        secret = [number for number in self.numbers if (number.table, number.cell, number.measure) in hidden]
        if not secret:
            return []
        shown = [number for number in self.numbers if (number.table, number.cell, number.measure) not in hidden]

        def matrix(rows: Sequence[tuple[Sequence[int], Sequence[int]]]) -> Any:
            at = [(row, part, sign) for row, pair in enumerate(rows) for parts, sign in zip(pair, (1, -1), strict=True)
                  for part in parts]  # fmt: skip
            where, parts, signs = zip(*at, strict=True) if at else ((), (), ())
            return csr_array((signs, (where, parts)), shape=(len(rows), self._count), dtype=float)

        equal = [(number.parts, ()) for number in shown] + self._same
        bounded = self._at_most + [((), number.parts) for number in secret]
        known = {
            "A_eq": matrix(equal), "b_eq": [number.true for number in shown] + [0] * len(self._same),
            # Of what is hidden, everybody knows that it is not zero.
            "A_ub": matrix(bounded), "b_ub": [0] * len(self._at_most) + [-1] * len(secret),
        }  # fmt: skip
        sums = matrix([(number.parts, ()) for number in secret])
        # No number is larger than this, so that every question has an answer.
        most = 10 * (1 + max(number.true for number in self.numbers)) + 10 * WIDTH

        def corner(weights: Any) -> Any:
            answer = linprog(-(sums.T @ weights), bounds=(0, most), method="highs", **known)
            if answer.x is None:
                raise ArithmeticError(f"the tables contradict each other ({answer.message})")
            return sums @ answer.x

        low = high = np.array([number.true for number in secret], dtype=float)
        random = np.random.default_rng(len(secret))
        for _ in range(_CORNERS):
            if (high - low >= WIDTH).all():
                return []
            found = corner(np.where(high - low < WIDTH, random.uniform(-1, 1, len(secret)), 0))
            low, high = np.minimum(low, found), np.maximum(high, found)
        for place in np.flatnonzero(high - low < WIDTH):
            for sign in (1, -1):
                found = corner(np.eye(1, len(secret), int(place))[0] * sign)
                low, high = np.minimum(low, found), np.maximum(high, found)
        # A millionth for how computers round.
        return [number for number, width in zip(secret, high - low, strict=True) if width < WIDTH - 1e-6]
