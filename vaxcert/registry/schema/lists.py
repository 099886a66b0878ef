"""What is known beforehand: sites, lots and what was delivered of them, priority groups, targets."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Integer, String, Table, Text

from vaxcert.registry.schema.base import metadata

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
