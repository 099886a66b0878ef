"""Sessions: one product of one lot at one site on one day; who is expected, who came, who has had their dose."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Connection, Row, func, insert, select, update

from vaxcert import codes
from vaxcert.errors import InputError, NotFoundError, Reason
from vaxcert.registry import audit, schema
from vaxcert.registry.database import Registry
from vaxcert.registry.desk import supplies
from vaxcert.registry.numbers import next_id
from vaxcert.registry.records.doses import RecordedDose
from vaxcert.registry.records.now import Side, several, side, stands_for
from vaxcert.registry.states import DoseState


class Session(NamedTuple):
    """A session. `expected`, `came`, `given`: people on its list, those of them who came, doses recorded."""

    id: int
    site: str
    day: date
    product: str
    lot: str
    opened_by: str
    is_open: bool
    expected: int
    came: int
    given: int


class Presence(StrEnum):
    """How far somebody on a session's list is."""

    EXPECTED = "expected"
    HERE = "here"
    DONE = "done"


class Expected(NamedTuple):
    """Somebody on a session's list. `request_id`: under which their dose is to be recorded; `dose_id`: once it is."""

    side: Side
    request_id: UUID
    presence: Presence
    dose_id: int | None

    def __repr__(self) -> str:
        return f"<Expected {self.side.number}>"


def open_session(registry: Registry, *, site: str, product: str, lot: str, actor: str, day: date | None = None) -> int:
    """Open a session, and return its number. `day`: today where it is left out.

    Raises `InputError` for a lot that is not of the product or of which the site has none left, and for a past day.
    """
    today = registry.today()
    if (day or today) < today:
        raise InputError("date", Reason.DAY_OVER)
    with registry.writing() as connection:
        if connection.scalar(select(schema.site.c.code).where(schema.site.c.code == site)) is None:
            raise NotFoundError("there is no such site", Reason.NO_SUCH_RECORD)
        if not supplies.has(connection, site, lot, product):
            raise InputError("lot", Reason.NOT_IN_STOCK)
        number = next_id(connection, schema.desk_session)
        connection.execute(
            insert(schema.desk_session).values(
                id=number, site=site, day=day or today, product=product, lot=lot, opened_at=registry.now(),
                opened_by=actor,
            )
        )  # fmt: skip
        audit.record(registry, connection, actor, "open session", session=number, site=site)
    return number


def close(registry: Registry, number: int, *, actor: str) -> None:
    """Close a session: nothing more is recorded at it, but from its sheet. Raises `InputError` where it is closed."""
    with registry.writing() as connection:
        if _session(connection, number).closed_at is not None:
            raise InputError("session", Reason.SESSION_CLOSED)
        values = {"closed_at": registry.now(), "closed_by": actor}
        same = schema.desk_session.c.id == number
        connection.execute(update(schema.desk_session).where(same).values(**values))
        audit.record(registry, connection, actor, "close session", session=number)


def listed(registry: Registry, *, site: str = "", day: date | None = None) -> list[Session]:
    """Sessions, the newest first; of one site, of one day."""
    table = schema.desk_session
    query = select(table).order_by(table.c.day.desc(), table.c.id.desc())
    if site:
        query = query.where(table.c.site == site)
    if day:
        query = query.where(table.c.day == day)
    with registry.reading() as connection:
        return [_told(connection, row) for row in connection.execute(query).all()]


def get(registry: Registry, number: int) -> Session:
    """One session. Raises `NotFoundError`."""
    with registry.reading() as connection:
        return _told(connection, _session(connection, number))


def dose(session: Session, number: int, *, lot: str = "") -> RecordedDose:
    """A dose as the session has it; `number`: which of a person's, `lot`: another than the session's."""
    known = codes.product(session.product)
    return RecordedDose(
        product=session.product, number=number, series=(known and known.series) or number, date=session.day,
        site=session.site, lot=lot or session.lot,
    )  # fmt: skip


def expect(registry: Registry, number: int, people: Iterable[int], *, actor: str) -> int:
    """Put people, by their numbers, on a session's list; return how many were not on it. Raises `NotFoundError`."""
    table, added = schema.attendance, []
    with registry.writing() as connection:
        _open(connection, number)
        of_session = table.c.session_id == number
        for person in dict.fromkeys(stands_for(connection, one) for one in people):
            if connection.scalar(select(table.c.id).where(of_session, table.c.person_id == person)) is None:
                values = {"id": next_id(connection, table), "session_id": number, "person_id": person}
                more = {"request_id": uuid4().hex, "added_at": registry.now(), "added_by": actor}
                connection.execute(insert(table).values(**values, **more))
                added.append(person)
        audit.record(registry, connection, actor, "expect", session=number, people=added)
    return len(added)


