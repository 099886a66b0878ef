"""Certificates from the registry: for everybody whose record is whole, and new or changed since the last one.

Who is due which is `due`'s to say.

A certificate is there once its row is committed, a block at a time: a run that is killed loses none and doubles none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Connection, func, select, update

from vaxcert.errors import ConfigurationError, InputError, Problem, Reason
from vaxcert.issue import Issuer
from vaxcert.registry import audit, runs, schema
from vaxcert.registry.certificates.due import (
    DueCertificate,
    HeldCertificate,
    check_renewing,
    held,
    row_of,
    standing,
    write,
)
from vaxcert.registry.database import Registry
from vaxcert.registry.records import completeness
from vaxcert.registry.records.completeness import FindingKind
from vaxcert.registry.records.everybody import everybody
from vaxcert.registry.states import RunKind, RunState

BLOCK = 500


class IssueReport(NamedTuple):
    """How a run ended: certificates by why they were issued (`new`, `next dose`, `corrected`, `name completed`,
    `renewed`), how many were revoked, who was kept back and why, and the ids that were revoked and are to be
    published; `went_on`: runs that had been stopped, whose certificates are there."""

    run: int
    issued: dict[str, int]
    revoked: int
    kept_back: dict[FindingKind | Problem, int]
    revoked_ids: tuple[str, ...]
    went_on: tuple[int, ...]


class _Step(NamedTuple):
    """What is to be done for somebody: a certificate, or none, and which ones are wrong."""

    due: DueCertificate | None
    revokes: list[HeldCertificate]


def run(
    registry: Registry,
    issuer: Issuer,
    *,
    actor: str,
    renew_within: timedelta = timedelta(days=30),
    anyway: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> IssueReport:
    """Issue to everybody who is due.

    Raises `ConfigurationError` where an import was stopped half-way: of whom only a part is on record, the certificate
    would have to be replaced at once. `anyway` issues all the same.
    """
    issued: Counter[str] = Counter()
    kept: Counter[FindingKind | Problem] = Counter()
    revoked: list[str] = []
    with registry.long_work() as work:
        connection = work.connection
        check_renewing(issuer, renew_within)
        if not anyway:
            _check_imports(connection)
        went_on = close_stopped(registry, connection, actor)
        number = runs.begin(registry, connection, RunKind.ISSUE, actor, source=issuer.authority)
        connection.commit()
        # Read by one connection and written by another: what is being gone through must not change meanwhile.
        with registry.reading() as reader:
            due = _due(reader, held(reader, registry, renew_within), completeness.asked(reader), kept)
            while block := list(islice(due, BLOCK)):
                rows, gone = [], []
                for now, revokes in block:
                    gone += [wrong.id for wrong in revokes]
                    if now is None:
                        continue
                    try:
                        made = issuer.issue(now.one.profile.person, now.dose.dose)
                    except InputError as error:
                        kept[error.problem] += 1
                        continue
                    issued[now.why] += 1
                    row = row_of(registry, issuer, now, made, number)
                    rows.append((row, [before.id for before in now.replaces]))
                write(registry, connection, rows, gone)
                connection.commit()
                revoked += gone
                progress(sum(issued.values()))
        counts = {**issued, "revoked": len(revoked)}
        runs.end(registry, connection, number, counts)
        audit.record(registry, connection, actor, "issue", run=number, counts=counts)
    return IssueReport(number, dict(issued), len(revoked), dict(kept), tuple(revoked), went_on)


def close_stopped(registry: Registry, connection: Connection, actor: str) -> tuple[int, ...]:
    """Close runs that were stopped half-way: what they issued is counted now, and stands in the audit log."""
    run, table = schema.run, schema.certificate
    found = list(
        connection.scalars(select(run.c.id).where(run.c.kind == RunKind.ISSUE, run.c.state == RunState.RUNNING))
    )
    for number in found:
        count = connection.scalar(select(func.count()).select_from(table).where(table.c.run_id == number)) or 0
        runs.end(registry, connection, number, {"stopped after": count})
        audit.record(registry, connection, actor, "issue, stopped", run=number, certificates=count)
    return tuple(found)


def _check_imports(connection: Connection) -> None:
    # The lock of long work is held: whatever is running was stopped.
    for row in connection.execute(select(schema.run).where(schema.run.c.state == RunState.RUNNING)):
        if row.kind == RunKind.IMPORT:
            raise ConfigurationError(
                f"import {row.id} of {row.source} was stopped: give the file again, or take it back (undo {row.id})",
                Reason.UNFINISHED,
            )


def hand_over(registry: Registry, *, actor: str, again: bool = False) -> list[str]:
    """Hand over the ids that are revoked and were not handed over yet, for `vaxcert revoke --from`; then they are.

    `again`: all that have not ended, however often they were handed over. Those of people who were deleted since are
    among them: they may not have been published before.
    """
    table, run = schema.certificate, schema.run
    with registry.writing() as connection:
        waiting = table.c.revoked_at.is_not(None) & table.c.handed_over.is_(False)
        if again:
            waiting = table.c.revoked_at.is_not(None) & (table.c.expires_at > registry.now())
        ids = list(connection.scalars(select(table.c.id).where(waiting).order_by(table.c.id)))
        connection.execute(update(table).where(waiting).values(handed_over=True))
        deletions = connection.execute(
            select(run.c.id, run.c.counts).where(run.c.kind == RunKind.DELETION).order_by(run.c.id)
        )
        for number, counts in deletions.all():
            if counts.get("revoked") and (again or not counts.get("handed_over")):
                ids += counts["revoked"]
                values = {**counts, "handed_over": True}
                connection.execute(update(run).where(run.c.id == number).values(counts=values))
        audit.record(registry, connection, actor, "hand over revocations", certificates=len(ids))
    return ids


def _due(
    connection: Connection,
    left: dict[int, list[HeldCertificate]],
    asked: frozenset[int],
    kept: Counter[FindingKind | Problem],
) -> Iterator[_Step]:
    """Yield what is to be done, for everybody for whom something is."""
    for somebody in everybody(connection):
        found = standing(somebody, left.pop(somebody.person_id, []), asked)
        kept.update({*found.kept_back})
        wrong = found.wrong
        for due in found.due:
            yield _Step(due, wrong)
            wrong = []
        if wrong:
            yield _Step(None, wrong)
    # Of whom no dose is left.
    for gone in left.values():
        yield _Step(None, gone)
