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
        for page in pdf.pages(content, MAX_PIXELS):
            yield _flat(page)
        return
    yield _opened(content)


def _opened(content: bytes) -> Image:
    from PIL import Image

    with warnings.catch_warnings():
        # Pillow warns of large pictures; ours is a smaller bound, checked before any pixel is decoded.
        warnings.simplefilter("ignore")
        try:
            with Image.open(BytesIO(content), formats=_FORMATS) as opened:
                return _flat(opened)
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


def _flat(image: Image) -> Image:
    from PIL import Image as Pictures
    from PIL import ImageOps

    if image.width * image.height > MAX_PIXELS:
        raise ImageError(f"the picture has more than {MAX_PIXELS} pixels", Reason.TOO_LARGE)
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
        raise ImageError(f"the picture has more than {MAX_PIXELS} pixels", Reason.TOO_LARGE)
    return Image.fromarray(array)


def _from_buffer(buffer: memoryview) -> Image:
    from PIL import Image

    height, width = buffer.shape or (0, 0)
    if buffer.itemsize != 1 or not width or not height:
        raise ImageError("not a buffer of grey bytes, height by width")
    if width * height > MAX_PIXELS:
        raise ImageError(f"the picture has more than {MAX_PIXELS} pixels", Reason.TOO_LARGE)
    return Image.frombytes("L", (width, height), buffer.tobytes())
