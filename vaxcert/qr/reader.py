"""Picture to symbols, in this process: open within limits, then attempt after attempt until one reads something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vaxcert.qr.ladder import climb
from vaxcert.qr.opening import pictures
from vaxcert.qr.symbol import Symbol

if TYPE_CHECKING:
    from vaxcert.qr.opening import Picture

# So many pages without a code get every attempt, a second each; the rest of the twenty get the quick ones.
_PATIENT_PAGES = 3


def read(image: Picture, *, thorough: bool = True) -> list[Symbol]:
    """The codes in a picture: a path, the bytes of a PNG, JPEG, WebP or PDF, a PIL image, an array or a buffer.

    Buffers are grey: a memoryview of bytes, height × width. Arrays are grey (height × width) or colour (height ×
    width × 3 or 4, the fourth being opacity), uint8. Of a PDF the codes of all pages come in order. Without a code
    the list is empty, which a picture is given some ten attempts and about a second for; `thorough=False` makes
    the two quick ones only, for a camera whose next frame is worth more. Raises `ImageError` for what cannot be
    opened or is over the limits.
    """
    symbols: list[Symbol] = []
    for number, picture in enumerate(pictures(image)):
        # A document's other pages are text: what has given its codes, or begins with pages of none, is leafed through.
        patient = thorough and not symbols and number < _PATIENT_PAGES
        symbols += climb(picture, thorough=patient)
    return symbols
