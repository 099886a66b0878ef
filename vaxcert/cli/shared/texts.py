"""Where the texts of cards come from: arguments, files, pictures and standard input."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from io import BufferedIOBase
from pathlib import Path

from vaxcert.cli.shared.saying import say
from vaxcert.cli.shared.streams import standard_input
from vaxcert.files import text_lines

# Read, or told by their name what to do about them.
PICTURES = frozenset(
    (".png", ".jpg", ".jpeg", ".webp", ".pdf", ".heic", ".heif", ".avif", ".gif", ".tif", ".tiff", ".bmp")
)

# Longer than any card's text: what is beyond it on a line is never read into memory as a whole.
_MAX_LINE = 1_000_000


class UnreadableError(Exception):
    """An argument that yields no text."""


def texts(card: str) -> Iterator[str]:
    """The texts in one argument: itself, a file's lines, a picture's codes, or standard input for "-".

    Raises `UnreadableError` or `ImageError`. The argument is not repeated in the message: it may be a card.
    """
    from vaxcert.formats import is_known
    from vaxcert.sorting import FILES, WANTED, cards_in, to_judge

    if card == "-":
        yield from _lines(standard_input())
        return
    path = Path(card)
    if not _is_file(path):
        found = cards_in(card)
        if is_known(found[0]):
            yield from found
            return
        raise UnreadableError("neither a certificate's text nor a file that exists")
    if path.suffix.lower() in PICTURES:
        from vaxcert.qr.isolated import IsolatedReader

        with IsolatedReader() as reader:
            symbols = reader.read(path, wanted=WANTED)
        if not symbols:
            say_second_reader_missing()
            raise UnreadableError(no_code(symbols.advice))
        yield from to_judge(symbol.text for symbol in symbols)
        return
    try:
        with path.open("rb") as stream:
            if path.suffix.lower() in FILES:
                yield from cards_in(_whole(stream))
                return
            yield from _lines(stream)
    except OSError as error:
        raise UnreadableError(error.strerror or "cannot be read") from None


def _whole(stream: BufferedIOBase) -> str:
    """The text of a file that is one value, of which cards are parts."""
    from vaxcert.errors import DamagedError
    from vaxcert.files import decode_text

    content = stream.read(_MAX_LINE + 1)
    if len(content) > _MAX_LINE:
        raise UnreadableError("a file that is longer than any of cards")
    try:
        return decode_text(content, "the file")
    except DamagedError:
        raise UnreadableError("not a text file") from None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _lines(stream: BufferedIOBase) -> Iterator[str]:
    from vaxcert.formats.lines import Assembler

    assembler, any_yet = Assembler(), False
    try:
        for line in text_lines(stream.read1, _MAX_LINE + 1):
            if len(line) > _MAX_LINE:
                raise UnreadableError("a line that is longer than any certificate")
            any_yet = any_yet or bool(line.strip())
            yield from assembler.feed(line)
    except UnicodeDecodeError:
        raise UnreadableError("not a text file") from None
    yield from assembler.flush()
    if not any_yet:
        raise UnreadableError("no code in it")


def no_code(advice: str | None) -> str:
    """What is said of a picture without a code; `advice`: a value of `vaxcert.qr.Advice`."""
    from vaxcert.wording.photos import advise

    return f"no code found in the picture. {advise(advice)}"


@cache
def say_second_reader_missing() -> None:
    """Where a picture was not read and the second library is missing, say so and how to install it, once."""
    from vaxcert.qr import zbar

    if (missing := zbar.missing()) is not None:
        say(f"Note: {missing}", err=True)
