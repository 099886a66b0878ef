"""Taking over a block of rows: each is judged among those who could be meant, and what was decided is entered.

Rows of a block see those before them: what is entered for one is on record for the next.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
from sqlalchemy import Connection, select

from vaxcert.registry import schema
from vaxcert.registry.intake.rows import Said, TableRow
from vaxcert.registry.records.doses import GivenDose
from vaxcert.registry.records.judging import Decision, judge
from vaxcert.registry.records.ledger import Ledger
from vaxcert.registry.records.likeness import Why
from vaxcert.registry.records.matching import Candidates, candidates
from vaxcert.registry.records.people import Profile, Somebody
from vaxcert.registry.states import DoseState, ReviewKind, RowOutcome


def take(
    connection: Connection, ledger: Ledger, block: Sequence[TableRow], read: Callable[[TableRow], Said]
) -> list[tuple[TableRow, Said]]:
    """Take rows over, each with its outcome, and return those that are rejected; the registry's lock is held all along.

    Whether a row was taken before is asked first, whatever it is read as now.
    """
    taken = _taken(connection, {digest for row in block for digest in row.digests})
    said = {row.key: read(row) for row in block if row.digests[0] not in taken}
    profiles = (one.profile for one in said.values() if one.profile is not None and one.dose is not None)
    among = candidates(connection, profiles)
    rejected = []
    for row in block:
        newest, *older = row.digests
        if newest in taken:
            outcome, dose_id = _known(taken[newest])
        elif (known := _known_by(older, taken, said[row.key], among)) is not None:
            outcome, dose_id = known
            if dose_id is not None:
                _complete(said[row.key], dose_id, ledger, among)
        else:
            one = said[row.key]
            if one.problems or one.profile is None or one.dose is None:
                rejected.append((row, one))
                continue
            decision = judge(one.profile, one.dose, among)
            outcome, dose_id = decision.outcome, entered(decision, ledger, among)[1].dose_id
        taken[newest] = dose_id
        ledger.row(row.line, newest, outcome, dose_id)
    ledger.write()
    return rejected


def _known(dose_id: int | None) -> tuple[RowOutcome, int | None]:
    return RowOutcome.DELETED if dose_id is None else RowOutcome.AGAIN, dose_id


def _known_by(
    older: Sequence[str], taken: dict[str, int | None], said: Said, among: Candidates
) -> tuple[RowOutcome, int | None] | None:
    """What a row is that an earlier version took, None for one that none took."""
    found = next((digest for digest in older if digest in taken), None)
    if found is None:
        return None
    dose_id = taken[found]
    return _known(dose_id) if dose_id is None or _is_same(said, dose_id, among) else None


def _taken(connection: Connection, digests: set[str]) -> dict[str, int | None]:
    """The dose that each row was taken to state before; None where it was of somebody who was deleted since."""
    table = schema.source_row
    query = select(table.c.digest, table.c.dose_id).where(table.c.digest.in_(sorted(digests)))
    return {row.digest: row.dose_id for row in connection.execute(query)}


def _is_same(said: Said, dose_id: int, among: Candidates) -> bool:
    """Whether a row that an earlier version took is of whom it was taken to be of.

    That version may not have seen the identity number by which two people differ whose rows else say the same.
    """
    owner = among.whose(dose_id)
    if owner is None or said.profile is None:
        return True
    numbers = {_number(owner.profile), _number(said.profile)} - {None}
    return len(numbers) < 2


def _number(profile: Profile) -> str | None:
    return profile.features.national_id


def _complete(said: Said, dose_id: int, ledger: Ledger, among: Candidates) -> None:
    """Fill in what a row says and an earlier version did not read, where it still is of whom it was taken to be of."""
    if said.problems or said.profile is None or said.dose is None:
        return
    decision = judge(said.profile, said.dose, among)
    if decision.given is not None and decision.given.dose_id == dose_id:
        entered(decision, ledger, among)


def entered(decision: Decision, ledger: Ledger, among: Candidates) -> tuple[Somebody, GivenDose]:
    """Enter what was decided of a record, for those after it too; return whose it is and the dose that it states."""
    whose, given, against = decision.whose, decision.given, decision.against
    one: Somebody = ledger.change_person(whose, decision.profile) if whose else ledger.new_person(decision.profile)
    for other, reasons in decision.asked:
        first, second = sorted((one.person_id, other.person_id))
        ledger.ask(ReviewKind.PERSON, first, second, reasons)
        among.ask(first, second)
    if given:
        stated = ledger.change_dose(given, decision.dose, given.state)
        held = tuple(stated if old is given else old for old in one.doses)
    else:
        stated = ledger.new_dose(one.person_id, decision.dose, DoseState.DISPUTED if against else DoseState.GOOD)
        held = (*one.doses, stated)
    if against:
        ledger.ask(ReviewKind.DOSE, against.dose_id, stated.dose_id, (Why.SAME_DOSE_OTHERWISE,))
    one = msgspec.structs.replace(one, doses=held)
    among.put(one)
    return one, stated
