"""Parts of the registry's sessions, offered to the public and taken back: all that the public's side learns of them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select, update

from vaxcert.booking import offers, schema
from vaxcert.booking.offers import OfferedSession
from vaxcert.booking.places import fill
from vaxcert.booking.states import CHANGEABLE, BookingNotice, BookingState
from vaxcert.booking.store import Bookings
from vaxcert.errors import InputError, NotFoundError, Reason
from vaxcert.registry import Registry, audit, groups
from vaxcert.registry.accounts import places as sites
from vaxcert.registry.desk import sessions, supplies

_CLOCK = re.compile("(?:[01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
MOST_PLACES = 2_000


def offer(
    bookings: Bookings, registry: Registry, session: int, *, places: int, begins: str, ends: str, actor: str
) -> OfferedSession:
    """Offer places at a part of a session; given again for the same time it says how many there are from now on.

    `begins`, `ends`: HH:MM by the site's clocks. More places go to those who wait; with fewer nobody loses theirs.
    Raises `InputError` for a time or number that is none, and for a session that is closed or over; `NotFoundError`
    where there is no such session.
    """
    _check(places, begins, ends)
    of = sessions.get(registry, session)
    if not of.is_open:
        raise InputError("session", Reason.SESSION_CLOSED)
    if of.day < bookings.today():
        raise InputError("date", Reason.DAY_OVER)
    with registry.reading() as connection:
        site = next(one for one in sites.sites(connection) if one.code == of.site)
        known = groups.listed(connection)
    table = schema.offer
    said: dict[str, Any] = {"ends": ends, "places": places, "withdrawn_at": None}
    with bookings.writing() as connection:
        connection.execute(delete(schema.group))
        rows = [{**one._asdict(), "position": position} for position, one in enumerate(known)]
        connection.execute(insert(schema.group), rows)
        same = (table.c.session == session) & (table.c.begins == begins)
        number = connection.scalar(select(table.c.id).where(same))
        if number is None:
            of_session = {"session": session, "site": of.site, "site_name": site.name, "district": site.district}
            more = {"day": of.day, "begins": begins, "product": of.product, "offered_at": bookings.now()}
            connection.execute(insert(table).values(**of_session, **more, **said))
            number = connection.scalar(select(table.c.id).where(same))
        else:
            connection.execute(update(table).where(same).values(**said))
        assert number is not None  # noqa: S101  (it is there by now)
        fill(bookings, connection, number)
        made = offers.one(bookings, connection, number)
    assert made is not None  # noqa: S101
    with registry.noting() as connection:
        audit.record(registry, connection, actor, "offer places", session=session, offer=number, places=places)
    return made


def plan(
    bookings: Bookings, registry: Registry, *, site: str, lot: str, day: date, places: int, begins: str, ends: str,
    actor: str,
) -> OfferedSession:  # fmt: skip
    """Offer places on a day to come: at the session of that lot that is open then, or at one that is opened for it.

    Raises as `offer` does, and `InputError` for a day that is over and a lot of which the site has none left.
    """
    _check(places, begins, ends)
    product = next((one.product for one in supplies.lots(registry, site) if one.lot == lot), "")
    there = [one.id for one in sessions.listed(registry, site=site, day=day) if one.is_open and one.lot == lot]
    session = there[0] if there else None
    if session is None:
        session = sessions.open_session(registry, site=site, product=product, lot=lot, actor=actor, day=day)
    return offer(bookings, registry, session, places=places, begins=begins, ends=ends, actor=actor)


def _check(places: int, begins: str, ends: str) -> None:
    for field, clock in (("begins", begins), ("ends", ends)):
        if not _CLOCK.fullmatch(clock):
            raise InputError(field, Reason.NOT_VALID)
    if ends <= begins:
        raise InputError("ends", Reason.NOT_VALID)
    if not 0 <= places <= MOST_PLACES:
        raise InputError("places", Reason.NOT_A_NUMBER, least=0, most=MOST_PLACES)


def withdraw(bookings: Bookings, registry: Registry, number: int, *, actor: str) -> int:
    """Take an offer back: its places are gone, and those who had one or waited are to be told. Return how many.

    Raises `NotFoundError` where there is no such offer.
    """
    table = schema.booking
    with bookings.writing() as connection:
        if offers.one(bookings, connection, number) is None:
            raise NotFoundError(f"offer {number}: there is none", Reason.NO_SUCH_RECORD)
        of_it = schema.offer.c.id == number
        connection.execute(update(schema.offer).where(of_it).values(withdrawn_at=bookings.now()))
        theirs = (table.c.offer_id == number) & table.c.state.in_(CHANGEABLE)
        # Who it was is needed until they are told; that they have one is over at once.
        values = {"state": BookingState.WITHDRAWN, "notice": BookingNotice.WITHDRAWN, "only": None}
        gone = connection.execute(update(table).where(theirs).values(changed_at=bookings.now(), **values)).rowcount
    with registry.noting() as connection:
        audit.record(registry, connection, actor, "withdraw places", offer=number, bookings=gone)
    return int(gone)
