"""Pages of a PDF are pictures like others."""

from io import BytesIO

import pytest
from PIL import Image

from vaxcert import ImageError
from vaxcert.qr import pdf, read, write

pytest.importorskip("pypdfium2")


def document(texts: list[str], scale: int = 3) -> bytes:
    """A PDF with one code a page, at 150 dots an inch."""
    sheets = []
    for text in texts:
        sheet = Image.new("L", (1240, 1754), 255)
        if text:
            sheet.paste(Image.open(BytesIO(write(text).png(scale=scale))).convert("L"), (200, 300))
        sheets.append(sheet)
    stream = BytesIO()
    sheets[0].save(stream, "PDF", save_all=True, append_images=sheets[1:], resolution=150)
    return stream.getvalue()


def test_the_codes_of_all_pages_are_read_in_order() -> None:
    assert [symbol.text for symbol in read(document(["HC1:ONE", "", "HC1:TWO"]))] == ["HC1:ONE", "HC1:TWO"]


def test_a_dense_code_on_a_page_is_read() -> None:
    text = "HC1:" + "6BF+70790T9WJWG.FKY*4GO0" * 21
    assert [symbol.text for symbol in read(document([text]))] == [text]


def test_as_many_pages_as_the_bound_are_read_and_one_more_refused() -> None:
    assert len(read(document(["HC1:"] * pdf.MAX_PAGES))) == pdf.MAX_PAGES
    for count in (pdf.MAX_PAGES + 1, 200):
        with pytest.raises(ImageError, match=f"{count} pages"):
            read(document([""] * count))


@pytest.mark.parametrize("content", [b"%PDF-", b"%PDF-1.7\n%%EOF", document(["HC1:"])[:400]])
def test_a_broken_pdf_is_a_clear_error(content: bytes) -> None:
    with pytest.raises(ImageError):
        read(content)


def test_a_page_as_large_as_a_house_is_drawn_within_the_bound() -> None:
    stream = BytesIO()
    Image.new("L", (2000, 2000), 255).save(stream, "PDF", resolution=1)
    (page,) = pdf.pages(stream.getvalue(), 1_000_000)
    assert page.width * page.height <= 1_000_000
