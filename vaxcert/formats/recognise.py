"""What is this code? Told by its shape, before anything of it is decoded.

text → `bare` → a format of ours, or an error that says what it is instead: a scanner's fault, a certificate of
another system, no certificate, nothing that is known. None of these is a forgery.
"""

import re

from vaxcert.errors import Reason, UnrecognisedError
from vaxcert.formats import around, foreign, layouts, nzcp
from vaxcert.formats.base import Format
from vaxcert.formats.hcert import HCERT, PREFIX, is_whole
from vaxcert.formats.nzcp import NZCP
from vaxcert.formats.shc import SHC
from vaxcert.formats.vdsnc import VDS_NC

FORMATS: tuple[Format, ...] = (HCERT, SHC, NZCP, VDS_NC)

# How the texts of these formats begin: what a reader of pictures goes on for.
PREFIXES: tuple[str, ...] = (PREFIX, "shc:/", "NZCP:/", '{"data":')

OTHERS = tuple(prefix.lower() for prefix in PREFIXES[1:])

# Blanks and breaks into lines are nobody's in these; of parts of a card each stays on its own line.
_CLOSE = re.compile(r"shc:/|nzcp:/|eyJ[\w-]", re.IGNORECASE | re.ASCII)
_PARTS = re.compile(r"(?=shc:/)", re.IGNORECASE)


def bare(text: str) -> str:
    """The text of a code without what stood around it, its lines put together."""
    found = framed(text)
    if found.startswith(PREFIX):
        return found
    if _CLOSE.match(found := found.strip()):
        return "\n".join("".join(part.split()) for part in _PARTS.split(found) if part)
    return found


def framed(text: str) -> str:
    """A text, or a line of one, without what stood around it; the blanks of a line may be the text's own."""
    return around.bare(text, PREFIX, is_whole, OTHERS)


def format_of(text: str) -> Format | None:
    """The format of a text, or None for one of no known format."""
    for known in FORMATS:
        if known.detect(text):
            return known
    return None


def recognise(text: str) -> Format:
    """The format of a text. Raises `UnrecognisedError`, which says what it is instead."""
    found = format_of(text)
    if found is not None and text.isascii():
        return found
    if found is None and text[:6].swapcase() == nzcp.PREFIX:
        # Capitals are the specification's own; small ones come of a scanner's caps lock.
        raise UnrecognisedError(Reason.KEYBOARD_LAYOUT)
    # A shape says more than four letters do, which an insurance card may begin with as well.
    other = foreign.look(text) if found is None else None
    if other is not None:
        raise UnrecognisedError(other.reason, other.kind)
    if layouts.is_typed_otherwise(text, PREFIX):
        raise UnrecognisedError(Reason.KEYBOARD_LAYOUT)
    if found is None:
        raise UnrecognisedError(Reason.FORMAT_UNKNOWN)
    return found


def is_known(text: str) -> bool:
    """Whether a text is of a format, or of a shape that says what it is instead."""
    try:
        recognise(bare(text))
    except UnrecognisedError as error:
        return error.reason is not Reason.FORMAT_UNKNOWN
    return True
