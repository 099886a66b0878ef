"""How many certificates may be signed in which time: an account, a site, all together. Counted from what is on record.

The counts are those of the registry's table `signing`, so a restart forgets none; they hold what was noted before it
was signed. Accounts and sites are what a peer says; `all` is what no peer can say otherwise.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, func, select

from vaxcert.errors import ConfigurationError, Reason
from vaxcert.registry import schema
from vaxcert.registry.certificates.one import Asker
from vaxcert.registry.database import Registry

_WINDOWS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}


class SigningLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Certificates in an hour and in 24 hours; requests for more than `bulk_over` wait for a second person, and for
    more than `bulk_most` are refused. Each at least 1."""

    account_hour: int = 120
    account_day: int = 600
    site_hour: int = 400
    site_day: int = 2_000
    all_hour: int = 2_000
    all_day: int = 8_000
    bulk_over: int = 20
    bulk_most: int = 1_000

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            if getattr(self, name) < 1:
                raise ConfigurationError(f"limits: {name}: less than 1")
        if self.bulk_most < self.bulk_over:
            raise ConfigurationError("limits: bulk_most: less than bulk_over")


class ExceededLimit(NamedTuple):
    """A limit that more was asked for than it lets through. `whose`: "account", "site" or "all"."""

    whose: str
    window: str
    most: int

    def error(self) -> ConfigurationError:
        """The error to refuse with."""
        return ConfigurationError(
            f"more than {self.most} certificates in a {self.window} ({self.whose})", Reason.LIMIT_REACHED
        )


def exceeded(
    registry: Registry, connection: Connection, limits: SigningLimits, asker: Asker, many: int, *, approved: bool
) -> ExceededLimit | None:
    """The limit that so many more would exceed, if there is one.

    `approved`: what two people asked for is of no one account's, and counts among all alone.
    """
    table, now = schema.signing, registry.now()
    of_whom = {"account": table.c.account == asker.account, "site": table.c.site == asker.site}
    for whose in ("all",) if approved else ("account", "site", "all"):
        for window, length in _WINDOWS.items():
            most = getattr(limits, f"{whose}_{window}")
            query = select(func.count()).select_from(table).where(table.c.at > now - length)
            if whose != "all":
                query = query.where(of_whom[whose], table.c.bulk_id.is_(None))
            if int(connection.scalar(query) or 0) + many > most:
                return ExceededLimit(whose, window, most)
    return None
