"""The attempts that a picture gets, cheap ones first, until one of them reads something.

plain → the other symbologies → sharpened → (close to the code) doubled → smoothed and sharpened → tripled → local
contrast; after each of these, where a code was seen: its modules sampled anew → the other library

Order and figures come from measurement on made-up photos (`benchmarks/read.py`; decision 9). The other symbologies
(Aztec, Data Matrix, PDF417) are looked for once, since that takes longer than everything else in the first attempt,
and not on pictures that were sharpened hard: those with weak error correction are read out of noise there.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace

from vaxcert.qr import grid, zbar
from vaxcert.qr.symbol import Symbol

if TYPE_CHECKING:
    from PIL.Image import Image

# What an attempt may work on, in pixels of the picture that was given: 12 megapixels is a phone's usual photo,
# and what gets enlarged is a part of at most a 1080p frame's size. Beyond, the middle is taken.
_MOST_SHARPENED = 12_000_000
_MOST_ENLARGED = 2_100_000
# Smaller than this no code of ours can be told apart from print.
_LEAST_SIDE = 30
# No card is shorter than what version 5 holds, and the lattice of the smaller ones says too little.
_LEAST_VERSION = 5
# At most so many places that look like a code get attempts of their own.
_MOST_SPOTS = 6

_LEVELS = frozenset("LMQH")

Corners = tuple[tuple[int, int], ...]
Box = tuple[int, int, int, int]


class Spot(NamedTuple):
    """A code that was seen and not read."""

    corners: Corners
    version: int


def climb(picture: Image, *, thorough: bool = True) -> list[Symbol]:
    """The codes in a grey picture, by the first attempt that reads any. Without `thorough` only the quick ones."""
    for attempt, symbols in _attempts(picture, thorough):
        if symbols:
            return [replace(symbol, attempt=attempt) for symbol in symbols]
    return []


def _attempts(picture: Image, thorough: bool) -> Iterator[tuple[str, list[Symbol]]]:
    yield "plain", _decode(picture)[0]
    yield "other symbologies", _decode(picture, others=True)[0]
    box = _middle(picture, _MOST_SHARPENED)
    sharp = _sharpened(picture.crop(box), 0.7, 2, 300)
    symbols, spots = _decode(sharp, box=box, unread=True)
    yield "sharpened", symbols
    if not thorough:
        return
    seen: list[Spot] = []
    for part in [_around(spot, picture) for spot in spots[:_MOST_SPOTS]] or [_middle(picture, _MOST_ENLARGED)]:
        inner = (part[0] - box[0], part[1] - box[1], part[2] - box[0], part[3] - box[1])
        for attempt, symbols, more in _close(picture.crop(part), sharp.crop(inner), part):
            yield attempt, symbols
            spots += more
            for spot in spots:
                if len(seen) < _MOST_SPOTS and not any(_same(spot, other) for other in seen):
                    seen.append(spot)
                    yield "sampled", _sampled(sharp, box, spot)
    yield "zbar", zbar.decode(picture)


def _close(own: Image, sharp: Image, box: Box) -> Iterator[tuple[str, list[Symbol], list[Spot]]]:
    yield "doubled", *_decode(_enlarged(sharp, 2), box=box, scale=2, unread=True)
    large = _enlarged(own, 3)
    yield "smoothed", *_decode(_sharpened(large, 2.5, 6, 600), box=box, scale=3, unread=True)
    yield "tripled", *_decode(large, box=box, scale=3, unread=True)
    even = _enlarged(_level_light(own), 2)
    yield "local contrast", *_decode(even, box=box, scale=2, unread=True, even=True)


def _same(spot: Spot, other: Spot) -> bool:
    """Whether two spots are one, within a module: what one sampling could not read another from there will not."""
    module = math.dist(spot.corners[0], spot.corners[1]) / (17 + 4 * spot.version)
    return spot.version == other.version and all(
        math.dist(a, b) < module for a, b in zip(spot.corners, other.corners, strict=True)
    )


def _sampled(sharp: Image, box: Box, spot: Spot) -> list[Symbol]:
    corners = tuple((x - box[0], y - box[1]) for x, y in spot.corners)
    for drawing in grid.redrawn(sharp, corners, spot.version):
        found, _ = _decode(drawing, pure=True)
        if found:
            return [replace(symbol, corners=spot.corners) for symbol in found[:1]]
    return []


def _decode(
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
    wanted = [formats.Aztec, formats.DataMatrix, formats.PDF417] if others else [formats.QRCode]
    codes = zxingcpp.read_barcodes(
        picture,
        formats=zxingcpp.BarcodeFormats(wanted),
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


def _around(spot: Spot, picture: Image) -> Box:
    xs, ys = [x for x, _ in spot.corners], [y for _, y in spot.corners]
    margin = round(0.12 * max(max(xs) - min(xs), max(ys) - min(ys)))
    box = (
        max(0, min(xs) - margin),
        max(0, min(ys) - margin),
        min(picture.width, max(xs) + margin),
        min(picture.height, max(ys) + margin),
    )
    return box if (box[2] - box[0]) * (box[3] - box[1]) <= _MOST_ENLARGED else _middle(picture, _MOST_ENLARGED)


def _middle(picture: Image, most: int) -> Box:
    """The middle of the picture, of its own shape and of `most` pixels."""
    share = min(1.0, math.sqrt(most / (picture.width * picture.height)))
    width, height = max(1, int(picture.width * share)), max(1, int(picture.height * share))
    left, top = (picture.width - width) // 2, (picture.height - height) // 2
    return left, top, left + width, top + height


def _enlarged(picture: Image, times: int) -> Image:
    from PIL import Image as Pictures

    return picture.resize((picture.width * times, picture.height * times), Pictures.Resampling.BICUBIC)


def _sharpened(picture: Image, smooth: float, radius: float, percent: int) -> Image:
    """The picture with noise smoothed away, then the edges that the lens lost brought back."""
    from PIL import ImageFilter

    smoothed = picture.filter(ImageFilter.GaussianBlur(smooth))
    return smoothed.filter(ImageFilter.UnsharpMask(radius, percent, 0))


def _level_light(picture: Image) -> Image:
    """The picture, each pixel against the mean of its surroundings: shade and glare gone, grey is the threshold."""
    from PIL import ImageChops, ImageFilter

    return ImageChops.subtract(picture, picture.filter(ImageFilter.BoxBlur(6)), scale=1 / 3, offset=128)
