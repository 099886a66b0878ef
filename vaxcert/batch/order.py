"""What a run is told, what of it its workers are told, and what it says when it is done."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec

from vaxcert.errors import ConfigurationError, InputError, Problem, Reason
from vaxcert.tables.values.days import DatesSeen
from vaxcert.tables.values.reading import Reading
from vaxcert.tables.writing.rejects import Language
from vaxcert.trust.own import passphrase
from vaxcert.trust.own.signing import SigningKey

# Coarse enough that a block's files and messages cost nothing beside it, fine enough that a kill loses a second.
BLOCK = 1_000

PICTURES = ("png", "svg")
SHEETS = ("a4", "cards")
NAMES = ("row", "id", "person")
ENGINES = ("local", "dask")


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A table of doses to sign.

    `table`: CSV, a workbook or Parquet, or a folder of them; `mapping`: headings to fields, where they are not
    understood; `sheet`: the name or number of a workbook's, from 1; `ignored`: headings of columns to be left out;
    `reading`: what is decided for its texts as a whole; `out`: the archive, .zip or .parquet, in `shards` of which each
    has a number in its name; `rejects`: the table of rows that are not signed, .csv or .xlsx, beside the archive unless
    it is given; `rejects_lang`: in which language it says why, in both unless it is given.

    `key`: as `SigningKey.load` takes it, with `password` or the file whose first line it is; `authority`, `valid_for`,
    `site`, `format`, `address`: as for `Issuer`; `log`: the issue log; `operator`: who issues, for the log.

    `pictures`: "png" or "svg"; `level`, `mask` (None: the best of eight), `scale`: of the codes; `sheets`: "a4" or
    "cards" for PDFs beside the archive as well, from `template` or the package's own; `names`: what pictures are named
    by, "row", "id" (the certificate's) or "person" (A–Z, birth date and row), with which the manifest says both too.

    `engine`: "local" with so many `workers` (1: none but this process), or "dask" with the `scheduler` at that
    address, or with a cluster of `workers` on this machine. Dask's workers read table, key and passphrase file and
    write beside `out` themselves: all of it has to be at the same paths there.
    """

    table: Path
    out: Path
    key: Path | str
    authority: str
    mapping: Path | None = None
    sheet: str | None = None
    ignored: tuple[str, ...] = ()
    reading: Reading = Reading()
    rejects: Path | None = None
    rejects_lang: Language = None
    shards: int = 1
    password: str | None = None
    passphrase_file: Path | None = None
    valid_for: timedelta = timedelta(days=365)
    site: str = ""
    format: str = "hcert"
    address: str = ""
    pictures: str = "png"
    level: str = "Q"
    mask: int | None = 3
    scale: int = 4
    sheets: str | None = None
    template: Path | None = None
    names: str = "row"
    engine: str = "local"
    scheduler: str | None = None
    workers: int = 1
    log: Path | None = None
    operator: str = ""

    def absolute(self) -> Order:
        """The order with paths that mean the same to processes elsewhere."""
        given = msgspec.structs.asdict(self).items()
        return msgspec.structs.replace(self, **{n: value.absolute() for n, value in given if isinstance(value, Path)})

    def check_choices(self) -> None:
        """Raise `InputError` for what cannot be chosen."""
        choices = (("sheets", (None, *SHEETS)), ("names", NAMES), ("pictures", PICTURES), ("engine", ENGINES))
        for name, allowed in choices:
            if getattr(self, name) not in allowed:
                raise InputError(name, Reason.NOT_ONE_OF, allowed=", ".join(filter(None, allowed)))
        for name in ("workers", "shards"):
            if getattr(self, name) < 1:
                raise InputError(name, Reason.TOO_SMALL, least=1)

    def __repr__(self) -> str:
        return f"<Order {self.table.name} → {self.out.name}>"


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """How a run ended: rows in the table, certificates made, rows in `rejects`, and what each was about.

    `problems`: to how many rows each applies. `outputs`: the archives; `sheets`: the folder
    of PDFs; `lacking`: what of which rows, by their places, has letters that no font has, so that the paper says it in
    A–Z or not at all. `resumed`: certificates that an earlier, stopped run had made. `survey`: how the table was
    understood, without people's data (`Survey.kept`); `dates`: what its dates say of whether day or month comes first.
    """

    rows: int
    issued: int
    rejected: int
    problems: dict[Problem, int]
    outputs: tuple[Path, ...] = ()
    rejects: Path | None = None
    sheets: Path | None = None
    lacking: tuple[tuple[str, Problem], ...] = ()
    resumed: int = 0
    survey: dict[str, list[str]] = {}
    dates: DatesSeen = DatesSeen()


class KeySource(NamedTuple):
    """Where a process reads the signing key. `password` is for processes of this machine alone."""

    key: Path | str
    password: str | None
    passphrase_file: Path | None

    def load(self) -> SigningKey:
        """The key. Raises `ConfigurationError`."""
        if self.passphrase_file is not None:
            return SigningKey.load(self.key, password=passphrase.read(self.passphrase_file))
        try:
            return SigningKey.load(self.key, password=self.password)
        except ConfigurationError:
            # On machines of a cluster nobody can be asked.
            if self.password is not None or (password := os.environ.get("VAXCERT_PASSPHRASE", "")) == "":
                raise
            return SigningKey.load(self.key, password=password)

    def __repr__(self) -> str:
        # A scheduler writes the arguments of what failed into its log.
        return f"<KeySource {self.key}>"


class RunSettings(NamedTuple):
    """What all blocks of a run share. `moment`: when the run began, so that all its certificates say the same."""

    folder: Path
    source: KeySource
    authority: str
    site: str
    format: str
    address: str
    valid_for: timedelta
    pictures: str
    level: str
    mask: int | None
    scale: int
    sheets: str | None
    template: Path | None
    names: str
    test: bool
    operator: str
    moment: datetime
    today: date


# Told how many rows are done, of how many, and in which part of the run ("check", "sign", "pack").
Progress = Callable[[str, int, int], None]


def silent(part: str, done: int, total: int) -> None:
    """Do nothing, for callers that want no news of progress."""
