"""What a holder says is wrong with a certificate: under a ticket of theirs, in a reviewer's queue, until it is closed.

report → open ─answer→ answered ─close→ closed

What was said and answered is encrypted. The record itself is corrected as any other is (`care.changing`), and the new
certificate is issued as any other is.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, or_, select, update

from vaxcert import typed
from vaxcert.errors import ConfigurationError, DamagedError, InputError, NotFoundError, Reason
from vaxcert.names import normalise
from vaxcert.registry import audit, schema
from vaxcert.registry.database import Registry
from vaxcert.registry.holders import asking
from vaxcert.registry.holders.asking import NOBODY, HolderCertificate, TriedCode
from vaxcert.registry.holders.codes import MOST_FAILURES
from vaxcert.registry.states import ReportKind, TicketOutcome, TicketState

MOST_WORDS = 1_000
# Of one person at a time: who has a stranger's slip fills no queue.
MOST_OPEN = 3
_KIND, _WORDS, _ANSWER, _PASS = "holder ticket", "holder report", "holder answer", "holder pass"
# How long after a look-up its holder may say that something is wrong.
_PASSES = timedelta(minutes=30)


class Ticket(NamedTuple):
    """A ticket as the queue has it; times are aware, UTC. `outcome`: "" until it is answered."""

    number: int
    person: int
    certificate_id: str
    kind: ReportKind
    state: TicketState
    outcome: str
    opened_at: datetime
    answered_at: datetime | None


class OpenedTicket(NamedTuple):
    """A ticket with what was said, and answered. Personal data: to be shown, not logged."""

    ticket: Ticket
    words: str
    answer: str

    def __repr__(self) -> str:
        return f"<OpenedTicket {self.ticket.number}>"


class TicketStanding(NamedTuple):
    """What a holder is told by their ticket: how far it is, the answer, and the certificate as it is by now."""

    ticket: Ticket
    answer: str
    holder: HolderCertificate | None

    def __repr__(self) -> str:
        return f"<TicketStanding {self.ticket.number}>"


def pass_for(registry: Registry, holder: HolderCertificate) -> str:
    """What somebody who was shown a certificate may say that it is wrong with, for half an hour; it tells nothing."""
    until = (registry.now() + _PASSES).isoformat()
    told = json.dumps([holder.person, holder.certificate.certificate_id, until])
    return registry.secrets.encrypt(_PASS, told).hex()


def report(registry: Registry, passed: str, *, kind: str, words: str, actor: str) -> str:
    """Take down what is wrong; return the ticket, as it is printed. `passed`: of `pass_for`.

    Raises `InputError` for a kind that there is not, for words that are missing (of `other`) or too long, and
    `ConfigurationError` for a pass that has ended or was made up, and where enough is open of this person already.
    """
    person, certificate_id = _passed(registry, passed)
    words = normalise(words)
    if kind not in set(ReportKind):
        raise InputError("kind", Reason.NOT_ONE_OF, allowed=", ".join(ReportKind))
    if kind == ReportKind.OTHER and not words:
        raise InputError("words", Reason.MISSING)
    if len(words) > MOST_WORDS:
        raise InputError("words", Reason.TOO_LONG, most=MOST_WORDS)
    table, ticket = schema.holder_ticket, typed.new()
    with registry.noting() as connection:
        theirs = (table.c.person_id == person) & (table.c.state == TicketState.OPEN)
        if int(connection.scalar(select(func.count()).select_from(table).where(theirs)) or 0) >= MOST_OPEN:
            raise ConfigurationError("enough is open of this person already", Reason.LIMIT_REACHED)
        made = connection.execute(
            insert(table).values(
                person_id=person,
                ticket_hash=_hash(registry, ticket),
                certificate_id=certificate_id,
                kind=kind,
                words=registry.secrets.encrypt(_WORDS, words),
                state=TicketState.OPEN,
                opened_at=registry.now(),
            )
        )
        number = int((made.inserted_primary_key or (0,))[0])
        audit.record(registry, connection, actor, "report", ticket=number, person=person, kind=kind)
    return typed.shown(ticket)


def stands(registry: Registry, ticket: str, *, date_of_birth: str, actor: str) -> TicketStanding | None:
    """How a ticket stands, for who knows whose it is; None for every other case.

    `ticket`: as `typed.read` has it; `date_of_birth`: ISO 8601, as it is on record or ever was. Asks and writes as much
    for a hit as for a miss.
    """
    table, version = schema.holder_ticket, schema.person_version
    with registry.reading() as connection:
        row = connection.execute(_with_owner().where(table.c.ticket_hash == _hash(registry, ticket))).first()
        person = row.of if row is not None and row.failures < MOST_FAILURES else NOBODY
        owner = schema.person
        meant = connection.execute(
            select(version.c.id)
            .join(owner, owner.c.id == version.c.person_id)
            .where(or_(owner.c.id == person, owner.c.merged_into == person), version.c.date_of_birth == date_of_birth)
        ).first()
        shown = asking.newest(registry, connection, person if meant is not None else NOBODY)
    tried = TriedCode(table, NOBODY if row is None else row.id, meant is not None)
    if not asking.count(registry, tried, shown, actor, "look up by ticket") or row is None:
        return None
    answer = "" if row.answer is None else registry.secrets.decrypt(_ANSWER, bytes(row.answer))
    return TicketStanding(_ticket(row), answer, shown)


def listed(registry: Registry, *, state: TicketState | None = TicketState.OPEN) -> list[Ticket]:
    """The queue: tickets of a state, or all, oldest first. What was said is in none of them (`opened`)."""
    table = schema.holder_ticket
    query = _with_owner().order_by(table.c.id)
    if state is not None:
        query = query.where(table.c.state == state)
    with registry.reading() as connection:
        return [_ticket(row) for row in connection.execute(query)]


def one(registry: Registry, number: int) -> Ticket:
    """A ticket as the queue has it, without what was said. Raises `NotFoundError`."""
    with registry.reading() as connection:
        return _ticket(_row(connection, number))


def opened(registry: Registry, number: int, *, actor: str) -> OpenedTicket:
    """A ticket with what was said, for a reviewer; that it was read is in the audit log. Raises `NotFoundError`."""
    with registry.noting() as connection:
        row = _row(connection, number)
        audit.record(registry, connection, actor, "view ticket", ticket=number, person=row.of)
    answer = "" if row.answer is None else registry.secrets.decrypt(_ANSWER, bytes(row.answer))
    return OpenedTicket(_ticket(row), registry.secrets.decrypt(_WORDS, bytes(row.words)), answer)


def answer(registry: Registry, number: int, outcome: str, words: str = "", *, actor: str) -> None:
    """Tell the holder what became of it; once more, where it is not closed yet, in place of what was told before.

    Raises `NotFoundError`, `InputError` for an outcome that there is not or words that are too long, and
    `ConfigurationError` for a ticket that is closed.
    """
    words = normalise(words)
    if outcome not in set(TicketOutcome):
        raise InputError("outcome", Reason.NOT_ONE_OF, allowed=", ".join(TicketOutcome))
    if len(words) > MOST_WORDS:
        raise InputError("words", Reason.TOO_LONG, most=MOST_WORDS)
    values = {
        "state": TicketState.ANSWERED, "outcome": outcome, "answer": registry.secrets.encrypt(_ANSWER, words),
        "answered_at": registry.now(), "answered_by": actor,
    }  # fmt: skip
    _change(registry, number, values, actor, "answer ticket", outcome=outcome)


def close(registry: Registry, number: int, *, actor: str) -> None:
    """Take a ticket that was answered out of the queue; its holder sees the answer still.

    Raises `NotFoundError`, and `ConfigurationError` for one that was not answered, or is closed.
    """
    values = {"state": TicketState.CLOSED, "closed_at": registry.now()}
    _change(registry, number, values, actor, "close ticket")


def _change(registry: Registry, number: int, values: dict[str, Any], actor: str, action: str, **told: Any) -> None:
    table, closing = schema.holder_ticket, values["state"] is TicketState.CLOSED
    with registry.noting() as connection:
        row = _row(connection, number)
        if row.state == TicketState.CLOSED or (closing and row.state != TicketState.ANSWERED):
            raise ConfigurationError(f"ticket {number} is {row.state}", Reason.CHANGED_MEANWHILE)
        connection.execute(update(table).where(table.c.id == number).values(**values))
        audit.record(registry, connection, actor, action, ticket=number, person=row.of, **told)


def _with_owner() -> Any:
    table, owner = schema.holder_ticket, schema.person
    of = func.coalesce(owner.c.merged_into, owner.c.id).label("of")
    return select(table, of).join(owner, owner.c.id == table.c.person_id)


def _row(connection: Connection, number: int) -> Any:
    row = connection.execute(_with_owner().where(schema.holder_ticket.c.id == number)).first()
    if row is None:
        raise NotFoundError(f"ticket {number}: there is none", Reason.NO_SUCH_RECORD)
    return row


def _ticket(row: Any) -> Ticket:
    answered = None if row.answered_at is None else row.answered_at.replace(tzinfo=UTC)
    return Ticket(
        row.id, row.of, row.certificate_id, ReportKind(row.kind), TicketState(row.state), row.outcome,
        row.opened_at.replace(tzinfo=UTC), answered,
    )  # fmt: skip


def _hash(registry: Registry, ticket: str) -> str:
    return registry.secrets.hash(_KIND, ticket)


def _passed(registry: Registry, passed: str) -> tuple[int, str]:
    try:
        person, certificate_id, until = json.loads(registry.secrets.decrypt(_PASS, bytes.fromhex(passed)))
    except ValueError:
        raise DamagedError("not a pass of a look-up", Reason.NOT_AUTHENTIC) from None
    if datetime.fromisoformat(until) < registry.now():
        raise ConfigurationError("the look-up is too long ago", Reason.CHANGED_MEANWHILE)
    return person, certificate_id
