"""Rows that were not taken, as a table like the one that they came in, for whoever mends them.

Each stands in its own columns, under the headings that it came with; behind them is where it stood, and all that is
wrong with it, in one language or in both. Mended, such a table goes in again as it is: what was added is known and
passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, zip_longest
from pathlib import Path
from typing import Literal, NamedTuple

from vaxcert import files
from vaxcert.errors import ConfigurationError, Problem, Reason
from vaxcert.tables.cells import Cells, harmless
from vaxcert.tables.delimited import lines
from vaxcert.tables.headings import ADDED, added
from vaxcert.tables.writing import xlsx
from vaxcert.wording.rows import FIELDS, phrase

# None: both.
Language = Literal["vi", "en"] | None

_WORKBOOKS = (".xlsx", ".xls", ".ods")


class Rejected(NamedTuple):
    """A row that was not taken. `place`: where people find it; `cells`: under the columns of the whole table, and
    after them those that stood beyond its headings.
    """

    place: str
    cells: Cells
    problems: tuple[Problem, ...]

    def __repr__(self) -> str:
        return f"<Rejected {self.place}>"


def ending(sources: Iterable[Path]) -> str:
    """How the name of a table of rejects ends: .xlsx where rows came from workbooks, else .csv."""
    return ".xlsx" if any(path.suffix.lower() in _WORKBOOKS for path in sources) else ".csv"


def check_path(path: Path) -> None:
    """Raise `ConfigurationError` for the name of a table that is not written here."""
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise ConfigurationError(f"{path}: rejects are written as .csv or .xlsx", Reason.FORM_UNKNOWN)


def write(path: Path, columns: Sequence[str], rejected: Callable[[], Iterable[Rejected]], lang: Language = None) -> int:
    """Write rows under the `columns` of their table, in place of what is there, for the owner's eyes alone.

    `rejected` gives them each time that it is called: how far they reach beyond the columns is looked at before the
    first is written. Those of one place that follow each other are doses of one row, and stand in one. Returns how many
    rows there are now. Raises `ConfigurationError`.
    """
    check_path(path)
    before = added(columns)
    widths = [_width(one.cells) for one in _whole(rejected())]
    width = max(widths, default=0)
    kept = [number for number in range(max(len(columns), width)) if number not in before]
    headings = [*(columns[number] if number < len(columns) else "" for number in kept), *ADDED[lang]]
    rows = (_row(one, kept, lang) for one in _whole(rejected()))
    with files.writing(path), files.aside(path, mode=files.PRIVATE) as beside:
        if path.suffix.lower() == ".xlsx":
            xlsx.write(beside, headings, rows)
            return len(widths)
        with beside.open("w", encoding="utf-8-sig", newline="") as stream:
            stream.write(lines(headings))
            for row in rows:
                stream.write(lines(list(map(harmless, row))))
    return len(widths)


def _whole(rejected: Iterable[Rejected]) -> Iterator[Rejected]:
    """Rows as they came: the cells of doses that were not taken side by side again, with all that is wrong."""
    for place, doses in groupby(rejected, key=lambda one: one.place):
        first, *others = doses
        cells, problems = first.cells, first.problems
        for one in others:
            cells = tuple(mine or theirs for mine, theirs in zip_longest(cells, one.cells, fillvalue=""))
            problems += one.problems
        yield Rejected(place, cells, problems)


def _width(cells: Cells) -> int:
    """How far a row reaches: what parts its cells often ends it too."""
    return next((number for number in range(len(cells), 0, -1) if cells[number - 1].strip()), 0)


def _row(one: Rejected, kept: Sequence[int], lang: Language) -> list[str]:
    own = (one.cells[number] if number < len(one.cells) else "" for number in kept)
    words = [phrase(problem) for problem in dict.fromkeys(one.problems)]
    fields = ", ".join(dict.fromkeys(_field(problem.field, lang) for problem in one.problems))
    told = ["; ".join(one.of(each) for one in words) for each in ((lang,) if lang else _LANGUAGES)]
    return [*own, one.place, fields, *told]


# In the order of what is added.
_LANGUAGES = ("vi", "en")


def _field(field: str, lang: Language) -> str:
    return FIELDS[field].of(lang) if lang and field in FIELDS else field
