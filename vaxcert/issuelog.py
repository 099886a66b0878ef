"""The issue log: what was signed when, so that it can be found and revoked. No names stand in it.

One JSON object a line: `certificate_id`, `kid` (hex), `issued_at`, `expires_at` (ISO 8601, UTC), `operator`,
`source_sha256` (of the record that the certificate was made from, or null).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from vaxcert import files
from vaxcert.errors import DamagedError


class LogEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One issued certificate, as the log remembers it."""

    certificate_id: str
    kid: str
    issued_at: datetime
    expires_at: datetime
    operator: str = ""
    source_sha256: str | None = None


class IssueLog:
    """An append-only file. Each entry is on the disk before `append` returns, unless `durable` is False.

    Raises `ConfigurationError` where the file cannot be written or read: then nothing may be issued.
    """

    def __init__(self, path: str | os.PathLike[str], *, durable: bool = True) -> None:
        self.path: Path = Path(path)
        self._durable = durable

    def append(self, entry: LogEntry) -> None:
        """Add one entry."""
        self.extend((entry,))

    def extend(self, entries: Iterable[LogEntry]) -> None:
        """Add entries, all by a single write to a file opened for appending, so that processes do not mix lines."""
        self.extend_lines("".join(map(line_of, entries)).encode())

    def extend_lines(self, data: bytes) -> None:
        """Add lines as `line_of` makes them."""
        with files.writing(self.path):
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                if os.write(descriptor, data) != len(data):
                    raise OSError(None, "the disk is full")
                if self._durable:
                    os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def __iter__(self) -> Iterator[LogEntry]:
        """The entries, oldest first."""
        with files.reading(self.path), self.path.open("rb") as stream:
            for number, line in enumerate(stream, 1):
                try:
                    yield msgspec.json.decode(line, type=LogEntry)
                except msgspec.MsgspecError:
                    raise DamagedError(f"{self.path}: line {number} is no entry") from None


def hash_source(record: bytes) -> str:
    """The SHA-256 (hex) by which an entry names the record that it was made from."""
    return hashlib.sha256(record).hexdigest()


def line_of(entry: LogEntry) -> str:
    """An entry as its line of the file."""
    return msgspec.json.encode(entry).decode() + "\n"


def iso(moment: datetime) -> str:
    """A point in time as ISO 8601 in UTC, ending in Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
