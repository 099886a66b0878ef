"""A day without a network: a session as a workbook with its ids, filled in by hand, and taken over once, row by row.

written: who is expected, each under the id that a desk would record them by, and rows for others → an x and what was
given → read by the door that all tables are read by → `entering.record`, where an id that was taken before is known
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import select

from vaxcert import codes, files
from vaxcert.errors import ConfigurationError, InputError, Reason
from vaxcert.names import plain
from vaxcert.registry import audit, schema
from vaxcert.registry.comparing.likeness import names_agree
from vaxcert.registry.database import Registry
from vaxcert.registry.desk import sessions
from vaxcert.registry.desk.entering import record
from vaxcert.registry.desk.people import Answers
from vaxcert.registry.desk.sessions import Presence, Session
from vaxcert.registry.intake import rows
from vaxcert.registry.intake.rows import Said
from vaxcert.registry.records.now import several, somebody, stands_for
from vaxcert.registry.records.people import Profile, Somebody
from vaxcert.registry.states import DoseState
from vaxcert.tables.records import product
from vaxcert.tables.spellings import FIELDS
from vaxcert.tables.table import Table, open_table
from vaxcert.tables.values.reading import AS_IT_STANDS
from vaxcert.tables.writing import xlsx
from vaxcert.tables.writing.rejects import Rejected
from vaxcert.wording.desk import SHEET

MOST_SPARE = 1_000
_OWN = ("request_id", "given")
# What a row has from the session itself, which its cells alone do not make one of.
_NO = ("", "0", "-", "k", "ko", "khong", "no", "n")
_SEXES = {"male": "Nam", "female": "Nữ"}


class SheetReport(NamedTuple):
    """How a sheet was taken over. `counts`: rows by outcome, `again` those that were taken before, `not_given` those
    without an x, `rejected`; `rejects`: these, to be mended; `columns`: the sheet's headings."""

    counts: dict[str, int]
    rejects: list[Rejected]
    columns: tuple[str, ...]


def write(registry: Registry, number: int, out: Path, *, actor: str, spare: int = 20) -> int:
    """Write a session's sheet, for the owner's eyes alone; return how many who are expected are on it.

    `spare`: rows for people who come unannounced, 1,000 at most. Raises `ConfigurationError`, and `InputError` for a
    session that is closed.
    """
    if out.suffix.lower() != ".xlsx":
        raise ConfigurationError(f"{out}: a sheet is written as .xlsx", Reason.FORM_UNKNOWN)
    session = sessions.get(registry, number)
    if not session.is_open:
        raise InputError("session", Reason.SESSION_CLOSED)
    waiting = [one for one in sessions.people(registry, number, actor=actor) if one.presence is not Presence.DONE]
    with registry.reading() as connection:
        held = several(connection, (one.side.number for one in waiting))
    known = [(one.request_id, held[one.side.number]) for one in waiting]
    lines = [
        *(_line(session, request, one) for request, one in known),
        *(_line(session, uuid4(), None) for _ in range(min(spare, MOST_SPARE))),
    ]
    with files.writing(out), files.aside(out, mode=files.PRIVATE) as beside:
        xlsx.write(beside, [words.vi for words in SHEET.values()], lines)
    with registry.noting() as connection:
        audit.record(registry, connection, actor, "write sheet", session=number, people=len(known))
    return len(known)


