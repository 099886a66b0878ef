"""What somebody may ask for, and what the law asks for: all that is kept of one person, its deletion, and retention."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, func, or_, select, update

from vaxcert.errors import ConfigurationError, NotFoundError, Reason
from vaxcert.registry import audit, runs, schema, sums
from vaxcert.registry.database import Registry
from vaxcert.registry.numbers import keep_numbers
from vaxcert.registry.records import people, rejected
from vaxcert.registry.states import ReviewKind, RowOutcome, RunKind


def export_person(registry: Registry, number: int, *, actor: str) -> dict[str, Any]:
    """All that the registry holds of somebody, in clear: every version of person and doses, certificates, who recorded
    and who had what signed, why somebody of another site was shown them, sessions at which they were expected, adverse
    events, and the cells of rows of theirs that were not taken."""
    with registry.writing() as connection:
        numbers = _all_numbers(connection, number)
        doses = list(connection.scalars(select(schema.dose.c.id).where(schema.dose.c.person_id.in_(numbers))))
        found = {
            "person": _rows(connection, schema.person_version, "person_id", numbers),
            "doses": _rows(connection, schema.dose_version, "dose_id", doses),
            "certificates": _rows(connection, schema.certificate, "person_id", numbers),
            "recorded": _rows(connection, schema.desk_entry, "dose_id", doses),
            "signed": _rows(connection, schema.signing, "dose_id", doses),
            "shown_for": _rows(connection, schema.access_reason, "person_id", numbers),
            "attendances": _rows(connection, schema.attendance, "person_id", numbers),
            "adverse_events": _rows(connection, schema.adverse_event, "dose_id", doses),
        }
        not_taken = rejected.of_somebody(connection, registry.secrets, _versions(connection, numbers))
        audit.record(registry, connection, actor, "export person", person=number)
    clear: dict[str, Any] = {name: [_clear(registry, row) for row in rows] for name, rows in found.items()}
    return clear | {"rejected_rows": not_taken}


def delete_person(registry: Registry, number: int, *, actor: str, reason: str) -> list[str]:
    """Take somebody out of the registry, with every version, question and certificate.

    The ids of their certificates that were valid: revoke them where that is wanted. What remains is their number in
    the audit log, those ids, and keyed hashes of the rows that told of them: these rows are not taken again.
    """
    if not reason.strip():
        raise ConfigurationError("a deletion needs its reason")
    with registry.writing() as connection:
        told = _runs_that_told(connection)
        ids = _delete(registry, connection, number, actor, reason)
        runs.note_sites(connection, told)
    registry.sweep()
    return ids


def deleted_certificates(registry: Registry) -> list[str]:
    """The ids of certificates that were valid when those who held them were deleted."""
    query = select(schema.run.c.counts).where(schema.run.c.kind == RunKind.DELETION).order_by(schema.run.c.id)
    with registry.reading() as connection:
        return [one for counts in connection.scalars(query) for one in counts.get("certificates", ())]


def retain(registry: Registry, *, keep: timedelta, actor: str) -> int:
    """Delete everybody whose newest dose is older than `keep` and whose certificates have ended; return how many.

    Of rows that imports before that did not take, lines and reasons alone are kept.
    """
    now = registry.now()
    with registry.writing() as connection:
        owner, dose, version, certificate = schema.person, schema.dose, schema.dose_version, schema.certificate
        stands_for = func.coalesce(owner.c.merged_into, owner.c.id)
        valid = (
            select(stands_for)
            .join(certificate, certificate.c.person_id == owner.c.id)
            .where(certificate.c.expires_at > now)
        )
        query = (
            select(stands_for)
            .join(dose, dose.c.person_id == owner.c.id)
            .join(version, version.c.dose_id == dose.c.id)
            .group_by(stands_for)
            .having(func.max(version.c.date) < (now - keep).date())
        )
        held = set(connection.scalars(valid))
        old = sorted(number for number in connection.scalars(query) if number not in held)
        told = _runs_that_told(connection) if old else []
        for number in old:
            _delete(registry, connection, number, actor, "retention")
        runs.note_sites(connection, told)
        before = select(schema.run.c.id).where(schema.run.c.started_at < now - keep)
        forgotten = rejected.forget_runs(connection, connection.scalars(before))
    if old or forgotten:
        registry.sweep()
    return len(old)


def _delete(registry: Registry, connection: Connection, number: int, actor: str, reason: str) -> list[str]:
    numbers = _all_numbers(connection, number)
    keep_numbers(connection)
    run = runs.begin(registry, connection, RunKind.DELETION, actor)
    doses = list(connection.scalars(select(schema.dose.c.id).where(schema.dose.c.person_id.in_(numbers))))
    certificate, review = schema.certificate, schema.review
    theirs = certificate.c.person_id.in_(numbers) | certificate.c.dose_id.in_(doses)
    good_still = (
        select(certificate.c.id).where(theirs, certificate.c.expires_at > registry.now()).order_by(certificate.c.id)
    )
    ids = list(connection.scalars(good_still.where(certificate.c.revoked_at.is_(None))))
    # What was revoked and is not published yet has to be still.
    revoked = list(connection.scalars(good_still.where(certificate.c.revoked_at.is_not(None))))
    of_them = (
        ((review.c.kind == ReviewKind.PERSON) & or_(review.c.first.in_(numbers), review.c.second.in_(numbers)))
        | ((review.c.kind == ReviewKind.DOSE) & or_(review.c.first.in_(doses), review.c.second.in_(doses)))
    )  # fmt: skip
    connection.execute(delete(review).where(of_them))
    gone = list(connection.scalars(select(certificate.c.id).where(theirs)))
    connection.execute(update(certificate).where(certificate.c.replaced_by.in_(gone)).values(replaced_by=None))
    connection.execute(delete(certificate).where(certificate.c.id.in_(gone)))
    rejected.forget_somebody(connection, registry.secrets, _versions(connection, numbers))
    row = schema.source_row
    connection.execute(update(row).where(row.c.dose_id.in_(doses)).values(dose_id=None, outcome=RowOutcome.DELETED))
    entry = schema.desk_entry
    # Why it was recorded all the same: words of a nurse's own about somebody.
    connection.execute(update(entry).where(entry.c.dose_id.in_(doses)).values(override=""))
    with sums.following(connection, numbers):
        _take_out(connection, numbers, doses)
    runs.end(registry, connection, run, {"people": 1, "certificates": ids, "revoked": revoked})
    audit.record(registry, connection, actor, "delete person", run=run, person=number, reason=reason)
    return ids


def _runs_that_told(connection: Connection) -> list[int]:
    """The imports of which a site is noted as their tables call it: that may be what a row of one person says alone."""
    told = schema.run_site
    return list(connection.scalars(select(told.c.run_id).where(told.c.site_told != "").distinct()))


def _take_out(connection: Connection, numbers: list[int], doses: list[int]) -> None:
    for table, column, wanted in (
        (schema.dose_version, "dose_id", doses), (schema.person_version, "person_id", numbers),
    ):  # fmt: skip
        connection.execute(update(table).where(table.c[column].in_(wanted)).values(superseded_by=None))
        connection.execute(delete(table).where(table.c[column].in_(wanted)))
    connection.execute(delete(schema.dose).where(schema.dose.c.id.in_(doses)))
    connection.execute(update(schema.person).where(schema.person.c.id.in_(numbers)).values(merged_into=None))
    connection.execute(delete(schema.person).where(schema.person.c.id.in_(numbers)))


def _all_numbers(connection: Connection, number: int) -> list[int]:
    """Somebody's number, and those of all records that were found to be of them."""
    table = schema.person
    row = connection.execute(select(table).where(table.c.id == number)).first()
    if row is None:
        raise NotFoundError(f"person {number}: there is none", Reason.NO_SUCH_RECORD)
    one = row.merged_into or row.id
    return sorted(connection.scalars(select(table.c.id).where(or_(table.c.id == one, table.c.merged_into == one))))


def _versions(connection: Connection, numbers: list[int]) -> list[Row[Any]]:
    table = schema.person_version
    query = select(table.c.match_key, table.c.national_id_hash).where(table.c.person_id.in_(numbers))
    return list(connection.execute(query))


def _rows(connection: Connection, table: Table, column: str, numbers: list[int]) -> list[dict[str, Any]]:
    query = select(table).where(table.c[column].in_(numbers)).order_by(*table.primary_key)
    return [dict(row._mapping) for row in connection.execute(query)]


def _clear(registry: Registry, row: dict[str, Any]) -> dict[str, Any]:
    sealed = {name: people.kind_of(name) for name in ("national_id", "phone", *people.SEALED)}
    kinds = sealed | {"text": "certificate", "details": "adverse event"}
    clear = {name: value for name, value in row.items() if not name.endswith("_hash") and not name.endswith("_key")}
    for name, kind in kinds.items():
        if clear.get(name) is not None:
            clear[name] = registry.secrets.decrypt(kind, bytes(clear[name]))
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in clear.items()}
