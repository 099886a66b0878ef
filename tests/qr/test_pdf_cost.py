"""A PDF that would cost seconds to draw is refused before it is drawn; one as offices make them is not."""

import base64
import zlib
from io import BytesIO

import pytest
from PIL import Image

from vaxcert import ImageError
from vaxcert.qr import read, write
from vaxcert.qr.pdf import cost

pytest.importorskip("pypdfium2")

BOX = b"/BBox[0 0 595 842]"
FORM = b"/Type/XObject/Subtype/Form" + BOX


def stream(number: int, head: bytes, content: bytes, *, filters: bytes = b"") -> bytes:
    if b"Flate" in filters:
        content = zlib.compress(content, 9)
    if b"85" in filters:
        content = base64.a85encode(content) + b"~>"
    told = b"/Filter[" + filters + b"]" if filters else b""
    return b"%d 0 obj<<%s%s/Length %d>>stream\n%s\nendstream endobj" % (number, head, told, len(content), content)


def pdf(*objects: bytes, page: bytes = b"/Resources<</XObject<</A 5 0 R>>>>/Contents 4 0 R") -> bytes:
    parts = [
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj",
        b"2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj",
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]" + page + b">>endobj",
        *objects,
    ]
    return b"%PDF-1.7\n" + b"\n".join(parts) + b"\ntrailer<</Root 1 0 R>>\n%%EOF"


def nested(levels: int, times: int, **options: bytes) -> list[bytes]:
    """Objects 4 (what a page draws) and 5 to 4 + levels: each draws the next so many times."""
    objects = [stream(4, b"", b"/A Do " * times, **options)]
    for number in range(5, 4 + levels):
        names = b"/Resources<</XObject<</A %d 0 R>>>>" % (number + 1)
        objects.append(stream(number, FORM + names, b"/A Do " * times, **options))
    return [*objects, stream(4 + levels, FORM, b"0 0 9 9 re f " * 20, **options)]


POWERS = nested(4, 40)
HIDDEN = {
    "plain": pdf(*POWERS),
    "compressed": pdf(*nested(4, 40, filters=b"/FlateDecode")),
    "compressed and as text": pdf(*nested(4, 40, filters=b"/ASCII85Decode/FlateDecode")),
    "by a filter that nobody uses": pdf(*nested(6, 4, filters=b"/LZWDecode")),
    "encrypted": pdf(*nested(6, 4)).replace(b"trailer<<", b"trailer<</Encrypt 9 0 R"),
    "names written otherwise": pdf(*[part.replace(b"/A Do", b"/#41 %x\nDo") for part in POWERS]),
    "resources elsewhere": pdf(
        *[
            part.replace(b"/Resources<</XObject<</A %d 0 R>>>>" % (n + 2), b"/Resources %d 0 R" % (50 + n))
            for n, part in enumerate(POWERS, 4)
        ],
        *[b"%d 0 obj<</XObject %d 0 R>>endobj" % (50 + n, 70 + n) for n in range(5, 8)],
        *[b"%d 0 obj<</A %d 0 R>>endobj" % (70 + n, n + 1) for n in range(5, 8)],
    ),
    "the page's own resources": pdf(
        stream(4, b"", b"/A Do " * 99), stream(5, FORM, b"/B Do " * 99), stream(6, FORM, b"/C Do " * 99),
        stream(7, FORM, b"0 0 9 9 re f "),
        page=b"/Resources<</XObject<</A 5 0 R/B 6 0 R/C 7 0 R>>>>/Contents[4 0 R]",
    ),
    "resources in an object stream": pdf(
        *[part.replace(b"/Resources<</XObject<</A 6 0 R>>>>", b"/Resources 50 0 R") for part in POWERS],
        stream(49, b"/Type/ObjStm/N 1/First 5", b"50 0 <</XObject<</A 6 0 R>>>>", filters=b"/FlateDecode"),
    ),
    "a number twice": pdf(*POWERS, stream(6, FORM, b"0 0 9 9 re f")),
    "an annotation": pdf(*POWERS, b"60 0 obj<</Type/Annot/Subtype/Stamp/Rect[0 0 99 99]/AP<</N 5 0 R>>>>endobj", page=b"/Annots[60 0 R]"),
    "a pattern": pdf(
        stream(4, b"", b"/Pattern cs " + b"/A scn 0 0 9 9 re f " * 99),
        *[part.replace(FORM, b"/PatternType 1/PaintType 1/TilingType 1/XStep 9/YStep 9" + BOX) for part in POWERS[1:2]],
        *POWERS[2:],
    ),
    "an end that is none": pdf(stream(4, b"", b"%endstream\n" + b"/A Do " * 40), *POWERS[1:]),
}  # fmt: skip


