"""What was certified."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, LargeBinary, String, Table, false

from vaxcert.registry.schema.base import metadata

certificate: Table = Table(
    "certificate",
    metadata,
    Column("id", String(72), primary_key=True),  # the UVCI
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("dose_id", ForeignKey("dose.id"), nullable=False, index=True),
    Column("person_version_id", ForeignKey("person_version.id"), nullable=False),
    Column("dose_version_id", ForeignKey("dose_version.id"), nullable=False),
    Column("run_id", ForeignKey("run.id"), nullable=False, index=True),
    Column("kid", String(16), nullable=False),
    Column("text_sha256", String(64), nullable=False),
    Column("text", LargeBinary, nullable=False),  # ciphertext
    Column("issued_at", DateTime, nullable=False),
    Column("expires_at", DateTime, nullable=False, index=True),
    Column("replaced_by", ForeignKey("certificate.id"), index=True),
    Column("revoked_at", DateTime, index=True),
    Column("handed_over", Boolean, nullable=False, default=False),
    Column("test", Boolean, nullable=False, server_default=false()),  # by a key that is marked so
)
