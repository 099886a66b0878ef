"""What workers do: check the rows of a block, or sign them into a small archive of their own.

A worker gets texts of rows and gives back counts and file names. It reads the key itself.
"""

from __future__ import annotations

import hmac
import os
import signal
import zipfile
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from vaxcert import uvci
from vaxcert.batch import zips
from vaxcert.batch.records import identity, record
from vaxcert.batch.tables import csv_lines
from vaxcert.errors import ConfigurationError, InputError
from vaxcert.issue import Issued, Issuer
from vaxcert.issuelog import IssueLog, LogEntry, hash_source
from vaxcert.model import Dose, Person
from vaxcert.trust.signing import SigningKey

MANIFEST = ("row", "certificate_id", "expires_at", "file", "text")

Rows = list[tuple[int, dict[str, str]]]


class Settings(NamedTuple):
    """What all blocks of a run share. `moment`: when the run began, so that all its certificates say the same."""

    folder: Path
    key: Path
    password: str | None
    authority: str
    site: str
    valid_for: timedelta
    level: str
    mask: int
    scale: int
    sheets: str | None
    template: Path | None
    test: bool
    log: Path | None
    operator: str
    secret: bytes
    moment: datetime
    today: date


class Checked(NamedTuple):
    """Of one row: its line, which dose it states, or what is wrong with it."""

    line: int
    identity: bytes
    problem: tuple[str, str] | None


class Signer:
    """Signs blocks. One a process: opening the key takes longer than signing hundreds."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._key = SigningKey.load(settings.key, password=settings.password)
        self._country = self._key.country or ""
        self._issuer = Issuer(
            self._key,
            country=self._country,
            authority=settings.authority,
            valid_for=settings.valid_for,
            site=settings.site,
            clock=lambda: settings.moment,
        )
        self._log = None if settings.log is None else IssueLog(settings.log)

    def sign(self, number: int, rows: Rows) -> int:
        """Write a block's archive, whole or not at all; how many certificates are in it."""
        from msgspec.structs import replace

        settings = self._settings
        made, entries = [], []
        expires_at = (settings.moment + settings.valid_for).astimezone(UTC)
        for line, values in rows:
            # The issuer checks what it signs.
            person, dose = record(values, today=None)
            # The same row of the same run gets the same id, however often a block has to be made.
            opaque = partial(_opaque, settings.secret, identity(person, dose))
            name = uvci.make(self._country, dose.site or settings.site, opaque)
            made.append((line, person, replace(dose, certificate_id=name)))
            entries.append(
                LogEntry(
                    certificate_id=name,
                    kid=self._key.kid.hex(),
                    issued_at=settings.moment,
                    expires_at=expires_at,
                    operator=settings.operator,
                    source_sha256=hash_source(repr(sorted(values.items())).encode()),
                )
            )
        # The log first, as everywhere: a certificate that is not in it could never be revoked. One write for all.
        if self._log is not None:
            self._log.extend(entries)
        issued = [(line, self._issuer.issue(person, dose)) for line, person, dose in made]
        if settings.sheets is not None:
            self._print(number, [(person, dose, one) for (_, person, dose), (_, one) in zip(made, issued, strict=True)])
        pictures = self._drawn([one.text for _, one in issued])
        manifest, files = [], []
        for (line, one), picture in zip(issued, pictures, strict=True):
            file = f"codes/{line:08d}.png"
            files.append((file, picture))
            until = one.expires_at.isoformat().replace("+00:00", "Z")
            manifest.append((str(line), one.certificate_id, until, file, one.text))
        beside = settings.folder / f".{block_name(number)}.{os.getpid()}"
        try:
            with zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED) as archive:
                zips.store(archive, files, settings.moment.timetuple()[:6])
            with (settings.folder / manifest_name(number)).open("w", encoding="utf-8", newline="") as stream:
                stream.write(csv_lines(*manifest))
            # The archive last: where it stands, the block is done.
            with beside.open("rb") as stream:
                os.fsync(stream.fileno())
            beside.replace(settings.folder / block_name(number))
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise ConfigurationError(f"{settings.folder}: {error.strerror or 'cannot be written'}") from None
        return len(issued)

    def _print(self, number: int, made: list[tuple[Person, Dose, Issued]]) -> None:
        from vaxcert.batch.sheets import Printed, pdf
        from vaxcert.qr.plan import draw
        from vaxcert.qr.symbol import Symbol

        settings = self._settings
        codes: dict[int, Symbol] = {}
        for part in draw([one.text for _, _, one in made], level=settings.level, mask=settings.mask):
            for index, modules in zip(part.numbers, part.modules, strict=True):
                matrix = tuple(tuple(row) for row in modules.astype(bool).tolist())
                text = made[index][2].text
                codes[index] = Symbol(text=text, data=text.encode(), version=part.version, matrix=matrix)
        content = pdf(
            [Printed(person, dose, one, codes[index]) for index, (person, dose, one) in enumerate(made)],
            authority=settings.authority,
            test=settings.test,
            layout=settings.sheets or "a4",
            template=settings.template,
            moment=settings.moment,
        )
        try:
            (settings.folder / sheet_name(number)).write_bytes(content)
        except OSError as error:
            raise ConfigurationError(f"{settings.folder}: {error.strerror or 'cannot be written'}") from None

    def _drawn(self, texts: list[str]) -> list[bytes]:
        from vaxcert.qr.plan import draw
        from vaxcert.qr.png import pngs

        pictures: dict[int, bytes] = {}
        for block in draw(texts, level=self._settings.level, mask=self._settings.mask):
            pictures.update(zip(block.numbers, pngs(block.modules, scale=self._settings.scale), strict=True))
        return [pictures[number] for number in range(len(texts))]


def check_rows(rows: Rows, today: date) -> list[Checked]:
    """Each row of a block: which dose it states, or the first thing that is wrong with it."""
    checked = []
    for line, values in rows:
        try:
            person, dose = record(values, today=today)
        except InputError as error:
            checked.append(Checked(line, b"", (error.field, error.problem)))
        else:
            checked.append(Checked(line, identity(person, dose), None))
    return checked


def _opaque(secret: bytes, what: bytes, size: int) -> bytes:
    return hmac.digest(secret, what, "sha256")[:size]


def block_name(number: int) -> str:
    """The file of a block that is done."""
    return f"{number:08d}.zip"


def manifest_name(number: int) -> str:
    """The lines of the manifest for a block."""
    return f"{number:08d}.csv"


def sheet_name(number: int) -> str:
    """The PDF of a block."""
    return f"{number:08d}.pdf"


_signer: Signer | None = None


def start(settings: Settings | None) -> None:
    """A worker process begins. Ctrl-C is the parent's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    begin(settings)


def begin(settings: Settings | None) -> None:
    """From here on `sign_rows` signs by these settings, or none."""
    global _signer
    _signer = None if settings is None else Signer(settings)


def sign_rows(number: int, rows: Rows) -> int:
    """`Signer.sign`, by the settings that this process was started with."""
    assert _signer is not None  # noqa: S101  (`begin` ran before)
    return _signer.sign(number, rows)
