"""What was done: runs, the audit log."""

from __future__ import annotations

from sqlalchemy import JSON, Column, DateTime, Integer, String, Table, Text

from vaxcert.registry.schema.base import metadata

# What changed the registry: an import, a clerk's correction, an issuing run, a deletion.
run: Table = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("state", String(10), nullable=False),  # running, done, undone
    Column("started_at", DateTime, nullable=False),
    Column("finished_at", DateTime),
    Column("actor", String(80), nullable=False),
    Column("source", String(200), nullable=False, default=""),
    Column("source_sha256", String(64), nullable=False, default=""),
    Column("counts", JSON, nullable=False),
    # Of an import, how its table was understood: columns, and what was found of it as a whole.
    Column("understood", JSON, nullable=False, server_default="{}"),
)

# Each entry's hash covers the one before it (see `audit`).
audit: Table = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String(32), nullable=False),
    Column("actor", String(80), nullable=False),
    Column("action", String(40), nullable=False),
    Column("details", Text, nullable=False),
    Column("hash", String(64), nullable=False),
)
