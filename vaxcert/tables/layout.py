"""Where a sheet's headings stand and what its columns are: titles passed over, headings of two rows put together.

first rows ─each row, and each with the one below it, read as headings→ the one that says most → Layout
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from itertools import zip_longest
from typing import NamedTuple

from vaxcert.errors import ConfigurationError, Reason
from vaxcert.names import plain
from vaxcert.tables.cells import Cells, clean
from vaxcert.tables.headings import Meaning, meaning

Rows = Sequence[tuple[int, Cells]]

# The heading row is among the first so many; another may be below it, and the row of the columns' numbers.
MOST_HEADS = 15
HEAD_ROWS = MOST_HEADS + 2
# Of a row, columns beyond these are not a table of doses.
MOST_COLUMNS = 500
# No heading is longer; longer texts of title rows and of people are not looked at.
_MOST_LETTERS = 120
_NAMES = frozenset(("full_name", "family_name", "family_middle_name"))
_REQUIRED = ("date_of_birth", "product", "number", "date")
_NUMBERED = re.compile(r"\(?(\d{1,3})\)?", re.ASCII)


class Column(NamedTuple):
    """A column. `heading`: as it is shown, "" where there is none; `means`: None for what nobody knows or named."""

    heading: str
    means: Meaning | None


class DoseColumns(NamedTuple):
    """The columns of one dose of a row. `label`: "" where a row has one dose; `read`: numbers of columns, and fields.

    A field may have several columns; then the first one that is not empty counts. `own`: those of no other dose.
    """

    label: str
    read: tuple[tuple[int, str], ...]
    own: frozenset[int]


class Layout(NamedTuple):
    """What a sheet's columns are. `last`: the line above the first row of data; `head`: the heading row as it stands.

    `twins`: columns by field that have to say the same, or to be filled by turns.
    """

    columns: tuple[Column, ...]
    doses: tuple[DoseColumns, ...]
    last: int
    head: Cells
    twins: tuple[tuple[str, tuple[int, ...]], ...]

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
        return frozenset(number for dose in self.doses for number, _ in dose.read)

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
            raise ConfigurationError(
                f"no column for {', '.join(missing)} among {have}; name them with --map", Reason.COLUMNS_UNCLEAR
            )


class _Head(NamedTuple):
    score: int
    last: int
    columns: tuple[Column, ...]
    cells: Cells


def letter_of(number: int) -> str:
    """A column's letters in a spreadsheet, the first being number 0."""
    letters = ""
    while number >= 0:
        letters = chr(ord("A") + number % 26) + letters
        number = number // 26 - 1
    return letters


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
        heads = [_Head(_score(single), line, single, rows[place][1])]
        below = shown[place + 1] if place + 1 < len(shown) else None
        if below is not None and any(column.means for column in single):
            pair = _pair(cells, below[1], mapping)
            if pair is not None:
                heads.append(_Head(_score(pair), below[0], pair, rows[place][1]))
        for head in heads:
            if best is None or head.score > best.score:
                best = head
    if best is None:
        return None
    last = best.last
    for line, cells in shown:
        if line == last + 1 and (_only_numbers(cells) or _only_hints(cells)):
            last = line
    return _arranged(best._replace(columns=_lettered(best.columns, mapping)), last, taken, ignored)


def _shown(cell: str) -> str:
    return str(clean(cell)) if len(cell) <= _MOST_LETTERS else ""


def _lettered(columns: tuple[Column, ...], mapping: Mapping[str, str]) -> tuple[Column, ...]:
    """The columns, with those that have no heading and are named by their letters, also beyond the last heading."""
    headings = {plain(column.heading) for column in columns}
    named = {letters: field for letters, field in mapping.items() if letters not in headings}
    means = [named.get(plain(letter_of(number))) for number in range(MOST_COLUMNS)] if named else []
    width = max([len(columns), *(number + 1 for number, field in enumerate(means) if field)])
    wide = (*columns, *[Column("", None)] * (width - len(columns)))
    return tuple(
        Column("", Meaning(field)) if not column.heading and (field := means[number] if means else None) else column
        for number, column in enumerate(wide)
    )


def _score(columns: Sequence[Column]) -> int:
    known = {column.means for column in columns if column.means is not None and not column.means.second}
    # Without a name and one more it is a title or a note, unless there is nothing better.
    named = any(means.field in _NAMES for means in known) and len(known) > 1
    return len(known) + (1_000 if named else 0)


def _pair(top: Cells, below: Cells, mapping: Mapping[str, str]) -> tuple[Column, ...] | None:
    """Two rows as one of headings, None where the second is none: it has a word that means nothing under the first."""
    if not any(below):
        return None
    columns, carried = [], ""
    for upper, lower in zip_longest(top, below, fillvalue=""):
        # A merged cell stands above several and is written in the first of them.
        carried = upper or carried
        over = upper or (carried if lower else "")
        if not lower or plain(lower) == plain(over):
            columns.append(Column(over, meaning(over, mapping) if over else None))
            continue
        both = f"{over} {lower}".strip()
        means = meaning(both, mapping) or meaning(lower, mapping)
        if means is None and not _is_hint(lower):
            return None
        columns.append(Column(both, means))
    return tuple(columns)


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


def _arranged(head: _Head, last: int, taken: Set[str], ignored: Set[str]) -> Layout:
    shared: dict[str, list[int]] = {}
    own: dict[str, dict[str, list[int]]] = {}
    of_doses = {
        (means.field, means.dose)
        for _, means in _read(head.columns, taken, ignored)
        if not means.second
    }  # fmt: skip
    for number, means in _read(head.columns, taken, ignored):
        if means.second and (means.field, means.dose) in of_doses:
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
        doses.append(DoseColumns(label, read, frozenset(n for numbers in own.get(label, {}).values() for n in numbers)))
    twins = [(field, tuple(numbers)) for fields in (shared, *own.values()) for field, numbers in fields.items()
             if len(numbers) > 1]  # fmt: skip
    columns = head.columns
    while columns and not columns[-1].heading and columns[-1].means is None:
        columns = columns[:-1]
    return Layout(columns, tuple(doses), last, head.cells, tuple(twins))


def _read(columns: Sequence[Column], taken: Set[str], ignored: Set[str]) -> list[tuple[int, Meaning]]:
    return [
        (number, column.means)
        for number, column in enumerate(columns)
        if column.means is not None and column.means.field in taken and plain(column.heading) not in ignored
    ]
