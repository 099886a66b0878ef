"""What is on the paper: all that is asked for, all of it to be read, and nothing over anything else."""

import ctypes
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from paper import FOREIGN, NAMES, Box, boxes, font, meet, within, words

from vaxcert import Reason
from vaxcert.batch.paper import Printed, pdf
from vaxcert.errors import Problem
from vaxcert.qr import read

Make = Callable[..., list[Printed]]
Fonts = Callable[[Path | None], None]
MM = 72 / 25.4
PLAIN = ("Nguyễn", "Mẫu Thử")
NO_NAME = (Problem("full_name", Reason.NO_FONT),)


def places(layout: str) -> list[tuple[Box, Box]]:
    """On a page: the frame of each certificate, and its code."""
    if layout == "a4":
        return [((20 * MM, 11 * MM, 190 * MM, 284 * MM), (58 * MM, 152 * MM, 152 * MM, 244 * MM))]
    held = []
    for row in range(4):
        for column in range(2):
            left, top = (8 + 97 * column) * MM, (289 - 70.25 * row) * MM
            middle = top - 36.1 * MM
            code = (left + 4 * MM, middle - 24 * MM, left + 53 * MM, middle + 24 * MM)
            held.append(((left + 4 * MM, top - 68 * MM, left + 93 * MM, top - 2 * MM), code))
    return held


def tags(page: pypdfium2.PdfPage) -> Iterator[tuple[str, str]]:
    """Of a tagged page each part's kind, and what is said in place of it where it is a picture."""

    def said(get: Any, element: Any) -> str:
        size = get(element, None, 0)
        buffer = ctypes.create_string_buffer(size)
        get(element, buffer, size)
        return buffer.raw[:-2].decode("utf-16-le")

    def below(element: Any) -> Iterator[tuple[str, str]]:
        yield (
            said(pdfium.FPDF_StructElement_GetType, element),
            said(pdfium.FPDF_StructElement_GetAltText, element),
        )
        for number in range(pdfium.FPDF_StructElement_CountChildren(element)):
            if child := pdfium.FPDF_StructElement_GetChildAtIndex(element, number):
                yield from below(child)

    tree = pdfium.FPDF_StructTree_GetForPage(page)
    for number in range(pdfium.FPDF_StructTree_CountChildren(tree)):
        yield from below(pdfium.FPDF_StructTree_GetChildAtIndex(tree, number))
    pdfium.FPDF_StructTree_Close(tree)


@pytest.mark.parametrize("layout", ["a4", "cards"])
@pytest.mark.parametrize("has_font", [True, False])
def test_no_text_leaves_its_frame_or_lies_over_anything_else_and_each_code_is_read_back(
    printed: Make, use_fonts: Fonts, tmp_path: Path, layout: str, has_font: bool
) -> None:
    use_fonts(font(tmp_path, FOREIGN) if has_font else None)
    given = printed(NAMES.values(), lot="LO " * 20, issuer="Trung tâm Kiểm soát bệnh tật tỉnh Mẫu " * 2)
    made = pdf(given, authority="Sở Y tế Mẫu", test=True, layout=layout)
    assert bool(made.lacking) is not has_font
    frames = places(layout)
    pages = list(pypdfium2.PdfDocument(made.pdf))
    assert len(pages) == len(given) / len(frames)
    found = []
    for page in pages:
        held = boxes(page)
        assert not [pair for pair in combinations(held, 2) if meet(*pair)]
        for box in held:
            (code,) = [code for frame, code in frames if within(box, frame)]
            assert not meet(box, code)
        found += [symbol.text for symbol in read(page.render(scale=150 / 72).to_pil())]
    assert sorted(found) == sorted(one.issued.text for one in given)


@pytest.mark.parametrize("layout", ["a4", "cards"])
def test_a_name_is_printed_in_its_writing_where_a_font_has_it_and_else_in_a_to_z_which_is_told(
    printed: Make, use_fonts: Fonts, tmp_path: Path, layout: str
) -> None:
    given = printed([PLAIN, NAMES["Khmer"], NAMES["Thai"]])
    use_fonts(font(tmp_path, "".join(NAMES["Khmer"][:2])))
    made = pdf(given, authority="Sở Y tế Mẫu", test=True, layout=layout)
    assert made.lacking == {2: NO_NAME}
    said = words(made.pdf)
    for part in ("Nguyễn Mẫu Thử", "NGUYEN MAU THU", "សុខ ដារា", "SOK DARA", "SRISUWANNAWONG NAMPHUENG"):
        assert said.count(part) == 1
    assert NAMES["Thai"][0] not in said


def test_of_an_authority_that_no_font_can_print_what_can_be_printed_is_and_the_rest_is_told(
    printed: Make, use_fonts: Fonts
) -> None:
    use_fonts(None)
    made = pdf(printed([PLAIN], issuer="Sở Y tế ខេត្ត Mẫu"), authority="", test=True)
    assert made.lacking == {0: (Problem("issuer", Reason.NO_FONT),)}
    assert "Sở Y tế Mẫu" in words(made.pdf)


def test_a_page_says_against_what_with_what_by_whom_and_when_it_was_issued_and_where_to_stamp(printed: Make) -> None:
    said = words(pdf(printed([PLAIN]), authority="Sở Y tế Mẫu", test=False).pdf)
    for part in ("COVID-19", "Comirnaty", "BioNTech Manufacturing", "MAU123", "VP01", "Country VN", "01/05/2026",
                 "Issued on 02/06/2026", "Valid until 01/06/2027", "ký tên, đóng dấu", "signature and stamp"):  # fmt: skip
        assert part in said
    assert "TEST" not in said


def test_a_card_says_its_authority_its_site_and_its_id(printed: Make) -> None:
    (one,) = given = printed([PLAIN])
    said = words(pdf(given, authority="Sở Y tế Mẫu", test=False, layout="cards").pdf)
    for part in ("Sở Y tế Mẫu", "cơ sở / site VP01", one.issued.certificate_id):
        assert part in said


def test_a_page_that_is_folded_in_half_is_not_folded_across_its_code(printed: Make) -> None:
    (page,) = pypdfium2.PdfDocument(pdf(printed([PLAIN]), authority="Mẫu", test=True).pdf)
    (symbol,) = read(page.render(scale=150 / 72).to_pil())
    assert symbol.corners is not None
    assert max(y for _, y in symbol.corners) < 148.5 / 25.4 * 150


@pytest.mark.parametrize("layout", ["a4", "cards"])
def test_a_pdf_is_tagged_and_says_in_words_that_a_picture_is_the_code(printed: Make, layout: str) -> None:
    made = pypdfium2.PdfDocument(pdf(printed([PLAIN, PLAIN]), authority="Mẫu", test=True, layout=layout).pdf)
    assert pdfium.FPDFCatalog_IsTagged(made)
    found = [tag for page in made for tag in tags(page)]
    figures = [said for kind, said in found if kind == "Figure"]
    assert len(figures) == 2
    assert all("QR" in said for said in figures)
    assert ("H1" in {kind for kind, _ in found}) is (layout == "a4")


@pytest.mark.parametrize("layout", ["a4", "cards"])
def test_pages_fulfil_what_pdf_ua_asks_of_them(printed: Make, monkeypatch: pytest.MonkeyPatch, layout: str) -> None:
    import typst

    usual = typst.compile
    monkeypatch.setattr(typst, "compile", lambda *given, **more: usual(*given, **more, pdf_standards="ua-1"))
    assert words(pdf(printed([PLAIN]), authority="Mẫu", test=True, layout=layout).pdf)
