"""Pages of a PDF as pictures, within the same bounds as any other picture."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from vaxcert.errors import ImageError, Reason
from vaxcert.extras import missing
from vaxcert.qr.pdf import cost

if TYPE_CHECKING:
    from PIL.Image import Image

# A batch of certificates for one family or class; what is longer is a book, and no reader waits for it.
MAX_PAGES = 20

# Points are 1/72 inch: 200 dots an inch give a module of a printed certificate four pixels and more.
_SCALE = 200 / 72


def is_pdf(content: bytes) -> bool:
    """Whether the bytes begin like a PDF (ISO 32000-1, section 7.5.2)."""
    return content.startswith(b"%PDF-")


def pages(content: bytes, max_pixels: int, max_side: int | None = None) -> Iterator[Image]:
    """The pages, at 200 dots an inch or as many as `max_pixels` and `max_side` allow.

    Raises `ImageError` for a PDF that cannot be opened, has more than `MAX_PAGES` pages or would cost more to draw than
    `vaxcert.qr.pdf.cost` allows, or where pypdfium2 is not installed.
    """
    try:
        import pypdfium2
    except ImportError:
        raise ImageError(missing("reading a PDF needs pypdfium2", "scan"), Reason.COMPONENT_MISSING) from None
    cost.check(content)
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        raise ImageError("not a readable PDF, or one with a password") from None
    try:
        if len(document) > MAX_PAGES:
            raise ImageError(f"the PDF has {len(document)} pages, more than {MAX_PAGES}", Reason.TOO_LARGE)
        for page in document:
            width, height = page.get_size()
            most = (max_pixels / max(1.0, width * height)) ** 0.5 * 0.99
            scale = min(_SCALE, most, (max_side or math.inf) / max(1.0, width, height) * 0.99)
            try:
                yield page.render(scale=scale, grayscale=True).to_pil()
            except (pypdfium2.PdfiumError, ValueError):
                raise ImageError("a page of the PDF cannot be drawn") from None
            finally:
                page.close()
    finally:
        document.close()
