"""Reading a code that was found but not read: its modules sampled anew, one by one, and drawn clean.

A reader looks at the middle of each module, and where the lens blurred or a fold pushed the paper, that is the
wrong place or the neighbours' grey. Here the fixed patterns (ISO/IEC 18004, sections 6.3.3 and 6.3.6: finders, and
alignment patterns on a known lattice) say where the modules really are; the whole of each is averaged, held
against its surroundings, and freed of its neighbours' share. The clean drawing goes back to the reader, whose error
correction has the last word.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from PIL.Image import Resampling, Transform
from qrcode.util import pattern_position

from vaxcert.qr.patterns import fixed
from vaxcert.qr.plane import STEP, Field, Pattern, Plane, Point

if TYPE_CHECKING:
    from PIL.Image import Image

Offsets = dict[tuple[int, int], Point]

_CLEAN = 4  # pixels a module of the drawing, and modules of quiet zone around it

# How far a pattern is looked for, in modules: a finder is where the reader saw it, the lattice may have drifted.
_REACH_FINDER = 1.5
_REACHES = (2.5, 1.0, 0.75)
# A pattern counts as found when its light and dark differ by this part of what the finders' do.
_FOUND = 0.5
# How much of a module's grey is taken to come from each of its four neighbours; the right share depends on the
# blur, and the drawing that is right is the one that decodes.
SHARES = (0.5, 1.0, 0.25)


def redrawn(picture: Image, corners: tuple[Point, ...], version: int) -> Iterator[Image]:
    """Clean drawings of the code of that version with these outer corners, for one share of blur after another."""
    size = 17 + 4 * version
    plane = Plane.through(corners, size)
    for reach in _REACHES:
        plane = _settled(picture, plane, version, reach)
    flat = picture.transform(
        (size * STEP,) * 2, Transform.PERSPECTIVE, plane.coefficients(1 / STEP, 0), Resampling.BICUBIC
    )
    grey = flat.reduce(STEP)
    known = _known(version)
    for share in SHARES:
        modules = _told_apart(grey, share)
        modules.paste(*known)
        yield _drawn(modules)


def _settled(picture: Image, plane: Plane, version: int, reach: float) -> Plane:
    """The projection that fits the patterns where they are found: finders first, alignment patterns from there."""
    size = 17 + 4 * version
    lattice = pattern_position(version) or [6, size - 7]
    field = Field(picture, plane, size)
    finders = {(6, 6): (3.5, 3.5), (size - 7, 6): (size - 3.5, 3.5), (6, size - 7): (3.5, size - 3.5)}
    settled: Offsets = {}
    contrast = []
    points, weights = [], []
    for node, (x, y) in finders.items():
        score, settled[node] = _search(field, _FINDER, x, y, (0.0, 0.0), min(reach, _REACH_FINDER))
        contrast.append(score)
        points.append(((x, y), plane.at(x + settled[node][0], y + settled[node][1])))
        weights.append(2.0)
    enough = max(1.0, _FOUND * sorted(contrast)[1])
    nodes = [(x, y) for y in lattice for x in lattice if (x, y) not in finders]
    for node in sorted(nodes, key=sum):
        x, y = node[0] + 0.5, node[1] + 0.5
        score, offset = _search(field, _ALIGNMENT, x, y, _nearest(settled, node), reach)
        if score >= enough:
            settled[node] = offset
            points.append(((x, y), plane.at(x + offset[0], y + offset[1])))
            weights.append(min(1.0, score / (2 * enough)))
    return plane.fitted(points, weights, size)


def _search(field: Field, pattern: Pattern, x: float, y: float, near: Point, reach: float) -> tuple[float, Point]:
    """The best place of a pattern around a point, in modules: light minus dark there, and how far off it is."""
    steps = range(-round(reach * STEP), round(reach * STEP) + 1)
    # A step's own middle is half a step from its beginning.
    middle_x, middle_y = round((x + near[0]) * STEP - 0.5), round((y + near[1]) * STEP - 0.5)
    score, place = field.best(pattern, [(middle_x + i, middle_y + j) for j in steps for i in steps])
    return score, ((place[0] + 0.5) / STEP - x, (place[1] + 0.5) / STEP - y)


def _nearest(found: Offsets, node: tuple[int, int]) -> Point:
    """The mean offset of the patterns that were found, the near ones counting most."""
    total_x = total_y = total = 0.0
    for (x, y), (off_x, off_y) in found.items():
        weight = 1 / (1 + (x - node[0]) ** 2 + (y - node[1]) ** 2) ** 1.5
        total_x, total_y, total = total_x + weight * off_x, total_y + weight * off_y, total + weight
    return total_x / total, total_y / total


def _rings(radius: int, dark: set[int]) -> Pattern:
    """The modules of a pattern of nested squares around its middle: the dark ones and the light ones."""
    places: Pattern = ([], [])
    for y in range(-radius, radius + 1):
        for x in range(-radius, radius + 1):
            places[max(abs(x), abs(y)) not in dark].append((x, y))
    return places


_FINDER = _rings(3, {0, 1, 3})
_ALIGNMENT = _rings(2, {0, 2})


def _told_apart(grey: Image, share: float) -> Image:
    """A picture of each module, dark or light against its surroundings once its neighbours' share is taken off."""
    from PIL import ImageChops, ImageFilter

    kernel = (0, -share, 0, -share, 1 + 4 * share, -share, 0, -share, 0)
    sharp = grey.filter(ImageFilter.Kernel((3, 3), kernel, 1))
    even = ImageChops.subtract(sharp, grey.filter(ImageFilter.BoxBlur(4)), 1, 128)
    return even.point([0] * 128 + [255] * 128)


@cache
def _known(version: int) -> tuple[Image, tuple[int, int], Image]:
    """The modules that are the same in every code of a version, and the mask of where they are."""
    from PIL import Image as Pictures

    size = 17 + 4 * version
    rows = fixed(version)
    picture, mask = Pictures.new("L", (size, size)), Pictures.new("1", (size, size))
    picture.putdata([0 if dark else 255 for row in rows for dark in row])
    mask.putdata([dark is not None for row in rows for dark in row])
    return picture, (0, 0), mask


def _drawn(modules: Image) -> Image:
    from PIL import Image as Pictures
    from PIL import ImageOps

    large = modules.resize((modules.width * _CLEAN, modules.height * _CLEAN), Pictures.Resampling.NEAREST)
    return ImageOps.expand(large, 4 * _CLEAN, 255)
