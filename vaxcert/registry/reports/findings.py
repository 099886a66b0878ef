"""What of the records cannot be whole or right, so that a unit can be asked for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from vaxcert.errors import InputError
from vaxcert.issue import RECORD, check
from vaxcert.registry import schema
from vaxcert.registry.comparing import districts
from vaxcert.registry.database import Registry
from vaxcert.registry.records.completeness import FindingKind, asked, newest, problems
from vaxcert.registry.records.doses import GivenDose
from vaxcert.registry.records.everybody import everybody
from vaxcert.registry.records.people import Somebody
from vaxcert.wording.rows import phrase


class Finding(NamedTuple):
    """Something of a record that cannot be whole or right.

    `person_id`, `dose_id`: numbers in the registry; `site`: who can be asked; `told`: without personal data.
    """

    kind: FindingKind
    person_id: int
    dose_id: int
    site: str
    told: str


def findings(registry: Registry) -> Iterator[Finding]:
    """Yield all findings, by person: also every reason for which somebody gets no certificate."""
    today = registry.today()
    with registry.reading() as connection:
        lots = {row.number: row.product for row in connection.execute(select(schema.lot))}
        known, about = districts.official(connection), asked(connection)
        for somebody in everybody(connection):
            wrong_of_them = [*problems(somebody), *_lots(somebody, lots)]
            last = somebody.doses[-1]
            district = somebody.profile.district
            if known and district and not _listed(district, known):
                wrong_of_them.append((FindingKind.UNKNOWN_DISTRICT, last, district))
            if somebody.profile.group_told and not somebody.profile.priority_group:
                wrong_of_them.append((FindingKind.UNKNOWN_GROUP, last, somebody.profile.group_told))
            wrong_of_them += [
                (FindingKind.UNKNOWN_SITE, given, given.dose.site_told)
                for given in somebody.counted
                if given.dose.site_told and not given.dose.site
            ]
            if somebody.person_id in about:
                wrong_of_them.append((FindingKind.QUESTION_OPEN, last, "who it is"))
            if wrong := _uncertifiable(somebody, today):
                wrong_of_them.append((FindingKind.NOT_CERTIFIABLE, last, wrong))
            for kind, given, told in wrong_of_them:
                yield Finding(kind, somebody.person_id, given.dose_id, given.dose.site, told)


def _listed(written: str, known: Iterable[str]) -> bool:
    return any(districts.same(districts.fold(written), districts.fold(name)) for name in known)


def _uncertifiable(one: Somebody, today: date) -> str:
    for given in newest(one).values():
        try:
            check(one.profile.person, given.dose, today=today, format=RECORD)
        except InputError as error:
            return phrase(error.problem).en
    return ""


def _lots(one: Somebody, lots: dict[str, str]) -> Iterator[tuple[FindingKind, GivenDose, str]]:
    # Without any lots on record, none is unknown.
    for given in one.counted if lots else ():
        lot = given.dose.lot
        if lot and lot not in lots:
            yield FindingKind.UNKNOWN_LOT, given, lot
        elif lot and lots[lot] != given.dose.product:
            yield FindingKind.ANOTHER_PRODUCTS_LOT, given, f"{lot} is of {lots[lot]}"
