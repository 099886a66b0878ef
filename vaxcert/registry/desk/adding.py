"""Somebody new on a session's list, before a dose is recorded: by whoever receives people, in one run."""

from __future__ import annotations

from collections.abc import Set
from uuid import UUID

from sqlalchemy import insert, select, update

from vaxcert.errors import InputError, NotFoundError, Reason
from vaxcert.issue import faults
from vaxcert.registry import audit, runs, schema
from vaxcert.registry.database import Registry
from vaxcert.registry.numbers import next_id
from vaxcert.registry.records.ledger import Ledger
from vaxcert.registry.records.matching import candidates
from vaxcert.registry.records.now import stands_for
from vaxcert.registry.records.people import Profile
from vaxcert.registry.states import ReviewAnswer, ReviewKind, RowOutcome, RunKind


def known(registry: Registry, request_id: UUID) -> bool:
    """Whether somebody is on a session's list under an id."""
    listed = schema.attendance
    with registry.reading() as connection:
        return connection.scalar(select(listed.c.id).where(listed.c.request_id == request_id.hex)) is not None


def add(
    registry: Registry, profile: Profile, *, session: int, request_id: UUID, actor: str, others: Set[int] = frozenset()
) -> int:
    """Enter somebody, put them on a session's list as one who came, and return their number; once for a `request_id`.

    `others`: numbers of those who were shown and are not meant; that answer is kept, and nothing is left to decide.
    Raises `InputError` for who surely is on record, for candidates who were not shown, and for a closed session;
    `NotFoundError` for a session that is not there.
    """
    for problem in faults(profile.person, None, today=registry.today()):
        raise InputError(problem.field, problem.reason, **dict(problem.said))
    listed, now = schema.attendance, registry.now()
    with registry.writing() as connection:
        known = connection.scalar(select(listed.c.person_id).where(listed.c.request_id == request_id.hex))
        if known is not None:
            return stands_for(connection, known)
        row = connection.execute(select(schema.desk_session).where(schema.desk_session.c.id == session)).first()
        if row is None:
            raise NotFoundError(f"session {session}: there is none", Reason.NO_SUCH_RECORD)
        if row.closed_at is not None:
            raise InputError("session", Reason.SESSION_CLOSED)
        same, unsure = candidates(connection, [profile]).like(profile)
        if same:
            raise InputError("person", Reason.ON_RECORD_SURELY)
        if {one.person_id for one, _ in unsure} - others:
            raise InputError("person", Reason.CANDIDATES_UNSEEN)
        run = runs.begin(registry, connection, RunKind.RECORD, actor)
        ledger = Ledger(registry, connection, run, actor, "added")
        number = ledger.new_person(profile).person_id
        for one, why in unsure:
            ledger.ask(ReviewKind.PERSON, one.person_id, number, why)
        ledger.write()
        answer = {"decision": ReviewAnswer.DIFFERENT, "decided_at": now, "decided_by": actor, "decided_run": run}
        connection.execute(update(schema.review).where(schema.review.c.run_id == run).values(**answer))
        connection.execute(
            insert(listed).values(
                id=next_id(connection, listed), session_id=session, person_id=number, request_id=request_id.hex,
                added_at=now, added_by=actor, checked_in_at=now, checked_in_by=actor,
            )
        )  # fmt: skip
        runs.end(registry, connection, run, {RowOutcome.NEW: 1})
        audit.record(registry, connection, actor, "add person", run=run, person=number, session=session)
    return number
