"""The streams of a process as they come: in an encoding that lacks letters, closed, or with nobody at the other end.

What an encoding cannot write is written plainly, and never an error; UTF-8 streams are left as they are.
"""

from __future__ import annotations

import codecs
import contextlib
import encodings.ascii
import io
import os
import select
import sys
import unicodedata
from collections.abc import Iterator
from typing import TextIO, cast

from vaxcert.names import transliterate

# Signs whose meaning must not be lost: a question mark is a verdict of its own.
_SIGNS = {
    "✔": "[OK]", "✘": "[X]", "…": "...", "–": "-", "—": "-", "−": "-", "·": "-", "•": "*", "×": "x", "→": "->",
    "‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "≤": "<=", "≥": ">=", "\u00a0": " ", "\u2009": " ",
}  # fmt: skip
# click takes what is called ASCII for a mistake of the machine, and writes UTF-8 to it.
_ASCII = "vaxcert_ascii"


def is_utf8(stream: TextIO | None) -> bool:
    """Whether all text can be written to a stream; one that does not say its encoding takes any."""
    named = getattr(stream, "encoding", None)
    return named is None or codecs.lookup(named).name == "utf-8"


def can_write(text: str, stream: TextIO | None) -> bool:
    """Whether a stream's encoding has every character of a text."""
    return is_utf8(stream) or _encodes(text, str(getattr(stream, "encoding", "")))


def adapt() -> None:
    """Have standard output and standard error take every text from now on, whoever writes it."""
    for stream in (sys.stdout, sys.stderr):
        # Without a terminal or file there is no stream, and what stands in for one may have no encoding.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None or is_utf8(stream):
            continue
        encoding = codecs.lookup(stream.encoding).name
        if encoding == "ascii":
            codecs.register(_find_ascii)
            encoding = _ASCII
        handler = f"vaxcert_plain_{encoding}"
        codecs.register_error(handler, _Plain(encoding))
        reconfigure(encoding=encoding, errors=handler)


def standard_input() -> io.BufferedIOBase:
    """The bytes of standard input; empty where it is closed."""
    return io.BytesIO() if sys.stdin is None else cast("io.BufferedIOBase", sys.stdin.buffer)


def read_input(most: int) -> bytes:
    """What has come on standard input, up to so many bytes, past the interpreter's own buffer; b"" at the end.

    A thread that waits in that buffer holds its lock, and Python aborts when it ends meanwhile.
    """
    buffered = standard_input()
    return getattr(buffered, "raw", buffered).read(most) or b""


def somebody_answers() -> bool:
    """Whether there is a terminal to be asked at."""
    return sys.stdin is not None and sys.stdin.isatty()


def reader_is_gone() -> bool:
    """Whether standard output is a pipe that nobody reads any more. False where the system cannot tell."""
    if sys.stdout is None or not hasattr(select, "poll"):
        return False
    poll = select.poll()
    try:
        poll.register(sys.stdout.fileno(), 0)
    except (OSError, ValueError):  # what stands in for a file has no descriptor
        return False
    return any(event & select.POLLERR for _, event in poll.poll(0))


def give_up_writing() -> None:
    """Have nothing be written any more: Python would try to write the rest again when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, OSError, ValueError):
            os.dup2(nowhere, stream.fileno())


class _Plain:
    """An error handler of one encoding; the error itself says `charmap` of most."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding

    def __call__(self, error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeEncodeError):
            raise error
        lost = error.object[error.start : error.end]
        return "".join(self._written(character) for character in lost), error.end

    def _written(self, character: str) -> str:
        return next((one for one in _ways(character) if _encodes(one, self._encoding)), "?")


def _ways(character: str) -> Iterator[str]:
    """How a character may be written instead, the nearest first."""
    if character in _SIGNS:
        yield _SIGNS[character]
    base, *marks = list(unicodedata.normalize("NFD", character))
    letters = [unicodedata.normalize("NFC", base + mark) for mark in marks]
    # Windows-1258 has Vietnamese letters with their first mark in one, and the tones apart.
    for number, letter in enumerate(letters):
        yield letter + "".join(marks[:number] + marks[number + 1 :])
    if marks:
        yield base + "".join(marks)
    yield from letters
    if unicodedata.category(character)[0] == "M":
        yield ""
    if latin := transliterate(character).replace("<", " "):
        yield latin if character.isupper() else latin.lower()
    yield unicodedata.normalize("NFKD", character)


def _encodes(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeError:
        return False
    return True


def _find_ascii(name: str) -> codecs.CodecInfo | None:
    if name != _ASCII:
        return None
    return codecs.CodecInfo(
        codecs.ascii_encode,
        codecs.ascii_decode,
        incrementalencoder=encodings.ascii.IncrementalEncoder,
        incrementaldecoder=encodings.ascii.IncrementalDecoder,
        name=_ASCII,
    )
