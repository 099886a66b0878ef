"""The tables of bookings. Who may read which of them says deploy/booking.sql."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

metadata: MetaData = MetaData()

setting: Table = Table(
    "booking_setting",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", String(200), nullable=False),
)

# The registry's priority groups, as they were when something was last offered.
group: Table = Table(
    "booking_group",
    metadata,
    Column("code", String(8), primary_key=True),
    Column("name_vi", String(200), nullable=False),
    Column("name_en", String(200), nullable=False),
    Column("position", Integer, nullable=False),
)

# A part of a session of the registry's, from one time of the day to another, and how many may come then.
offer: Table = Table(
    "booking_offer",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("session", Integer, nullable=False),
    Column("site", String(16), nullable=False),
    Column("site_name", String(200), nullable=False),
    Column("district", String(80), nullable=False),
    Column("day", Date, nullable=False),
    Column("begins", String(5), nullable=False),  # HH:MM, by the site's clocks
    Column("ends", String(5), nullable=False),
    Column("product", String(80), nullable=False),
    Column("places", Integer, nullable=False),
    Column("offered_at", DateTime, nullable=False),
    Column("withdrawn_at", DateTime),
    # Of bookings that are deleted since.
    Column("came", Integer, nullable=False, server_default="0"),
    Column("no_shows", Integer, nullable=False, server_default="0"),
    UniqueConstraint("session", "begins", name="uq_booking_offer_session_begins"),
    Index("ix_booking_offer_day", "day"),
    sqlite_autoincrement=True,
)

booking: Table = Table(
    "booking",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("offer_id", ForeignKey("booking_offer.id"), nullable=False),
    Column("state", String(12), nullable=False),  # `states.BookingState`
    # Keyed hashes: of the ticket; of the form that was sent; of the person at their telephone, as long as that is to be
    # the only one; of the telephone alone.
    Column("ticket_hash", String(32), nullable=False, unique=True),
    Column("request_hash", String(32), nullable=False, unique=True),
    Column("only", String(32), unique=True),
    Column("phone_hash", String(32), index=True),
    # Sealed to the desk: name, birth date, telephone. To this side: the ticket, initials and year of birth.
    Column("sealed", LargeBinary),
    Column("ticket", LargeBinary),
    Column("shown", LargeBinary),
    Column("group_code", String(8), nullable=False),
    Column("rank", Integer, nullable=False),  # of the group, as its list has them; 0 is first
    Column("lang", String(2), nullable=False),
    Column("made_at", DateTime, nullable=False),
    Column("changed_at", DateTime, nullable=False),
    Column("moves", Integer, nullable=False, server_default="0"),
    Column("notice", String(12), nullable=False, server_default=""),  # `states.BookingNotice`, not told yet
    Column("reminded_for", Date),
    Column("person", Integer),  # who it is in the registry, as the desk found out
    Index("ix_booking_offer_id_state", "offer_id", "state"),
    sqlite_autoincrement=True,
)
