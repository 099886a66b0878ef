"""Whether two records are of one person: what agrees, what does not, and whether that is enough. Knows no database.

Sure is only what could not be two people: twins share birth date, telephone and most of their name; namesakes share
name and sometimes birth date; clerks leave out tones, swap the words of a name, and mistype a letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import permutations

import msgspec
from rapidfuzz.distance import OSA

from vaxcert.model import Person
from vaxcert.names import transliterate
from vaxcert.registry.records.districts import District, fold, same

_EDITS = 2
_FULL_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Likeness(StrEnum):
    """What two records are known to be to each other."""

    SAME = "same"
    UNSURE = "unsure"
    DIFFERENT = "different"


class Why(StrEnum):
    """Why a person is asked: what of two records agrees, and what does not. Kept with the question."""

    SAME_IDENTITY_NUMBER = "same_identity_number"
    TWO_IDENTITY_NUMBERS = "two_identity_numbers"
    IDENTITY_NUMBER_OF_SOMEBODY_ELSE = "identity_number_of_somebody_else"
    ALL_ELSE_AGREES = "all_else_agrees"
    DOSES_DO_NOT_GO_TOGETHER = "doses_do_not_go_together"
    AGREES_WITH_TWO_PEOPLE = "agrees_with_two_people"
    AGREES_AFTER_CORRECTION = "agrees_after_correction"
    NAME_BIRTH_DATE_AND_DISTRICT_AGREE = "name_birth_date_and_district_agree"
    NAME_AND_BIRTH_DATE_AGREE = "name_and_birth_date_agree"
    TWO_TELEPHONE_NUMBERS = "two_telephone_numbers"
    NEITHER_TELEPHONE_NOR_DISTRICT = "neither_telephone_nor_district"
    TELEPHONE_AGREES = "telephone_agrees"
    DISTRICT_AGREES = "district_agrees"
    WORDS_IN_ANOTHER_ORDER = "words_in_another_order"
    TONES_DIFFER = "tones_differ"
    LETTERS_DIFFER = "letters_differ"
    TWO_NAMES = "two_names"
    DAY_AND_MONTH_SWAPPED = "day_and_month_swapped"
    BIRTH_DATE_NOT_WHOLE = "birth_date_not_whole"
    ONLY_YEAR_OR_MONTH_OF_BIRTH = "only_year_or_month_of_birth"
    TWO_BIRTH_DATES = "two_birth_dates"
    SAME_DOSE_OTHERWISE = "same_dose_otherwise"


class Features(msgspec.Struct, frozen=True):
    """What of a record is compared; the numbers are keyed hashes. Empty or None: not known.

    `bare`: the words of the name without tones and accents, in a–z.
    """

    name: str
    bare: tuple[str, ...]
    date_of_birth: str
    district: District | None
    national_id: str | None = None
    phone: str | None = None

    def __repr__(self) -> str:
        return "<Features>"


def features(
    person: Person, *, district: str = "", national_id: str | None = None, phone: str | None = None
) -> Features:
    """The features of a person; `national_id` and `phone` as keyed hashes."""
    name = " ".join(f"{person.family_name} {person.given_name}".lower().split())
    return Features(
        name,
        tuple(map(_bare, name.split())),
        person.date_of_birth,
        fold(district) if district else None,
        national_id,
        phone,
    )


def match_key(one: Features) -> str:
    """The key that records share whose birth date agrees and whose names do but for tones, accents and order."""
    return f"{one.date_of_birth}|{' '.join(sorted(one.bare))}"[:200]


def near_key(one: Features) -> str:
    """The key of records whose birth date and district agree and whose names nearly do: their words' first letters."""
    district = one.district.name if one.district else ""
    return f"{one.date_of_birth}|{district}|{''.join(sorted(word[0] for word in one.bare))}"[:200]


# Words of names are few; a word alone is nobody's name.
@lru_cache(maxsize=4_096)
def _bare(word: str) -> str:
    """A word in a–z, so that a clerk's keyboard does not count. One in no alphabet that has an A–Z stays what it is."""
    letters = unicodedata.normalize("NFD", word.replace("đ", "d"))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    if not bare.isascii():
        bare = transliterate(word).lower().replace("<", "")
    return re.sub(r"[^a-z0-9]", "", bare) or word


