"""CSV: where its rows are, so that each process can read a stretch of them by itself, and lines of it to write."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from vaxcert.errors import ConfigurationError, DamagedError, Reason
from vaxcert.tables.cells import Cells as Cells
from vaxcert.tables.cells import harmless as harmless
from vaxcert.tables.cells import meant as meant

_CHUNK = 1 << 20
# A row with more lines or bytes is one whose quotation mark was never closed.
_MOST_LINES, _MOST_BYTES = 1_000, 128 << 10

# So much of a file is looked at, and so many of its lines, for what parts its cells.
_LOOKED_AT, _MOST_GUESSED = 8_000, 20
_LINE_ENDS = re.compile("\r\n|\r|\n")
_QUOTED = re.compile('"[^"]*"')
_SEPARATOR_LINE = re.compile(r'"?sep=([;,\t|])"?(?:\r?\n|\r|$)', re.IGNORECASE)

# How files of spreadsheets begin: ZIP, and OLE 2.
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# What Vietnamese Windows writes.
PAGE = "cp1258"


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


def head(path: Path, most: int, page: str = PAGE) -> list[tuple[int, Cells]]:
    """The first rows, up to line `most`; rows without anything are passed over."""
    first = next(_stretches(path, most, most, page), None)
    return [] if first is None else [(line, cells) for line, cells in first.rows() if line <= most]


def pieces(path: Path, size: int, skip: int = 1, page: str = PAGE) -> Iterator[Stretch | RowsHeld]:
    """The rows below line `skip`, about `size` at a time. `page`: the encoding of what is no UTF-8."""
    whole = _stretches(path, size, skip, page)
    next(whole, None)
    yield from whole


def given(rows: Iterable[Cells], size: int, skip: int = 1) -> Iterator[RowsHeld]:
    """Rows that were read already, the first `skip` of them first and by themselves, then `size` at a time."""
    held: list[tuple[int, Cells]] = []
    for line, cells in enumerate(rows, 1):
        held.append((line, cells))
        if line == skip or (len(held) == size and line > skip):
            yield RowsHeld(held[0][0], len(held), tuple(held))
            held = []
    if held:
        yield RowsHeld(held[0][0], len(held), tuple(held))


def lines(*rows: Sequence[str]) -> str:
    """Rows as lines of CSV, for tables that are written."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows(rows)
    return stream.getvalue()


def _stretches(path: Path, size: int, skip: int, page: str) -> Iterator[Stretch | RowsHeld]:
    """Yield all rows in stretches, the first `skip` of them first and by themselves."""
    encoding, cr_alone = _written(path, page)
    if encoding.startswith("utf-16"):  # whose lines cannot be told from its bytes
        with path.open(encoding=encoding, newline="") as text:
            marked, delimiter = _opening(text.read(_LOOKED_AT))
            text.seek(0)
            text.read(marked)
            try:
                yield from given((tuple(cells) for cells in csv.reader(text, delimiter=delimiter, strict=True)), size,
                                 skip)  # fmt: skip
            except (csv.Error, UnicodeError):
                raise DamagedError(f"{path}: not CSV (a quotation mark left open?)") from None
        return
    with path.open("rb") as stream:
        start = len(codecs.BOM_UTF8) if stream.read(3) == codecs.BOM_UTF8 else 0
        stream.seek(start)
        head = stream.read(_LOOKED_AT).decode(encoding, "replace")
        marked, delimiter = _opening(head)
        # A spreadsheet does not show the line that says what parts cells, nor count it.
        start += marked
        stream.seek(start)
        first, count = 1, 0
        end = start
        for end, rows in _ends(path, stream, encoding, delimiter, cr_alone):
            count += rows
            if (count >= skip) if first == 1 else (count >= size):
                yield Stretch(path, encoding, delimiter, start, end - start, first, count)
                start, first, count = end, first + count, 0
        if count:
            yield Stretch(path, encoding, delimiter, start, end - start, first, count)


def _opening(head: str) -> tuple[int, str]:
    """How long a first line is that only says what parts cells ("sep=;"), and what does."""
    if found := _SEPARATOR_LINE.match(head):
        return found.end(), found[1]
    return 0, delimiter_of(head)


def _lines(stream: BinaryIO, cr_alone: bool) -> Iterator[bytes]:
    """Lines with their ends: LF, CRLF, and CR where a file has such by itself."""
    if not cr_alone:
        yield from stream
        return
    # A code page in which bytes and characters are the same: texts know all three ends.
    text = io.TextIOWrapper(stream, "latin-1", newline="")
    try:
        for line in text:
            yield line.encode("latin-1")
    finally:
        text.detach()


def _ends(path: Path, stream: BinaryIO, encoding: str, delimiter: str, cr_alone: bool) -> Iterator[tuple[int, int]]:
    """Yield where rows end, and how many end there: a line is a row, unless a quotation mark is in it."""
    at, row = stream.tell(), 1
    held = b""
    count = 0
    for line in _lines(stream, cr_alone):
        at += len(line)
        if not held and b'"' not in line:
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
            raise ConfigurationError(
                f"{path}: neither UTF-8 nor Windows-1258: save it as CSV UTF-8", Reason.FORM_UNKNOWN
            ) from None
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
        raise ConfigurationError(
            f"{stretch.path}: neither UTF-8 nor Windows-1258: save it as CSV UTF-8", Reason.FORM_UNKNOWN
        ) from None


def _parsed(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error:
        # The rows were found whole a moment ago.
        raise ConfigurationError("the table changed while it was read", Reason.CHANGED_MEANWHILE) from None


def delimiter_of(head: str) -> str:
    """What stands between the cells of these lines, outside quotation marks: a semicolon, comma, tab or bar.

    It is the one that many lines have equally often: titles have none, and an address has commas of its own.
    """
    first = _LINE_ENDS.split(_QUOTED.sub("", head))[:_MOST_GUESSED]

    def weight(delimiter: str) -> int:
        often = Counter(line.count(delimiter) for line in first)
        return max(count * lines for count, lines in often.items())

    return max(";,\t|", key=weight)


def _written(path: Path, page: str) -> tuple[str, bool]:
    """How a file is written: its encoding (UTF-8 where all of it is, else `page`), and whether it has lone CRs."""
    decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    cr_alone, before = False, b""
    with path.open("rb") as stream:
        head = stream.read(_LOOKED_AT)
        # Without its mark it is what Windows calls Unicode: every other byte of Latin letters is zero.
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16", False
        for order, other in (("utf-16-be", head[::2]), ("utf-16-le", head[1::2])):
            if 4 * other.count(0) > len(other) > 4:
                return order, False
        if head.startswith(_WORKBOOKS):
            raise ConfigurationError(
                f"{path}: a workbook and no CSV: name it .xlsx or .xls, or save it as CSV UTF-8", Reason.FORM_UNKNOWN
            )
        stream.seek(0)
        while chunk := stream.read(_CHUNK):
            if not cr_alone:
                whole = before + chunk
                before = b"\r" if whole.endswith(b"\r") else b""
                cr_alone = whole.count(b"\r") - len(before) > whole.count(b"\r\n")
            if decoder is not None:
                decoder = _further(decoder, chunk)
        if decoder is not None:
            decoder = _further(decoder, b"", final=True)
    return page if decoder is None else "utf-8", cr_alone or bool(before)


def _further(
    decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False
) -> codecs.IncrementalDecoder | None:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return None
    return decoder
