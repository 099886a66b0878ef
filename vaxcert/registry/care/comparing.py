"""One question as whoever answers it needs it: both records whole, and the rows of units' tables that told of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from vaxcert.errors import NotFoundError, Reason
from vaxcert.registry import schema
from vaxcert.registry.comparing.reasons import Why, given_back, parts, score
from vaxcert.registry.database import Registry
from vaxcert.registry.records import people
from vaxcert.registry.records.doses import GivenDose
from vaxcert.registry.records.now import dose_now, numbers, somebody, stands_for, whose_dose
from vaxcert.registry.states import ReviewAnswer, ReviewKind

# Of one person: an export that comes every month names them as often.
_MOST_ROWS = 20


class SourceRow(NamedTuple):
    """Where a dose was told of: a run, the name of its file ("" at a desk), the row's line there (0 at a desk)."""

    run: int
    source: str
    line: int
    at: datetime
    dose_id: int


class WholeRecord(NamedTuple):
    """A record in clear, by field: personal data, to be shown and not logged.

    `number`: of the record; `person`: of who it stands for now. `masked_by`: the names in A–Z and the birth date that
    are enough to mask it. `dose_id`: the dose that is asked about, or None where the person is.
    """

    number: int
    person: int
    told: dict[str, str]
    masked_by: tuple[str, str, str]
    doses: tuple[GivenDose, ...]
    dose_id: int | None
    rows: tuple[SourceRow, ...]

    def __repr__(self) -> str:
        return f"<WholeRecord {self.number}>"


class AskedQuestion(NamedTuple):
    """A question with both its records. `decision`: None while it is open; `decided_run`, `decided_by`: by which run
    and whom it was answered."""

    id: int
    kind: ReviewKind
    reasons: tuple[Why, ...]
    decision: ReviewAnswer | None
    decided_run: int | None
    decided_by: str
    first: WholeRecord
    second: WholeRecord

    @property
    def score(self) -> int:
        """How much speaks for one person, the sum of `parts`."""
        return score(self.reasons)

    @property
    def parts(self) -> tuple[tuple[Why, int], ...]:
        """What each of the reasons weighs."""
        return parts(self.reasons)


def question(registry: Registry, number: int) -> AskedQuestion:
    """A question, answered or not; nobody is told yet, so nothing is noted. Raises `NotFoundError`."""
    table = schema.review
    with registry.reading() as connection:
        row = connection.execute(select(table).where(table.c.id == number)).first()
        if row is None:
            raise NotFoundError(f"question {number}: there is none", Reason.NO_SUCH_RECORD)
        kind = ReviewKind(row.kind)
        first, second = (_record(registry, connection, kind, one) for one in (row.first, row.second))
    decision = None if row.decision is None else ReviewAnswer(row.decision)
    return AskedQuestion(
        row.id, kind, given_back(row.reasons), decision, row.decided_run, row.decided_by or "", first, second
    )


def record(registry: Registry, number: int) -> WholeRecord:
    """Whom the record of that number stands for, whole. Raises `NotFoundError`."""
    with registry.reading() as connection:
        return _record(registry, connection, ReviewKind.PERSON, stands_for(connection, number))


def owner_of(registry: Registry, dose_id: int) -> int:
    """The number of whom a dose is of now. Raises `NotFoundError` for a dose that there is not."""
    with registry.reading() as connection:
        dose_now(connection, dose_id)
        return whose_dose(connection, dose_id)


def _record(registry: Registry, connection: Connection, kind: ReviewKind, number: int) -> WholeRecord:
    asked = number if kind is ReviewKind.DOSE else None
    one = somebody(connection, number if asked is None else whose_dose(connection, number))
    person = one.profile.person
    phone, identity = numbers(registry, one.profile)
    told = {
        "family_name": person.family_name, "given_name": person.given_name, "date_of_birth": person.date_of_birth,
        "national_id": identity, "phone": phone, **people.told(one.profile, registry.secrets),
    }  # fmt: skip
    given = one.doses if asked is None else (dose_now(connection, asked),)
    return WholeRecord(
        number=number,
        person=stands_for(connection, one.person_id),
        told=told,
        masked_by=(person.family_name_transliterated, person.given_name_transliterated, person.date_of_birth),
        # What is stated twice is told once, with the rows of both.
        doses=tuple(dose for dose in given if asked is not None or not dose.double),
        dose_id=asked,
        rows=_rows(connection, [dose.dose_id for dose in given]),
    )


def _rows(connection: Connection, doses: Iterable[int]) -> tuple[SourceRow, ...]:
    row, run, dose = schema.source_row, schema.run, schema.dose
    wanted = sorted(doses)
    query = (
        select(run.c.id, run.c.source, row.c.line, run.c.started_at, row.c.dose_id)
        .join(run, run.c.id == row.c.run_id)
        .where(row.c.dose_id.in_(wanted))
        .order_by(run.c.id, row.c.line)
        .limit(_MOST_ROWS)
    )
    found = [SourceRow(*one) for one in connection.execute(query)]
    told = {one.dose_id for one in found}
    # Of a desk there is a run and no table.
    by_hand = select(run.c.id, run.c.source, run.c.started_at, dose.c.id).join(dose, dose.c.run_id == run.c.id)
    rest = connection.execute(by_hand.where(dose.c.id.in_([one for one in wanted if one not in told])))
    return (*found, *(SourceRow(number, source, 0, at, dose_id) for number, source, at, dose_id in rest))
