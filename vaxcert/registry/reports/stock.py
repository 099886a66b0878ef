"""Doses received against doses given, by site and lot."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from sqlalchemy import select

from vaxcert.registry import schema
from vaxcert.registry.database import Registry
from vaxcert.registry.records.everybody import everybody


class Stock(NamedTuple):
    """Doses of a lot at a site: received, given, and what that leaves (below nothing: more given than were there)."""

    site: str
    lot: str
    product: str
    received: int
    given: int

    @property
    def left(self) -> int:
        """How many doses are left; may be negative."""
        return self.received - self.given


def stock(registry: Registry) -> list[Stock]:
    """The stock of every lot at every site that received or gave some."""
    received: Counter[tuple[str, str]] = Counter()
    given: Counter[tuple[str, str]] = Counter()
    with registry.reading() as connection:
        products = {row.number: row.product for row in connection.execute(select(schema.lot))}
        for row in connection.execute(select(schema.delivery)):
            received[row.site, row.lot] += row.doses
        for one in everybody(connection):
            for dose in (counted.dose for counted in one.counted):
                given[dose.site, dose.lot] += 1
                products.setdefault(dose.lot, dose.product)
    keys = sorted(set(received) | set(given))
    return [Stock(*key, products.get(key[1], ""), received[key], given[key]) for key in keys]
