"""Picture to symbols, within limits."""

import struct
import time
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageOps

from vaxcert import ImageError
from vaxcert.qr import opening, read, write

TEXT = "HC1:NCF%RN%TSMAHN-H*M4XNUO:LN4O$+1KW8SFB7AJ*7TXG4:YU44S/+6XW " + "A B" * 100


@pytest.fixture(scope="module")
def picture() -> Image.Image:
    return Image.open(BytesIO(write(TEXT).png(scale=4))).convert("L")


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    stream = BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_each_kind_of_picture_is_read_from_bytes_and_from_a_file(
    picture: Image.Image, tmp_path: Path, kind: str
) -> None:
    content = saved(picture, kind)
    assert [symbol.text for symbol in read(content)] == [TEXT]
    (tmp_path / "card").write_bytes(content)
    for path in (tmp_path / "card", str(tmp_path / "card")):
        assert [symbol.text for symbol in read(path)] == [TEXT]


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "I;16"])
def test_each_colour_mode_is_read(picture: Image.Image, mode: str) -> None:
    if mode == "I;16":
        image = picture.convert("I").point(lambda value: value * 257).convert("I;16")
    else:
        image = picture.convert(mode)
    assert [symbol.text for symbol in read(image)] == [TEXT]


def test_arrays_of_grey_and_colour_are_read(picture: Image.Image) -> None:
    import numpy as np

    grey = np.asarray(picture)
    for array in (
        grey,
        np.dstack([grey] * 3),
        np.dstack([grey] * 3 + [np.full_like(grey, 255)]),
        grey[:, ::-1][:, ::-1],
    ):
        assert [symbol.text for symbol in read(array)] == [TEXT]


def test_what_is_transparent_is_paper(picture: Image.Image) -> None:
    ink = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    ink.paste((0, 0, 0, 255), mask=ImageOps.invert(picture))
    assert [symbol.text for symbol in read(saved(ink, "PNG"))] == [TEXT]


@pytest.mark.parametrize("turn", [90, 180, 270, 13])
def test_a_turned_code_is_read(picture: Image.Image, turn: int) -> None:
    assert [symbol.text for symbol in read(picture.rotate(turn, expand=True, fillcolor=255))] == [TEXT]


def test_a_mirrored_and_an_inverted_code_are_read(picture: Image.Image) -> None:
    assert [symbol.text for symbol in read(ImageOps.mirror(picture))] == [TEXT]
    assert [symbol.text for symbol in read(ImageOps.invert(picture))] == [TEXT]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_cameras_own_orientation_is_honoured(picture: Image.Image, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    (symbol,) = read(saved(picture.convert("RGB"), "JPEG", exif=exif))
    assert symbol.text == TEXT


def test_corners_go_round_from_the_codes_own_top_left(picture: Image.Image) -> None:
    (symbol,) = read(picture)
    assert symbol.corners is not None
    (left, top), (right, _), (_, bottom), _ = symbol.corners
    assert 12 <= left <= 20
    assert 12 <= top <= 20
    assert right > left
    assert bottom > top
    assert symbol.attempt == "plain"


def test_several_codes_are_all_read(picture: Image.Image) -> None:
    both = Image.new("L", (picture.width * 2, picture.height), 255)
    both.paste(picture, (0, 0))
    both.paste(Image.open(BytesIO(write("HC1:SECOND").png())).convert("L"), (picture.width, 0))
    assert sorted(symbol.text for symbol in read(both)) == sorted([TEXT, "HC1:SECOND"])


def test_a_picture_without_a_code_gives_an_empty_list() -> None:
    assert read(Image.new("L", (300, 200), 255)) == []


def test_of_a_moving_picture_the_first_frame_is_read(picture: Image.Image) -> None:
    blank = Image.new("L", picture.size, 255)
    content = saved(picture, "WEBP", save_all=True, append_images=[blank], lossless=True)
    assert [symbol.text for symbol in read(content)] == [TEXT]


def huge_png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(50_000, 50_000), (20_001, 2_000), (8_000, 5_001)])
def test_a_picture_with_too_many_pixels_is_refused_before_any_is_decoded(size: tuple[int, int]) -> None:
    import tracemalloc

    tracemalloc.start()
    started = time.process_time()
    with pytest.raises(ImageError, match="more than 40000000 pixels"):
        read(huge_png(*size))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000
    assert time.process_time() - started < 2


def test_the_bounds_hold_to_the_pixel_and_to_the_byte(
    monkeypatch: pytest.MonkeyPatch, picture: Image.Image, tmp_path: Path
) -> None:
    content = saved(picture, "PNG")
    (tmp_path / "card.png").write_bytes(content)
    import numpy as np

    sources = (content, tmp_path / "card.png")
    monkeypatch.setattr(opening, "MAX_BYTES", len(content))
    assert all(read(source) for source in sources)
    monkeypatch.setattr(opening, "MAX_BYTES", len(content) - 1)
    for source in sources:
        with pytest.raises(ImageError, match="bytes"):
            read(source)
    monkeypatch.setattr(opening, "MAX_PIXELS", picture.width * picture.height)
    assert read(picture)
    assert read(np.asarray(picture))
    monkeypatch.setattr(opening, "MAX_PIXELS", picture.width * picture.height - 1)
    for image in (picture, np.asarray(picture)):
        with pytest.raises(ImageError, match="pixels"):
            read(image)


EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\nshowpage\n"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"text",
        EPS,
        b"\x89PNG\r\n\x1a\n",
        b"%PDF-1.7\n",
    ],
    ids=["empty", "text", "EPS", "PNG head", "PDF"],
)
def test_other_files_are_refused_whatever_they_are_called(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "card.png").write_bytes(content)
    with pytest.raises(ImageError, match="not a readable"):
        read(tmp_path / "card.png")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_truncated_or_damaged_picture_is_refused_or_read_and_nothing_else(picture: Image.Image, kind: str) -> None:
    content = saved(picture, kind)
    for size in range(1, len(content), max(1, len(content) // 40)):
        try:
            found = read(content[:size])
        except ImageError:
            continue
        assert all(symbol.text == TEXT for symbol in found)
    for place in range(8, len(content), max(1, len(content) // 60)):
        damaged = bytearray(content)
        damaged[place] ^= 0x55
        try:
            found = read(bytes(damaged))
        except ImageError:
            continue
        assert all(symbol.text == TEXT for symbol in found)


def test_a_missing_file_and_other_objects_are_clear_errors(tmp_path: Path) -> None:
    with pytest.raises(ImageError):
        read(tmp_path / "missing.png")
    with pytest.raises(ImageError):
        read(tmp_path)
    with pytest.raises(TypeError):
        read(5)


def test_arrays_of_other_shapes_are_refused() -> None:
    import numpy as np

    for shape, kind in (((4,), np.uint8), ((4, 4), np.float64), ((4, 4, 2), np.uint8), ((0, 4), np.uint8)):
        with pytest.raises(ImageError):
            read(np.zeros(shape, dtype=kind))
