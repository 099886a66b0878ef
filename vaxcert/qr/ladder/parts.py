"""Parts of a picture that are worth an attempt of their own, and what is made of pictures for one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from vaxcert.qr.ladder.decoding import Box, Corners, Spot, bounds

if TYPE_CHECKING:
    from PIL.Image import Image

# What an attempt may work on, in pixels of the picture that was given: 12 megapixels is a phone's usual photo,
# and what gets enlarged is a part of at most a 1080p frame's size. Beyond, the middle is taken.
MOST_SHARPENED = 12_000_000
MOST_ENLARGED = 2_100_000


def middle(within: Box, most: int) -> Box:
    """The middle of a part, of its own shape and of `most` pixels."""
    left, top, right, bottom = within
    share = min(1.0, math.sqrt(most / ((right - left) * (bottom - top))))
    width, height = max(1, int((right - left) * share)), max(1, int((bottom - top) * share))
    left, top = left + (right - left - width) // 2, top + (bottom - top - height) // 2
    return left, top, left + width, top + height


def whole(picture: Image) -> Box:
    """All of a picture."""
    return 0, 0, picture.width, picture.height


def around(spot: Spot, picture: Image) -> Box:
    """A spot with some of what is around it; the picture's middle for one that is too large to be enlarged."""
    left, top, right, bottom = bounds(spot.corners)
    margin = round(0.12 * max(right - left, bottom - top))
    box = (
        max(0, left - margin),
        max(0, top - margin),
        min(picture.width, right + margin),
        min(picture.height, bottom + margin),
    )
    if (box[2] - box[0]) * (box[3] - box[1]) <= MOST_ENLARGED:
        return box
    return middle(whole(picture), MOST_ENLARGED)


def beside(read: Sequence[Corners], picture: Image) -> Iterator[Box]:
    """The two largest of the strips beside what was read: where another code would be."""
    boxes = [bounds(corners) for corners in read]
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    width, height = picture.size
    strips = [(0, 0, left, height), (right, 0, width, height), (0, 0, width, top), (0, bottom, width, height)]
    strips.sort(key=lambda strip: (strip[2] - strip[0]) * (strip[3] - strip[1]), reverse=True)
    for strip in strips[:2]:
        # Less than a fifth of a side is a margin.
        if strip[2] - strip[0] > width / 5 and strip[3] - strip[1] > height / 5:
            yield middle(strip, MOST_ENLARGED)


def enlarged(picture: Image, times: int) -> Image:
    """The picture, so many times as wide and as high."""
    from PIL import Image as Pictures

    return picture.resize((picture.width * times, picture.height * times), Pictures.Resampling.BICUBIC)


def sharpened(picture: Image, smooth: float, radius: float, percent: int) -> Image:
    """The picture with noise smoothed away, then the edges that the lens lost brought back."""
    from PIL import ImageFilter

    smoothed = picture.filter(ImageFilter.GaussianBlur(smooth))
    return smoothed.filter(ImageFilter.UnsharpMask(radius, percent, 0))


def level_light(picture: Image) -> Image:
    """The picture, each pixel against the mean of its surroundings: shade and glare gone, grey is the threshold."""
    from PIL import ImageChops, ImageFilter

    return ImageChops.subtract(picture, picture.filter(ImageFilter.BoxBlur(6)), scale=1 / 3, offset=128)
