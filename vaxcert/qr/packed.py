"""The compressed pixels of many codes at four pixels a module, written at once (RFC 1950, RFC 1951).

A row of such a picture has four kinds of bytes, and its three repetitions are told as "no difference" (PNG filter
"up"). So eight symbols are enough, and with three bits for each every row takes the same number of bits, wherever it
stands: what `zlib` finds out byte by byte is looked up here, eight modules at a time.
"""

from __future__ import annotations

import struct
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bits = NDArray[np.uint8]

SCALE = 4

# PNG, section 9.2: a row as it is, and one told by its difference from the row above.
_AS_IT_IS, _UP = 0x00, 0x02
_END = 256
_ADLER = 65521  # RFC 1950, section 8.2

# RFC 1951, section 3.2.5: the least length and distance of each code.
_LENGTHS = [*range(3, 11), *(low + (step << i) for i, low in ((1, 11), (2, 19), (3, 35), (4, 67), (5, 131))
            for step in range(4))]  # fmt: skip
_DISTANCES = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97]
# Section 3.2.7: the order in which the lengths of the codes for code lengths are given, and those used here.
_ORDER = (16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1)
_META = {0: 2, 1: 2, 3: 2, 17: 3, 18: 3}


def compressed(framed: NDArray[np.uint8]) -> list[bytes]:
    """The zlib stream of each code: `framed` is count × side × side with its quiet zone, 1 where light."""
    count, side, _ = framed.shape
    plan = _plan(side)
    packed = np.packbits(framed, axis=2)
    bits = np.empty((count, plan.total), dtype=np.uint8)
    bits[:, : len(plan.head)] = plan.head
    rows = bits[:, len(plan.head) : len(plan.head) + side * plan.row].reshape(count, side, plan.row)
    rows[:] = plan.template
    rows[:, :, 3 : 3 + 3 * plan.width] = _looked_up(plan.symbols, packed)[:, :, : 3 * plan.width]
    bits[:, len(plan.head) + side * plan.row :] = plan.tail
    streams = np.packbits(bits, axis=1, bitorder="little")
    values = _looked_up(_BYTES, packed)[:, :, : plan.width].reshape(count, -1)
    # Exact: all below 2 ** 53.
    sums = (values.astype(np.float64) @ plan.weights + plan.constant) % _ADLER
    checks = sums.astype(np.uint64).tolist()
    return [
        b"\x78\x01" + stream.tobytes() + struct.pack(">HH", high, low)
        for stream, (low, high) in zip(streams, checks, strict=True)
    ]


def _looked_up(table: Bits, packed: Bits) -> Bits:
    """The table's row for each byte, one after the other. A row as one element is copied five times as fast."""
    rows = table.view(f"V{table.shape[1]}")[:, 0]
    return rows.take(packed).view(np.uint8).reshape(*packed.shape[:2], -1)


class _Plan(NamedTuple):
    """What all codes of one size share.

    `width`: bytes a row; `row`: bits that a row takes with its repetitions, as in `template`; `symbols`: of eight
    modules, the bits of the bytes that they become; `weights`, `constant`: of the checksum.
    """

    width: int
    row: int
    total: int
    head: Bits
    template: Bits
    tail: Bits
    symbols: Bits
    weights: NDArray[np.float64]
    constant: NDArray[np.float64]


