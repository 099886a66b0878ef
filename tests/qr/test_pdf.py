"""Pages of a PDF are pictures like others."""

import zlib
from io import BytesIO
from itertools import count as counting
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFilter

from vaxcert import ImageError
from vaxcert.qr import leafing, pdf, read, write
from vaxcert.qr.isolated import IsolatedReader
from vaxcert.qr.ladder import Reach, Search
from vaxcert.qr.symbol import Symbol

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
    page = pdf.Pages(stream.getvalue(), 1_000_000).draw(0)
    assert page.width * page.height <= 1_000_000


def drawn(text: str, *, side: int, form: bytes = b"", quality: int = 1, page: bytes = b"") -> bytes:
    """A page with a code of `side` points as a picture of `quality` pixels a module, on the page or in an annotation."""
    code = Image.open(BytesIO(write(text).png(scale=quality))).convert("L")
    packed = zlib.compress(code.tobytes())
    at = b"q %d 0 0 %d 0 0 cm /I Do Q" % (side, side)
    placed = page or b"q %d 0 0 %d 100 500 cm /I Do Q" % (side, side)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R" + (b"/AcroForm<</Fields[7 0 R]>>" if b"Widget" in form else b"") + b">>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</I 4 0 R>>>>/Contents 5 0 R"
        + (b"/Annots[7 0 R]" if form else b"")
        + b">>",
        b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8"
        b"/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (*code.size, len(packed), packed),
        b"<</Length %d>>stream\n%s\nendstream" % ((1, b" ") if form else (len(placed), placed)),
        b"<</Type/XObject/Subtype/Form/BBox[0 0 %d %d]/Resources<</XObject<</I 4 0 R>>>>/Length %d>>stream\n%s\nendstream"
        % (side, side, len(at), at),
        b"<</Type/Annot/Rect[100 500 %d %d]/F 4/AP<</N 6 0 R>>%s>>" % (100 + side, 500 + side, form),
    ]
    parts = [b"%d 0 obj%s endobj" % (number, one) for number, one in enumerate(objects, 1)]
    return b"%PDF-1.7\n" + b"\n".join(parts) + b"\ntrailer<</Root 1 0 R>>\n%%EOF"


CARD = "HC1:" + "6BF+70790T9WJWG.FKY*4GO0" * 14


@pytest.mark.parametrize(
    "before", [b"\xef\xbb\xbf", b"\r\n\r\n  ", b"Content-Type: application/pdf\r\n\r\n", b"\0" * 1019]
)
def test_what_stands_before_the_header_is_passed_over(before: bytes) -> None:
    for content in (document(["HC1:LATE"]), drawn("HC1:LATE", side=100)):
        assert [symbol.text for symbol in read(before + content)] == ["HC1:LATE"]


def test_a_header_beyond_the_first_kilobyte_is_none() -> None:
    with pytest.raises(ImageError, match="not a readable PNG"):
        read(b" " * 1020 + document(["HC1:"]))


@pytest.mark.parametrize(
    "form",
    [
        b"/Subtype/Widget/FT/Btn/Ff 65536/T(code)/MK<</TP 1>>",
        b"/Subtype/Widget/FT/Tx/T(code)/V(seen)",
        b"/Subtype/Stamp",
        b"/Subtype/FreeText/Contents(code)/DA(/Helv 9 Tf)",
    ],
    ids=["button", "field", "stamp", "note"],
)
def test_a_code_in_a_form_field_or_an_annotation_is_read(form: bytes) -> None:
    assert [symbol.text for symbol in read(drawn(CARD, side=130, form=form))] == [CARD]


@pytest.mark.parametrize("side", [27, 33])
def test_a_code_as_small_as_a_stamp_is_drawn_finer(side: int) -> None:
    """Half an inch and a bit more: one pixel a module at 200 dots an inch."""
    (symbol,) = read(drawn(CARD, side=side))
    assert (symbol.text, symbol.attempt) == (CARD, "finer")


def test_a_small_code_at_a_pages_end_is_in_one_strip_whole() -> None:
    for height in range(0, 800, 150):
        content = drawn(CARD, side=27, page=b"q 27 0 0 27 300 %d cm /I Do Q" % height)
        assert [symbol.text for symbol in read(content)] == [CARD]


