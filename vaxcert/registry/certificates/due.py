"""Which certificate somebody is due, and which of those that they hold is wrong: asked of everybody, or of one alone.

what they hold is wrong? revoke → whole, nothing to decide? → newest dose → none yet: issue · wrong: issue anew · next
dose, name completed, ends soon: issue beside the old one, which stays good
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Set
from datetime import timedelta
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, insert, select, update

from vaxcert.errors import ConfigurationError
from vaxcert.issue import Issued, Issuer
from vaxcert.model import Person
from vaxcert.names import plain
from vaxcert.registry import schema
from vaxcert.registry.database import Registry
from vaxcert.registry.records import completeness, doses, people
from vaxcert.registry.records.completeness import FindingKind
from vaxcert.registry.records.doses import GivenDose
from vaxcert.registry.records.people import Somebody

# A record is not whole with these; a lot that nobody knows is no reason to keep somebody's certificate back.
KEEPS_BACK = (FindingKind.EARLIER_DOSE_MISSING, FindingKind.DATES_OUT_OF_ORDER, FindingKind.DISPUTED)


class HeldCertificate(NamedTuple):
    """A certificate that is good still, and what it states. `current`: no other took its place."""

    id: str
    current: bool
    ends_soon: bool
    disease: str
    person: Person
    dose: tuple[Any, ...]

    def __repr__(self) -> str:
        return f"<HeldCertificate {self.id}>"


class DueCertificate(NamedTuple):
    """A certificate that somebody is due, of which dose, why, and whose place it takes."""

    one: Somebody
    dose: GivenDose
    why: str
    replaces: list[HeldCertificate]


class Standing(NamedTuple):
    """How somebody stands: what keeps their certificates back, what they are due, and which they hold are wrong."""

    kept_back: list[FindingKind]
    due: list[DueCertificate]
    wrong: list[HeldCertificate]


def check_renewing(issuer: Issuer, within: timedelta) -> None:
    """Raise `ConfigurationError` where certificates would be renewed from their first day on."""
    if within >= issuer.valid_for:
        raise ConfigurationError("renewing begins before a certificate would: give a longer validity, or renew later")


def standing(one: Somebody, held: list[HeldCertificate], asked: Set[int]) -> Standing:
    """How somebody stands; `held`: their certificates, `asked`: those about whom a question is open."""
    # Of a person, what a certificate states; another district changes none.
    person = one.profile.person
    # A dose that is disputed is not known to be wrong; one that was withdrawn is, unless as another's double.
    told = [doses.stated(given.dose) for given in one.doses] if held else []
    wrong = [old for old in held if old.dose not in told or not _same(old.person, person)]
    reasons = [kind for kind, _, _ in completeness.problems(one) if kind in KEEPS_BACK]
    if one.person_id in asked:
        reasons.append(FindingKind.QUESTION_OPEN)
    due = []
    for newest in completeness.newest(one).values() if not reasons else ():
        # Of each disease by itself.
        current = current_of(newest, held)
        if why := _why(newest, person, current, wrong):
            due.append(DueCertificate(one, newest, why, current))
    if not one.counted:
        reasons = reasons or [FindingKind.NO_DOSE_THAT_COUNTS]
    return Standing(reasons, due, wrong)


def current_of(given: GivenDose, held: list[HeldCertificate]) -> list[HeldCertificate]:
    """The certificates of a dose's disease whose place none took."""
    return [old for old in held if old.current and old.disease == given.dose.disease]


def _why(newest: GivenDose, person: Person, current: list[HeldCertificate], wrong: list[HeldCertificate]) -> str:
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


def held(
    connection: Connection, registry: Registry, within: timedelta, only: Collection[int] | None = None
) -> dict[int, list[HeldCertificate]]:
    """The certificates that are good still, by who they are of now; those that others took the place of, too.

    `within`: those that end in that time end soon. `only`: of the records of people with these numbers.
    """
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
    if only is not None:
        query = query.where(table.c.person_id.in_(only))
    until = registry.now() + within
    found: dict[int, list[HeldCertificate]] = {}
    for row in connection.execute(query, execution_options={"yield_per": 5_000}):
        told = row._mapping
        one = HeldCertificate(
            id=row.id, current=row.replaced_by is None, ends_soon=row.expires_at <= until,
            disease=row.dose_disease, person=Person(**{name: told[name] for name in people.NAMES}),
            dose=doses.stated(doses.dose_of({name: told[f"dose_{name}"] for name in doses.COLUMNS})),
        )  # fmt: skip
        found.setdefault(row.merged_into or row.person_id, []).append(one)
    return found


def row_of(registry: Registry, issuer: Issuer, due: DueCertificate, made: Issued, run: int) -> dict[str, Any]:
    """A certificate as it is kept."""
    return {
        "id": made.certificate_id,
        "person_id": due.one.person_id,
        "dose_id": due.dose.dose_id,
        "person_version_id": due.one.version_id,
        "dose_version_id": due.dose.version_id,
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


def write(
    registry: Registry, connection: Connection, rows: list[tuple[dict[str, Any], list[str]]], gone: list[str]
) -> None:
    """Keep certificates, each with the ids of those whose place it takes, and note which are revoked."""
    table = schema.certificate
    if rows:
        connection.execute(insert(table), [row for row, _ in rows])
    for row, old in rows:
        if old:
            connection.execute(update(table).where(table.c.id.in_(old)).values(replaced_by=row["id"]))
    if gone:
        wanted = table.c.id.in_(gone) & table.c.revoked_at.is_(None)
        connection.execute(update(table).where(wanted).values(revoked_at=registry.now()))
