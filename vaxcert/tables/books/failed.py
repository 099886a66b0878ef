"""Cells of .xlsx files whose formula failed, which their reader gives as empty: what a spreadsheet shows in them."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from vaxcert.tables.headings import number_of

# By row and column from 0: "#N/A", "#REF!", …
Failed = dict[int, dict[int, str]]

_CHUNK = 1 << 20
# So far can the end of one cell be from its beginning.
_LONGEST = 1 << 10
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
# ECMA-376, part 1, 18.18.11: a cell of type "e" is an error.
_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>]*\bt="e"[^>]*>.{0,512}?<v>([^<]{1,20})</v>', re.DOTALL)


def failed(path: Path, sheet: str) -> Failed:
    """The cells of a sheet whose formula failed; none where the file is no .xlsx. Never raises for a damaged file."""
    found: Failed = {}
    if path.suffix.lower() != ".xlsx":
        return found
    try:
        with zipfile.ZipFile(path) as book:
            if part := _part(book, sheet):
                for column, row, text in _cells(book, part):
                    found.setdefault(row, {})[column] = text
    # All that a damaged archive makes `zipfile` raise: its reader has the word then.
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, KeyError):
        return {}
    return found


def _part(book: zipfile.ZipFile, sheet: str) -> str | None:
    """The name under which an archive has a sheet."""
    relation = next(
        (one.get("r:id", "") for one in _elements(book, "xl/workbook.xml", "sheet") if one.get("name") == sheet), ""
    )
    for one in _elements(book, "xl/_rels/workbook.xml.rels", "Relationship"):
        if relation and one.get("Id") == relation:
            target = one.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return None


def _elements(book: zipfile.ZipFile, part: str, name: str) -> Iterator[dict[str, str]]:
    for found in re.finditer(rf"<{name}\s[^>]*>", book.read(part).decode("utf-8", "replace")):
        yield {key: html.unescape(value) for key, value in _ATTRIBUTE.findall(found[0])}


def _cells(book: zipfile.ZipFile, part: str) -> Iterator[tuple[int, int, str]]:
    tail = b""
    with book.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            held = tail + chunk
            if b't="e"' in held:
                for found in _CELL.finditer(held):
                    yield number_of(found[1].decode()), int(found[2]) - 1, found[3].decode("utf-8", "replace")
            tail = held[-_LONGEST:]
