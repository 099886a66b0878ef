"""What a plain attempt cannot read, on made-up photos: attempt after attempt, and never a wrong text."""

import importlib.util
import math
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from vaxcert.qr import grid, ladder, read, write, zbar
from vaxcert.qr.plane import STEP, Field, Plane

TEXT = "HC1:" + "NCFOXN%TSMAHN-H*M4XNUO" * 21


@pytest.fixture(scope="module")
def photos() -> ModuleType:
    path = Path(__file__).parents[2] / "benchmarks" / "photos.py"
    spec = importlib.util.spec_from_file_location("photos", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["photos"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("grade", "level", "seed", "attempt"),
    [
        (0, "Q", 0, "plain"),
        (2, "Q", 1, "sharpened"),
        (2, "Q", 0, "sampled"),
        (3, "M", 5, "sampled"),
    ],
)
def test_each_attempt_reads_what_those_before_it_could_not(
    photos: ModuleType, grade: int, level: str, seed: int, attempt: str
) -> None:
    made = photos.photo(photos.GRADES[grade], level, seed)
    (symbol,) = ladder.climb(made.grey())
    assert symbol.text == made.text
    assert symbol.attempt == attempt


def test_corners_are_those_of_the_whole_picture_whichever_attempt_found_them(photos: ModuleType) -> None:
    made = photos.photo(photos.GRADES[3], "M", 5)
    (symbol,) = ladder.climb(made.grey())
    assert symbol.corners is not None
    for corner, expected in zip(symbol.corners, [(1094, 523), (1116, 825), (813, 820), (803, 513)], strict=True):
        assert math.dist(corner, expected) < 8


def test_without_thoroughness_only_the_quick_attempts_are_made(photos: ModuleType) -> None:
    made = photos.photo(photos.GRADES[3], "M", 5)
    assert read(made.jpeg, thorough=False) == []
    assert [symbol.text for symbol in read(made.jpeg)] == [made.text]


@pytest.mark.parametrize("grade", range(6))
def test_a_photo_gives_its_own_text_or_none(photos: ModuleType, grade: int) -> None:
    for level in "QM":
        made = photos.photo(photos.GRADES[grade], level, 77)
        assert {symbol.text for symbol in read(made.jpeg)} <= {made.text}


def test_noise_gives_no_text() -> None:
    import numpy as np

    noise = np.random.default_rng(1).integers(0, 256, (600, 800), dtype=np.uint8)
    assert read(noise) == []


def test_an_inverted_poor_photo_is_read(photos: ModuleType) -> None:
    made = photos.photo(photos.GRADES[2], "Q", 1)
    assert [symbol.text for symbol in read(made.grey().point(lambda value: 255 - value))] == [made.text]


@settings(max_examples=20, deadline=None)
@given(
    version=st.integers(5, 25),
    shifts=st.lists(st.floats(-0.12, 0.12), min_size=8, max_size=8),
    blur=st.floats(0, 1.2),
)
def test_a_code_seen_askew_is_sampled_module_for_module(version: int, shifts: list[float], blur: float) -> None:
    """The corners are given two pixels wrong, as a reader's guess is."""
    symbol = write("A", version=version, level="Q")
    picture, corners = _askew(symbol.modules(), shifts)
    off = tuple((x + 2, y - 2) for x, y in corners)
    drawing = next(grid.redrawn(picture.filter(ImageFilter.GaussianBlur(blur)), off, version))
    size = 17 + 4 * version
    small = drawing.reduce(drawing.width // (size + 8)).crop((4, 4, 4 + size, 4 + size))
    wrong = sum(
        dark is not (value < 128)
        for dark, value in zip((d for row in symbol.modules() for d in row), small.tobytes(), strict=True)
    )
    assert wrong <= 0.02 * size * size


def _askew(modules: tuple[tuple[bool, ...], ...], shifts: list[float]) -> tuple[Image.Image, list[tuple[float, float]]]:
    size = len(modules)
    side = size * 5
    flat = Image.new("L", (size + 8, size + 8), 255)
    flat.paste(Image.frombytes("L", (size, size), bytes(0 if d else 255 for row in modules for d in row)), (4, 4))
    left = side / 4
    corners = [
        (left + x * side + shifts[2 * i] * side, left + y * side + shifts[2 * i + 1] * side)
        for i, (x, y) in enumerate(((0, 0), (1, 0), (1, 1), (0, 1)))
    ]
    # From the picture back to the modules: the same projection, the other way.
    back = Plane.fitted(
        Plane.through(corners, size),
        [(point, (x + 4, y + 4)) for (x, y), point in _pairs(Plane.through(corners, size), size)],
        [1.0] * 9,
        size,
    )
    extent = round(side * 1.5)
    return flat.resize((flat.width * 8, flat.height * 8), Image.Resampling.NEAREST).transform(
        (extent, extent), Image.Transform.PERSPECTIVE, _times(back.coefficients(1, 0), 8), Image.Resampling.BICUBIC,
        fillcolor=255,
    ), corners  # fmt: skip


def _pairs(plane: Plane, size: int) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    places = [(size * i / 2, size * j / 2) for i in range(3) for j in range(3)]
    return [(place, plane.at(*place)) for place in places]


def _times(rows: tuple[float, ...], factor: float) -> tuple[float, ...]:
    return tuple(part * factor if i < 6 else part for i, part in enumerate(rows))


@given(
    corners=st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=4, max_size=4),
)
def test_a_projection_takes_the_squares_corners_where_it_was_told(corners: list[tuple[float, float]]) -> None:
    base = [(0, 0), (400, 0), (400, 400), (0, 400)]
    wanted = [(x + dx, y + dy) for (x, y), (dx, dy) in zip(base, corners, strict=True)]
    plane = Plane.through(wanted, 97)
    for place, corner in zip([(0, 0), (97, 0), (97, 97), (0, 97)], wanted, strict=True):
        assert math.dist(plane.at(*place), corner) < 1e-3
    a, b, c, d, e, f, g, h = plane.coefficients(0.25, -4)
    depth = g * 40 + h * 80 + 1
    direct = plane.at(40 * 0.25 - 4, 80 * 0.25 - 4)
    assert math.dist(((a * 40 + b * 80 + c) / depth, (d * 40 + e * 80 + f) / depth), direct) < 1e-3


def test_corners_on_one_line_and_beyond_the_picture_are_survived() -> None:
    picture = Image.new("L", (300, 300), 200)
    for corners in (
        ((0, 0), (1, 0), (2, 0), (3, 0)),
        ((5, 5),) * 4,
        ((-900, -900), (9_000, 0), (9_000, 9_000), (0, 3)),
    ):
        assert len(list(grid.redrawn(picture, corners, 7))) == len(grid.SHARES)


def test_a_pattern_at_the_fields_edge_is_looked_for_inside_it_only() -> None:
    plane = Plane.through(((0, 0), (100, 0), (100, 100), (0, 100)), 25)
    field = Field(Image.new("L", (100, 100), 255), plane, 25)
    score, place = field.best(([(0, 0)], [(1, 0)]), [(-1_000, 0), (1_000, 1_000)])
    assert (score, place) == (-256.0, (0, 0))
    assert STEP == 4


def test_a_missing_second_library_is_no_error_and_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyzbar", None)
    zbar.missing.cache_clear()
    zbar._library.cache_clear()
    try:
        said = zbar.missing()
        assert said is not None
        assert "libzbar0" in said
        assert zbar.decode(Image.new("L", (50, 50))) == []
    finally:
        zbar.missing.cache_clear()
        zbar._library.cache_clear()


def test_the_second_library_reads_a_code(missing: Callable[[str], None]) -> None:
    if zbar.missing() is not None:
        missing(str(zbar.missing()))
    picture = Image.open(BytesIO(write(TEXT).png())).convert("L")
    (symbol,) = zbar.decode(picture)
    assert symbol.text == TEXT
