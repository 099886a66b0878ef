"""Corrections: a new version that says who changed what when and why. Nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, select

from vaxcert.errors import InputError, NotFoundError, Reason
from vaxcert.issue import RECORD, check
from vaxcert.model import Dose, Person, earliest_birth
from vaxcert.names import normalise
from vaxcert.registry import audit, runs, schema, secrets
from vaxcert.registry.comparing.likeness import Why
from vaxcert.registry.database import Registry
from vaxcert.registry.records import disputes, doses, people
from vaxcert.registry.records.doses import GivenDose, RecordedDose
from vaxcert.registry.records.ledger import Ledger
from vaxcert.registry.records.matching import candidates
from vaxcert.registry.records.neighbourhood import around, parts
from vaxcert.registry.records.now import dose_now, numbers, somebody, stands_for, whose_dose
from vaxcert.registry.records.people import Profile, Somebody
from vaxcert.registry.states import DoseState, ReviewKind, RunKind

# What is told of a person beside name and birth date; a group or site that has a code now is no text any more.
_TOLD = ("priority_group", *people.TOLD, *people.SEALED)
PERSON_FIELDS = ("family_name", "given_name", "date_of_birth", "national_id", "phone", *_TOLD)
DOSE_FIELDS = (*doses.COLUMNS, "state")
_MOST_REASON = 200


class Correction(NamedTuple):
    """What a correction would change, before it is saved: somebody as they are, and as they would be then."""

    before: Somebody
    after: Somebody

    def __repr__(self) -> str:
        return f"<Correction {self.before.person_id}>"


def preview_person(registry: Registry, number: int, changes: Mapping[str, str], *, reason: str) -> Correction:
    """What `correct_person` would do, which raises the same; nothing is written."""
    with registry.reading() as connection:
        old, said = _person_changed(registry, connection, number, changes, reason)
    return Correction(old, msgspec.structs.replace(old, profile=said))


def preview_dose(registry: Registry, number: int, changes: Mapping[str, Any], *, reason: str) -> Correction:
    """What `correct_dose` would do, which raises the same; nothing is written."""
    with registry.reading() as connection:
        owner, old, said, state = _dose_changed(registry, connection, number, changes, reason)
    new = msgspec.structs.replace(old, dose=said, state=state)
    doses_then = tuple(new if given.dose_id == number else given for given in owner.doses)
    return Correction(owner, msgspec.structs.replace(owner, doses=doses_then))


def correct_person(registry: Registry, number: int, changes: Mapping[str, str], *, actor: str, reason: str) -> int:
    """Change what is known of somebody; return the run's number. An empty text takes a number, district or group away.

    Where they are then like somebody else, that is a question for a person to decide. Raises `InputError` for what
    makes no sense, beside their doses too, or changes nothing.
    """
    with registry.writing() as connection:
        old, said = _person_changed(registry, connection, number, changes, reason)
        run = runs.begin(registry, connection, RunKind.CORRECTION, actor)
        ledger = Ledger(registry, connection, run, actor, normalise(reason))
        ledger.change_person(old, said)
        ledger.write()
        asked = _ask_who_else(connection, ledger, old.person_id, said)
        ledger.write()
        runs.end(registry, connection, run, {"people": 1, "questions": asked})
        audit.record(registry, connection, actor, "correct", run=run, person=old.person_id, fields=sorted(changes))
    return run


def _person_changed(
    registry: Registry, connection: Connection, number: int, changes: Mapping[str, str], reason: str
) -> tuple[Somebody, Profile]:
    """Somebody as they are, and what would be known of them. Raises `InputError`."""
    _check_fields(changes, PERSON_FIELDS, reason)
    changes = {name: normalise(value) for name, value in changes.items()}
    for name, number_of in (("phone", secrets.phone), ("national_id", secrets.national_id)):
        if changes.get(name) and not number_of(changes[name]):
            raise InputError(name, Reason.NO_DIGITS)
    old = somebody(connection, stands_for(connection, number))
    person, before = old.profile.person, old.profile
    phone, identity = numbers(registry, before)
    now = {
        "family_name": person.family_name, "given_name": person.given_name, "date_of_birth": person.date_of_birth,
        "national_id": identity, "phone": phone, **people.told(before, registry.secrets),
    }  # fmt: skip
    wanted = now | changes
    if changes.get("priority_group"):
        wanted["group_told"] = changes.get("group_told", "")
    person = Person(
        family_name=wanted["family_name"],
        given_name=wanted["given_name"],
        date_of_birth=wanted["date_of_birth"],
        family_name_transliterated="" if "family_name" in changes else person.family_name_transliterated,
        given_name_transliterated="" if "given_name" in changes else person.given_name_transliterated,
    )
    # As if for a certificate: of a day that is no dose's, and of each dose.
    today = registry.today()
    check(person, Dose(product="EU/1/20/1528", number=1, series=1, date=today), today=today)
    for given in old.doses:
        if given.state is not DoseState.WITHDRAWN and given.dose.date < earliest_birth(person.date_of_birth):
            raise InputError("date_of_birth", Reason.AFTER_A_DOSE)
    codes = frozenset(connection.scalars(select(schema.priority_group.c.code)))
    kept = {before.priority_group} if "priority_group" not in changes else set()
    said = people.profile(person, wanted, groups=codes | kept, keeper=registry.secrets)
    if _same(registry, said, before):
        raise InputError("changes", Reason.NOTHING_TO_CHANGE)
    return old, said


def _dose_changed(
    registry: Registry, connection: Connection, number: int, changes: Mapping[str, Any], reason: str
) -> tuple[Somebody, GivenDose, RecordedDose, DoseState]:
    """Whose a dose is, the dose as it is, and what would be known of it. Raises `InputError`."""
    _check_fields(changes, DOSE_FIELDS, reason)
    old = dose_now(connection, number)
    before = doses.columns(old.dose)
    if "product" in changes:
        # They follow from the product, unless they are said too.
        before |= dict.fromkeys(("disease", "prophylaxis", "holder"), "")
    if changes.get("site"):
        before["site_told"] = ""
    wanted = {**before, "state": old.state, **changes}
    if wanted["state"] not in set(DoseState):
        raise InputError("state", Reason.NOT_ONE_OF, allowed="good, disputed, withdrawn")
    owner = somebody(connection, whose_dose(connection, number))
    said, state = doses.dose_of(wanted), DoseState(wanted["state"])
    check(owner.profile.person, said, today=registry.today(), format=RECORD)
    doses.check_lot(said.lot)
    doses.check_site_told(said.site_told)
    if (said, state) == (old.dose, old.state):
        raise InputError("changes", Reason.NOTHING_TO_CHANGE)
    return owner, old, said, state


def _same(registry: Registry, one: Profile, other: Profile) -> bool:
    """Whether two profiles say the same; what is sealed anew looks different each time."""
    said = [(two.person, numbers(registry, two), people.told(two, registry.secrets)) for two in (one, other)]
    return said[0] == said[1]


def correct_dose(registry: Registry, number: int, changes: Mapping[str, Any], *, actor: str, reason: str) -> int:
    """Change a dose, or withdraw it (`state`: "withdrawn"); return the run's number. Raises `InputError`."""
    with registry.writing() as connection:
        owner, old, said, state = _dose_changed(registry, connection, number, changes, reason)
        run = runs.begin(registry, connection, RunKind.CORRECTION, actor)
        ledger = Ledger(registry, connection, run, actor, normalise(reason))
        ledger.change_dose(old, said, state)
        disputes.settle(connection, ledger, owner.person_id)
        runs.end(registry, connection, run, {"doses": 1})
        audit.record(registry, connection, actor, "correct", run=run, dose=number, fields=sorted(changes))
    return run


