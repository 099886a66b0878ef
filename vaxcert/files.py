"""Files as they land on a disk: whole or not at all, for whoever reads meanwhile and for when the power fails.

What is secret, or names people, is written with `PRIVATE`: at no moment can anybody else read it. What people wrote is
read by `read_text` and `text_lines`: in UTF-8, or whatever of Unicode their editor saved it in.
"""

from __future__ import annotations

import codecs
import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from vaxcert.errors import ConfigurationError, DamagedError, NotFoundError, Reason

try:
    import fcntl as _fcntl
except ImportError:  # Windows
    _locks: Any = None
else:
    _locks = _fcntl

# File modes: for the owner alone, and what the process's umask leaves of reading and writing for all.
PRIVATE, ORDINARY = 0o600, 0o666

HAS_LOCKS = _locks is not None

SAID = "{path}: {why}"
_CHUNK = 64 << 10


@contextmanager
def reading(path: Path | str, said: str = SAID) -> Iterator[None]:
    """Have what an operating system says against reading in the block said as our errors, with the file's name.

    `said`: the message, filled in with `path` and `why`.
    Raises `NotFoundError` for what is not there, else `ConfigurationError`.
    """
    try:
        yield
    except OSError as error:
        raise _error_of(error, error.filename or path, said, Reason.NOT_READABLE) from None


@contextmanager
def writing(path: Path | str, said: str = SAID) -> Iterator[None]:
    """As `reading`, of writing. It is `path` that is named, not what is written aside before it takes its place."""
    try:
        yield
    except OSError as error:
        raise _error_of(error, path, said, Reason.NOT_WRITABLE) from None


def _error_of(error: OSError, path: Path | str, said: str, reason: Reason) -> ConfigurationError:
    told = said.format(path=path, why=error.strerror or reason.replace("_", " "))
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return NotFoundError(told)
    return ConfigurationError(told, Reason.ALREADY_THERE if isinstance(error, FileExistsError) else reason)


@contextmanager
def aside(path: Path, *, mode: int = ORDINARY) -> Iterator[Path]:
    """A new file beside `path` to write to, which takes its place once the block has ended and the disk has it.

    Where the block raises, what stood at `path` stands there still and nothing else is left. Raises `OSError`.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
        yield beside
        flush(beside)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    flush(path.parent)


def write_whole(path: Path, parts: Iterable[bytes], *, mode: int = ORDINARY) -> int:
    """Write a file (its folder too) and return its size. Raises `OSError`, and leaves what was there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with aside(path, mode=mode) as beside, beside.open("wb") as stream:
        stream.writelines(parts)
        return stream.tell()


def write_changed(path: Path, content: bytes) -> None:
    """Write a file whole, unless that is what stands there. Raises `ConfigurationError`."""
    with writing(path):
        if not path.exists() or path.read_bytes() != content:
            write_whole(path, (content,))


def create(contents: Mapping[Path, tuple[bytes, int]]) -> None:
    """Write files that do not exist yet, each with its mode, all or none. Raises `FileExistsError`, `OSError`.

    For keys, which are never overwritten: no link is followed, and from the first byte on the mode is the last one.
    """
    made: list[Path] = []
    try:
        for path, (content, mode) in contents.items():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            made.append(path)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
    except OSError:
        for path in made:
            path.unlink(missing_ok=True)
        raise


def flush(path: Path) -> None:
    """Have a file's content, or a folder's names, on the disk before returning. Raises `OSError`."""
    if os.name == "nt" and path.is_dir():
        return  # Windows opens no folders, and needs it not
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's content, in hex. Raises `OSError`."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def decode_text(content: bytes, name: Path | str) -> str:
    """The text of a file that people wrote: UTF-8 with or without a byte order mark, or UTF-16 with one.

    Raises `DamagedError`, which says `name` and nothing of the content.
    """
    try:
        return content.decode(_encoding_of(content))
    except UnicodeDecodeError:
        raise DamagedError(f"{name}: not a text in UTF-8 or UTF-16") from None


def read_text(path: Path | str, said: str = SAID) -> str:
    """The text of a file, as `decode_text` takes it; line ends are left. Raises as `reading` and `decode_text` do."""
    with reading(path, said):
        content = Path(path).read_bytes()
    return decode_text(content, path)


def text_lines(read: Callable[[int], bytes], most: int, *, errors: str = "strict") -> Iterator[str]:
    """The lines of a text, as `decode_text` takes it, with their ends; those over `most` characters come in pieces.

    `read` returns what is there, up to so many bytes, and b"" at the end. A line is yielded once it has ended.
    `errors`: as `bytes.decode` has it; with "strict" raises `UnicodeDecodeError`.
    """
    chunk = read(_CHUNK)
    if chunk in (codecs.BOM_UTF16_LE[:1], codecs.BOM_UTF16_BE[:1]):
        chunk += read(_CHUNK)
    decoder = codecs.getincrementaldecoder(_encoding_of(chunk))(errors)
    pending = ""
    while True:
        *whole, pending = (pending + decoder.decode(chunk, final=not chunk)).split("\n")
        for line in whole:
            yield from _pieces(f"{line}\n", most)
        full = len(pending) if not chunk else len(pending) // most * most
        yield from _pieces(pending[:full], most)
        pending = pending[full:]
        if not chunk:
            return
        chunk = read(_CHUNK)


def _encoding_of(content: bytes) -> str:
    return "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"


def _pieces(line: str, most: int) -> Iterator[str]:
    return (line[at : at + most] for at in range(0, len(line), most))


class Lock:
    """A lock that one process at a time holds on a file, until it is closed or the process ends, however that ends.

    The file is made where it is missing. Raises `BlockingIOError` where another holds it and `wait` is false,
    `OSError` where the file cannot be opened, and `ConfigurationError` on a system without such locks.
    """

    def __init__(self, path: Path, *, wait: bool = False) -> None:
        if not HAS_LOCKS:
            raise ConfigurationError("this needs a system with file locks (Linux, macOS)", Reason.COMPONENT_MISSING)
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE)
        try:
            _locks.flock(self._descriptor, _locks.LOCK_EX | (0 if wait else _locks.LOCK_NB))
        except BaseException:
            self.close()
            raise

    def fileno(self) -> int:
        """The descriptor that holds it: a process that inherits it holds the lock too, until both have closed."""
        return self._descriptor

    def close(self) -> None:
        """Let go of the lock; the file stays."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Lock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
