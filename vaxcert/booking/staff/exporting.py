"""What somebody may ask for: the bookings that are theirs, as long as there are any."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import or_, select

from vaxcert.booking import applicants, schema
from vaxcert.booking.applicants import Applicant
from vaxcert.booking.store import Bookings
from vaxcert.registry.secrets import Secrets, phone

_TOLD = ("site", "site_name", "day", "begins", "ends", "product")


def of_person(bookings: Bookings, versions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The bookings of somebody, in clear, oldest first.

    `versions`: of their record, as `registry.care.privacy.export_person` has them. Theirs is a booking that the desk
    found to be, and one under a name, birth date and telephone that their record has or had.
    """
    rows = list(versions)
    people = {row["person_id"] for row in rows}
    known = {applicants.only(bookings.secrets, one) for row in rows for one in _said(row)}
    telephones = {applicants.telephone_of(bookings.secrets, one) for row in rows for one in _said(row)}
    table, offer = schema.booking, schema.offer
    query = (
        select(table, *(offer.c[name] for name in _TOLD))
        .join(offer, offer.c.id == table.c.offer_id)
        .where(or_(table.c.person.in_(people), table.c.phone_hash.in_(telephones)))
        .order_by(table.c.id)
    )
    with bookings.reading() as connection:
        found = connection.execute(query).all()
    return [told for row in found if (told := _told(bookings, row, people, known)) is not None]


def _told(bookings: Bookings, row: Any, people: set[int], known: set[str]) -> dict[str, Any] | None:
    who = None if row.sealed is None else applicants.opened(bookings.desk, row.sealed)
    # A family may book at one telephone.
    if row.person not in people and (who is None or not _is(bookings.secrets, who, known)):
        return None
    said = {} if who is None else {"full_name": who.full_name, "date_of_birth": who.date_of_birth, "phone": who.phone}
    times = {"made_at": row.made_at.isoformat(), "changed_at": row.changed_at.isoformat()}
    at = {name: getattr(row, name) for name in _TOLD} | {"day": row.day.isoformat()}
    return {"id": row.id, "state": row.state, **said, "group": row.group_code, "lang": row.lang, **times, **at}


def _is(secrets: Secrets, who: Applicant, known: set[str]) -> bool:
    return applicants.only(secrets, who) in known


def _said(version: Mapping[str, Any]) -> Iterator[Applicant]:
    """A version of a record as its holder would book: once for each of its telephones."""
    name = f"{version['family_name']} {version['given_name']}"
    told = ";".join(str(version[field]) for field in ("phone", "other_phones") if version.get(field))
    for one in dict.fromkeys(re.split("[;,]", told)):
        if phone(one):
            yield Applicant(full_name=name, date_of_birth=version["date_of_birth"], phone=one)
