"""What a holder has of the registry: a code that a certificate is found by, and what they said is wrong with it."""

from __future__ import annotations

from sqlalchemy import Column, Date, DateTime, ForeignKey, Integer, LargeBinary, String, Table

from vaxcert.registry.schema.base import metadata

# Handed out on paper or sent: kept as a keyed hash, and counted how often it was tried with the wrong person.
holder_code: Table = Table(
    "holder_code",
    metadata,
    Column("id", Integer, primary_key=True),
    # Goes with the person, and with the import that brought them.
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("code_hash", String(32), nullable=False, unique=True),
    Column("made_at", DateTime, nullable=False),
    Column("made_by", String(80), nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("closed_at", DateTime),  # another one took its place
)

# What a holder says is wrong. Certificates by their id alone: they may go before it.
holder_ticket: Table = Table(
    "holder_ticket",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("ticket_hash", String(32), nullable=False, unique=True),
    Column("certificate_id", String(72), nullable=False),
    Column("kind", String(20), nullable=False),  # `states.ReportKind`
    Column("words", LargeBinary, nullable=False),  # ciphertext
    Column("state", String(10), nullable=False, index=True),  # `states.TicketState`
    Column("opened_at", DateTime, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("outcome", String(20), nullable=False, server_default=""),  # `states.TicketOutcome`
    Column("answer", LargeBinary),  # ciphertext
    Column("answered_at", DateTime),
    Column("answered_by", String(80)),
    Column("closed_at", DateTime),
    # The audit log names them by number: none is given twice.
    sqlite_autoincrement=True,
)

# How often something was looked up, a day and an outcome; whose it was is not kept.
lookup_count: Table = Table(
    "lookup_count",
    metadata,
    Column("day", Date, primary_key=True),
    Column("outcome", String(20), primary_key=True),  # found, missed
    Column("times", Integer, nullable=False),
)
