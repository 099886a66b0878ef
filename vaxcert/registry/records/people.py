"""People as they are kept: what is on record of one, as of now, and the columns of a version."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import msgspec

from vaxcert.errors import InputError, Reason
from vaxcert.model import Person
from vaxcert.registry import secrets
from vaxcert.registry.records.doses import GivenDose
from vaxcert.registry.records.likeness import Features, features, match_key, near_key
from vaxcert.registry.secrets import Secrets
from vaxcert.registry.states import DoseState

NAMES = ("family_name", "given_name", "family_name_transliterated", "given_name_transliterated", "date_of_birth")
# The columns that say something of a person, but for what they are found by: all others tell of the version.
COLUMNS = (
    *NAMES, "district", "priority_group", "national_id_hash", "national_id", "phone_hash", "phone",
)  # fmt: skip
# What people are found by.
NUMBERS = ("national_id_hash", "phone_hash")
KEYS = ("match_key", "near_key", *NUMBERS)

_MAX = {"national_id": 30, "phone": 30, "district": 80, "priority_group": 8}


class Number(msgspec.Struct, frozen=True, gc=False):
    """An identity or telephone number as it is kept.

    `hash`: keyed, to be found by; "" where the number says nothing. `sealed`: what only the registry's key opens.
    """

    hash: str
    sealed: bytes

    def __repr__(self) -> str:
        return "<Number>"


class Profile(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What is known of a person, by a row or on record. Nothing of it but the numbers is secret to the database."""

    person: Person
    district: str = ""
    priority_group: str = ""
    national_id: Number | None = None
    phone: Number | None = None

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
        )

    @cached_property
    def keys(self) -> dict[str, str | None]:
        """The columns of `KEYS`."""
        one = self.features
        return {
            "match_key": match_key(one),
            "near_key": near_key(one),
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


def profile(person: Person, told: Mapping[str, str], *, groups: frozenset[str], keeper: Secrets) -> Profile:
    """A person with the district, priority group and numbers in `told`; from here on the numbers are sealed.

    Raises `InputError` for what is too long, and a group that is not one of `groups`.
    """
    for field, most in _MAX.items():
        if len(told.get(field, "")) > most:
            raise InputError(field, Reason.TOO_LONG, most=most)
    group = told.get("priority_group", "")
    if group and group not in groups:
        raise InputError("priority_group", Reason.NO_SUCH_GROUP)
    identity, phone = secrets.national_id(told.get("national_id", "")), secrets.phone(told.get("phone", ""))
    return Profile(
        person=person,
        district=told.get("district", ""),
        priority_group=group,
        national_id=_number(keeper, "national id", identity) if identity else None,
        phone=_number(keeper, "phone", phone) if phone else None,
    )


def _number(keeper: Secrets, kind: str, number: str) -> Number:
    return Number(keeper.hash(kind, number), keeper.encrypt(kind, number))


def of_row(row: Mapping[Any, Any]) -> Profile:
    """What a version of a person says; `row`: at least the columns of `COLUMNS`."""
    identity, phone = row["national_id"], row["phone"]
    return Profile(
        person=Person(**{name: row[name] for name in NAMES}),
        district=row["district"],
        priority_group=row["priority_group"],
        national_id=None if identity is None else Number(row["national_id_hash"] or "", identity),
        phone=None if phone is None else Number(row["phone_hash"] or "", phone),
    )


def columns(one: Profile) -> dict[str, Any]:
    """The columns of `COLUMNS`, and those that people are found by."""
    return {
        **{name: getattr(one.person, name) for name in NAMES},
        "district": one.district,
        "priority_group": one.priority_group,
        "national_id": one.national_id and one.national_id.sealed,
        "phone": one.phone and one.phone.sealed,
        **one.keys,
    }


def found_anew(row: Mapping[str, Any], keeper: Secrets) -> dict[str, str | None]:
    """The columns that a person is found by, as this version makes them, from what is on record."""
    phone = secrets.phone(keeper.decrypt("phone", row["phone"])) if row["phone"] else ""
    number = keeper.decrypt("national id", row["national_id"]) if row["national_id"] else ""
    identity = secrets.national_id(number)
    hashes = {
        "phone_hash": keeper.hash("phone", phone) if phone else None,
        "national_id_hash": keeper.hash("national id", identity) if identity else None,
    }
    return of_row({**row, **hashes}).keys
