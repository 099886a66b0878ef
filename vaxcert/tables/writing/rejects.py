"""Rows that were not taken, as a table like the one that they came in, for whoever mends them.

Each stands in its own columns, under the headings that it came with; behind them is where it stood, and all that is
wrong with it in both languages. Mended, such a table goes in again as it is: what was added is known and passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from vaxcert import files
from vaxcert.errors import ConfigurationError, Problem, Reason
from vaxcert.tables.cells import Cells, harmless
from vaxcert.tables.delimited import lines
from vaxcert.tables.headings import ADDED, added
from vaxcert.tables.writing import xlsx
from vaxcert.wording.rows import phrase

_WORKBOOKS = (".xlsx", ".xls", ".ods")


class Rejected(NamedTuple):
    """A row that was not taken. `place`: where people find it; `cells`: under the columns of the whole table."""

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


def write(path: Path, columns: Sequence[str], rejected: Iterable[Rejected]) -> None:
    """Write rows under the `columns` of their table, in place of what is there, for the owner's eyes alone.

    Raises `ConfigurationError`.
    """
    check_path(path)
    before = added(columns)
    kept = [number for number in range(len(columns)) if number not in before]
    headings = [*(columns[number] for number in kept), *ADDED]
    rows = (_row(one, kept) for one in rejected)
    with files.writing(path), files.aside(path, mode=files.PRIVATE) as beside:
        if path.suffix.lower() == ".xlsx":
            xlsx.write(beside, headings, rows)
            return
        with beside.open("w", encoding="utf-8-sig", newline="") as stream:
            stream.write(lines(headings))
            for row in rows:
                stream.write(lines(list(map(harmless, row))))


def _row(one: Rejected, kept: Sequence[int]) -> list[str]:
    own = (one.cells[number] if number < len(one.cells) else "" for number in kept)
    words = [phrase(problem) for problem in dict.fromkeys(one.problems)]
    fields = ", ".join(dict.fromkeys(problem.field for problem in one.problems))
    return [*own, one.place, fields, "; ".join(told.vi for told in words), "; ".join(told.en for told in words)]
