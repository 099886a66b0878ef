"""Many QR codes at once: whole blocks of texts through numpy, bit for bit what `qrcode` draws.

texts → bits (alphanumeric or bytes) → codewords → error correction → interleaved → modules, masked

What does not depend on the text is made once for each version, level and mask: the plan. Error correction is
linear, so the correction of a block of codewords is the sum of those of its single codewords, which are looked up.
Section numbers are those of ISO/IEC 18004:2015.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from qrcode import base, constants, util

from vaxcert.errors import ImageError, InputError, Reason
from vaxcert.qr.patterns import framed
from vaxcert.qr.writer import ALPHANUMERIC, BEFORE_DIGITS, LEVELS, write

if TYPE_CHECKING:
    Bytes = NDArray[np.uint8]

# One mask for all: weighing eight takes some hundred times as long as everything else here, and a text that is as
# good as random looks as good under each.
DEFAULT_MASK = 3

_VALUES = np.full(256, 255, dtype=np.uint8)
_VALUES[list(util.ALPHA_NUM)] = np.arange(45, dtype=np.uint8)


# Of each byte its eight bits, as one element.
_BITS = np.unpackbits(np.arange(256, dtype=np.uint8)).view(np.uint64)

# So many codes a step, so that their modules and pictures stay in the processor's cache.
AT_ONCE = 64


class Drawn(NamedTuple):
    """At most `AT_ONCE` codes of one version.

    `numbers` of the texts in what was given; `modules` count × size × size, 1 where dark.
    """

    numbers: list[int]
    version: int
    modules: Bytes


def draw(texts: Sequence[str], *, level: str = "Q", mask: int | None = DEFAULT_MASK) -> Iterator[Drawn]:
    """The codes of many texts, some at a time and by version, each the smallest that its text fits.

    `mask` 0 to 7, or None for the best by the penalties of section 7.8.3, which takes as long as `write`. Raises
    `InputError` for a level or mask that does not exist, `ImageError` for a text that does not fit.
    """
    check_choice(level, mask)
    apart = [number for number, text in enumerate(texts) if BEFORE_DIGITS.match(text)]
    for number in apart:
        # Of two segments: one by one, which takes as long as `write`.
        symbol = write(texts[number], level=level)
        modules = np.array(symbol.matrix, dtype=np.uint8)[None]
        yield Drawn([number], symbol.version or 0, modules)
    left = set(apart)
    groups: dict[tuple[int, bool, int], list[int]] = defaultdict(list)
    contents = [text.encode() for text in texts]
    for number, (text, content) in enumerate(zip(texts, contents, strict=True)):
        if number in left:
            continue
        alphanumeric = bool(text) and ALPHANUMERIC.issuperset(text)
        groups[_version(len(content), alphanumeric, level), alphanumeric, len(content)].append(number)
    by_version: dict[int, list[tuple[list[int], Bytes]]] = defaultdict(list)
    for (version, alphanumeric, _), numbers in groups.items():
        block = np.frombuffer(b"".join(contents[i] for i in numbers), dtype=np.uint8).reshape(len(numbers), -1)
        by_version[version].append((numbers, _codewords(block, alphanumeric, version, level)))
    for version, parts in sorted(by_version.items()):
        numbers = [number for part, _ in parts for number in part]
        data = np.concatenate([codewords for _, codewords in parts])
        for start in range(0, len(numbers), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            yield Drawn(numbers[part], version, _masked(data[part], version, level, mask))


def check_choice(level: str, mask: int | None) -> None:
    """Raise `InputError` for a level or mask that does not exist."""
    if level not in LEVELS or len(level) != 1:
        raise InputError("level", Reason.NOT_ONE_OF, allowed="L, M, Q, H")
    if mask is not None and not 0 <= mask <= 7:
        raise InputError("mask", Reason.NOT_A_NUMBER, least=0, most=7)


@cache
def _version(length: int, alphanumeric: bool, level: str) -> int:
    limits = util.BIT_LIMIT_TABLE[getattr(constants, f"ERROR_CORRECT_{level}")]
    version = 1
    while True:
        needed = 4 + _count_bits(version, alphanumeric) + _data_bits(length, alphanumeric)
        fits = bisect_left(limits, needed, version)
        if fits > 40:
            raise ImageError(f"{length} bytes do not fit a QR code at level {level}", Reason.TEXT_TOO_LONG)
        if _count_bits(fits, alphanumeric) == _count_bits(version, alphanumeric):
            return fits
        version = fits


def _count_bits(version: int, alphanumeric: bool) -> int:
    """How many bits the count of characters takes (table 3)."""
    if alphanumeric:
        return 9 if version < 10 else 11 if version < 27 else 13
    return 8 if version < 10 else 16


def _data_bits(length: int, alphanumeric: bool) -> int:
    return 11 * (length // 2) + 6 * (length % 2) if alphanumeric else 8 * length


def _codewords(block: Bytes, alphanumeric: bool, version: int, level: str) -> Bytes:
    """The data codewords of texts of one length (section 7.4): mode, count, the data, terminator and padding."""
    count, length = block.shape
    wanted = 8 * _plan(version, level).data_count
    bits = np.zeros((count, wanted), dtype=np.uint8)
    counted = _count_bits(version, alphanumeric)
    head = (0b0010 if alphanumeric else 0b0100) << counted | length
    at = 4 + counted
    bits[:, :at] = _to_bits(np.array([head]), at)
    if alphanumeric:
        values = _VALUES[block].astype(np.uint16)
        pairs = length // 2
        bits[:, at : at + 11 * pairs] = _to_bits(values[:, 0 : 2 * pairs : 2] * 45 + values[:, 1::2], 11)
        at += 11 * pairs
        if length % 2:
            bits[:, at : at + 6] = _to_bits(values[:, -1:], 6)
            at += 6
    else:
        bits[:, at : at + 8 * length] = np.unpackbits(block, axis=1)
        at += 8 * length
    at = min(at + 4, wanted)
    codewords = np.packbits(bits, axis=1)
    used = (at + 7) // 8
    codewords[:, used::2], codewords[:, used + 1 :: 2] = 0xEC, 0x11
    return codewords


def _to_bits(values: NDArray[Any], width: int) -> Bytes:
    bits = (values[..., None] >> np.arange(width - 1, -1, -1)) & 1
    return bits.astype(np.uint8).reshape(len(values), -1)


class _Plan(NamedTuple):
    """The blocks of a version and level.

    `blocks`: data codewords of each; `correction`: correction codewords a block; `order`: interleaving.
    """

    data_count: int
    blocks: list[int]
    correction: int
    order: NDArray[np.intp]


@cache
def _plan(version: int, level: str) -> _Plan:
    """Which codeword comes when (section 7.6): the data's first, then the correction's, block by block in turn."""
    parts = base.rs_blocks(version, getattr(constants, f"ERROR_CORRECT_{level}"))
    blocks = [part.data_count for part in parts]
    correction = parts[0].total_count - parts[0].data_count
    starts = np.cumsum([0, *blocks])
    total = int(starts[-1])
    order = [int(starts[b]) + i for i in range(max(blocks)) for b in range(len(blocks)) if i < blocks[b]]
    order += [total + b * correction + i for i in range(correction) for b in range(len(blocks))]
    return _Plan(total, blocks, correction, np.array(order))


@cache
def _corrections(correction: int, longest: int) -> NDArray[np.uint64]:
    """The share that a codeword has in the correction, by its place counted from the block's end and its value."""
    divisor = base.Polynomial([1], 0)
    for i in range(correction):
        divisor = divisor * base.Polynomial([1, base.gexp(i)], 0)
    table = np.zeros((longest, 256, 8 * ((correction + 7) // 8)), dtype=np.uint8)
    # The remainder of x ** correction, then times x for each place: shift, and take off what is carried over.
    generator = [divisor[i] for i in range(1, correction + 1)]
    polynomial = generator
    for place in range(longest):
        for value in range(1, 256):
            scale = base.glog(value)
            table[place, value, :correction] = [
                base.gexp(base.glog(part) + scale) if part else 0 for part in polynomial
            ]
        lead = polynomial[0]
        shifted = [*polynomial[1:], 0]
        if lead:
            carried = [base.gexp(base.glog(part) + base.glog(lead)) if part else 0 for part in generator]
            shifted = [a ^ b for a, b in zip(shifted, carried, strict=True)]
        polynomial = shifted
    return table.view(np.uint64)


def _corrected(data: Bytes, version: int, level: str) -> Bytes:
    plan = _plan(version, level)
    count = len(data)
    shares = _corrections(plan.correction, max(plan.blocks))
    # A share as one element is looked up several times as fast.
    whole = shares.view(f"V{8 * shares.shape[2]}")[:, :, 0]
    parts = [data]
    start = 0
    for length in plan.blocks:
        places = np.arange(length - 1, -1, -1) * 256 + data[:, start : start + length]
        found = whole.take(places).view(np.uint64).reshape(count, length, -1)
        summed = np.bitwise_xor.reduce(found, axis=1)
        parts.append(summed.view(np.uint8)[:, : plan.correction])
        start += length
    return np.concatenate(parts, axis=1)[:, plan.order]


@cache
def _places(version: int) -> NDArray[np.intp]:
    """Where the bits go (section 7.7.3): two columns at a time from the right, upwards and downwards in turn."""
    size = 17 + 4 * version
    free = framed(version, "L", 0)
    places = []
    upwards = True
    for right in range(size - 1, 0, -2):
        # The timing pattern's column is passed over.
        columns = (right, right - 1) if right > 6 else (right - 1, right - 2)
        for row in range(size - 1, -1, -1) if upwards else range(size):
            places += [row * size + column for column in columns if free[row][column] is None]
        upwards = not upwards
    return np.array(places)


class _Frame(NamedTuple):
    """How the bits of codewords become modules.

    `source`: for each module the number of its bit among the codewords', or one past them for 0; `flips`: what is
    added to it, which is the mask, or the module itself where no bit goes.
    """

    source: NDArray[np.intp]
    flips: Bytes


@cache
def _frame(version: int, level: str, mask: int) -> _Frame:
    size = 17 + 4 * version
    rows = framed(version, level, mask)
    inverts = util.mask_func(mask)
    places = _places(version)
    count = 8 * len(_plan(version, level).order)
    source = np.full(size * size, count)
    # What is left over after the last codeword is as if its bit were 0 (table 1).
    source[places[:count]] = np.arange(count)
    flips = np.array([bool(dark) for row in rows for dark in row], dtype=np.uint8)
    flips[places] = [inverts(int(at) // size, int(at) % size) for at in places]
    return _Frame(source, flips)


def _masked(data: Bytes, version: int, level: str, mask: int | None) -> Bytes:
    if mask is None:
        every = [_masked(data, version, level, one) for one in range(8)]
        best = [min(range(8), key=lambda one: _penalty(every[one][i], version)) for i in range(len(data))]
        return np.stack([every[one][i] for i, one in enumerate(best)])
    size = 17 + 4 * version
    frame = _frame(version, level, mask)
    codewords = _corrected(data, version, level)
    bits = np.zeros((len(data), 8 * codewords.shape[1] + 1), dtype=np.uint8)
    bits[:, :-1] = _BITS.take(codewords).view(np.uint8)
    modules: Bytes = bits.take(frame.source, axis=1) ^ frame.flips
    return modules.reshape(len(data), size, size)


@cache
def _unmasked(version: int) -> tuple[NDArray[np.bool_], Bytes]:
    """Which modules are fixed, and what they are while masks are weighed."""
    size = 17 + 4 * version
    fixed = np.ones(size * size, dtype=bool)
    fixed[_places(version)] = False
    blank = np.array([bool(dark) for row in framed(version, "L", 0, blank=True) for dark in row], dtype=np.uint8)
    return fixed, blank[fixed]


def _penalty(modules: Bytes, version: int) -> int:
    weighed = modules.copy().reshape(-1)
    fixed, blank = _unmasked(version)
    weighed[fixed] = blank
    lost: int = util.lost_point([[bool(dark) for dark in row] for row in weighed.reshape(modules.shape)])
    return lost
