"""What the signer was asked for: each signature with who asked, requests that wait for a second person, retries."""

from __future__ import annotations

from sqlalchemy import JSON, Column, DateTime, ForeignKey, Index, Integer, String, Table

from vaxcert.registry.schema.base import metadata

# Many certificates at once: kept until another account than the asker's says yes.
bulk_request: Table = Table(
    "bulk_request",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("asked_at", DateTime, nullable=False),
    Column("account", String(50), nullable=False),
    Column("peer", String(26), nullable=False),
    Column("site", String(16), nullable=False),
    Column("doses", JSON, nullable=False),
    Column("state", String(10), nullable=False, index=True),  # waiting, approved, declined
    Column("decided_at", DateTime),
    Column("decided_by", String(80)),
)

# Written before a signature is made. Doses and certificates by number and id alone, and by no foreign key: they may be
# deleted with whom they are of, and how many were signed for whom stays true.
signing: Table = Table(
    "signing",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", ForeignKey("run.id"), nullable=False, index=True),
    Column("at", DateTime, nullable=False, index=True),
    Column("account", String(50), nullable=False),
    Column("peer", String(26), nullable=False),
    Column("site", String(16), nullable=False),
    Column("dose_id", Integer, nullable=False, index=True),
    Column("certificate_id", String(72)),  # none: stopped, or refused, before there was one
    Column("bulk_id", ForeignKey("bulk_request.id")),
    Index("ix_signing_account_at", "account", "at"),
    Index("ix_signing_site_at", "site", "at"),
)

# What a program's request was, by keyed hashes: of account and key, and of what stood in it.
retry: Table = Table(
    "retry",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("content", String(32), nullable=False),
    Column("at", DateTime, nullable=False, index=True),
)
