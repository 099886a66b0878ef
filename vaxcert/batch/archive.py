"""The archive: one stored ZIP of pictures and their manifest, put together from those of the blocks, and read back."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from vaxcert.batch import zips
from vaxcert.batch.block import MANIFEST, block_name, manifest_name, sheet_name
from vaxcert.batch.tables import csv_lines
from vaxcert.errors import ConfigurationError, ImageError

# As for one picture: what is larger is no picture of a code.
_MOST_PICTURE = 10_000_000
_PICTURES = (".png", ".jpg", ".jpeg", ".webp")


def assemble(folder: Path, blocks: Sequence[int], out: Path) -> None:
    """All blocks as one archive at `out`, whole or not at all. Raises `ConfigurationError` where it cannot be."""
    beside = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED) as whole:
            for number in blocks:
                zips.append(whole, folder / block_name(number))
            with whole.open(zipfile.ZipInfo("manifest.csv"), "w", force_zip64=True) as manifest:
                # With a mark, so that spreadsheets take it for UTF-8.
                manifest.write(b"\xef\xbb\xbf" + csv_lines(MANIFEST).encode())
                for number in blocks:
                    with (folder / manifest_name(number)).open("rb") as part:
                        shutil.copyfileobj(part, manifest)
        with beside.open("rb") as stream:
            os.fsync(stream.fileno())
        beside.replace(out)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise ConfigurationError(f"{out}: {error.strerror or 'cannot be written'}") from None


def collect_sheets(folder: Path, blocks: Sequence[int], target: Path) -> Path:
    """Move the blocks' PDFs to a folder beside the archive, named by their order."""
    try:
        target.mkdir(mode=0o700, exist_ok=True)
        for number in blocks:
            source = folder / sheet_name(number)
            if source.exists():  # else a run that was stopped here has moved it already
                source.replace(target / f"sheets-{number + 1:05d}.pdf")
    except OSError as error:
        raise ConfigurationError(f"{target}: {error.strerror or 'cannot be written'}") from None
    return target


def pictures(path: Path) -> tuple[int, Iterator[tuple[str, bytes]]]:
    """How many pictures an archive holds, and their names and bytes. Raises `ImageError` for what is no archive."""
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise ImageError(f"not a readable ZIP archive ({type(error).__name__})") from None
    names = [entry for entry in archive.infolist() if entry.filename.lower().endswith(_PICTURES)]
    return len(names), _contents(archive, names)


def _contents(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    with archive:
        for entry in entries:
            content = b""
            if entry.file_size <= _MOST_PICTURE:
                try:
                    content = archive.read(entry)
                except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError):
                    content = b""  # damaged: not a picture, and the reader says so
            yield entry.filename, content
