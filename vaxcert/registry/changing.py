"""Corrections: a new version that says who changed what when and why. Nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert, update

from vaxcert.errors import InputError
from vaxcert.issue import check, local_day
from vaxcert.model import Dose
from vaxcert.registry import audit, people, runs, schema
from vaxcert.registry.database import Registry, next_id
from vaxcert.registry.now import current, dose_now, shown
from vaxcert.registry.people import Known, Stated

PERSON_FIELDS = ("family_name", "given_name", "date_of_birth", "district", "priority_group", "national_id", "phone")
DOSE_FIELDS = ("product", "number", "series", "date", "site", "lot", "state")


def correct_person(
    registry: Registry, number: int, changes: Mapping[str, str], *, actor: str, reason: str, country: str = "VN"
) -> int:
    """Change what is known of somebody; the run's number. Raises `InputError` for what makes no sense."""
    _check_fields(changes, PERSON_FIELDS, reason)
    with registry.writing() as connection:
        old = current(connection, number)
        _, _, _, phone, identity = shown(registry, old)
        now = dict(old.values) | {"phone": phone, "national_id": identity}
        wanted = {name: changes.get(name, now[name] or "") for name in PERSON_FIELDS}
        renamed = {
            f"{name}_transliterated": "" if name in changes else now[f"{name}_transliterated"]
            for name in ("family_name", "given_name")
        }
        person = people.person_of({**wanted, **renamed})
        # Checked as if for a certificate: a person without any dose of their own still has to make sense.
        today = local_day(country, registry.clock())
        check(person, Dose(product="EU/1/20/1528", number=1, series=1, date=today), today=today)
        stated = Stated(
            person=person, district=wanted["district"], priority_group=wanted["priority_group"],
            national_id=wanted["national_id"], phone=wanted["phone"],
        )  # fmt: skip
        run = runs.begin(registry, connection, "correction", actor)
        values = people.values_of(stated, registry.secrets)
        new_person_version(registry, connection, old, values, run=run, actor=actor, reason=reason)
        runs.end(registry, connection, run, {"people": 1})
        audit.record(registry, connection, actor, "correct", run=run, person=number, fields=sorted(changes))
    return run


def correct_dose(
    registry: Registry, number: int, changes: Mapping[str, Any], *, actor: str, reason: str, country: str = "VN"
) -> int:
    """Change a dose, or withdraw it (`state`: "withdrawn"); the run's number. Raises `InputError`."""
    _check_fields(changes, DOSE_FIELDS, reason)
    with registry.writing() as connection:
        old = dose_now(connection, number)
        values = {name: changes.get(name, old._mapping[name]) for name in DOSE_FIELDS}
        if values["state"] not in ("good", "disputed", "withdrawn"):
            raise InputError("state", "neither good, disputed nor withdrawn")
        owner = connection.scalar(
            schema.dose.select().with_only_columns(schema.dose.c.person_id).where(schema.dose.c.id == number)
        )
        person = people.person_of(current(connection, int(owner or 0)).values)
        said = Dose(**{name: values[name] for name in DOSE_FIELDS if name != "state"})
        check(person, said, today=local_day(country, registry.clock()))
        run = runs.begin(registry, connection, "correction", actor)
        values["disease"] = said.disease
        new_dose_version(registry, connection, old, values, run=run, actor=actor, reason=reason)
        runs.end(registry, connection, run, {"doses": 1})
        audit.record(registry, connection, actor, "correct", run=run, dose=number, fields=sorted(changes))
    return run


def new_person_version(
    registry: Registry, connection: Connection, old: Known, values: dict[str, Any], *, run: int, actor: str, reason: str
) -> int:
    """Put a version in the place of the newest; its number."""
    number = next_id(connection, schema.person_version)
    noted = people.version(values, run=run, at=registry.now(), actor=actor, reason=reason)
    connection.execute(insert(schema.person_version).values(id=number, person_id=old.person_id, **noted))
    _supersede(connection, schema.person_version, old.version_id, number)
    return number


def new_dose_version(
    registry: Registry,
    connection: Connection,
    old: Any,
    changes: Mapping[str, Any],
    *,
    run: int,
    actor: str,
    reason: str,
) -> int:
    """Put a version in the place of the newest; its number."""
    number = next_id(connection, schema.dose_version)
    values = {**old._mapping, **changes}
    values |= {
        "id": number, "run_id": run, "superseded_by": None, "changed_at": registry.now(), "changed_by": actor,
        "reason": reason,
    }  # fmt: skip
    connection.execute(insert(schema.dose_version).values(**values))
    _supersede(connection, schema.dose_version, old.id, number)
    return number


def _supersede(connection: Connection, table: Any, old: int, new: int) -> None:
    connection.execute(update(table).where(table.c.id == old).values(superseded_by=new))


def _check_fields(changes: Mapping[str, Any], fields: tuple[str, ...], reason: str) -> None:
    for name in changes:
        if name not in fields:
            raise InputError(name, f"not one of {', '.join(fields)}")
    if not changes:
        raise InputError("changes", "none")
    if not reason.strip():
        raise InputError("reason", "missing")
