"""From whatever holds a picture to grey pictures, the right way up and within bounds."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from vaxcert.errors import ImageError, Reason
from vaxcert.qr import pdf
from vaxcert.qr.opening import kinds
from vaxcert.qr.opening.grey import grey_of, orientation, upright

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

# Of a picture that moves so many frames after the first are looked at, spread over as many as have `MAX_PIXELS` in all.
_LATER_FRAMES = 5

# Named, so that no sniffing ever hands a file to a decoder that runs programs (EPS through Ghostscript).
_FORMATS = ("PNG", "JPEG", "WEBP")


class Views(Protocol):
    """What there is to look at in a source: `len` views, each drawn anew when it is asked for, since few fit a memory.

    `pages`: whether they are pages, each with codes of its own; else they are one picture, seen in several ways, of
    which more may be known once the first was drawn.
    """

    pages: bool

    def __len__(self) -> int: ...

    def draw(self, number: int) -> Image:
        """A view in grey, the right way up. Raises `ImageError`."""

    def closer(self, number: int, boxes: list[tuple[int, int, int, int]]) -> Iterator[Image]:
        """Parts of a view drawn finer: around boxes of its pixels, or all of it; none where there is nothing finer."""

    def close(self) -> None:
        """Give back what holding the source took."""


def views(source: Picture) -> Views:
    """The views of a source; see `vaxcert.qr.read` for what it may be. Raises `ImageError`."""
    from PIL import Image

    if isinstance(source, Image.Image):
        return _Given(source)
    if isinstance(source, memoryview) and source.ndim == 2:
        return _Given(_from_buffer(source))
    if hasattr(source, "__array_interface__"):
        return _Given(_from_array(source))
    if isinstance(source, bytes | bytearray | memoryview):
        content = bytes(source)
        if len(content) > MAX_BYTES:
            raise ImageError(f"the picture has more than {MAX_BYTES} bytes", Reason.TOO_LARGE)
    elif isinstance(source, str | os.PathLike):
        content = read_file(Path(source))
    else:
        raise TypeError(f"cannot read codes from {type(source).__name__}")
    # A picture may quote the beginning of a PDF among what it says of itself.
    if not kinds.is_opened(content) and pdf.is_pdf(content):
        return pdf.Pages(content, MAX_PIXELS, MAX_SIDE)
    if (name := kinds.unsupported(content)) is not None:
        raise ImageError(
            f"a {name} picture, which is not read: send it as JPEG or PNG, or take a screenshot of it",
            Reason.PICTURE_TYPE_UNSUPPORTED,
        )
    return _File(content)


class _Still:
    """One picture: on white paper, on black where some of it is transparent, and later frames of one that moves."""

    pages = False

    def __init__(self) -> None:
        self._ways = [(0, "white")]

    def __len__(self) -> int:
        return len(self._ways)

    def draw(self, number: int) -> Image:
        frame, paper = self._ways[number]
        with self._opened(frame) as image:
            grey, transparent = grey_of(image, paper)
            if number == 0:
                # A viewer shows what is transparent white; but what is drawn in white alone is meant for black.
                self._ways = [(0, "white"), *([(0, "black")] if transparent else []), *self._later(image)]
            return upright(grey, orientation(image))

    def closer(self, number: int, boxes: list[tuple[int, int, int, int]]) -> Iterator[Image]:
        return iter(())

    def close(self) -> None:
        return

    def _opened(self, frame: int) -> AbstractContextManager[Image]:
        raise NotImplementedError

    def _later(self, image: Image) -> list[tuple[int, str]]:
        return []


class _Given(_Still):
    def __init__(self, image: Image) -> None:
        super().__init__()
        _check(image.width, image.height)
        self._image = image

    def _opened(self, frame: int) -> AbstractContextManager[Image]:
        return nullcontext(self._image)


class _File(_Still):
    def __init__(self, content: bytes) -> None:
        super().__init__()
        self._content = content

    def draw(self, number: int) -> Image:
        from PIL import Image

        with warnings.catch_warnings():
            # Pillow warns of large pictures; ours is a smaller bound, checked before any pixel is decoded.
            warnings.simplefilter("ignore")
            try:
                return super().draw(number)
            except (ImageError, MemoryError):
                raise
            except Image.DecompressionBombError:
                raise ImageError(f"the picture has more than {MAX_PIXELS} pixels", Reason.TOO_LARGE) from None
            except Exception as error:
                if number:
                    # The picture itself was whole; what is broken after it shows nothing.
                    return Image.new("L", (1, 1), 255)
                # Pillow's decoders raise whatever the damage happens to hit; none of it is about our code.
                raise ImageError(f"not a readable PNG, JPEG or WebP picture ({type(error).__name__})") from None

    @contextmanager
    def _opened(self, frame: int) -> Iterator[Image]:
        from PIL import Image

        _check(*_webp_size(self._content), MAX_WEBP_PIXELS)
        with Image.open(BytesIO(self._content), formats=_FORMATS) as opened:
            _check(opened.width, opened.height)
            # Of a JPEG the brightness alone is decoded, at a quarter of the memory; others have no such thing.
            opened.draft("L", opened.size)
            if frame:
                opened.seek(frame)
            yield opened

    def _later(self, image: Image) -> list[tuple[int, str]]:
        # A JPEG's further pictures are depths and previews.
        if image.format not in ("PNG", "WEBP"):
            return []
        count = min(getattr(image, "n_frames", 1), MAX_PIXELS // (image.width * image.height))
        spread = {round(step * (count - 1) / _LATER_FRAMES) for step in range(1, _LATER_FRAMES + 1)}
        return [(frame, "white") for frame in sorted(spread) if frame > 0]


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


def _check(width: int, height: int, most: int | None = None) -> None:
    if width > MAX_SIDE or height > MAX_SIDE:
        raise ImageError(f"a side of the picture has more than {MAX_SIDE} pixels", Reason.TOO_LARGE)
    most = MAX_PIXELS if most is None else most
    if width * height > most:
        raise ImageError(f"the picture has more than {most} pixels", Reason.TOO_LARGE)


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
