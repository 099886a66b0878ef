"""How two names compare, as clerks write them: without tones, turned around, shortened, a word left out, a slip."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import permutations

from rapidfuzz.distance import OSA

from vaxcert.names import transliterate
from vaxcert.names.syllables import is_syllable

_EDITS = 2
# What clerks shorten, with a full stop or without.
_SHORT = {
    "ng": "nguyen",
    "ngn": "nguyen",
    "tr": "tran",
    "ph": "pham",
    "hg": "hoang",
    "th": "thi",
    "t": "thi",
    "v": "van",
}
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


class Naming(StrEnum):
    """What two names are to each other; all but `OTHER` could be one person's."""

    SAME = "same"
    BARE = "bare"  # one has no tones at all
    SPELLED = "spelled"  # y for i, or the tone on the letter beside
    SHORTENED = "shortened"  # Ng. for Nguyễn
    MIDDLE = "middle"  # one has a middle word more
    ORDER = "order"
    TONES = "tones"  # both have tones, and they differ
    NEAR = "near"  # a letter or two, not in the given name, or there so that it is no name
    GIVEN = "given"  # a letter or two, in the given name, and it is a name still: twins differ so
    OTHER = "other"


# Names that are one but for how they were written down.
ONE_NAME = frozenset({Naming.SAME, Naming.BARE, Naming.SPELLED, Naming.SHORTENED, Naming.MIDDLE})


# Words of names are few; a word alone is nobody's name.
@lru_cache(maxsize=4_096)
def bare(word: str) -> str:
    """A word in a–z, so that a clerk's keyboard does not count. One in no alphabet that has an A–Z stays what it is."""
    letters = unicodedata.normalize("NFD", word.replace("đ", "d"))
    found = "".join(letter for letter in letters if not unicodedata.combining(letter))
    if not found.isascii():
        found = transliterate(word).lower().replace("<", "")
    return re.sub(r"[^a-z0-9]", "", found) or word


@lru_cache(maxsize=4_096)
def whole(word: str) -> str:
    """A bare word as it is looked for: i for a y that ends it, and whole where it was shortened."""
    found = _SHORT.get(word, word)
    return found[:-1] + "i" if len(found) > 1 and found.endswith("y") and found[-2] not in "aeo" else found


@lru_cache(maxsize=4_096)
def _spelled(word: str) -> str:
    """A word with its tone after all its letters, and i for a y that ends it."""
    letters = unicodedata.normalize("NFD", word)
    toneless = unicodedata.normalize("NFC", "".join(one for one in letters if one not in _TONES))
    if len(toneless) > 1 and toneless.endswith("y") and toneless[-2] not in "aâeêo":
        toneless = toneless[:-1] + "i"
    return toneless + "".join(one for one in letters if one in _TONES)


def naming(name: str, other: str, words: tuple[str, ...], others: tuple[str, ...]) -> Naming:
    """How two names compare, each with its words bare.

    The family name may be first or last. Any other order of the same words may be a sibling's name.
    """
    if name == other:
        return Naming.SAME
    left, right = name.split(), other.split()
    if rotated(left, right):
        return Naming.SAME
    toneless = name.isascii() or other.isascii()
    if rotated(words, others):
        alike = toneless or rotated([*map(_spelled, left)], [*map(_spelled, right)])
        return (Naming.BARE if toneless else Naming.SPELLED) if alike else Naming.TONES
    if rotated([*map(whole, words)], [*map(whole, others)]):
        return _whole(left, right, words, others, toneless=toneless)
    if sorted(words) == sorted(others):
        return Naming.ORDER
    if _middle(left, right, words, others, toneless=toneless):
        return Naming.MIDDLE
    return _nearly(name, other, words, others)


def rotated(words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether one name is the other with words from its end put before it."""
    if len(words) != len(others):
        return False
    twice = [*words, *words]
    return any(twice[at : at + len(words)] == list(others) for at in range(len(words)))


def _whole(
    left: Sequence[str], right: Sequence[str], words: Sequence[str], others: Sequence[str], *, toneless: bool
) -> Naming:
    """How names compare that agree once what is shortened is whole and each y an i."""
    short = {_SHORT[word] for word in (*words, *others) if word in _SHORT}
    # What is shortened has no tone to compare, nor has what it stands for beside it.
    mine, theirs = (
        sorted(_spelled(word) for word, its in zip(said, bares, strict=True) if _SHORT.get(its, its) not in short)
        for said, bares in ((left, words), (right, others))
    )
    if not toneless and mine != theirs:
        return Naming.TONES
    return Naming.SHORTENED if short else Naming.SPELLED


def _middle(
    left: Sequence[str], right: Sequence[str], words: Sequence[str], others: Sequence[str], *, toneless: bool
) -> bool:
    """Whether one name is the other without a word between its first and its last."""
    spelled, both = (whole, (words, others)) if toneless else (_spelled, (left, right))
    said, longer = sorted((tuple(map(spelled, one)) for one in both), key=len)
    if len(said) < 2 or len(longer) != len(said) + 1:
        return False
    return any(longer[:at] + longer[at + 1 :] == said for at in range(1, len(longer) - 1))


def _near(words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether words differ in two letters at most; where half the letters of one are others, it is another word."""
    edits = [(OSA.distance(one, other), max(len(one), len(other))) for one, other in zip(words, others, strict=True)]
    return sum(edit for edit, _ in edits) <= _EDITS and all(2 * edit <= length for edit, length in edits)


def _slipped(name: str, words: Sequence[str], unlike: Sequence[str]) -> bool:
    """Whether a word of a name that has tones is none that Vietnamese could have, so that it was mistyped."""
    if name.isascii():
        return False
    said = zip(name.split(), words, strict=True)
    return any(bare_word in unlike and not is_syllable(word) for word, bare_word in said)


def _nearly(name: str, other: str, words: tuple[str, ...], others: tuple[str, ...]) -> Naming:
    """Whether the words that are not in both names differ in a letter or two (optimal string alignment distance)."""
    left, right = (
        list((Counter(words) - Counter(others)).elements()),
        list((Counter(others) - Counter(words)).elements()),
    )
    if len(left) != len(right):
        # A word that was cut in two, or two that were written as one.
        near = OSA.distance("".join(words), "".join(others), score_cutoff=1) <= 1
        return Naming.NEAR if near else Naming.OTHER
    if len(left) > 2 or len(left) == len(words) == 1:
        return Naming.OTHER
    if not any(_near(left, order) for order in permutations(right)):
        return Naming.OTHER
    if words[-1] not in left and others[-1] not in right:
        return Naming.NEAR
    # Twins' names are two names; one that is no syllable is a slip.
    slip = _slipped(name, words, left) != _slipped(other, others, right)
    return Naming.NEAR if slip else Naming.GIVEN
