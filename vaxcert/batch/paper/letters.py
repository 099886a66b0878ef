"""Which texts the fonts of this machine can set: those that typst brings, and for other scripts the machine's own."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typst

# PDF/UA has typst refuse a document in which a letter would be drawn as the box of a font that lacks it.
_STANDARD: typst.PDFStandard = "ua-1"
_PROBE = b"""#set document(title: "-")
#for one in json(bytes(sys.inputs.data)) { par(one) }"""

# Letters that were looked for, and whether they can be set. No names: a million letters are all there are.
_known: dict[str, bool] = {}


@cache
def fonts() -> typst.Fonts:
    """The fonts of this process, found once: a machine with many takes a while."""
    import typst

    return typst.Fonts(include_system_fonts=True)


def lacking(texts: Iterable[str]) -> frozenset[str]:
    """Those of some texts of which no font has all the letters."""
    different = set(texts)
    # A mark stands on a letter, and a font has to have both: marks are asked about with their texts.
    letters = {letter for text in different for letter in text if not unicodedata.category(letter).startswith("M")}
    new = letters - _known.keys()
    refused = _refused(sorted(new))
    _known.update((letter, letter not in refused) for letter in new)
    lack = {text for text in different if not all(_known.get(letter, True) for letter in text)}
    return frozenset(lack | _refused(sorted(text for text in different - lack if _has_marks(text))))


def drawable(text: str) -> str:
    """What is left of a text without the words that no font has all letters of."""
    found = text.split()
    lack = lacking(found)
    return " ".join(word for word in found if word not in lack)


def _has_marks(text: str) -> bool:
    return any(unicodedata.category(letter).startswith("M") for letter in text)


def _refused(texts: Sequence[str]) -> set[str]:
    """Those that cannot be set: halved until each stands alone, since nearly always all can."""
    pieces, refused = [list(texts)], set()
    while pieces:
        piece = pieces.pop()
        if not piece or _set(piece):
            continue
        if len(piece) == 1:
            refused.add(piece[0])
        else:
            half = len(piece) // 2
            pieces += piece[:half], piece[half:]
    return refused


def _set(texts: list[str]) -> bool:
    import typst

    inputs = {"data": json.dumps(texts, ensure_ascii=False)}
    try:
        typst.compile(_PROBE, sys_inputs=inputs, font_paths=fonts(), pdf_standards=_STANDARD)
    except typst.TypstError:
        return False
    return True
