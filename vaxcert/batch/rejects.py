"""The table of rows that were not signed: each as it came, with all that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from vaxcert import files
from vaxcert.batch.checking import Kept, rejects_name
from vaxcert.batch.order import BLOCK
from vaxcert.errors import Problem
from vaxcert.tables.parts import Part, line_and_dose
from vaxcert.tables.table import Table
from vaxcert.tables.writing import rejects
from vaxcert.tables.writing.rejects import Language, Rejected

_kept = msgspec.json.Decoder(Kept)


def write(
    path: Path, table: Table, folder: Path, parts: int, later: Mapping[int, Problem], lang: Language = None
) -> None:
    """Write what the check of each part has left in a run's folder, and after it the rows of `later`.

    `later`: by the rows' keys, what is wrong with rows that are good by themselves. Raises `ConfigurationError`.
    """
    rejects.write(path, table.columns, lambda: _rejected(table, folder, parts, later), lang)


def _rejected(table: Table, folder: Path, parts: int, later: Mapping[int, Problem]) -> Iterator[Rejected]:
    for number in range(parts):
        with files.reading(folder), (folder / rejects_name(number)).open("rb") as stream:
            for line in stream:
                one = _kept.decode(line)
                yield Rejected(one.place, one.cells, one.problems)
    for part in table.parts(BLOCK) if later else ():
        wanted = rows_of(part, later)
        for row in part.rows() if wanted else ():
            if row.key in wanted:
                yield Rejected(part.place(row.line), part.aligned(row), (later[row.key],))


def rows_of(part: Part, wanted: Mapping[int, object]) -> frozenset[int]:
    """Those of some rows, by their keys, that are of a part."""
    first = part.before + part.piece.first
    lines = range(first, first + part.piece.lines)
    if part.layout.wide:
        return frozenset(key for key in wanted if line_and_dose(key)[0] in lines)
    return frozenset(wanted.keys() & lines)
