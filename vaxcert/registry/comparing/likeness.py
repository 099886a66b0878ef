"""Whether two records are of one person: what agrees, what does not, and whether that is enough. Knows no database.

Sure is only what could not be two people: twins share birth date, telephone and most of their name; namesakes share
name and sometimes birth date, and where half a district was born on 1 January often; a child is taken down under a
parent's number; clerks leave out tones, swap the words of a name, and mistype a letter.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from vaxcert.model import Person
from vaxcert.names.frequencies import share
from vaxcert.registry.comparing.births import Born, births, slip
from vaxcert.registry.comparing.districts import District, fold, fold_commune, same
from vaxcert.registry.comparing.naming import ONE_NAME, Naming, bare, naming, whole
from vaxcert.registry.comparing.reasons import Why, given_back, kept

__all__ = [
    "Features", "Likeness", "Why", "at_home", "compare", "features", "given_back", "home_key", "kept", "match_key",
    "names_agree", "near_key", "same_words",
]  # fmt: skip

# Of 100,000 people, as many as a district may have, with births over 70 years, this share of a name leaves less than
# one namesake of the same day among a thousand people whose rows have no number; a commune has a tenth of that many.
_RARE, _RARE_IN_A_COMMUNE = 0.0002, 0.002
# Most namesakes of a day have a name that so many have: Nguyễn Thị or Nguyễn Văn and one word more.
_VERY_COMMON = 0.001
# Whoever shares a number, and neither a name nor a birth date by so many years, was taken down under a parent's.
_GENERATION = 12
_CARDS = (9, 12)
# `whole` has an i for a y that ends a word, and the table of frequencies has what people write.
_SHARED = {"li": "ly", "vi": "vy"}


class Likeness(StrEnum):
    """What two records are known to be to each other."""

    SAME = "same"
    UNSURE = "unsure"
    DIFFERENT = "different"


class Features(msgspec.Struct, frozen=True):
    """What of a record is compared; the numbers are keyed hashes. Empty or None: not known.

    `bare`: the words of the name without tones and accents, in a–z. `card`: how long the identity number is, where it
    is as long as those of old cards or new ones are, else 0.
    """

    name: str
    bare: tuple[str, ...]
    date_of_birth: str
    district: District | None
    national_id: str | None = None
    phone: str | None = None
    card: int = 0
    commune: District | None = None
    sex: str = ""

    def __repr__(self) -> str:
        return "<Features>"


def features(
    person: Person,
    *,
    district: str = "",
    national_id: str | None = None,
    phone: str | None = None,
    card: int = 0,
    commune: str = "",
    sex: str = "",
) -> Features:
    """The features of a person; `national_id` and `phone` as keyed hashes."""
    name = " ".join(f"{person.family_name} {person.given_name}".lower().split())
    return Features(
        name,
        tuple(map(bare, name.split())),
        person.date_of_birth,
        fold(district) if district else None,
        national_id,
        phone,
        card if card in _CARDS else 0,
        fold_commune(commune) if commune else None,
        sex,
    )


def match_key(one: Features) -> str:
    """The key that records share whose birth dates agree, and whose names do but for tones, y or i, and order."""
    return f"{one.date_of_birth}|{' '.join(sorted(map(whole, one.bare)))}"[:200]


def near_key(one: Features) -> str:
    """The key of records whose birth date agrees and whose names nearly do: first letters of first and last word."""
    ends = sorted(word[0] for word in (*one.bare[:1], *one.bare[-1:]))
    return f"{one.date_of_birth}|{''.join(ends)}"[:200]


def home_key(one: Features) -> str:
    """The key of records whose names, districts and years of birth agree; "" where one of these is not known."""
    if one.district is None or not one.date_of_birth:
        return ""
    return f"{one.date_of_birth[:4]}|{one.district.name}|{' '.join(sorted(map(whole, one.bare)))}"[:200]


def at_home(left: Features, right: Features) -> tuple[Why, ...]:
    """What agrees of two records whose birth dates differ by a slip, and that only their home says are one.

    Alone it says little; beside doses that are one, or follow in time, it is asked. Empty where it is not so.
    """
    born = births(left.date_of_birth, right.date_of_birth)
    if born not in (Born.SLIP, Born.JANUARY, Born.SWAPPED) or home_key(left) != home_key(right):
        return ()
    district, commune = _places(left, right)
    sex = left.sex == right.sex if left.sex and right.sex else None
    named = naming(left.name, right.name, left.bare, right.bare) in ONE_NAME
    numbered = _identities(left, right) is not None or (left.phone and right.phone)
    if not (named and district) or sex is False or numbered:
        return ()
    return (_BIRTHS[born], *_told(district, commune, sex, None), *_common(left, right, None))


def compare(left: Features, right: Features) -> tuple[Likeness, tuple[Why, ...]]:
    """What two records are to each other, and the reasons where that is not sure."""
    # 1. What agrees (True), what does not (False), and what one of them does not say (None).
    name, born = naming(left.name, right.name, left.bare, right.bare), births(left.date_of_birth, right.date_of_birth)
    identity = _identities(left, right)
    phone = left.phone == right.phone if left.phone and right.phone else None
    district, commune = _places(left, right)
    sex = left.sex == right.sex if left.sex and right.sex else None
    named = name in (Naming.SAME, Naming.BARE)
    told = (*_phones(phone, district), *_told(district, commune, sex, phone))
    unlike = tuple(why for why in (_NAMES.get(name), _BIRTHS.get(born)) if why)

    likeness = Likeness.DIFFERENT
    reasons: tuple[Why, ...] = ()
    if identity is True:
        # 2. The number says that it is one person: a mistyped digit beside a name that agrees is no doubt of that. Of
        #    two people of two generations it is a parent's number.
        mistyped = named and slip(left.date_of_birth, right.date_of_birth)
        if sex is not False and (mistyped or (name in ONE_NAME and born in (Born.SAME, Born.YEAR))):
            likeness = Likeness.SAME
        elif name is not Naming.OTHER or born is not Born.OTHER or not _generations(left, right):
            likeness, reasons = Likeness.UNSURE, (Why.SAME_IDENTITY_NUMBER, *unlike, *told)
    elif identity is False:
        # 3. One of the numbers mistyped.
        if named and born is Born.SAME and (phone is True or (district is True and phone is None)):
            likeness, reasons = Likeness.UNSURE, (Why.TWO_IDENTITY_NUMBERS, Why.ALL_ELSE_AGREES, *told)
    elif named and sex is not False and phone is True and born in (Born.SAME, Born.YEAR):
        # 4. Without a number name, birth date and telephone are sure.
        likeness = Likeness.SAME
    elif named and born is Born.SAME:
        # 5. So are name, birth date and home where hardly anybody else has both. Else they may be namesakes' of a day.
        rare = _rare(left, right, commune=commune)
        if rare and sex is not False and phone is None and district is True and commune is not False:
            likeness = Likeness.SAME
        elif sex is not False or phone is True or district is True:
            likeness, reasons = Likeness.UNSURE, (Why.NAME_AND_BIRTH_DATE_AGREE, *told, *_common(left, right, phone))
    elif _nearly(name, born, phone=phone, district=district, sex=sex):
        # 6. One person twice with a slip, or twins.
        likeness, reasons = Likeness.UNSURE, (*unlike, *told, *_common(left, right, phone))
    if likeness is Likeness.UNSURE and left.card and right.card and left.card != right.card:
        reasons = (Why.OLD_AND_NEW_CARD, *reasons)
    return likeness, reasons


def same_words(one: Features, other: Features) -> bool:
    """Whether two names have the same words, tones and all, in any order."""
    return sorted(one.name.split()) == sorted(other.name.split())


def names_agree(one: Features, other: Features) -> bool:
    """Whether two names could be one person's: but for order, tones, or a letter or two."""
    return naming(one.name, other.name, one.bare, other.bare) is not Naming.OTHER


