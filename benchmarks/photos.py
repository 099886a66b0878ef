"""Made-up 1080p photos of codes on paper, graded from easy to hopeless: what happens between a sheet and a reader.

A photo follows from its grade, its error correction level and its seed alone. What a phone does to a code is put
on in the order in which it happens: the sheet is creased, lit and seen askew; the lens blurs; the sensor adds
noise; the phone writes a JPEG.
"""

import random
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from vaxcert.qr import write

WIDTH, HEIGHT = 1920, 1080
_OVER = 2  # drawn so many times larger, so that edges fall between pixels as they do on a sensor
_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Grade:
    """The worst that may happen; each photo draws its own share of every part."""

    name: str
    pitch: tuple[float, float]  # pixels a module
    blur: float  # standard deviation, in modules
    tilt: float  # how far a corner is off its place, in parts of the side
    noise: float  # standard deviation, of 255
    jpeg: int  # the lowest quality
    glare: float  # the chance of a reflection
    crease: float  # the chance of a fold across the code
    dark: float  # the least part of the light that is left


GRADES = (
    Grade("1 easy", (6.0, 8.0), 0.20, 0.02, 3, 85, 0.0, 0.0, 0.80),
    Grade("2 fair", (4.5, 7.0), 0.35, 0.05, 5, 75, 0.2, 0.2, 0.60),
    Grade("3 middling", (3.6, 6.0), 0.50, 0.09, 8, 65, 0.4, 0.4, 0.40),
    Grade("4 poor", (3.0, 5.0), 0.60, 0.13, 11, 55, 0.5, 0.5, 0.30),
    Grade("5 bad", (2.5, 4.2), 0.68, 0.16, 14, 45, 0.6, 0.6, 0.22),
    Grade("6 hopeless", (1.9, 3.2), 0.80, 0.20, 18, 35, 0.7, 0.7, 0.15),
)


@dataclass(frozen=True)
class Photo:
    """`jpeg`: as the phone stores it. `text`: what the code says."""

    jpeg: bytes
    text: str
    version: int

    def grey(self) -> Image.Image:
        """Decoded, as a reader gets it."""
        return Image.open(BytesIO(self.jpeg)).convert("L")


def photo(grade: Grade, level: str, seed: int) -> Photo:
    """The photo of one code of version 15 to 20."""
    draw = random.Random(f"{grade.name} {level} {seed}")
    version = draw.randint(15, 20)
    text, size, code = _code(draw, version, level)
    pitch = draw.uniform(*grade.pitch)
    side = min(pitch * size, HEIGHT * 0.94)
    pitch = side / size
    sheet = _sheet(draw, code, side)
    scene = _seen(draw, sheet, side, grade.tilt)
    pixels = np.asarray(scene, dtype=np.float32)
    if draw.random() < grade.crease:
        pixels = _creased(draw, pixels, side)
    pixels = pixels * _light(draw, grade.dark)
    if draw.random() < grade.glare:
        pixels = pixels + _glare(draw, side)
    blurred = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    blurred = blurred.filter(ImageFilter.GaussianBlur(draw.uniform(0.3, 1.0) * grade.blur * pitch))
    if draw.random() < grade.blur / 2:
        blurred = _shaken(draw, blurred, draw.uniform(0.3, 1.0) * grade.blur * pitch * 2)
    noise = np.random.default_rng(draw.getrandbits(64)).normal(0, draw.uniform(0.4, 1.0) * grade.noise, (HEIGHT, WIDTH))
    noisy = np.clip(np.asarray(blurred, dtype=np.float32) + noise, 0, 255).astype(np.uint8)
    stream = BytesIO()
    Image.fromarray(noisy).save(stream, "JPEG", quality=draw.randint(grade.jpeg, 95))
    return Photo(stream.getvalue(), text, version)


def _code(draw: random.Random, version: int, level: str) -> tuple[str, int, Image.Image]:
    length = 40
    while True:  # the longest text of that version is not worth a table here
        text = "HC1:" + "".join(draw.choices(_ALPHANUMERIC, k=length))
        symbol = write(text, level=level)
        if symbol.version is not None and symbol.version >= version:
            break
        length += 12 if symbol.version is not None and symbol.version >= version - 1 else 60
    rows = symbol.modules()
    image = Image.new("L", (len(rows), len(rows)))
    image.putdata([0 if dark else 255 for row in rows for dark in row])
    return text, len(rows), image