class Sheets:
    """A source of pages, that notes which was drawn."""

    pages = True

    def __init__(self, number: int) -> None:
        self.number, self.drawn = number, list[int]()

    def __len__(self) -> int:
        return self.number

    def draw(self, number: int) -> int:
        self.drawn.append(number)
        return number

    def closer(self, number: int, boxes: list[Any]) -> Any:
        return iter(())


def leafed(
    monkeypatch: pytest.MonkeyPatch, pages: int, reads: dict[tuple[int, Reach], str], *, a_tick: float = 0.0
) -> tuple[list[str], list[tuple[int, Reach]]]:
    """What is found where looking at a page up to a reach reads these texts, and what was looked at in order."""
    looked: list[tuple[int, Reach]] = []

    def look(picture: int, reach: Reach, wanted: Any, **_: Any) -> Search:
        looked.append((picture, reach))
        search = Search(wanted)
        for up_to in range(reach + 1):
            if text := reads.get((picture, Reach(up_to))):
                search.take("one", [Symbol(text=text, data=b"")], [])
        return search

    monkeypatch.setattr(leafing, "look", look)
    clock = counting()
    found = leafing.Leafing(Sheets(pages), None, lambda: next(clock) * a_tick)  # type: ignore[arg-type]
    return [symbol.text for symbol in found.symbols(thorough=True)], looked


def test_every_page_is_looked_at_quickly_before_any_is_looked_at_patiently(monkeypatch: pytest.MonkeyPatch) -> None:
    found, looked = leafed(monkeypatch, 6, {(2, Reach.PATIENT): "poor"})
    assert found == ["poor"]
    reaches = [reach for _, reach in looked]
    assert reaches == [Reach.PLAIN] * 6 + [Reach.QUICK] * 6 + [Reach.PATIENT] * 3


def test_a_page_that_gave_its_codes_is_not_looked_at_again_and_codes_come_in_the_order_of_pages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found, looked = leafed(monkeypatch, 3, {(2, Reach.PLAIN): "last", (0, Reach.QUICK): "first"})
    assert found == ["first", "last"]
    assert [page for page, reach in looked if reach == Reach.QUICK] == [0, 1]
    assert Reach.PATIENT not in {reach for _, reach in looked}


def test_once_its_time_is_spent_a_long_document_is_not_looked_at_patiently(monkeypatch: pytest.MonkeyPatch) -> None:
    _, looked = leafed(monkeypatch, 20, {}, a_tick=0.3)
    assert {reach for _, reach in looked} == {Reach.PLAIN, Reach.QUICK}


def test_a_code_on_the_last_of_twenty_printed_pages_is_read_within_a_readers_memory() -> None:
    print_ = Image.new("L", (827, 1169), 255)
    pen = ImageDraw.Draw(print_)
    for line in range(60, 1100, 18):
        pen.text((90, line), "The quick brown fox jumps over the lazy dog and back. " * 2, fill=20, font_size=11)
    last = print_.copy()
    last.paste(Image.open(BytesIO(write(CARD).png(scale=3))).convert("L"), (300, 400))
    stream = BytesIO()
    print_.save(stream, "PDF", save_all=True, append_images=[print_] * 18 + [last], resolution=100)
    # What the verifier app gives each of its readers.
    with IsolatedReader(memory_limit=350_000_000, time_limit=60) as reader:
        assert [symbol.text for symbol in reader.read(stream.getvalue())] == [CARD]


def test_a_poor_scan_after_pages_without_codes_is_read() -> None:
    sheets = [Image.new("L", (1240, 1754), 255) for _ in range(5)]
    for sheet in sheets:
        ImageDraw.Draw(sheet).rectangle((100, 100, 900, 120), fill=90)
    poor = Image.open(BytesIO(write(CARD).png(scale=3))).convert("L").filter(ImageFilter.GaussianBlur(1.9))
    sheets[-1].paste(poor, (300, 400))
    stream = BytesIO()
    sheets[0].save(stream, "PDF", save_all=True, append_images=sheets[1:], resolution=150)
    assert [symbol.text for symbol in read(stream.getvalue())] == [CARD]
