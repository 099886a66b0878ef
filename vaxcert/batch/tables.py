"""Tables in: CSV, XLSX and Parquet, row by row, every cell a text."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from vaxcert.batch.headings import match
from vaxcert.errors import ConfigurationError

# Of a row, columns beyond these are not a table of doses.
_MOST_COLUMNS = 500
_CHUNK = 1 << 20


class Row(NamedTuple):
    """`line`: as a spreadsheet counts, the headings being 1. `cells`: the texts, as many as there are columns."""

    line: int
    cells: tuple[str, ...]


class Table:
    """A table of doses. Iterating yields its rows, from the start each time; nothing is held in memory.

    `columns`: the headings; `fields`: of each column that is understood, its field, by the column's number.
    """

    def __init__(self, path: Path, mapping: Mapping[str, str] | None = None) -> None:
        self.path = path
        first = next(_rows(path), None)
        if first is None:
            raise ConfigurationError(f"{path}: an empty table")
        if len(first.cells) > _MOST_COLUMNS:
            raise ConfigurationError(f"{path}: more than {_MOST_COLUMNS} columns")
        self.columns = first.cells
        self.fields = match(self.columns, mapping or {})

    def __iter__(self) -> Iterator[Row]:
        width = len(self.columns)
        rows = _rows(self.path)
        next(rows, None)
        for line, cells in rows:
            if any(cells):
                yield Row(line, (*cells, *("",) * (width - len(cells))))

    def values(self, row: Row) -> dict[str, str]:
        """A row's texts by field, without what is empty. A cell beyond the headings is not looked at."""
        return {field: text for number, field in self.fields.items() if (text := _meant(row.cells[number].strip()))}


def open_table(path: Path, mapping: Mapping[str, str] | None = None) -> Table:
    """A table by the ending of its name. Raises `ConfigurationError` for what is none."""
    return Table(path, mapping)


def _rows(path: Path) -> Iterator[Row]:
    kinds = {".csv": _csv, ".txt": _csv, ".tsv": _csv, ".xlsx": _xlsx, ".parquet": _parquet}
    reader = kinds.get(path.suffix.lower())
    if reader is None:
        raise ConfigurationError(f"{path}: not .csv, .tsv, .xlsx or .parquet")
    try:
        yield from reader(path)
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror or 'cannot be read'}") from None


def _csv(path: Path) -> Iterator[Row]:
    encoding = _encoding(path)
    with path.open("r", encoding=encoding, newline="") as stream:
        head = stream.readline()
        stream.seek(0)
        reader = csv.reader(stream, delimiter=max(";,\t", key=head.count), strict=True)
        line = 0
        try:
            for cells in reader:
                line += 1
                if cells or line == 1:
                    yield Row(line, tuple(cells))
        except csv.Error:
            raise ConfigurationError(f"{path}: row {line + 1} is not CSV (a quotation mark left open?)") from None
        except UnicodeDecodeError:
            raise ConfigurationError(f"{path}: neither UTF-8 nor Windows-1258") from None


def _encoding(path: Path) -> str:
    """UTF-8 where all of it is, else the code page that Vietnamese Windows writes."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        if stream.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        stream.seek(0)
        try:
            while chunk := stream.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1258"
    return "utf-8-sig"


def _xlsx(path: Path) -> Iterator[Row]:
    try:
        import python_calamine
    except ImportError:
        raise ConfigurationError("XLSX needs python-calamine: pip install 'vaxcert[batch]'") from None
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        sheet = book.get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except python_calamine.CalamineError as error:
        raise ConfigurationError(f"{path}: not a readable XLSX table ({type(error).__name__})") from None
    for line, cells in enumerate(rows, 1):
        yield Row(line, tuple(_text(cell) for cell in cells))


def _parquet(path: Path) -> Iterator[Row]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise ConfigurationError("Parquet needs pyarrow: pip install 'vaxcert[batch]'") from None
    try:
        file = parquet.ParquetFile(path)
        yield Row(1, tuple(file.schema_arrow.names))
        line = 1
        for part in file.iter_batches(batch_size=10_000):
            for cells in zip(*(column.to_pylist() for column in part.columns), strict=True):
                line += 1
                yield Row(line, tuple(_text(cell) for cell in cells))
    except pyarrow.ArrowException as error:
        raise ConfigurationError(f"{path}: not a readable Parquet table ({type(error).__name__})") from None


def _text(cell: Any) -> str:
    """A cell as a CSV would have it: whole numbers without a point, days without a time of midnight."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


# What a spreadsheet would run: OWASP, "CSV Injection".
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """A cell of somebody else's table as a spreadsheet shows it and never runs it; `Table.values` undoes it."""
    return "'" + cell if cell.startswith(_FORMULA) else cell


def _meant(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def csv_lines(*rows: Sequence[str]) -> str:
    """Rows as lines of CSV, for tables that are written."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows(rows)
    return stream.getvalue()
