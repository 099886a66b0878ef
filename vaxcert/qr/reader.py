"""Picture to symbols, in this process: open within limits, then one attempt with zxing-cpp."""

from __future__ import annotations

from typing import Any

from vaxcert.qr.opening import pictures
from vaxcert.qr.symbol import Symbol

_LEVELS = frozenset("LMQH")


def read(image: Any) -> list[Symbol]:
    """The codes in a picture: a path, the bytes of a PNG, JPEG, WebP or PDF, a PIL image, an array or a buffer.

    Buffers are grey: a memoryview of bytes, height × width. Arrays are grey (height × width) or colour (height ×
    width × 3 or 4, the fourth being opacity), uint8. Of a PDF the codes of all pages come in order. Without a code
    the list is empty. Raises `ImageError` for what cannot be opened or is over the limits.
    """
    return [symbol for picture in pictures(image) for symbol in _codes(picture)]


def _codes(picture: Any) -> list[Symbol]:
    import zxingcpp

    formats: Any = zxingcpp.BarcodeFormat
    found = zxingcpp.read_barcodes(
        picture,
        formats=zxingcpp.BarcodeFormats([formats.QRCode, formats.Aztec, formats.DataMatrix, formats.PDF417]),
        text_mode=zxingcpp.TextMode.Plain,
    )
    return [_symbol(code, "plain") for code in found if code.valid]


def _symbol(code: Any, attempt: str) -> Symbol:
    at = code.position
    level = str(code.ec_level)
    return Symbol(
        text=code.text,
        data=bytes(code.bytes),
        symbology=str(code.format),
        level=level if level in _LEVELS else None,
        corners=tuple((point.x, point.y) for point in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)),
        attempt=attempt,
    )