def withdraw(registry: Registry, number: int, *, actor: str, reason: str) -> tuple[int, int]:
    """Withdraw every dose that an import brought and that counts or is disputed.

    Returns the run's number, and how many doses stay since another import states them too.

    For an import that cannot be taken back, since certificates were issued from it: the next issuing run revokes them.
    Raises `ConfigurationError` for what is no import, `InputError` where it brought no such dose.
    """
    _check_fields({"state": "withdrawn"}, DOSE_FIELDS, reason)
    version, dose, row, others = schema.dose_version, schema.dose, schema.source_row, schema.run.alias()
    with registry.writing() as connection:
        source = connection.execute(select(schema.run).where(schema.run.c.id == number)).first()
        if source is None or source.kind != RunKind.IMPORT:
            raise NotFoundError(f"run {number}: no import", Reason.NO_SUCH_RECORD)
        query = (
            select(version)
            .join(dose, dose.c.id == version.c.dose_id)
            .where(dose.c.run_id == number, version.c.superseded_by.is_(None), version.c.state != DoseState.WITHDRAWN)
            .order_by(version.c.id)
        )
        confirmed = set(
            connection.scalars(
                select(row.c.dose_id)
                .join(dose, dose.c.id == row.c.dose_id)
                .join(others, others.c.id == row.c.run_id)
                .where(
                    dose.c.run_id == number,
                    row.c.run_id != number,
                    others.c.source_sha256 != source.source_sha256,
                )
            )
        )
        brought = [doses.of_row(found) for found in connection.execute(query)]
        confirmed |= _doubled(connection, source.source_sha256, brought)
        withdrawn = [given for given in brought if given.dose_id not in confirmed]
        if not withdrawn:
            raise InputError("run", Reason.NOTHING_TO_CHANGE)
        run = runs.begin(registry, connection, RunKind.CORRECTION, actor)
        ledger = Ledger(registry, connection, run, actor, normalise(reason))
        for given in withdrawn:
            ledger.change_dose(given, given.dose, DoseState.WITHDRAWN)
        ledger.write()
        runs.end(registry, connection, run, {"doses": len(withdrawn)})
        audit.record(registry, connection, actor, "withdraw", run=run, of=number, doses=len(withdrawn))
    return run, len(brought) - len(withdrawn)


