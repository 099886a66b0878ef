"""A day at a site: sessions, who is expected, what a desk recorded, and what was noted of people afterwards."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from vaxcert.registry.schema.base import metadata

# One product, of one lot, at one site, on one day.
desk_session: Table = Table(
    "desk_session",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site", ForeignKey("site.code"), nullable=False),
    Column("day", Date, nullable=False),
    Column("product", String(80), nullable=False),
    Column("lot", ForeignKey("lot.number"), nullable=False),
    Column("opened_at", DateTime, nullable=False),
    Column("opened_by", String(80), nullable=False),
    Column("closed_at", DateTime),
    Column("closed_by", String(80)),
    Index("ix_desk_session_site_day", "site", "day"),
)

# Who is expected at a session, and who came; goes with the person.
attendance: Table = Table(
    "attendance",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("session_id", ForeignKey("desk_session.id"), nullable=False, index=True),
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    # Of the dose that is to be recorded: the same from a desk and from a sheet of the session.
    Column("request_id", String(32), nullable=False, unique=True),
    Column("added_at", DateTime, nullable=False),
    Column("added_by", String(80), nullable=False),
    Column("checked_in_at", DateTime),
    Column("checked_in_by", String(80)),
    UniqueConstraint("session_id", "person_id", name="uq_attendance_session_person"),
)

# What a desk or a program recorded, by the id that it made itself: whoever sends it again records nothing twice. Who
# did it, and when, is the run's; one that was taken back stays known, and is not recorded anew.
desk_entry: Table = Table(
    "desk_entry",
    metadata,
    Column("request_id", String(32), primary_key=True),
    Column("run_id", ForeignKey("run.id"), nullable=False, index=True),
    Column("session_id", ForeignKey("desk_session.id"), index=True),
    # None once it was taken back, or who had it was deleted.
    Column("dose_id", ForeignKey("dose.id", ondelete="SET NULL"), index=True),
    Column("outcome", String(20), nullable=False),  # `states.RowOutcome`
    # A keyed hash of all that was sent.
    Column("content", String(32), nullable=False),
    # What was said against it, as [code, said], whether somebody was shown it, and why it was recorded all the same.
    Column("warnings", JSON, nullable=False, server_default="[]"),
    Column("override", String(200), nullable=False, server_default=""),
    Column("shown_to", String(80), nullable=False, server_default=""),
)

# What happened to somebody after a dose.
adverse_event: Table = Table(
    "adverse_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dose_id", ForeignKey("dose.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),  # `states.EventKind`
    Column("serious", Boolean, nullable=False),
    Column("began_on", Date, nullable=False),
    Column("details", LargeBinary),  # ciphertext
    Column("noted_at", DateTime, nullable=False),
    Column("noted_by", String(80), nullable=False),
    # Of the form that it was sent with: whoever sends that again notes nothing twice.
    Column("request_id", String(32), nullable=False, unique=True),
)
