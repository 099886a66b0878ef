"""What a Vietnamese syllable can be: an onset, a rime and one tone. Names of other languages are none, or by chance."""

from __future__ import annotations

import unicodedata
from functools import cache

_ONSETS = frozenset(
    "ngh ng nh ch gh gi kh ph qu th tr b c d đ g h k l m n p q r s t v x".split()  # noqa: SIM905  (a line, and not thirty)
) | {""}
_OPEN = (
    "a e ê i o ô ơ u ư y ia ua ưa uy uya oa oe uê uơ ai ay ao au âu ây eo êu iu oi ôi ơi ui ưi ưu oai oay oao oeo uây "
    "uôi ươi ươu iêu yêu uyu ue"
)
_CLOSED = "a ă â e ê i o ô ơ u ư y iê yê uô ươ oa oă oe uâ uê uy uyê oo"
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
# What ends in a stop has one of two tones.
_OF_STOPS = ("\u0301", "\u0323")


def is_syllable(word: str) -> bool:
    """Whether a word, in any case and in NFC, could be one syllable of Vietnamese."""
    word = word.lower()
    rimes = _rimes()
    return any(word[:length] in _ONSETS and word[length:] in rimes for length in (1, 2, 0, 3))


@cache
def _rimes() -> frozenset[str]:
    rimes = {toned for vowels in _OPEN.split() for toned in _toned(vowels, _TONES)}
    for vowels in _CLOSED.split():
        rimes |= {toned + end for end in ("m", "n", "ng", "nh") for toned in _toned(vowels, _TONES)}
        rimes |= {toned + end for end in ("c", "ch", "p", "t") for toned in _toned(vowels, _OF_STOPS)}
    return frozenset(rimes)


def _toned(vowels: str, tones: tuple[str, ...]) -> set[str]:
    """Vowels with each of the tones on each of them: where it stands is a matter of taste ("hoà", "hòa")."""
    return {
        unicodedata.normalize("NFC", vowels[: at + 1] + tone + vowels[at + 1 :])
        for at in range(len(vowels))
        for tone in tones
    }
