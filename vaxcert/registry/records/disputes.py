"""Two good records of one dose of one person: one is the other's double, or which is right is a question."""

from __future__ import annotations

from sqlalchemy import Connection, select

from vaxcert.registry import schema
from vaxcert.registry.comparing.likeness import Why
from vaxcert.registry.records.doses import DOUBLE, GivenDose
from vaxcert.registry.records.ledger import Ledger
from vaxcert.registry.records.now import doses_of
from vaxcert.registry.states import DoseState, ReviewAnswer, ReviewKind


def settle(connection: Connection, ledger: Ledger, number: int) -> None:
    """Settle somebody's doses after a change: doubles are withdrawn, and what contradicts is asked, once."""
    ledger.write()
    firsts: dict[tuple[str, int], GivenDose] = {}
    for given in doses_of(connection, number):
        if given.state is not DoseState.GOOD:
            continue
        dose = given.dose
        first = firsts.setdefault((dose.disease, dose.number), given)
        if first is given:
            continue
        if (first.dose.product, first.dose.date) == (dose.product, dose.date):
            ledger.change_dose(given, dose, DoseState.WITHDRAWN, DOUBLE)
        elif not _decided(connection, first.dose_id, given.dose_id):
            ledger.change_dose(given, dose, DoseState.DISPUTED, "a dispute")
            ledger.ask(ReviewKind.DOSE, first.dose_id, given.dose_id, (Why.SAME_DOSE_OTHERWISE,))
    ledger.write()


def _decided(connection: Connection, first: int, second: int) -> bool:
    """Whether somebody said before that both doses are right."""
    table = schema.review
    query = select(table.c.id).where(
        table.c.kind == ReviewKind.DOSE,
        table.c.decision == ReviewAnswer.BOTH,
        table.c.first.in_((first, second)),
        table.c.second.in_((first, second)),
    )
    return connection.scalar(query.limit(1)) is not None
