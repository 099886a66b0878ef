"""Taking over a block of rows: each is judged among those who could be meant, and what was decided is entered.

Rows of a block see those before them: what is entered for one is on record for the next.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, select

from vaxcert.registry import schema
from vaxcert.registry.intake.rows import ReadRow
from vaxcert.registry.records.judging import Decision, judge
from vaxcert.registry.records.ledger import Ledger
from vaxcert.registry.records.likeness import Why
from vaxcert.registry.records.matching import Candidates, candidates
from vaxcert.registry.states import DoseState, ReviewKind, RowOutcome


def take(connection: Connection, ledger: Ledger, block: Sequence[ReadRow]) -> None:
    """Take rows over, each with its outcome; the registry's lock is held all along."""
    taken = _taken(connection, {row.digest for row in block})
    among = candidates(connection, (row.profile for row in block if row.digest not in taken))
    for row in block:
        if row.digest in taken:
            dose_id = taken[row.digest]
            outcome = RowOutcome.DELETED if dose_id is None else RowOutcome.AGAIN
        else:
            decision = judge(row.profile, row.dose, among)
            outcome, dose_id = decision.outcome, _entered(decision, ledger, among)
            taken[row.digest] = dose_id
        ledger.row(row.line, row.digest, outcome, dose_id)
    ledger.write()


def _taken(connection: Connection, digests: set[str]) -> dict[str, int | None]:
    """The dose that each row was taken to state before; None where it was of somebody who was deleted since."""
    table = schema.source_row
    query = select(table.c.digest, table.c.dose_id).where(table.c.digest.in_(sorted(digests)))
    return {row.digest: row.dose_id for row in connection.execute(query)}


def _entered(decision: Decision, ledger: Ledger, among: Candidates) -> int:
    """Enter what was decided of a row, for the rows after it too, and return the number of the dose that it states."""
    whose, given, against = decision.whose, decision.given, decision.against
    one = ledger.change_person(whose, decision.profile) if whose else ledger.new_person(decision.profile)
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
    among.put(msgspec.structs.replace(one, doses=held))
    return stated.dose_id
