"""People and doses. Nothing of them is overwritten: a change is a new version, and the old one names it."""

from __future__ import annotations

from sqlalchemy import Column, Date, DateTime, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from vaxcert.registry.schema.base import metadata, where_set

person: Table = Table(
    "person",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", ForeignKey("run.id"), nullable=False, index=True),
    # Found to be the same as another, who stands for both; set by a clerk's decision alone.
    Column("merged_into", ForeignKey("person.id")),
    Column("merged_by_run", ForeignKey("run.id"), index=True),
    where_set("person", "merged_into"),
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
    # Name, district and year of birth: by it a birth date that was mistyped is found where doses tell. "" for none.
    Column("home_key", String(200), nullable=False, server_default=""),
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
    where_set("person_version", "superseded_by"),
    Index("ix_person_version_match_key", "match_key"),
    Index("ix_person_version_date_of_birth", "date_of_birth"),
    Index("ix_person_version_near_key", "near_key"),
    Index("ix_person_version_home_key", "home_key"),
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
    where_set("dose_version", "superseded_by"),
    # How much of a lot is left at a site is counted without a walk through everybody.
    Index("ix_dose_version_lot_site", "lot", "site"),
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
