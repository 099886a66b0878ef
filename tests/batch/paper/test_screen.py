"""A certificate as a picture for a telephone's screen: read back, whatever the name, and as wide as a screen is."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from vaxcert.batch.paper import Printed, picture
from vaxcert.qr import read

Make = Callable[..., list[Printed]]
NAMES = {
    "short": ("Lê", "Thử"),
    "long": ("Công Tằng Tôn Nữ", "Thị Mẫu Rất Dài Dòng Không Có Thật Ở Đâu Cả"),
    "one word": ("W" * 80, ""),
    "another writing": ("王", "小明", "WANG", "XIAOMING"),
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
@pytest.mark.parametrize("test", [True, False])
def test_the_code_in_the_picture_is_read_back_whatever_the_name(
    printed: Make, name: tuple[str, ...], test: bool
) -> None:
    (one,) = printed([name])
    drawn = picture(one, authority="Sở Y tế Mẫu", test=test)
    (code,) = read(drawn)
    assert code.text == one.issued.text
    with Image.open(BytesIO(drawn)) as image:
        assert image.width == 1_080 and image.height < 2_400
        # Nothing is cut off at a side: the margin is white all the way down.
        for side in (range(40), range(1_040, 1_080)):
            column = image.convert("L").crop((side[0], 0, side[-1], image.height))
            assert column.getextrema() == (255, 255)


def test_half_its_size_as_messengers_send_it_it_is_read_still(printed: Make) -> None:
    (one,) = printed([NAMES["long"]])
    with Image.open(BytesIO(picture(one, authority="", test=False))) as image:
        small = BytesIO()
        image.convert("L").resize((540, image.height // 2)).save(small, "JPEG", quality=60)
    assert read(small.getvalue())[0].text == one.issued.text


def test_a_picture_of_no_font_of_this_machine_says_the_name_in_a_to_z(
    printed: Make, use_fonts: Callable[[Path | None], None]
) -> None:
    use_fonts(None)
    chinese, latin = printed([NAMES["another writing"], ("Wang", "Xiaoming")])
    drawn = picture(chinese, authority="", test=False)
    assert read(drawn)[0].text == chinese.issued.text
    with Image.open(BytesIO(drawn)) as one, Image.open(BytesIO(picture(latin, authority="", test=False))) as other:
        # A line of the name's A-Z alone, and none of boxes.
        assert one.height <= other.height
