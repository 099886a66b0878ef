"""Everybody with their doses, one after the other: what reports, coverage and issuing go through."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import groupby

from sqlalchemy import Connection, func, select

from vaxcert.registry import schema
from vaxcert.registry.records import doses, people
from vaxcert.registry.records.doses import GivenDose
from vaxcert.registry.records.people import Somebody
from vaxcert.registry.states import DoseState

_AT_ONCE = 5_000
_DOSE = ("dose_id", "id", "state", *doses.COLUMNS)


def everybody(connection: Connection, only: Collection[int] | None = None) -> Iterator[Somebody]:
    """Yield all who have a dose on record that was not withdrawn, by number, and these doses by number and date.

    Those found to be somebody else are told as that one. `only`: of the records with these numbers.
    """
    owner, dose, version, person = schema.person, schema.dose, schema.dose_version, schema.person_version
    stands_for = func.coalesce(owner.c.merged_into, owner.c.id)
    query = (
        select(
            *(version.c[name].label(f"dose_{name}") for name in _DOSE),
            person.c.person_id.label("of"),
            person.c.id.label("person_version_id"),
            *(person.c[name] for name in people.COLUMNS),
        )
        .join(dose, dose.c.id == version.c.dose_id)
        .join(owner, owner.c.id == dose.c.person_id)
        .join(person, (person.c.person_id == stands_for) & person.c.superseded_by.is_(None))
        .where(version.c.superseded_by.is_(None), version.c.state != DoseState.WITHDRAWN)
        .order_by(person.c.person_id, version.c.number, version.c.date, version.c.id)
    )
    if only is not None:
        query = query.where(owner.c.id.in_(only))
    with connection.execute(query, execution_options={"yield_per": _AT_ONCE}) as rows:
        for number, group in groupby(rows, key=lambda row: row.of):
            theirs = list(group)
            given = []
            for row in theirs:
                dose_id, version_id, state, *said = row[: len(_DOSE)]
                told = doses.dose_of(dict(zip(doses.COLUMNS, said, strict=True)))
                given.append(GivenDose(dose_id, version_id, DoseState(state), told))
            first = theirs[0]
            yield Somebody(number, first.person_version_id, people.of_row(first._mapping), tuple(given))
