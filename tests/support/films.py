"""Films for a browser's camera (YUV4MPEG2, 4:2:0): a code as a phone in somebody's hand has it in view.

What happens to it comes in the order in which it happens: the sheet is seen askew, the lens blurs, the hand moves, the
light is what it is, the sensor adds noise. A film follows from its code, its `Take` and its seed alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from vaxcert.qr import write

SIZE = (1280, 720)
# Drawn so many times larger, so that edges fall between pixels as they do on a sensor.
_OVER = 2
_INK, _PAPER, _TABLE = 35, 235, 120


@dataclass(frozen=True)
class Take:
    """`module`: pixels a module. `tilt`: degrees that it is turned, and as much in perspective. `blur`: standard
    deviation, and `motion`: length of the smear, in pixels. `light`: the part of it that is left. `noise`: of 255."""

    name: str
    module: float
    tilt: float = 0.0
    blur: float = 0.0
    motion: float = 0.0
    light: float = 1.0
    noise: float = 3.0


def frame(text: str | None, take: Take, seed: int = 0) -> Image.Image:
    """One grey frame; without a text, the sheet with its print and no code."""
    draw = Random(f"{take.name} {seed}")
    scene = _turned(_sheet(text, take, Random(take.name)), take, draw)
    if take.blur:
        scene = scene.filter(ImageFilter.GaussianBlur(take.blur))
    if take.motion:
        scene = _moved(scene, take.motion, draw.uniform(0, math.pi))
    return _noisy(scene.point([round(12 + level * take.light * 0.95) for level in range(256)]), take.noise, draw)


def film(path: Path, frames: Iterable[Image.Image], *, rate: int = 10, hue: int = 0x80) -> Path:
    """The frames as a film, which a browser shows over and over. `hue`: of both colour planes, grey as it is."""
    with path.open("wb") as stream:
        for number, picture in enumerate(frames):
            if not number:
                width, height = picture.size
                stream.write(f"YUV4MPEG2 W{width} H{height} F{rate}:1 Ip A1:1 C420\n".encode())
            stream.write(b"FRAME\n" + picture.tobytes() + bytes((hue,)) * (width * height // 2))
    return path


def _sheet(text: str | None, take: Take, draw: Random) -> Image.Image:
    width, height = SIZE[0] * _OVER, SIZE[1] * _OVER
    sheet = Image.new("L", (width, height), _TABLE)
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((width // 6, 0, width * 5 // 6, height), fill=_PAPER)
    for y in range(30, height, 60):
        x = width // 6 + 60
        while x < width * 5 // 6 - 160:
            word = draw.randint(30, 120)
            pen.rectangle((x, y, x + word, y + 14), fill=90)
            x += word + draw.randint(14, 40)
    if text is not None:
        code = Image.open(BytesIO(write(text).png(scale=1))).convert("L").point([_INK] * 128 + [_PAPER] * 128)
        side = round(code.width * take.module * _OVER)
        # Below two pixels a module whole pixels would make some twice as wide as others.
        way = Image.Resampling.BOX if take.module >= 2 else Image.Resampling.BICUBIC
        sheet.paste(code.resize((side, side), way), ((width - side) // 2, (height - side) // 2))
    return sheet


def _turned(sheet: Image.Image, take: Take, draw: Random) -> Image.Image:
    """From aside: turned by the tilt and a hand's half degree, one side further away by as much."""
    angle = math.radians(take.tilt + draw.uniform(-0.5, 0.5))
    cos, sin, far = math.cos(angle), math.sin(angle), math.sin(math.radians(take.tilt)) * 0.6 / SIZE[0]
    x, y = SIZE[0] / 2, SIZE[1] / 2
    right, down = x + draw.uniform(-1, 1), y + draw.uniform(-1, 1)
    # From a place in the frame to one on the sheet, in homogeneous coordinates.
    near = 1 - far * x
    across = (cos + far * x, sin, x * near - cos * right - sin * down)
    along = (-sin + far * y, cos, y * near + sin * right - cos * down)
    places = (*(_OVER * value / near for value in (*across, *along)), far / near, 0.0)
    even = sheet.filter(ImageFilter.BoxBlur(0.5))
    return even.transform(SIZE, Image.Transform.PERSPECTIVE, places, Image.Resampling.BICUBIC)


def _moved(scene: Image.Image, length: float, angle: float) -> Image.Image:
    """The mean of the places that it was at while the shutter was open."""
    steps = max(2, math.ceil(length * 2))
    mean = scene
    for step in range(1, steps):
        share = step / (steps - 1) - 0.5
        dx, dy = math.cos(angle) * length * share, math.sin(angle) * length * share
        moved = scene.transform(SIZE, Image.Transform.AFFINE, (1, 0, dx, 0, 1, dy), Image.Resampling.BICUBIC)
        mean = Image.blend(mean, moved, 1 / (step + 1))
    return mean


def _noisy(scene: Image.Image, noise: float, draw: Random) -> Image.Image:
    if not noise:
        return scene
    # The mean of four even ones is nearly normal, of a deviation of 36.8.
    even = [Image.frombytes("L", SIZE, draw.randbytes(SIZE[0] * SIZE[1])) for _ in range(4)]
    normal = Image.blend(Image.blend(even[0], even[1], 0.5), Image.blend(even[2], even[3], 0.5), 0.5)
    spread = normal.point([round(128 + (level - 127.5) * noise / 36.8) for level in range(256)])
    return ImageChops.add(scene, spread, 1, -128)
