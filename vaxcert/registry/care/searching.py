"""Who is meant, for staff: the number by which a record is corrected, exported or deleted, and what is on it."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from vaxcert.errors import InputError, Reason
from vaxcert.model import Person
from vaxcert.registry import audit, schema, secrets
from vaxcert.registry.comparing.likeness import features, names_agree
from vaxcert.registry.database import Registry
from vaxcert.registry.records import people
from vaxcert.registry.records.asking import open_questions
from vaxcert.registry.records.now import Side, side, somebody, stands, stands_for

# Whoever gets more than these has not asked for one person.
MOST = 50


class SearchHit(NamedTuple):
    """Somebody on record: how many of their certificates are good, and how many questions about them are open."""

    side: Side
    certificates: int
    questions: int


def search(
    registry: Registry, *, name: str = "", date_of_birth: str = "", phone: str = "", national_id: str = "", actor: str
) -> list[SearchHit]:
    """Everybody with this identity number, this telephone, or this birth date and a name like this, `MOST` at most.

    Raises `InputError` where none of them is given. It stands in the audit log, with the numbers of those found.
    """
    identity, digits = secrets.national_id(national_id), secrets.phone(phone)
    if not (identity or digits or date_of_birth):
        raise InputError("date_of_birth", Reason.NOT_ENOUGH_GIVEN)
    family, _, given = " ".join(name.split()).partition(" ")
    wanted = features(Person(family_name=family, given_name=given, date_of_birth=date_of_birth))
    version, keeper = schema.person_version, registry.secrets
    meant = [
        *([version.c.national_id_hash == keeper.hash("national id", identity)] if identity else []),
        *([version.c.phone_hash == keeper.hash("phone", digits)] if digits else []),
        *([version.c.date_of_birth == date_of_birth] if date_of_birth else []),
    ]
    matching: set[int] = set()
    with registry.noting() as connection:
        for condition in meant:
            # Whoever is found by what one of their records says is told as whom it is of.
            query = (
                select(version, func.coalesce(schema.person.c.merged_into, version.c.person_id).label("of"))
                .join(schema.person, schema.person.c.id == version.c.person_id)
                .where(condition, stands(version))
            )
            for row in connection.execute(query):
                known = people.of_row(row._mapping).features
                # Some words of the name are enough, and one that is mistyped.
                if set(wanted.bare) <= set(known.bare) or names_agree(known, wanted):
                    matching.add(row.of)
        chosen = sorted(matching)[:MOST]
        seen = [_seen(registry, connection, number) for number in chosen]
        audit.record(registry, connection, actor, "search", people=chosen)
    return seen


def by_number(registry: Registry, number: int, *, actor: str) -> SearchHit:
    """Find somebody by their number. Raises `ConfigurationError` where there is none."""
    with registry.noting() as connection:
        meant = stands_for(connection, number)
        seen = _seen(registry, connection, meant)
        audit.record(registry, connection, actor, "search", people=[meant])
    return seen


def _seen(registry: Registry, connection: Connection, number: int) -> SearchHit:
    owner, certificate = schema.person, schema.certificate
    numbers = [*connection.scalars(select(owner.c.id).where(owner.c.merged_into == number)), number]
    one = somebody(connection, number)

    def count(table: Any, *conditions: Any) -> int:
        return int(connection.scalar(select(func.count()).select_from(table).where(*conditions)) or 0)

    return SearchHit(
        side(registry, number, one.profile, one.doses),
        count(
            certificate, certificate.c.person_id.in_(numbers), certificate.c.revoked_at.is_(None),
            certificate.c.replaced_by.is_(None), certificate.c.expires_at > registry.now(),
        ),
        len(open_questions(connection, numbers)),
    )  # fmt: skip
