"""Everybody with their doses, one after the other: what reports, coverage and issuing go through."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from vaxcert.registry import schema
from vaxcert.registry.records import doses, people

_AT_ONCE = 5_000


class GivenDose(NamedTuple):
    """A dose as of now. `state`: good or disputed; withdrawn ones are not told."""

    dose_id: int
    version_id: int
    state: str
    product: str
    number: int
    series: int
    date: date
    disease: str
    prophylaxis: str
    holder: str
    country: str
    issuer: str
    site: str
    lot: str


class Somebody(NamedTuple):
    """A person on record. `values`: the columns of `people.COLUMNS`; `doses`: by number, then date."""

    person_id: int
    version_id: int
    values: dict[str, Any]
    doses: list[GivenDose]

    @property
    def counted(self) -> list[GivenDose]:
        """The doses that nobody disputes."""
        return [dose for dose in self.doses if dose.state == "good"]


def everybody(connection: Connection) -> Iterator[Somebody]:
    """Yield all who have a dose on record, by number; those found to be somebody else are told as that one."""
    owner, dose, version, person = schema.person, schema.dose, schema.dose_version, schema.person_version
    stands_for = func.coalesce(owner.c.merged_into, owner.c.id)
    columns = [version.c[name].label(f"dose_{name}") for name in ("id", "dose_id", "state", *doses.COLUMNS)]
    query = (
        select(*columns, person.c.id.label("person_version_id"), person.c.person_id.label("of"), *_columns(person))
        .join(dose, dose.c.id == version.c.dose_id)
        .join(owner, owner.c.id == dose.c.person_id)
        .join(person, (person.c.person_id == stands_for) & person.c.superseded_by.is_(None))
        .where(version.c.superseded_by.is_(None), version.c.state != "withdrawn")
        .order_by(person.c.person_id, version.c.number, version.c.date, version.c.id)
    )
    with connection.execute(query, execution_options={"yield_per": _AT_ONCE}) as rows:
        for number, group in groupby(rows, key=lambda row: row.of):
            given: list[GivenDose] = []
            values: dict[str, Any] = {}
            at = 0
            for row in group:
                told = row._mapping
                if not given:
                    at, values = row.person_version_id, {name: told[name] for name in people.COLUMNS}
                said = {name: told[f"dose_{name}"] for name in ("state", *doses.COLUMNS)}
                given.append(GivenDose(row.dose_dose_id, row.dose_id, **said))
            yield Somebody(number, at, values, given)


def _columns(person: Any) -> list[Any]:
    return [person.c[name] for name in people.COLUMNS]
