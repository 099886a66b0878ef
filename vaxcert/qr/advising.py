"""What may be the matter with a picture of which nothing was read, from a few measurements of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vaxcert.qr.ladder.decoding import Spot, bounds
from vaxcert.qr.symbol import Advice

if TYPE_CHECKING:
    from PIL.Image import Image

# Of 255: where nine tenths of a picture are darker, paper is, unless something is white as on a dark screen; and where
# its darkest parts are lighter, ink is.
_DARK, _PALE = 70, 150
# Of 255: what differs less all over shows nothing.
_LITTLE = 8
# Of 255: what is lighter has lost its grey. A block of a
# twelfth of a code's side has dark modules, and error correction makes up for so many blocks without in a hundred.
_LOST, _BLOCK, _MOST_LOST = 245, 12, 12
# Pixels a module under which blur and noise leave nothing between two modules.
_SMALL = 2.5
# The steepest edges rise by this share of a picture's contrast within a pixel; a lens out of focus spreads them.
_SHARP = 0.15
# Pixels in which edges are measured, in the middle, as they are: a smaller picture is a sharper one.
_MEASURED = 1_000_000


def advice(picture: Image, spots: Sequence[Spot] = ()) -> Advice:
    """What may be the matter with a grey picture; `spots`: where codes were seen and not read."""
    low, most, high = _range(picture)
    if most < _DARK and high < _LOST:
        return Advice.TOO_DARK
    for spot in spots:
        if spot.pitch < _SMALL:
            return Advice.TOO_SMALL
        if _lost(picture.crop(_within(spot, picture))) > _MOST_LOST:
            return Advice.TOO_BRIGHT
    if high - low < _LITTLE:
        return Advice.NO_CODE
    if low > _PALE:
        return Advice.TOO_BRIGHT
    if _steepest(picture, spots) < _SHARP * (high - low):
        return Advice.BLURRED
    return Advice.UNCLEAR if spots else Advice.NO_CODE


def _range(picture: Image) -> tuple[int, int, int]:
    """How dark the darkest hundredth of a picture is, how light the lightest tenth and the lightest hundredth."""
    from PIL import Image as Pictures

    small = picture.resize((min(256, picture.width), min(256, picture.height)), Pictures.Resampling.BOX)
    values = sorted(small.tobytes())
    return values[len(values) // 100], values[len(values) * 9 // 10], values[-1 - len(values) // 100]


def _within(spot: Spot, picture: Image) -> tuple[int, int, int, int]:
    left, top, right, bottom = bounds(spot.corners)
    return max(0, left), max(0, top), min(picture.width, right), min(picture.height, bottom)


def _lost(code: Image) -> float:
    """Of a hundred parts of a code those without anything dark: a code has none so large."""
    from PIL import Image as Pictures

    if min(code.size) < _BLOCK:
        return 0.0
    parts = code.resize((_BLOCK, _BLOCK), Pictures.Resampling.BOX).tobytes()
    return 100 * sum(value >= _LOST for value in parts) / len(parts)


def _steepest(picture: Image, spots: Sequence[Spot]) -> int:
    """By how much neighbouring pixels differ at the steepest edges, noise left out: one in five hundred is steeper."""
    from PIL import ImageChops, ImageFilter

    from vaxcert.qr.ladder import parts

    box = _within(spots[0], picture) if spots else parts.whole(picture)
    part = picture.crop(parts.middle(box, _MEASURED))
    if min(part.size) < 3:
        return 255
    calm = part.filter(ImageFilter.MedianFilter(3))
    differences = [
        ImageChops.difference(calm, ImageChops.offset(calm, *step)).crop((1, 1, *calm.size)).histogram()
        for step in ((1, 0), (0, 1))
    ]
    counts = [a + b for a, b in zip(*differences, strict=True)]
    left = sum(counts) // 500
    for value in range(255, -1, -1):
        left -= counts[value]
        if left < 0:
            return value
    return 0
