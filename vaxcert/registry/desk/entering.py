"""One dose into the registry, from a desk or a program: whole or not at all, and once however often it is sent.

known by its id? → of the session? → whose? → warnings shown? → person, dose, questions, who recorded it, one run
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Connection, Row, insert, select, update

from vaxcert.errors import ConfigurationError, InputError, NotFoundError, Reason
from vaxcert.issue import RECORD, check, local_day
from vaxcert.names import normalise
from vaxcert.registry import audit, runs, schema
from vaxcert.registry.care import changing
from vaxcert.registry.database import Registry
from vaxcert.registry.desk import supplies
from vaxcert.registry.desk.people import Answers, Meant, meant
from vaxcert.registry.desk.warnings import DoseWarning, warnings
from vaxcert.registry.intake.taking import entered
from vaxcert.registry.numbers import next_id
from vaxcert.registry.records import doses
from vaxcert.registry.records.doses import RecordedDose
from vaxcert.registry.records.ledger import Ledger
from vaxcert.registry.records.now import dose_now, whose_dose
from vaxcert.registry.records.people import TOLD, Profile
from vaxcert.registry.states import DoseState, ReviewAnswer, ReviewKind, RowOutcome, RunKind, RunState, WarningKind

_MOST_REASON = 200


class RecordedEntry(NamedTuple):
    """What came of recording a dose. `outcome`: `known` where it was on record before; `again`: whether this id was.

    `warnings`: the kinds that were said against it.
    """

    dose_id: int
    person_id: int
    run: int
    outcome: RowOutcome
    warnings: tuple[WarningKind, ...] = ()
    again: bool = False


class Undone(NamedTuple):
    """How a dose was taken back. `withdrawn`: it stays on record and counts no more, since a certificate states it."""

    run: int
    withdrawn: bool


def ahead(registry: Registry, profile: Profile | None, dose: RecordedDose, said: Answers) -> list[DoseWarning]:
    """What would be said against a dose, to be shown before it is recorded. Raises `InputError` as `record` does."""
    with registry.reading() as connection:
        return warnings(meant(connection, profile, dose, said).decision, dose.lot)


def known(registry: Registry, request_id: UUID) -> bool:
    """Whether something was recorded under an id, and not taken back since."""
    entry, run = schema.desk_entry, schema.run
    query = select(entry.c.dose_id).join(run, run.c.id == entry.c.run_id).where(entry.c.request_id == request_id.hex)
    with registry.reading() as connection:
        return connection.scalar(query.where(run.c.state != RunState.UNDONE)) is not None


def record(
    registry: Registry,
    *,
    profile: Profile | None,
    dose: RecordedDose,
    actor: str,
    request_id: UUID,
    session: int | None = None,
    said: Answers | None = None,
    late: bool = False,
) -> RecordedEntry:
    """Record a dose, or say what became of it where this `request_id` was sent before.

    `profile`: what is said of the person; None: of whom `said` names, nothing new. `session`: where it was given; its
    site and day are the dose's, and its lot has to be in stock. `said`: what somebody at a desk was shown and
    answered; None: nobody was, and what is not sure becomes a question, as in an import. `late`: it was given before,
    without a network: neither is a closed session in its way, nor a stock that is used up.

    Raises `InputError` for what makes no sense, for candidates or warnings that were not shown, and for another record
    under the same id; `NotFoundError` for a session or person that is not there.
    """
    doses.check_lot(dose.lot)
    doses.check_site_told(dose.site_told)
    if said is not None and len(said.reason) > _MOST_REASON:
        raise InputError("reason", Reason.TOO_LONG, most=_MOST_REASON)
    content = _content(registry, profile, dose, session, said)
    with registry.writing() as connection:
        known = connection.execute(
            select(schema.desk_entry, schema.run.c.state)
            .join(schema.run, schema.run.c.id == schema.desk_entry.c.run_id)
            .where(schema.desk_entry.c.request_id == request_id.hex)
        ).first()
        if known is not None:
            return _again(connection, known, content)
        found = meant(connection, profile, dose, said)
        decision = found.decision
        check(decision.profile.person, dose, today=registry.today(), format=RECORD)
        if session is not None:
            # A dose that is on record already takes nothing out of the stock.
            _check_session(connection, session, dose, late=late, stocked=late or decision.given is not None)
        against = warnings(decision, dose.lot)
        _check_warnings(against, said)
        shown = said is not None and said.shown
        # What would be a question was answered at the desk.
        answered = shown and decision.outcome is RowOutcome.QUESTION
        outcome = RowOutcome.NEW if answered else decision.outcome
        kinds = tuple(one.kind for one in against)
        run = runs.begin(registry, connection, RunKind.RECORD, actor)
        ledger = Ledger(registry, connection, run, actor, "recorded")
        person_id, dose_id = _enter(registry, connection, ledger, found, said)
        connection.execute(
            insert(schema.desk_entry).values(
                request_id=request_id.hex, run_id=run, session_id=session, dose_id=dose_id, outcome=outcome,
                content=content, warnings=[[one.kind, dict(one.said)] for one in against],
                override=normalise(said.reason) if said else "", shown_to=actor if shown and against else "",
            )
        )  # fmt: skip
        if session is not None:
            _attend(registry, connection, session, person_id, request_id, actor)
        runs.end(registry, connection, run, {outcome: 1})
        audit.record(
            registry, connection, actor, "record", run=run, person=person_id, dose=dose_id, session=session,
            outcome=outcome, warnings=list(kinds), shown=shown,
        )  # fmt: skip
    return RecordedEntry(dose_id, person_id, run, outcome, kinds)


def undo(registry: Registry, dose_id: int, *, actor: str, withdraw: bool = False, reason: str = "") -> Undone:
    """Take a dose back that was recorded on this day, exactly: it goes into the stock again.

    Where a certificate states it, it is withdrawn instead once that is revoked; with `withdraw` it is withdrawn
    whatever builds upon it, and the next issuing run revokes its certificates. Raises `NotFoundError` for a dose that
    no desk recorded, `InputError` on a later day, else `ConfigurationError` where something builds upon it.
    """
    with registry.reading() as connection:
        query = (
            select(schema.run.c.id, schema.run.c.started_at)
            .join(schema.dose, schema.dose.c.run_id == schema.run.c.id)
            .where(schema.dose.c.id == dose_id, schema.run.c.kind == RunKind.RECORD)
        )
        row = connection.execute(query).first()
        table = schema.certificate
        certificates = connection.scalars(select(table.c.revoked_at).where(table.c.dose_id == dose_id)).all()
    if row is None:
        raise NotFoundError(f"dose {dose_id}: recorded at no desk", Reason.NO_SUCH_RECORD)
    if local_day(registry.country, row.started_at.replace(tzinfo=UTC)) != registry.today():
        raise InputError("dose", Reason.DAY_OVER)
    try:
        runs.undo(registry, row.id, actor=actor)
    except ConfigurationError as error:
        over = bool(certificates) and all(certificates)
        if error.reason is not Reason.BUILT_UPON or not (withdraw or over):
            raise
    else:
        return Undone(row.id, withdrawn=False)
    with registry.writing() as connection:
        runs.free_requests(connection, row.id)
    why = reason or "recorded by mistake"
    run = changing.correct_dose(registry, dose_id, {"state": DoseState.WITHDRAWN}, actor=actor, reason=why)
    return Undone(run, withdrawn=True)


def _again(connection: Connection, known: Row[tuple[object, ...]], content: str) -> RecordedEntry:
    told = known._mapping
    if told["state"] == RunState.UNDONE:
        raise InputError("request", Reason.TAKEN_BACK)
    if told["content"] != content:
        raise InputError("request", Reason.RECORDED_OTHERWISE)
    if told["dose_id"] is None:
        raise NotFoundError("what was recorded under this id was deleted since", Reason.NO_SUCH_RECORD)
    if dose_now(connection, told["dose_id"]).state is DoseState.WITHDRAWN:
        raise InputError("request", Reason.TAKEN_BACK)
    kinds = tuple(WarningKind(kind) for kind, _ in told["warnings"])
    number = whose_dose(connection, told["dose_id"])
    return RecordedEntry(told["dose_id"], number, told["run_id"], RowOutcome(told["outcome"]), kinds, again=True)


def _check_session(connection: Connection, number: int, dose: RecordedDose, *, late: bool, stocked: bool) -> None:
    row = connection.execute(select(schema.desk_session).where(schema.desk_session.c.id == number)).first()
    if row is None:
        raise NotFoundError(f"session {number}: there is none", Reason.NO_SUCH_RECORD)
    if row.closed_at is not None and not late:
        raise InputError("session", Reason.SESSION_CLOSED)
    for field, wanted in (("site", row.site), ("date", row.day)):
        if getattr(dose, field) != wanted:
            raise InputError(field, Reason.NOT_OF_THE_SESSION)
    if not stocked and not supplies.has(connection, row.site, dose.lot, dose.product):
        raise InputError("lot", Reason.NOT_IN_STOCK)


def _check_warnings(against: Iterable[DoseWarning], said: Answers | None) -> None:
    if said is None or not said.shown:
        return
    if {one.kind for one in against} - set(said.warnings):
        raise InputError("warnings", Reason.WARNINGS_UNSEEN)
    if against and not normalise(said.reason):
        raise InputError("reason", Reason.MISSING)


def _enter(
    registry: Registry, connection: Connection, ledger: Ledger, found: Meant, said: Answers | None
) -> tuple[int, int]:
    """Enter what was decided, and what was answered; return the numbers of person and dose."""
    one, stated = entered(found.decision, ledger, found.among)
    decided = (
        [other.person_id for other, _ in found.decision.asked]
        if said and said.shown and not found.decision.whose
        else []
    )
    other = None
    if found.alias is not None:
        other = ledger.new_person(found.alias).person_id
        ledger.ask(ReviewKind.PERSON, one.person_id, other, found.why)
    ledger.write()
    if other is not None:
        _answer(registry, connection, ledger.run, other, ReviewAnswer.SAME)
        values = {"merged_into": one.person_id, "merged_by_run": ledger.run}
        connection.execute(update(schema.person).where(schema.person.c.id == other).values(**values))
    for number in decided:
        _answer(registry, connection, ledger.run, number, ReviewAnswer.DIFFERENT)
    return one.person_id, stated.dose_id


def _answer(registry: Registry, connection: Connection, run: int, number: int, answer: ReviewAnswer) -> None:
    """Answer the question that this run left about somebody, as its actor did at the desk."""
    table = schema.review
    actor = select(schema.run.c.actor).where(schema.run.c.id == run).scalar_subquery()
    mine = (table.c.run_id == run) & (table.c.kind == ReviewKind.PERSON)
    about = (table.c.first == number) | (table.c.second == number)
    values = {"decision": answer, "decided_at": registry.now(), "decided_by": actor, "decided_run": run}
    connection.execute(update(table).where(mine, about).values(**values))


def _attend(
    registry: Registry, connection: Connection, session: int, person_id: int, request_id: UUID, actor: str
) -> None:
    """Have somebody on the session's list as one who came."""
    table, now = schema.attendance, registry.now()
    came = {"checked_in_at": now, "checked_in_by": actor}
    theirs = (table.c.session_id == session) & (table.c.person_id == person_id)
    row = connection.execute(select(table).where(theirs)).first()
    if row is not None:
        if row.checked_in_at is None:
            connection.execute(update(table).where(theirs).values(**came))
        return
    # A request may be of another's place on the list, whose record it was found to be.
    taken = connection.scalar(select(table.c.id).where(table.c.request_id == request_id.hex))
    connection.execute(
        insert(table).values(
            id=next_id(connection, table), session_id=session, person_id=person_id,
            request_id=(uuid4() if taken else request_id).hex, added_at=now, added_by=actor, **came,
        )
    )  # fmt: skip


def _content(
    registry: Registry, profile: Profile | None, dose: RecordedDose, session: int | None, said: Answers | None
) -> str:
    """A keyed hash of what is recorded: texts that are sealed look different each time, so not of them."""
    person: list[object] = [said and said.person]
    if profile is not None:
        one = profile.person
        names = (one.family_name, one.given_name, one.date_of_birth)
        person = [*names, profile.priority_group, *(getattr(profile, name) for name in TOLD), *profile.keys.values()]
    stated = [str(value) for value in doses.columns(dose).values()]
    told = json.dumps([person, stated, session], ensure_ascii=False)
    return registry.secrets.hash("desk entry", told)
