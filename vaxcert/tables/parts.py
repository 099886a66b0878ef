"""Rows of a table, and the parts of it that a process can read by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol

from vaxcert.errors import ConfigurationError, Reason
from vaxcert.names import plain
from vaxcert.tables.cells import Cells, clean, said
from vaxcert.tables.layout import DoseColumns, Layout
from vaxcert.tables.values.people import NAMES
from vaxcert.tables.values.reading import AS_IT_STANDS, Reading

# By what name a row's values have the first of its cells that stand beyond the headings.
BEYOND = "row"
# A row's line and which of its doses, as one number: no table has so many lines.
_A_DOSE = 1 << 40


class Row(NamedTuple):
    """A row of a table, or of a sheet with several doses in a row, what is of one of them.

    `line`: as a spreadsheet counts, the first being 1; in a folder counted through. `cells`: the texts as they stand;
    cells of other doses are empty. `dose`: 0, or which of the row's doses, from 1.
    """

    line: int
    cells: Cells
    dose: int = 0

    @property
    def filled(self) -> frozenset[int]:
        """The numbers of the cells that have anything but blanks."""
        return frozenset(number for number, cell in enumerate(self.cells) if cell and not cell.isspace())

    @property
    def key(self) -> int:
        """What no other row of the table has: the line, where it has one dose alone."""
        return self.line + self.dose * _A_DOSE


def line_and_dose(key: int) -> tuple[int, int]:
    """The line and the dose of a row's key."""
    dose, line = divmod(key, _A_DOSE)
    return line, dose


class Piece(Protocol):
    """Rows of one file that a process can get at by itself."""

    @property
    def first(self) -> int:
        """The line of the first row."""

    @property
    def lines(self) -> int:
        """How many lines there are."""

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Yield each row's line in its file, and its cells."""


class Part(NamedTuple):
    """A part of a table. `number`: from 0; `file`: which of a folder's; `before`: lines in the files before it.

    `width`: columns of the whole table; `places`: where among them the file's own stand; `reading`: how its texts
    are read.
    """

    number: int
    file: str
    before: int
    width: int
    places: tuple[int, ...]
    layout: Layout
    piece: Piece
    reading: Reading = AS_IT_STANDS

    def rows(self) -> Iterator[Row]:
        """The rows that are not empty, filled up to the width of their sheet, one for each dose.

        Raises `ConfigurationError`.
        """
        layout, width, wide = self.layout, len(self.places), self.layout.wide
        telling = layout.telling
        of_heads = {head[telling] if telling < len(head) else "" for head in layout.heads}
        try:
            for line, cells in self.piece.rows():
                if not any(cell and not cell.isspace() and clean(cell) for cell in cells):
                    continue
                # Of sheets that were put together, or printed page by page, the headings stand in between.
                if _plain(cells[telling] if telling < len(cells) else "") in of_heads and layout.stands_again(cells):
                    continue
                row = Row(self.before + line, (*cells, *("",) * (width - len(cells))))
                if wide:
                    yield from _doses(self.layout.doses, row)
                else:
                    yield row
        except OSError as error:
            raise ConfigurationError(
                f"the table cannot be read any more: {error.strerror}", Reason.NOT_READABLE
            ) from None

    def values(self, row: Row) -> dict[str, str]:
        """A row's texts by field, clean and without what is empty, and `BEYOND` in a CSV whose cells have moved."""
        return values_of(self.layout, row)

    def aligned(self, row: Row) -> Cells:
        """A row's cells under the columns of the whole table, and after them those beyond its own headings."""
        if self.places == tuple(range(self.width)):
            return row.cells
        cells = [""] * self.width
        for place, cell in zip(self.places, row.cells, strict=False):
            cells[place] = cell
        return (*cells, *row.cells[len(self.places) :])

    def place(self, line: int) -> str:
        """Where people find a row: its line, and in a folder the file's name before it."""
        return f"{self.file}:{line - self.before}" if self.file else str(line)


# Most cells of a table say what others of their column do: days, vaccines, sites.
@lru_cache(maxsize=4_096)
def _said(cell: str) -> str:
    return str(said(cell))


_plain = lru_cache(maxsize=4_096)(plain)

# What programs and people write where there is nothing. Some of it is a name as well.
_NOTHING = frozenset(
    ("-", "--", "---", "–", "—", ".", "..", "...", "/", "\\", "null", "NULL", "Null", "(null)", "nan", "NaN", "NAN",
     "None", "<NA>", "N/A", "n/a", "[]", "undefined")
)  # fmt: skip


def values_of(layout: Layout, row: Row) -> dict[str, str]:
    dose = layout.doses[max(row.dose - 1, 0)]
    values = {"number": dose.label} if dose.label else {}
    for number, field in dose.read:
        cell = row.cells[number]
        if cell and field not in values and (text := _said(cell)) and (text not in _NOTHING or field in NAMES):
            values[field] = text
    if len(row.cells) > layout.width and (beyond := next(filter(None, map(_said, row.cells[layout.width :])), "")):
        values[BEYOND] = beyond
    if dose.sexes and "sex" not in values and (sexes := [sex for at, sex in dose.sexes if _is_filled(row.cells[at])]):
        values["sex"] = ", ".join(dict.fromkeys(sexes))
    return values


def _is_filled(cell: str) -> bool:
    text = _said(cell)
    return bool(text) and text not in _NOTHING and text not in ("0", "không", "Không")


def _doses(doses: Sequence[DoseColumns], row: Row) -> Iterator[Row]:
    """Of a row with several doses those that say anything, each with what they share; else the first."""
    said_nothing = True
    for number, dose in enumerate(doses, 1):
        if any(row.cells[place].strip() for place in dose.own):
            said_nothing = False
            others = frozenset[int]().union(*(other.own for other in doses if other is not dose))
            cells = tuple("" if place in others else cell for place, cell in enumerate(row.cells))
            yield Row(row.line, cells, number)
    if said_nothing:
        yield row._replace(dose=1)
