"""What a row of a unit's table says: a person with what identifies them, and a dose; or all that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from datetime import date
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, select

from vaxcert import uvci
from vaxcert.errors import InputError, Problem, Reason
from vaxcert.issue import faults
from vaxcert.names import normalise
from vaxcert.registry import groups, schema
from vaxcert.registry.records import people
from vaxcert.registry.records.doses import RecordedDose, check_lot, check_site_told
from vaxcert.registry.records.people import Profile
from vaxcert.registry.secrets import Secrets
from vaxcert.tables.cells import Cells
from vaxcert.tables.records import read_all
from vaxcert.tables.spellings import RECORDED as FIELDS
from vaxcert.tables.values import numbers
from vaxcert.tables.values.folding import folded
from vaxcert.tables.values.people import NAMES, priority_group, sex, site
from vaxcert.tables.values.reading import Reading

__all__ = ["FIELDS", "Lists", "Said", "TableRow", "lists", "read", "site_code"]


class TableRow(msgspec.Struct, frozen=True):
    """A row of a table, or of a sheet with several doses in a row, what is of one of them.

    `key`: what no other row of the table has; `place`: where people find it; `cells`: as they stand, under the columns
    of the table; `values`: its texts by field; `digests`: what it is known again by, the newest first.
    """

    key: int
    line: int
    place: str
    cells: Cells
    values: Mapping[str, str]
    digests: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<TableRow {self.place}>"


class Lists(NamedTuple):
    """What a registry's own lists call groups and sites: codes by code or name, folded; and who seals numbers.

    `codes`: those of the groups.
    """

    groups: Mapping[str, str]
    codes: Set[str]
    sites: Mapping[str, str]
    today: date
    keeper: Secrets


class Said(msgspec.Struct, frozen=True):
    """What a row says, as far as it can be read, and all that is wrong with it: then it is not taken.

    `profile`: None where nothing can be told of whom it is; `dose`: None where something of it cannot be read;
    `national_id`: the identity number in clear, also of a row without a name.
    """

    profile: Profile | None
    dose: RecordedDose | None
    problems: tuple[Problem, ...] = ()
    national_id: str = ""

    def __repr__(self) -> str:
        return f"<Said, {len(self.problems)} problems>"


def lists(connection: Connection, today: date, keeper: Secrets) -> Lists:
    """A registry's lists as they are now."""
    named: dict[str, str] = {}
    for group in reversed(groups.listed(connection)):
        named |= {folded(text): group.code for text in (group.name_vi, group.name_en, group.code)}
    table = schema.site
    sites = connection.execute(select(table.c.code, table.c.name).order_by(table.c.code.desc())).all()
    known = {folded(row.name): row.code for row in sites if row.name} | {folded(row.code): row.code for row in sites}
    return Lists(named, frozenset(named.values()), known, today, keeper)


def read(values: Mapping[str, str], among: Lists, reading: Reading) -> Said:
    """Read a row's texts, by field, as a person and a dose. Never raises for a text."""
    # Damage of a name shows by signs that are taken out of other texts.
    texts = {name: text if name in NAMES else normalise(text) for name, text in reading.meant(values).items()}
    site_told = _sited(texts, among)
    person, read_dose, wrong = read_all(texts, _once(reading))
    for problem in wrong:
        if problem.reason is Reason.FORMULA_FAILED:
            texts.pop(problem.field, None)
    told, more = _told(texts, among)
    dose = None
    if read_dose is not None:
        given = {name: getattr(read_dose, name) for name in read_dose.__struct_fields__}
        dose = RecordedDose(**given, site_told=site_told)
    long = list(people.too_long(told))
    problems = [*wrong, *faults(person, read_dose, today=among.today), *more, *long]
    problems += _lengths(texts.get("lot", ""), site_told)
    profile = None
    if person is not None and not long:
        profile = people.profile(person, told, groups=among.codes, keeper=among.keeper)
    return Said(profile, dose, tuple(dict.fromkeys(problems)), told.get("national_id", ""))


def _once(reading: Reading) -> Reading:
    """A reading of texts that the table's own map was asked about already."""
    return msgspec.structs.replace(reading, values={}) if reading.values else reading


def _sited(texts: dict[str, str], among: Lists) -> str:
    """Have the site's code where it is known, and return what the table calls it where it is not."""
    text = texts.get("site", "")
    if not text:
        return ""
    texts["site"] = site_code(text, among)
    if texts["site"]:
        return ""
    del texts["site"]
    return text


def site_code(text: str, among: Lists) -> str:
    """The code of a site by it or by its name, "" where none is known."""
    code = site(text, among.sites)
    try:
        uvci.check_site(code)
    except InputError:
        return ""
    return code


def _told(texts: Mapping[str, str], among: Lists) -> tuple[dict[str, str], list[Problem]]:
    """What a row tells of a person beside name and birth date, and what of it cannot be read."""
    told = {name: texts[name] for name in (*people.TOLD, *people.SEALED) if texts.get(name)}
    problems: list[Problem] = []
    if text := texts.get("priority_group", ""):
        told["priority_group"], told["group_told"] = priority_group(text, among.groups)
    if "sex" in told:
        # One that is neither is what somebody wrote of themselves.
        told["sex"] = _or(told["sex"], sex, told["sex"])
    try:
        told["national_id"] = numbers.identity_number(texts.get("national_id", "")).number
    except InputError as error:
        problems.append(error.problem)
    try:
        phones = numbers.telephones(texts.get("phone", ""))
    except InputError as error:
        # A number that is too short to be dialled is what somebody wrote down nevertheless.
        if error.reason is Reason.NOT_A_TELEPHONE and any(map(str.isdecimal, texts["phone"])):
            told["phone"] = texts["phone"]
        else:
            problems.append(error.problem)
    else:
        told["phone"] = phones.first
        told["other_phones"] = "; ".join(phones.others)
    return told, problems


def _or(text: str, read: Callable[[str], str], otherwise: str) -> str:
    try:
        return read(text)
    except InputError:
        return otherwise


def _lengths(lot: str, site_told: str) -> Iterator[Problem]:
    for check, text in ((check_lot, lot), (check_site_told, site_told)):
        try:
            check(text)
        except InputError as error:
            yield error.problem
