"""Tables in: CSV, workbooks, Parquet, or a folder of them, in parts that any process can read, every cell a text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from vaxcert.errors import ConfigurationError, Reason
from vaxcert.files import reading as readable
from vaxcert.names import plain
from vaxcert.names.damage import western
from vaxcert.names.fonts import FONTS
from vaxcert.tables import delimited, parquet
from vaxcert.tables.books import workbooks
from vaxcert.tables.books.workbooks import Sheet
from vaxcert.tables.cells import said
from vaxcert.tables.delimited import Cells
from vaxcert.tables.headings import MOST_COLUMNS, added
from vaxcert.tables.layout import HEAD_ROWS, Layout, find
from vaxcert.tables.parts import Part, Piece, Row, values_of
from vaxcert.tables.spellings import FIELDS
from vaxcert.tables.typed import Typed, page_for, unicode
from vaxcert.tables.values.reading import AS_IT_STANDS, Reading

# Rows of a part, unless told otherwise.
_AT_ONCE = 1_000
# So many rows of each file are looked at for what stands in columns that nobody knows.
LOOKED_AT = 1_000


class _Kind(NamedTuple):
    # Each takes the encoding of a CSV that is no UTF-8.
    sheets: Callable[[Path, str], list[Sheet]]
    pieces: Callable[[Path, str, int, int, str], Iterator[Piece]]


def _delimited(path: Path, sheet: str, size: int, skip: int, page: str) -> Iterator[Piece]:
    return delimited.pieces(path, size, skip, page)


def _parquet(path: Path, sheet: str, size: int, skip: int, page: str) -> Iterator[Piece]:
    return parquet.pieces(path, size)


def _book(path: Path, sheet: str, size: int, skip: int, page: str) -> Iterator[Piece]:
    return workbooks.pieces(path, sheet, size, skip)


_CSV = _Kind(lambda path, page: [Sheet("", True, delimited.head(path, HEAD_ROWS, page))], _delimited)
_BOOK = _Kind(lambda path, page: workbooks.sheets(path, HEAD_ROWS), _book)
_KINDS = {
    ".csv": _CSV,
    ".txt": _CSV,
    ".tsv": _CSV,
    ".xlsx": _BOOK,
    ".xls": _BOOK,
    ".ods": _BOOK,
    ".parquet": _Kind(lambda path, page: [Sheet("", True, [(1, parquet.columns(path))])], _parquet),
}
_ENDINGS = ".csv, .tsv, .xlsx, .xls, .ods or .parquet"


class File(NamedTuple):
    """A file of a table: which of its sheets, what its columns are, and where they stand among the table's."""

    path: Path
    sheet: str
    layout: Layout
    places: tuple[int, ...]


