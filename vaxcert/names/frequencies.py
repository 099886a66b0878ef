"""How common names are in Viet Nam: a fixed table, so that what is sure does not depend on who is on record already.

Family names: shares of all people, in per cent, as counted by Lê Trung Hoa, Họ và tên người Việt Nam (Nhà xuất bản
Khoa học Xã hội, Hà Nội 2005), and published widely since; Vũ and Võ, Hoàng and Huỳnh are counted as one there.
Middle words: Thị, of women alone, and Văn, of men, are told from all others by rough counts of lists of names. Of given
names no count of the whole country is published: each is taken for as common as only the commonest can be, so that
nearly every name is rarer than is told here.
"""

from __future__ import annotations

from collections.abc import Sequence

FAMILY = {
    "nguyen": 38.4, "tran": 12.1, "le": 9.5, "pham": 7.0, "hoang": 5.1, "huynh": 5.1, "phan": 4.5, "vu": 3.9, "vo": 3.9,
    "dang": 2.1, "bui": 2.0, "do": 1.4, "ho": 1.3, "ngo": 1.3, "duong": 1.0, "ly": 0.5,
}  # fmt: skip
MIDDLE = {"thi": 32.0, "van": 20.0}
# In per cent: of a family name that the table lacks, another word in the middle, and a given name.
OTHER_FAMILY, OTHER_MIDDLE, GIVEN = 0.5, 2.0, 2.5


def family(word: str) -> float:
    """The share of people, in per cent, who have a word in a–z for their family name; 0 where the table lacks it."""
    return FAMILY.get(word, 0.0)


def share(words: Sequence[str]) -> float:
    """The share of people who may have a name, by its words in a–z; the family name is its first or its last."""
    return max(_share(words), _share([words[-1], *words[:-1]])) if words else 1.0


def _share(words: Sequence[str]) -> float:
    family, *rest = words
    found = FAMILY.get(family, OTHER_FAMILY) / 100
    for word in rest[:-1]:
        found *= MIDDLE.get(word, OTHER_MIDDLE) / 100
    return found * GIVEN / 100 if rest else found
