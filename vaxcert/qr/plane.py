"""Where the modules of a code lie in a picture: a projection of its four corners, and a field to search around it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

Point = tuple[float, float]
# A pattern: places of its dark modules and of its light ones, from its middle.
Pattern = tuple[list[tuple[int, int]], list[tuple[int, int]]]

STEP = 4  # pixels a module while searching and sampling: a quarter of a module is fine enough
_MARGIN = 12  # modules around, so that what is looked for near the edge stays inside

# Eight unknowns are four pairs: three finders and the one alignment pattern of a small code.
_LEAST_PAIRS = 4
_ROUNDS = 6
_FAR = 0.4  # modules: at this distance a pair counts half
_PIXELS = 500.0


class Plane:
    """A projection from the code's modules to the picture's pixels."""

    def __init__(self, rows: Sequence[float]) -> None:
        # a … h of x = (au + bv + c) / (gu + hv + 1), y = (du + ev + f) / (gu + hv + 1)
        self._rows = tuple(rows)

    @classmethod
    def through(cls, corners: Sequence[Point], size: float) -> Plane:
        """The projection that takes a square of `size` modules to four corners, clockwise from the top left."""
        square = ((0.0, 0.0), (size, 0.0), (size, size), (0.0, size))
        return cls._solved(list(zip(square, corners, strict=True)), [1.0] * 4, size)

    def fitted(self, pairs: list[tuple[Point, Point]], weights: list[float], size: float) -> Plane:
        """The projection nearest to pairs of module and pixel places; a pair that is far from it counts for little."""
        plane = self
        module = max(1e-3, math.dist(self.at(size / 2, size / 2), self.at(size / 2 + 1, size / 2)))
        if len(pairs) < _LEAST_PAIRS:
            return plane
        counted = list(weights)
        for _ in range(_ROUNDS):
            plane = self._solved(pairs, counted, size)
            off = [math.dist(plane.at(*place), pixel) / module for place, pixel in pairs]
            counted = [weight / (1 + (far / _FAR) ** 2) for weight, far in zip(weights, off, strict=True)]
        return plane

    @classmethod
    def _solved(cls, pairs: list[tuple[Point, Point]], weights: list[float], size: float) -> Plane:
        # Weighted least squares of the equations that are linear in a … h, by their normal equations; places as
        # parts of the size and pixels from one of them, so that the sums stay of one magnitude.
        from_x, from_y = pairs[0][1]
        table = [[0.0] * 9 for _ in range(8)]
        for ((u, v), (x, y)), weight in zip(pairs, weights, strict=True):
            u, v, x, y = u / size, v / size, (x - from_x) / _PIXELS, (y - from_y) / _PIXELS
            for row in ((u, v, 1, 0, 0, 0, -u * x, -v * x, x), (0, 0, 0, u, v, 1, -u * y, -v * y, y)):
                for i in range(8):
                    if row[i]:
                        part = weight * row[i]
                        line = table[i]
                        for j in range(9):
                            line[j] += part * row[j]
        a, b, c, d, e, f, g, h = _eliminated(table)
        a, b, c, d, e, f = (part * _PIXELS for part in (a, b, c, d, e, f))
        a, b, c = a + from_x * g, b + from_x * h, c + from_x
        d, e, f = d + from_y * g, e + from_y * h, f + from_y
        return cls((a / size, b / size, c, d / size, e / size, f, g / size, h / size))

    def at(self, x: float, y: float) -> Point:
        a, b, c, d, e, f, g, h = self._rows
        depth = (g * x + h * y + 1) or 1e-9
        return (a * x + b * y + c) / depth, (d * x + e * y + f) / depth

    def coefficients(self, scale: float, shift: float) -> tuple[float, ...]:
        """The coefficients for `Image.transform`, from pixels `scale` modules wide that begin at `shift` modules."""
        a, b, c, d, e, f, g, h = self._rows
        depth = (g * shift + h * shift + 1) or 1e-9
        return tuple(
            part / depth
            for part in (
                a * scale,
                b * scale,
                (a + b) * shift + c,
                d * scale,
                e * scale,
                (d + e) * shift + f,
                g * scale,
                h * scale,
            )
        )


class Field:
    """The code drawn square, each pixel the mean of a module's area around it, to search patterns in."""

    def __init__(self, picture: Image, plane: Plane, size: int) -> None:
        from PIL import Image as Pictures
        from PIL import ImageFilter

        self._width = (size + 2 * _MARGIN) * STEP
        flat = picture.transform(
            (self._width,) * 2,
            Pictures.Transform.PERSPECTIVE,
            plane.coefficients(1 / STEP, -_MARGIN),
            Pictures.Resampling.BICUBIC,
        )
        self._mean = flat.filter(ImageFilter.BoxBlur((STEP - 1) / 2)).tobytes()

    def best(self, pattern: Pattern, places: Iterable[tuple[int, int]]) -> tuple[float, tuple[int, int]]:
        """Where the pattern stands out most among places in steps: light minus dark there, and the place."""
        width, mean = self._width, self._mean
        dark, light = ([(y * width + x) * STEP for x, y in part] for part in pattern)
        dark_share, light_share = 1 / (len(dark) or 1), 1 / (len(light) or 1)
        reach = max(abs(part) for places in pattern for place in places for part in place) * STEP
        low, high = reach - _MARGIN * STEP, width - reach - _MARGIN * STEP
        score, fits = -256.0, (0, 0)
        for x, y in places:
            if not (low <= x < high and low <= y < high):
                continue
            at = (y + _MARGIN * STEP) * width + x + _MARGIN * STEP
            here = sum([mean[at + i] for i in light]) * light_share - sum([mean[at + i] for i in dark]) * dark_share
            if here > score:
                score, fits = here, (x, y)
        return score, fits


def _eliminated(table: list[list[float]]) -> list[float]:
    """The solution of eight linear equations, by elimination with the largest pivot; of singular ones, anything."""
    for i in range(8):
        pivot = max(range(i, 8), key=lambda row: abs(table[row][i]))
        table[i], table[pivot] = table[pivot], table[i]
        lead = table[i][i] or 1e-12
        table[i] = [part / lead for part in table[i]]
        for row in range(8):
            if row != i and table[row][i]:
                share = table[row][i]
                table[row] = [part - share * above for part, above in zip(table[row], table[i], strict=True)]
    return [row[8] for row in table]