def _doubled(connection: Connection, sha256: str, brought: Sequence[GivenDose]) -> set[int]:
    """Those of some doses that another source's record of the same person states too, and that stand for both."""
    dose, run = schema.dose, schema.run
    owners: dict[int, int] = {}
    for some in parts(given.dose_id for given in brought):
        owners.update(connection.execute(select(dose.c.id, dose.c.person_id).where(dose.c.id.in_(some))).all())
    near = around(connection, numbers=set(owners.values()))
    held = [(near.head(one.person), one) for kept in near.kept.values() for one in kept.held if one.double]
    others: set[int] = set()
    for some in parts(one.given.dose_id for _, one in held if one.given):
        query = select(dose.c.id).join(run, run.c.id == dose.c.run_id)
        others |= set(connection.scalars(query.where(dose.c.id.in_(some), run.c.source_sha256 != sha256)))
    stated = {(head, _which(one.dose)) for head, one in held if one.given and one.given.dose_id in others}
    return {one.dose_id for one in brought if (near.head(owners[one.dose_id]), _which(one.dose)) in stated}


def _which(dose: Dose) -> tuple[object, ...]:
    return dose.disease, dose.number, dose.product, dose.date


def _ask_who_else(connection: Connection, ledger: Ledger, number: int, said: Profile) -> int:
    """Enter a question for each who is like somebody now, and of whom none was asked yet; return how many."""
    same, unsure = candidates(connection, [said]).like(said)
    table = schema.review
    asked = 0
    for other, reasons in [*((one, (Why.AGREES_AFTER_CORRECTION,)) for one in same), *unsure]:
        one, two = sorted((number, other.person_id))
        known = select(table.c.id).where(table.c.kind == ReviewKind.PERSON, table.c.first == one, table.c.second == two)
        if one != two and connection.scalar(known) is None:
            ledger.ask(ReviewKind.PERSON, one, two, reasons)
            asked += 1
    return asked


def _check_fields(changes: Mapping[str, Any], fields: tuple[str, ...], reason: str) -> None:
    for name in changes:
        if name not in fields:
            raise InputError(name, Reason.NOT_ONE_OF, allowed=", ".join(fields))
    if not changes:
        raise InputError("changes", Reason.MISSING)
    if not normalise(reason):
        raise InputError("reason", Reason.MISSING)
    if len(reason) > _MOST_REASON:
        raise InputError("reason", Reason.TOO_LONG, most=_MOST_REASON)
