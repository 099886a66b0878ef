"""Sums that follow the records: whoever changes somebody has what they counted for taken off and added anew.

In the transaction of the change itself, so that they are neither late nor lost, and by the smallest that is asked for:
by spelling of the district and by day of birth, since which spellings are one, and how old somebody is, is decided
when they are read; the days of a month stand by themselves, since only a month with a birthday in it is read by day.
`reports.kept` reads them; `rebuild` counts everybody, and says how many sums were not right.

facet            first · second · third                                     people · complete · doses
district                                                                    people, whole courses, doses
commune, priority_group          the value                                  the same
born             the month of birth; "" for none                            the same
born <month>     the day of birth                                           the same
site, product, dose, day         the value                                  people, with a last dose there, doses
course           product · next dose · day of the dose before               people who are to come
lot              site · lot · product                                       doses
use              site · product · day                                       doses

Doses that are disputed or withdrawn are in none of them; `lot` and `use` are of no district.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby, islice
from typing import Any, TypeVar

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from vaxcert.registry import schema
from vaxcert.registry.states import DoseState

_T = TypeVar("_T")
# facet, district, first, second, third.
Key = tuple[str, str, str, str, str]
# people, complete, doses.
Counts = dict[Key, list[int]]

_KEY = ("facet", "district", "first", "second", "third")
_NUMBERS = ("people", "complete", "doses")
# How many numbers of people a query asks for, and how many rows are fetched or written at once.
_AT_ONCE = 1_000
_ROWS = 5_000


@contextmanager
def following(connection: Connection, people: Iterable[int], *, new: Iterable[int] = ()) -> Iterator[None]:
    """Have the sums follow what is done meanwhile to these people, by their numbers, and to whom they stand for.

    `new`: numbers of those who come to be meanwhile. Not to be nested: what is inside would be counted twice.
    """
    before_it = _one_with(connection, set(people))
    before = count(connection, before_it)
    yield
    after = count(connection, before_it | set(new))
    _move(connection, before, after)


def middle(born: str) -> str:
    """The day of birth, "YYYY-MM-DD"; of whom only year or month is known, the middle of it. "" where nothing is."""
    return born + ("", "-15", "-07-01")[(10 - len(born)) // 3] if born else ""


def whose(connection: Connection, doses: Iterable[int]) -> set[int]:
    """The numbers of those on whose record doses are, by the doses' numbers."""
    dose, found = schema.dose, set[int]()
    for some in _parts(sorted(doses), _AT_ONCE):
        found |= set(connection.scalars(select(dose.c.person_id).where(dose.c.id.in_(some))))
    return found


def rebuild(connection: Connection) -> int:
    """Count everybody and keep that; return how many of the sums that were kept were not right."""
    kept = read(connection)
    true = count(connection)
    wrong = {key for key in kept.keys() | true.keys() if kept.get(key) != true.get(key)}
    if wrong:
        connection.execute(delete(schema.tally))
        for rows in _parts(true.items(), _ROWS):
            connection.execute(insert(schema.tally), [_row(key, numbers) for key, numbers in rows])
    return len(wrong)


def read(connection: Connection) -> Counts:
    """All sums that are kept."""
    rows = connection.execute(select(schema.tally), execution_options={"yield_per": _ROWS})
    return {(one.facet, one.district, one.first, one.second, one.third): list(one[5:]) for one in rows}


def count(connection: Connection, members: Collection[int] | None = None) -> Counts:
    """The sums of everybody, or of these alone: whole sets of those who were found to be one (`_one_with`)."""
    found: Counts = defaultdict(lambda: [0, 0, 0])
    if members is None:
        _add(found, connection, None)
    else:
        for some in _parts(sorted(members), _AT_ONCE):
            _add(found, connection, some)
    return dict(found)


def _add(found: Counts, connection: Connection, members: tuple[int, ...] | None) -> None:
    owner, dose, version, person = schema.person, schema.dose, schema.dose_version, schema.person_version
    stands_for = func.coalesce(owner.c.merged_into, owner.c.id)
    query = (
        select(
            stands_for.label("of"), person.c.district, person.c.commune, person.c.priority_group,
            person.c.date_of_birth, version.c.disease, version.c.product, version.c.number, version.c.series,
            version.c.date, version.c.site, version.c.lot,
        )
        .select_from(owner)
        .join(dose, dose.c.person_id == owner.c.id)
        .join(version, and_(version.c.dose_id == dose.c.id, version.c.superseded_by.is_(None)))
        .join(person, and_(person.c.person_id == stands_for, person.c.superseded_by.is_(None)))
        .where(version.c.state == DoseState.GOOD)
        .order_by(stands_for)
    )  # fmt: skip
    if members is not None:
        query = query.where(owner.c.id.in_(members))
    with connection.execute(query, execution_options={"yield_per": _ROWS}) as rows:
        for _, theirs in groupby(rows, key=lambda row: row[0]):
            _add_one(found, [*theirs])


