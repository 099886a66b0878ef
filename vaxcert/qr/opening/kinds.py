"""What a file is by its first bytes, where it is a picture that is not opened: so that it can be said what to do."""

from __future__ import annotations

# ISO/IEC 23008-12 and the AV1 Image File Format: brands of the box that such a file begins with.
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"})
_AVIF = frozenset({b"avif", b"avis"})
_BEGINNINGS = {
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",
    b"MM\0+": "TIFF",
    b"\xff\x0a": "JPEG XL",
    b"\0\0\0\x0cJXL ": "JPEG XL",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
}
# Brands that a box of types is looked through for; it names a handful.
_MOST_BRANDS = 16


def is_opened(content: bytes) -> bool:
    """Whether the bytes begin as a PNG, JPEG or WebP does."""
    return content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")) or (
        content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    )


def unsupported(content: bytes) -> str | None:
    """The name of a type of picture that is known and not opened, or None."""
    for beginning, name in _BEGINNINGS.items():
        if content.startswith(beginning):
            return name
    if content[:2] == b"BM" and content[6:10] == bytes(4):
        return "BMP"
    if content[4:8] == b"ftyp":
        end = min(int.from_bytes(content[:4], "big"), 16 + 4 * _MOST_BRANDS, len(content))
        brands = {content[8:12], *(content[at : at + 4] for at in range(16, end, 4))}
        # An AVIF names `mif1` as well, being a picture of that general kind.
        if brands & _AVIF:
            return "AVIF"
        if brands & _HEIC:
            return "HEIC"
    return None
