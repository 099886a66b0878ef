"""People as they are kept: what is on record of one, as of now, and the columns of a version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from functools import cached_property
from typing import Any

import msgspec

from vaxcert.errors import InputError, Problem, Reason
from vaxcert.model import Person
from vaxcert.registry import secrets
from vaxcert.registry.comparing.likeness import Features, features, home_key, match_key, near_key
from vaxcert.registry.records.doses import GivenDose
from vaxcert.registry.secrets import Secrets
from vaxcert.registry.states import DoseState

NAMES = ("family_name", "given_name", "family_name_transliterated", "given_name_transliterated", "date_of_birth")
# What else is told of a person, as it was written, with the most letters that it may have.
TOLD = {
    "district": 80, "sex": 40, "nationality": 80, "commune": 80, "guardian": 160, "occupation": 200, "group_told": 300,
}  # fmt: skip
# What only the registry's key opens, and nobody is found by; the columns are what it is sealed as, with blanks.
SEALED = {"address": 300, "insurance_number": 40, "other_phones": 200}
# The columns that say something of a person, but for what they are found by: all others tell of the version.
COLUMNS = (
    *NAMES, *TOLD, "priority_group", "national_id_hash", "national_id", "phone_hash", "phone", *SEALED,
)  # fmt: skip
# What people are found by.
NUMBERS = ("national_id_hash", "phone_hash")
KEYS = ("match_key", "near_key", "home_key", *NUMBERS)

# Why a version came about that tells of somebody by all records of theirs.
ONE_PERSON = "found to be one person"

_MAX = TOLD | SEALED | {"national_id": 30, "phone": 30, "priority_group": 8}


class Number(msgspec.Struct, frozen=True, gc=False):
    """An identity or telephone number as it is kept.

    `hash`: keyed, to be found by; "" where the number says nothing. `sealed`: what only the registry's key opens.
    """

    hash: str
    sealed: bytes

    @property
    def length(self) -> int:
        """How many letters and digits it has: sealing hides them, and not how many they are."""
        return secrets.sealed_length(self.sealed)

    def __repr__(self) -> str:
        return "<Number>"


class Profile(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What is known of a person, by a row or on record.

    `priority_group`: a code; `group_told`: what a table calls a group that has none. The numbers, and what is bytes,
    only the registry's key opens; the rest is in the database as it is.
    """

    person: Person
    district: str = ""
    priority_group: str = ""
    group_told: str = ""
    sex: str = ""
    nationality: str = ""
    commune: str = ""
    guardian: str = ""
    occupation: str = ""
    national_id: Number | None = None
    phone: Number | None = None
    address: bytes | None = None
    insurance_number: bytes | None = None
    other_phones: bytes | None = None

    def __repr__(self) -> str:
        return "<Profile>"

    @cached_property
    def features(self) -> Features:
        """What is compared of them."""
        return features(
            self.person,
            district=self.district,
            national_id=(self.national_id and self.national_id.hash) or None,
            phone=(self.phone and self.phone.hash) or None,
            card=self.national_id.length if self.national_id else 0,
            commune=self.commune,
            sex=self.sex,
        )

    @cached_property
    def keys(self) -> dict[str, str | None]:
        """The columns of `KEYS`."""
        one = self.features
        return {
            "match_key": match_key(one),
            "near_key": near_key(one),
            "home_key": home_key(one),
            "national_id_hash": one.national_id,
            "phone_hash": one.phone,
        }


class Somebody(msgspec.Struct, frozen=True):
    """One person on record as of now, with the doses of all records that were found to be theirs."""

    person_id: int
    version_id: int
    profile: Profile
    doses: tuple[GivenDose, ...] = ()

    def __repr__(self) -> str:
        return f"<Somebody {self.person_id}>"

    @property
    def counted(self) -> list[GivenDose]:
        """The doses that nobody disputes or withdrew."""
        return [given for given in self.doses if given.state is DoseState.GOOD]


