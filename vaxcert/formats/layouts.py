"""Texts that a hand scanner typed for a keyboard which the computer does not have.

A scanner sends keys and not letters: set to a US keyboard it presses H, C, 1 and Shift with the key beside L. What
these four give elsewhere tells its layout; typing aids for Vietnamese make letters of what follows.
"""

from __future__ import annotations

import re
import unicodedata

# Shorter than any card, so that a word which happens to begin so is no scanner's fault.
_LEAST = 60

# What comes of "HC1:", in capitals: HC of a Latin keyboard, 1 or what stands there without Shift (Vietnamese, French,
# Czech, Turkish), and anything but the colon; then other scripts and other orders of the keys.
_BEGINNINGS = re.compile(
    "HC[1&+!ĂĄ¡İI]"
    '|[РР][СC][1"][Ж]'  # Russian, Ukrainian, Belarusian, Kazakh
    "|ХЦ[1!]"  # Serbian, Macedonian, Bulgarian by sound
    "|ГЪ[1!]"  # Bulgarian
    "|Η[ΨC][1!]"  # Greek
    "|יב[1!]|[أا][}ؤ][1١]|آ[}ژ][1۱]"  # Hebrew, Arabic, Persian
    "|[\u0e47้]ฉ[ๅ+]"  # Thai
    "|ㅗㅊ1|くそ|ＨＣ１"  # Korean, Japanese, wide letters
    "|DJ1S"  # Dvorak
)


def is_typed_otherwise(text: str, prefix: str) -> bool:
    """Whether a text looks like one that begins with `prefix` and was typed with another keyboard's layout.

    Never decodes. One letter that does not belong is damage, several are a keyboard.
    """
    if text.startswith(prefix):
        return not text.isascii() and _strange_letters(text) > 2
    if len(text) < _LEAST:
        return False
    found = _BEGINNINGS.match(unicodedata.normalize("NFC", text[:8]).upper())
    return found is not None


def _strange_letters(text: str) -> int:
    """How many letters and tones stand in a text that no base45 text has."""
    return sum(1 for character in text if character > "\x7f" and unicodedata.category(character)[0] in "LM")
