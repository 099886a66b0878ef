"""Writing files whole or not at all, for whoever reads meanwhile and for when the power fails."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from vaxcert.errors import ConfigurationError


def write_whole(path: Path, parts: Iterable[bytes]) -> int:
    """Write a file (its folder too) and return its size. Raises `OSError`, and leaves what was there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as stream:
            stream.writelines(parts)
            size = stream.tell()
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return size


def write_changed(path: Path, content: bytes) -> None:
    """Write a file whole, unless that is what stands there. Raises `ConfigurationError`."""
    try:
        if not path.exists() or path.read_bytes() != content:
            write_whole(path, (content,))
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror or 'cannot be written'}") from None


def sha256_of(path: Path) -> str:
    """Of a file's content, in hex. Raises `OSError`."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
