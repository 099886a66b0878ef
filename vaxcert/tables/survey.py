"""What a table is understood as, before anything of it is taken: columns read and not read, evidence, a few rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

import msgspec

from vaxcert.errors import ConfigurationError, Reason
from vaxcert.tables.cells import Changed, said
from vaxcert.tables.headings import added, letter_of
from vaxcert.tables.parts import Part, Row
from vaxcert.tables.table import LOOKED_AT, File, Table
from vaxcert.wording.words import Words

_SAMPLE = 10
# Identity cards have 9 or 12 digits, of which a spreadsheet takes leading zeros; telephones 9 to 11, or 84 before.
_LIKE_A_NUMBER = re.compile(r"(?:\+?84|0)?\d{9,12}", re.ASCII)
_PARTED = re.compile(r"[ .\-()]")
# Of a column's cells, such numbers are so many that they are not there by chance.
_SHARE = 0.3


class SeenColumn(NamedTuple):
    """A column of a file. `letter`: as spreadsheets name it; `field`: what it means, "" where nobody knows; `dose`."""

    file: str
    letter: str
    heading: str
    field: str
    dose: str

    @property
    def name(self) -> str:
        """By what --map and --ignore-column know it: its heading, and where it has none its letters."""
        return self.heading or self.letter

    def __str__(self) -> str:
        means = self.field and f" → {self.field}" + (f" ({self.dose})" if self.dose else "")
        return f"{self.file}{':' if self.file else ''}{self.letter} {self.heading or '(no heading)'}{means}"


class Understood(NamedTuple):
    """A row as it is read. `place`: its line, and in a folder its file. People's data: for the operator's eyes."""

    place: str
    values: Mapping[str, str]

    def __repr__(self) -> str:
        return f"<Understood {self.place}>"


class Converted(NamedTuple):
    """A cell that was typed for a font. `place`: its line, and in a folder its file; people's data."""

    place: str
    before: str
    after: str

    def __repr__(self) -> str:
        return f"<Converted {self.place}>"


class Survey(msgspec.Struct, frozen=True, kw_only=True):
    """What a table is understood as.

    `columns`: those that are read; `unread`: those that nothing reads; `suspicious`: of them, columns whose cells look
    like identity or telephone numbers although nothing says what they are: they need somebody's yes. `evidence`: what
    was found of the table as a whole; `sample`: its first rows; `converted`: the first cells that `legacy_font` makes
    another text.
    """

    columns: tuple[SeenColumn, ...]
    unread: tuple[SeenColumn, ...]
    suspicious: tuple[SeenColumn, ...]
    evidence: tuple[Words, ...]
    sample: tuple[Understood, ...]
    converted: tuple[Converted, ...] = ()

    def kept(self) -> dict[str, list[str]]:
        """What of it may be kept: all but people's data."""
        return {
            "read": [str(column) for column in self.columns],
            "unread": [str(column) for column in self.unread],
            "evidence": [words.en for words in self.evidence],
        }

    def require(self) -> None:
        """Raise `ConfigurationError` where a column needs somebody's yes; it names the columns."""
        if self.suspicious:
            named = ", ".join(dict.fromkeys(repr(column.name) for column in self.suspicious))
            raise ConfigurationError(
                f"nothing reads {named}, which looks like numbers of identity cards or telephones; say what it is with "
                "--map, or leave it out with --ignore-column",
                Reason.COLUMNS_UNCLEAR,
            )


# Told the line and the values of every row; tells what it found.
Judge = Callable[[Iterator[tuple[int, Mapping[str, str]]]], Iterable[Words]]


def survey(table: Table, judge: Judge | None = None) -> Survey:
    """What a table is understood as, from the first rows of each file.

    `judge`: who looks at all of its rows for evidence, such as days that have a month first. Raises
    `ConfigurationError` where the table cannot be read.
    """
    columns: list[SeenColumn] = []
    unread: list[SeenColumn] = []
    suspicious: list[SeenColumn] = []
    sample: list[Understood] = []
    converted: list[Converted] = []
    for source in table.sources:
        seen = list(islice(table.first_rows(source), LOOKED_AT))
        sample += [Understood(part.place(row.line), part.values(row)) for part, row in seen[: _SAMPLE - len(sample)]]
        name = source.path.name if table.is_folder else ""
        converted += _converted(seen)[: _SAMPLE - len(converted)]
        columns += _read(source, name)
        for number, column in _unread(source, name, [row for _, row in seen]):
            unread.append(column)
            if _needs_a_yes(table, source, number, seen):
                suspicious.append(column)
    evidence: tuple[Words, ...] = ()
    if judge is not None:
        rows = ((row.line, part.values(row)) for part in table.parts() for row in part.rows())
        evidence = tuple(judge(rows))
    return Survey(
        columns=tuple(columns),
        unread=tuple(unread),
        suspicious=tuple(suspicious),
        evidence=evidence,
        sample=tuple(sample),
        converted=tuple(converted),
    )


def _converted(rows: list[tuple[Part, Row]]) -> list[Converted]:
    """The first cells of each text that a font made another one, as they stand and as they are read."""
    first: dict[str, Converted] = {}
    for part, row in rows:
        for cell in row.cells:
            # What a merged cell says in its other places stands in none of them.
            if isinstance(cell, Changed) and cell.stood:
                first.setdefault(cell.stood, Converted(part.place(row.line), cell.stood, str(cell)))
    return list(first.values())


def _read(source: File, name: str) -> list[SeenColumn]:
    found = {number: ("sex", "") for number, _ in source.layout.doses[0].sexes}
    found |= {number: (field, "") for number, field in source.layout.doses[0].read}
    for dose in source.layout.doses:
        found |= {number: (field, dose.label) for number, field in dose.read if number in dose.own}
    columns = source.layout.columns
    return [
        SeenColumn(name, letter_of(number), columns[number].heading, field, label)
        for number, (field, label) in sorted(found.items())
    ]


def _unread(source: File, name: str, rows: list[Row]) -> list[tuple[int, SeenColumn]]:
    """The columns that nothing reads, with those that have cells and no heading."""
    columns, read = source.layout.columns, source.layout.read
    filled = frozenset[int]().union(*(row.filled for row in rows))
    passed_over = added(source.layout.headings)
    found = []
    for number in sorted((filled | set(range(len(columns)))) - read):
        column = columns[number] if number < len(columns) else None
        if number in passed_over:
            continue
        if number in filled or (column is not None and column.heading):
            means = column.means if column is not None else None
            heading = column.heading if column is not None else ""
            seen = SeenColumn(
                name, letter_of(number), heading, means.field if means else "", means.dose if means else ""
            )
            found.append((number, seen))
    return found


def _needs_a_yes(table: Table, source: File, number: int, rows: list[tuple[Part, Row]]) -> bool:
    columns = source.layout.columns
    if number < len(columns):
        column = columns[number]
        if column.means and column.means.field not in table.fields:
            return False
    if table.leaves_out(source, number):
        return False
    cells = [text for _, row in rows if number < len(row.cells) and (text := said(row.cells[number]))]
    like = sum(1 for text in cells if _LIKE_A_NUMBER.fullmatch(_PARTED.sub("", text)))
    return like > 0 and like >= _SHARE * len(cells)
