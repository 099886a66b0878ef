"""Rows of units' tables: those that were taken over, and those that were not."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Integer, LargeBinary, String, Table

from vaxcert.registry.schema.base import metadata

# Which rows were taken over: the same row again changes nothing.
source_row: Table = Table(
    "source_row",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", ForeignKey("run.id"), nullable=False, index=True),
    Column("line", Integer, nullable=False),
    Column("digest", String(32), nullable=False, index=True),
    Column("outcome", String(20), nullable=False),
    Column("dose_id", ForeignKey("dose.id"), index=True),
)

reject: Table = Table(
    "reject",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", ForeignKey("run.id"), nullable=False, index=True),
    Column("line", Integer, nullable=False),
    Column("field", String(40), nullable=False),
    # A Reason, and what its words are filled in with.
    Column("problem", String(200), nullable=False),
    Column("said", JSON, nullable=False, server_default="{}"),
    # Of a row with several doses, which; what else is wrong, as [field, problem, said].
    Column("dose", Integer, nullable=False, server_default="0"),
    Column("more", JSON, nullable=False, server_default="[]"),
    # The row as it stands, for whoever mends it, and keyed hashes that find it once somebody is to be forgotten.
    Column("cells", LargeBinary),
    Column("whose", String(32), index=True),
    Column("national_id_hash", String(32), index=True),
)
