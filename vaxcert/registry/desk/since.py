"""Whether people had a dose from some day on: for those who wait for one and may not need it any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from vaxcert.errors import NotFoundError
from vaxcert.registry import audit
from vaxcert.registry.database import Registry
from vaxcert.registry.records.matching import candidates
from vaxcert.registry.records.now import several, stands_for
from vaxcert.registry.records.people import Profile, Somebody


class AskedSince(NamedTuple):
    """Who is asked about: `person`, by number, or else whom `profile` surely is of; a dose against `disease` (a code)
    from `since` on."""

    profile: Profile
    disease: str
    since: date
    person: int | None = None


def doses_since(registry: Registry, asked: Sequence[AskedSince], *, actor: str) -> list[tuple[date, ...]]:
    """The days of such doses that count, in order, for each who is asked about. One entry in the audit log names those
    who were found."""
    with registry.noting() as connection:
        named = {one.person: _now(connection, one.person) for one in asked if one.person is not None}
        known = several(connection, (number for number in named.values() if number))
        among = candidates(connection, [one.profile for one in asked if one.person is None])
        found: list[tuple[date, ...]] = []
        seen: set[int] = set()
        for one in asked:
            if one.person is None:
                who = among.like(one.profile)[0]
            else:
                who = [known[number] for number in (named[one.person],) if number in known]
            days = sorted(day for somebody in who for day in _days(somebody, one))
            seen.update(somebody.person_id for somebody in who)
            found.append(tuple(days))
        audit.record(registry, connection, actor, "look for doses", people=sorted(seen))
    return found


def _now(connection: Connection, number: int) -> int:
    """Whom a number stands for, or 0 for somebody who was deleted since."""
    try:
        return stands_for(connection, number)
    except NotFoundError:
        return 0


def _days(somebody: Somebody, one: AskedSince) -> list[date]:
    doses = [given.dose for given in somebody.counted]
    return [dose.date for dose in doses if dose.disease == one.disease and dose.date >= one.since]
