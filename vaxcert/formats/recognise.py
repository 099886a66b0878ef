"""What is this code? Told by its shape, before anything of it is decoded."""

from vaxcert.errors import FormatError, Reason
from vaxcert.formats.base import Format
from vaxcert.formats.hcert import HCERT

FORMATS: tuple[Format, ...] = (HCERT,)

# What hand scanners and mail programs put around a text. A space may be the last character of a base45 text and is
# never theirs to take.
_AROUND = "\r\n\t"


def bare(text: str) -> str:
    """The text of a code without what stood around it."""
    return text.strip(_AROUND)


def format_of(text: str) -> Format | None:
    """The format of a text, or None for one of no known format."""
    return next((known for known in FORMATS if known.detect(text)), None)


def recognise(text: str) -> Format:
    """The format of a text. Raises `FormatError` (`format_unknown`)."""
    found = format_of(text)
    if found is None:
        raise FormatError(Reason.FORMAT_UNKNOWN)
    return found
