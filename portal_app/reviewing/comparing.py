"""Two records beside each other: what agrees, what does not, and where in the text; doses on one line of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from difflib import SequenceMatcher
from typing import NamedTuple

from vaxcert import codes
from vaxcert.registry.care.comparing import WholeRecord
from vaxcert.registry.records.doses import GivenDose

# As a nurse looks at them: who it is, by what they are found, where they live, what else is told.
_PERSON = (
    "family_name", "given_name", "date_of_birth", "sex", "national_id", "phone", "other_phones", "insurance_number",
    "district", "commune", "address", "nationality", "guardian", "occupation", "priority_group", "group_told",
)  # fmt: skip
_DOSE = ("product", "number", "date", "site", "lot", "state")


class TextPiece(NamedTuple):
    """A piece of a text. `differs`: the other side does not have it."""

    text: str
    differs: bool


class ComparedLine(NamedTuple):
    """A field of both sides. `agreement`: `same`, `differs`, or `one` where one side does not say it."""

    field: str
    first: tuple[TextPiece, ...]
    second: tuple[TextPiece, ...]
    agreement: str


class DoseDay(NamedTuple):
    """A day, with the doses that each side has on it."""

    day: date
    first: tuple[GivenDose, ...]
    second: tuple[GivenDose, ...]


def lines(first: WholeRecord, second: WholeRecord) -> list[ComparedLine]:
    """The fields of two people of which one is known at least."""
    return [
        _line(field, _people_write(field, one), _people_write(field, other))
        for field in _PERSON
        if (one := first.told.get(field, "")) or second.told.get(field, "")
        for other in (second.told.get(field, ""),)
    ]


def dose_lines(first: GivenDose, second: GivenDose) -> list[ComparedLine]:
    """The fields of two records of a dose."""
    told = [dose_told(one) for one in (first, second)]
    return [_line(field, told[0][field], told[1][field]) for field in _DOSE if told[0][field] or told[1][field]]


def dose_told(given: GivenDose) -> dict[str, str]:
    """A dose as texts by field; its state as a state's code."""
    dose = given.dose
    return {
        "product": product(dose.product),
        "number": f"{dose.number}/{dose.series}",
        "date": f"{dose.date:%d/%m/%Y}",
        "site": dose.site or dose.site_told,
        "lot": dose.lot,
        "state": str(given.state),
    }


def product(code: str) -> str:
    """A vaccine as people know it."""
    return codes.name("product", code)


def moments(first: Sequence[GivenDose], second: Sequence[GivenDose]) -> list[DoseDay]:
    """The doses of both, day after day."""
    days = sorted({given.dose.date for given in (*first, *second)})
    return [DoseDay(day, tuple(_of(day, first)), tuple(_of(day, second))) for day in days]


def _people_write(field: str, text: str) -> str:
    return "/".join(reversed(text.split("-"))) if field == "date_of_birth" else text


def _of(day: date, doses: Sequence[GivenDose]) -> Iterator[GivenDose]:
    return (given for given in doses if given.dose.date == day)


def _line(field: str, first: str, second: str) -> ComparedLine:
    if not first or not second:
        return ComparedLine(field, (TextPiece(first, False),), (TextPiece(second, False),), "one")
    if first.casefold() == second.casefold():
        return ComparedLine(field, (TextPiece(first, False),), (TextPiece(second, False),), "same")
    # Of names whole words are marked, of numbers and dates the digits.
    glue = " " if " " in first and " " in second else ""
    parts = [text.split(" ") if glue else list(text) for text in (first, second)]
    folded = [[part.casefold() for part in some] for some in parts]
    same = SequenceMatcher(None, folded[0], folded[1], autojunk=False)
    one, other = [], []
    for what, a, b, c, d in same.get_opcodes():
        one.append(TextPiece(glue.join(parts[0][a:b]), what != "equal"))
        other.append(TextPiece(glue.join(parts[1][c:d]), what != "equal"))
    return ComparedLine(field, _glued(one, glue), _glued(other, glue), "differs")


def _glued(pieces: list[TextPiece], glue: str) -> tuple[TextPiece, ...]:
    """Pieces with what stood between them; what is empty is left out."""
    some = [piece for piece in pieces if piece.text]
    return tuple(
        piece if number == len(some) - 1 else piece._replace(text=piece.text + glue)
        for number, piece in enumerate(some)
    )
