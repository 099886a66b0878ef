"""What changed the registry: runs, begun, ended, listed, and taken back exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import Connection, Select, delete, func, insert, or_, select, update

from vaxcert.errors import ConfigurationError, NotFoundError, Reason
from vaxcert.registry import audit, links, schema, sums
from vaxcert.registry.database import Registry
from vaxcert.registry.numbers import keep_numbers, next_id
from vaxcert.registry.states import ReviewKind, RowOutcome, RunKind, RunState, Upon

# What can be taken back: certificates are out, and who was deleted stays so.
_TAKEN_BACK = (RunKind.IMPORT, RunKind.CORRECTION, RunKind.DECISION, RunKind.RECORD)


class Run(NamedTuple):
    """One run, and what came of it."""

    id: int
    kind: RunKind
    state: RunState
    started_at: datetime
    actor: str
    source: str
    counts: dict[str, Any]
    understood: dict[str, Any]


def begin(
    registry: Registry, connection: Connection, kind: RunKind, actor: str, *, source: str = "", sha256: str = ""
) -> int:
    """Note a run's beginning, and return its number."""
    number = next_id(connection, schema.run)
    connection.execute(
        insert(schema.run).values(
            id=number, kind=kind, state=RunState.RUNNING, started_at=registry.now(), actor=actor, source=source[:200],
            source_sha256=sha256, counts={},
        )
    )  # fmt: skip
    return number


def stopped(connection: Connection, kind: RunKind, sha256: str) -> Run | None:
    """The run of this source that was begun and never ended."""
    table = schema.run
    query = select(table).where(
        table.c.kind == kind, table.c.state == RunState.RUNNING, table.c.source_sha256 == sha256
    )
    row = connection.execute(query.order_by(table.c.id.desc())).first()
    return None if row is None else of_row(row)


def note_understood(connection: Connection, number: int, understood: dict[str, Any]) -> None:
    """Note how the table of an import is understood; nothing of it is anybody's."""
    connection.execute(update(schema.run).where(schema.run.c.id == number).values(understood=understood))


def note_sites(connection: Connection, numbers: Iterable[int]) -> None:
    """Note of which sites runs' rows state doses, those that were on record too: whoever sent them is up to date."""
    told, row, version = schema.run_site, schema.source_row, schema.dose_version
    of = (version.c.site, version.c.site_told)
    for number in numbers:
        connection.execute(delete(told).where(told.c.run_id == number))
        query = (
            select(row.c.run_id, *of, func.count())
            .join(version, (version.c.dose_id == row.c.dose_id) & version.c.superseded_by.is_(None))
            .where(row.c.run_id == number)
            .group_by(row.c.run_id, *of)
        )
        connection.execute(insert(told).from_select(["run_id", "site", "site_told", "rows"], query))


def end(registry: Registry, connection: Connection, number: int, counts: dict[str, Any]) -> None:
    """Note a run's end, and what came of it."""
    values = {"state": RunState.DONE, "finished_at": registry.now(), "counts": counts}
    connection.execute(update(schema.run).where(schema.run.c.id == number).values(**values))


def listed(registry: Registry) -> list[Run]:
    """All runs, oldest first."""
    with registry.reading() as connection:
        return [of_row(row) for row in connection.execute(select(schema.run).order_by(schema.run.c.id))]


def undo(registry: Registry, number: int, *, actor: str) -> dict[str, int]:
    """Take back all that a run did: the registry is as it was before it. Returns how many rows of each table went.

    Where certificates were issued since, `changing.withdraw` takes its doses out of the count instead.

    Raises `ConfigurationError` where something later builds upon it: another run's version of the same person or
    dose, a certificate, a decision. Then those have to be taken back first.
    """
    with registry.writing() as connection:
        row = connection.execute(select(schema.run).where(schema.run.c.id == number)).first()
        if row is None or row.state == RunState.UNDONE or row.kind not in _TAKEN_BACK:
            raise NotFoundError(
                f"run {number}: no import, correction, decision or record that could be taken back",
                Reason.NO_SUCH_RECORD,
            )
        if row.state == RunState.RUNNING and registry.at_long_work():
            raise ConfigurationError(f"run {number} is at work still, or another is: wait for its end", Reason.IN_USE)
        _check(connection, number)
        with sums.following(connection, _touched(connection, number)):
            gone = _take_back(connection, number)
        values = {"state": RunState.UNDONE, "finished_at": registry.now()}
        connection.execute(update(schema.run).where(schema.run.c.id == number).values(**values))
        audit.record(registry, connection, actor, "undo", run=number, gone=gone)
    return gone


