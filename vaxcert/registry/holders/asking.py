"""One question of a holder, and one certificate or nothing.

As many questions go to the database whatever was asked, each by an index, and as many changes: that a code is nobody's,
that it is another's, that a number is wrong, and that there is no certificate cannot be told from one another by what
is done. Only a hit is in the audit log; misses are counted, by day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, case, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from vaxcert.errors import InputError
from vaxcert.model import Person
from vaxcert.names import normalise
from vaxcert.registry import audit, schema, secrets
from vaxcert.registry.certificates.lookup import FoundCertificate, found
from vaxcert.registry.comparing.likeness import features, match_key
from vaxcert.registry.database import Registry
from vaxcert.registry.holders.codes import MOST_FAILURES, hash_of
from vaxcert.registry.records.now import stands

# Whom no record is of, so that a question that could only be of somebody is asked all the same.
NOBODY = 0
_EARLIER = 5


class EarlierCertificate(NamedTuple):
    """One that another took the place of. `revoked`: it is refused wherever it is shown; else good until its end."""

    issued_at: datetime
    revoked: bool


class HolderCertificate(NamedTuple):
    """What a holder is told: the newest certificate, what is the matter with it, and those before it.

    `state`: "valid", "revoked" or "ended". `person`: the number in the registry.
    """

    person: int
    state: str
    certificate: FoundCertificate
    earlier: tuple[EarlierCertificate, ...]

    def __repr__(self) -> str:
        return f"<HolderCertificate of person {self.person}>"


class TriedCode(NamedTuple):
    """What was tried: a row of `holder_code` or of `holder_ticket` (0: none), and whether it was by its holder."""

    table: Table
    number: int
    right: bool


def find(
    registry: Registry, *, name: str, date_of_birth: str, number: str, code: str, actor: str
) -> HolderCertificate | None:
    """The certificate of whom a code was handed out to, or None for every other case.

    `name`: in any order of its words, with or without tones; `date_of_birth`: ISO 8601; `number`: of an identity card
    or a telephone; `code`: as `typed.read` has it. How long it takes is the caller's to even out.
    """
    table, owner = schema.holder_code, schema.person
    with registry.reading() as connection:
        of = func.coalesce(owner.c.merged_into, owner.c.id)
        query = select(table.c.id, table.c.failures, of.label("of")).join(owner, owner.c.id == table.c.person_id)
        held = connection.execute(
            query.where(table.c.code_hash == hash_of(registry, code), table.c.closed_at.is_(None))
        ).first()
        person = held.of if held is not None and held.failures < MOST_FAILURES else NOBODY
        meant = connection.execute(
            select(schema.person_version.c.person_id).where(_is(registry, person, name, date_of_birth, number))
        ).first()
        shown = newest(registry, connection, person if meant is not None else NOBODY)
    tried = TriedCode(schema.holder_code, NOBODY if held is None else held.id, meant is not None)
    return shown if count(registry, tried, shown, actor) else None


def newest(registry: Registry, connection: Connection, person: int) -> HolderCertificate | None:
    """The newest certificate of somebody and what is the matter with it; one that is valid goes before others."""
    table, owner, dose = schema.certificate, schema.person, schema.dose_version
    valid = table.c.revoked_at.is_(None) & table.c.replaced_by.is_(None) & (table.c.expires_at > registry.now())
    query = (
        select(table)
        .join(owner, owner.c.id == table.c.person_id)
        .join(dose, dose.c.id == table.c.dose_version_id)
        .where(or_(owner.c.id == person, owner.c.merged_into == person))
        .order_by(case((valid, 0), else_=1), dose.c.date.desc(), dose.c.number.desc(), table.c.issued_at.desc())
        .limit(1 + _EARLIER)
    )
    rows = connection.execute(query).all()
    # Asked of nobody's too: as many questions for whoever has none.
    if not rows:
        _ask_nothing(connection)
        return None
    whole = found(registry, connection, rows[0])
    ended = "valid" if rows[0].expires_at > registry.now() else "ended"
    state = ended if rows[0].revoked_at is None else "revoked"
    return HolderCertificate(person, state, whole, _earlier(rows[1:]))


def _is(registry: Registry, person: int, name: str, date_of_birth: str, number: str) -> ColumnElement[bool]:
    """Whether a record is of this person, and says all this: what is known of them, or one that is theirs by itself."""
    version, owner, keeper = schema.person_version, schema.person, registry.secrets
    family, _, given = " ".join(normalise(name).split()).partition(" ")
    try:
        key = match_key(features(Person(family_name=family, given_name=given, date_of_birth=date_of_birth)))
    except InputError:
        key = ""
    phone, identity = secrets.phone(number), secrets.national_id(number)
    theirs = select(owner.c.id).where(or_(owner.c.id == person, owner.c.merged_into == person))
    return (
        version.c.person_id.in_(theirs)
        & stands(version)
        & (version.c.match_key == key)
        & or_(
            # Nobody has the empty hash.
            version.c.phone_hash == (keeper.hash("phone", phone) if phone else ""),
            version.c.national_id_hash == (keeper.hash("national id", identity) if identity else ""),
        )
    )


def _ask_nothing(connection: Connection) -> None:
    """The questions that a certificate's row would have been asked."""
    for table in (schema.person_version, schema.dose_version):
        connection.execute(select(table).where(table.c.id == NOBODY)).first()
    connection.scalar(select(schema.run.c.source).where(schema.run.c.id == NOBODY))


def _earlier(rows: Sequence[Any]) -> tuple[EarlierCertificate, ...]:
    told = [
        EarlierCertificate(row.issued_at.replace(tzinfo=UTC), row.revoked_at is not None)
        for row in rows
        if row.revoked_at is not None or row.replaced_by is not None
    ]
    return tuple(sorted(told, reverse=True))


def count(
    registry: Registry, tried: TriedCode, shown: HolderCertificate | None, actor: str, action: str = "look up"
) -> bool:
    """Count a try, and note what was shown; return whether it may be: not where others tried too often meanwhile."""
    table, counts, day = tried.table, schema.lookup_count, registry.today()
    with registry.noting() as connection:
        # The same statement for both: taken times 0 and plus 0, or times 1 and plus 1.
        wrong = int(not tried.right)
        failures = table.c.failures * wrong + wrong
        mine = (table.c.id == tried.number) & (table.c.failures < MOST_FAILURES)
        open_still = bool(connection.execute(update(table).where(mine).values(failures=failures)).rowcount)
        good = open_still and tried.right and shown is not None
        upsert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        once = upsert(counts).values(day=day, outcome="found" if good else "missed", times=1)
        connection.execute(
            once.on_conflict_do_update(index_elements=["day", "outcome"], set_={"times": counts.c.times + 1})
        )
        if good and shown is not None:
            told = {"person": shown.person, "certificate": shown.certificate.certificate_id, "state": shown.state}
            audit.record(registry, connection, actor, action, found=True, **told)
    return open_still and tried.right