@pytest.mark.parametrize("name", HIDDEN)
def test_forms_that_draw_forms_by_powers_are_refused(name: str) -> None:
    assert len(HIDDEN[name]) < 10_000
    with pytest.raises(ImageError, match=r"draws more than|nested deeper"):
        read(HIDDEN[name])


def test_forms_nested_as_deep_as_the_bound_are_drawn_and_one_more_refused() -> None:
    assert read(pdf(*nested(cost.MAX_NESTING, 1)), thorough=False) == []
    with pytest.raises(ImageError, match="nested deeper than 8"):
        read(pdf(*nested(cost.MAX_NESTING + 1, 1)))


def test_as_many_operators_as_the_bound_are_drawn_and_one_more_refused() -> None:
    def drawing(size: int) -> bytes:
        return pdf(stream(4, b"", b"n".ljust(size), filters=b"/FlateDecode"))

    assert read(drawing(cost.MAX_DRAWN), thorough=False) == []
    with pytest.raises(ImageError, match="draws more than"):
        read(drawing(cost.MAX_DRAWN + 1))
    with pytest.raises(ImageError, match="draws more than"):
        read(drawing(100 * cost.MAX_DRAWN))


def test_as_many_objects_as_the_bound_are_taken_and_one_more_refused() -> None:
    def many(count: int) -> bytes:
        # Four are there already.
        return pdf(stream(4, b"", b"n"), *[b"%d 0 obj null endobj" % number for number in range(5, count + 1)])

    assert read(many(cost.MAX_OBJECTS), thorough=False) == []
    with pytest.raises(ImageError, match="more than 20000 objects"):
        read(many(cost.MAX_OBJECTS + 1))
    packed = b" ".join(b"%d 0" % number for number in range(100, 100 + cost.MAX_OBJECTS)) + b" "
    head = b"/Type/ObjStm/N %d/First %d" % (cost.MAX_OBJECTS, len(packed))
    with pytest.raises(ImageError, match="more than 20000 objects"):
        read(pdf(stream(4, b"", b"n"), stream(5, head, packed + b"null", filters=b"/FlateDecode")))


def test_forms_that_draw_one_another_in_a_circle_are_refused() -> None:
    circle = [stream(4, b"", b"/A Do " * 9)]
    for number, other in ((5, 6), (6, 5)):
        circle.append(stream(number, FORM + b"/Resources<</XObject<</A %d 0 R>>>>" % other, b"/A Do " * 9))
    with pytest.raises(ImageError, match="nested deeper"):
        read(pdf(*circle))


def test_a_code_on_a_letterhead_within_a_page_within_a_sheet_is_read() -> None:
    picture = Image.open(BytesIO(write("HC1:NESTED").png(scale=4))).convert("L")
    code = b"/Type/XObject/Subtype/Image/ColorSpace/DeviceGray/BitsPerComponent 8/Width %d/Height %d" % picture.size
    sheet = [
        stream(4, b"", b"/A Do"),
        stream(5, FORM + b"/Resources<</XObject<</Page 6 0 R>>>>", b"q /Page Do Q"),
        stream(6, FORM + b"/Resources 8 0 R", b"q 200 0 0 200 100 400 cm /Code Do Q " + b"0 0 9 9 re f " * 500),
        stream(7, code, picture.tobytes(), filters=b"/FlateDecode"),
        b"8 0 obj<</XObject<</Code 7 0 R>>/Font<<>>>>endobj",
    ]
    assert [symbol.text for symbol in read(pdf(*sheet))] == ["HC1:NESTED"]


def test_what_is_broken_is_left_to_the_reader_of_pdf() -> None:
    for content in (
        b"",
        b"%PDF-1.7",
        b"1 0 obj",
        b"1 0 obj<</Length 99999999999>>stream\n",
        pdf(*POWERS)[:900],
        b"\xff" * 99,
    ):
        for _ in range(2):
            try:
                cost.check(content)
            except ImageError:
                assert content == pdf(*POWERS)[:900]
