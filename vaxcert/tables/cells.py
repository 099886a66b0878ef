"""The one door that every cell goes through before anything splits, matches or reads it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from typing import Any

from vaxcert.names import UNSEEN

Cells = tuple[str, ...]


class Changed(str):
    """A cell that is read as another text than stands in it: what a merged cell says in all its places, or what the
    font showed that it was typed for. `stood`: the text that stands there.
    """

    __slots__ = ("stood",)
    stood: str

    def __new__(cls, text: str, stood: str) -> Changed:
        cell = super().__new__(cls, text)
        cell.stood = stood
        return cell

    def __reduce__(self) -> tuple[type[Changed], tuple[str, str]]:
        return Changed, (str(self), self.stood)


def stood(cell: str) -> str:
    """What stands in a cell, whatever it is read as."""
    return cell.stood if isinstance(cell, Changed) else cell


_FIRST_C1, _LAST_C1 = "\x80", "\x9f"


def clean(text: str) -> str:
    """A cell's text as it is read: NFC, each stretch of white space one blank, none outside, nothing invisible.

    White space is what Unicode calls so: line breaks, tabs, no-break and ideographic spaces. Zero-width and
    bidirectional characters, soft hyphens, byte order marks, fillers and controls go; surrogates, which no UTF-8 can
    carry, become U+FFFD. Other C1 controls than the line end stay: they are what is left of letters that were read in
    the wrong code page, which whoever reads names has to see. Never raises, and changes nothing the second time.
    """
    if not text.isprintable():
        text = "".join(map(_blank_or_visible, text))
    if not text.isascii():
        text = UNSEEN.sub("", text)
    if "  " in text or text[:1] == " " or text[-1:] == " ":
        text = " ".join(filter(None, text.split(" ")))
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _blank_or_visible(character: str) -> str:
    if character.isspace():
        return " "
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"
    if category == "Cc":
        return character if _FIRST_C1 <= character <= _LAST_C1 else ""
    return "" if category == "Cf" else character


# What a spreadsheet would run: OWASP, "CSV Injection".
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# How a number keeps its zeros in a CSV: ="099…"; and how a spreadsheet marks a text: '099….
_AS_TEXT = re.compile('="([^"]*)"|\'([0-9].*)')


def harmless(cell: str) -> str:
    """A cell of somebody else's table as a spreadsheet shows it and never runs it; `meant` undoes it."""
    return "'" + cell if cell.startswith(_FORMULA) else cell


def meant(cell: str) -> str:
    """What a cell said before it was made harmless."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def said(cell: str) -> str:
    """What a cell says: clean, and without what spreadsheets write so that a text stays one."""
    text = clean(cell)
    if text[:1] in ("'", "="):
        text = meant(text)
        if found := _AS_TEXT.fullmatch(text):
            text = clean(found[1] or found[2] or "")
    return text


def text_of(cell: Any) -> str:
    """A cell with a type as a CSV would have it: whole numbers without a point, days without a time of midnight."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time.min else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)
