"""Whose names an account is shown: people of its own site or area, and others once a reason is given.

Until then somebody is shown by initials and year. Reasons and views are in the audit log, under the account.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, func, insert, or_, select

from vaxcert.registry import audit, schema
from vaxcert.registry.accounts.account import Account
from vaxcert.registry.database import Registry
from vaxcert.registry.records.now import stands_for
from vaxcert.registry.states import AccessReason


class Masked(NamedTuple):
    """Somebody of other sites, as far as is needed to tell whether to ask: initials in A–Z, and a year of birth."""

    initials: str
    year: str


def masked(family_transliterated: str, given_transliterated: str, date_of_birth: str) -> Masked:
    """Somebody masked. The names as a certificate has them (A–Z, `<` between words), since one letter of a Chinese or
    Korean name is all of it; the date ISO 8601, as far as it is known."""
    words = f"{family_transliterated}<{given_transliterated}".replace(" ", "<").split("<")
    return Masked(" ".join(f"{word[0]}." for word in words if word), date_of_birth[:4])


def own(connection: Connection, account: Account, people: Collection[int], today: date) -> set[int]:
    """Those of these people (numbers of whom records stand for) who belong to an account's site or area.

    To a site belong those with a dose there, and those on the list of a session there; to an area, those who are of one
    of its sites, or live in it.
    """
    if not account.site and not account.area:
        return set(people)
    person, dose, version, site = schema.person, schema.dose, schema.dose_version, schema.site
    number = func.coalesce(person.c.merged_into, person.c.id)
    given = (
        select(number)
        .join(dose, dose.c.person_id == person.c.id)
        .join(version, (version.c.dose_id == dose.c.id) & version.c.superseded_by.is_(None))
        .where(or_(person.c.id.in_(people), person.c.merged_into.in_(people)))
    )
    listed, session = schema.attendance, schema.desk_session
    expected = (
        select(number)
        .join(listed, listed.c.person_id == person.c.id)
        .join(session, session.c.id == listed.c.session_id)
        .where(or_(person.c.id.in_(people), person.c.merged_into.in_(people)), session.c.day == today)
    )
    if account.site:
        there = given.where(version.c.site == account.site).union(expected.where(session.c.site == account.site))
        return set(connection.scalars(there))
    area = site.c.district == account.area
    there = (
        given.join(site, site.c.code == version.c.site)
        .where(area)
        .union(expected.join(site, site.c.code == session.c.site).where(area))
    )
    now = schema.person_version
    lives = select(now.c.person_id).where(
        now.c.person_id.in_(people), now.c.superseded_by.is_(None), now.c.district == account.area
    )
    return set(connection.scalars(there)) | set(connection.scalars(lives))


def open_to(registry: Registry, connection: Connection, account: Account, people: Collection[int]) -> set[int]:
    """Those of these people whom an account is shown whole: its own, and those it gave a reason for today."""
    table = schema.access_reason
    query = select(table.c.person_id).where(
        table.c.account_id == account.id, table.c.day == registry.today(), table.c.person_id.in_(people)
    )
    return own(connection, account, people, registry.today()) | set(connection.scalars(query))


def give_reason(registry: Registry, account: Account, person: int, reason: AccessReason) -> None:
    """Have an account be shown somebody whole until the day ends. Raises `NotFoundError` for nobody's number."""
    with registry.noting() as connection:
        number = stands_for(connection, person)
        values = {"account_id": account.id, "person_id": number, "reason": reason, "day": registry.today()}
        connection.execute(insert(schema.access_reason).values(**values))
        audit.record(registry, connection, account.actor, "reason given", person=number, reason=reason)


def viewed(registry: Registry, account: Account, people: Iterable[int], page: str) -> None:
    """Note whom an account was shown, and on which page; one entry a page, and none for nobody."""
    shown = sorted(set(people))
    if shown:
        with registry.noting() as connection:
            audit.record(registry, connection, account.actor, "view", page=page, people=shown)
