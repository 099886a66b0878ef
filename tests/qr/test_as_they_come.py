"""Pictures as people send them: transparent, on black, moving, or of a type that is not read."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps, PngImagePlugin

from vaxcert import ImageError
from vaxcert.errors import Reason
from vaxcert.qr import opening, read, write

TEXT = "HC1:" + "NCFOXN%TSMAHN-H*M4XNUO" * 9


def code(scale: int = 4, text: str = TEXT) -> Image.Image:
    return Image.open(BytesIO(write(text).png(scale=scale))).convert("L")


def saved(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    stream = BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def texts(source: Any, **options: Any) -> list[str]:
    return [symbol.text for symbol in read(source, **options)]


@pytest.mark.parametrize("ink", ["black", "white"])
@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_code_in_one_ink_on_nothing_is_read_whichever_the_ink(kind: str, ink: str) -> None:
    # White ink is drawn where black would not be, as for a page that is dark.
    shape = ImageOps.invert(code()) if ink == "black" else code()
    picture = Image.new("RGBA", shape.size, ink)
    picture.putalpha(shape)
    for source in (picture, saved(picture, kind, lossless=True)):
        assert texts(source) == [TEXT]


def test_a_picture_without_anything_transparent_is_seen_in_one_way() -> None:
    for mode in ("RGBA", "LA", "RGB"):
        source = opening.views(saved(code().convert(mode)))
        source.draw(0)
        assert len(source) == 1


@pytest.mark.parametrize("scale", [2, 5, 11])
@pytest.mark.parametrize("shade", [0, 30])
def test_a_code_without_a_light_margin_on_a_black_surround_is_read(scale: int, shade: int) -> None:
    bare = ImageOps.crop(code(scale), 4 * scale)
    screen = Image.new("L", (bare.width + 210, bare.height + 330), shade)
    screen.paste(ImageChops.lighter(bare, Image.new("L", bare.size, shade)), (120, 200))
    ImageDraw.Draw(screen).text((20, 20), "Show this code", fill=230, font_size=30)
    (symbol,) = read(screen)
    assert (symbol.text, symbol.attempt) == (TEXT, "surround")
    assert symbol.corners is not None
    (left, top), _, (right, bottom), _ = symbol.corners
    assert max(abs(left - 120), abs(top - 200)) <= scale
    assert max(abs(right - 120 - bare.width), abs(bottom - 200 - bare.height)) <= scale


def test_a_black_picture_with_nothing_or_a_bar_on_it_has_no_code() -> None:
    bar = Image.new("L", (300, 200), 0)
    assert texts(bar) == []
    bar.paste(255, (40, 90, 260, 100))
    assert texts(bar) == []


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
@pytest.mark.parametrize("last", [1, 2, 7])
def test_a_code_in_a_later_frame_of_a_moving_picture_is_read(kind: str, last: int) -> None:
    blank = Image.new("L", code().size, 255)
    # Each a little different: a writer leaves out what is the same as before.
    before = [ImageOps.expand(ImageOps.crop(blank, 2 + step), 2 + step, 200) for step in range(last - 1)]
    content = saved(blank, kind, save_all=True, append_images=[*before, code()], duration=100, lossless=True)
    assert texts(content) == [TEXT]


def test_frames_are_looked_at_within_a_number_and_within_the_bound_of_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = [Image.new("L", (100, 100), shade) for shade in range(0, 240, 8)]
    source = opening.views(saved(frames[0], save_all=True, append_images=frames[1:]))
    source.draw(0)
    assert 2 <= len(source) <= 6
    monkeypatch.setattr(opening, "MAX_PIXELS", 10_000 + 9_999)
    source = opening.views(saved(frames[0], save_all=True, append_images=frames[1:]))
    source.draw(0)
    assert len(source) == 1


def test_what_is_broken_after_the_first_frame_shows_nothing() -> None:
    blank, noise = Image.new("L", (200, 200), 255), Image.effect_noise((200, 200), 90)
    content = saved(blank, save_all=True, append_images=[noise, noise.transpose(0)])
    at = content.index(b"fdAT")
    assert texts(content[: at + 40] + bytes(400) + content[at + 440 :]) == []


BOX = b"\0\0\0\x18ftyp"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (BOX + b"heic\0\0\0\0mif1heic" + bytes(80), "HEIC"),
        (BOX + b"mif1\0\0\0\0mif1heix" + bytes(80), "HEIC"),
        (BOX + b"mif1\0\0\0\0mif1avif" + bytes(80), "AVIF"),
        (BOX + b"avis\0\0\0\0msf1miaf" + bytes(80), "AVIF"),
        (saved(code(), "GIF"), "GIF"),
        (saved(code(), "BMP"), "BMP"),
        (saved(code(), "TIFF"), "TIFF"),
    ],
)
def test_a_type_of_picture_that_is_not_read_is_named_with_what_to_do(content: bytes, name: str) -> None:
    with pytest.raises(ImageError, match=f"a {name} picture.*JPEG") as caught:
        read(content)
    assert caught.value.reason == Reason.PICTURE_TYPE_UNSUPPORTED


def test_a_film_is_no_picture_of_a_type_that_is_not_read() -> None:
    with pytest.raises(ImageError) as caught:
        read(BOX + b"isom\0\0\0\0isommp42" + bytes(80))
    assert caught.value.reason == Reason.IMAGE_UNREADABLE


def test_a_picture_that_quotes_the_beginning_of_a_pdf_is_a_picture() -> None:
    told = PngImagePlugin.PngInfo()
    told.add_text("Software", "made from %PDF-1.7")
    content = saved(code(), pnginfo=told)
    assert b"%PDF-" in content[:1024]
    assert texts(content) == [TEXT]


def test_a_poor_picture_with_a_margin_is_not_cut_out(monkeypatch: pytest.MonkeyPatch) -> None:
    grey = code(3).filter(ImageFilter.GaussianBlur(1.5)).point(lambda value: 120 + value // 3)
    (symbol,) = read(grey)
    assert symbol.attempt != "surround"
