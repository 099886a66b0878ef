"""Who signed in wholly on this machine today: these may go on by their PIN.

The browser's signed cookie names sessions' marks, which end with an account's sessions.
"""

from __future__ import annotations

from flask import session

from vaxcert.registry import Registry
from vaxcert.registry.accounts.account import Account, by_mark

_KEY = "today"
# A shared laptop's, and a cookie's.
_MOST = 12


def remember(registry: Registry, mark: str) -> None:
    """Have whoever just signed in be one of today's."""
    day = registry.today().isoformat()
    marks = [one for one in _marks(day) if one != mark]
    session[_KEY] = [day, [*marks, mark][-_MOST:]]


def knows(registry: Registry, account: Account) -> bool:
    """Whether somebody signed in wholly here today."""
    return account.session_mark in _marks(registry.today().isoformat())


def with_pin(registry: Registry) -> list[Account]:
    """Those of today who chose a PIN, by the names that they are shown by."""
    day = registry.today()
    with registry.reading() as connection:
        found = [by_mark(connection, mark) for mark in _marks(day.isoformat())]
    good = [one for one in found if one is not None and one.active and one.pin_hash and one.pin_day == day]
    return sorted(good, key=lambda one: one.display_name)


def forget() -> None:
    """Have nobody go on by PIN on this machine."""
    session.pop(_KEY, None)


def _marks(day: str) -> list[str]:
    kept = session.get(_KEY)
    return list(kept[1]) if kept and kept[0] == day else []
