"""Corrections: a new version that says who changed what when and why. Nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from vaxcert.errors import InputError, NotFoundError, Reason
from vaxcert.issue import check
from vaxcert.model import Dose, earliest_birth
from vaxcert.names import normalise
from vaxcert.registry import audit, runs, schema, secrets
from vaxcert.registry.database import Registry
from vaxcert.registry.numbers import next_id
from vaxcert.registry.records import disputes, doses, people, stated
from vaxcert.registry.records.likeness import Why
from vaxcert.registry.records.matching import Matching
from vaxcert.registry.records.now import current, dose_now, doses_of, shown, stands_for
from vaxcert.registry.records.versions import new_dose_version, new_person_version

PERSON_FIELDS = ("family_name", "given_name", "date_of_birth", "district", "priority_group", "national_id", "phone")
DOSE_FIELDS = (*doses.COLUMNS, "state")
_MOST_REASON = 200


def correct_person(registry: Registry, number: int, changes: Mapping[str, str], *, actor: str, reason: str) -> int:
    """Change what is known of somebody; return the run's number. An empty text takes a number, district or group away.

    Where they are then like somebody else, that is a question for a person to decide. Raises `InputError` for what
    makes no sense, beside their doses too, or changes nothing.
    """
    _check_fields(changes, PERSON_FIELDS, reason)
    changes = {name: normalise(value) for name, value in changes.items()}
    for name, number_of in (("phone", secrets.phone), ("national_id", secrets.national_id)):
        if changes.get(name) and not number_of(changes[name]):
            raise InputError(name, Reason.NO_DIGITS)
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
        # As if for a certificate: of a day that is no dose's, and of each dose.
        today = registry.today()
        check(person, Dose(product="EU/1/20/1528", number=1, series=1, date=today), today=today)
        for row in doses_of(connection, old.person_id):
            if row.state != "withdrawn" and row.date < earliest_birth(person.date_of_birth):
                raise InputError("date_of_birth", Reason.AFTER_A_DOSE)
        codes = frozenset(connection.scalars(select(schema.priority_group.c.code)))
        kept = {now["priority_group"]} if "priority_group" not in changes else set()
        said = stated.stated(person, wanted, groups=codes | kept)
        values = people.values_of(said, registry.secrets)
        if all(values[name] == old.values[name] for name in people.COLUMNS if name not in ("phone", "national_id")):
            raise InputError("changes", Reason.NOTHING_TO_CHANGE)
        run = runs.begin(registry, connection, "correction", actor)
        new_person_version(registry, connection, old, values, run=run, actor=actor, reason=normalise(reason))
        asked = _ask_who_else(connection, run, old.person_id, values)
        runs.end(registry, connection, run, {"people": 1, "questions": asked})
        audit.record(registry, connection, actor, "correct", run=run, person=old.person_id, fields=sorted(changes))
    return run


def correct_dose(registry: Registry, number: int, changes: Mapping[str, Any], *, actor: str, reason: str) -> int:
    """Change a dose, or withdraw it (`state`: "withdrawn"); return the run's number. Raises `InputError`."""
    _check_fields(changes, DOSE_FIELDS, reason)
    with registry.writing() as connection:
        old = dose_now(connection, number)
        before = dict(old._mapping)
        if "product" in changes:
            # They follow from the product, unless they are said too.
            before |= dict.fromkeys(("disease", "prophylaxis", "holder"), "")
        values = {name: changes.get(name, before[name]) for name in DOSE_FIELDS}
        if values["state"] not in ("good", "disputed", "withdrawn"):
            raise InputError("state", Reason.NOT_ONE_OF, allowed="good, disputed, withdrawn")
        owner = connection.scalar(select(schema.dose.c.person_id).where(schema.dose.c.id == number))
        person = people.person_of(current(connection, stands_for(connection, int(owner or 0))).values)
        said = doses.dose_of(values)
        check(person, said, today=registry.today())
        stated.check_lot(said.lot)
        new = {**doses.values_of(said), "state": values["state"]}
        if all(new[name] == old._mapping[name] for name in new):
            raise InputError("changes", Reason.NOTHING_TO_CHANGE)
        run = runs.begin(registry, connection, "correction", actor)
        new_dose_version(registry, connection, old, new, run=run, actor=actor, reason=normalise(reason))
        disputes.settle(registry, connection, run, stands_for(connection, int(owner or 0)), actor)
        runs.end(registry, connection, run, {"doses": 1})
        audit.record(registry, connection, actor, "correct", run=run, dose=number, fields=sorted(changes))
    return run


