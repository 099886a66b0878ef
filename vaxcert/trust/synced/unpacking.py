"""Answers of web servers that are compressed although nobody asked for it (RFC 9110, section 8.4.1).

What comes out is told piece by piece, so that whoever counts it stops where it is more than it may be.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from tuf.api.exceptions import DownloadError

# The largest piece that is ever unpacked at once, in bytes.
PIECE = 64 << 10

_GZIP = 16 + zlib.MAX_WBITS


def unpacked(parts: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The content of a body that comes in parts; `encoding`: its `Content-Encoding`, "" for none.

    Pieces have up to `PIECE` bytes. Raises `DownloadError` for an encoding other than gzip and deflate, and for a
    body that is damaged or cut off.
    """
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        yield from parts
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise DownloadError(f"the server compresses in a way that is not read here ({encoding[:20]})")
    try:
        yield from _inflated(parts, gzip=encoding != "deflate")
    except zlib.error:
        raise DownloadError("what the server has compressed is damaged") from None


def _inflated(parts: Iterable[bytes], *, gzip: bool) -> Iterator[bytes]:
    inflater: Any = None
    packed = b""
    for part in parts:
        packed += part
        if inflater is None:
            if len(packed) < 2:
                continue
            inflater = zlib.decompressobj(_GZIP if gzip else _window(packed))
        while packed:
            if inflater.eof:
                if not gzip:
                    raise zlib.error
                # A gzip file may be several behind one another (RFC 1952, section 2.2).
                inflater = zlib.decompressobj(_GZIP)
            piece = inflater.decompress(packed, PIECE)
            packed = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
            if piece:
                yield piece
        # A full piece may leave more in the inflater than its input shows.
        while inflater is not None and not inflater.eof and (piece := inflater.decompress(b"", PIECE)):
            yield piece
    if inflater is None or not inflater.eof:
        raise DownloadError("what the server has compressed is cut off")


def _window(start: bytes) -> int:
    """Of deflate the window bits: with zlib's header, as is right, or without it, as some servers send it."""
    has_header = start[0] & 0x0F == zlib.DEFLATED and int.from_bytes(start[:2], "big") % 31 == 0
    return zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS
