"""People and doses as of now, and in clear where somebody has to see them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, or_, select

from vaxcert.errors import NotFoundError, Reason
from vaxcert.registry import schema
from vaxcert.registry.database import Registry
from vaxcert.registry.records import doses, people


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


def side(registry: Registry, one: people.Known, given: Iterable[Any]) -> Side:
    """Somebody's record to be shown, with these rows of `dose_version`."""
    told = [doses.told(row._mapping) + ("" if row.state == "good" else f" ({row.state})") for row in given]
    return Side(one.person_id, *shown(registry, one), told)


def current(connection: Connection, number: int) -> people.Known:
    """Somebody as of now. Raises `ConfigurationError` for a number that nobody has."""
    table = schema.person_version
    row = connection.execute(select(table).where(table.c.person_id == number, table.c.superseded_by.is_(None))).first()
    if row is None:
        raise NotFoundError(f"person {number}: there is none", Reason.NO_SUCH_RECORD)
    return people.of_row(row)


def dose_now(connection: Connection, number: int) -> Any:
    """A dose as of now. Raises `ConfigurationError` for a number that none has."""
    table = schema.dose_version
    row = connection.execute(select(table).where(table.c.dose_id == number, table.c.superseded_by.is_(None))).first()
    if row is None:
        raise NotFoundError(f"dose {number}: there is none", Reason.NO_SUCH_RECORD)
    return row


def doses_of(connection: Connection, number: int) -> list[Any]:
    """Somebody's doses as of now, with those of who was merged into them."""
    owner, dose, version = schema.person, schema.dose, schema.dose_version
    query = (
        select(version)
        .join(dose, dose.c.id == version.c.dose_id)
        .join(owner, owner.c.id == dose.c.person_id)
        .where(version.c.superseded_by.is_(None), or_(owner.c.id == number, owner.c.merged_into == number))
        .order_by(version.c.number, version.c.dose_id)
    )
    return list(connection.execute(query))


def stands_for(connection: Connection, number: int) -> int:
    """The number of whom a person was found to be, or their own.

    Raises `ConfigurationError` for a number that nobody has.
    """
    row = connection.execute(select(schema.person.c.merged_into).where(schema.person.c.id == number)).first()
    if row is None:
        raise NotFoundError(f"person {number}: there is none", Reason.NO_SUCH_RECORD)
    return int(row.merged_into or number)


def shown(registry: Registry, one: people.Known) -> tuple[str, str, str, str, str]:
    """Name, birth date, district, telephone and identity number of somebody, in clear."""
    values, keeper = one.values, registry.secrets
    phone = keeper.decrypt("phone", values["phone"]) if values["phone"] else ""
    identity = keeper.decrypt("national id", values["national_id"]) if values["national_id"] else ""
    return people.person_of(values).full_name, values["date_of_birth"], values["district"], phone, identity