def compare(left: Features, right: Features) -> tuple[Likeness, tuple[Why, ...]]:
    """What two records are to each other, and the reasons where that is not sure."""
    # 1. What agrees (True), what does not (False), and what one of them does not say (None).
    name, born = _names(left, right), _dates(left.date_of_birth, right.date_of_birth)
    identity = left.national_id == right.national_id if left.national_id and right.national_id else None
    phone = left.phone == right.phone if left.phone and right.phone else None
    district = same(left.district, right.district) if left.district and right.district else None
    named, placed = name in ("same", "bare"), phone is True or (district is True and phone is None)
    unlike = tuple(why for why in (_NAMES.get(name), _DATES.get(born)) if why)

    likeness = Likeness.DIFFERENT
    reasons: tuple[Why, ...] = ()
    if identity is True:
        # 2. The number says that it is one person: a mistyped digit beside a name that agrees is no doubt of that.
        if unlike and not (named and _slip(left.date_of_birth, right.date_of_birth)):
            likeness, reasons = Likeness.UNSURE, (Why.SAME_IDENTITY_NUMBER, *unlike)
        else:
            likeness = Likeness.SAME
    elif identity is False:
        # 3. One of the numbers mistyped, or an old card's and a new one's.
        if named and born == "same" and placed:
            likeness, reasons = Likeness.UNSURE, (Why.TWO_IDENTITY_NUMBERS, Why.ALL_ELSE_AGREES)
    elif named and ((born == "same" and placed) or (born == "year" and phone is True)):
        # 4. Without a number name, birth date and one thing more are sure.
        likeness = Likeness.SAME
    elif named and born == "same" and phone is False and district is True:
        # 5. Namesakes of one day, or somebody with another telephone.
        likeness, reasons = Likeness.UNSURE, (Why.NAME_BIRTH_DATE_AND_DISTRICT_AGREE, Why.TWO_TELEPHONE_NUMBERS)
    elif named and born == "same":
        likeness, reasons = Likeness.UNSURE, (Why.NAME_AND_BIRTH_DATE_AGREE, Why.NEITHER_TELEPHONE_NOR_DISTRICT)
    elif name != "other" and born != "other" and (phone is True or (district is True and born == "same")):
        # 6. Nearly: one person twice with a slip, or twins.
        shared = Why.TELEPHONE_AGREES if phone is True else Why.DISTRICT_AGREES
        likeness, reasons = Likeness.UNSURE, (shared, *unlike)
    return likeness, reasons


def same_words(one: Features, other: Features) -> bool:
    """Whether two names have the same words, tones and all, in any order."""
    return sorted(one.name.split()) == sorted(other.name.split())


def names_agree(one: Features, other: Features) -> bool:
    """Whether two names could be one person's: but for order, tones, or a letter or two."""
    return _names(one, other) != "other"


_NAMES = {
    "order": Why.WORDS_IN_ANOTHER_ORDER,
    "tones": Why.TONES_DIFFER,
    "near": Why.LETTERS_DIFFER,
    "other": Why.TWO_NAMES,
}
_DATES = {
    "swapped": Why.DAY_AND_MONTH_SWAPPED,
    "part": Why.BIRTH_DATE_NOT_WHOLE,
    "year": Why.ONLY_YEAR_OR_MONTH_OF_BIRTH,
    "other": Why.TWO_BIRTH_DATES,
}


def _names(left: Features, right: Features) -> str:
    """How two names compare: same; bare: one has no tones at all; order; tones: both have and they differ; near; other.

    The family name may be first or last. Any other order of the same words may be a sibling's name.
    """
    if _rotated(left.name.split(), right.name.split()):
        found = "same"
    elif _rotated(left.bare, right.bare):
        found = "bare" if left.name.isascii() or right.name.isascii() else "tones"
    elif sorted(left.bare) == sorted(right.bare):
        found = "order"
    else:
        found = "near" if _nearly(left.bare, right.bare) else "other"
    return found


def _rotated(words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether one name is the other with words from its end put before it."""
    twice = [*words, *words]
    return len(words) == len(others) and any(twice[at : at + len(words)] == list(others) for at in range(len(words)))


def _nearly(words: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether the words that are not in both names differ in a letter or two (optimal string alignment distance)."""
    left, right = (
        list((Counter(words) - Counter(others)).elements()),
        list((Counter(others) - Counter(words)).elements()),
    )
    if len(left) != len(right):
        # A word that was cut in two, or two that were written as one.
        return OSA.distance("".join(words), "".join(others), score_cutoff=1) <= 1
    if len(left) > 2 or len(left) == len(words) == 1:
        return False
    distances = (sum(map(OSA.distance, left, order)) for order in permutations(right))
    # Where every letter is another one, however few there are, it is another name.
    return min(distances) <= min(_EDITS, max(len("".join(left)), len("".join(right))) - 1)


def _dates(left: str, right: str) -> str:
    """How birth dates compare: same; year: the same, not whole; swapped: day and month; part: one says less; other."""
    if left == right:
        found = "same" if _FULL_DATE.fullmatch(left) else "year"
    elif left.startswith(right) or right.startswith(left):
        found = "part"
    elif _FULL_DATE.fullmatch(left) and right == f"{left[:4]}-{left[8:]}-{left[5:7]}":
        found = "swapped"
    else:
        found = "other"
    return found


def _slip(one: str, other: str) -> bool:
    """Whether two birth dates of one decade differ in a digit."""
    return one[:3] == other[:3] and OSA.distance(one, other) == 1


def kept(reasons: Iterable[Why]) -> str:
    """Reasons as the database keeps them: their codes with blanks between; `given_back` undoes it."""
    return " ".join(reasons)


def given_back(codes: str) -> tuple[Why, ...]:
    """Reasons that were kept."""
    return tuple(map(Why, codes.split()))
