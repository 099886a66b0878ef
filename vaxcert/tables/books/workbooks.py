"""Workbooks (.xlsx, .xls, .ods), read in a process of its own, since their reader is native code that may abort.

One stray cell in a sheet's last column and row makes it ask for 550 GB, and end the process that it is in. Here that
costs a child process with a bound on its memory, and the message says which file it was and what to do.

    parent                       child: python -m vaxcert.tables.books.worker
    JSON: path, sheet      →
                           ←     JSON by lines: of each sheet its first rows, or of one all rows; then how it ended
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from vaxcert.errors import ConfigurationError, DamagedError, Reason
from vaxcert.extras import missing
from vaxcert.tables.cells import Changed
from vaxcert.tables.delimited import Cells, RowsHeld, given
from vaxcert.tables.headings import number_of

# Bytes of address space: a sheet of a million rows and twenty columns of texts, and what Python itself takes.
MEMORY_LIMIT = 3_000_000_000
# What of a sheet is looked through for the cell that makes it so large; columns and rows beyond which it is that one.
_LOOKED_THROUGH, _CHUNK = 1 << 30, 1 << 20
_MOST_CELLS = 20_000_000
_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')


class Sheet(NamedTuple):
    """A sheet by its first rows. `shown`: whether who opens the workbook sees it."""

    name: str
    shown: bool
    rows: list[tuple[int, Cells]]


def sheets(path: Path, most: int) -> list[Sheet]:
    """The sheets of a workbook with their first `most` rows. Raises `ConfigurationError`."""
    return [
        Sheet(one["name"], one["shown"], [(line, _cells(row)) for line, row in enumerate(one["rows"], 1)])
        for one in _asked(path, {"most": most})
    ]


def pieces(path: Path, sheet: str, size: int, skip: int) -> Iterator[RowsHeld]:
    """The rows of a sheet below line `skip`, `size` at a time. Raises `ConfigurationError`."""
    whole = given(map(_cells, _asked(path, {"sheet": sheet})), size, skip)
    next(whole, None)
    yield from whole


def _cells(row: Sequence[str | list[str]]) -> Cells:
    return tuple(cell if isinstance(cell, str) else Changed(cell[0], "") for cell in row)


def _asked(path: Path, question: dict[str, Any]) -> Iterator[Any]:
    # -P: never import a module from the folder that the tables happen to lie in.
    command = [sys.executable, "-P", "-m", "vaxcert.tables.books.worker", str(MEMORY_LIMIT)]
    with path.open("rb"):  # what cannot be opened is told of as what it is
        pass
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # What a reader prints when it dies may quote the table.
        stderr=subprocess.DEVNULL,
    ) as child:
        assert child.stdin is not None and child.stdout is not None  # noqa: S101  (both are pipes)
        try:
            try:
                child.stdin.write(json.dumps(question | {"path": str(path.absolute())}).encode())
                child.stdin.close()
            except OSError:
                raise _died(path) from None
            for line in child.stdout:
                answer = json.loads(line)
                if "ended" in answer:
                    _check(path, answer["ended"])
                    return
                yield answer["is"]
            raise _died(path)
        finally:
            child.kill()


def _check(path: Path, ended: str) -> None:
    if ended == "missing":
        raise ConfigurationError(missing("workbooks need python-calamine", "batch"), Reason.COMPONENT_MISSING)
    if ended == "memory":
        raise _too_large(path)
    if ended == "PasswordError":
        raise DamagedError(f"{path}: it is locked with a password; save it without one")
    if ended:
        kind = path.suffix[1:].upper()
        raise DamagedError(f"{path}: not a readable {kind} table ({ended}); open it and save it anew, or as CSV UTF-8")


def _died(path: Path) -> ConfigurationError:
    if far := _far_cell(path):
        return _too_large(path, f"the cell {far} is far from the table, and ")
    return DamagedError(f"{path}: its reader stopped on it; save the sheet anew, or as CSV")


def _too_large(path: Path, why: str = "") -> ConfigurationError:
    return ConfigurationError(
        f"{path}: {why}the sheet takes more memory than a table may. Delete the columns and rows beyond the table, or "
        "save the sheet as CSV",
        Reason.TOO_LARGE,
    )


def _far_cell(path: Path) -> str | None:
    """The cell that makes a sheet so large, sheet and place, where it is easily found."""
    try:
        with zipfile.ZipFile(path) as book:
            for name in (one for one in book.namelist() if one.startswith("xl/worksheets/") and one.endswith(".xml")):
                column, row = _furthest(book, name)
                if (number_of(column) + 1) * row > _MOST_CELLS:
                    return f"{column}{row} of {Path(name).stem}"
    # All that a damaged archive makes `zipfile` raise, a wish for a password included.
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError):
        return None
    return None


def _furthest(book: zipfile.ZipFile, name: str) -> tuple[str, int]:
    column, row, left, tail = "A", 1, _LOOKED_THROUGH, b""
    with book.open(name) as stream:
        while left > 0 and (chunk := stream.read(_CHUNK)):
            left -= len(chunk)
            for found in _CELL.finditer(tail + chunk):
                row = max(row, int(found[2]))
                column = max(column, found[1].decode(), key=number_of)
            tail = chunk[-32:]
    return column, row
