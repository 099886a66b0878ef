"""What is looked for is found, whatever other codes a picture shows; and a card beside a card is not passed over."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageFilter

from vaxcert.qr import ladder, read, write
from vaxcert.qr.isolated import IsolatedReader
from vaxcert.qr.symbol import Symbol

CARD = "HC1:" + "NCFOXN%TSMAHN-H*M4XNUO" * 14
OTHER_CARD = "HC1:" + "6BF+70790T9WJWG.FKY*4GO0" * 13
LINK = "https://example.org/menu"
WANTED = ("HC1:",)


def code(text: str, scale: int, blur: float = 0.0) -> Image.Image:
    made = Image.open(BytesIO(write(text).png(scale=scale))).convert("L")
    return made.filter(ImageFilter.GaussianBlur(blur)) if blur else made


def sheet(*codes: Image.Image) -> Image.Image:
    """Codes side by side on paper."""
    page = Image.new("L", (sum(one.width for one in codes), max(one.height for one in codes)), 255)
    left = 0
    for one in codes:
        page.paste(one, (left, 0))
        left += one.width
    return page


def texts(found: list[Symbol]) -> list[str]:
    return [symbol.text for symbol in found]


@pytest.mark.parametrize("card_first", [True, False])
def test_a_sharp_link_does_not_hide_a_blurred_card(card_first: bool) -> None:
    both = [code(CARD, 3, 1.6), code(LINK, 9)]
    page = sheet(*(both if card_first else reversed(both)))
    assert texts(read(page)) == [LINK]
    assert texts(read(page, wanted=WANTED)) == [CARD, LINK]


def test_a_card_that_only_patience_reads_is_found_beside_a_link() -> None:
    blurred = code(CARD, 2, 1.0)
    assert texts(read(blurred, thorough=False)) == []
    assert texts(read(sheet(code(LINK, 9), blurred), wanted=WANTED)) == [CARD, LINK]


def test_a_code_that_is_not_there_ends_no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    phantom = Symbol(text="1", data=b"1", corners=((60, 60), (90, 60), (90, 90), (60, 90)))
    decode = ladder.decode

    def seeing(picture: Image.Image, **options: Any) -> Any:
        found, spots = decode(picture, **options)
        return [phantom, *found], spots

    monkeypatch.setattr(ladder, "decode", seeing)
    assert texts(read(code(CARD, 3, 1.6), wanted=WANTED)) == [CARD, "1"]


def test_other_codes_are_told_once_each_where_nothing_wanted_is_found() -> None:
    page = sheet(code(LINK, 5), code("WIFI:S:cafe;;", 5), code(LINK, 5))
    assert sorted(texts(read(page, wanted=WANTED))) == ["WIFI:S:cafe;;", LINK]
    assert len(read(page)) == 3


@pytest.mark.parametrize("blurred_first", [True, False])
def test_a_blurred_card_beside_a_sharp_one_is_read_too(blurred_first: bool) -> None:
    both = [code(OTHER_CARD, 4, 2.2), code(CARD, 4)]
    page = sheet(*(both if blurred_first else reversed(both)))
    assert texts(read(page)) == [CARD]
    assert sorted(texts(read(page, wanted=WANTED))) == sorted([CARD, OTHER_CARD])


def test_a_card_alone_takes_one_attempt_with_and_without_its_beginning(attempts: list[int]) -> None:
    page = code(CARD, 4)
    assert texts(read(page)) == texts(read(page, wanted=WANTED)) == [CARD]
    assert len(attempts) == 2


def test_beyond_its_patience_a_picture_gets_no_further_attempt(attempts: list[int]) -> None:
    import numpy as np

    noise = Image.fromarray(np.random.default_rng(7).integers(0, 256, (300, 300), dtype=np.uint8))
    assert ladder.climb(noise) == []
    every = len(attempts)
    attempts.clear()
    ticks = iter(range(100))
    assert ladder.climb(noise, patience=0.5, clock=lambda: float(next(ticks))) == []
    # Those that are quick are made whatever the clock says.
    assert len(attempts) == 3 < every


@pytest.fixture
def attempts(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Grows by one with each decoding."""
    made: list[int] = []
    decode: Callable[..., Any] = ladder.decode
    monkeypatch.setattr(ladder, "decode", lambda *given, **options: made.append(1) or decode(*given, **options))
    yield made


def test_what_is_wanted_is_told_to_the_process_that_reads() -> None:
    stream = BytesIO()
    sheet(code(LINK, 9), code(CARD, 3, 1.6)).save(stream, "PNG")
    with IsolatedReader() as reader:
        assert texts(reader.read(stream.getvalue(), wanted=WANTED)) == [CARD, LINK]
        assert texts(reader.read(stream.getvalue())) == [LINK]
