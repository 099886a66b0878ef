"""Where a chunked body ends (RFC 9112, section 7.1). What is in it gunicorn takes out once all of it is there."""

from __future__ import annotations

import re

_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n")
# Sizes and trailers are a few bytes; gunicorn takes lines as long as this.
_LONGEST_LINE = 8_190
# A server in front hands on kilobytes at a time: smaller ones cost more to follow than they bring.
_MOST_CHUNKS = 20_000


class Chunks:
    """Follows the bytes of a chunked body, and keeps none but a line that is not whole yet."""

    def __init__(self) -> None:
        self.done = False
        self._left = self._count = 0
        self._line = bytearray()
        self._next = self._size

    def feed(self, data: bytes) -> int:
        """How many of these bytes are the body's; fewer than all where it ended. Raises `ValueError` where broken."""
        at = 0
        while at < len(data) and not self.done:
            if self._left:
                step = min(self._left, len(data) - at)
                self._left, at = self._left - step, at + step
                continue
            end = data.find(b"\n", at) + 1
            self._line += data[at : end or len(data)]
            at = end or len(data)
            if len(self._line) > _LONGEST_LINE:
                raise ValueError("a line without end")
            if end:
                line = bytes(self._line)
                self._line.clear()
                self._next(line)
        return at

    def _size(self, line: bytes) -> None:
        found = _SIZE.fullmatch(line)
        self._count += 1
        if found is None or self._count > _MOST_CHUNKS:
            raise ValueError("not the size of a chunk")
        self._left = int(found[1], 16)
        self._next = self._after if self._left else self._trailer

    def _after(self, line: bytes) -> None:
        if line != b"\r\n":
            raise ValueError("a chunk of another size than it said")
        self._next = self._size

    def _trailer(self, line: bytes) -> None:
        self._count += 1
        if not line.endswith(b"\r\n") or self._count > _MOST_CHUNKS:
            raise ValueError("not a trailer")
        self.done = line == b"\r\n"
