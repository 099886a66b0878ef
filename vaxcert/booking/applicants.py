"""Who wants a place, as they typed it: checked, hashed to be the only one, and sealed to the desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from datetime import date
from typing import NamedTuple

import msgspec

from vaxcert.booking.sealing import DeskKey, seal
from vaxcert.booking.store import Bookings
from vaxcert.errors import InputError, Problem, Reason
from vaxcert.model import Person
from vaxcert.names import printable
from vaxcert.registry.secrets import Secrets, phone
from vaxcert.sense import faults
from vaxcert.tables.values import days, numbers, people

FIELDS = ("full_name", "date_of_birth", "phone", "priority_group")
MOST = {"full_name": 160, "date_of_birth": 40, "phone": 40, "priority_group": 8}
# Somebody in none of them.
NO_GROUP = "-"


class Applicant(msgspec.Struct, frozen=True, kw_only=True):
    """Who wants a place. `date_of_birth`: ISO 8601, as far as it is known; `phone`: digits after one 0, or + and a
    country's code; `group`: a code, "" for none."""

    full_name: str
    date_of_birth: str
    phone: str
    group: str = ""

    def __repr__(self) -> str:
        return "<Applicant>"


class ShownInitials(NamedTuple):
    """As much of somebody as the public's side can read again: initials in A–Z, and the year of birth."""

    initials: str
    year: str


def read(texts: Mapping[str, str], *, groups: Set[str], today: date) -> tuple[Applicant | None, tuple[Problem, ...]]:
    """What was typed, by the names of `FIELDS`, read as a unit's table is; and all that is wrong with it.

    `groups`: the codes that there are. One of the two is empty.
    """
    texts = {name: texts.get(name, "").strip() for name in FIELDS}
    wrong: dict[str, Problem] = {}
    for name in FIELDS:
        if not texts[name]:
            wrong[name] = Problem(name, Reason.MISSING)
        elif len(texts[name]) > MOST[name]:
            wrong[name] = Problem(name, Reason.TOO_LONG, (("most", MOST[name]),))
        elif printable(texts[name]) != texts[name]:
            wrong[name] = Problem(name, Reason.UNPRINTABLE)
    born = _tried(wrong, "date_of_birth", lambda: days.birth_date(texts["date_of_birth"]))
    if born > today.isoformat():
        wrong["date_of_birth"] = Problem("date_of_birth", Reason.IN_THE_FUTURE)
    telephone = _tried(wrong, "phone", lambda: _telephone(texts["phone"]))
    _tried(wrong, "full_name", lambda: _checked(texts["full_name"], born, today))
    if "priority_group" not in wrong and texts["priority_group"] not in groups | {NO_GROUP}:
        wrong["priority_group"] = Problem("priority_group", Reason.NO_SUCH_GROUP)
    if wrong:
        return None, tuple(wrong.values())
    group = texts["priority_group"].replace(NO_GROUP, "")
    name = " ".join(texts["full_name"].split())
    return Applicant(full_name=name, date_of_birth=born, phone=telephone, group=group), ()


def only(secrets: Secrets, one: Applicant) -> str:
    """What a person at their telephone is known by: however they write tones, case and the order of their names."""
    words = sorted(_latin(one).replace("<", " ").split())
    return secrets.hash("booking person", f"{' '.join(words)}\x1f{one.date_of_birth}\x1f{phone(one.phone)}")


def telephone_of(secrets: Secrets, one: Applicant) -> str:
    """What a telephone is known by."""
    return secrets.hash("booking phone", phone(one.phone))


def sealed(bookings: Bookings, one: Applicant) -> bytes:
    """Who it is, for the desk alone."""
    return seal(bookings.public, msgspec.json.encode(one))


def opened(desk: DeskKey, data: bytes) -> Applicant:
    """Who it is. Raises `DamagedError`."""
    return msgspec.json.decode(desk.open(data), type=Applicant)


def initials(one: Applicant) -> ShownInitials:
    """What the public's side keeps to tell several bookings of one telephone apart."""
    return ShownInitials(" ".join(f"{word[0]}." for word in _latin(one).split("<") if word), one.date_of_birth[:4])


def _latin(one: Applicant) -> str:
    family, given = people.names({"full_name": one.full_name})
    person = Person(family_name=family, given_name=given)
    return f"{person.family_name_transliterated}<{person.given_name_transliterated}"


def _telephone(text: str) -> str:
    found = numbers.telephones(text)
    if not found.first or not phone(found.first):
        raise InputError("phone", Reason.NOT_A_TELEPHONE)
    if found.others:
        raise InputError("phone", Reason.SEVERAL_NUMBERS)
    return found.first


def _checked(text: str, born: str, today: date) -> str:
    family, given = people.names({"full_name": text})
    for problem in faults(Person(family_name=family, given_name=given, date_of_birth=born), None, today=today):
        raise InputError(problem.field, problem.reason, **dict(problem.said))
    return text


def _tried(wrong: dict[str, Problem], field: str, work: Callable[[], str]) -> str:
    if field in wrong:
        return ""
    try:
        return work()
    except InputError as error:
        # A name has one field here, and a birth date is told beside its own.
        told = error.field if error.field in FIELDS else field
        wrong.setdefault(told, error.problem._replace(field=told))
        return ""
