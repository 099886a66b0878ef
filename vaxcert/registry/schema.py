"""The tables. Nothing of a person or dose is overwritten: a change is a new version, and the old one names it."""

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
    MetaData,
    String,
    Table,
    Text,
    false,
    text,
)

# Of the migrations, the one that makes these tables.
REVISION = "0005"

metadata: MetaData = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)


def _where_set(table: str, column: str) -> Index:
    """An index of rows in which a column is set: others are most, and a plan that begins with them reads them all."""
    where = text(f"{column} IS NOT NULL")
    return Index(f"ix_{table}_{column}", column, sqlite_where=where, postgresql_where=where)


# What belongs to the registry itself: which key it was made with.
setting: Table = Table(
    "setting", metadata, Column("name", String(40), primary_key=True), Column("value", Text, nullable=False)
)

site: Table = Table(
    "site",
    metadata,
    Column("code", String(16), primary_key=True),
    Column("name", String(200), nullable=False, default=""),
    Column("district", String(80), nullable=False, default=""),
)

lot: Table = Table(
    "lot",
    metadata,
    Column("number", String(40), primary_key=True),
    Column("product", String(80), nullable=False),
)

delivery: Table = Table(
    "delivery",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site", ForeignKey("site.code"), nullable=False),
    Column("lot", ForeignKey("lot.number"), nullable=False),
    Column("doses", Integer, nullable=False),
    Column("received_on", Date, nullable=False),
)

priority_group: Table = Table(
    "priority_group",
    metadata,
    Column("code", String(8), primary_key=True),
    Column("name_vi", String(300), nullable=False),
    Column("name_en", String(300), nullable=False),
    Column("position", Integer, nullable=False),
)

# How many people are to be reached; "" stands for all districts, or all groups.
target: Table = Table(
    "target",
    metadata,
    Column("district", String(80), primary_key=True),
    Column("priority_group", String(8), primary_key=True),
    Column("people", Integer, nullable=False),
)

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

person: Table = Table(
    "person",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", ForeignKey("run.id"), nullable=False, index=True),
    # Found to be the same as another, who stands for both; set by a clerk's decision alone.
    Column("merged_into", ForeignKey("person.id")),
    Column("merged_by_run", ForeignKey("run.id"), index=True),
    _where_set("person", "merged_into"),
)

person_version: Table = Table(
    "person_version",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("run_id", ForeignKey("run.id"), nullable=False, index=True),
    Column("superseded_by", ForeignKey("person_version.id")),
    Column("family_name", String(80), nullable=False),
    Column("given_name", String(80), nullable=False),
    Column("family_name_transliterated", String(80), nullable=False),
    Column("given_name_transliterated", String(80), nullable=False),
    Column("date_of_birth", String(10), nullable=False),
    Column("district", String(80), nullable=False),
    Column("priority_group", String(8), nullable=False),
    # Keyed hashes to match by, and what only the key's holder reads.
    Column("national_id_hash", String(32)),
    Column("national_id", LargeBinary),
    Column("phone_hash", String(32)),
    Column("phone", LargeBinary),
    # Name and birth date as they are compared, and a coarser form that survives a typing error.
    Column("match_key", String(200), nullable=False),
    Column("near_key", String(200), nullable=False),
    Column("changed_at", DateTime, nullable=False),
    Column("changed_by", String(80), nullable=False),
    Column("reason", String(200), nullable=False),
    *(
        Column(name, String(length), nullable=False, server_default="")
        for name, length in (
            ("sex", 40),
            ("nationality", 80),
            ("commune", 80),
            ("guardian", 160),
            ("occupation", 200),
            ("group_told", 300),
        )
    ),
    *(Column(name, LargeBinary) for name in ("address", "insurance_number", "other_phones")),
    _where_set("person_version", "superseded_by"),
    Index("ix_person_version_match_key", "match_key"),
    Index("ix_person_version_date_of_birth", "date_of_birth"),
    Index("ix_person_version_near_key", "near_key"),
    Index("ix_person_version_national_id_hash", "national_id_hash"),
    Index("ix_person_version_phone_hash", "phone_hash"),
)

dose: Table = Table(
    "dose",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("run_id", ForeignKey("run.id"), nullable=False, index=True),
)

dose_version: Table = Table(
    "dose_version",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dose_id", ForeignKey("dose.id"), nullable=False, index=True),
    Column("run_id", ForeignKey("run.id"), nullable=False, index=True),
    Column("superseded_by", ForeignKey("dose_version.id")),
    # good: counts; disputed: another record of the same dose says otherwise; withdrawn: found not to be so.
    Column("state", String(10), nullable=False),
    Column("disease", String(80), nullable=False),
    Column("product", String(80), nullable=False),
    Column("number", Integer, nullable=False),
    Column("series", Integer, nullable=False),
    Column("date", Date, nullable=False),
    Column("site", String(16), nullable=False),
    Column("lot", String(40), nullable=False),
    Column("changed_at", DateTime, nullable=False),
    Column("changed_by", String(80), nullable=False),
    Column("reason", String(200), nullable=False),
    *(
        Column(name, String(length), nullable=False, server_default="")
        for name, length in (
            ("prophylaxis", 80),
            ("holder", 80),
            ("country", 2),
            ("issuer", 80),
            ("site_told", 200),
        )
    ),
    _where_set("dose_version", "superseded_by"),
)

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

# What only a person can decide: whether two records are one person, or which of two records of a dose is right.
review: Table = Table(
    "review",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", ForeignKey("run.id"), nullable=False, index=True),
    Column("kind", String(10), nullable=False),  # person, dose
    Column("first", Integer, nullable=False, index=True),
    Column("second", Integer, nullable=False, index=True),
    Column("reasons", Text, nullable=False),  # codes of `likeness.Why`, with blanks between
    Column("decision", String(10)),  # same, different; first, second
    Column("decided_at", DateTime),
    Column("decided_by", String(80)),
    Column("decided_run", ForeignKey("run.id"), index=True),
)

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
