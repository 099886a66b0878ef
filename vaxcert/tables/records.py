"""A row's texts to a person and a dose, and the words for what is wrong with it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from vaxcert.errors import InputError, Problem, Reason
from vaxcert.model import Dose, Person
from vaxcert.tables.parts import BEYOND
from vaxcert.tables.values import days, doses, people, products
from vaxcert.tables.values.reading import AS_IT_STANDS, Reading

# What spreadsheets show for a formula that failed, and for a number that its column is too narrow for.
_FORMULA_FAILED = re.compile(r"#+|#(?:N/A|[A-Z_/0]+[!?])|Err:\d{3}", re.ASCII)
# What a row that states a dose says something of.
_TELLING = ("date_of_birth", "product", "date")
_DOSE = ("disease", "prophylaxis", "holder", "country", "issuer", "site", "lot")


class Read(NamedTuple):
    """What a row's texts mean, as far as they can be read, and all that cannot.

    `dose` is None where something of it cannot be read, and so is `person`.
    """

    person: Person | None
    dose: Dose | None
    problems: tuple[Problem, ...] = ()

    def __repr__(self) -> str:
        return f"<Read, {len(self.problems)} problems>"


def person_and_dose(values: Mapping[str, str], reading: Reading = AS_IT_STANDS) -> tuple[Person, Dose]:
    """What a row's texts, by field, mean. Raises `InputError`, which names the first field that cannot be read.

    Whether it makes sense is for `vaxcert.issue.check` to say.
    """
    person, dose, problems = read_all(values, reading)
    for problem in problems:
        raise InputError(problem.field, problem.reason, **dict(problem.said))
    assert person is not None and dose is not None  # noqa: S101  (else there were problems)
    return person, dose


def read_all(values: Mapping[str, str], reading: Reading = AS_IT_STANDS) -> Read:
    """What a row's texts, by field, mean, and every fault of the row at once. Never raises for a text."""
    values = reading.meant(values)
    broken = [field for field, text in values.items() if text[:1] in ("#", "E") and _FORMULA_FAILED.fullmatch(text)]
    problems = [Problem(field, Reason.FORMULA_FAILED) for field in broken]
    if BEYOND in values:
        problems.append(Problem(BEYOND, Reason.MORE_CELLS))
    name = born = code = count = when = late = None
    try:
        name = people.names(values)
    except InputError as error:
        problems.append(error.problem)
    try:
        when = days.day(_given(values, "date"), reading)
    except InputError as error:
        late = error.problem
    try:
        born = days.birth_date(_given(values, "date_of_birth"), reading, dose=when)
    except InputError as error:
        problems.append(error.problem)
    try:
        code = _product(_given(values, "product"), values)
    except InputError as error:
        problems.append(error.problem)
    try:
        count = doses.number_and_series(_given(values, "number"), values.get("series", ""), code or "", reading)
    except InputError as error:
        # Of how many there are follows from the product: where that is not known, it is named already.
        if code is not None or (error.field, error.reason) != ("series", Reason.MISSING):
            problems.append(error.problem)
    if late is not None:
        problems.append(late)
    person = dose = None
    if name is not None and born is not None:
        try:
            person = _person(name, born, values)
        except InputError as error:
            problems.append(error.problem)
    if code is not None and count is not None and when is not None:
        told = {field: values[field] for field in _DOSE if field in values}
        dose = Dose(product=code, number=count[0], series=count[1], date=when, **told)
    if problems:
        problems = _without_what_follows(problems, values, broken)
    return Read(person, dose, tuple(problems))


def _without_what_follows(problems: list[Problem], values: Mapping[str, str], broken: Sequence[str]) -> list[Problem]:
    """The faults of a row without those that are told of as something else already."""
    if BEYOND in values:
        return [problem for problem in problems if problem.reason is Reason.MORE_CELLS]
    wrong = {problem.field for problem in problems}
    # What is merged over a whole row says the same in each field.
    if wrong.issuperset(_TELLING) and not broken and len({values.get(field) for field in _TELLING}) < len(_TELLING):
        return [Problem("row", Reason.NO_DOSE_TOLD)]
    shown = {"family_name" if field == "full_name" else field for field in broken}
    return [one for one in problems if one.reason is Reason.FORMULA_FAILED or one.field not in shown]


def _given(values: Mapping[str, str], field: str) -> str:
    text = values.get(field)
    if not text:
        raise InputError(field, Reason.MISSING)
    return text


def _person(name: tuple[str, str], born: str, values: Mapping[str, str]) -> Person:
    family, given = name
    return Person(
        family_name=family,
        given_name=given,
        date_of_birth=born,
        family_name_transliterated=values.get("family_name_transliterated", ""),
        given_name_transliterated=values.get("given_name_transliterated", "") if given else "",
    )


def _product(text: str, values: Mapping[str, str]) -> str:
    """A product's code; one that the code list does not have where the row says all that would follow from it."""
    if all(values.get(field) for field in ("disease", "prophylaxis", "holder")):
        return product(text)
    return products.product(text)


def identity(person: Person, dose: Dose) -> bytes:
    """Which dose of whom, 16 bytes: what two rows share that state the same dose.

    Names count as they are transliterated, so that a tone typed otherwise is the same person.
    """
    parts = (
        person.family_name_transliterated,
        person.given_name_transliterated,
        person.date_of_birth,
        dose.disease,
        str(dose.number),
    )
    return hashlib.sha256("\x1f".join(parts).encode()).digest()[:16]


def product(text: str) -> str:
    """The code of a product that is given by its name or code; another text as it is."""
    try:
        return products.product(text)
    except InputError:
        return text


def birth_date(text: str) -> str:
    """A birth date as people write it, "17/05/1990" or "05/1990" too, as `Person` wants it; else the text as it is."""
    try:
        return days.birth_date(text)
    except InputError:
        return text.strip()


def day(text: str) -> date:
    """A day as people write it, "01/06/2026" or "2026-06-01". Raises `InputError`."""
    return days.day(text)
