"""ZIP archives of many small stored files, written in bulk.

`zipfile` opens, locks and seeks for each file, which takes longer than signing what is in it. Here its own headers
and directory are used, and the bytes in between written as they come (APPNOTE 6.3, sections 4.3.7 and 4.3.12).
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

_CHUNK = 1 << 20

Moment = tuple[int, int, int, int, int, int]


def store(archive: zipfile.ZipFile, files: Iterable[tuple[str, bytes]], moment: Moment) -> None:
    """Put files into an archive that is open for writing, uncompressed. Each is under 2 GB."""
    stream = archive.fp
    assert stream is not None  # noqa: S101  (it is open)
    stream.seek(archive.start_dir)
    at = archive.start_dir
    for name, content in files:
        entry = zipfile.ZipInfo(name, moment)
        entry.external_attr = 0o600 << 16
        entry.CRC = zlib.crc32(content)
        entry.file_size = entry.compress_size = len(content)
        entry.header_offset = at
        head = entry.FileHeader(zip64=False)
        stream.write(head + content)
        at += len(head) + len(content)
        _listed(archive, entry)
    archive.start_dir = at


def append(archive: zipfile.ZipFile, path: Path) -> None:
    """Put the files of another archive into one that is open for writing, as they are. `OSError` if it is short."""
    stream = archive.fp
    assert stream is not None  # noqa: S101  (it is open)
    stream.seek(archive.start_dir)
    moved = archive.start_dir
    with zipfile.ZipFile(path) as part, path.open("rb") as source:
        left = part.start_dir
        while left:
            chunk = source.read(min(left, _CHUNK))
            if not chunk:
                raise OSError(None, "a block is cut short")
            stream.write(chunk)
            left -= len(chunk)
        for entry in part.filelist:
            entry.header_offset += moved
            _listed(archive, entry)
        archive.start_dir = moved + part.start_dir


def _listed(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    archive.filelist.append(entry)
    archive.NameToInfo[entry.filename] = entry
    # Not only what went through `zipfile` makes it write the directory.
    archive._didModify = True  # type: ignore[attr-defined]
