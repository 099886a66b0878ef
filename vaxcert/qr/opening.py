"""From whatever holds a picture to grey pictures, the right way up and within bounds."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from vaxcert.errors import ImageError, Reason
from vaxcert.qr import pdf

if TYPE_CHECKING:
    from PIL.Image import Image

    class Array(Protocol):
        """What numpy's arrays are to others: height × width (× 3 or 4), uint8."""

        @property
        def __array_interface__(self) -> dict[str, Any]:
            """The array interface, version 3."""

    # What `vaxcert.qr.read` takes.
    Picture = str | os.PathLike[str] | bytes | bytearray | memoryview | Image | Array

# A phone's photo is 3 to 6 MB. What is larger is no photo of a code, and is refused before it is read.
MAX_BYTES = 10_000_000

# 40 megapixels is above every phone's default mode; as grey bytes that is 40 MB, the most one picture may cost.
MAX_PIXELS = 40_000_000

# Decoders count sides in 16 bits with a sign.
MAX_SIDE = 32_767

# Its decoder holds four bytes a pixel four times over; no phone's camera writes it.
MAX_WEBP_PIXELS = 16_000_000

# Pixels that are made grey at a time: a picture in colour is there once, beside its grey one.
_STRIP = 1_000_000

# What turns a picture upright (CIPA DC-008, section 4.6.5.1.6): Pillow's `Transpose`, by the tag's value.
_UPRIGHT = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}
_ORIENTATION = 0x0112

# Named, so that no sniffing ever hands a file to a decoder that runs programs (EPS through Ghostscript).
_FORMATS = ("PNG", "JPEG", "WEBP")


def pictures(source: Picture) -> Iterator[Image]:
    """The grey pictures in a source: one, or for a PDF one a page. See `vaxcert.qr.read` for what it may be."""
    from PIL import Image

    if isinstance(source, Image.Image):
        yield _flat(source)
        return
    if isinstance(source, memoryview) and source.ndim == 2:
        yield _flat(_from_buffer(source))
        return
    if hasattr(source, "__array_interface__"):
        yield _flat(_from_array(source))
        return
    if isinstance(source, bytes | bytearray | memoryview):
        content = bytes(source)
        if len(content) > MAX_BYTES:
            raise ImageError(f"the picture has more than {MAX_BYTES} bytes", Reason.TOO_LARGE)
    elif isinstance(source, str | os.PathLike):
        content = read_file(Path(source))
    else:
        raise TypeError(f"cannot read codes from {type(source).__name__}")
    if pdf.is_pdf(content):
        for page in pdf.pages(content, MAX_PIXELS, MAX_SIDE):
            yield _flat(page)
        return
    yield _opened(content)


def _webp_size(content: bytes) -> tuple[int, int]:
    """Width and height as the file says first (RFC 9649, sections 2.5 to 2.7): its decoder takes memory when opened."""
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        return 0, 0
    kind, number = content[12:16], int.from_bytes
    if kind == b"VP8X":
        return 1 + number(content[24:27], "little"), 1 + number(content[27:30], "little")
    if kind == b"VP8L":
        bits = number(content[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return number(content[26:28], "little") & 0x3FFF, number(content[28:30], "little") & 0x3FFF


def _opened(content: bytes) -> Image:
    from PIL import Image

    with warnings.catch_warnings():
        # Pillow warns of large pictures; ours is a smaller bound, checked before any pixel is decoded.
        warnings.simplefilter("ignore")
        try:
            _check(*_webp_size(content), MAX_WEBP_PIXELS)
            return _upright(*_grey_of(content))
        except (ImageError, MemoryError):
            raise
        except Image.DecompressionBombError:
            raise ImageError(f"the picture has more than {MAX_PIXELS} pixels", Reason.TOO_LARGE) from None
        except Exception as error:
            # Pillow's decoders raise whatever the damage happens to hit; none of it is about our code.
            raise ImageError(f"not a readable PNG, JPEG or WebP picture ({type(error).__name__})") from None


def read_file(path: Path) -> bytes:
    """The bytes of a picture's file. Raises `ImageError` where it cannot be read or is over the bound."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        missing = isinstance(error, FileNotFoundError | NotADirectoryError)
        raise ImageError(
            error.strerror or "the picture cannot be opened", Reason.NOT_FOUND if missing else Reason.NOT_READABLE
        ) from None
    if len(content) > MAX_BYTES:
        raise ImageError(f"the picture has more than {MAX_BYTES} bytes", Reason.TOO_LARGE)
    return content


def _grey_of(content: bytes) -> tuple[Image, int]:
    from PIL import Image

    with Image.open(BytesIO(content), formats=_FORMATS) as opened:
        _check(opened.width, opened.height)
        # Of a JPEG the brightness alone is decoded, at a quarter of the memory; others have no such thing.
        opened.draft("L", opened.size)
        return _grey(opened), _orientation(opened)


def _flat(image: Image) -> Image:
    _check(image.width, image.height)
    return _upright(_grey(image), _orientation(image))


def _check(width: int, height: int, most: int | None = None) -> None:
    if width > MAX_SIDE or height > MAX_SIDE:
        raise ImageError(f"a side of the picture has more than {MAX_SIDE} pixels", Reason.TOO_LARGE)
    most = MAX_PIXELS if most is None else most
    if width * height > most:
        raise ImageError(f"the picture has more than {most} pixels", Reason.TOO_LARGE)


def _orientation(image: Image) -> int:
    return int(image.getexif().get(_ORIENTATION, 1))


def _upright(grey: Image, orientation: int) -> Image:
    from PIL import Image

    way = _UPRIGHT.get(orientation)
    return grey if way is None else grey.transpose(Image.Transpose(way))


def _grey(image: Image) -> Image:
    from PIL import Image as Pictures

    if image.mode == "L" and "transparency" not in image.info:
        return image.convert("L")
    grey = Pictures.new("L", image.size)
    rows = max(1, _STRIP // max(1, image.width))
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(image.height, top + rows)))
        grey.paste(_grey_strip(strip), (0, top))
    return grey


def _grey_strip(image: Image) -> Image:
    from PIL import Image as Pictures

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
    _check(shape[1], shape[0])
    return Image.fromarray(array)


def _from_buffer(buffer: memoryview) -> Image:
    from PIL import Image

    height, width = buffer.shape or (0, 0)
    if buffer.itemsize != 1 or not width or not height:
        raise ImageError("not a buffer of grey bytes, height by width")
    _check(width, height)
    return Image.frombytes("L", (width, height), buffer.tobytes())
