"""Texts as they are compared by patterns: small letters without tones, digits of every script as ours."""

from __future__ import annotations

import unicodedata

# What word processors make of a hyphen.
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-") | {ord("Đ"): "D", ord("đ"): "d"}


def folded(text: str) -> str:
    """A text in small letters without tones and accents, one blank where white space is.

    Punctuation stays, each dash as a hyphen.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    letters = unicodedata.normalize("NFKD", text.translate(_DASHES))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(bare.lower().split())
