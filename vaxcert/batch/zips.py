"""ZIP archives of very many small stored files (APPNOTE 6.3.10; section numbers are its own).

`zipfile` opens, locks and seeks for each file, which takes longer than signing what is in it, and holds an object for
each until the archive is closed: half a gigabyte for a million. Here files are written as they come, and their
entries of the directory go to a file of their own until the end. Reading is left to `zipfile`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Container, Iterable
from pathlib import Path
from typing import NamedTuple

_CHUNK = 1 << 20

_LOCAL = struct.Struct("<4s5H3L2H")  # 4.3.7
_CENTRAL = struct.Struct("<4s6H3L5H2L")  # 4.3.12
_END_64 = struct.Struct("<4sQ2H2L4Q")  # 4.3.14
_LOCATOR_64 = struct.Struct("<4sLQL")  # 4.3.15
_END = struct.Struct("<4s4H2LH")  # 4.3.16
_VERSION, _VERSION_64 = 20, 45  # 4.4.3.2
_UNIX = 3 << 8  # 4.4.2.2
_FOR_THE_OWNER = 0o100600 << 16
# What no field of two or four bytes can say stands in the ZIP64 fields (4.4.1.4).
_FULL, _FULL_COUNT = 0xFFFFFFFF, 0xFFFF


class _Entry(NamedTuple):
    name: bytes
    moment: tuple[int, int]
    crc: int
    size: int
    offset: int


class Writer:
    """An archive at `path`, whole when the `with` block has ended. `moment`: of all its files, local time.

    Raises `OSError` where the disk does not take it.
    """

    def __init__(self, path: Path, moment: tuple[int, int, int, int, int, int]) -> None:
        year, month, day, hour, minute, second = moment
        self._moment = (hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day)  # 4.4.6
        self._count = 0
        with contextlib.ExitStack() as stack:
            # It may hold names of people: without one itself nobody else can open it, and it goes with this process.
            self._directory = stack.enter_context(tempfile.TemporaryFile(dir=path.parent))
            self._stream = stack.enter_context(path.open("wb"))
            self._stack = stack.pop_all()

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        with self._stack:
            if kind is None:
                self._finish()

    def store(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Write files, given by their names, which are ASCII, and their contents of under 4 GB."""
        at = self._stream.tell()
        for name, content in files:
            entry = _Entry(name.encode("ascii"), self._moment, zlib.crc32(content), len(content), at)
            self._stream.write(_local(entry) + content)
            at += _LOCAL.size + len(entry.name) + len(content)
            self._list(entry)

    def stream(self, name: str, parts: Iterable[bytes]) -> None:
        """Write one file of any size, part by part."""
        at = self._stream.tell()
        entry = _Entry(name.encode("ascii"), self._moment, 0, 0, at)
        self._stream.write(_local(entry, wide=True))
        crc = size = 0
        for part in parts:
            self._stream.write(part)
            crc, size = zlib.crc32(part, crc), size + len(part)
        entry = entry._replace(crc=crc, size=size)
        self._stream.seek(at)
        self._stream.write(_local(entry, wide=True))
        self._stream.seek(0, os.SEEK_END)
        self._list(entry)

    def append(self, path: Path, *, leave: Container[str] = ()) -> None:
        """Add another archive's files as they are, but not those in `leave`, which stand after all others in it."""
        moved = self._stream.tell()
        with path.open("rb") as source:
            try:
                part = zipfile.ZipFile(source)
            except zipfile.BadZipFile:
                raise OSError(None, f"{path.name} is damaged; delete it") from None
            left = min(
                (entry.header_offset for entry in part.filelist if entry.filename in leave), default=part.start_dir
            )
            source.seek(0)
            while left:
                chunk = source.read(min(left, _CHUNK))
                if not chunk:
                    raise OSError(None, f"{path.name} is cut short; delete it")
                self._stream.write(chunk)
                left -= len(chunk)
        for entry in part.filelist:
            if entry.filename not in leave:
                offset = moved + entry.header_offset
                self._list(_Entry(entry.filename.encode("ascii"), self._moment, entry.CRC, entry.file_size, offset))

    def _list(self, entry: _Entry) -> None:
        self._directory.write(_central(entry))
        self._count += 1

    def _finish(self) -> None:
        start, size = self._stream.tell(), self._directory.tell()
        self._directory.seek(0)
        shutil.copyfileobj(self._directory, self._stream, _CHUNK)
        if self._count >= _FULL_COUNT or start >= _FULL or size >= _FULL:
            whole = (self._count, self._count, size, start)
            end = (b"PK\6\6", _END_64.size - 12, _UNIX | _VERSION_64, _VERSION_64, 0, 0, *whole)
            self._stream.write(_END_64.pack(*end) + _LOCATOR_64.pack(b"PK\6\7", 0, start + size, 1))
        count = min(self._count, _FULL_COUNT)
        self._stream.write(_END.pack(b"PK\5\6", 0, 0, count, count, min(size, _FULL), min(start, _FULL), 0))


def _local(entry: _Entry, *, wide: bool = False) -> bytes:
    size, extra, version = entry.size, b"", _VERSION
    if wide:
        size, extra, version = _FULL, struct.pack("<2H2Q", 1, 16, entry.size, entry.size), _VERSION_64  # 4.5.3
    fixed = _LOCAL.pack(b"PK\3\4", version, 0, 0, *entry.moment, entry.crc, size, size, len(entry.name), len(extra))
    return fixed + entry.name + extra


def _central(entry: _Entry) -> bytes:
    size, offset, wide = entry.size, entry.offset, b""
    if size >= _FULL:
        size, wide = _FULL, struct.pack("<2Q", entry.size, entry.size)
    if offset >= _FULL:
        offset, wide = _FULL, wide + struct.pack("<Q", entry.offset)
    extra = struct.pack("<2H", 1, len(wide)) + wide if wide else b""
    version = _VERSION_64 if wide else _VERSION
    sizes = (entry.crc, size, size, len(entry.name), len(extra), 0)
    fixed = _CENTRAL.pack(
        b"PK\1\2", _UNIX | _VERSION_64, version, 0, 0, *entry.moment, *sizes, 0, 0, _FOR_THE_OWNER, offset
    )
    return fixed + entry.name + extra
