"""Who may use the registry from a screen or a program, and whose names they were shown."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
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
    false,
    true,
)

from vaxcert.registry.schema.base import metadata

account: Table = Table(
    "account",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("login", String(32), nullable=False, unique=True),  # small letters, digits, and . _ - between them
    Column("display_name", String(80), nullable=False),
    Column("email", String(254)),  # commune stations have none
    # Where they work: one site, else a district, else (both empty) everywhere.
    Column("site", ForeignKey("site.code"), index=True),
    Column("area", String(80), nullable=False, server_default=""),
    Column("active", Boolean, nullable=False, server_default=true()),
    Column("password_hash", String(200)),  # none: nobody can sign in with it
    Column("must_change", Boolean, nullable=False, server_default=false()),
    # Sealed with the registry's key; the counter of the last code, which is not taken twice.
    Column("totp", LargeBinary),
    Column("totp_counter", BigInteger),
    # What every session of the account names: a new one ends them all.
    Column("session_mark", String(64), nullable=False, unique=True),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until", DateTime),
    # Of the day on which somebody signed in wholly: what changes accounts on a shared machine until it ends.
    Column("pin_hash", String(200)),
    Column("pin_day", Date),
    Column("pin_failures", Integer, nullable=False, server_default="0"),
    Column("signed_in_at", DateTime),
    Column("created_at", DateTime, nullable=False),
)

account_role: Table = Table(
    "account_role",
    metadata,
    Column("account_id", ForeignKey("account.id"), primary_key=True),
    Column("role", String(20), primary_key=True),  # `states.Role`
)

# Who is signed in at a screen. A session goes on as long as its row is here, whoever kept a copy of its cookie.
screen_session: Table = Table(
    "screen_session",
    metadata,
    Column("number_hash", String(32), primary_key=True),  # keyed, of the number that the cookie holds
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("began_at", DateTime, nullable=False),
)

# Of programs that record doses: found by a keyed hash, and never shown again.
access_token: Table = Table(
    "access_token",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("token_hash", String(32), nullable=False, unique=True),
    Column("created_at", DateTime, nullable=False),
    Column("revoked_at", DateTime),
)

# Why somebody was shown a person of other sites; it holds until the day ends.
access_reason: Table = Table(
    "access_reason",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    # Goes with the person, and with the import that brought them.
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("reason", String(20), nullable=False),  # `states.AccessReason`
    Column("day", Date, nullable=False),
    Index("ix_access_reason_account_id_day", "account_id", "day"),
)
