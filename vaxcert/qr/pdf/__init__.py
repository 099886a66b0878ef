"""Pages of a PDF as pictures, within the same bounds as any other picture."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from vaxcert.errors import ImageError, Reason
from vaxcert.extras import missing
from vaxcert.qr.pdf import cost

if TYPE_CHECKING:
    from PIL.Image import Image

# A batch of certificates for one family or class; what is longer is a book, and no reader waits for it.
MAX_PAGES = 20

# Bytes in which the header is looked for: mail and scanners put something before it.
_HEADER_WITHIN = 1_024

# Points are 1/72 inch: 200 dots an inch give a module of a printed certificate four pixels and more.
_SCALE = 200 / 72
# A code that is smaller than that has two pixels a module and more at 600, which scanners and printers know as fine.
_FINE = 600 / 72
# Pixels of a part that is drawn finer, and of what two such share: an inch, which is more than a small code is wide.
_PART, _SHARED = 9_000_000, 600
# Of its sides, what is drawn around a code that was seen.
_MARGIN = 0.25


# Left, top, right and bottom, in points from a page's top left.
Part = tuple[float, float, float, float]


def is_pdf(content: bytes) -> bool:
    """Whether the bytes begin like a PDF (ISO 32000-1, section 7.5.2), whatever stands before its header."""
    return content.find(b"%PDF-", 0, _HEADER_WITHIN) >= 0


class Pages:
    """The pages of a PDF, at 200 dots an inch or as many as `max_pixels` and `max_side` allow.

    Raises `ImageError` for a PDF that cannot be opened, has more than `MAX_PAGES` pages or would cost more to draw than
    `vaxcert.qr.pdf.cost` allows, or where pypdfium2 is not installed.
    """

    pages = True

    def __init__(self, content: bytes, max_pixels: int, max_side: int | None = None) -> None:
        try:
            import pypdfium2
        except ImportError:
            raise ImageError(missing("reading a PDF needs pypdfium2", "scan"), Reason.COMPONENT_MISSING) from None
        cost.check(content)
        self._faults = (pypdfium2.PdfiumError, ValueError)
        self._max_pixels, self._max_side = max_pixels, max_side or math.inf
        try:
            self._document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError:
            raise ImageError("not a readable PDF, or one with a password") from None
        # Before any page is opened, or fields are not drawn. Forms in XML are left alone: they are programs.
        with suppress(pypdfium2.PdfiumError):
            if self._document.get_formtype() == pypdfium2.raw.FORMTYPE_ACRO_FORM:
                self._document.init_forms()
        if len(self._document) > MAX_PAGES:
            count = len(self._document)
            self.close()
            raise ImageError(f"the PDF has {count} pages, more than {MAX_PAGES}", Reason.TOO_LARGE)

    def __len__(self) -> int:
        return len(self._document)

    def draw(self, number: int) -> Image:
        """A page. Raises `ImageError` for one that cannot be drawn."""
        page = self._page(number)
        try:
            return self._drawn(page, self._scale(page))
        finally:
            page.close()

    def closer(self, number: int, boxes: list[tuple[int, int, int, int]]) -> Iterator[Image]:
        """What is around boxes of a page's pixels at 600 dots an inch; without boxes all of the page, in strips."""
        page = self._page(number)
        try:
            scale, (width, height) = self._scale(page), page.get_size()
            if scale < _SCALE * 0.99:  # a sheet as large as a house has nothing that small
                return
            around = [_widened(box, scale, width, height) for box in boxes]
            for part in around or _strips(width, height):
                yield self._drawn(page, _FINE, part)
        finally:
            page.close()

    def close(self) -> None:
        """Give the document back."""
        self._document.close()

    def _page(self, number: int) -> Any:
        try:
            return self._document[number]
        except self._faults:
            raise ImageError("a page of the PDF cannot be drawn") from None

    def _scale(self, page: Any) -> float:
        width, height = page.get_size()
        most = (self._max_pixels / max(1.0, width * height)) ** 0.5 * 0.99
        return float(min(_SCALE, most, self._max_side / max(1.0, width, height) * 0.99))

    def _drawn(self, page: Any, scale: float, part: Part | None = None) -> Image:
        width, height = page.get_size()
        left, top, right, bottom = part or (0, 0, width, height)
        try:
            drawn = page.render(scale=scale, crop=(left, height - bottom, width - right, top), grayscale=True)
            # A copy: what the library drew on goes with it.
            return drawn.to_pil().copy()  # type: ignore[no-any-return]
        except self._faults:
            raise ImageError("a page of the PDF cannot be drawn") from None


def _widened(box: tuple[int, int, int, int], scale: float, width: float, height: float) -> Part:
    """A box of pixels in points, with a margin; of what is too large for a part its middle."""
    left, top, right, bottom = (edge / scale for edge in box)
    across, down = (right - left) * _MARGIN, (bottom - top) * _MARGIN
    left, top, right, bottom = left - across, top - down, right + across, bottom + down
    most = math.sqrt(_PART) / _FINE
    if right - left > most:
        left, right = (left + right - most) / 2, (left + right + most) / 2
    if bottom - top > most:
        top, bottom = (top + bottom - most) / 2, (top + bottom + most) / 2
    return max(0.0, left), max(0.0, top), min(width, right), min(height, bottom)


def _strips(width: float, height: float) -> Iterator[Part]:
    """A page's whole width in strips, in points, that have something in common each with the next."""
    shared = _SHARED / _FINE
    high = max(2 * shared, _PART / _FINE / (width * _FINE))
    top = 0.0
    while True:
        yield 0.0, top, width, min(height, top + high)
        if top + high >= height:
            return
        top += high - shared
