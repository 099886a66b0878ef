"""Corrections: a new version that says who changed what when and why. Nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert, select, update

from vaxcert.errors import InputError
from vaxcert.issue import check, local_day
from vaxcert.model import Dose
from vaxcert.names import normalise
from vaxcert.registry import audit, doses, people, rows, runs, schema
from vaxcert.registry.database import Registry, next_id
from vaxcert.registry.likeness import reasons_text
from vaxcert.registry.matching import Matching
from vaxcert.registry.now import current, dose_now, shown, stands_for
from vaxcert.registry.people import Known
from vaxcert.uvci import check_site

PERSON_FIELDS = ("family_name", "given_name", "date_of_birth", "district", "priority_group", "national_id", "phone")
DOSE_FIELDS = (*doses.COLUMNS, "state")
_MOST_REASON = 200


def correct_person(
    registry: Registry, number: int, changes: Mapping[str, str], *, actor: str, reason: str, country: str = "VN"
) -> int:
    """Change what is known of somebody; the run's number. Raises `InputError` for what makes no sense.

    Where they are then like somebody else, that is a question for a person to decide.
    """
    _check_fields(changes, PERSON_FIELDS, reason)
    changes = {name: normalise(value) for name, value in changes.items()}
    with registry.writing() as connection:
        old = current(connection, stands_for(connection, number))
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
        codes = frozenset(connection.scalars(select(schema.priority_group.c.code)))
        kept = {now["priority_group"]} if "priority_group" not in changes else set()
        stated = rows.stated(person, wanted, groups=codes | kept)
        run = runs.begin(registry, connection, "correction", actor)
        values = people.values_of(stated, registry.secrets)
        new_person_version(registry, connection, old, values, run=run, actor=actor, reason=reason)
        asked = _ask_who_else(connection, run, old.person_id, values)
        runs.end(registry, connection, run, {"people": 1, "questions": asked})
        audit.record(registry, connection, actor, "correct", run=run, person=old.person_id, fields=sorted(changes))
    return run


def correct_dose(
    registry: Registry, number: int, changes: Mapping[str, Any], *, actor: str, reason: str, country: str = "VN"
) -> int:
    """Change a dose, or withdraw it (`state`: "withdrawn"); the run's number. Raises `InputError`."""
    _check_fields(changes, DOSE_FIELDS, reason)
    with registry.writing() as connection:
        old = dose_now(connection, number)
        before = dict(old._mapping)
        if "product" in changes:
            # They follow from the product, unless they are said too.
            before |= dict.fromkeys(("disease", "prophylaxis", "holder"), "")
        values = {name: changes.get(name, before[name]) for name in DOSE_FIELDS}
        if values["state"] not in ("good", "disputed", "withdrawn"):
            raise InputError("state", "neither good, disputed nor withdrawn")
        owner = connection.scalar(select(schema.dose.c.person_id).where(schema.dose.c.id == number))
        person = people.person_of(current(connection, stands_for(connection, int(owner or 0))).values)
        said = doses.dose_of(values)
        check(person, said, today=local_day(country, registry.clock()))
        if said.site:
            check_site(said.site)
        rows.check_lot(said.lot)
        run = runs.begin(registry, connection, "correction", actor)
        new = {**doses.values_of(said), "state": values["state"]}
        new_dose_version(registry, connection, old, new, run=run, actor=actor, reason=reason)
        runs.end(registry, connection, run, {"doses": 1})
        audit.record(registry, connection, actor, "correct", run=run, dose=number, fields=sorted(changes))
    return run


def _ask_who_else(connection: Connection, run: int, number: int, values: dict[str, Any]) -> int:
    """Note a question for each who is like somebody now, and of whom none was asked yet; how many."""
    same, unsure = Matching(connection, [values]).judge(values)
    table = schema.review
    asked = 0
    for other, reasons in [*((one, ("all agrees after a correction",)) for one in same), *unsure]:
        one, two = sorted((number, other.person_id))
        known = select(table.c.id).where(table.c.kind == "person", table.c.first == one, table.c.second == two)
        if one != two and connection.scalar(known) is None:
            connection.execute(
                insert(table).values(
                    id=next_id(connection, table), run_id=run, kind="person", first=one, second=two,
                    reasons=reasons_text(reasons),
                )
            )  # fmt: skip
            asked += 1
    return asked


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
    if len(reason) > _MOST_REASON:
        raise InputError("reason", f"longer than {_MOST_REASON} characters")
