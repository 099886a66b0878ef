"""People as they are now: found by what a row says of them, and the versions that a change makes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Row, func, select

from vaxcert.model import Person
from vaxcert.names import plain
from vaxcert.registry import schema, secrets
from vaxcert.registry.records.likeness import Features, features, match_key, near_key
from vaxcert.registry.records.stated import Stated
from vaxcert.registry.secrets import Secrets


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """One person as of now: the columns of the newest version, but for who changed it when and why."""

    person_id: int
    version_id: int
    features: Features
    values: dict[str, Any]

    def __repr__(self) -> str:
        return f"<Known {self.person_id}>"


# The columns that say something of the person; all others tell of the version.
COLUMNS = (
    "family_name", "given_name", "family_name_transliterated", "given_name_transliterated", "date_of_birth", "district",
    "priority_group", "national_id_hash", "national_id", "phone_hash", "phone", "match_key", "near_key",
)  # fmt: skip


def of_row(row: Row[Any]) -> Known:
    """One person as of now, from a row of `person_version`."""
    values = {name: row._mapping[name] for name in COLUMNS}
    return Known(person_id=row.person_id, version_id=row.id, features=compared(values), values=values)


def values_of(stated: Stated, keeper: Secrets) -> dict[str, Any]:
    """The columns for what a row says: numbers hashed and encrypted."""
    one, identity, phone = stated.person, secrets.national_id(stated.national_id), secrets.phone(stated.phone)
    values: dict[str, Any] = {
        "family_name": one.family_name,
        "given_name": one.given_name,
        "family_name_transliterated": one.family_name_transliterated,
        "given_name_transliterated": one.given_name_transliterated,
        "date_of_birth": one.date_of_birth,
        "district": stated.district,
        "priority_group": stated.priority_group,
        "national_id_hash": keeper.hash("national id", identity) if identity else None,
        "national_id": keeper.encrypt("national id", identity) if identity else None,
        "phone_hash": keeper.hash("phone", phone) if phone else None,
        "phone": keeper.encrypt("phone", phone) if phone else None,
    }
    return with_keys(values)


def with_keys(values: dict[str, Any]) -> dict[str, Any]:
    """The columns with what a person is matched by."""
    features_of = compared(values)
    return values | {"match_key": match_key(features_of), "near_key": near_key(features_of)}


def found_anew(values: dict[str, Any], keeper: Secrets) -> dict[str, Any]:
    """The columns that a person is found by, as this version makes them, from what is on record."""
    phone = secrets.phone(keeper.decrypt("phone", values["phone"])) if values["phone"] else ""
    number = keeper.decrypt("national id", values["national_id"]) if values["national_id"] else ""
    identity = secrets.national_id(number)
    hashes = {
        "phone_hash": keeper.hash("phone", phone) if phone else None,
        "national_id_hash": keeper.hash("national id", identity) if identity else None,
    }
    made = with_keys(values | hashes)
    return {name: made[name] for name in KEYS}


def person_of(values: dict[str, Any]) -> Person:
    """The person that columns describe."""
    return Person(
        family_name=values["family_name"],
        given_name=values["given_name"],
        date_of_birth=values["date_of_birth"],
        family_name_transliterated=values["family_name_transliterated"],
        given_name_transliterated=values["given_name_transliterated"],
    )


def enriched(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any] | None:
    """What is known of a person once a further record is, or None where it says nothing new.

    What is there stays; what was not known is filled in, and a name without tones gets those that the other has.
    """
    values = dict(old)
    for field, beside in (
        ("district", ()),
        ("priority_group", ()),
        ("national_id_hash", ("national_id",)),
        ("phone_hash", ("phone",)),
    ):
        if not old[field] and new[field]:
            values |= {name: new[name] for name in (field, *beside)}
    names = ("family_name", "given_name")
    bare = all(_plain_letters(old[name]) for name in names) and not all(_plain_letters(new[name]) for name in names)
    if bare and all(plain(old[name]) == plain(new[name]) for name in names):
        values |= {name: new[name] for name in (*names, "family_name_transliterated", "given_name_transliterated")}
    return None if values == old else with_keys(values)


def version(values: dict[str, Any], *, run: int, at: datetime, actor: str, reason: str) -> dict[str, Any]:
    """The columns of a version but for its own number and its person's."""
    return values | {"run_id": run, "changed_at": at, "changed_by": actor, "reason": reason, "superseded_by": None}


# What people are found by.
NUMBERS = ("national_id_hash", "phone_hash")
KEYS = ("match_key", "near_key", *NUMBERS)
# A number that more people share is none of theirs: a unit's own telephone, or what a clerk types to fill a column.
SHARED = 20


class Candidates(NamedTuple):
    """Everybody whom some records could be of.

    `known`: who could be meant, by number; `aliases`: what else was on record of one of them before records were
    found to be of one person; `shared`: hashes of numbers that are too many people's.
    """

    known: list[Known]
    aliases: list[tuple[int, Known]]
    shared: frozenset[str]


def candidates(connection: Connection, wanted: Iterable[dict[str, Any]]) -> Candidates:
    """Everybody whom one of these records could be of, as they are now."""
    table, owner = schema.person_version, schema.person
    keys: dict[str, set[str]] = {name: set() for name in KEYS}
    for values in wanted:
        for name, values_of_key in keys.items():
            if values[name]:
                values_of_key.add(values[name])
    newest = (
        select(table, owner.c.merged_into)
        .join(owner, owner.c.id == table.c.person_id)
        .where(table.c.superseded_by.is_(None))
    )
    shared: set[str] = set()
    rows: dict[int, Row[Any]] = {}
    for name, values_of_key in keys.items():
        column = table.c[name]
        if values_of_key and name in NUMBERS:
            query = select(column).where(column.in_(sorted(values_of_key)), table.c.superseded_by.is_(None))
            shared |= set(connection.scalars(query.group_by(column).having(func.count() > SHARED)))
        if telling := sorted(values_of_key - shared):
            # One key at a time, and sorted here: of an OR with an order databases make a walk through the whole table.
            rows.update((row.person_id, row) for row in connection.execute(newest.where(column.in_(telling))))
    aliases = [(row.merged_into, of_row(row)) for _, row in sorted(rows.items()) if row.merged_into is not None]
    heads = {number for number, _ in aliases} - rows.keys()
    if heads:
        rows.update(
            (row.person_id, row) for row in connection.execute(newest.where(table.c.person_id.in_(sorted(heads))))
        )
    known = [of_row(row) for _, row in sorted(rows.items()) if row.merged_into is None]
    return Candidates(known, aliases, frozenset(shared))


def compared(values: dict[str, Any]) -> Features:
    one = person_of(values)
    return features(
        one, district=values["district"], national_id=values["national_id_hash"], phone=values["phone_hash"]
    )


def _plain_letters(name: str) -> bool:
    return name.isascii()
