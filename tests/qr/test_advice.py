"""What is advised about a picture that nothing was read of follows from what is the matter with it."""

from io import BytesIO

import pytest
from PIL import Image, ImageDraw, ImageFilter

from vaxcert.qr import Advice, advice, read, write
from vaxcert.qr.isolated import IsolatedReader
from vaxcert.qr.ladder.decoding import Spot
from vaxcert.wording import PHOTOS

CARD = "HC1:" + "NCFOXN%TSMAHN-H*M4XNUO" * 14


def table(scale: int = 5) -> Image.Image:
    """A code on paper on a table."""
    code = Image.open(BytesIO(write(CARD).png(scale=scale))).convert("L")
    scene = Image.new("L", (1200, 900), 110)
    scene.paste(code, (300, 100))
    ImageDraw.Draw(scene).text((60, 60), "Certificate", fill=20, font_size=40)
    return scene


SPOILT = {
    Advice.TOO_DARK: table().point(lambda value: value // 12),
    Advice.TOO_BRIGHT: table().point(lambda value: 225 + value // 9).filter(ImageFilter.GaussianBlur(3)),
    Advice.BLURRED: table().filter(ImageFilter.GaussianBlur(12)),
    Advice.NO_CODE: table().crop((0, 0, 299, 900)),
}


@pytest.mark.parametrize("expected", SPOILT)
def test_a_spoilt_photo_gets_the_advice_that_helps(expected: Advice) -> None:
    assert advice(SPOILT[expected]) == expected


def test_a_small_code_is_told_to_be_shown_nearer() -> None:
    for side, expected in ((200, Advice.TOO_SMALL), (500, Advice.UNCLEAR)):
        corners = ((300, 100), (300 + side, 100), (300 + side, 100 + side), (300, 100 + side))
        assert advice(table(), [Spot(corners, 20)]) == expected


def test_a_torn_code_that_is_seen_is_told_to_be_laid_flat() -> None:
    torn = table()
    ImageDraw.Draw(torn).rectangle((420, 330, 660, 480), fill=120)
    found = read(torn)
    assert found == []
    assert found.advice == Advice.UNCLEAR


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_nothing_at_all_is_no_code_or_no_light(shade: int) -> None:
    expected = Advice.TOO_DARK if shade == 0 else Advice.NO_CODE
    assert read(Image.new("L", (400, 300), shade)).advice == expected


def test_a_dark_screen_with_white_writing_is_not_called_too_dark() -> None:
    screen = Image.new("L", (600, 900), 0)
    for line in range(40, 800, 90):
        ImageDraw.Draw(screen).text((40, line), "Certificates and more", fill=255, font_size=44)
    assert advice(screen) == Advice.NO_CODE


def test_pictures_of_any_size_get_advice() -> None:
    for size in ((1, 1), (1, 500), (2, 2), (5, 3)):
        assert advice(Image.new("L", size, 200)) == Advice.NO_CODE


def test_what_was_read_or_tried_in_haste_gets_no_advice() -> None:
    assert read(table()).advice is None
    assert read(SPOILT[Advice.TOO_DARK], thorough=False).advice is None


def test_the_process_that_reads_tells_its_advice() -> None:
    stream = BytesIO()
    SPOILT[Advice.BLURRED].save(stream, "PNG")
    with IsolatedReader() as reader:
        assert reader.read(stream.getvalue()).advice == Advice.BLURRED


def test_every_advice_has_words() -> None:
    assert set(PHOTOS) == set(Advice)
