"""Certificates from the registry: for everybody whose record is whole, and new or changed since the last one.

everybody → whole, nothing to decide? → newest dose → none yet: issue · changed: revoke, issue · ends soon: renew

A certificate is there once its row is committed, a block at a time: a run that is killed loses none and doubles none.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, update

from vaxcert.errors import InputError
from vaxcert.issue import Issuer
from vaxcert.model import Dose
from vaxcert.registry import audit, people, runs, schema
from vaxcert.registry.completeness import problems
from vaxcert.registry.database import Registry
from vaxcert.registry.facts import Given, Somebody, everybody

BLOCK = 500
# Of a person, what a certificate states; another district changes none.
_STATED = (
    "family_name", "given_name", "family_name_transliterated", "given_name_transliterated", "date_of_birth",
)  # fmt: skip
# A record is not whole with these; a lot that nobody knows is no reason to keep somebody's certificate back.
_KEEPS_BACK = ("earlier dose missing", "dates out of order", "disputed")


class Issued(NamedTuple):
    """How a run ended: certificates by why they were issued (`new`, `next dose`, `corrected`, `renewed`), how many were
    revoked, who was kept back and why, and the ids that were revoked and are to be published."""

    run: int
    issued: dict[str, int]
    revoked: int
    kept_back: dict[str, int]
    revoked_ids: tuple[str, ...]


class _Held(NamedTuple):
    """A certificate that is valid, and what it was made of."""

    id: str
    dose_id: int
    dose_version_id: int
    person_version_id: int
    ends_soon: bool
    stated: tuple[Any, ...]


def run(
    registry: Registry,
    issuer: Issuer,
    *,
    kid: bytes,
    actor: str,
    renew_within: timedelta = timedelta(days=30),
    progress: Callable[[int], None] = lambda _: None,
) -> Issued:
    """Issue to everybody who is due. `issuer` signs; `kid`: its key's id, for the table of certificates."""
    issued: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    revoked: list[str] = []
    with registry.writing() as connection:
        number = runs.begin(registry, connection, "issue", actor)
        connection.commit()
        held = _held(connection, registry, renew_within)
        asked = _asked(connection)
        # Read by one connection and written by another: what is being gone through must not change meanwhile.
        with registry.reading() as reader:
            due = _due(reader, held, asked, kept)
            while block := list(islice(due, BLOCK)):
                rows, gone = [], []
                for one, dose, why, old in block:
                    if one is None or dose is None:
                        gone += [certificate.id for certificate in old]
                        continue
                    try:
                        made = issuer.issue(people.person_of(one.values), _said(dose))
                    except InputError as error:
                        kept[f"{error.field}: {error.problem}"] += 1
                        continue
                    issued[why] += 1
                    rows.append((_row(registry, one, dose, made, kid, number), [before.id for before in old]))
                    if why == "corrected":
                        gone += [before.id for before in old]
                _write(registry, connection, rows, gone)
                connection.commit()
                revoked += gone
                progress(sum(issued.values()))
        counts = {**issued, "revoked": len(revoked)}
        runs.end(registry, connection, number, counts)
        audit.record(registry, connection, actor, "issue", run=number, counts=counts)
    return Issued(number, dict(issued), len(revoked), dict(kept), tuple(revoked))


def hand_over(registry: Registry, *, actor: str) -> list[str]:
    """The ids that are revoked and were not handed over yet, for `vaxcert revoke --from`; then they are."""
    table = schema.certificate
    with registry.writing() as connection:
        waiting = table.c.revoked_at.is_not(None) & table.c.handed_over.is_(False)
        found = list(connection.scalars(select(table.c.id).where(waiting).order_by(table.c.id)))
        connection.execute(update(table).where(waiting).values(handed_over=True))
        audit.record(registry, connection, actor, "hand over revocations", certificates=len(found))
    return found


