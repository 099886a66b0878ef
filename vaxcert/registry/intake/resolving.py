"""Sites and groups that tables called by what no list had: once a list has them, records say their codes.

Each such change is a version of a run of its own, which stands in the audit log and can be taken back.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, Row, Table, select

from vaxcert.registry import runs, schema
from vaxcert.registry.database import Registry
from vaxcert.registry.intake import rows
from vaxcert.registry.records import doses, people
from vaxcert.registry.records.ledger import Ledger
from vaxcert.registry.records.people import Somebody
from vaxcert.registry.states import RunKind
from vaxcert.tables.values.people import priority_group


class Resolved(NamedTuple):
    """What a list told. `run`: which changed so many `doses` and `people`, None where there was none to change."""

    run: int | None = None
    doses: int = 0
    people: int = 0


def resolve(registry: Registry, connection: Connection, actor: str, reason: str) -> Resolved:
    """Have records say the codes of sites and groups that the lists know by now; the registry's lock is held."""
    lists = rows.lists(connection, registry.today(), registry.secrets)
    given = [
        (doses.of_row(row), code)
        for row in _called(connection, schema.dose_version, "site", "site_told")
        if (code := rows.site_code(row.site_told, lists))
    ]
    some = [
        (Somebody(row.person_id, row.id, people.of_row(row._mapping)), code)
        for row in _called(connection, schema.person_version, "priority_group", "group_told")
        if (code := priority_group(row.group_told, lists.groups)[0])
    ]
    if not given and not some:
        return Resolved()
    run = runs.begin(registry, connection, RunKind.CORRECTION, actor)
    ledger = Ledger(registry, connection, run, actor, reason)
    for one, code in given:
        ledger.change_dose(one, msgspec.structs.replace(one.dose, site=code, site_told=""), one.state)
    for somebody, code in some:
        profile = msgspec.structs.replace(somebody.profile, priority_group=code, group_told="")
        ledger.change_person(somebody, profile)
    ledger.write()
    runs.end(registry, connection, run, {"doses": len(given), "people": len(some)})
    return Resolved(run, len(given), len(some))


def _called(connection: Connection, table: Table, code: str, told: str) -> list[Row[tuple[object, ...]]]:
    """The versions as of now that have no code, and what a table calls what it is the code of."""
    query = select(table).where(table.c.superseded_by.is_(None), table.c[code] == "", table.c[told] != "")
    return list(connection.execute(query.order_by(table.c.id)))
