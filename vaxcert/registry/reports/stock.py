"""Doses received against doses given, by site and lot; and how many days a site's doses last."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, select

from vaxcert.registry import schema
from vaxcert.registry.database import Registry
from vaxcert.registry.records.everybody import everybody

# Over how many days it is looked how much a site gives: two weeks have each day of the week twice.
LOOKED_BACK = 14
# What lasts for fewer days than this runs out before a delivery that is asked for now is there.
SHORT = 7


class Level(StrEnum):
    """How a site stands with a product, the most urgent first."""

    OVER = "over"  # more given than were received: a delivery or a dose is recorded wrongly
    OUT = "out"
    SHORT = "short"
    ENOUGH = "enough"
    UNUSED = "unused"  # none was given lately: what is left is not being used, or what was used up is no longer wanted


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


class Supply(NamedTuple):
    """A site's doses of a product, and how many it gave of it in the last `LOOKED_BACK` days."""

    site: str
    product: str
    received: int
    left: int
    lately: int

    @property
    def days(self) -> int | None:
        """For how many days what is left lasts, at the pace of lately; None where none was given lately."""
        return None if not self.lately else max(0, self.left) * LOOKED_BACK // self.lately

    @property
    def level(self) -> Level:
        """How urgent it is."""
        if self.left < 0:
            return Level.OVER
        if self.days is None:
            return Level.UNUSED
        if self.left == 0:
            return Level.OUT
        return Level.SHORT if self.days < SHORT else Level.ENOUGH


def stock(registry: Registry) -> list[Stock]:
    """The stock of every lot at every site that received or gave some, from everybody's doses."""
    given: Counter[tuple[str, str, str]] = Counter()
    with registry.reading() as connection:
        for one in everybody(connection):
            given.update((dose.site, dose.lot, dose.product) for dose in (counted.dose for counted in one.counted))
        return stocks(connection, given)


def stocks(connection: Connection, given: Mapping[tuple[str, str, str], int]) -> list[Stock]:
    """The stock that deliveries and the doses given by site, lot and product make.

    A lot's product is the list's, else that of most of its doses.
    """
    received: Counter[tuple[str, str]] = Counter()
    used: Counter[tuple[str, str]] = Counter()
    told: defaultdict[str, Counter[str]] = defaultdict(Counter)
    products = {row.number: row.product for row in connection.execute(select(schema.lot))}
    for row in connection.execute(select(schema.delivery)):
        received[row.site, row.lot] += row.doses
    for (site, lot, product), doses in given.items():
        used[site, lot] += doses
        told[lot][product] += doses
    for lot, counts in told.items():
        products.setdefault(lot, min(counts, key=lambda product: (-counts[product], product)))
    keys = sorted(set(received) | set(used))
    return [Stock(*key, products.get(key[1], ""), received[key], used[key]) for key in keys]


def supplies(stocks: Iterable[Stock], lately: Mapping[tuple[str, str], int]) -> list[Supply]:
    """What each site that received some has left of each product. `lately`: given of late, by site and product.

    Lots that a site never received are left out: what is left of them cannot be said.
    """
    received: Counter[tuple[str, str]] = Counter()
    left: Counter[tuple[str, str]] = Counter()
    for one in stocks:
        if one.received:
            received[one.site, one.product] += one.received
            left[one.site, one.product] += one.left
    return [Supply(*key, received[key], left[key], lately.get(key, 0)) for key in sorted(received)]


def urgent_first(found: Iterable[Supply]) -> list[Supply]:
    """What runs out first at the head; of what lasts equally long, what is given most."""
    levels = list(Level)
    return sorted(
        found, key=lambda one: (levels.index(one.level), one.days or 0, -one.lately, one.site, one.product)
    )  # fmt: skip
