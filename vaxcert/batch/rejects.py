"""The table of rows that were not signed, beside the archive: each as it came, with what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from vaxcert import files
from vaxcert.batch.checking import REJECT_COLUMNS, reject, rejects_name
from vaxcert.batch.order import BLOCK
from vaxcert.errors import Problem
from vaxcert.tables.delimited import lines
from vaxcert.tables.parts import Part, line_and_dose
from vaxcert.tables.table import Table


def write(path: Path, table: Table, folder: Path, parts: int, later: Mapping[int, Problem]) -> None:
    """Write what the check of each part has left in a run's folder, and after it the rows of `later`.

    `later`: by the rows' keys, what is wrong with rows that are good by themselves. It is people's data, so the file
    is for the owner alone. Raises `ConfigurationError`.
    """
    with (
        files.writing(path),
        files.aside(path, mode=files.PRIVATE) as beside,
        beside.open("w", encoding="utf-8-sig", newline="") as stream,
    ):
        stream.write(lines((*table.columns, *REJECT_COLUMNS)))
        for number in range(parts):
            # Through bytes: reading a text would change the ends of its lines.
            stream.write((folder / rejects_name(number)).read_bytes().decode())
        for part in table.parts(BLOCK) if later else ():
            wanted = rows_of(part, later)
            for row in part.rows() if wanted else ():
                if row.key in wanted:
                    stream.write(reject(part, row, later[row.key]))


def rows_of(part: Part, wanted: Mapping[int, object]) -> frozenset[int]:
    """Those of some rows, by their keys, that are of a part."""
    first = part.before + part.piece.first
    lines = range(first, first + part.piece.lines)
    if part.layout.wide:
        return frozenset(key for key in wanted if line_and_dose(key)[0] in lines)
    return frozenset(wanted.keys() & lines)