def withdraw(registry: Registry, number: int, *, actor: str, reason: str) -> tuple[int, int]:
    """Withdraw every dose that an import brought and that counts or is disputed.

    Returns the run's number, and how many doses stay since another import states them too.

    For an import that cannot be taken back, since certificates were issued from it: the next issuing run revokes them.
    Raises `ConfigurationError` for what is no import, `InputError` where it brought no such dose.
    """
    _check_fields({"state": "withdrawn"}, DOSE_FIELDS, reason)
    version, dose, row, others = schema.dose_version, schema.dose, schema.source_row, schema.run.alias()
    with registry.writing() as connection:
        source = connection.execute(select(schema.run).where(schema.run.c.id == number)).first()
        if source is None or source.kind != "import":
            raise NotFoundError(f"run {number}: no import", Reason.NO_SUCH_RECORD)
        query = (
            select(version)
            .join(dose, dose.c.id == version.c.dose_id)
            .where(dose.c.run_id == number, version.c.superseded_by.is_(None), version.c.state != "withdrawn")
            .order_by(version.c.id)
        )
        confirmed = set(
            connection.scalars(
                select(row.c.dose_id)
                .join(dose, dose.c.id == row.c.dose_id)
                .join(others, others.c.id == row.c.run_id)
                .where(
                    dose.c.run_id == number,
                    row.c.run_id != number,
                    others.c.source_sha256 != source.source_sha256,
                )
            )
        )
        brought = connection.execute(query).all()
        withdrawn = [version_row for version_row in brought if version_row.dose_id not in confirmed]
        if not withdrawn:
            raise InputError("run", Reason.NOTHING_TO_CHANGE)
        run, first = runs.begin(registry, connection, "correction", actor), next_id(connection, version)
        noted = {
            "run_id": run, "state": "withdrawn", "changed_at": registry.now(), "changed_by": actor,
            "reason": normalise(reason),
        }  # fmt: skip
        new = [{**version_row._mapping, **noted, "id": first + place} for place, version_row in enumerate(withdrawn)]
        connection.execute(insert(version), new)
        links = [{"old": version_row.id, "new": first + place} for place, version_row in enumerate(withdrawn)]
        connection.execute(
            update(version).where(version.c.id == bindparam("old")).values(superseded_by=bindparam("new")), links
        )
        runs.end(registry, connection, run, {"doses": len(withdrawn)})
        audit.record(registry, connection, actor, "withdraw", run=run, of=number, doses=len(withdrawn))
    return run, len(brought) - len(withdrawn)


def _ask_who_else(connection: Connection, run: int, number: int, values: dict[str, Any]) -> int:
    """Note a question for each who is like somebody now, and of whom none was asked yet; return how many."""
    same, unsure = Matching(connection, [values]).judge(values)
    table = schema.review
    asked = 0
    for other, reasons in [*((one, (Why.AGREES_AFTER_CORRECTION,)) for one in same), *unsure]:
        one, two = sorted((number, other.person_id))
        known = select(table.c.id).where(table.c.kind == "person", table.c.first == one, table.c.second == two)
        if one != two and connection.scalar(known) is None:
            disputes.ask(connection, run, "person", one, two, reasons)
            asked += 1
    return asked


def _check_fields(changes: Mapping[str, Any], fields: tuple[str, ...], reason: str) -> None:
    for name in changes:
        if name not in fields:
            raise InputError(name, Reason.NOT_ONE_OF, allowed=", ".join(fields))
    if not changes:
        raise InputError("changes", Reason.MISSING)
    if not normalise(reason):
        raise InputError("reason", Reason.MISSING)
    if len(reason) > _MOST_REASON:
        raise InputError("reason", Reason.TOO_LONG, most=_MOST_REASON)
