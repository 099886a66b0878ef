"""Tables in: CSV, XLSX, Parquet, or a folder of them, in parts that any process can read, every cell a text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from vaxcert.errors import ConfigurationError, Reason
from vaxcert.files import reading
from vaxcert.tables import delimited, workbooks
from vaxcert.tables.delimited import Cells, meant
from vaxcert.tables.headings import match

# Rows of a part, unless told otherwise.
_AT_ONCE = 1_000
# Of a row, columns beyond these are not a table of doses.
_MOST_COLUMNS = 500


class Row(NamedTuple):
    """A row of a table.

    `line`: as a spreadsheet counts, the headings being 1. `cells`: the texts, as many as there are columns.
    """

    line: int
    cells: Cells


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
    """A part of a table. `number`: from 0; `file`: which of a folder's; `before`: lines in the files before it."""

    number: int
    file: str
    before: int
    width: int
    fields: dict[int, str]
    piece: Piece

    def rows(self) -> Iterator[Row]:
        """The rows that are not empty, filled up to the width of the table. Raises `ConfigurationError`."""
        try:
            for line, cells in self.piece.rows():
                if any(cells):
                    yield Row(self.before + line, (*cells, *("",) * (self.width - len(cells))))
        except OSError as error:
            raise ConfigurationError(
                f"the table cannot be read any more: {error.strerror}", Reason.NOT_READABLE
            ) from None

    def values(self, row: Row) -> dict[str, str]:
        """A row's texts by field, without what is empty. A cell beyond the headings is not looked at."""
        return _values(self.fields, row)

    def place(self, line: int) -> str:
        """Where people find a row: its line, and in a folder the file's name before it."""
        return f"{self.file}:{line - self.before}" if self.file else str(line)


class _Kind(NamedTuple):
    columns: Callable[[Path], Cells | None]
    pieces: Callable[[Path, int], Iterator[Piece]]


_CSV = _Kind(delimited.columns, delimited.pieces)
_KINDS = {
    ".csv": _CSV,
    ".txt": _CSV,
    ".tsv": _CSV,
    ".xlsx": _Kind(workbooks.xlsx_columns, workbooks.xlsx_pieces),
    ".parquet": _Kind(workbooks.parquet_columns, workbooks.parquet_pieces),
}


class Table:
    """A table of doses: a file, or a folder of files with the same headings, whose lines are counted through.

    Iterating yields its rows, from the start each time; nothing is held in memory. `columns`: the headings;
    `fields`: of each column that is understood, its field, by the column's number.
    """

    def __init__(
        self,
        path: Path,
        mapping: Mapping[str, str] | None = None,
        extra: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.path = path
        self.is_folder: bool = path.is_dir()
        self.files: list[Path] = _files(path) if self.is_folder else [path]
        self.columns: Cells = _columns(self.files[0])
        if len(self.columns) > _MOST_COLUMNS:
            raise ConfigurationError(f"{path}: more than {_MOST_COLUMNS} columns", Reason.TOO_LARGE)
        self.fields: dict[int, str] = match(self.columns, mapping or {}, extra)
        self._starts: list[int] = []

    def __iter__(self) -> Iterator[Row]:
        for part in self.parts():
            yield from part.rows()

    def parts(self, size: int = _AT_ONCE) -> Iterator[Part]:
        """The rows in parts of about `size`, the same each time."""
        number = before = 0
        self._starts = []
        for path in self.files:
            if _columns(path) != self.columns:
                raise ConfigurationError(f"{path}: other headings than {self.files[0].name}", Reason.COLUMNS_UNCLEAR)
            self._starts.append(before)
            last = 1
            name = path.name if self.is_folder else ""
            for piece in _opened(path).pieces(path, size):
                yield Part(number, name, before, len(self.columns), self.fields, piece)
                number += 1
                last = piece.first + piece.lines - 1
            before += last - 1

    def values(self, row: Row) -> dict[str, str]:
        """A row's texts by field, without what is empty. A cell beyond the headings is not looked at."""
        return _values(self.fields, row)

    def place(self, line: int) -> str:
        """Where people find a row of a table whose parts were all gone through."""
        if not self.is_folder:
            return str(line)
        # Lines of a file begin at 2 more than there are before it.
        file = bisect_right(self._starts, line - 2) - 1
        return f"{self.files[file].name}:{line - self._starts[file]}"


def _values(fields: Mapping[int, str], row: Row) -> dict[str, str]:
    return {field: text for number, field in fields.items() if (text := meant(row.cells[number].strip()))}


def open_table(
    path: Path, mapping: Mapping[str, str] | None = None, extra: Mapping[str, Sequence[str]] | None = None
) -> Table:
    """Open a table by the ending of its name; `extra`: further fields. Raises `ConfigurationError` for what is none."""
    with reading(path):
        return Table(path, mapping, extra)


def files(path: Path) -> list[Path]:
    """The tables in a folder, or the one that a file is. Raises `ConfigurationError` for a folder without any."""
    return _files(path) if path.is_dir() else [path]


def _files(folder: Path) -> list[Path]:
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in _KINDS and path.name[0] not in ".~")
    if not files:
        raise ConfigurationError(f"{folder}: no .csv, .tsv, .xlsx or .parquet in it", Reason.NOTHING_USABLE)
    return files


def _opened(path: Path) -> _Kind:
    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        raise ConfigurationError(f"{path}: not .csv, .tsv, .xlsx or .parquet", Reason.FORM_UNKNOWN)
    return kind


def _columns(path: Path) -> Cells:
    columns = _opened(path).columns(path)
    if columns is None:
        raise ConfigurationError(f"{path}: an empty table", Reason.NOTHING_USABLE)
    return columns
