"""`Symbol`: a code, as it was read or as it will be drawn."""

from __future__ import annotations

import os
from collections.abc import Iterable
from enum import StrEnum
from io import BytesIO
from pathlib import Path

import msgspec

from vaxcert import files
from vaxcert.errors import ImageError, InputError, Reason

QUIET_ZONE = 4  # modules of white on each side, ISO/IEC 18004, section 6.3.8
# What a picture's resolution says: printed as it is, a module has half a millimetre, which every telephone reads, and
# the code of a dose some five centimetres.
MODULES_PER_METRE = 2_000


class Advice(StrEnum):
    """What may be the matter with a picture of which nothing was read. Words are in `vaxcert.wording`."""

    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    TOO_SMALL = "too_small"
    BLURRED = "blurred"
    UNCLEAR = "unclear"
    NO_CODE = "no_code"


_METRES_PER_INCH = 0.0254

Matrix = tuple[tuple[bool, ...], ...]


class Symbol(msgspec.Struct, frozen=True, kw_only=True):
    """One code.

    `text`: what it says, to the last space. `data`: its bytes. `level`: "L", "M", "Q" or "H" (QR). `corners`: four
    (x, y) in pixels, clockwise from the code's own top left, where it was read from a picture. `attempt`: how the
    reader found it. `matrix`: dark modules by row, without quiet zone, where it was made here.
    """

    text: str
    data: bytes
    symbology: str = "QR Code"
    level: str | None = None
    version: int | None = None
    corners: tuple[tuple[int, int], ...] | None = None
    attempt: str | None = None
    matrix: Matrix | None = None

    def __repr__(self) -> str:
        # The text is a health certificate: it has no place in a log.
        size = f" version {self.version}-{self.level}" if self.version else ""
        return f"<Symbol {self.symbology}{size}, {len(self.text)} characters>"

    def modules(self) -> Matrix:
        """Rows of modules, True where dark, without quiet zone. Raises `ImageError` for one that was read."""
        if self.matrix is None:
            raise ImageError("a symbol that was read from a picture has no drawing; write its text")
        return self.matrix

    def png(self, *, scale: int = 4, quiet_zone: int = QUIET_ZONE) -> bytes:
        """A black and white PNG, `scale` pixels a module, with the resolution that prints a module at 0.5 mm."""
        from PIL import Image

        rows = _framed(self.modules(), quiet_zone)
        if not 1 <= scale <= 64:
            raise InputError("scale", Reason.NOT_A_NUMBER, least=1, most=64)
        image = Image.new("1", (len(rows), len(rows)))
        image.putdata([0 if dark else 1 for row in rows for dark in row])
        size = len(rows) * scale
        stream = BytesIO()
        dpi = scale * MODULES_PER_METRE * _METRES_PER_INCH
        image.resize((size, size), Image.Resampling.NEAREST).save(stream, "PNG", optimize=True, dpi=(dpi, dpi))
        return stream.getvalue()

    def svg(self, *, quiet_zone: int = QUIET_ZONE) -> str:
        """An SVG document, one unit a module, that scales to any size."""
        rows = _framed(self.modules(), quiet_zone)
        size = len(rows)
        path = []
        for y, row in enumerate(rows):
            x = 0
            while x < size:
                run = 0
                while x + run < size and row[x + run]:
                    run += 1
                if run:
                    path.append(f"M{x} {y}h{run}v1h-{run}z")
                x += run or 1
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
            f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{"".join(path)}"/></svg>\n'
        )

    def terminal(self, *, quiet_zone: int = 2, invert: bool = False) -> str:
        """The drawing for a terminal with light text on dark, two modules a character; `invert` for dark on light.

        Blocks draw the light modules, since it is the terminal's ground that is dark.
        """
        rows = [list(row) for row in _framed(self.modules(), quiet_zone, least=0)]
        if len(rows) % 2:
            rows.append([False] * len(rows[0]))
        blocks = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}
        lines = []
        for upper, lower in zip(rows[0::2], rows[1::2], strict=True):
            lines.append("".join(blocks[(a != invert, b != invert)] for a, b in zip(upper, lower, strict=True)))
        return "\n".join(lines)

    def save(self, path: str | os.PathLike[str], *, scale: int = 4) -> None:
        """Write a .png, an .svg or a .txt (the drawing for a terminal), whole or not at all.

        A code is somebody's certificate: the file is for its owner alone, whatever stood there before.
        """
        target = Path(path)
        suffix = target.suffix.lower()
        if suffix == ".png":
            content = self.png(scale=scale)
        elif suffix == ".svg":
            content = self.svg().encode()
        elif suffix == ".txt":
            content = self.terminal().encode() + b"\n"
        else:
            raise InputError("path", Reason.NOT_ONE_OF, allowed=".png, .svg, .txt")
        try:
            with files.aside(target, mode=files.PRIVATE) as beside:
                beside.write_bytes(content)
        except OSError as error:
            raise ImageError(f"{target}: {error.strerror or 'cannot be written'}", Reason.NOT_WRITABLE) from None


class Found(list[Symbol]):
    """The codes of a picture. `advice`: where there are none and all was tried, what may be the matter."""

    def __init__(self, symbols: Iterable[Symbol] = (), *, advice: Advice | None = None) -> None:
        super().__init__(symbols)
        self.advice = advice


def _framed(rows: Matrix, quiet_zone: int, *, least: int = QUIET_ZONE) -> list[list[bool]]:
    if quiet_zone < least:
        raise InputError("quiet_zone", Reason.TOO_SMALL, least=least)
    size = len(rows) + 2 * quiet_zone
    side = [False] * quiet_zone
    empty = [[False] * size for _ in range(quiet_zone)]
    return [*empty, *([*side, *row, *side] for row in rows), *empty]
