"""How two birth dates compare, as clerks write them: not whole, day and month swapped, 1 January, a digit."""

from __future__ import annotations

import re
from enum import StrEnum

from rapidfuzz.distance import OSA

_FULL_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Born(StrEnum):
    """What two birth dates are to each other; all but `OTHER` could be one person's."""

    SAME = "same"
    YEAR = "year"  # the same, not whole
    PART = "part"  # one says less
    SWAPPED = "swapped"  # day and month
    JANUARY = "january"  # 1 January stands for a day that was not known
    SLIP = "slip"  # one digit, within ten years
    OTHER = "other"


def births(left: str, right: str) -> Born:
    """How two birth dates compare."""
    if left == right:
        return Born.SAME if _FULL_DATE.fullmatch(left) else Born.YEAR
    if left.startswith(right) or right.startswith(left):
        return Born.PART
    if not (_FULL_DATE.fullmatch(left) and _FULL_DATE.fullmatch(right)):
        return Born.OTHER
    if right == f"{left[:4]}-{left[8:]}-{left[5:7]}":
        return Born.SWAPPED
    if left[:4] == right[:4] and "-01-01" in (left[4:], right[4:]):
        return Born.JANUARY
    return Born.SLIP if slip(left, right) else Born.OTHER


def slip(one: str, other: str) -> bool:
    """Whether two birth dates of one decade differ in a digit."""
    return one == other or (one[:3] == other[:3] and OSA.distance(one, other) == 1)
