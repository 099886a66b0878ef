"""What a run is told, and what it says when it is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec

# Coarse enough that a block's files and messages cost nothing beside it, fine enough that a kill loses a second.
BLOCK = 1_000


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A table of doses to sign.

    `table`: CSV, XLSX or Parquet; `mapping`: headings to fields, where they are not understood; `out`: the archive;
    `key`: as `SigningKey.load` takes it, with `password`; `authority`, `valid_for`, `site`: as for `Issuer`;
    `level`, `mask`, `scale`: of the codes; `sheets`: "a4" or "cards" for PDFs beside the archive as well, from
    `template` or the package's own; `workers`: processes, 1 for none but this; `log`: the issue log;
    `operator`: who issues, for the log.
    """

    table: Path
    out: Path
    key: Path
    authority: str
    mapping: Path | None = None
    password: str | None = None
    valid_for: timedelta = timedelta(days=365)
    site: str = ""
    level: str = "Q"
    mask: int = 3
    scale: int = 4
    sheets: str | None = None
    template: Path | None = None
    workers: int = 1
    log: Path | None = None
    operator: str = ""

    def __repr__(self) -> str:
        return f"<Order {self.table.name} → {self.out.name}>"


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """How a run ended: rows in the table, certificates in the archive, rows in `rejects`, and what each was about.

    `problems`: field and problem, to how many rows. `sheets`: the folder
    of PDFs. `resumed`: certificates that an earlier, stopped run had made.
    """

    rows: int
    issued: int
    rejected: int
    problems: dict[str, int]
    rejects: Path | None = None
    sheets: Path | None = None
    resumed: int = 0


# Told how many rows are done, of how many, and in which part of the run ("check", "sign").
Progress = Callable[[str, int, int], None]


def silent(part: str, done: int, total: int) -> None:
    """No progress."""
