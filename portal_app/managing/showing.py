"""The manager's page as it is laid out: what is read first, what is to be seen to, and the tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from portal_app.managing.writing import TableWriter, ToldTable
from portal_app.words import say
from vaxcert import codes
from vaxcert.names import printable
from vaxcert.registry import Registry
from vaxcert.registry.reports.due import Due
from vaxcert.registry.reports.glance import glance
from vaxcert.registry.reports.overview import TABLES, Overview
from vaxcert.wording.doctor import MATTERS
from vaxcert.wording.doctor import told as doctor_says


class Page(NamedTuple):
    """All of the page. `tiles`: a heading, a number, and what it means; `matters`: what is to be seen to, and where it
    stands; `proof`: what came of counting anew, and what to do, "" for nothing."""

    district: str
    as_of: str
    changed: str
    tiles: list[tuple[str, str, str]]
    matters: list[tuple[str, str]]
    tables: dict[str, ToldTable]
    sources: list[tuple[str, str]]
    proof: tuple[str, str]


def page(registry: Registry, told: Overview, lang: str) -> Page:
    """The page that an overview makes."""
    write, first = TableWriter(registry, lang), glance(told)
    place = "commune" if told.of.district else "district"
    found = {
        name: write.coverage(name, told.tables[name])
        for name in TABLES if name != "day" and (name == place or name not in ("district", "commune"))
    }  # fmt: skip
    found |= {
        "day": write.days(told.tables["day"]), "due": write.due(told.due), "supply": write.supplies(told.supplies),
        "units": write.units(told), "not_taken": write.not_taken(told), "waiting": write.waiting(told),
    }  # fmt: skip
    stands, do = doctor_says(told.sums.matter, told.sums.said, amiss=told.sums.amiss)
    at = "" if told.proof is None else write.time(told.proof.at)
    proof = say("sums_proven", time=at)
    if told.sums.amiss or not at:
        proof = f"{MATTERS[told.sums.matter].title.of(lang)}: {stands.of(lang)}"
    return Page(
        district=printable(told.of.district), as_of=write.time(told.as_of),
        changed="" if told.changed is None else write.time(told.changed), tiles=write.tiles(first),
        matters=write.matters(first, told.sums), tables=found, sources=_sources(told.due),
        proof=(proof, "" if told.sums.well else do.of(lang)),
    )  # fmt: skip


def _sources(found: Sequence[Due]) -> list[tuple[str, str]]:
    """Whose the intervals are: products, and the source."""
    by_source: dict[str, list[str]] = {}
    for product in sorted({one.product for one in found}):
        if source := codes.interval_source(product):
            by_source.setdefault(source, []).append(codes.name("product", product))
    return [(", ".join(names), source) for source, names in by_source.items()]
