"""Texts that came in lines, put together again: of a file, of a mail, of a hand scanner that breaks long codes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from vaxcert.formats.around import unquoted
from vaxcert.formats.hcert import MAX_TEXT, PREFIX, is_whole
from vaxcert.formats.recognise import bare, framed

_BASE45 = re.compile(r"[0-9A-Z $%*+\-./:\xa0]*", re.ASCII)


class Assembler:
    """Puts lines together. One that begins like a certificate starts a text; lines that can be its rest are added.

    `is_whole` says whether a text needs no more.
    """

    def __init__(self, is_whole: Callable[[str], bool] = is_whole) -> None:
        self._is_whole = is_whole
        self._pending = ""

    def feed(self, line: str) -> Iterator[str]:
        """The texts that a further line completes."""
        line = unquoted(framed(line))
        if not line.strip():
            return
        if self._pending and not line.startswith(PREFIX) and _BASE45.fullmatch(line):
            line = f"{self._take()}\n{line}"
        else:
            yield from self.flush()
        text = bare(line)
        if not text.startswith(PREFIX) or not text.isascii() or len(text) > MAX_TEXT or self._is_whole(text):
            yield text
        else:
            self._pending = line

    def flush(self) -> Iterator[str]:
        """The text that is left when nothing follows."""
        if self._pending:
            yield bare(self._take())

    def _take(self) -> str:
        taken, self._pending = self._pending, ""
        return taken