@cache
def _plan(side: int) -> _Plan:
    width = (side * SCALE + 7) // 8
    # A repetition is its filter and no difference: one zero, the same again, and then that whole row again.
    same, again = width - 1, (SCALE - 2) * (width + 1)
    lengths, distances = {_length(same)[0], _length(again)[0]}, {0, _distance(width + 1)[0]}
    literals = {0x00, 0x0F, 0xF0, 0xFF, _UP, _END}
    codes = {symbol: _code(code, 3) for code, symbol in enumerate(sorted(literals | lengths))}
    far = {symbol: _code(code, 1) for code, symbol in enumerate(sorted(distances))}

    def copy(length: int, distance: int) -> list[int]:
        (symbol, *extra), (place, *more) = _length(length), _distance(distance)
        return [*codes[symbol], *_number(*extra), *far[place], *_number(*more)]

    template = [*codes[_AS_IT_IS], *[0] * (3 * width), *codes[_UP], *codes[0], *copy(same, 1), *copy(again, width + 1)]
    head = [1, *_number(2, 2), *_trees(codes, far)]
    tail = codes[_END]
    symbols = np.array([[bit for byte in row for bit in codes[byte]] for row in _BYTES.tolist()], dtype=np.uint8)
    size = side * SCALE * (width + 1)
    at = np.arange(side)[:, None] * SCALE * (width + 1) + 1 + np.arange(width)
    ups = np.array([size - (SCALE * row + turn) * (width + 1) for row in range(side) for turn in range(1, SCALE)])
    return _Plan(
        width=width,
        row=len(template),
        total=len(head) + side * len(template) + len(tail),
        head=np.array(head, dtype=np.uint8),
        template=np.array(template, dtype=np.uint8),
        tail=np.array(tail, dtype=np.uint8),
        symbols=symbols,
        weights=np.stack([np.ones(at.size), (size - at).reshape(-1)], axis=1).astype(np.float64),
        constant=np.array([1 + _UP * len(ups), size + _UP * int(ups.sum())], dtype=np.float64),
    )


def _widened() -> Bits:
    """A table of the four bytes of pixels that each byte of eight modules becomes."""
    bits = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1)
    return np.packbits(np.repeat(bits, SCALE, axis=1), axis=1)


_BYTES = _widened()


def _length(length: int) -> tuple[int, int, int]:
    """A length's symbol, and its extra bits with how many they are (section 3.2.5)."""
    code = max(i for i, least in enumerate(_LENGTHS) if least <= length)
    return 257 + code, length - _LENGTHS[code], max(0, code // 4 - 1)


def _distance(distance: int) -> tuple[int, int, int]:
    code = max(i for i, least in enumerate(_DISTANCES) if least <= distance)
    return code, distance - _DISTANCES[code], max(0, code // 2 - 1)


def _trees(codes: dict[int, list[int]], far: dict[int, list[int]]) -> list[int]:
    """The bits of the code lengths of both alphabets, runs of zeros shortened (section 3.2.7)."""
    literal, distance = max(codes) + 1, max(far) + 1
    lengths = [len(codes.get(symbol, ())) for symbol in range(literal)]
    lengths += [len(far.get(symbol, ())) for symbol in range(distance)]
    ordered = sorted(_META, key=lambda symbol: (_META[symbol], symbol))
    meta, code, last = {}, 0, _META[ordered[0]]
    for symbol in ordered:
        code <<= _META[symbol] - last
        last = _META[symbol]
        meta[symbol] = _code(code, last)
        code += 1
    bits = [*_number(literal - 257, 5), *_number(distance - 1, 5), *_number(len(_ORDER) - 4, 4)]
    for symbol in _ORDER:
        bits += _number(_META.get(symbol, 0), 3)
    at = 0
    while at < len(lengths):
        zeros = next((i for i, length in enumerate(lengths[at : at + 138]) if length), len(lengths[at : at + 138]))
        if zeros >= 11:
            bits += [*meta[18], *_number(zeros - 11, 7)]
        elif zeros >= 3:
            bits += [*meta[17], *_number(zeros - 3, 3)]
        else:
            zeros = 1
            bits += meta[lengths[at]]
        at += zeros
    return bits


def _code(code: int, width: int) -> list[int]:
    """A code's bits in the order in which they are read: the first first (section 3.1.1)."""
    return [code >> i & 1 for i in reversed(range(width))]


def _number(value: int, width: int) -> list[int]:
    """A number's bits, the last first."""
    return [value >> i & 1 for i in range(width)]
