"""What of the records cannot be whole or right, so that a unit can be asked for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import select

from vaxcert.registry import schema
from vaxcert.registry.database import Registry
from vaxcert.registry.facts import Given, Somebody, everybody

KINDS = {
    "earlier dose missing": "thiếu mũi trước",
    "products differ": "khác vắc xin trong một liệu trình",
    "dates out of order": "ngày tiêm không theo thứ tự",
    "disputed": "có hồ sơ mâu thuẫn",
    "unknown lot": "số lô không có trong danh mục",
    "another product's lot": "số lô của vắc xin khác",
}


class Finding(NamedTuple):
    """`person_id`, `dose_id`: numbers in the registry; `site`: who can be asked; `told`: without personal data."""

    kind: str
    person_id: int
    dose_id: int
    site: str
    told: str


class Stock(NamedTuple):
    """Doses of a lot at a site: received, given, and what that leaves (below nothing: more given than were there)."""

    site: str
    lot: str
    product: str
    received: int
    given: int

    @property
    def left(self) -> int:
        """May be negative."""
        return self.received - self.given


def findings(registry: Registry) -> Iterator[Finding]:
    """All, by person."""
    with registry.reading() as connection:
        lots = {row.number: row.product for row in connection.execute(select(schema.lot))}
        for one in everybody(connection):
            for kind, dose, told in (*problems(one), *_lots(one, lots)):
                yield Finding(kind, one.person_id, dose.dose_id, dose.site, told)


def problems(one: Somebody) -> Iterator[tuple[str, Given, str]]:
    """What is wrong with somebody's doses among themselves."""
    for dose in one.doses:
        if dose.state == "disputed":
            yield "disputed", dose, f"dose {dose.number}"
    counted = one.counted
    for disease in sorted({dose.disease for dose in counted}):
        doses = [dose for dose in counted if dose.disease == disease]
        numbers = {dose.number for dose in doses}
        for missing in sorted(set(range(1, max(numbers))) - numbers):
            after = min((dose for dose in doses if dose.number > missing), key=lambda dose: dose.number)
            yield "earlier dose missing", after, f"dose {after.number} without dose {missing}"
        for before, after in pairwise(doses):
            if after.date <= before.date:
                yield "dates out of order", after, f"dose {after.number} is not later than dose {before.number}"
            # A booster is often of another maker; within the series it should not be.
            if after.product != before.product and after.number <= before.series:
                yield "products differ", after, f"{before.product}, then {after.product}"


def stock(registry: Registry) -> list[Stock]:
    """Of every lot at every site that received or gave some."""
    received: Counter[tuple[str, str]] = Counter()
    given: Counter[tuple[str, str]] = Counter()
    with registry.reading() as connection:
        products = {row.number: row.product for row in connection.execute(select(schema.lot))}
        for row in connection.execute(select(schema.delivery)):
            received[row.site, row.lot] += row.doses
        for one in everybody(connection):
            for dose in one.counted:
                given[dose.site, dose.lot] += 1
                products.setdefault(dose.lot, dose.product)
    keys = sorted(set(received) | set(given))
    return [Stock(*key, products.get(key[1], ""), received[key], given[key]) for key in keys]


def _lots(one: Somebody, lots: dict[str, str]) -> Iterator[tuple[str, Given, str]]:
    # Without any lots on record, none is unknown.
    for dose in one.counted if lots else ():
        if dose.lot and dose.lot not in lots:
            yield "unknown lot", dose, dose.lot
        elif dose.lot and lots[dose.lot] != dose.product:
            yield "another product's lot", dose, f"{dose.lot} is of {lots[dose.lot]}"
