"""What keeps a record from being whole: doses that do not go together, and questions that are open."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import pairwise

from sqlalchemy import Connection, func, select

from vaxcert.registry import schema
from vaxcert.registry.records.everybody import GivenDose, Somebody


class FindingKind(StrEnum):
    """What is the matter with somebody's record; the last only keeps a certificate back."""

    EARLIER_DOSE_MISSING = "earlier_dose_missing"
    PRODUCTS_DIFFER = "products_differ"
    DATES_OUT_OF_ORDER = "dates_out_of_order"
    DISPUTED = "disputed"
    UNKNOWN_LOT = "unknown_lot"
    ANOTHER_PRODUCTS_LOT = "another_products_lot"
    UNKNOWN_DISTRICT = "unknown_district"
    QUESTION_OPEN = "question_open"
    NOT_CERTIFIABLE = "not_certifiable"
    NO_DOSE_THAT_COUNTS = "no_dose_that_counts"


def asked(connection: Connection) -> frozenset[int]:
    """The numbers of people about whom a question is open: whether they are one person with another."""
    table, one, other = schema.review, schema.person.alias(), schema.person.alias()
    sides = [func.coalesce(owner.c.merged_into, owner.c.id) for owner in (one, other)]
    query = (
        select(sides[0], sides[1])
        .join_from(table, one, table.c.first == one.c.id)
        .join(other, table.c.second == other.c.id)
        .where(table.c.decision.is_(None), table.c.kind == "person")
    )
    # Two who were found to be one by other questions are no question any more.
    pairs = [tuple(row) for row in connection.execute(query)]
    return frozenset(int(number) for pair in pairs for number in pair if len(set(pair)) > 1)


def newest(one: Somebody) -> dict[str, GivenDose]:
    """The dose of each disease that a certificate is made of: the last that nobody disputes."""
    return {dose.disease: dose for dose in sorted(one.counted, key=lambda dose: (dose.number, dose.date))}


def problems(one: Somebody) -> Iterator[tuple[FindingKind, GivenDose, str]]:
    """What is wrong with somebody's doses among themselves."""
    for dose in one.doses:
        if dose.state == "disputed":
            yield FindingKind.DISPUTED, dose, f"dose {dose.number}"
    counted = one.counted
    for disease in sorted({dose.disease for dose in counted}):
        doses = [dose for dose in counted if dose.disease == disease]
        numbers = {dose.number for dose in doses}
        for missing in sorted(set(range(1, max(numbers))) - numbers):
            after = min((dose for dose in doses if dose.number > missing), key=lambda dose: dose.number)
            yield FindingKind.EARLIER_DOSE_MISSING, after, f"dose {after.number} without dose {missing}"
        for before, after in pairwise(doses):
            if after.date <= before.date:
                yield (
                    FindingKind.DATES_OUT_OF_ORDER,
                    after,
                    f"dose {after.number} is not later than dose {before.number}",
                )
            # A booster is often of another maker; within the series it should not be.
            if after.product != before.product and after.number <= before.series:
                yield FindingKind.PRODUCTS_DIFFER, after, f"{before.product}, then {after.product}"
