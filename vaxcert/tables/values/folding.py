"""Texts as they are compared by patterns: small letters without tones, digits of every script as ours."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """A text in small letters without tones and accents, one blank where white space is; punctuation stays."""
    if text.isascii():
        return " ".join(text.lower().split())
    letters = unicodedata.normalize("NFKD", text.replace("Đ", "D").replace("đ", "d"))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(bare.lower().split())
