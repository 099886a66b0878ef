"""Hand scanners, which type what they read as a keyboard would: with the wrong layout, in pieces, with a Tab behind.

bytes typed → lines → `Assembler` → whole texts, and complaints that name the scanner and not the holder
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from vaxcert.formats import bare, hcert

# A text that goes on after this long is another scan. Scanners type a whole code in well under it.
PAUSE = 0.4

_BASE45 = re.compile(r"[0-9A-Z $%*+\-./:]*", re.ASCII)
# What "HC1:" becomes under other layouts: caps lock, a comma, semicolon or letter where the colon should be.
_MANGLED = re.compile(r"hc[1!&+\u0131ı¡][^\w\s]?|hc1\w", re.IGNORECASE)


def layout_is_wrong(line: str) -> bool:
    """Whether a line looks like a certificate typed with another keyboard's layout."""
    if line.startswith(hcert.PREFIX):
        # A typing aid for Vietnamese turns AA into Â and OW into Ơ; capitals and signs are what is left of a code.
        return not line.isascii() or any(character.islower() for character in line)
    return _MANGLED.match(line) is not None


class Assembler:
    """Puts the lines of a scan together again.

    Some scanners break long codes over lines. A line that begins like a certificate starts one; lines that can be
    its rest are added while they follow without a pause. `is_whole` says whether a text needs no more.
    """

    def __init__(self, is_whole: Callable[[str], bool]) -> None:
        self._is_whole = is_whole
        self._pending = ""

    def feed(self, line: str) -> Iterator[str]:
        """The texts that a further line completes."""
        line = bare(line)
        if not line.strip():
            return
        if self._pending and not line.startswith(hcert.PREFIX) and _BASE45.fullmatch(line):
            line = self._take() + line
        else:
            yield from self.flush()
        if not line.startswith(hcert.PREFIX) or layout_is_wrong(line) or self._is_whole(line):
            yield line
        elif len(line) <= hcert.MAX_TEXT:
            self._pending = line
        else:
            yield line

    def flush(self) -> Iterator[str]:
        """The text that is left when nothing has followed for a while."""
        if self._pending:
            yield self._take()

    def _take(self) -> str:
        taken, self._pending = self._pending, ""
        return taken


def is_whole(text: str) -> bool:
    """Whether a text decodes as far as one whole compressed stream: what was cut never does."""
    from vaxcert.errors import CardError
    from vaxcert.wire import deflate

    try:
        deflate.inflate(hcert.compressed(text))
    except CardError:
        return False
    return True
