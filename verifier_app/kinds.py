"""What was sent, told by how it begins: clients name types that are old, wrong or none."""

from __future__ import annotations

import codecs
from enum import StrEnum

from vaxcert.sorting import says_something

PICTURES = ("image/png", "image/jpeg", "image/webp", "application/pdf")
TEXTS = ("text/plain", "application/octet-stream")

# So far into a file a PDF may begin: mail programs and scanners put lines before it, and every reader finds it there.
LOOKED_AT = 1024

_CALLED_SO = frozenset((*PICTURES, "image/jpg", "image/pjpeg", "image/x-png", "application/x-pdf"))
_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class BodyKind(StrEnum):
    """What a body is read as."""

    JSON = "json"
    TEXT = "text"
    PICTURE = "picture"


def kind_of(start: bytes, declared: str = "") -> BodyKind | None:
    """What a body is by its first `LOOKED_AT` bytes, or None for nothing that is read here.

    `declared`: its media type, "" for none. It decides where the bytes do not: so a picture that is damaged is told as
    one. A text alone is one only where no other type is claimed, and something can be said of it.
    """
    if declared.startswith("multipart/"):
        return None
    text = start.decode("utf-16" if start.startswith(_UTF16) else "utf-8-sig", "ignore").lstrip()
    if text.startswith("{"):
        return BodyKind.JSON
    if start.startswith(_SIGNATURES) or (start[:4] == b"RIFF" and start[8:12] == b"WEBP"):
        return BodyKind.PICTURE
    if declared in ("", *TEXTS) and text.startswith("HC1:"):
        return BodyKind.TEXT
    if b"%PDF-" in start[:LOOKED_AT] or declared in _CALLED_SO:
        return BodyKind.PICTURE
    # A scanner's text, a mail, a code that is none of ours: what every other door says of them.
    if declared in ("", *TEXTS) and "\0" not in text and says_something(text):
        return BodyKind.TEXT
    return BodyKind.JSON if declared == "application/json" else None
