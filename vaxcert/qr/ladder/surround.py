"""A code without a light margin on a black surround: cut out along its light modules, turned upright, put on white.

Finders are dark at the rim: where nothing light is around a code they run into the surround, and nobody sees them. But
the separators beside them are light and end at the rim: what is light reaches each of the four sides.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from PIL.Image import Image

# Of 255: a surround under this is no paper, however dim the light.
_BLACK = 60
# Cells a side in which something light is looked for; of 255, how light a cell of a code is at least.
_CELLS, _LIGHT_CELL = 64, 45
# Of the cut's side: a margin of white that is four modules of the smallest code of ours (version 5, 37 modules).
_MARGIN = 0.11

Point = tuple[float, float]


class Cut(NamedTuple):
    """What was cut out. `offset`: from its pixels to those of the whole, or None where it was turned."""

    image: Image
    offset: tuple[int, int] | None


def on_white(picture: Image) -> Cut | None:
    """The largest light thing on the black surround, upright and on white; None where the surround is not black."""
    from PIL import Image as Pictures
    from PIL import ImageOps

    cells = picture.resize((_CELLS, _CELLS), Pictures.Resampling.BOX)
    values = list(cells.tobytes())
    rim = sorted(values[:_CELLS] + values[-_CELLS:] + values[::_CELLS] + values[_CELLS - 1 :: _CELLS])
    extrema: Any = picture.getextrema()
    edge = extrema[1] / 2
    if rim[len(rim) // 2] > _BLACK or edge < _BLACK:
        return None
    thing = _largest([value > _LIGHT_CELL for value in values])
    if not thing:
        return None
    xs, ys = [at % _CELLS for at in thing], [at // _CELLS for at in thing]
    wide, high = picture.width / _CELLS, picture.height / _CELLS
    # What is light of a cell at the rim may be too little for it to be taken.
    box = (
        max(0, int((min(xs) - 1) * wide)),
        max(0, int((min(ys) - 1) * high)),
        min(picture.width, math.ceil((max(xs) + 2) * wide)),
        min(picture.height, math.ceil((max(ys) + 2) * high)),
    )
    cut = picture.crop(box)
    light = cut.point([255 * (value > edge) for value in range(256)])
    angle = _tilt(_ends(light))
    if angle:
        cut, light = (one.rotate(angle, Pictures.Resampling.BICUBIC, expand=True, fillcolor=0) for one in (cut, light))
    found = light.point([255 * (value > 127) for value in range(256)]).getbbox()
    if found is None:
        return None
    code = cut.crop(found)
    margin = max(4, round(_MARGIN * max(code.size)))
    offset = None if angle else (box[0] + found[0] - margin, box[1] + found[1] - margin)
    return Cut(ImageOps.expand(code, margin, 255), offset)


def _largest(light: list[bool]) -> list[int]:
    """The cells of the largest light thing, those that touch at a corner included."""
    left = {at for at, is_light in enumerate(light) if is_light}
    best: list[int] = []
    while left:
        thing, border = [], [left.pop()]
        while border:
            at = border.pop()
            thing.append(at)
            x, y = at % _CELLS, at // _CELLS
            for i in range(max(0, x - 1), min(_CELLS, x + 2)):
                for j in range(max(0, y - 1), min(_CELLS, y + 2)):
                    if (other := j * _CELLS + i) in left:
                        left.remove(other)
                        border.append(other)
        best = max(best, thing, key=len)
    return best


def _ends(light: Image) -> list[Point]:
    """Where each line and each column begins and ends to be light."""
    ends: list[Point] = []
    for y in range(0, light.height, max(1, light.height // 200)):
        if box := light.crop((0, y, light.width, y + 1)).getbbox():
            ends += [(box[0], y), (box[2], y)]
    for x in range(0, light.width, max(1, light.width // 200)):
        if box := light.crop((x, 0, x + 1, light.height)).getbbox():
            ends += [(x, box[1]), (x, box[3])]
    return ends


def _tilt(points: list[Point]) -> float:
    """By how many degrees a square with these ends has to be turned to stand upright."""

    def area(degrees: float) -> float:
        c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        across, along = [x * c + y * s for x, y in points], [y * c - x * s for x, y in points]
        return (max(across) - min(across)) * (max(along) - min(along))

    if not points:
        return 0.0
    best = min(range(-45, 45, 3), key=lambda degrees: (area(degrees), abs(degrees)))
    return min((best + step / 4 for step in range(-12, 13)), key=lambda degrees: (area(degrees), abs(degrees)))
