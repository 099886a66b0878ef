"""What of the records cannot be whole or right, so that a unit can be asked for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from vaxcert.errors import InputError
from vaxcert.issue import check, local_day
from vaxcert.registry import districts, doses, people, schema
from vaxcert.registry.database import Registry
from vaxcert.registry.facts import Given, Somebody, everybody

KINDS = {
    "earlier dose missing": "thiếu mũi trước",
    "products differ": "khác vắc xin trong một liệu trình",
    "dates out of order": "ngày tiêm không theo thứ tự",
    "disputed": "có hồ sơ mâu thuẫn",
    "unknown lot": "số lô không có trong danh mục",
    "another product's lot": "số lô của vắc xin khác",
    "unknown district": "huyện không có trong danh mục",
    "a question is open": "còn câu hỏi chưa quyết định",
    "cannot be on a certificate": "không thể ghi trên giấy chứng nhận",
}


class Finding(NamedTuple):
    """`person_id`, `dose_id`: numbers in the registry; `site`: who can be asked; `told`: without personal data."""

    kind: str
    person_id: int
    dose_id: int
    site: str
    told: str


class Stock(NamedTuple):
    """Doses of a lot at a site: received, given, and what that leaves (below nothing: more given than were there)."""

    site: str
    lot: str
    product: str
    received: int
    given: int

    @property
    def left(self) -> int:
        """May be negative."""
        return self.received - self.given


def findings(registry: Registry, *, country: str = "VN") -> Iterator[Finding]:
    """All, by person: also every reason for which somebody gets no certificate."""
    today = local_day(country, registry.clock())
    with registry.reading() as connection:
        lots = {row.number: row.product for row in connection.execute(select(schema.lot))}
        known, about = districts.official(connection), asked(connection)
        for one in everybody(connection):
            found = [*problems(one), *_lots(one, lots)]
            last = one.doses[-1]
            if known and one.values["district"] and not _listed(one.values["district"], known):
                found.append(("unknown district", last, one.values["district"]))
            if one.person_id in about:
                found.append(("a question is open", last, "who it is"))
            if wrong := _uncertifiable(one, today):
                found.append(("cannot be on a certificate", last, wrong))
            for kind, dose, told in found:
                yield Finding(kind, one.person_id, dose.dose_id, dose.site, told)


def _listed(written: str, known: Iterable[str]) -> bool:
    return any(districts.same(districts.fold(written), districts.fold(name)) for name in known)


def asked(connection: Connection) -> frozenset[int]:
    """About whom a question is open: whether they are one person with another."""
    table, one, other = schema.review, schema.person.alias(), schema.person.alias()
    sides = [func.coalesce(owner.c.merged_into, owner.c.id) for owner in (one, other)]
    query = (
        select(sides[0], sides[1])
        .join_from(table, one, table.c.first == one.c.id)
        .join(other, table.c.second == other.c.id)
        .where(table.c.decision.is_(None), table.c.kind == "person")
    )
    # Two who were found to be one by other questions are no question any more.
    pairs = [tuple(row) for row in connection.execute(query)]
    return frozenset(int(number) for pair in pairs for number in pair if len(set(pair)) > 1)


def newest(one: Somebody) -> dict[str, Given]:
    """By disease, the dose that a certificate is made of: the last that nobody disputes."""
    return {dose.disease: dose for dose in sorted(one.counted, key=lambda dose: (dose.number, dose.date))}


def _uncertifiable(one: Somebody, today: date) -> str:
    for dose in newest(one).values():
        try:
            check(people.person_of(one.values), doses.dose_of(dose._asdict()), today=today)
        except InputError as error:
            return f"{error.field}: {error.problem}"
    return ""


def problems(one: Somebody) -> Iterator[tuple[str, Given, str]]:
    """What is wrong with somebody's doses among themselves."""
    for dose in one.doses:
        if dose.state == "disputed":
            yield "disputed", dose, f"dose {dose.number}"
    counted = one.counted
    for disease in sorted({dose.disease for dose in counted}):
        doses = [dose for dose in counted if dose.disease == disease]
        numbers = {dose.number for dose in doses}
        for missing in sorted(set(range(1, max(numbers))) - numbers):
            after = min((dose for dose in doses if dose.number > missing), key=lambda dose: dose.number)
            yield "earlier dose missing", after, f"dose {after.number} without dose {missing}"
        for before, after in pairwise(doses):
            if after.date <= before.date:
                yield "dates out of order", after, f"dose {after.number} is not later than dose {before.number}"
            # A booster is often of another maker; within the series it should not be.
            if after.product != before.product and after.number <= before.series:
                yield "products differ", after, f"{before.product}, then {after.product}"


def stock(registry: Registry) -> list[Stock]:
    """Of every lot at every site that received or gave some."""
    received: Counter[tuple[str, str]] = Counter()
    given: Counter[tuple[str, str]] = Counter()
    with registry.reading() as connection:
        products = {row.number: row.product for row in connection.execute(select(schema.lot))}
        for row in connection.execute(select(schema.delivery)):
            received[row.site, row.lot] += row.doses
        for one in everybody(connection):
            for dose in one.counted:
                given[dose.site, dose.lot] += 1
                products.setdefault(dose.lot, dose.product)
    keys = sorted(set(received) | set(given))
    return [Stock(*key, products.get(key[1], ""), received[key], given[key]) for key in keys]


def _lots(one: Somebody, lots: dict[str, str]) -> Iterator[tuple[str, Given, str]]:
    # Without any lots on record, none is unknown.
    for dose in one.counted if lots else ():
        if dose.lot and dose.lot not in lots:
            yield "unknown lot", dose, dose.lot
        elif dose.lot and lots[dose.lot] != dose.product:
            yield "another product's lot", dose, f"{dose.lot} is of {lots[dose.lot]}"