def built_upon(registry: Registry, number: int) -> list[tuple[Upon, int]]:
    """What later builds upon a run, with the number of a run that does: while there is any, it is not taken back."""
    with registry.reading() as connection:
        return list(_upon(connection, number))


def _check(connection: Connection, number: int) -> None:
    for what, found in _upon(connection, number):
        raise ConfigurationError(
            f"run {number} cannot be taken back: {what.replace('_', ' ')} builds upon it (run {found})",
            Reason.BUILT_UPON,
        )


def _upon(connection: Connection, number: int) -> Iterator[tuple[Upon, int]]:
    people, versions, doses, dose_versions = (
        schema.person, schema.person_version, schema.dose, schema.dose_version,
    )  # fmt: skip
    mine = {
        table.name: select(table.c.id).where(table.c.run_id == number)
        for table in (people, versions, doses, dose_versions)
    }
    later = {
        Upon.LATER_CHANGE_OF_SOMEBODY: select(versions.c.run_id).where(
            versions.c.run_id != number,
            or_(versions.c.person_id.in_(mine["person"]), versions.c.id.in_(
                select(versions.c.superseded_by).where(versions.c.run_id == number))),
        ),
        Upon.DOSE_OF_SOMEBODY: select(doses.c.run_id).where(
            doses.c.run_id != number, doses.c.person_id.in_(mine["person"])),
        Upon.LATER_CHANGE_OF_A_DOSE: select(dose_versions.c.run_id).where(
            dose_versions.c.run_id != number,
            or_(dose_versions.c.dose_id.in_(mine["dose"]), dose_versions.c.id.in_(
                select(dose_versions.c.superseded_by).where(dose_versions.c.run_id == number))),
        ),
        Upon.DECISION: select(schema.review.c.decided_run).where(
            schema.review.c.run_id == number, schema.review.c.decided_run.is_not(None),
            schema.review.c.decided_run != number,
        ),
        Upon.OPEN_QUESTION: select(schema.review.c.run_id).where(
            schema.review.c.run_id != number,
            or_(
                (schema.review.c.kind == ReviewKind.PERSON)
                & (schema.review.c.first.in_(mine["person"]) | schema.review.c.second.in_(mine["person"])),
                (schema.review.c.kind == ReviewKind.DOSE)
                & (schema.review.c.first.in_(mine["dose"]) | schema.review.c.second.in_(mine["dose"])),
            ),
        ),
        Upon.ROW_THAT_SAYS_THE_SAME: select(schema.source_row.c.run_id).where(
            schema.source_row.c.run_id != number, schema.source_row.c.dose_id.in_(mine["dose"])
        ),
        Upon.CERTIFICATE: select(schema.certificate.c.run_id).where(
            or_(schema.certificate.c.person_version_id.in_(mine["person_version"]),
                schema.certificate.c.dose_version_id.in_(mine["dose_version"]))
        ),
    }  # fmt: skip
    later |= _later_of(number) | _desk_of(mine["dose"], number)
    for what, query in later.items():
        if (found := connection.scalar(query.limit(1))) is not None:
            yield what, found


def _later_of(number: int) -> dict[Upon, Select[tuple[int]]]:
    """What later runs did with people whom this one changed or made one: they may have been found by that."""
    owner, version, dose, row = schema.person, schema.person_version, schema.dose, schema.source_row
    mine = select(owner.c.id).where(owner.c.run_id == number)
    touched = select(version.c.person_id).where(version.c.run_id == number, version.c.person_id.not_in(mine))
    merged = select(owner.c.id).where(owner.c.merged_by_run == number)
    heads = select(owner.c.merged_into).where(owner.c.merged_by_run == number)
    # Records of theirs, too, that stand for nobody by themselves.
    followers = select(owner.c.id).where(or_(owner.c.merged_into.in_(touched), owner.c.merged_into.in_(heads)))
    theirs = or_(*(dose.c.person_id.in_(some) for some in (touched, merged, heads, followers)))
    certificate = schema.certificate
    return {
        Upon.LATER_DOSE_OF_SOMEBODY: select(dose.c.run_id).where(dose.c.run_id > number, theirs),
        Upon.LATER_ROW_ABOUT_SOMEBODY: select(row.c.run_id)
        .join(dose, dose.c.id == row.c.dose_id)
        .where(row.c.run_id > number, row.c.outcome != RowOutcome.AGAIN, theirs),
        Upon.CERTIFICATE_OF_SOMEBODY: select(certificate.c.run_id).where(
            certificate.c.run_id > number,
            or_(
                certificate.c.person_id.in_(touched),
                certificate.c.person_id.in_(merged),
                certificate.c.person_id.in_(heads),
            ),
        ),
    }