def _due(
    connection: Connection, held: dict[int, list[_Held]], asked: frozenset[int], kept: Counter[str]
) -> Iterator[tuple[Somebody | None, Given | None, str, list[_Held]]]:
    """Who gets a certificate, of which dose, why, and which ones it takes the place of. No dose: those are revoked."""
    left = dict(held)
    for one in everybody(connection):
        mine = left.pop(one.person_id, [])
        counted = one.counted
        stale = [old for old in mine if old.dose_id not in {dose.dose_id for dose in counted}]
        reasons = [kind for kind, _, _ in problems(one) if kind in _KEEPS_BACK]
        if one.person_id in asked:
            reasons.append("a question is open")
        if reasons or not counted:
            kept.update({*reasons} or {"no dose that counts"})
            if stale:
                yield one, None, "withdrawn", stale
            continue
        newest = max(counted, key=lambda dose: (dose.number, dose.date))
        stated = tuple(one.values[name] for name in _STATED)
        same = [old for old in mine if old.dose_id == newest.dose_id]
        wrong = [
            old for old in mine
            if old in stale or old.stated != stated or (old in same and old.dose_version_id != newest.version_id)
        ]  # fmt: skip
        if wrong:
            yield one, newest, "corrected", wrong
        elif not mine:
            yield one, newest, "new", []
        elif not same:
            yield one, newest, "next dose", mine
        elif all(old.ends_soon for old in same):
            yield one, newest, "renewed", same
    # Of whom no dose is left.
    for stale in left.values():
        yield None, None, "withdrawn", stale


def _held(connection: Connection, registry: Registry, within: timedelta) -> dict[int, list[_Held]]:
    """The newest valid certificates, by who they are of now."""
    table, owner, version = schema.certificate, schema.person, schema.person_version
    query = (
        select(table, owner.c.merged_into, *(version.c[name].label(f"said_{name}") for name in _STATED))
        .join(owner, owner.c.id == table.c.person_id)
        .join(version, version.c.id == table.c.person_version_id)
        .where(table.c.revoked_at.is_(None), table.c.replaced_by.is_(None))
    )
    until = registry.now() + within
    found: dict[int, list[_Held]] = {}
    for row in connection.execute(query, execution_options={"yield_per": 5_000}):
        stated = tuple(row._mapping[f"said_{name}"] for name in _STATED)
        one = _Held(row.id, row.dose_id, row.dose_version_id, row.person_version_id, row.expires_at <= until, stated)
        found.setdefault(row.merged_into or row.person_id, []).append(one)
    return found


def _asked(connection: Connection) -> frozenset[int]:
    """About whom a question is open: whether they are one person with another."""
    table = schema.review
    found: set[int] = set()
    query = select(table.c.first, table.c.second).where(table.c.decision.is_(None), table.c.kind == "person")
    merged = {
        row.id: row.merged_into
        for row in connection.execute(
            select(schema.person.c.id, schema.person.c.merged_into).where(schema.person.c.merged_into.is_not(None))
        )
    }
    for row in connection.execute(query):
        found |= {merged.get(row.first, row.first), merged.get(row.second, row.second)}
    return frozenset(found)


def _said(dose: Given) -> Dose:
    return Dose(
        product=dose.product, number=dose.number, series=dose.series, date=dose.date, disease=dose.disease,
        site=dose.site, lot=dose.lot,
    )  # fmt: skip


def _row(registry: Registry, one: Somebody, dose: Given, made: Any, kid: bytes, run: int) -> dict[str, Any]:
    return {
        "id": made.certificate_id,
        "person_id": one.person_id,
        "dose_id": dose.dose_id,
        "person_version_id": one.version_id,
        "dose_version_id": dose.version_id,
        "run_id": run,
        "kid": kid.hex(),
        "text_sha256": hashlib.sha256(made.text.encode()).hexdigest(),
        "text": registry.secrets.encrypt("certificate", made.text),
        "issued_at": made.issued_at.replace(tzinfo=None),
        "expires_at": made.expires_at.replace(tzinfo=None),
        "replaced_by": None,
        "revoked_at": None,
        "handed_over": False,
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
