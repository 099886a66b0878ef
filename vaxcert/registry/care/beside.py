"""What whoever answers a question has to see: both sides beside one another, their doses in one line, and the rows
that it came from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, select

from vaxcert.names import plain
from vaxcert.registry import schema
from vaxcert.registry.care.reviewing import Question
from vaxcert.registry.comparing.districts import fold, fold_commune
from vaxcert.registry.database import Registry
from vaxcert.registry.records.now import numbers, somebody, whose_dose
from vaxcert.registry.records.people import Profile, Somebody
from vaxcert.registry.states import DoseState, ReviewKind

# What is compared, in this order.
FIELDS = ("name", "date_of_birth", "sex", "national_id", "phone", "district", "commune", "guardian", "priority_group")


class ComparedField(NamedTuple):
    """A field of both sides. `agrees`: None where one of them says nothing.

    `marked`: both texts once more, each word that the other has not in brackets.
    """

    field: str
    first: str
    second: str
    agrees: bool | None
    marked: tuple[str, str]

    def __repr__(self) -> str:
        return f"<ComparedField {self.field}>"


class ComparedDose(NamedTuple):
    """A dose of either side: `first`, `second`: whether it is on that side's record."""

    date: date
    number: int
    series: int
    product: str
    site: str
    lot: str
    state: DoseState
    first: bool
    second: bool

    def __repr__(self) -> str:
        return "<ComparedDose>"


class ComparedSides(NamedTuple):
    """Both sides of a question. `doses`: by day; `rows`: of either side, the tables and lines that it came from."""

    lines: tuple[ComparedField, ...]
    doses: tuple[ComparedDose, ...]
    rows: tuple[tuple[tuple[str, int], ...], tuple[tuple[str, int], ...]]

    def __repr__(self) -> str:
        return "<ComparedSides>"


def compared(registry: Registry, question: Question) -> ComparedSides:
    """Both sides of a question, as of now. Personal data: to be shown to whom the question was, and not logged."""
    with registry.reading() as connection:
        both = [question.first.number, question.second.number]
        if question.kind is ReviewKind.DOSE:
            people = [somebody(connection, whose_dose(connection, number)) for number in both]
            doses = [[number] for number in both]
        else:
            people = [somebody(connection, number) for number in both]
            doses = [[given.dose_id for given in one.doses] for one in people]
        told = [_told(registry, one.profile) for one in people]
        lines = tuple(_line(field, told[0][field], told[1][field]) for field in FIELDS)
        rows = (_rows(connection, doses[0]), _rows(connection, doses[1]))
    return ComparedSides(tuple(line for line in lines if line.first or line.second), _given(people, doses), rows)


def _told(registry: Registry, one: Profile) -> dict[str, str]:
    phone, identity = numbers(registry, one)
    found = {"name": one.person.full_name, "date_of_birth": one.person.date_of_birth, "phone": phone}
    others = ("sex", "district", "commune", "guardian", "priority_group")
    return found | {"national_id": identity} | {name: getattr(one, name) for name in others}


def _line(field: str, first: str, second: str) -> ComparedField:
    if not first or not second:
        return ComparedField(field, first, second, None, (first, second))
    if _folded(field, first) == _folded(field, second):
        return ComparedField(field, first, second, agrees=True, marked=(first, second))
    return ComparedField(field, first, second, agrees=False, marked=(_marked(first, second), _marked(second, first)))


def _folded(field: str, text: str) -> str:
    if field == "district":
        return fold(text).name
    return fold_commune(text).name if field == "commune" else text


def _marked(text: str, other: str) -> str:
    """A text, with each word in brackets that is not in the other, tones and all."""
    words = {word.lower() for word in other.split()}
    marked = " ".join(word if word.lower() in words else f"[{word}]" for word in text.split())
    # One that differs in its tones alone is not to be overlooked.
    return marked if marked != text or plain(text) != plain(other) else f"[{text}]"


def _given(people: Iterable[Somebody], doses: list[list[int]]) -> tuple[ComparedDose, ...]:
    found: dict[tuple[object, ...], ComparedDose] = {}
    for side, one in enumerate(people):
        for given in one.doses:
            if given.dose_id not in doses[side]:
                continue
            dose = given.dose
            key = (dose.disease, dose.number, dose.date, dose.product)
            seen = found.get(key)
            sides = (side == 0 or bool(seen and seen.first), side == 1 or bool(seen and seen.second))
            if seen is None or seen.state is DoseState.WITHDRAWN:
                seen = ComparedDose(
                    dose.date, dose.number, dose.series, dose.product, dose.site or dose.site_told, dose.lot,
                    given.state, *sides,
                )  # fmt: skip
            found[key] = seen._replace(first=sides[0], second=sides[1])
    return tuple(sorted(found.values(), key=lambda given: (given.date, given.number, given.product)))


def _rows(connection: Connection, doses: list[int]) -> tuple[tuple[str, int], ...]:
    row, run = schema.source_row, schema.run
    query = (
        select(run.c.source, row.c.line)
        .join(run, run.c.id == row.c.run_id)
        .where(row.c.dose_id.in_(doses))
        .order_by(row.c.id)
    )
    return tuple((one.source, one.line) for one in connection.execute(query))
