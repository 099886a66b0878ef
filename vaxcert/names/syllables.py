"""What a Vietnamese syllable can be: an onset, a rime and one tone. Names of other languages are none, or by chance."""

from __future__ import annotations

import re
import unicodedata

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_ONSET = "(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?"
_OPEN = (
    "a|e|ê|i|o|ô|ơ|u|ư|y|ia|ua|ưa|uy|uya|oa|oe|uê|uơ|ai|ay|ao|au|âu|ây|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu|oai|oay|oao|oeo|uây|"
    "uôi|ươi|ươu|iêu|yêu|uyu|ue"
)
_CLOSED = "(?:a|ă|â|e|ê|i|o|ô|ơ|u|ư|y|iê|yê|uô|ươ|oa|oă|oe|uâ|uê|uy|uyê|oo)"
_RIME = re.compile(f"{_ONSET}(?:(?:{_OPEN})|{_CLOSED}(?:ng|nh|m|n)|{_CLOSED}(?P<stop>ch|c|p|t))")


def is_syllable(word: str) -> bool:
    """Whether a word, in any case, could be one syllable of Vietnamese."""
    letters = unicodedata.normalize("NFD", word.lower())
    tones = [mark for mark in letters if mark in _TONES]
    if len(tones) > 1:
        return False
    bare = unicodedata.normalize("NFC", "".join(mark for mark in letters if mark not in _TONES))
    found = _RIME.fullmatch(bare)
    if found is None:
        return False
    # What ends in a stop has one of two tones.
    return found["stop"] is None or tones in (["\u0301"], ["\u0323"])