_NAMES = {
    Naming.SPELLED: Why.SPELLED_OTHERWISE,
    Naming.SHORTENED: Why.NAME_SHORTENED,
    Naming.MIDDLE: Why.MIDDLE_NAME_MISSING,
    Naming.ORDER: Why.WORDS_IN_ANOTHER_ORDER,
    Naming.TONES: Why.TONES_DIFFER,
    Naming.NEAR: Why.LETTERS_DIFFER,
    Naming.GIVEN: Why.GIVEN_NAMES_DIFFER,
    Naming.OTHER: Why.TWO_NAMES,
}
_BIRTHS = {
    Born.SWAPPED: Why.DAY_AND_MONTH_SWAPPED,
    Born.PART: Why.BIRTH_DATE_NOT_WHOLE,
    Born.YEAR: Why.ONLY_YEAR_OR_MONTH_OF_BIRTH,
    Born.JANUARY: Why.FIRST_OF_JANUARY_FOR_A_DAY,
    Born.SLIP: Why.A_DIGIT_OF_THE_BIRTH_DATE,
    Born.OTHER: Why.TWO_BIRTH_DATES,
}


def _identities(left: Features, right: Features) -> bool | None:
    """Whether identity numbers agree. An old card's says nothing of a new one's."""
    if not left.national_id or not right.national_id:
        return None
    if left.national_id == right.national_id:
        return True
    return None if left.card and right.card and left.card != right.card else False


