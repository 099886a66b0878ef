"""Certificates from the registry: for everybody whose record is whole, and new or changed since the last one.

everybody → what they hold is wrong? revoke → whole, nothing to decide? → newest dose → none yet: issue · wrong: issue
anew · next dose, name completed, ends soon: issue beside the old one, which stays good

A certificate is there once its row is committed, a block at a time: a run that is killed loses none and doubles none.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, func, insert, select, update

from vaxcert.errors import ConfigurationError, InputError, Problem, Reason
from vaxcert.issue import Issuer
from vaxcert.model import Person
from vaxcert.names import plain
from vaxcert.registry import audit, runs, schema
from vaxcert.registry.database import Registry
from vaxcert.registry.records import completeness, doses, people
from vaxcert.registry.records.completeness import FindingKind
from vaxcert.registry.records.doses import GivenDose
from vaxcert.registry.records.everybody import everybody
from vaxcert.registry.records.people import Somebody
from vaxcert.registry.states import RunKind, RunState

BLOCK = 500
# A record is not whole with these; a lot that nobody knows is no reason to keep somebody's certificate back.
_KEEPS_BACK = (FindingKind.EARLIER_DOSE_MISSING, FindingKind.DATES_OUT_OF_ORDER, FindingKind.DISPUTED)


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


class _Held(NamedTuple):
    """A certificate that is good still, and what it states. `current`: no other took its place."""

    id: str
    current: bool
    ends_soon: bool
    disease: str
    person: Person
    dose: tuple[Any, ...]


class _Due(NamedTuple):
    """What is to be done for somebody: a certificate, or none, and which ones are wrong."""

    one: Somebody | None
    dose: GivenDose | None
    why: str
    replaces: list[_Held]
    revokes: list[_Held]


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
    with registry.writing() as connection:
        if renew_within >= issuer.valid_for:
            raise ConfigurationError(
                "renewing begins before a certificate would: give a longer validity, or renew later"
            )
        if not anyway:
            _check_imports(connection)
        went_on = _close_stopped(registry, connection, actor)
        number = runs.begin(registry, connection, RunKind.ISSUE, actor, source=issuer.authority)
        connection.commit()
        # Read by one connection and written by another: what is being gone through must not change meanwhile.
        with registry.reading() as reader:
            due = _due(reader, _held(reader, registry, renew_within), completeness.asked(reader), kept)
            while block := list(islice(due, BLOCK)):
                rows, gone = [], []
                for due_now in block:
                    gone += [wrong.id for wrong in due_now.revokes]
                    if due_now.one is None or due_now.dose is None:
                        continue
                    try:
                        made = issuer.issue(due_now.one.profile.person, due_now.dose.dose)
                    except InputError as error:
                        kept[error.problem] += 1
                        continue
                    issued[due_now.why] += 1
                    row = _row(registry, issuer, due_now.one, due_now.dose, made, number)
                    rows.append((row, [before.id for before in due_now.replaces]))
                _write(registry, connection, rows, gone)
                connection.commit()
                revoked += gone
                progress(sum(issued.values()))
        counts = {**issued, "revoked": len(revoked)}
        runs.end(registry, connection, number, counts)
        audit.record(registry, connection, actor, "issue", run=number, counts=counts)
    return IssueReport(number, dict(issued), len(revoked), dict(kept), tuple(revoked), went_on)


def _close_stopped(registry: Registry, connection: Connection, actor: str) -> tuple[int, ...]:
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
    # The registry's lock is held: whatever is running was stopped.
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
    connection: Connection, held: dict[int, list[_Held]], asked: frozenset[int], kept: Counter[FindingKind | Problem]
) -> Iterator[_Due]:
    """Yield what is to be done, for everybody for whom something is."""
    left = dict(held)
    for somebody in everybody(connection):
        mine = left.pop(somebody.person_id, [])
        # Of a person, what a certificate states; another district changes none.
        person = somebody.profile.person
        # A dose that is disputed is not known to be wrong; one that was withdrawn is, unless as another's double.
        told = [doses.stated(given.dose) for given in somebody.doses] if mine else []
        wrong = [old for old in mine if old.dose not in told or not _same(old.person, person)]
        reasons = [kind for kind, _, _ in completeness.problems(somebody) if kind in _KEEPS_BACK]
        if somebody.person_id in asked:
            reasons.append(FindingKind.QUESTION_OPEN)
        due = False
        for newest in completeness.newest(somebody).values() if not reasons else ():
            # Of each disease by itself.
            current = [old for old in mine if old.current and old.disease == newest.dose.disease]
            if why := _why(newest, person, current, wrong):
                yield _Due(somebody, newest, why, current, [] if due else wrong)
                due = True
        if reasons or not somebody.counted:
            kept.update({*reasons} or {FindingKind.NO_DOSE_THAT_COUNTS})
        if wrong and not due:
            yield _Due(somebody, None, "", [], wrong)
    # Of whom no dose is left.
    for gone in left.values():
        yield _Due(None, None, "", [], gone)


def _why(newest: GivenDose, person: Person, current: list[_Held], wrong: list[_Held]) -> str:
    """Why a certificate of the newest dose is due; "" where it is not."""
    if not current:
        return "new"
    right = [old for old in current if old not in wrong]
    same = [old for old in right if old.dose == doses.stated(newest.dose)]
    if not same:
        return "next dose" if len(right) == len(current) else "corrected"
    if all(old.ends_soon for old in same):
        return "renewed"
    return "" if any(old.person == person for old in same) else "name completed"


def _same(old: Person, now: Person) -> bool:
    """Whether a certificate of the one states the other: also where a name has got the tones that it lacked."""
    if old == now:
        return True
    lacked, has = (old.family_name, old.given_name), (now.family_name, now.given_name)
    toneless = all(map(str.isascii, lacked)) and list(map(plain, lacked)) == list(map(plain, has))
    return toneless and msgspec.structs.replace(old, family_name=has[0], given_name=has[1]) == now


def _held(connection: Connection, registry: Registry, within: timedelta) -> dict[int, list[_Held]]:
    """The certificates that are good still, by who they are of now; those that others took the place of, too."""
    table, owner, version, dose = schema.certificate, schema.person, schema.person_version, schema.dose_version
    query = (
        select(
            table.c.id, table.c.person_id, table.c.replaced_by, table.c.expires_at,
            owner.c.merged_into, *(version.c[name] for name in people.NAMES),
            *(dose.c[name].label(f"dose_{name}") for name in doses.COLUMNS),
        )
        .join(owner, owner.c.id == table.c.person_id)
        .join(version, version.c.id == table.c.person_version_id)
        .join(dose, dose.c.id == table.c.dose_version_id)
        .where(table.c.revoked_at.is_(None), (table.c.expires_at > registry.now()) | table.c.replaced_by.is_(None))
    )  # fmt: skip
    until = registry.now() + within
    held: dict[int, list[_Held]] = {}
    for row in connection.execute(query, execution_options={"yield_per": 5_000}):
        told = row._mapping
        certificate_held = _Held(
            id=row.id, current=row.replaced_by is None, ends_soon=row.expires_at <= until,
            disease=row.dose_disease, person=Person(**{name: told[name] for name in people.NAMES}),
            dose=doses.stated(doses.dose_of({name: told[f"dose_{name}"] for name in doses.COLUMNS})),
        )  # fmt: skip
        held.setdefault(row.merged_into or row.person_id, []).append(certificate_held)
    return held


def _row(registry: Registry, issuer: Issuer, one: Somebody, dose: GivenDose, made: Any, run: int) -> dict[str, Any]:
    return {
        "id": made.certificate_id,
        "person_id": one.person_id,
        "dose_id": dose.dose_id,
        "person_version_id": one.version_id,
        "dose_version_id": dose.version_id,
        "run_id": run,
        "kid": issuer.kid.hex(),
        "text_sha256": hashlib.sha256(made.text.encode()).hexdigest(),
        "text": registry.secrets.encrypt("certificate", made.text),
        "issued_at": made.issued_at.replace(tzinfo=None),
        "expires_at": made.expires_at.replace(tzinfo=None),
        "replaced_by": None,
        "revoked_at": None,
        "handed_over": False,
        "test": issuer.is_test,
    }


def _write(
    registry: Registry, connection: Connection, rows: list[tuple[dict[str, Any], list[str]]], gone: list[str]
) -> None:
    table = schema.certificate
    if rows:
        connection.execute(insert(table), [row for row, _ in rows])
    for row, old in rows:
        if old:
            connection.execute(update(table).where(table.c.id.in_(old)).values(replaced_by=row["id"]))
    if gone:
        wanted = table.c.id.in_(gone) & table.c.revoked_at.is_(None)
        connection.execute(update(table).where(wanted).values(revoked_at=registry.now()))