class Table:
    """A table of doses: a file, or a folder of files, each with columns of its own, whose lines are counted through.

    Iterating yields its rows, from the start each time; nothing is held in memory. `columns`: the headings, in a
    folder those of all files; `sources`: the files, with what the columns of each are.
    """

    def __init__(
        self,
        path: Path,
        mapping: Mapping[str, str] | None = None,
        fields: Set[str] = FIELDS,
        *,
        sheet: str | None = None,
        ignored: Collection[str] = (),
        reading: Reading = AS_IT_STANDS,
    ) -> None:
        self.path = path
        self.reading = reading
        self.is_folder: bool = path.is_dir()
        self.files: list[Path] = _files(path) if self.is_folder else [path]
        self.mapping = mapping or {}
        self.fields = fields
        self.ignored = frozenset(map(plain, ignored))
        self.columns: Cells = ()
        self.sources: list[File] = [self._source(file, sheet) for file in self.files]
        # What is the heading of no column may be the letters of one that has none.
        self._letters = frozenset((*self.mapping, *self.ignored)) - set(map(plain, self.columns))
        for name in sorted(self._letters - self._unheaded() if self._letters else ()):
            raise ConfigurationError(
                f"the mapping names a column that the table does not have: {name}", Reason.COLUMNS_UNCLEAR
            )
        for source in self.sources:
            source.layout.check()
        self._starts: list[int] = []
        for source in self.sources:
            if source.layout.twins:
                self._check_twins(source)

    def __iter__(self) -> Iterator[Row]:
        for part in self.parts():
            yield from part.rows()

    def parts(self, size: int = _AT_ONCE) -> Iterator[Part]:
        """The rows in parts of about `size`, the same each time."""
        number = before = 0
        self._starts = []
        for source in self.sources:
            self._starts.append(before)
            last = source.layout.last
            for piece in self._pieces(source, size, last):
                yield self._part(number, source, before, piece)
                number += 1
                last = piece.first + piece.lines - 1
            before += last - 1

    def first_rows(self, source: File) -> Iterator[tuple[Part, Row]]:
        """The rows of one of the files from its start, in parts whose lines are that file's."""
        for piece in self._pieces(source, _AT_ONCE, source.layout.last):
            part = self._part(0, source, 0, piece)
            for row in part.rows():
                yield part, row

    def leaves_out(self, source: File, number: int) -> bool:
        """Whether a column of one of the files is not to be read, as somebody said."""
        columns = source.layout.columns
        headed = number < len(columns) and columns[number].heading
        name = plain(source.layout.name(number))
        return name in self.ignored and (bool(headed) or name in self._letters)

    def place(self, line: int) -> str:
        """Where people find a row of a table whose parts were all gone through."""
        if not self.is_folder:
            return str(line)
        file = self._file(line)
        return f"{self.files[file].name}:{line - self._starts[file]}"

    def values(self, row: Row) -> dict[str, str]:
        """A row's texts by field, of a table whose parts were gone through up to it; see `Part.values`."""
        return values_of(self.sources[self._file(row.line)].layout, row)

    def _file(self, line: int) -> int:
        # Lines of a file begin at 2 more than there are before it.
        return bisect_right(self._starts, line - 2) - 1 if self.is_folder else 0

    def _pieces(self, source: File, size: int, skip: int) -> Iterator[Piece]:
        # Rows that were given back to be mended are in Unicode, whatever they were typed for.
        font = None if added(source.layout.headings) else self.reading.legacy_font
        for piece in _opened(source.path).pieces(source.path, source.sheet, size, skip, page_for(font)):
            yield piece if font is None else Typed(piece, font)

    def _part(self, number: int, source: File, before: int, piece: Piece) -> Part:
        name = source.path.name if self.is_folder else ""
        return Part(number, name, before, len(self.columns), source.places, source.layout, piece, self.reading)

    def _source(self, path: Path, wanted: str | None) -> File:
        sheets = _opened(path).sheets(path, page_for(self.reading.legacy_font))
        sheet, layout = _chosen(path, sheets, wanted, self._layout)
        headings = layout.headings
        if len(headings) > MOST_COLUMNS:
            raise ConfigurationError(f"{path}: more than {MOST_COLUMNS} columns", Reason.TOO_LARGE)
        places: list[int] = []
        for heading in headings:
            # The same heading twice in one file is two columns, in two files one.
            same = [place for place, column in enumerate(self.columns) if plain(column) == plain(heading)]
            free = next((place for place in same if place not in places), None)
            if free is None:
                free = len(self.columns)
                self.columns = (*self.columns, heading)
            places.append(free)
        return File(path, sheet, layout, tuple(places))

    def _layout(self, sheet: Sheet) -> Layout | None:
        layout = self._found(sheet.rows)
        if layout is not None and not layout.missing():
            # Headings are in Unicode also where only people's names were typed for a font.
            return layout
        if self.reading.legacy_font is not None:
            return self._found([(line, unicode(cells, self.reading.legacy_font)) for line, cells in sheet.rows])
        for font in FONTS:
            typed = self._found([(line, unicode(tuple(map(western, cells)), font)) for line, cells in sheet.rows])
            if typed is not None and not typed.missing():
                raise ConfigurationError(
                    f"{self.path}: typed for a {font.upper()} font: make it Unicode, or give --legacy-font {font}",
                    Reason.COLUMNS_UNCLEAR,
                )
        return layout

    def _found(self, rows: Sequence[tuple[int, Cells]]) -> Layout | None:
        return find(rows, self.mapping, self.fields, self.ignored)

    def _unheaded(self) -> set[str]:
        """The letters of the columns that have cells and no heading, as `plain` makes them."""
        found: set[str] = set()
        for source in self.sources:
            headed = {number for number, column in enumerate(source.layout.columns) if column.heading}
            for _, row in islice(self.first_rows(source), LOOKED_AT):
                found |= {plain(source.layout.name(number)) for number in row.filled - headed}
        return found

    def _check_twins(self, source: File) -> None:
        """Two columns for one field have to say the same, or to be filled by turns."""
        some = False
        for _, row in self.first_rows(source):
            some = True
            for field, columns in source.layout.twins:
                if len({text for column in columns if (text := said(row.cells[column]))}) > 1:
                    raise _twins(source, field, columns, row.line)
        if not some:
            raise _twins(source, *source.layout.twins[0], None)


