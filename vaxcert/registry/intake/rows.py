"""What a row of a unit's table says: a person with what identifies them, and a dose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from vaxcert.errors import Problem
from vaxcert.issue import check
from vaxcert.model import Dose
from vaxcert.names import normalise
from vaxcert.registry.records.doses import check_lot
from vaxcert.registry.records.people import Profile, profile
from vaxcert.registry.secrets import Secrets
from vaxcert.tables.records import person_and_dose
from vaxcert.tables.values.reading import AS_IT_STANDS, Reading

# Fields beyond those of Batch that a registry takes.
FIELDS = frozenset(("national_id", "phone", "district", "priority_group"))


class ReadRow(msgspec.Struct, frozen=True):
    """A row of the table and what it says. `digest`: keyed, the same for the same texts."""

    line: int
    digest: str
    profile: Profile
    dose: Dose

    def __repr__(self) -> str:
        return f"<ReadRow {self.line}>"


class BadRow(msgspec.Struct, frozen=True):
    """A row of the table that makes no sense, and why."""

    line: int
    problem: Problem


def read(
    values: Mapping[str, str], *, today: date, groups: frozenset[str], keeper: Secrets, reading: Reading = AS_IT_STANDS
) -> tuple[Profile, Dose]:
    """Read a row's texts, by field, as a person and a dose. `groups`: the codes of priority groups.

    Raises `InputError`, which names the first field that is wrong.
    """
    values = {name: normalise(text) for name, text in values.items()}
    person, dose = person_and_dose({name: text for name, text in values.items() if name not in FIELDS}, reading)
    check(person, dose, today=today)
    check_lot(dose.lot)
    return profile(person, values, groups=groups, keeper=keeper), dose
