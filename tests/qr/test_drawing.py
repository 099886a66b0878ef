"""Text to symbol: what is drawn is what was said, and every reader can read it."""

import re
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vaxcert import ImageError, InputError
from vaxcert.qr import Symbol, read, write

CERTIFICATE = (
    "HC1:"
    + "6BF+70790T9WJWG.FKY*4GO0.O1CV2 O5 N2FBBRW1*70HS8WY04AC*WIFN0AHCD8KD97TK0F90KECTHGWJC0FDC:5AIA%G7X+AQB9746HS8" * 4
)
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


@settings(max_examples=25)
@given(st.text(alphabet=ALPHANUMERIC, min_size=1, max_size=300), st.sampled_from("LMQH"))
def test_an_alphanumeric_text_is_read_back_to_its_last_space(text: str, level: str) -> None:
    (symbol,) = read(write(text, level=level).png())
    assert (symbol.text, symbol.level, symbol.symbology) == (text, level, "QR Code")


@settings(max_examples=15)
@given(st.text(min_size=1, max_size=60).filter(lambda text: "\x00" not in text and text.isprintable()))
def test_any_other_text_is_read_back_from_its_bytes(text: str) -> None:
    (symbol,) = read(write(text).png())
    assert symbol.data.decode() == text


def test_a_certificate_is_one_alphanumeric_segment() -> None:
    """451 characters: version 16-Q holds 470 alphanumeric ones, but only 325 bytes (ISO/IEC 18004, table 7)."""
    assert write(CERTIFICATE[:451]).version == 16


def rebuilt(drawing: str, size: int, quiet: int) -> tuple[tuple[bool, ...], ...]:
    dark = [[False] * size for _ in range(size)]
    for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", drawing):
        for offset in range(int(run)):
            dark[int(y)][int(x) + offset] = True
    return tuple(tuple(row[quiet : size - quiet]) for row in dark[quiet : size - quiet])


@pytest.mark.parametrize("quiet", [4, 7])
def test_the_svg_draws_the_same_modules_and_needs_nothing_from_elsewhere(quiet: int) -> None:
    symbol = write(CERTIFICATE)
    drawing = symbol.svg(quiet_zone=quiet)
    size = len(symbol.modules()) + 2 * quiet
    assert f'viewBox="0 0 {size} {size}"' in drawing
    assert rebuilt(drawing, size, quiet) == symbol.modules()
    assert "http" not in drawing.replace('xmlns="http://www.w3.org/2000/svg"', "")


@pytest.mark.parametrize("quiet", [0, 1, 2, 4])
@pytest.mark.parametrize("invert", [False, True])
def test_the_terminal_drawing_shows_the_same_modules(quiet: int, invert: bool) -> None:
    symbol = write("HC1:TERMINAL")
    halves = {"█": (False, False), "▀": (False, True), "▄": (True, False), " ": (True, True)}
    rows: list[list[bool]] = []
    for line in symbol.terminal(quiet_zone=quiet, invert=invert).splitlines():
        rows.append([halves[character][0] is not invert for character in line])
        rows.append([halves[character][1] is not invert for character in line])
    size = len(symbol.modules())
    assert tuple(tuple(row[quiet : quiet + size]) for row in rows[quiet : quiet + size]) == symbol.modules()
    assert not any(rows[row][column] for row in range(quiet) for column in range(size + 2 * quiet))


@pytest.mark.parametrize("scale", [1, 3, 10])
def test_the_png_has_a_quiet_zone_of_four_and_two_colours(scale: int) -> None:
    from io import BytesIO

    from PIL import Image

    symbol = write(CERTIFICATE)
    image = Image.open(BytesIO(symbol.png(scale=scale)))
    assert image.mode == "1"
    assert image.size == ((len(symbol.modules()) + 8) * scale,) * 2
    margin = 4 * scale
    assert image.crop((0, 0, image.width, margin)).getextrema() == (255, 255)
    assert image.crop((margin, margin, margin + 7 * scale, margin + scale)).getextrema() == (0, 0)


def test_a_quiet_zone_that_readers_cannot_do_with_is_refused() -> None:
    symbol = write("HC1:")
    for draw in (symbol.png, symbol.svg):
        with pytest.raises(InputError) as refused:
            draw(quiet_zone=3)  # type: ignore[operator]
        assert refused.value.field == "quiet_zone"
    for scale in (0, 65):
        with pytest.raises(InputError):
            symbol.png(scale=scale)


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"level": "X"}, "level"),
        ({"level": ""}, "level"),
        ({"level": "LM"}, "level"),
        ({"version": 0}, "version"),
        ({"version": 41}, "version"),
    ],
)
def test_levels_and_versions_that_do_not_exist_are_refused(options: dict[str, object], field: str) -> None:
    with pytest.raises(InputError) as refused:
        write("HC1:", **options)  # type: ignore[arg-type]
    assert refused.value.field == field


@pytest.mark.parametrize(("level", "most"), [("L", 4296), ("Q", 2420), ("H", 1852)])
def test_the_densest_symbols_hold_what_the_standard_says_and_no_more(level: str, most: int) -> None:
    assert write("A" * most, level=level).version == 40
    with pytest.raises(ImageError) as refused:
        write("A" * (most + 1), level=level)
    assert "A" * 20 not in str(refused.value)


def test_a_version_may_be_asked_for_and_must_be_large_enough() -> None:
    assert write("HC1:", version=10).version == 10
    with pytest.raises(ImageError):
        write(CERTIFICATE, version=2)


@pytest.mark.parametrize(
    ("name", "begins"), [("c.png", b"\x89PNG"), ("c.svg", b"<svg"), ("c.txt", "█".encode()), ("C.PNG", b"\x89PNG")]
)
def test_a_file_is_written_in_the_form_of_its_name_and_nothing_else_is_left(
    tmp_path: Path, name: str, begins: bytes
) -> None:
    write("HC1:").save(tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(begins)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_an_unknown_ending_and_a_missing_folder_are_clear_errors(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        write("HC1:").save(tmp_path / "c.gif")
    with pytest.raises(ImageError):
        write("HC1:").save(tmp_path / "missing" / "c.png")
    assert not list(tmp_path.iterdir())


def test_a_symbol_does_not_show_its_text_when_printed() -> None:
    assert "NGUYEN" not in repr(write("HC1:NGUYEN"))
    assert "NGUYEN" not in repr(read(write("HC1:NGUYEN").png()))


def test_a_symbol_that_was_read_has_no_drawing_of_its_own() -> None:
    with pytest.raises(ImageError):
        Symbol(text="HC1:", data=b"HC1:").modules()


@pytest.mark.parametrize("scale", [1, 4, 13])
def test_a_png_prints_at_half_a_millimetre_a_module_whatever_its_scale(scale: int) -> None:
    import io

    import numpy as np
    from PIL import Image

    from vaxcert.qr.png import pngs

    symbol = write("HC1:MAU")
    drawn = pngs(np.array([symbol.modules()], dtype=np.uint8), scale=scale)[0]
    for content in (symbol.png(scale=scale), drawn):
        at = content.index(b"pHYs")
        assert struct.unpack(">IIB", content[at + 4 : at + 13]) == (2000 * scale, 2000 * scale, 1)
        with Image.open(io.BytesIO(content)) as picture:
            assert picture.width / picture.info["dpi"][0] * 25.4 == pytest.approx((21 + 8) / 2, rel=1e-3)