def too_long(told: Mapping[str, str]) -> Iterator[Problem]:
    """Yield what is wrong with the lengths of what is told of a person."""
    for field, most in _MAX.items():
        if len(told.get(field, "")) > most:
            yield Problem(field, Reason.TOO_LONG, (("most", most),))


def profile(person: Person, told: Mapping[str, str], *, groups: Set[str], keeper: Secrets) -> Profile:
    """A person with what is told beside, by field; from here on numbers and address are sealed.

    Raises `InputError` for what is too long, and a group that is not one of `groups`.
    """
    for problem in too_long(told):
        raise InputError(problem.field, problem.reason, **dict(problem.said))
    group = told.get("priority_group", "")
    if group and group not in groups:
        raise InputError("priority_group", Reason.NO_SUCH_GROUP)
    identity, phone = told.get("national_id", ""), told.get("phone", "")
    return Profile(
        person=person,
        priority_group=group,
        national_id=_number(keeper, "national id", identity, secrets.national_id(identity)) if identity else None,
        phone=_number(keeper, "phone", phone, secrets.phone(phone)) if phone else None,
        **{name: told.get(name, "") for name in TOLD},  # type: ignore[arg-type]
        **_sealed(told, keeper),
    )


def _sealed(told: Mapping[str, str], keeper: Secrets) -> dict[str, Any]:
    return {name: keeper.encrypt(kind_of(name), told[name]) for name in SEALED if told.get(name)}


def told(one: Profile, keeper: Secrets) -> dict[str, str]:
    """What is told of somebody beside name, birth date and numbers, in clear, by field; "" for what is not known."""
    sealed = {name: getattr(one, name) for name in SEALED}
    opened = {name: keeper.decrypt(kind_of(name), data) if data else "" for name, data in sealed.items()}
    return {name: getattr(one, name) for name in ("priority_group", *TOLD)} | opened


def kind_of(column: str) -> str:
    """What a column is sealed as."""
    return column.replace("_", " ")


def _number(keeper: Secrets, kind: str, written: str, number: str) -> Number:
    """A number as it is compared; one that says nothing is kept as it was written, and nobody is found by it."""
    return Number(keeper.hash(kind, number) if number else "", keeper.encrypt(kind, number or written))


def of_row(row: Mapping[Any, Any]) -> Profile:
    """What a version of a person says; `row`: at least the columns of `COLUMNS`."""
    identity, phone = row["national_id"], row["phone"]
    return Profile(
        person=Person(**{name: row[name] for name in NAMES}),
        priority_group=row["priority_group"],
        national_id=None if identity is None else Number(row["national_id_hash"] or "", identity),
        phone=None if phone is None else Number(row["phone_hash"] or "", phone),
        **{name: row[name] for name in (*TOLD, *SEALED)},
    )


def columns(one: Profile) -> dict[str, Any]:
    """The columns of `COLUMNS`, and those that people are found by."""
    return {
        **{name: getattr(one.person, name) for name in NAMES},
        **{name: getattr(one, name) for name in (*TOLD, "priority_group", *SEALED)},
        "national_id": one.national_id and one.national_id.sealed,
        "phone": one.phone and one.phone.sealed,
        **one.keys,
    }


# What `found_anew` looks at.
LOOKED_AT = (*NAMES, "district", "national_id", "phone")


def found_anew(row: Mapping[str, Any], keeper: Secrets) -> dict[str, str | None]:
    """The columns that a person is found by, as this version makes them, from the columns of `LOOKED_AT`."""
    number = keeper.decrypt("national id", row["national_id"]) if row["national_id"] else ""
    phone = keeper.decrypt("phone", row["phone"]) if row["phone"] else ""
    told = {"district": row["district"], "national_id": number, "phone": phone}
    person = Person(**{name: row[name] for name in NAMES})
    return profile(person, told, groups=frozenset(), keeper=keeper).keys
