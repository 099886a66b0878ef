"""What keeps a record from being whole: doses that do not go together, and questions that are open."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from enum import StrEnum
from itertools import pairwise

from sqlalchemy import Connection, func, select

from vaxcert.registry import schema
from vaxcert.registry.records.doses import GivenDose
from vaxcert.registry.records.people import Somebody
from vaxcert.registry.states import DoseState, ReviewKind


class FindingKind(StrEnum):
    """What is the matter with somebody's record; the last only keeps a certificate back."""

    EARLIER_DOSE_MISSING = "earlier_dose_missing"
    PRODUCTS_DIFFER = "products_differ"
    DATES_OUT_OF_ORDER = "dates_out_of_order"
    DISPUTED = "disputed"
    UNKNOWN_LOT = "unknown_lot"
    ANOTHER_PRODUCTS_LOT = "another_products_lot"
    UNKNOWN_DISTRICT = "unknown_district"
    UNKNOWN_GROUP = "unknown_group"
    UNKNOWN_SITE = "unknown_site"
    QUESTION_OPEN = "question_open"
    NOT_CERTIFIABLE = "not_certifiable"
    NO_DOSE_THAT_COUNTS = "no_dose_that_counts"


def asked(connection: Connection, only: Collection[int] | None = None) -> frozenset[int]:
    """The numbers of people about whom a question is open: whether they are one person with another.

    `only`: by questions about the records with these numbers.
    """
    table, one, other = schema.review, schema.person.alias(), schema.person.alias()
    sides = [func.coalesce(owner.c.merged_into, owner.c.id) for owner in (one, other)]
    query = (
        select(sides[0], sides[1])
        .join_from(table, one, table.c.first == one.c.id)
        .join(other, table.c.second == other.c.id)
        .where(table.c.decision.is_(None), table.c.kind == ReviewKind.PERSON)
    )
    if only is not None:
        query = query.where(table.c.first.in_(only) | table.c.second.in_(only))
    # Two who were found to be one by other questions are no question any more.
    pairs = [tuple(row) for row in connection.execute(query)]
    return frozenset(int(number) for pair in pairs for number in pair if len(set(pair)) > 1)


def newest(one: Somebody) -> dict[str, GivenDose]:
    """The dose of each disease that a certificate is made of: the last that nobody disputes."""
    return {
        given.dose.disease: given
        for given in sorted(one.counted, key=lambda given: (given.dose.number, given.dose.date))
    }


def problems(one: Somebody) -> Iterator[tuple[FindingKind, GivenDose, str]]:
    """What is wrong with somebody's doses among themselves."""
    for given in one.doses:
        if given.state is DoseState.DISPUTED:
            yield FindingKind.DISPUTED, given, f"dose {given.dose.number}"
    counted = one.counted
    for disease in sorted({given.dose.disease for given in counted}):
        held = [given for given in counted if given.dose.disease == disease]
        numbers = {given.dose.number for given in held}
        for missing in sorted(set(range(1, max(numbers))) - numbers):
            after = min((given for given in held if given.dose.number > missing), key=lambda given: given.dose.number)
            yield FindingKind.EARLIER_DOSE_MISSING, after, f"dose {after.dose.number} without dose {missing}"
        for given, then in pairwise(held):
            first, second = given.dose, then.dose
            if second.date <= first.date:
                yield (
                    FindingKind.DATES_OUT_OF_ORDER,
                    then,
                    f"dose {second.number} is not later than dose {first.number}",
                )
            # A booster is often of another maker; within the series it should not be.
            if second.product != first.product and second.number <= first.series:
                yield FindingKind.PRODUCTS_DIFFER, then, f"{first.product}, then {second.product}"
