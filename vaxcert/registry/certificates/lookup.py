"""A holder's certificate, for who knows name, birth date, and telephone or identity number.

Whoever asks learns nothing else: that there is nobody of this name, that the number is another's, and that there is no
certificate are one answer, given after the same time. Every look-up stands in the audit log.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, or_, select

from vaxcert.model import Dose, Person
from vaxcert.registry import audit, schema, secrets
from vaxcert.registry.comparing.likeness import features, match_key
from vaxcert.registry.database import Registry
from vaxcert.registry.records import doses, people
from vaxcert.registry.records.now import stands

# Longer than any of the answers takes to find, so that none is told by its time.
LASTS = 0.5


class FoundCertificate(NamedTuple):
    """A certificate with whose it is; the times are aware, UTC. `test`: of a key that is marked so, worth nothing."""

    person: Person
    dose: Dose
    certificate_id: str
    text: str
    issued_at: datetime
    expires_at: datetime
    authority: str
    test: bool

    def __repr__(self) -> str:
        return "<FoundCertificate>"


def look_up(
    registry: Registry,
    *,
    name: str,
    date_of_birth: str,
    phone: str = "",
    national_id: str = "",
    actor: str,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> FoundCertificate | None:
    """The newest valid certificate of somebody, or None. Name in any order of its words, with or without tones."""
    start = clock()
    keeper = registry.secrets
    family, _, given = " ".join(name.split()).partition(" ")
    key = match_key(features(Person(family_name=family, given_name=given, date_of_birth=date_of_birth)))
    version, owner = schema.person_version, schema.person
    number, identity = secrets.phone(phone), secrets.national_id(national_id)
    # Nobody has the empty hash, so the question to the database is the same whatever was given.
    wanted = (
        version.c.phone_hash == (keeper.hash("phone", number) if number else ""),
        version.c.national_id_hash == (keeper.hash("national id", identity) if identity else ""),
    )
    stands_for = func.coalesce(owner.c.merged_into, owner.c.id)
    # By what is known of somebody, and by what each record of theirs says by itself.
    meant = (
        select(stands_for)
        .join(version, version.c.person_id == owner.c.id)
        .where(version.c.match_key == key, or_(*wanted), stands(version))
        .order_by(stands_for)
    )
    with registry.noting() as connection:
        numbers = sorted(set(connection.scalars(meant)))
        row = connection.execute(_newest(registry, numbers)).first()
        certificate = None if row is None else found(registry, connection, row)
        audit.record(
            registry, connection, actor, "look up", found=row is not None, **({"person": row.of} if row else {})
        )
    sleep(max(0.0, LASTS - (clock() - start)))
    return certificate


def of_person(registry: Registry, number: int) -> FoundCertificate | None:
    """The newest valid certificate of somebody by their number in the registry."""
    with registry.reading() as connection:
        row = connection.execute(_newest(registry, [number])).first()
        return None if row is None else found(registry, connection, row)


def of_dose(registry: Registry, dose_id: int, *, actor: str) -> FoundCertificate | None:
    """The valid certificate of a dose, that of them which was issued last. It stands in the audit log."""
    table = schema.certificate
    query = (
        select(table)
        .where(table.c.dose_id == dose_id, table.c.revoked_at.is_(None), table.c.replaced_by.is_(None))
        .where(table.c.expires_at > registry.now())
        .order_by(table.c.issued_at.desc(), table.c.id)
        .limit(1)
    )
    with registry.noting() as connection:
        row = connection.execute(query).first()
        audit.record(registry, connection, actor, "look up", found=row is not None, dose=dose_id)
        return None if row is None else found(registry, connection, row)


def _newest(registry: Registry, numbers: list[int]) -> Any:
    """Select one of these people's valid certificates: that of the latest dose, and of those the one issued last."""
    certificate, owner, dose = schema.certificate, schema.person, schema.dose_version
    return (
        select(certificate, func.coalesce(owner.c.merged_into, owner.c.id).label("of"))
        .join(owner, owner.c.id == certificate.c.person_id)
        .join(dose, dose.c.id == certificate.c.dose_version_id)
        .where(or_(owner.c.id.in_(numbers), owner.c.merged_into.in_(numbers)))
        .where(certificate.c.revoked_at.is_(None), certificate.c.replaced_by.is_(None))
        .where(certificate.c.expires_at > registry.now())
        .order_by(dose.c.date.desc(), dose.c.number.desc(), certificate.c.issued_at.desc(), certificate.c.id)
        .limit(1)
    )


def found(registry: Registry, connection: Connection, row: Any) -> FoundCertificate:
    """A certificate of the registry, by its row."""
    person, dose = schema.person_version, schema.dose_version
    said = connection.execute(select(person).where(person.c.id == row.person_version_id)).one()
    given = connection.execute(select(dose).where(dose.c.id == row.dose_version_id)).one()
    return FoundCertificate(
        person=people.of_row(said._mapping).person,
        dose=doses.of_row(given).dose,
        certificate_id=row.id,
        text=registry.secrets.decrypt("certificate", row.text),
        issued_at=row.issued_at.replace(tzinfo=UTC),
        expires_at=row.expires_at.replace(tzinfo=UTC),
        authority=str(connection.scalar(select(schema.run.c.source).where(schema.run.c.id == row.run_id)) or ""),
        test=row.test,
    )
