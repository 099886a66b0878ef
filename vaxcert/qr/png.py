"""Black and white PNG pictures of many codes (PNG specification, third edition): one bit a pixel, rows repeated."""

from __future__ import annotations

import struct
import zlib
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from vaxcert.errors import InputError, Reason
from vaxcert.qr import packed
from vaxcert.qr.symbol import MODULES_PER_METRE, QUIET_ZONE

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Section 9.2: a row as it is, and one told by its difference from the row above.
_AS_IT_IS, _UP = 0, 2
# A module is several equal rows, told as no difference: even the fastest setting shrinks them to nothing.
_LEVEL = 1
_MAX_SCALE = 64
_A_METRE = 1  # section 11.3.4.3, the unit


def pngs(modules: NDArray[np.uint8], *, scale: int = 4) -> list[bytes]:
    """One PNG for each code: `modules` is count × size × size, 1 where dark; `scale` pixels a module, 1 to 64.

    Printed as its resolution says, a module has half a millimetre (`MODULES_PER_METRE`).
    """
    check_scale(scale)
    count, size, _ = modules.shape
    framed = np.ones((count, size + 2 * QUIET_ZONE, size + 2 * QUIET_ZONE), dtype=np.uint8)
    framed[:, QUIET_ZONE:-QUIET_ZONE, QUIET_ZONE:-QUIET_ZONE] -= modules
    side = (size + 2 * QUIET_ZONE) * scale
    # One bit a pixel, grey, no interlacing.
    head = _SIGNATURE + _chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    # Section 11.3.4.3: pixels a metre, so that it prints at the size of a code and not of a screen's picture.
    head += _chunk(b"pHYs", struct.pack(">IIB", scale * MODULES_PER_METRE, scale * MODULES_PER_METRE, _A_METRE))
    tail = _chunk(b"IEND", b"")
    pixels = packed.compressed(framed) if scale == packed.SCALE else _compressed(framed, scale)
    return [head + _chunk(b"IDAT", code) + tail for code in pixels]


def check_scale(scale: int) -> None:
    """Raise `InputError` for a scale that there is not."""
    if not 1 <= scale <= _MAX_SCALE:
        raise InputError("scale", Reason.NOT_A_NUMBER, least=1, most=_MAX_SCALE)


def _compressed(framed: NDArray[np.uint8], scale: int) -> list[bytes]:
    """The compressed pixels of each code: any scale, and `zlib` for each."""
    count, side, _ = framed.shape
    # Eight modules at a time are looked up as the bytes that they become.
    wide = _widened(scale)[np.packbits(framed, axis=2)]
    rows = wide.reshape(count, side, -1)[:, :, : (side * scale + 7) // 8]
    lines = np.zeros((count, rows.shape[1], scale, 1 + rows.shape[2]), dtype=np.uint8)
    lines[:, :, 0, 0] = _AS_IT_IS
    lines[:, :, 0, 1:] = rows
    lines[:, :, 1:, 0] = _UP
    return [zlib.compress(code.tobytes(), _LEVEL) for code in lines]


@cache
def _widened(scale: int) -> NDArray[np.uint8]:
    """A table of what each byte becomes: its bits, `scale` times each."""
    bits = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1)
    return np.packbits(np.repeat(bits, scale, axis=1), axis=1)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
