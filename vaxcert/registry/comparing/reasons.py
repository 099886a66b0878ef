"""Why it is asked whether two records are one: what agrees, what does not, and how much each of that weighs.

The codes stay with a question. Questions of the same codes are of one kind: a group, that is answered at once after a
sample of it was, unless something in it is for a person to see each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache


class Why(StrEnum):
    """What of two records agrees, and what does not. Kept with the question."""

    SAME_IDENTITY_NUMBER = "same_identity_number"
    TWO_IDENTITY_NUMBERS = "two_identity_numbers"
    OLD_AND_NEW_CARD = "old_and_new_card"
    IDENTITY_NUMBER_OF_SOMEBODY_ELSE = "identity_number_of_somebody_else"
    ALL_ELSE_AGREES = "all_else_agrees"
    AGREES_WITH_TWO_PEOPLE = "agrees_with_two_people"
    AGREES_AFTER_CORRECTION = "agrees_after_correction"
    NAME_BIRTH_DATE_AND_DISTRICT_AGREE = "name_birth_date_and_district_agree"
    NAME_AND_BIRTH_DATE_AGREE = "name_and_birth_date_agree"
    SPELLED_OTHERWISE = "spelled_otherwise"
    NAME_SHORTENED = "name_shortened"
    MIDDLE_NAME_MISSING = "middle_name_missing"
    WORDS_IN_ANOTHER_ORDER = "words_in_another_order"
    TONES_DIFFER = "tones_differ"
    LETTERS_DIFFER = "letters_differ"
    GIVEN_NAMES_DIFFER = "given_names_differ"
    TWO_NAMES = "two_names"
    DAY_AND_MONTH_SWAPPED = "day_and_month_swapped"
    A_DIGIT_OF_THE_BIRTH_DATE = "a_digit_of_the_birth_date"
    FIRST_OF_JANUARY_FOR_A_DAY = "first_of_january_for_a_day"
    BIRTH_DATE_NOT_WHOLE = "birth_date_not_whole"
    ONLY_YEAR_OR_MONTH_OF_BIRTH = "only_year_or_month_of_birth"
    TWO_BIRTH_DATES = "two_birth_dates"
    TELEPHONE_AGREES = "telephone_agrees"
    TWO_TELEPHONE_NUMBERS = "two_telephone_numbers"
    COMMUNE_AGREES = "commune_agrees"
    DISTRICT_AGREES = "district_agrees"
    TWO_COMMUNES = "two_communes"
    NEITHER_TELEPHONE_NOR_DISTRICT = "neither_telephone_nor_district"
    TWO_SEXES = "two_sexes"
    COMMON_NAME = "common_name"
    VERY_COMMON_NAME = "very_common_name"
    FIRST_OF_JANUARY = "first_of_january"
    SAME_DOSE = "same_dose"
    DOSES_FOLLOW = "doses_follow"
    DOSES_FOLLOW_IN_TIME = "doses_follow_in_time"
    DOSES_DO_NOT_GO_TOGETHER = "doses_do_not_go_together"
    SAME_DOSE_OTHERWISE = "same_dose_otherwise"


# How much more often something is so of two records of one person than of two people's, as powers of two: by everyday
# provinces with their truth (`benchmarks/registry.py --everyday`), rounded. What is not here says nothing.
WEIGHTS = {
    Why.SAME_IDENTITY_NUMBER: 12, Why.TWO_IDENTITY_NUMBERS: -8, Why.IDENTITY_NUMBER_OF_SOMEBODY_ELSE: 2,
    Why.ALL_ELSE_AGREES: 14, Why.AGREES_WITH_TWO_PEOPLE: 8, Why.AGREES_AFTER_CORRECTION: 14,
    Why.NAME_BIRTH_DATE_AND_DISTRICT_AGREE: 14, Why.NAME_AND_BIRTH_DATE_AGREE: 12, Why.SPELLED_OTHERWISE: 11,
    Why.NAME_SHORTENED: 10, Why.MIDDLE_NAME_MISSING: 9, Why.WORDS_IN_ANOTHER_ORDER: 3, Why.TONES_DIFFER: 2,
    Why.LETTERS_DIFFER: 7, Why.GIVEN_NAMES_DIFFER: 3, Why.TWO_NAMES: -6, Why.DAY_AND_MONTH_SWAPPED: 7,
    Why.A_DIGIT_OF_THE_BIRTH_DATE: 6, Why.FIRST_OF_JANUARY_FOR_A_DAY: 6, Why.BIRTH_DATE_NOT_WHOLE: 6,
    Why.ONLY_YEAR_OR_MONTH_OF_BIRTH: 4, Why.TWO_BIRTH_DATES: -8, Why.TELEPHONE_AGREES: 8,
    Why.TWO_TELEPHONE_NUMBERS: -2, Why.COMMUNE_AGREES: 5, Why.DISTRICT_AGREES: 3, Why.TWO_COMMUNES: -2,
    Why.NEITHER_TELEPHONE_NOR_DISTRICT: -2, Why.TWO_SEXES: -6, Why.COMMON_NAME: -5, Why.VERY_COMMON_NAME: -8,
    Why.FIRST_OF_JANUARY: -4,
    Why.SAME_DOSE: 6, Why.DOSES_FOLLOW_IN_TIME: 5, Why.DOSES_FOLLOW: 2, Why.DOSES_DO_NOT_GO_TOGETHER: -5,
    Why.SAME_DOSE_OTHERWISE: 20,
}  # fmt: skip

# What two records state against one another: nobody is made one across these but by somebody who saw both.
CONTRADICTIONS = frozenset({Why.TWO_IDENTITY_NUMBERS, Why.TWO_SEXES, Why.DOSES_DO_NOT_GO_TOGETHER})

# What is to be seen each time: twins and relatives differ by no more than this.
ONE_BY_ONE = CONTRADICTIONS | {
    Why.TONES_DIFFER, Why.GIVEN_NAMES_DIFFER, Why.WORDS_IN_ANOTHER_ORDER, Why.TWO_NAMES, Why.TWO_BIRTH_DATES,
    Why.AGREES_WITH_TWO_PEOPLE, Why.IDENTITY_NUMBER_OF_SOMEBODY_ELSE, Why.SAME_DOSE_OTHERWISE,
    Why.AGREES_AFTER_CORRECTION,
}  # fmt: skip


def score(reasons: Iterable[Why]) -> int:
    """How much speaks for one person, in all: the sum of what each reason weighs."""
    return sum(WEIGHTS.get(why, 0) for why in reasons)


def parts(reasons: Iterable[Why]) -> tuple[tuple[Why, int], ...]:
    """What each reason weighs; what says nothing either way is left out."""
    return tuple((why, WEIGHTS[why]) for why in reasons if WEIGHTS.get(why))


def contradicting(reasons: Iterable[Why]) -> bool:
    """Whether one of the reasons is something that two records state against one another."""
    return not CONTRADICTIONS.isdisjoint(reasons)


def at_once(reasons: Iterable[Why]) -> bool:
    """Whether questions with these reasons may be answered together.

    Of a name or day that many have, a sample finds no namesakes, who are few; where the doses tell, these are fewer.
    """
    found = set(reasons)
    if not ONE_BY_ONE.isdisjoint(found):
        return False
    if Why.TELEPHONE_AGREES in found or Why.SAME_DOSE in found:
        return True
    if Why.VERY_COMMON_NAME in found and Why.COMMUNE_AGREES not in found:
        return False
    slips = {Why.A_DIGIT_OF_THE_BIRTH_DATE, Why.FIRST_OF_JANUARY_FOR_A_DAY, Why.DAY_AND_MONTH_SWAPPED}
    common = not found.isdisjoint({Why.COMMON_NAME, Why.VERY_COMMON_NAME})
    if common and not found.isdisjoint(slips) and Why.SAME_IDENTITY_NUMBER not in found:
        return False
    return Why.DOSES_FOLLOW_IN_TIME in found or not (common or Why.FIRST_OF_JANUARY in found)


# What does not tell one kind of question from another: where they may be answered together, doses speak for it or tell
# nothing, and beside a number that agrees home and a common name tell nothing.
_OF_EACH = {Why.OLD_AND_NEW_CARD, Why.SAME_DOSE, Why.DOSES_FOLLOW_IN_TIME, Why.DOSES_FOLLOW}
_BESIDE_A_NUMBER = {
    Why.DISTRICT_AGREES, Why.COMMUNE_AGREES, Why.TWO_COMMUNES, Why.NEITHER_TELEPHONE_NOR_DISTRICT, Why.COMMON_NAME,
    Why.VERY_COMMON_NAME, Why.FIRST_OF_JANUARY,
}  # fmt: skip


def kind(reasons: Sequence[Why]) -> tuple[Why, ...]:
    """What questions of one group have in common: their reasons, but for what only says the same more closely."""
    found = set(reasons)
    numbered = not found.isdisjoint({Why.SAME_IDENTITY_NUMBER, Why.TELEPHONE_AGREES})
    told = (Why.DISTRICT_AGREES if why is Why.COMMUNE_AGREES else why for why in reasons if why not in _OF_EACH)
    return tuple(why for why in told if not (numbered and why in _BESIDE_A_NUMBER))


def kept(reasons: Iterable[Why]) -> str:
    """Reasons as the database keeps them: their codes with blanks between; `given_back` undoes it."""
    return " ".join(reasons)


@lru_cache(maxsize=4_096)
def given_back(codes: str) -> tuple[Why, ...]:
    """Reasons that were kept."""
    return tuple(map(Why, codes.split()))