def _places(left: Features, right: Features) -> tuple[bool | None, bool | None]:
    """Whether districts agree, and communes; communes of two districts may share their name."""
    district = same(left.district, right.district) if left.district and right.district else None
    commune = same(left.commune, right.commune) if left.commune and right.commune else None
    return district, commune if district else None


def _phones(phone: bool | None, district: bool | None) -> tuple[Why, ...]:
    if phone is True:
        return (Why.TELEPHONE_AGREES,)
    other = (Why.TWO_TELEPHONE_NUMBERS,) if phone is False else ()
    return other if district else (*other, Why.NEITHER_TELEPHONE_NOR_DISTRICT)


def _told(district: bool | None, commune: bool | None, sex: bool | None, phone: bool | None) -> tuple[Why, ...]:
    """What is said of home and sex; beside a telephone that agrees, home says little."""
    place = (Why.COMMUNE_AGREES if commune else Why.DISTRICT_AGREES,) if district and not phone else ()
    other = (Why.TWO_COMMUNES,) if commune is False and not phone else ()
    return (*place, *other, *((Why.TWO_SEXES,) if sex is False else ()))


def _common(left: Features, right: Features, phone: bool | None) -> tuple[Why, ...]:
    """Why name and birth date may be shared by others; a telephone that agrees makes up for that."""
    if phone:
        return ()
    shared = _share(left, right)
    common: tuple[Why, ...] = (Why.COMMON_NAME,) if shared > _RARE else ()
    if shared > _VERY_COMMON:
        common = (Why.VERY_COMMON_NAME,)
    return (*common, Why.FIRST_OF_JANUARY) if _january(left) or _january(right) else common


def _rare(left: Features, right: Features, *, commune: bool | None) -> bool:
    most = _RARE_IN_A_COMMUNE if commune else _RARE
    return not _january(left) and _share(left, right) <= most


def _january(one: Features) -> bool:
    return one.date_of_birth.endswith("-01-01")


def _share(left: Features, right: Features) -> float:
    return max(share([_SHARED.get(word, word) for word in map(whole, one.bare)]) for one in (left, right))


def _nearly(name: Naming, born: Born, *, phone: bool | None, district: bool | None, sex: bool | None) -> bool:
    """Whether it is worth to be asked: name or birth date agree nearly, and something else agrees."""
    if name is Naming.OTHER or born is Born.OTHER:
        return False
    if name is not Naming.SAME and sex is False:
        return False
    if name in ONE_NAME and born is Born.SAME:
        return phone is True or district is True or (phone is None and district is None)
    if born is Born.SAME:
        return phone is True or district is True
    # A brother's or sister's is another birth date, and another name.
    return phone is True and (name in ONE_NAME or born not in (Born.SLIP, Born.JANUARY))


def _generations(left: Features, right: Features) -> bool:
    years = [int(one.date_of_birth[:4] or 0) for one in (left, right)]
    return all(years) and abs(years[0] - years[1]) >= _GENERATION