def _sheet(draw: random.Random, code: Image.Image, side: float) -> Image.Image:
    """The code on paper with lines of print around it, at the size that it will be seen."""
    ink, paper = draw.randint(15, 60), draw.randint(215, 250)
    sheet = Image.new("L", (WIDTH * _OVER, HEIGHT * _OVER), paper)
    pen = ImageDraw.Draw(sheet)
    for y in range(40, HEIGHT * _OVER, 70):
        x = draw.randint(40, 200)
        while x < WIDTH * _OVER - 200:
            word = draw.randint(40, 160)
            pen.rectangle((x, y, x + word, y + 22), fill=draw.randint(60, 140))
            x += word + draw.randint(20, 60)
    large = round(side * _OVER)
    quiet = round(4 * large / code.width)
    left, top = (sheet.width - large) // 2, (sheet.height - large) // 2
    pen.rectangle((left - quiet, top - quiet, left + large + quiet, top + large + quiet), fill=paper)
    inked = code.point([ink] * 128 + [paper] * 128)
    sheet.paste(inked.resize((large, large), Image.Resampling.BOX), (left, top))
    return sheet


def _seen(draw: random.Random, sheet: Image.Image, side: float, tilt: float) -> Image.Image:
    """From aside, turned by some degrees, and not in the middle."""
    width, height = sheet.size
    reach = side * _OVER * tilt
    half = side * _OVER / 2
    angle = draw.gauss(0, 6) + draw.choice((0, 0, 0, 90, 180, 270))
    turn = np.exp(1j * np.deg2rad(angle))
    shift_x = draw.uniform(-0.3, 0.3) * (WIDTH * _OVER / 2 - half)
    shift_y = draw.uniform(-0.5, 0.5) * max(0.0, HEIGHT * _OVER / 2 - half * 1.15)
    flat, seen = [], []
    for x, y in ((-half, -half), (half, -half), (half, half), (-half, half)):
        flat.append((x + width / 2, y + height / 2))
        turned = complex(x, y) * turn
        seen.append(
            (
                turned.real * 0.96 + draw.uniform(-reach, reach) / 2 + width / 2 + shift_x,
                turned.imag * 0.96 + draw.uniform(-reach, reach) / 2 + height / 2 + shift_y,
            )
        )
    moved = sheet.transform(
        (width, height), Image.Transform.PERSPECTIVE, _coefficients(seen, flat), Image.Resampling.BILINEAR, fillcolor=90
    )
    return moved.reduce(_OVER)


def _coefficients(target: list[tuple[float, float]], source: list[tuple[float, float]]) -> list[float]:
    rows = []
    for (x, y), (u, v) in zip(target, source, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    return [float(a) for a in np.linalg.solve(np.array(rows), np.array(source).reshape(8))]


def _grid() -> tuple[Floats, Floats]:
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    return x - WIDTH / 2, y - HEIGHT / 2


def _creased(draw: random.Random, pixels: Floats, side: float) -> Floats:
    """A fold: beside its line the paper is shaded, and what is printed is pushed aside by some pixels."""
    x, y = _grid()
    angle = draw.uniform(0, np.pi)
    across = x * np.cos(angle) + y * np.sin(angle) - draw.uniform(-0.3, 0.3) * side
    width = draw.uniform(0.02, 0.05) * side
    bump = np.exp(-((across / width) ** 2))
    push = bump * draw.uniform(-0.6, 0.6) * width / 2
    columns = np.clip(np.rint(x + push * np.cos(angle) + WIDTH / 2), 0, WIDTH - 1).astype(np.intp)
    rows = np.clip(np.rint(y + push * np.sin(angle) + HEIGHT / 2), 0, HEIGHT - 1).astype(np.intp)
    shade = 1 - draw.uniform(0.1, 0.4) * bump * np.sign(across)
    return (pixels[rows, columns] * shade).astype(np.float32)


def _light(draw: random.Random, least: float) -> Floats:
    """Light from one side, and less of it."""
    x, y = _grid()
    angle = draw.uniform(0, 2 * np.pi)
    slope = draw.uniform(0, 1 - least) * 0.5
    level = draw.uniform(least, 1.0)
    ramp = (x * np.cos(angle) + y * np.sin(angle)) / (WIDTH / 2)
    return (level * (1 + slope * ramp)).astype(np.float32)


def _glare(draw: random.Random, side: float) -> Floats:
    """The reflection of a lamp on lacquer or on a screen."""
    x, y = _grid()
    dx, dy = x - draw.uniform(-0.4, 0.4) * side, y - draw.uniform(-0.4, 0.4) * side
    wide, high = draw.uniform(0.06, 0.25) * side, draw.uniform(0.06, 0.25) * side
    return (draw.uniform(60, 200) * np.exp(-((dx / wide) ** 2) - (dy / high) ** 2)).astype(np.float32)


def _shaken(draw: random.Random, image: Image.Image, length: float) -> Image.Image:
    """Moved while the shutter was open: the mean of some places along the way."""
    angle = draw.uniform(0, np.pi)
    steps = 5
    mean = np.zeros((HEIGHT, WIDTH), dtype=np.float32)
    for step in range(steps):
        off = (step / (steps - 1) - 0.5) * length
        shift = (1, 0, off * np.cos(angle), 0, 1, off * np.sin(angle))
        mean += np.asarray(image.transform(image.size, Image.Transform.AFFINE, shift, Image.Resampling.BILINEAR))
    return Image.fromarray((mean / steps).astype(np.uint8))
