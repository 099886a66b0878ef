"""CSV: where its rows are, so that each process can read a stretch of them by itself, and lines of it to write."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from vaxcert.errors import ConfigurationError, DamagedError, Reason

_CHUNK = 1 << 20
# A row with more lines or bytes is one whose quotation mark was never closed.
_MOST_LINES, _MOST_BYTES = 1_000, 128 << 10

Cells = tuple[str, ...]


class Stretch(NamedTuple):
    """Rows of a file from byte `start` on, `length` bytes; `first`: the line of the first; `lines`: how many."""

    path: Path
    encoding: str
    delimiter: str
    start: int
    length: int
    first: int
    lines: int

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Yield each row's line and cells; lines without anything are passed over."""
        with self.path.open("rb") as stream:
            stream.seek(self.start)
            content = stream.read(self.length)
        if len(content) != self.length:
            raise ConfigurationError(f"{self.path}: it was cut short while it was read", Reason.CHANGED_MEANWHILE)
        for line, cells in enumerate(_parsed(_decoded(content, self), self.delimiter), self.first):
            if cells:
                yield line, tuple(cells)


class RowsHeld(NamedTuple):
    """Rows that had to be read where the table was opened."""

    first: int
    lines: int
    given: tuple[tuple[int, Cells], ...]

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Yield each row's line and cells."""
        return iter(self.given)


def columns(path: Path) -> Cells | None:
    """The headings, or None for an empty file."""
    for piece in _stretches(path, 1):
        return next((cells for _, cells in piece.rows()), ())
    return None


def pieces(path: Path, size: int) -> Iterator[Stretch | RowsHeld]:
    """The rows below the headings, about `size` at a time."""
    whole = _stretches(path, size)
    next(whole, None)
    yield from whole


def given(rows: Iterator[Cells], size: int) -> Iterator[RowsHeld]:
    """Rows that were read already, the headings first, `size` at a time."""
    held: list[tuple[int, Cells]] = []
    for line, cells in enumerate(rows, 1):
        held.append((line, cells))
        if line == 1 or len(held) == size:
            yield RowsHeld(held[0][0], len(held), tuple(held))
            held = []
    if held:
        yield RowsHeld(held[0][0], len(held), tuple(held))


def lines(*rows: Sequence[str]) -> str:
    """Rows as lines of CSV, for tables that are written."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows(rows)
    return stream.getvalue()


def _stretches(path: Path, size: int) -> Iterator[Stretch | RowsHeld]:
    """Yield all rows in stretches, the headings' first and by itself."""
    encoding = _encoding(path)
    if encoding == "utf-16":  # whose lines cannot be told from its bytes
        with path.open(encoding=encoding, newline="") as text:
            delimiter = delimiter_of(text.readline())
            text.seek(0)
            try:
                yield from given((tuple(cells) for cells in csv.reader(text, delimiter=delimiter, strict=True)), size)
            except (csv.Error, UnicodeError):
                raise DamagedError(f"{path}: not CSV (a quotation mark left open?)") from None
        return
    with path.open("rb") as stream:
        start = len(codecs.BOM_UTF8) if stream.read(3) == codecs.BOM_UTF8 else 0
        stream.seek(start)
        delimiter = delimiter_of(stream.readline().decode(encoding, "replace"))
        stream.seek(start)
        first, count = 1, 0
        end = start
        for end, rows in _ends(path, stream, encoding, delimiter):
            count += rows
            if first == 1 or count >= size:
                yield Stretch(path, encoding, delimiter, start, end - start, first, count)
                start, first, count = end, first + count, 0
        if count:
            yield Stretch(path, encoding, delimiter, start, end - start, first, count)


def _ends(path: Path, stream: BinaryIO, encoding: str, delimiter: str) -> Iterator[tuple[int, int]]:
    """Yield where rows end, and how many end there: a line is a row, unless a quotation mark or a bare CR is in it."""
    at, row = stream.tell(), 1
    held = b""
    count = 0
    for line in stream:
        at += len(line)
        if not held and b'"' not in line and line.endswith(b"\n") and line.find(b"\r", 0, -2) < 0:
            yield at, 1
            row += 1
            continue
        held, count = held + line, count + 1
        try:
            rows = sum(1 for _ in csv.reader(io.StringIO(held.decode(encoding), newline=""), delimiter=delimiter,
                                              strict=True))  # fmt: skip
        except csv.Error:
            if count > _MOST_LINES or len(held) > _MOST_BYTES:
                break
        except UnicodeDecodeError:
            raise ConfigurationError(f"{path}: neither UTF-8 nor Windows-1258", Reason.FORM_UNKNOWN) from None
        else:
            yield at, rows
            row += rows
            held, count = b"", 0
    if held:
        raise DamagedError(f"{path}: row {row} is not CSV (a quotation mark left open?)")


def _decoded(content: bytes, stretch: Stretch) -> str:
    try:
        return content.decode(stretch.encoding)
    except UnicodeDecodeError:
        raise ConfigurationError(f"{stretch.path}: neither UTF-8 nor Windows-1258", Reason.FORM_UNKNOWN) from None


def _parsed(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error:
        # The rows were found whole a moment ago.
        raise ConfigurationError("the table changed while it was read", Reason.CHANGED_MEANWHILE) from None


def delimiter_of(head: str) -> str:
    """What stands between the cells of this line: a semicolon, comma or tab."""
    return max(";,\t", key=head.count)


def _encoding(path: Path) -> str:
    """The encoding of a file: UTF-8 where all of it is, else the code page that Vietnamese Windows writes."""
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
    return "utf-8"


# What a spreadsheet would run: OWASP, "CSV Injection".
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """A cell of somebody else's table as a spreadsheet shows it and never runs it; `meant` undoes it."""
    return "'" + cell if cell.startswith(_FORMULA) else cell


def meant(cell: str) -> str:
    """What a cell said before it was made harmless."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
