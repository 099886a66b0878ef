"""One person or dose as of now, and in clear where somebody has to see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, func, or_, select

from vaxcert.errors import NotFoundError, Reason
from vaxcert.registry import schema
from vaxcert.registry.database import Registry
from vaxcert.registry.records import doses, people
from vaxcert.registry.records.doses import GivenDose
from vaxcert.registry.records.people import ONE_PERSON, Profile, Somebody
from vaxcert.registry.states import DoseState


class Side(NamedTuple):
    """A record as whoever decides or corrects sees it. Personal data: to be shown, not logged.

    `number`: of the person, or of the dose where that is what is asked about.
    """

    number: int
    name: str
    date_of_birth: str
    district: str
    phone: str
    national_id: str
    doses: list[str]

    def __repr__(self) -> str:
        return f"<Side {self.number}>"


def side(registry: Registry, number: int, profile: Profile, given: Iterable[GivenDose]) -> Side:
    """A record to be shown, with these doses; what is stated twice is told once."""
    told = [
        doses.told(one.dose) + ("" if one.state is DoseState.GOOD else f" ({one.state})")
        for one in given if not one.double
    ]  # fmt: skip
    name, born = profile.person.full_name, profile.person.date_of_birth
    return Side(number, name, born, profile.district, *numbers(registry, profile), told)


def numbers(registry: Registry, profile: Profile) -> tuple[str, str]:
    """Somebody's telephone and identity number, in clear; "" for what is not known."""
    keeper = registry.secrets
    phone = keeper.decrypt("phone", profile.phone.sealed) if profile.phone else ""
    identity = keeper.decrypt("national id", profile.national_id.sealed) if profile.national_id else ""
    return phone, identity


def stands(version: Table) -> ColumnElement[bool]:
    """Whether a version of a record stands: what is known of the person now, or what the record says by itself.

    What somebody changed since stands no more, in either way.
    """
    later = version.alias("later")
    said_since = select(later.c.id).where(
        later.c.person_id == version.c.person_id, later.c.id > version.c.id, later.c.reason != ONE_PERSON
    )
    by_itself = (version.c.reason != ONE_PERSON) & ~said_since.exists()
    return or_(version.c.superseded_by.is_(None), by_itself)


def somebody(connection: Connection, number: int) -> Somebody:
    """Somebody as of now. Raises `ConfigurationError` for a number that nobody has."""
    table = schema.person_version
    row = connection.execute(select(table).where(table.c.person_id == number, table.c.superseded_by.is_(None))).first()
    if row is None:
        raise NotFoundError(f"person {number}: there is none", Reason.NO_SUCH_RECORD)
    return Somebody(number, row.id, people.of_row(row._mapping), tuple(doses_of(connection, number)))


def several(connection: Connection, some: Iterable[int]) -> dict[int, Somebody]:
    """People as of now by the numbers of those who stand for them; numbers that nobody has are left out."""
    wanted = sorted(set(some))
    owner, dose, version, table = schema.person, schema.dose, schema.dose_version, schema.person_version
    stand_for = func.coalesce(owner.c.merged_into, owner.c.id)
    query = (
        select(version, stand_for.label("of"))
        .join(dose, dose.c.id == version.c.dose_id)
        .join(owner, owner.c.id == dose.c.person_id)
        .where(version.c.superseded_by.is_(None), or_(owner.c.id.in_(wanted), owner.c.merged_into.in_(wanted)))
        .order_by(version.c.number, version.c.dose_id)
    )
    given: defaultdict[int, list[GivenDose]] = defaultdict(list)
    for row in connection.execute(query):
        given[row.of].append(doses.of_row(row))
    rows = connection.execute(select(table).where(table.c.person_id.in_(wanted), table.c.superseded_by.is_(None)))
    return {
        row.person_id: Somebody(row.person_id, row.id, people.of_row(row._mapping), tuple(given[row.person_id]))
        for row in rows
    }


def dose_now(connection: Connection, number: int) -> GivenDose:
    """A dose as of now. Raises `ConfigurationError` for a number that none has."""
    table = schema.dose_version
    row = connection.execute(select(table).where(table.c.dose_id == number, table.c.superseded_by.is_(None))).first()
    if row is None:
        raise NotFoundError(f"dose {number}: there is none", Reason.NO_SUCH_RECORD)
    return doses.of_row(row)


def doses_of(connection: Connection, number: int) -> list[GivenDose]:
    """Somebody's doses as of now, with those of who was merged into them."""
    owner, dose, version = schema.person, schema.dose, schema.dose_version
    query = (
        select(version)
        .join(dose, dose.c.id == version.c.dose_id)
        .join(owner, owner.c.id == dose.c.person_id)
        .where(version.c.superseded_by.is_(None), or_(owner.c.id == number, owner.c.merged_into == number))
        .order_by(version.c.number, version.c.dose_id)
    )
    return [doses.of_row(row) for row in connection.execute(query)]


def entered_by(connection: Connection, number: int) -> str:
    """Who entered a dose, as its run has it. Raises `NotFoundError` for a number that none has."""
    run, dose = schema.run, schema.dose
    found = connection.scalar(select(run.c.actor).join(dose, dose.c.run_id == run.c.id).where(dose.c.id == number))
    if found is None:
        raise NotFoundError(f"dose {number}: there is none", Reason.NO_SUCH_RECORD)
    return str(found)


def stands_for(connection: Connection, number: int) -> int:
    """The number of whom a person was found to be, or their own.

    Raises `ConfigurationError` for a number that nobody has.
    """
    row = connection.execute(select(schema.person.c.merged_into).where(schema.person.c.id == number)).first()
    if row is None:
        raise NotFoundError(f"person {number}: there is none", Reason.NO_SUCH_RECORD)
    return int(row.merged_into or number)


def whose_dose(connection: Connection, number: int) -> int:
    """The number of whom a dose is of now; raises `ConfigurationError` for a dose that nobody has."""
    owner = connection.scalar(select(schema.dose.c.person_id).where(schema.dose.c.id == number))
    return stands_for(connection, int(owner or 0))
