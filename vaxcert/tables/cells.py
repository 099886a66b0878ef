"""The one door that every cell goes through before anything splits, matches or reads it."""

from __future__ import annotations

import unicodedata

from vaxcert.names import UNSEEN

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