def check_in(registry: Registry, number: int, person: int, *, actor: str) -> None:
    """Note that somebody on a session's list came; twice is once. Raises `NotFoundError` for who is not on it."""
    table = schema.attendance
    with registry.writing() as connection:
        _open(connection, number)
        theirs = (table.c.session_id == number) & (table.c.person_id == stands_for(connection, person))
        row = connection.execute(select(table.c.checked_in_at).where(theirs)).first()
        if row is None:
            raise NotFoundError(f"person {person} is not on the session's list", Reason.NO_SUCH_RECORD)
        if row.checked_in_at is None:
            values = {"checked_in_at": registry.now(), "checked_in_by": actor}
            connection.execute(update(table).where(theirs).values(**values))
            audit.record(registry, connection, actor, "check in", session=number, person=person)


def request_of(registry: Registry, number: int, person: int) -> UUID | None:
    """The id under which somebody's dose is to be recorded at a session, or None for who is not on its list."""
    table, owner = schema.attendance, schema.person
    query = (
        select(table.c.request_id)
        .join(owner, owner.c.id == table.c.person_id)
        .where(table.c.session_id == number, func.coalesce(owner.c.merged_into, owner.c.id) == person)
        .order_by(table.c.id)
    )
    with registry.reading() as connection:
        found = connection.scalar(query.limit(1))
    return None if found is None else UUID(found)


def people(registry: Registry, number: int, *, actor: str) -> list[Expected]:
    """A session's list, as it was made. It stands in the audit log."""
    table = schema.attendance
    with registry.noting() as connection:
        _session(connection, number)
        done = dict(_recorded(connection, number))
        owner = schema.person
        query = (
            select(table, func.coalesce(owner.c.merged_into, owner.c.id).label("of"))
            .join(owner, owner.c.id == table.c.person_id)
            .where(table.c.session_id == number)
            .order_by(table.c.id)
        )
        rows = connection.execute(query).all()
        known_by = several(connection, (row.of for row in rows))
        shown: dict[int, Expected] = {}
        for row in rows:
            one = known_by[row.of]
            presence = Presence.HERE if row.checked_in_at else Presence.EXPECTED
            dose_id = done.get(one.person_id)
            told = side(registry, one.person_id, one.profile, one.doses)
            known = Expected(told, UUID(row.request_id), presence if dose_id is None else Presence.DONE, dose_id)
            # Two who were found to be one stand on it once.
            if one.person_id not in shown or shown[one.person_id].presence is Presence.EXPECTED:
                shown[one.person_id] = known
        audit.record(registry, connection, actor, "list session", session=number, people=sorted(shown))
    return list(shown.values())


def _recorded(connection: Connection, number: int) -> list[tuple[int, int]]:
    """Who had a dose recorded at a session that was not withdrawn, as they are now, and which."""
    entry, dose, owner, version = schema.desk_entry, schema.dose, schema.person, schema.dose_version
    query = (
        select(func.coalesce(owner.c.merged_into, owner.c.id), dose.c.id)
        .join_from(entry, dose, dose.c.id == entry.c.dose_id)
        .join(owner, owner.c.id == dose.c.person_id)
        .join(version, version.c.dose_id == dose.c.id)
        .where(entry.c.session_id == number, version.c.superseded_by.is_(None))
        .where(version.c.state != DoseState.WITHDRAWN)
    )
    return [(row[0], row[1]) for row in connection.execute(query.distinct())]


def _told(connection: Connection, row: Row[Any]) -> Session:
    table = schema.attendance
    expected, came = connection.execute(
        select(func.count(), func.count(table.c.checked_in_at)).where(table.c.session_id == row.id)
    ).one()
    return Session(
        row.id, row.site, row.day, row.product, row.lot, row.opened_by, row.closed_at is None, expected, came,
        len(_recorded(connection, row.id)),
    )  # fmt: skip


def _session(connection: Connection, number: int) -> Row[Any]:
    row = connection.execute(select(schema.desk_session).where(schema.desk_session.c.id == number)).first()
    if row is None:
        raise NotFoundError(f"session {number}: there is none", Reason.NO_SUCH_RECORD)
    return row


def _open(connection: Connection, number: int) -> None:
    if _session(connection, number).closed_at is not None:
        raise InputError("session", Reason.SESSION_CLOSED)
