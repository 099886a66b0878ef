"""Sites as an administrator keeps them; lists of them come by `intake.lists` as well."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from vaxcert.errors import ConfigurationError, InputError, NotFoundError, Reason
from vaxcert.names import normalise, printable
from vaxcert.registry import audit, schema
from vaxcert.registry.accounts.account import Account
from vaxcert.registry.database import Registry
from vaxcert.uvci import check_site


class Site(NamedTuple):
    """A site: its code as certificates have it, what people call it, and its district."""

    code: str
    name: str
    district: str


def sites(connection: Connection) -> list[Site]:
    """All sites, by code."""
    table = schema.site
    query = select(table.c.code, table.c.name, table.c.district).order_by(table.c.code)
    return [Site(*row) for row in connection.execute(query)]


def sites_of(connection: Connection, account: Account) -> frozenset[str]:
    """The codes of the sites that an account works at: its own, those of its area, or all."""
    if account.site:
        return frozenset({account.site})
    return frozenset(one.code for one in sites(connection) if not account.area or one.district == account.area)


def put_site(registry: Registry, site: Site, *, actor: str, new: bool) -> None:
    """Add a site, or have one say these from now on. Raises `InputError`, `ConfigurationError` for one that is
    there already, and `NotFoundError` for one that is not."""
    code = site.code.strip().upper()
    check_site(code)
    values = {"name": normalise(site.name), "district": normalise(site.district)}
    for field, most in (("name", 200), ("district", 80)):
        if not values[field]:
            raise InputError(field, Reason.MISSING)
        if len(values[field]) > most:
            raise InputError(field, Reason.TOO_LONG, most=most)
        if printable(values[field]) != values[field]:
            raise InputError(field, Reason.UNPRINTABLE)
    table = schema.site
    with registry.noting() as connection:
        there = connection.scalar(select(table.c.code).where(table.c.code == code)) is not None
        if there and new:
            raise ConfigurationError(f"{code}: there is such a site already", Reason.ALREADY_THERE)
        if not there and not new:
            raise NotFoundError(f"{code}: there is no such site", Reason.NO_SUCH_RECORD)
        if new:
            connection.execute(insert(table).values(code=code, **values))
        else:
            connection.execute(update(table).where(table.c.code == code).values(**values))
        audit.record(registry, connection, actor, "site added" if new else "site changed", site=code)
