"""What one decoding of a picture gives: the codes that are read, and those that were seen and not read."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from vaxcert.qr.symbol import Symbol

if TYPE_CHECKING:
    from PIL.Image import Image

# Smaller than this no code of ours can be told apart from print.
_LEAST_SIDE = 30
# No card is shorter than what version 5 holds, and the lattice of the smaller ones says too little.
_LEAST_VERSION = 5
# One code has one size wherever it is found; two of which one lies in the other differ by more.
_ONE_SIZE = 1.6

_LEVELS = frozenset("LMQH")

Corners = tuple[tuple[int, int], ...]
Box = tuple[int, int, int, int]


class Spot(NamedTuple):
    """A code that was seen and not read: four corners in pixels, clockwise from its top left."""

    corners: Corners
    version: int

    @property
    def pitch(self) -> float:
        """Pixels a module."""
        return math.dist(self.corners[0], self.corners[1]) / (17 + 4 * self.version)


def decode(
    picture: Image,
    *,
    box: Box = (0, 0, 0, 0),
    scale: int = 1,
    others: bool = False,
    unread: bool = False,
    even: bool = False,
    pure: bool = False,
) -> tuple[list[Symbol], list[Spot]]:
    """The codes that are read, and with `unread` those seen and not read; corners in the whole picture's pixels."""
    import zxingcpp

    formats: Any = zxingcpp.BarcodeFormat
    kinds = [formats.Aztec, formats.DataMatrix, formats.PDF417] if others else [formats.QRCode]
    codes = zxingcpp.read_barcodes(
        picture,
        formats=zxingcpp.BarcodeFormats(kinds),
        text_mode=zxingcpp.TextMode.Plain,
        binarizer=zxingcpp.Binarizer.FixedThreshold if even else zxingcpp.Binarizer.LocalAverage,
        return_errors=unread,
        is_pure=pure,
    )
    read: list[Symbol] = []
    spots: list[Spot] = []
    for code in codes:
        at = code.position
        corners = tuple(
            (box[0] + point.x // scale, box[1] + point.y // scale)
            for point in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
        )
        if code.valid:
            read.append(_symbol(code, corners))
        elif (version := _version(code)) and _is_square(corners):
            spots.append(Spot(corners, version))
    return read, spots


def is_same(spot: Spot, other: Spot) -> bool:
    """Whether two spots are one, within a module: what one sampling could not read another from there will not."""
    return spot.version == other.version and all(
        math.dist(a, b) < spot.pitch for a, b in zip(spot.corners, other.corners, strict=True)
    )


def is_at(corners: Corners, read: Corners) -> bool:
    """Whether what was seen is what was read: about there, and about as large."""
    side, other = _side(corners), _side(read)
    return math.dist(_centre(corners), _centre(read)) < min(side, other) / 2 and (
        max(side, other) < _ONE_SIZE * min(side, other)
    )


def overlaps(corners: Corners, read: Corners) -> bool:
    """Whether the middle of one lies within the other, as that of no two codes on paper does."""
    return _is_within(_centre(corners), bounds(read)) or _is_within(_centre(read), bounds(corners))


def bounds(corners: Corners) -> Box:
    """The upright rectangle around corners: left, top, right, bottom."""
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _centre(corners: Corners) -> tuple[float, float]:
    return sum(x for x, _ in corners) / len(corners), sum(y for _, y in corners) / len(corners)


def _side(corners: Corners) -> float:
    return sum(math.dist(corners[i], corners[i - 1]) for i in range(len(corners))) / len(corners)


def _is_within(point: tuple[float, float], box: Box) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def _symbol(code: Any, corners: Corners) -> Symbol:
    level = str(code.ec_level)
    return Symbol(
        text=code.text,
        data=bytes(code.bytes),
        symbology=str(code.format),
        level=level if level in _LEVELS else None,
        corners=corners,
    )


def _version(code: Any) -> int:
    """The version of a QR code that was seen; 0 for the small kinds, which are what single finders are taken for."""
    version = str((code.extra or {}).get("Version", ""))
    return int(version) if version.isdecimal() and int(version) >= _LEAST_VERSION else 0


def _is_square(corners: Corners) -> bool:
    sides = [math.dist(corners[i], corners[i - 1]) for i in range(4)]
    return min(sides) > _LEAST_SIDE and max(sides) < 2.2 * min(sides)
