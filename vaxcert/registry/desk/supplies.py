"""What a site has left of each lot, counted by an index: the numbers of `reports.stock`, without a walk through all."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, func, select

from vaxcert.registry import schema
from vaxcert.registry.database import Registry
from vaxcert.registry.states import DoseState


class LotLeft(NamedTuple):
    """Doses of a lot that are left at a site; below nothing where more were recorded than it received."""

    lot: str
    product: str
    left: int


def lots(registry: Registry, site: str) -> list[LotLeft]:
    """The lots that a site has some of, those that are nearly used up first."""
    lot, delivery = schema.lot, schema.delivery
    query = (
        select(lot.c.number, lot.c.product)
        .join(delivery, delivery.c.lot == lot.c.number)
        .where(delivery.c.site == site)
        .distinct()
    )
    with registry.reading() as connection:
        found = [
            LotLeft(row.number, row.product, left(connection, site, row.number)) for row in connection.execute(query)
        ]
    return sorted((one for one in found if one.left > 0), key=lambda one: (one.left, one.lot))


def left(connection: Connection, site: str, lot: str) -> int:
    """How many doses of a lot are left at a site: received, less those given that count."""
    delivery, version = schema.delivery, schema.dose_version
    received = select(func.sum(delivery.c.doses)).where(delivery.c.site == site, delivery.c.lot == lot)
    given = (
        select(func.count())
        .select_from(version)
        .where(
            version.c.lot == lot,
            version.c.site == site,
            version.c.superseded_by.is_(None),
            version.c.state == DoseState.GOOD,
        )
    )
    return int(connection.scalar(received) or 0) - int(connection.scalar(given) or 0)


def has(connection: Connection, site: str, lot: str, product: str) -> bool:
    """Whether a site has some left of a lot that is of this product."""
    of = connection.scalar(select(schema.lot.c.product).where(schema.lot.c.number == lot))
    return of == product and left(connection, site, lot) > 0
