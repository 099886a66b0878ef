"""Somebody's whole record for a desk: who they are, their doses, what certificates state of them, what came after."""

from __future__ import annotations

from datetime import UTC
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from vaxcert.issue import local_day
from vaxcert.registry import audit, schema
from vaxcert.registry.accounts.seeing import Masked, masked
from vaxcert.registry.database import Registry
from vaxcert.registry.records import completeness, people
from vaxcert.registry.records.doses import GivenDose
from vaxcert.registry.records.now import numbers, somebody, stands_for, whose_dose
from vaxcert.registry.records.people import Profile
from vaxcert.registry.states import RunKind


class CertificateState(StrEnum):
    """How it stands with the certificate of a dose."""

    NONE = "none"
    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


class HeldDose(NamedTuple):
    """A dose as a desk sees it. `takeable`: recorded at a desk on this day, so that it can be taken back."""

    given: GivenDose
    takeable: bool
    certificate: CertificateState
    events: int


class PersonRecord(NamedTuple):
    """Somebody whole. Personal data: to be shown, not logged. `told`: what else is told of them, in clear, by field;
    `asked`: a question about who they are is open."""

    number: int
    profile: Profile
    phone: str
    national_id: str
    told: dict[str, str]
    doses: list[HeldDose]
    asked: bool
    masked: Masked

    def __repr__(self) -> str:
        return f"<PersonRecord {self.number}>"

    @property
    def shown(self) -> list[HeldDose]:
        """Their doses, each once."""
        return [one for one in self.doses if not one.given.double]

    def dose(self, number: int) -> HeldDose:
        """The dose of that number, which is one of theirs."""
        return next(one for one in self.doses if one.given.dose_id == number)


def whole(registry: Registry, number: int, *, actor: str) -> PersonRecord:
    """Somebody by their number, or that of who was found to be them. Raises `NotFoundError`. It is in the audit log."""
    with registry.noting() as connection:
        return _noted(registry, connection, stands_for(connection, number), actor)


def of_dose(registry: Registry, dose_id: int, *, actor: str) -> PersonRecord:
    """Whoever has a dose, as `whole` tells it. Raises `NotFoundError`."""
    with registry.noting() as connection:
        return _noted(registry, connection, whose_dose(connection, dose_id), actor)


def _noted(registry: Registry, connection: Connection, number: int, actor: str) -> PersonRecord:
    audit.record(registry, connection, actor, "show", person=number)
    one = somebody(connection, number)
    owner = schema.person
    mine = (owner.c.id == number) | (owner.c.merged_into == number)
    records = list(connection.scalars(select(owner.c.id).where(mine)))
    given = [dose.dose_id for dose in one.doses]
    takeable, events = _today(registry, connection, given), _events(connection, given)
    states = _certificates(registry, connection, given)
    held = [
        HeldDose(
            dose,
            dose.dose_id in takeable,
            states.get(dose.dose_id, CertificateState.NONE),
            events.get(dose.dose_id, 0),
        )
        for dose in one.doses
    ]
    phone, identity = numbers(registry, one.profile)
    person = one.profile.person
    names = (person.family_name_transliterated, person.given_name_transliterated)
    return PersonRecord(
        number, one.profile, phone, identity, people.told(one.profile, registry.secrets), held,
        number in completeness.asked(connection, records), masked(*names, person.date_of_birth),
    )  # fmt: skip


def _today(registry: Registry, connection: Connection, given: list[int]) -> set[int]:
    """Those of these doses that a desk recorded on this day."""
    run, dose = schema.run, schema.dose
    query = (
        select(dose.c.id, run.c.started_at)
        .join(run, run.c.id == dose.c.run_id)
        .where(dose.c.id.in_(given), run.c.kind == RunKind.RECORD)
    )
    return {
        row.id
        for row in connection.execute(query)
        if local_day(registry.country, row.started_at.replace(tzinfo=UTC)) == registry.today()
    }


def _events(connection: Connection, given: list[int]) -> dict[int, int]:
    table = schema.adverse_event
    query = select(table.c.dose_id, func.count()).where(table.c.dose_id.in_(given)).group_by(table.c.dose_id)
    return {row[0]: row[1] for row in connection.execute(query)}


def _certificates(registry: Registry, connection: Connection, given: list[int]) -> dict[int, CertificateState]:
    table = schema.certificate
    order = [CertificateState.REVOKED, CertificateState.EXPIRED, CertificateState.VALID]
    states: dict[int, CertificateState] = {}
    for row in connection.execute(select(table).where(table.c.dose_id.in_(given))):
        now = _state(registry, row)
        states[row.dose_id] = max(states.get(row.dose_id, now), now, key=order.index)
    return states


def _state(registry: Registry, row: Any) -> CertificateState:
    if row.revoked_at is not None or row.replaced_by is not None:
        return CertificateState.REVOKED
    return CertificateState.VALID if row.expires_at > registry.now() else CertificateState.EXPIRED
