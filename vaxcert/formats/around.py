"""What readers, scanners, mail programs and editors put around and into the text of a code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

# What nobody sees and no base45 text has: control characters (a scanner's line ends and frame, padding), a soft hyphen,
# and Unicode's marks of width, direction and order of bytes.
_CODES = (
    *range(0x20),
    *range(0x7F, 0xA0),
    0xAD,
    0x61C,
    *range(0x200B, 0x2010),
    *range(0x2028, 0x202F),
    *range(0x2060, 0x2070),
    0xFEFF,
)
_UNSEEN = "".join(map(chr, _CODES))
_BLANKS = " \t\u00a0"
# A mail's lines are quoted by the first, a table's cells by the others.
_QUOTES = ">\"'\u201c\u201d"
_BESIDE = f"[{re.escape(_UNSEEN + _BLANKS + _QUOTES)}]*"
# Before a text also the symbology's identifier (ISO/IEC 15424, AIM: "]Q1"), and what zbarimg writes.
_LEAD = re.compile(rf"{_BESIDE}(?:\][A-Za-z][0-9A-Za-z])?{_BESIDE}(?:QR-Code:)?{_BESIDE}")
_BREAKS = re.compile("\r?\n|[\r\v\f\x85\u2028\u2029]")
# A blank behind them is left: where all lines have one it goes, where one has it it is the text's own.
_QUOTED = re.compile("(?:> ?)*>")
# The last character of a text that ends with nothing that could be in question.
_END = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$%*+-./:")


def is_bare(text: str, prefix: str) -> bool:
    """Whether a text begins with `prefix`, and nothing stands around or within it."""
    return text.startswith(prefix) and text[-1] in _END and text.isascii() and "\n" not in text and "\r" not in text


def bare(text: str, prefix: str, is_whole: Callable[[str], bool], others: tuple[str, ...] = ()) -> str:
    """A text without what stood around it and, where it then begins with `prefix`, without breaks into lines.

    `others`: beginnings of texts, in small letters, before which the same stands.

    A blank may be the last character of a base45 text, and is nobody's to take. Programs that break lines leave blanks
    out between them or add some, so of the ways to put lines together that one counts which gives something whole. A
    text that begins with nothing of ours keeps all but its frame.
    """
    if is_bare(text, prefix):
        return text
    text = text.strip(_UNSEEN)
    lead = _LEAD.match(text)
    begun = text if lead is None else text[lead.end() :]
    if not begun.startswith(prefix):
        known = lead is not None and ("]" in lead[0] or begun[:20].lower().startswith(others))
        return begun if known else text
    lines = [unquoted(line) for line in _BREAKS.split(begun.replace("\u00a0", " "))]
    # What is whole in no way is left as it came: it is judged, and told as what it is.
    return next(filter(is_whole, _ways(lines)), "".join(lines))


def unquoted(line: str) -> str:
    """A line of a mail without the marks that it is quoted by."""
    return line[found.end() :] if (found := _QUOTED.match(line)) else line


def _ways(lines: list[str]) -> Iterator[str]:
    """How lines may belong together, the likeliest first: as they are, without empty ones, without what was added."""
    filled = [line for line in lines if line]
    first, *rest = filled
    # Only as many blanks as all lines have were put there; the text's own stand where it happened to be cut.
    indented = min((len(line) - len(line.lstrip(_BLANKS)) for line in rest), default=0)
    ended = min((len(line) - len(line.rstrip(_BLANKS)) for line in filled[:-1]), default=0)
    trimmed = [first, *(line[indented:] for line in rest)]
    trimmed = [line[: len(line) - ended] for line in trimmed[:-1]] + [trimmed[-1].rstrip(_UNSEEN + _QUOTES)]
    ways = (joint.join(some) for some in (lines, filled, trimmed) for joint in ("", " "))
    return iter(dict.fromkeys(ways))
