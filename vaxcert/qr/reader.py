"""Picture to symbols, in this process: open within limits, then one attempt with zxing-cpp."""

from __future__ import annotations

import os
import warnings
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vaxcert.errors import ImageError
from vaxcert.qr.symbol import Symbol

if TYPE_CHECKING:
    from PIL.Image import Image

# A phone's photo is 3 to 6 MB. What is larger is no photo of a code, and is refused before it is read.
MAX_BYTES = 10_000_000

# 40 megapixels is above every phone's default mode; as grey bytes that is 40 MB, the most one picture may cost.
MAX_PIXELS = 40_000_000

# Named, so that no sniffing ever hands a file to a decoder that runs programs (EPS through Ghostscript).
_FORMATS = ("PNG", "JPEG", "WEBP")

_LEVELS = frozenset("LMQH")


def read(image: Any) -> list[Symbol]:
    """The codes in a picture: a path, the bytes of a PNG, JPEG or WebP, a PIL image, or a numpy array.

    Arrays are grey (height × width) or colour (height × width × 3 or 4, the fourth being opacity), uint8. A picture
    without a code gives an empty list. Raises `ImageError` for what cannot be opened or is over the limits.
    """
    import zxingcpp

    formats: Any = zxingcpp.BarcodeFormat
    found = zxingcpp.read_barcodes(
        _grey(image),
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


def _grey(image: Any) -> Image:
    """The picture in grey, the right way up."""
    from PIL import Image

    if isinstance(image, Image.Image):
        return _flat(image)
    if hasattr(image, "__array_interface__"):
        return _flat(_from_array(image))
    if isinstance(image, bytes | bytearray | memoryview):
        content = bytes(image)
        if len(content) > MAX_BYTES:
            raise ImageError(f"the picture has more than {MAX_BYTES} bytes")
    elif isinstance(image, str | os.PathLike):
        content = _file(Path(image))
    else:
        raise TypeError(f"cannot read codes from {type(image).__name__}")
    with warnings.catch_warnings():
        # Pillow warns of large pictures; ours is a smaller bound, checked before any pixel is decoded.
        warnings.simplefilter("ignore")
        try:
            with Image.open(BytesIO(content), formats=_FORMATS) as opened:
                return _flat(opened)
        except ImageError:
            raise
        except Image.DecompressionBombError:
            raise ImageError(f"the picture has more than {MAX_PIXELS} pixels") from None
        except Exception as error:
            # Pillow's decoders raise whatever the damage happens to hit; none of it is about our code.
            raise ImageError(f"not a readable PNG, JPEG or WebP picture ({type(error).__name__})") from None


def _file(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise ImageError(error.strerror or "the picture cannot be opened") from None
    if len(content) > MAX_BYTES:
        raise ImageError(f"the picture has more than {MAX_BYTES} bytes")
    return content


def _flat(image: Image) -> Image:
    from PIL import Image as Pictures
    from PIL import ImageOps

    if image.width * image.height > MAX_PIXELS:
        raise ImageError(f"the picture has more than {MAX_PIXELS} pixels")
    image = ImageOps.exif_transpose(image)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        # What is transparent is paper: a viewer shows it white, and a decoder would take it for black.
        paper = Pictures.new("RGBA", image.size, "white")
        image = Pictures.alpha_composite(paper, image.convert("RGBA"))
    if image.mode.startswith("I;16") or image.mode == "I":
        image = image.point(lambda value: value / 256).convert("L")
    return image.convert("L")


def _from_array(array: Any) -> Image:
    # By its interface and not its type: whoever has no numpy has no arrays, and need not install it.
    from PIL import Image

    shape = array.shape
    if str(array.dtype) != "uint8" or len(shape) not in (2, 3) or (len(shape) == 3 and shape[2] not in (3, 4)):
        raise ImageError("not an array of grey or colour bytes")
    if 0 in shape:
        raise ImageError("an empty picture")
    if shape[0] * shape[1] > MAX_PIXELS:
        raise ImageError(f"the picture has more than {MAX_PIXELS} pixels")
    return Image.fromarray(array)