def take(registry: Registry, path: Path, number: int, *, actor: str) -> SheetReport:
    """Take a session's sheet over, each row once however often it is given; also after the session was closed.

    What a row says that is not sure becomes a question, as in an import; rows that make no sense are given back.
    Raises `ConfigurationError` for a file that is no such sheet.
    """
    session = sessions.get(registry, number)
    mapping = {plain(SHEET[field].vi): field for field in _OWN}
    table = open_table(path, mapping, FIELDS | rows.FIELDS | frozenset(_OWN))
    counts: Counter[str] = Counter()
    rejects: list[Rejected] = []
    with registry.reading() as connection:
        lists = rows.lists(connection, registry.today(), registry.secrets)
    for place, cells, values in _rows(table):
        if plain(values.get("given", "")) in _NO:
            counts["not_given"] += 1
            continue
        said = rows.read({name: text for name, text in values.items() if name not in _OWN}, lists, AS_IT_STANDS)
        problems = said.problems
        if not problems:
            try:
                counts[_taken(registry, session, values, said, actor)] += 1
            except InputError as error:
                problems = (error.problem,)
        if problems:
            counts["rejected"] += 1
            rejects.append(Rejected(place, cells, problems))
    with registry.noting() as connection:
        audit.record(registry, connection, actor, "take sheet", session=number, counts=dict(counts))
    return SheetReport({name: counts[name] for name in sorted(counts)}, rejects, table.columns)


def _rows(table: Table) -> Iterator[tuple[str, tuple[str, ...], Mapping[str, str]]]:
    for part in table.parts():
        for row in part.rows():
            yield part.place(row.line), part.aligned(row), part.values(row)


def _taken(registry: Registry, session: Session, values: Mapping[str, str], said: Said, actor: str) -> str:
    """Record a row, and return what became of it. Raises `InputError`."""
    request = _request(session, values.get("request_id", ""))
    assert said.profile is not None and said.dose is not None  # noqa: S101  (else there were problems)
    person = _expected(registry, session, request, said.profile)
    entry = record(
        registry, profile=said.profile, dose=said.dose, actor=actor, request_id=request, session=session.id,
        said=Answers(person=person, shown=False), late=True,
    )  # fmt: skip
    return "again" if entry.again else entry.outcome


def _request(session: Session, text: str) -> UUID:
    of, _, request = text.partition("-")
    if not text:
        raise InputError("request", Reason.MISSING)
    if of != str(session.id):
        raise InputError("request", Reason.NOT_OF_THE_SESSION)
    try:
        return UUID(request)
    except ValueError:
        raise InputError("request", Reason.NOT_VALID) from None


def _expected(registry: Registry, session: Session, request: UUID, said: Profile) -> int | None:
    """Who is expected under an id, or None. Raises `InputError` where the row names somebody else by now."""
    table = schema.attendance
    mine = (table.c.request_id == request.hex) & (table.c.session_id == session.id)
    with registry.reading() as connection:
        number = connection.scalar(select(table.c.person_id).where(mine))
        if number is None:
            return None
        one = somebody(connection, stands_for(connection, number))
    known = one.profile.features
    if not names_agree(known, said.features) or known.date_of_birth != said.features.date_of_birth:
        raise InputError("request", Reason.SOMEBODY_ELSE)
    return one.person_id


def _line(session: Session, request: UUID, one: Somebody | None) -> list[str]:
    cells = dict.fromkeys(SHEET, "") | {
        "request_id": f"{session.id}-{request.hex}", "product": _named(session.product),
        "date": session.day.strftime("%d/%m/%Y"), "site": session.site, "lot": session.lot,
    }  # fmt: skip
    if one is not None:
        profile = one.profile
        # Numbers stay in the registry: under their id everybody is known.
        cells |= {
            "full_name": profile.person.full_name, "date_of_birth": _born(profile.person.date_of_birth),
            "sex": _SEXES.get(profile.sex, profile.sex), "guardian": profile.guardian, "commune": profile.commune,
            "district": profile.district, "priority_group": profile.priority_group,
            "number": str(_next(session, one)),
        }  # fmt: skip
    return [cells[field] for field in SHEET]


def _named(code: str) -> str:
    """A product's name, where that is read as this product again; else its code."""
    name = codes.name("product", code)
    return name if product(name) == code else code


def _next(session: Session, one: Somebody) -> int:
    known = codes.product(session.product)
    held = [
        given.dose.number
        for given in one.doses
        if given.state is not DoseState.WITHDRAWN and (known is None or given.dose.disease == known.disease)
    ]
    return max(held, default=0) + 1


def _born(text: str) -> str:
    """A birth date as people write it: "17/05/1990", "05/1990", "1990"."""
    return "/".join(reversed(text.split("-")))
