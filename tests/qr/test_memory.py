"""What a picture may take of memory: readers have a bound, and pictures within the limits of size keep it."""

import struct
import sys
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from vaxcert import ImageError
from vaxcert.qr import opening, read, write
from vaxcert.qr.isolated import IsolatedReader
from vaxcert.qr.opening import grey as greys

# What the verifier app gives each of its readers.
BOUND = 350_000_000
WIDTH, HEIGHT = 8_000, 5_000


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(bits: int, colour: int, samples: int, *, width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """Forty megapixels in some kilobytes: white, with a code in the corner. The last sample is opacity where even."""
    code = Image.open(BytesIO(write("HC1:LARGE").png(scale=8))).convert("L")
    packer, pixels, out = zlib.compressobj(9), samples * bits // 8, []
    grey = np.full((height, width), 255, dtype=np.uint8)
    grey[: code.height, : code.width] = np.asarray(code)
    for row in grey:
        line = np.repeat(row, pixels)
        if samples % 2 == 0:
            line.reshape(width, samples, -1)[:, -1] = 255
        out.append(packer.compress(b"\0" + line.tobytes()))
    head = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    data = b"".join(out) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux bounds address space")
@pytest.mark.parametrize(
    ("bits", "colour", "samples"),
    [(8, 0, 1), (16, 0, 1), (8, 4, 2), (8, 2, 3), (8, 6, 4), (16, 6, 4)],
    ids=[
        "grey",
        "grey of 16 bits",
        "grey and opacity",
        "colour",
        "colour and opacity",
        "colour and opacity of 16 bits",
    ],
)
def test_a_picture_of_forty_megapixels_is_read_within_a_readers_memory(bits: int, colour: int, samples: int) -> None:
    picture = png(bits, colour, samples)
    assert len(picture) < 1_000_000
    with IsolatedReader(memory_limit=BOUND) as reader:
        assert [symbol.text for symbol in reader.read(picture)] == ["HC1:LARGE"]


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux bounds address space")
@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_the_largest_picture_of_each_kind_that_is_turned_is_read_within_a_readers_memory(kind: str) -> None:
    width = WIDTH if kind == "JPEG" else 3_200
    picture = Image.new("RGB", (width, HEIGHT), "white")
    picture.paste(Image.open(BytesIO(write("HC1:LARGE").png(scale=8))), (0, 0))
    exif = Image.Exif()
    exif[0x0112] = 6
    stream = BytesIO()
    picture.save(stream, kind, quality=50, exif=exif)
    with IsolatedReader(memory_limit=BOUND) as reader:
        assert [symbol.text for symbol in reader.read(stream.getvalue())] == ["HC1:LARGE"]


def test_a_webp_is_refused_before_its_decoder_takes_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MAX_WEBP_PIXELS", 900)
    monkeypatch.setattr(Image, "open", None)
    for options in ({"lossless": True}, {"quality": 50}, {"quality": 50, "exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0"}):
        for size in ((31, 30), (30, 31)):
            stream = BytesIO()
            Image.new("RGB", size, "white").save(stream, "WEBP", **options)
            with pytest.raises(ImageError, match="more than 900 pixels"):
                read(stream.getvalue())


@pytest.mark.parametrize("turned", [False, True])
def test_a_side_longer_than_decoders_can_count_is_refused(turned: bool) -> None:
    for side, good in ((opening.MAX_SIDE, True), (opening.MAX_SIDE + 1, False)):
        size = (3, side) if turned else (side, 3)
        picture, stream = Image.new("L", size, 255), BytesIO()
        picture.save(stream, "PNG")
        array = np.full(size[::-1], 255, dtype=np.uint8)
        for source in (picture, stream.getvalue(), array, memoryview(array)):
            if good:
                assert read(source, thorough=False) == []
            else:
                with pytest.raises(ImageError, match="a side of the picture has more than 32767 pixels"):
                    read(source)


def test_a_page_as_long_as_a_street_is_drawn_within_the_bound_of_a_side() -> None:
    from vaxcert.qr import pdf

    page = b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 14000]>>endobj"
    tree = b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj "
    content = b"%PDF-1.7\n" + tree + page + b"\ntrailer<</Root 1 0 R>>"
    drawn = pdf.Pages(content, opening.MAX_PIXELS, opening.MAX_SIDE).draw(0)
    assert 30_000 < drawn.height <= opening.MAX_SIDE
    assert read(content, thorough=False) == []


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_pictures_are_turned_as_their_cameras_say(orientation: int, mode: str) -> None:
    from PIL import ImageOps

    picture = Image.new(mode, (40, 20), "white")
    picture.paste("black", (0, 0, 10, 5))
    exif = Image.Exif()
    exif[0x0112] = orientation
    stream = BytesIO()
    picture.save(stream, "PNG", exif=exif)
    upright = opening.views(stream.getvalue()).draw(0)
    expected = ImageOps.exif_transpose(Image.open(stream)).convert("L")
    assert (upright.size, upright.tobytes()) == (expected.size, expected.tobytes())


def test_strips_of_a_picture_are_made_grey_as_the_whole_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(greys, "STRIP", 100)
    noise = np.random.default_rng(1).integers(0, 256, (33, 30, 4), dtype=np.uint8)
    colour = Image.fromarray(noise)
    paper = Image.alpha_composite(Image.new("RGBA", colour.size, "white"), colour).convert("L")
    assert opening.views(colour).draw(0).tobytes() == paper.tobytes()
    palette = colour.convert("RGB").quantize(16)
    assert opening.views(palette).draw(0).tobytes() == palette.convert("L").tobytes()
