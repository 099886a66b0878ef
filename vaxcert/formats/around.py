"""What readers, scanners and mail programs put around and into the text of a code."""

from __future__ import annotations

import re
from collections.abc import Callable

# A scanner's line ends, its frame (STX, ETX), what a file begins with, and padding.
_FRAME = "\r\n\t\0\x02\x03\ufeff"
# Before a text also blanks, the symbology's identifier (ISO/IEC 15424, AIM: "]Q1"), and what zbarimg writes.
_LEAD = re.compile(r"[\r\n\t\0\x02\x03\ufeff \u00a0]*(?:\][A-Za-z][0-9A-Za-z])?(?:QR-Code:)?[ \u00a0]*")
_BREAKS = re.compile(r"\r?\n|\r")


def bare(text: str, prefix: str, is_whole: Callable[[str], bool]) -> str:
    """A text without what stood around it and, where it then begins with `prefix`, without breaks into lines.

    A blank may be the last character of a base45 text, and is nobody's to take. Programs that break lines between
    words leave such a blank out, so of the two ways to put lines together that one counts which gives something
    whole. A text that begins with nothing of ours keeps all but its frame.
    """
    if text.startswith(prefix) and text[-1] not in _FRAME and "\n" not in text and "\r" not in text:
        return text
    text = text.strip(_FRAME)
    lead = _LEAD.match(text)
    begun = text if lead is None else text[lead.end() :]
    if not begun.startswith(prefix):
        return begun if lead is not None and "]" in lead[0] else text
    if "\n" not in begun and "\r" not in begun:
        return begun
    lines = _BREAKS.split(begun)
    joined = "".join(lines)
    if not is_whole(joined) and is_whole(spaced := " ".join(lines)):
        return spaced
    return joined