def _twins(source: File, field: str, columns: Sequence[int], line: int | None) -> ConfigurationError:
    named = " and ".join(repr(source.layout.name(column)) for column in columns)
    where = f" that differ in row {line}" if line else ""
    return ConfigurationError(
        f"{source.path}: two columns for {field}{where}: {named}; say which with --map or --ignore-column",
        Reason.COLUMNS_UNCLEAR,
    )


def _chosen(
    path: Path, sheets: Sequence[Sheet], wanted: str | None, layout_of: Callable[[Sheet], Layout | None]
) -> tuple[str, Layout]:
    """The sheet that has the table. Raises `ConfigurationError` where none has, or several have."""
    if wanted is not None and sheets[:1] != [] and sheets[0].name:
        named = [one for one in sheets if one.name == wanted]
        sheets = named or [one for number, one in enumerate(sheets, 1) if str(number) == wanted]
        if not sheets:
            raise ConfigurationError(f"{path}: no sheet {wanted!r}", Reason.NOTHING_USABLE)
    laid = [(one, layout) for one in sheets if (layout := layout_of(one)) is not None]
    if not laid:
        raise ConfigurationError(f"{path}: an empty table", Reason.NOTHING_USABLE)
    whole = [(one, layout) for one, layout in laid if not layout.missing() and (one.shown or wanted is not None)]
    if len(whole) > 1:
        names = ", ".join(repr(one.name) for one, _ in whole)
        raise ConfigurationError(
            f"{path}: several sheets have a table: {names}; say which with --sheet", Reason.COLUMNS_UNCLEAR
        )
    sheet, layout = whole[0] if whole else min(laid, key=lambda one: len(one[1].missing()))
    return sheet.name, layout


def open_table(
    path: Path,
    mapping: Mapping[str, str] | None = None,
    fields: Set[str] = FIELDS,
    *,
    sheet: str | None = None,
    ignored: Collection[str] = (),
    reading: Reading = AS_IT_STANDS,
) -> Table:
    """Open a table by the ending of its name. Raises `ConfigurationError` for what is none.

    `mapping`: fields by headings as `load_mapping` gives them; `fields`: those that are read; `sheet`: the name or the
    number of a workbook's sheet, from 1; `ignored`: headings of columns that are not to be read; a column without a
    heading is named by its letters (M), in both; `reading`: what is decided for its texts as a whole.
    """
    with readable(path):
        return Table(path, mapping, fields, sheet=sheet, ignored=ignored, reading=reading)


def sheets_of(path: Path) -> list[str]:
    """The names of a workbook's sheets, as `sheet` takes them; none of a file that has no sheets. Raises as
    `open_table` does."""
    with readable(path):
        return [one.name for one in _opened(path).sheets(path, page_for(None)) if one.name]


def files(path: Path) -> list[Path]:
    """The tables in a folder, or the one that a file is. Raises `ConfigurationError` for a folder without any."""
    return _files(path) if path.is_dir() else [path]


def _files(folder: Path) -> list[Path]:
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in _KINDS and path.name[0] not in ".~")
    if not files:
        raise ConfigurationError(f"{folder}: no {_ENDINGS} in it", Reason.NOTHING_USABLE)
    return files


def _opened(path: Path) -> _Kind:
    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        raise ConfigurationError(f"{path}: not {_ENDINGS}", Reason.FORM_UNKNOWN)
    return kind