def _add_one(found: Counts, given: Sequence[Any]) -> None:
    """Add what one person counts for, by their doses that count."""
    district = given[0].district
    newest: dict[str, Any] = {}
    finished: set[str] = set()
    people: set[Key] = set()
    complete: set[Key] = set()
    for one in given:
        day, done = one.date.isoformat(), one.number >= one.series
        if done:
            finished.add(one.disease)
        before = newest.get(one.disease)
        if before is None or _later(before) < _later(one):
            newest[one.disease] = one
        for facet, value in (("site", one.site), ("product", one.product), ("dose", str(one.number)), ("day", day)):
            key = (facet, district, value, "", "")
            people.add(key)
            found[key][2] += 1
            if done:
                complete.add(key)
        found["lot", "", one.site, one.lot, one.product][2] += 1
        found["use", "", one.site, one.product, day][2] += 1
    whole = finished == newest.keys()
    for facet, value in _of_person(given[0]):
        numbers = found[facet, district, value, "", ""]
        numbers[0] += 1
        numbers[1] += whole
        numbers[2] += len(given)
    for key in people:
        found[key][0] += 1
    for key in complete:
        found[key][1] += 1
    for disease, last in newest.items():
        if disease not in finished:
            found["course", district, last.product, str(last.number + 1), last.date.isoformat()][0] += 1


def _of_person(one: Any) -> tuple[tuple[str, str], ...]:
    born = middle(one.date_of_birth)
    ages = (("born", born[:7]), (f"born {born[:7]}", born)) if born else (("born", ""),)
    return ("district", ""), ("commune", one.commune), ("priority_group", one.priority_group), *ages


def _later(one: Any) -> tuple[Any, ...]:
    return (one.number, one.date, one.product)


def _one_with(connection: Connection, people: set[int]) -> set[int]:
    """These and all who were found to be one with any of them."""
    owner, found = schema.person, set(people)
    for some in _parts(sorted(people), _AT_ONCE):
        stands_for = func.coalesce(owner.c.merged_into, owner.c.id)
        heads = set(connection.scalars(select(stands_for).where(owner.c.id.in_(some))))
        followers = connection.scalars(select(owner.c.id).where(owner.c.merged_into.in_(sorted(heads))))
        found |= heads | set(followers)
    return found


def _move(connection: Connection, before: Counts, after: Counts) -> None:
    """Bring the sums that are kept from what these people counted for to what they count for now."""
    nothing = [0, 0, 0]
    moved: Counts = {}
    for key in before.keys() | after.keys():
        numbers = [now - was for was, now in zip(before.get(key, nothing), after.get(key, nothing), strict=True)]
        if any(numbers):
            moved[key] = numbers
    if not moved:
        return
    table = schema.tally
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    add = dialect.insert(table)
    more = {name: table.c[name] + add.excluded[name] for name in _NUMBERS}
    upsert = add.on_conflict_do_update(index_elements=list(_KEY), set_=more)
    # In one order everywhere, so that the table is the same whoever wrote it.
    for rows in _parts(sorted(moved.items()), _ROWS):
        connection.execute(upsert, [_row(key, numbers) for key, numbers in rows])
    lower = [key for key, numbers in moved.items() if min(numbers) < 0]
    if lower:
        same = and_(*(table.c[name] == bindparam(f"of_{name}") for name in _KEY))
        empty = and_(*(table.c[name] == 0 for name in _NUMBERS))
        keys = [{f"of_{name}": value for name, value in zip(_KEY, key, strict=True)} for key in lower]
        connection.execute(delete(table).where(same, empty), keys)


def _row(key: Key, numbers: list[int]) -> dict[str, Any]:
    return dict(zip((*_KEY, *_NUMBERS), (*key, *numbers), strict=True))


def _parts(some: Iterable[_T], most: int) -> Iterator[tuple[_T, ...]]:
    rest = iter(some)
    while part := tuple(islice(rest, most)):
        yield part
