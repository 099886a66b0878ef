"""Names of every kind, a font for letters that machines lack, and what is read of pages that were made."""

from pathlib import Path

import pypdfium2
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

Box = tuple[float, float, float, float]

LONG = "Wijewardhana Bandaranayake Mudiyanselage Ralahamilage Gedara Appuhamilage Mauuuu"
# Family name and given name, and both in A–Z where their letters do not say them.
NAMES = {
    "Vietnamese of 17 words": ("Công Tằng Tôn Nữ", "Thị Ngọc Diệu Huyền Quỳnh Trang Thảo Nguyên Bảo Châu An Nhiên Mẫu"),
    "80 and 80 characters": (LONG, LONG[::-1].title()),
    "80 and 80 of the widest": ("W" * 80, "M" * 80),
    "as wide as it can be without being measured": ("W" * 11, "W" * 11),
    "Khmer": ("សុខ", "ដារា", "SOK", "DARA"),
    "Thai": ("ศรีสุวรรณวงศ์", "น้ำผึ้ง", "SRISUWANNAWONG", "NAMPHUENG"),
    "Chinese": ("王" * 80, "小明" * 40, "W" * 80, "X" * 80),
    "Arabic": ("محمد", "عبد الله", "MUHAMMAD", "ABDALLAH"),
}
# Letters of these that typst's own fonts lack, and what a Thai "am" is drawn of.
FOREIGN = "".join("".join(name[:2]) for name in NAMES.values() if len(name) > 2) + "\u0e4d\u0e32"


def font(folder: Path, letters: str) -> Path:
    """Put a font into a folder in which each of some letters is a block, of another height each."""
    held = {ord(letter): f"u{ord(letter):04X}" for letter in sorted(set(letters))}
    glyphs = {}
    for number, name in enumerate([".notdef", *held.values()]):
        pen = TTGlyphPen(None)
        pen.moveTo((50, 0))
        for corner in ((50, 600 + number), (850, 600 + number), (850, 0)):
            pen.lineTo(corner)
        pen.closePath()
        glyphs[name] = pen.glyph()
    made = FontBuilder(1000, isTTF=True)
    made.setupGlyphOrder(list(glyphs))
    made.setupCharacterMap(held)
    made.setupGlyf(glyphs)
    made.setupHorizontalMetrics(dict.fromkeys(glyphs, (900, 50)))
    made.setupHorizontalHeader(ascent=900, descent=-200)
    made.setupNameTable({"familyName": "Mau", "styleName": "Regular", "fullName": "Mau", "psName": "Mau-Regular"})
    made.setupOS2(sTypoAscender=900, sTypoDescender=-200)
    made.setupPost()
    folder.mkdir(parents=True, exist_ok=True)
    made.save(folder / "mau.ttf")
    return folder


def words(pdf: bytes) -> str:
    """What is read of all pages, on one line and without the marks where words may be broken."""
    pages = (page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    return " ".join("\n".join(pages).replace("\u200b", "").replace("\ufffe", "").split())


def boxes(page: pypdfium2.PdfPage) -> list[Box]:
    """Left, bottom, right and top of each stretch of text, in points."""
    text = page.get_textpage()
    return [text.get_rect(number) for number in range(text.count_rects())]


def meet(one: Box, other: Box) -> bool:
    """Whether two boxes share more than an edge."""
    left, bottom, right, top = zip(one, other, strict=True)
    return min(right) - max(left) > 0.5 and min(top) - max(bottom) > 0.5


def within(one: Box, frame: Box) -> bool:
    """Whether a box lies in a frame."""
    return one[0] > frame[0] - 0.5 and one[1] > frame[1] - 0.5 and one[2] < frame[2] + 0.5 and one[3] < frame[3] + 0.5
