"""Where a sheet's headings stand and what its columns are: titles passed over, headings of two rows put together.

first rows ─each row, and each with the one below it, read as headings→ the one that says most → Layout
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import zip_longest
from typing import NamedTuple

from vaxcert.errors import ConfigurationError, Reason
from vaxcert.names import plain
from vaxcert.tables.cells import Cells, clean
from vaxcert.tables.headings import Column, Meaning, letter_of, lettered, meaning

Rows = Sequence[tuple[int, Cells]]

# The heading row is among the first so many; another may be below it, and the row of the columns' numbers.
MOST_HEADS = 15
HEAD_ROWS = MOST_HEADS + 2
# No heading is longer; longer texts of title rows and of people are not looked at.
_MOST_LETTERS = 120
_NAMES = frozenset(("full_name", "family_name", "family_middle_name"))
_REQUIRED = ("date_of_birth", "product", "number", "date")
_LOST = re.compile(r"(?<=[^\W\d_])[?\ufffd]|\ufffd")
_NUMBERED = re.compile(r"[(\[]?(\d{1,3})[)\]]?(?: ?= ?[\d()\[\]+*/ -]+)?", re.ASCII)


class DoseColumns(NamedTuple):
    """The columns of one dose of a row. `label`: "" where a row has one dose; `read`: numbers of columns, and fields.

    A field may have several columns; then the first one that is not empty counts. `own`: those of no other dose.
    `sexes`: columns that say somebody's sex by being filled, and which.
    """

    label: str
    read: tuple[tuple[int, str], ...]
    own: frozenset[int]
    sexes: tuple[tuple[int, str], ...] = ()


class Layout(NamedTuple):
    """What a sheet's columns are. `last`: the line above the first row of data; `head`: the heading row as it stands.

    `twins`: columns by field that have to say the same, or to be filled by turns; `heads`: all rows of the heading,
    that of the columns' numbers too, as `plain` makes their cells; `width`: cells of the heading row, empty ones too.
    """

    columns: tuple[Column, ...]
    doses: tuple[DoseColumns, ...]
    last: int
    head: Cells
    twins: tuple[tuple[str, tuple[int, ...]], ...]
    heads: frozenset[Cells]
    width: int

    @property
    def headings(self) -> Cells:
        """The headings, "" where there is none."""
        return tuple(column.heading for column in self.columns)

    def name(self, number: int) -> str:
        """What a column is called: by its heading, and where it has none by its letters."""
        return (self.columns[number].heading if number < len(self.columns) else "") or letter_of(number)

    @property
    def read(self) -> frozenset[int]:
        """The columns that are read."""
        return frozenset(number for dose in self.doses for number, _ in (*dose.read, *dose.sexes))

    @property
    def telling(self) -> int:
        """A column by which a heading that stands again is told from other rows: one that says few different things."""
        return next((number for number, field in self.doses[0].read if field in ("product", "date")), 0)

    def stands_again(self, cells: Cells) -> bool:
        """Whether a row is one of the heading, though its letters may be of another size."""
        return trimmed(map(plain, cells)) in self.heads

    @property
    def wide(self) -> bool:
        """Whether a row has columns of a dose of their own."""
        return bool(self.doses[0].label)

    def missing(self) -> list[str]:
        """Fields that are needed and have no column."""
        fields = {field for dose in self.doses for _, field in dose.read} | ({"number"} if self.wide else set())
        return ["family_name"] * (not fields & _NAMES) + [field for field in _REQUIRED if field not in fields]

    def check(self) -> None:
        """Raise `ConfigurationError`, which names the headings, where a needed field has no column."""
        if missing := self.missing():
            have = ", ".join(repr(column.heading) for column in self.columns[:40])
            # "S? CCCD": as a code page writes it that has no such letter.
            lost = any(_LOST.search(column.heading) for column in self.columns)
            advice = "their letters were lost, so save the table anew, as CSV UTF-8" if lost else "name them with --map"
            raise ConfigurationError(
                f"no column for {', '.join(missing)} among {have}; {advice}", Reason.COLUMNS_UNCLEAR
            )


def trimmed(cells: Iterable[str]) -> Cells:
    """Cells without the empty ones behind."""
    found = tuple(cells)
    while found and not found[-1]:
        found = found[:-1]
    return found


class _Head(NamedTuple):
    score: int
    first: int
    last: int
    columns: tuple[Column, ...]
    cells: Cells


def find(rows: Rows, mapping: Mapping[str, str], taken: Set[str], ignored: Set[str] = frozenset()) -> Layout | None:
    """The layout of a sheet by its first rows, None where they are all empty.

    `taken`: fields that somebody reads; `ignored`: headings, as `plain` makes them, of columns that are not to be
    read. Raises `ConfigurationError` where columns contradict each other.
    """
    shown = [
        (line, tuple(str(clean(cell)) if len(cell) <= _MOST_LETTERS else "" for cell in cells)) for line, cells in rows
    ]
    best: _Head | None = None
    for place, (line, cells) in enumerate(shown[:MOST_HEADS]):
        if not any(cells):
            continue
        single = tuple(Column(cell, meaning(cell, mapping)) for cell in cells)
        heads = [_Head(_score(single), line, line, single, rows[place][1])]
        below = shown[place + 1] if place + 1 < len(shown) else None
        if below is not None and any(column.means for column in single):
            pair = _pair(cells, below[1], mapping)
            if pair is not None:
                # Words under a merged cell that mean nothing are of the heading nevertheless.
                words = any(one.means is None and one.heading != over for one, over in zip(pair, cells, strict=False))
                heads.append(_Head(_score(pair) + words, line, below[0], pair, rows[place][1]))
        for head in heads:
            if best is None or head.score > best.score:
                best = head
    if best is None:
        return None
    last = best.last
    for line, cells in shown:
        if line > last and any(cells):
            if not (_only_numbers(cells) or _only_hints(cells)):
                break
            last = line
    standing = frozenset(
        trimmed(map(plain, cells)) for line, cells in shown if best.first <= line <= last and any(cells)
    )
    best = best._replace(columns=lettered(best.columns, mapping, ignored))
    return _arranged(best, last, standing, taken, ignored)


def _shown(cell: str) -> str:
    return str(clean(cell)) if len(cell) <= _MOST_LETTERS else ""


def _score(columns: Sequence[Column]) -> int:
    known = {column.means for column in columns if column.means is not None and not column.means.second}
    # Without a name and one more it is a title or a note, unless there is nothing better.
    named = any(means.field in _NAMES for means in known) and len(known) > 1
    return len(known) + (1_000 if named else 0)


def _pair(top: Cells, below: Cells, mapping: Mapping[str, str]) -> tuple[Column, ...] | None:
    """Two rows as one of headings, None where the second is none: it has a word that means nothing under the first.

    Under a merged cell words may mean nothing, and then nothing reads their columns.
    """
    if not any(below):
        return None
    columns, carried = [], ""
    both_rows = list(zip_longest(top, below, fillvalue=""))
    for place, (upper, lower) in enumerate(both_rows):
        # A merged cell stands above several and is written in the first of them.
        carried = upper or carried
        over = upper or (carried if lower else "")
        if not lower or plain(lower) == plain(over):
            columns.append(Column(over, meaning(over, mapping) if over else None))
            continue
        both = f"{over} {lower}".strip()
        means = meaning(both, mapping) or meaning(lower, mapping)
        if means is None and not _is_hint(lower) and not _is_merged(both_rows, place):
            return None
        columns.append(Column(both, means))
    return tuple(columns)


def _is_merged(rows: Sequence[tuple[str, str]], place: int) -> bool:
    """Whether a cell of the upper row stands above this one and a neighbour, each with a word of its own."""
    upper = rows[place][0]
    before = rows[place - 1] if place else ("", "")
    after = rows[place + 1] if place + 1 < len(rows) else ("", "")
    to_the_left = bool(before[1]) and upper in ("", before[0])
    return to_the_left or (bool(after[1]) and bool(upper) and after[0] in ("", upper))


def _is_hint(cell: str) -> bool:
    return cell[0] in "([{" and cell[-1] in ")]}"


def _only_hints(cells: Cells) -> bool:
    """Whether a row says how the columns are to be filled in: (ngày/tháng/năm), …"""
    said = [cell for cell in cells if cell]
    return bool(said) and all(map(_is_hint, said))


def _only_numbers(cells: Cells) -> bool:
    """Whether a row numbers the columns: 1, 2, 3, …, or A, B, 1, 2, … under the headings."""
    said = [cell for cell in cells if cell]
    while said and len(said[0]) == 1 and said[0].isalpha():
        said = said[1:]
    numbers = [_NUMBERED.fullmatch(cell) for cell in said]
    counted = [int(number[1]) for number in numbers if number is not None]
    return len(counted) == len(numbers) >= 3 and counted == list(range(counted[0], counted[0] + len(counted)))


def _arranged(head: _Head, last: int, heads: frozenset[Cells], taken: Set[str], ignored: Set[str]) -> Layout:
    shared: dict[str, list[int]] = {}
    sexes: list[tuple[int, str]] = []
    own: dict[str, dict[str, list[int]]] = {}
    of_doses = {
        (means.field, means.dose)
        for _, means in _read(head.columns, taken, ignored)
        if not means.second
    }  # fmt: skip
    for number, means in _read(head.columns, taken, ignored):
        if means.second and (means.field, means.dose) in of_doses:
            continue
        if means.sex and "sex" in taken:
            sexes.append((number, means.sex))
        if means.sex and means.field == "sex":
            continue
        where = own.setdefault(means.dose, {}) if means.dose else shared
        where.setdefault(means.field, []).append(number)
    if own and "number" in shared:
        numbers = head.columns[shared["number"][0]].heading
        other = head.columns[next(iter(next(iter(own.values())).values()))[0]].heading
        raise ConfigurationError(
            f"{numbers!r} says which dose a row is of, and {other!r} says so too; say which with --map or "
            "--ignore-column",
            Reason.COLUMNS_UNCLEAR,
        )
    doses = []
    for label in own or [""]:
        fields = shared | own.get(label, {})
        read = tuple((number, field) for field, numbers in fields.items() for number in numbers)
        of_it = frozenset(n for numbers in own.get(label, {}).values() for n in numbers)
        doses.append(DoseColumns(label, read, of_it, tuple(sexes)))
    twins = [(field, tuple(numbers)) for fields in (shared, *own.values()) for field, numbers in fields.items()
             if len(numbers) > 1]  # fmt: skip
    columns = head.columns
    while columns and not columns[-1].heading and columns[-1].means is None:
        columns = columns[:-1]
    return Layout(columns, tuple(doses), last, head.cells, tuple(twins), heads, len(head.columns))


def _read(columns: Sequence[Column], taken: Set[str], ignored: Set[str]) -> list[tuple[int, Meaning]]:
    return [
        (number, column.means)
        for number, column in enumerate(columns)
        if column.means is not None and column.means.field in taken and plain(column.heading) not in ignored
    ]
