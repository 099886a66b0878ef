"""What is counted while it is written, so that a page of counts reads no person: sums, and whose a file was."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table

from vaxcert.registry.schema.base import metadata

# A row a number that is told, but for the spellings of places, which are brought together when it is read (`sums`).
tally: Table = Table(
    "tally",
    metadata,
    Column("facet", String(20), primary_key=True),
    Column("district", String(80), primary_key=True),
    *(Column(name, String(80), primary_key=True) for name in ("first", "second", "third")),
    *(Column(name, Integer, nullable=False) for name in ("people", "complete", "doses")),
)

# Of each import, the sites whose doses its rows state: "" and what the table calls it where that has no code.
run_site: Table = Table(
    "run_site",
    metadata,
    Column("run_id", ForeignKey("run.id"), primary_key=True),
    Column("site", String(16), primary_key=True, index=True),
    Column("site_told", String(200), primary_key=True),
    Column("rows", Integer, nullable=False),
)
