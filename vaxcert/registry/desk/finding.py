"""Finding somebody by little: words of a name and a year, or one number. What is typed until they are on the screen.

Each way goes by an index: identity number and telephone by their keyed hashes, name and year by the key of the
matching, which begins with the birth date. Who is found so could be anybody; whom a whole record could be of is told by
the matching (`people.who`), first.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, or_, select

from vaxcert.model import Person
from vaxcert.registry import audit, schema, secrets
from vaxcert.registry.comparing.likeness import features
from vaxcert.registry.database import Registry
from vaxcert.registry.desk.people import Candidate, shown
from vaxcert.registry.records.matching import candidates
from vaxcert.registry.records.now import several, stands
from vaxcert.registry.records.people import Profile

# Whoever gets more than these has to tell more.
MOST = 20


class FoundBy(StrEnum):
    """By what of somebody they were found; `LIKENESS`: by all that was told, as an import finds them."""

    LIKENESS = "likeness"
    IDENTITY_NUMBER = "identity_number"
    TELEPHONE = "telephone"
    NAME_AND_YEAR = "name_and_year"


class FoundPerson(NamedTuple):
    """Somebody who was found, and by what."""

    candidate: Candidate
    by: tuple[FoundBy, ...]


class PersonSearch(NamedTuple):
    """What a search gave, first whom it surely is of. `enough`: whether there was enough to look by; `more`: whether
    there are others than these `MOST`."""

    found: list[FoundPerson]
    enough: bool = True
    more: bool = False


def find(registry: Registry, told: Mapping[str, str], profile: Profile | None, *, actor: str) -> PersonSearch:
    """People on record by what was typed of them. It stands in the audit log, with the numbers of those found.

    `told`: by the fields of a unit's table; `full_name`: words of it, or their beginnings, with or without tones;
    `date_of_birth`: ISO 8601, at least the year; `phone`, `national_id`. `profile`: all of it, where that is whole.
    """
    conditions = _conditions(registry, told)
    if not conditions:
        return PersonSearch([], enough=False)
    with registry.noting() as connection:
        same, unsure = candidates(connection, [profile]).like(profile) if profile else ([], [])
        listed = [(one, True, ()) for one in same] + [(one, False, why) for one, why in unsure]
        by: dict[int, list[FoundBy]] = {one.person_id: [FoundBy.LIKENESS] for one, _, _ in listed}
        for way, condition in conditions.items():
            for number in _numbers(connection, condition):
                by.setdefault(number, []).append(way)
        matched = {one.person_id for one, _, _ in listed}
        others = [number for number in by if number not in matched]
        kept = others[: max(0, MOST - len(listed))]
        known = several(connection, kept)
        listed += [(known[number], False, ()) for number in kept if number in known]
        found = [FoundPerson(shown(registry, one, sure, why), tuple(by[one.person_id])) for one, sure, why in listed]
        audit.record(registry, connection, actor, "search", people=[one.person_id for one, _, _ in listed])
    return PersonSearch(found, more=len(others) > len(kept))


def _conditions(registry: Registry, told: Mapping[str, str]) -> dict[FoundBy, ColumnElement[bool]]:
    version, keeper = schema.person_version, registry.secrets
    made: dict[FoundBy, ColumnElement[bool]] = {}
    if identity := secrets.national_id(told.get("national_id", "")):
        made[FoundBy.IDENTITY_NUMBER] = version.c.national_id_hash == keeper.hash("national id", identity)
    if digits := secrets.phone(told.get("phone", "")):
        made[FoundBy.TELEPHONE] = version.c.phone_hash == keeper.hash("phone", digits)
    family, _, given = " ".join(told.get("full_name", "").split()).partition(" ")
    words = features(Person(family_name=family, given_name=given)).bare
    born = told.get("date_of_birth", "")
    if words and born:
        key, year = version.c.match_key, int(born[:4])
        # The range is what the index is walked by; four digits come in one order, whatever the database's letters do.
        range_ = (key >= str(year)) & (key < str(year + 1))
        begins = [or_(*(key.contains(f"{before}{word}", autoescape=True) for before in "| ")) for word in words]
        made[FoundBy.NAME_AND_YEAR] = range_ & _born(born)
        for one in begins:
            made[FoundBy.NAME_AND_YEAR] &= one
    return made


def _born(born: str) -> ColumnElement[bool]:
    """Those born then, as far as it is said, and those of whom less is on record."""
    key = schema.person_version.c.match_key
    less = [born[:length] for length in (4, 7) if length < len(born)]
    return or_(key.startswith(born, autoescape=True), *(key.startswith(f"{one}|", autoescape=True) for one in less))


def _numbers(connection: Connection, condition: ColumnElement[bool]) -> list[int]:
    """The numbers of those who stand for whom a condition is true of, one more than `MOST` at most."""
    version, owner = schema.person_version, schema.person
    query = (
        select(func.coalesce(owner.c.merged_into, owner.c.id))
        .join_from(version, owner, owner.c.id == version.c.person_id)
        .where(condition, stands(version))
        .distinct()
        .limit(MOST + 1)
    )
    return list(connection.scalars(query))