def _touched(connection: Connection, number: int) -> set[int]:
    """Whoever a run changed, gave a dose or a version of one, or was asked about in what it decided."""
    owner, version, dose, dose_version = schema.person, schema.person_version, schema.dose, schema.dose_version
    review = schema.review
    decided = (review.c.decided_run == number) & (review.c.kind == ReviewKind.PERSON)
    queries = (
        select(owner.c.id).where(or_(owner.c.run_id == number, owner.c.merged_by_run == number)),
        select(version.c.person_id).where(version.c.run_id == number),
        select(dose.c.person_id).where(dose.c.run_id == number),
        select(dose.c.person_id)
        .join(dose_version, dose_version.c.dose_id == dose.c.id)
        .where(dose_version.c.run_id == number),
        select(review.c.first).where(decided),
        select(review.c.second).where(decided),
    )
    return {number for query in queries for number in connection.scalars(query)}


def _desk_of(doses: Select[tuple[int]], number: int) -> dict[Upon, Select[tuple[int]]]:
    """What was noted at a desk of the doses that this run brought."""
    entry, event, dose = schema.desk_entry, schema.adverse_event, schema.dose
    return {
        Upon.DESK_RECORD_OF_THE_SAME: select(entry.c.run_id).where(
            entry.c.run_id != number, entry.c.dose_id.in_(doses)
        ),
        Upon.ADVERSE_EVENT: select(dose.c.run_id).join(event, event.c.dose_id == dose.c.id).where(dose.c.id.in_(doses)),
    }


def free_requests(connection: Connection, number: int) -> None:
    """Give who is on a session's list under a request of this run another one: what comes under the old one is old."""
    entry, waiting = schema.desk_entry, schema.attendance
    mine = select(entry.c.request_id).where(entry.c.run_id == number)
    for known in connection.scalars(select(waiting.c.id).where(waiting.c.request_id.in_(mine))).all():
        connection.execute(update(waiting).where(waiting.c.id == known).values(request_id=uuid4().hex))


def _leave_the_desk(connection: Connection, number: int) -> None:
    """Have the desk know that this run is taken back: its request stays used up, and who waits gets another one."""
    free_requests(connection, number)
    entry = schema.desk_entry
    connection.execute(update(entry).where(entry.c.run_id == number).values(dose_id=None))


def _take_back(connection: Connection, number: int) -> dict[str, int]:
    keep_numbers(connection)
    _leave_the_desk(connection, number)
    for table in (schema.person_version, schema.dose_version):
        mine = select(table.c.id).where(table.c.run_id == number).scalar_subquery()
        connection.execute(update(table).where(table.c.superseded_by.in_(mine)).values(superseded_by=None))
    people, review = schema.person, schema.review
    undecided = {"decision": None, "decided_at": None, "decided_by": None, "decided_run": None}
    if connection.execute(update(review).where(review.c.decided_run == number).values(**undecided)).rowcount:
        _merge_again(connection)
    gone = {}
    connection.execute(delete(schema.run_site).where(schema.run_site.c.run_id == number))
    # Who was deleted is to stay so.
    row = schema.source_row
    gone[row.name] = connection.execute(
        delete(row).where(row.c.run_id == number, row.c.outcome != RowOutcome.DELETED)
    ).rowcount
    for table in (
        schema.reject, review, schema.dose_version, schema.dose, schema.person_version, people,
    ):  # fmt: skip
        gone[table.name] = connection.execute(delete(table).where(table.c.run_id == number)).rowcount
    return gone


def _merge_again(connection: Connection) -> None:
    """Note anew who stands for whom, by the decisions that remain.

    Those of a later one may have led further than its own two.
    """
    people, review = schema.person, schema.review
    query = select(review).where(review.c.kind == ReviewKind.PERSON, review.c.decision.is_not(None))
    decided = connection.execute(query.order_by(review.c.decided_run, review.c.id))
    into = links.heads(map(links.RecordLink.of, decided))
    was = connection.execute(select(people).where(people.c.merged_into.is_not(None))).all()
    for row in was:
        if into.get(row.id) != (row.merged_into, row.merged_by_run):
            stands_for, run = into.get(row.id, (None, None))
            values = {"merged_into": stands_for, "merged_by_run": run}
            connection.execute(update(people).where(people.c.id == row.id).values(**values))


def of_row(row: Any) -> Run:
    """A run, from a row of its table."""
    return Run(row.id, RunKind(row.kind), RunState(row.state), row.started_at, row.actor, row.source, row.counts,
               row.understood)  # fmt: skip
