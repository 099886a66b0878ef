"""The check of a whole table: every row by itself, in any process, and then rows against each other.

part ─→ bad rows for the table of rejects · of the good ones their line and which dose of whom they state
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from vaxcert import files
from vaxcert.errors import Problem
from vaxcert.issue import faults
from vaxcert.model import Dose, Person
from vaxcert.tables.cells import Cells
from vaxcert.tables.parts import Part
from vaxcert.tables.records import identity, read_all
from vaxcert.tables.values.days import FIELDS as DATES
from vaxcert.tables.values.days import DatesSeen, dates_seen
from vaxcert.tables.values.reading import Reading

Problems = tuple[Problem, ...]

# Which dose, and the row that states it: its line, where it is no sheet with several doses in a row (`Row.key`).
_STATED = np.dtype([("high", ">u8"), ("low", ">u8"), ("line", ">u8")])
# So many are compared at a time: less than 100 MB, however long the table is.
_AT_ONCE = 1_000_000


class Checked(NamedTuple):
    """What the check of one part found: how many rows, how many of them bad and with what, what the good ones state.

    `dates`: what its dates say of the order of day and month.
    """

    number: int
    rows: int
    rejected: int
    problems: Counter[Problem]
    stated: bytes
    dates: DatesSeen = DatesSeen()


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """A bad row as its part's check leaves it, a line of JSON: where it stood, its cells, all that is wrong."""

    place: str
    cells: Cells
    problems: tuple[Problem, ...]

    def __repr__(self) -> str:
        return f"<Kept {self.place}>"


# A cell that knows what stands in it is written as the text that it is read as.
_encode = msgspec.json.Encoder(enc_hook=str).encode


def read_row(values: Mapping[str, str], reading: Reading, today: date) -> tuple[Person | None, Dose | None, Problems]:
    """What a row's texts say, by field, as far as they can be read, and all that is wrong with them."""
    person, dose, wrong = read_all(values, reading)
    return person, dose, (*wrong, *faults(person, dose, today=today))


def check_part(part: Part, today: date, folder: Path | None) -> Checked:
    """Check each row of a part. With a folder, rejects and what is stated are left there and not given back."""
    # One step over all rows and then the next: a row at a time costs half as much again, in misses of the caches.
    rows = list(part.rows())
    values = list(map(part.values, rows))
    dates = [
        (row.line, said[field]) for row, said in zip(rows, values, strict=True) for field in DATES if field in said
    ]
    read = [read_all(said, part.reading) for said in values]
    wrong = [(*one.problems, *faults(one.person, one.dose, today=today)) for one in read]
    stated, rejects = [], []
    for row, (person, dose, _), problems in zip(rows, read, wrong, strict=True):
        if not problems and person is not None and dose is not None:
            stated.append(identity(person, dose) + row.key.to_bytes(8))
        elif folder is not None:
            rejects.append(_encode(Kept(part.place(row.line), part.aligned(row), problems)))
    packed = b"".join(stated)
    if folder is not None:
        with files.writing(folder):
            (folder / rejects_name(part.number)).write_bytes(b"".join(b"%s\n" % one for one in rejects))
            (folder / stated_name(part.number)).write_bytes(packed)
        packed = b""
    counts = Counter(problem for problems in wrong for problem in problems)
    return Checked(part.number, len(rows), len(rows) - len(stated), counts, packed, dates_seen(dates))


def doubles(stated: Callable[[], Iterable[bytes]]) -> dict[int, int]:
    """Rows, by their keys, that state a dose that an earlier row states, each with the first that does.

    `stated` gives what all parts stated, each time that it is called; parts may come in any order.
    """
    total = sum(map(len, stated())) // _STATED.itemsize
    passes = -(-total // _AT_ONCE)
    first_of: dict[int, int] = {}
    for turn in range(passes):
        # Doses are hashes, so each turn gets its share of them, with all the lines that state one.
        parts = (np.frombuffer(part, dtype=_STATED) for part in stated())
        rows = np.concatenate([part[part["high"] % passes == turn] for part in parts])
        rows = rows[np.lexsort((rows["line"], rows["low"], rows["high"]))]
        same = (rows["high"][1:] == rows["high"][:-1]) & (rows["low"][1:] == rows["low"][:-1])
        starts = np.maximum.accumulate(np.where(np.concatenate(([False], same)), 0, np.arange(len(rows))))
        later = np.flatnonzero(same) + 1
        first_of.update(zip(rows["line"][later].tolist(), rows["line"][starts[later]].tolist(), strict=True))
    return first_of


def good_rows(folder: Path, number: int) -> frozenset[int]:
    """The keys of a part's good rows, as `check_part` has left them there. Raises `ConfigurationError`."""
    with files.reading(folder):
        stated = (folder / stated_name(number)).read_bytes()
    return frozenset(np.frombuffer(stated, dtype=_STATED)["line"].tolist())


def rejects_name(number: int) -> str:
    """The name of the file with a part's lines for the table of rejects."""
    return f"{number:08d}.rejects"


def stated_name(number: int) -> str:
    """The name of the file with what the good rows of a part state."""
    return f"{number:08d}.stated"
