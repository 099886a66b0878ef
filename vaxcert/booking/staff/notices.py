"""Whom to tell what, as a file for whatever sends messages: each thing is in a file once.

The file holds names and telephones: whoever sends deletes it. It says `kind` (see `states.BookingNotice`), `name`,
`phone`, `lang`, `site`, `day` (ISO 8601), `begins`, and `text`, ready to be sent.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, or_, select, update

from vaxcert import files
from vaxcert.booking import applicants, places, schema
from vaxcert.booking.states import BookingNotice, BookingState
from vaxcert.booking.store import Bookings
from vaxcert.registry import Registry, audit
from vaxcert.tables.delimited import harmless, lines
from vaxcert.wording.booking import NOTICES

COLUMNS = ("kind", "name", "phone", "lang", "site", "day", "begins", "text")
# How long before the day somebody is reminded.
AHEAD = timedelta(days=1)


def write(bookings: Bookings, registry: Registry, path: Path, *, actor: str, ahead: timedelta = AHEAD) -> int:
    """Write who is to be told what, and return how many; for nobody, no file.

    Reminded is who has a place at most `ahead` before its day. The file is its owner's alone (0600); what stands in it
    counts as told once it is on the disk. Raises `ConfigurationError` where it cannot be written.
    """
    with bookings.writing() as connection:
        rows = _due(bookings, connection, ahead)
        table = [COLUMNS, *(_line(bookings, row) for row in rows)]
        if not rows:
            return 0
        with files.writing(path):
            files.write_whole(path, [lines(*table).encode()], mode=files.PRIVATE)
        for row in rows:
            _note(connection, row, bookings.today() + ahead)
        with registry.noting() as noted:
            audit.record(registry, noted, actor, "write notices", bookings=[row.id for row in rows])
    return len(rows)


def _due(bookings: Bookings, connection: Connection, ahead: timedelta) -> list[Any]:
    table, offer = schema.booking, schema.offer
    today = bookings.today()
    reminded = (
        (table.c.state == BookingState.BOOKED)
        & (offer.c.day >= today)
        & (offer.c.day <= today + ahead)
        & or_(table.c.reminded_for.is_(None), table.c.reminded_for != offer.c.day)
    )
    query = (
        select(table, offer.c.site, offer.c.site_name, offer.c.day, offer.c.begins, offer.c.ends)
        .join(offer, offer.c.id == table.c.offer_id)
        .where(table.c.sealed.is_not(None), or_(table.c.notice != "", reminded))
        .order_by(table.c.id)
    )
    return list(connection.execute(query).all())


def _line(bookings: Bookings, row: Any) -> tuple[str, ...]:
    who = applicants.opened(bookings.desk, row.sealed)
    kind = row.notice or BookingNotice.REMINDER
    said = {"day": f"{row.day:%d/%m/%Y}", "begins": row.begins, "ends": row.ends, "site": row.site_name}
    text = NOTICES[kind].filled(said).of(row.lang)
    # A telephone is digits, with a plus before a country's: no spreadsheet takes it for more.
    return (
        kind,
        harmless(who.full_name),
        who.phone,
        row.lang,
        row.site,
        row.day.isoformat(),
        row.begins,
        harmless(text),
    )


def _note(connection: Connection, row: Any, until: date) -> None:
    """Note that somebody was told. Whoever moved up to a place of tomorrow's is not reminded of it beside."""
    table = schema.booking
    values: dict[str, Any] = {"notice": "", "reminded_for": row.day if row.day <= until else None}
    if row.state in (BookingState.WITHDRAWN, BookingState.UNPLACED):
        values |= places.FORGOTTEN
    connection.execute(update(table).where(table.c.id == row.id).values(**values))
