"""Many codes at once: bit for bit those of `qrcode`."""

from io import BytesIO
from typing import Any

import numpy as np
import pytest
import qrcode
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from qrcode import constants, util

from vaxcert import ImageError, InputError
from vaxcert.qr import plan, png, read, write

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
# Alphanumeric characters that version 40 holds (ISO/IEC 18004, table 7).
MOST = {"L": 4296, "M": 3391, "Q": 2420, "H": 1852}


def drawn_by_qrcode(text: str, level: str, mask: int | None) -> tuple[int, Any]:
    mode = util.MODE_ALPHA_NUM if text and set(text) <= set(ALPHANUMERIC) else util.MODE_8BIT_BYTE
    code: Any = qrcode.QRCode(
        error_correction=getattr(constants, f"ERROR_CORRECT_{level}"), border=0, mask_pattern=mask
    )
    code.add_data(util.QRData(text.encode(), mode=mode), optimize=0)
    code.make(fit=True)
    return code.version, np.array(code.modules, dtype=np.uint8)


def drawn_here(text: str, level: str, mask: int | None) -> tuple[int, Any]:
    (block,) = plan.draw([text], level=level, mask=mask)
    assert block.numbers == [0]
    return block.version, block.modules[0]


@settings(max_examples=60)
@given(
    text=st.one_of(st.text(ALPHANUMERIC, max_size=1_800), st.text(max_size=400)),
    level=st.sampled_from("LMQH"),
    mask=st.integers(0, 7),
)
def test_any_text_is_drawn_as_qrcode_draws_it(text: str, level: str, mask: int) -> None:
    version, modules = drawn_here(text, level, mask)
    expected_version, expected = drawn_by_qrcode(text, level, mask)
    assert version == expected_version
    assert (modules == expected).all()


@pytest.mark.parametrize("level", "LMQH")
@pytest.mark.parametrize("version", range(1, 41))
def test_every_version_and_level_is_drawn_as_qrcode_draws_it(version: int, level: str) -> None:
    """The longest text of the version, and so the shortest of the next but one character."""
    limit = util.BIT_LIMIT_TABLE[getattr(constants, f"ERROR_CORRECT_{level}")][version]
    room = limit - 4 - (9 if version < 10 else 11 if version < 27 else 13)
    length = room // 11 * 2 + (room % 11 >= 6)
    text = (ALPHANUMERIC * 100)[:length]
    mask = version % 8
    drawn, modules = drawn_here(text, level, mask)
    assert drawn == version
    assert (modules == drawn_by_qrcode(text, level, mask)[1]).all()
    if length < MOST[level]:
        assert drawn_here(text + "A", level, mask)[0] == version + 1
    else:
        with pytest.raises(ImageError):
            list(plan.draw([text + "A"], level=level))


@pytest.mark.parametrize("text", ["HC1:" + "6BF" * 40, "a ≠ b", ""])
def test_the_best_mask_is_qrcodes_choice(text: str) -> None:
    version, modules = drawn_here(text, "Q", None)
    expected_version, expected = drawn_by_qrcode(text, "Q", None)
    assert version == expected_version
    assert (modules == expected).all()
    assert tuple(tuple(bool(d) for d in row) for row in modules) == write(text).modules()


@given(texts=st.lists(st.text(ALPHANUMERIC, min_size=1, max_size=300), max_size=12))
@settings(max_examples=25)
def test_each_of_many_texts_gets_its_own_code(texts: list[str]) -> None:
    found: dict[int, Any] = {}
    for block in plan.draw(texts, level="M"):
        assert len(block.numbers) == len(block.modules)
        found |= dict(zip(block.numbers, block.modules, strict=True))
    assert sorted(found) == list(range(len(texts)))
    for number, text in enumerate(texts):
        assert (found[number] == drawn_by_qrcode(text, "M", plan.DEFAULT_MASK)[1]).all()


@pytest.mark.parametrize("scale", [1, 3, 4, 8])
def test_the_pictures_are_those_that_were_drawn(scale: int) -> None:
    texts = [f"HC1:{'MAU THU ' * 30}{number}" for number in range(5)]
    (block,) = plan.draw(texts)
    for number, picture in zip(block.numbers, png.pngs(block.modules, scale=scale), strict=True):
        opened = Image.open(BytesIO(picture))
        opened.verify()
        opened = Image.open(BytesIO(picture))
        assert opened.mode == "1"
        side = (block.modules.shape[1] + 8) * scale
        assert opened.size == (side, side)
        light = np.asarray(opened)
        inner = light[4 * scale : -4 * scale : scale, 4 * scale : -4 * scale : scale]
        assert (inner != block.modules[number].astype(bool)).all()
        assert light[: 4 * scale].all()
        if scale > 1:
            assert [symbol.text for symbol in read(picture)] == [texts[number]]


@pytest.mark.parametrize(("level", "mask"), [("X", 1), ("LM", 1), ("Q", 8), ("Q", -1)])
def test_a_level_or_mask_that_does_not_exist_is_an_input_error(level: str, mask: int) -> None:
    with pytest.raises(InputError):
        list(plan.draw(["A"], level=level, mask=mask))


@pytest.mark.parametrize("scale", [0, 65])
def test_a_scale_outside_the_bounds_is_an_input_error(scale: int) -> None:
    (block,) = plan.draw(["A"])
    with pytest.raises(InputError):
        png.pngs(block.modules, scale=scale)


def test_no_text_gives_no_code() -> None:
    assert list(plan.draw([])) == []
