"""A block on disk: one stored ZIP with the pictures of a part, and last in it what is collected elsewhere.

codes/00000002.png …   manifest.csv (its lines, without headings)   log.jsonl   sheets.pdf   lacking.json
failed.json

One file, so that a block is there or not, whoever makes it and however often.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from vaxcert import files
from vaxcert.batch import zips
from vaxcert.errors import DamagedError, NotFoundError, Problem

Told = TypeVar("Told")

COLUMNS = ("row", "certificate_id", "expires_at", "file", "text")
MANIFEST, LOG, SHEETS = "manifest.csv", "log.jsonl", "sheets.pdf"
LACKING, FAILED = "lacking.json", "failed.json"

# What was wrong with rows that had been found good, by their keys (`Row.key`).
Failed = dict[int, Problem]
# What of rows could not be printed as it stands, by their keys.
Lacking = dict[int, tuple[Problem, ...]]


def path_of(folder: Path, number: int) -> Path:
    """Where a block stands when it is done."""
    return folder / f"{number:08d}.zip"


def write(
    folder: Path,
    number: int,
    *,
    pictures: Iterable[tuple[str, bytes]],
    manifest: bytes,
    log: bytes,
    sheets: bytes | None,
    lacking: Lacking,
    failed: Failed,
    moment: datetime,
) -> None:
    """Put a block in its place, whole or not at all. Raises `ConfigurationError` where the disk does not take it."""
    contents = [*pictures, (MANIFEST, manifest), (LOG, log)]
    if sheets is not None:
        contents.append((SHEETS, sheets))
    if lacking:
        contents.append((LACKING, msgspec.json.encode(lacking)))
    if failed:
        contents.append((FAILED, msgspec.json.encode(failed)))
    # Another process, on another machine even, may be making the same one: each has its own file aside.
    with (
        files.writing(folder),
        files.aside(path_of(folder, number), mode=files.PRIVATE) as beside,
        zips.Writer(beside, moment.timetuple()[:6]) as archive,
    ):
        archive.store(contents)


def held(folder: Path, number: int, name: str) -> bytes:
    """The content of a file that a block has besides pictures. Raises `OSError` for a block that is damaged."""
    try:
        with zipfile.ZipFile(path_of(folder, number)) as archive:
            return archive.read(name)
    except (zipfile.BadZipFile, KeyError):
        raise OSError(None, f"block {number} is damaged; delete {path_of(folder, number)}") from None


def failed(folder: Path, number: int) -> Failed:
    """The rows of a block that stands which could not be signed. Raises `ConfigurationError`."""
    return _told(folder, number, FAILED, Failed)


def lacking(folder: Path, number: int) -> Lacking:
    """The rows of a block that stands of which the paper lacks something. Raises `ConfigurationError`."""
    return _told(folder, number, LACKING, Lacking)


def _told(folder: Path, number: int, name: str, kind: type[Told]) -> Told:
    try:
        with zipfile.ZipFile(path_of(folder, number)) as archive:
            told = archive.read(name) if name in archive.namelist() else b"{}"
        return msgspec.json.decode(told, type=kind)
    except (OSError, zipfile.BadZipFile, msgspec.MsgspecError):
        raise DamagedError(f"block {number} is damaged; delete {path_of(folder, number)}") from None


def count(folder: Path, number: int) -> int | None:
    """How many certificates a block that stands has; None for one that does not."""
    try:
        with files.reading(folder):
            return held(folder, number, MANIFEST).count(b"\n")
    except NotFoundError:
        return None
