"""What no certificate should state of a person and a dose: asked before anything is signed, or taken for good."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from vaxcert import uvci
from vaxcert.codes import cvx, diseases, prequal
from vaxcert.errors import InputError, Problem, Reason
from vaxcert.model import Dose, Person, earliest_birth, is_birth_year_possible
from vaxcert.names import has_letters, normalise, transliterate, unwritable
from vaxcert.names.damage import damage, shown

_MAX_TEXT = 80  # DCC schema 1.3.0: `fn`, `gn`, `fnt`, `gnt`, `is`, and every other text
_MRZ = re.compile(r"[A-Z<]*", re.ASCII)  # DCC schema 1.3.0, `fnt`


# What is asked of a dose that is taken for good, whatever may be issued of it.
RECORD = "record"


def check(person: Person, dose: Dose, *, today: date, format: str = "hcert") -> None:  # noqa: A002  (the field's word)
    """Raise `InputError` for the first thing about a person and dose that no certificate of a format should state.

    `format`: as `Issuer` has it, or `RECORD`.
    """
    _check_name("family_name", person.family_name, person.family_name_transliterated, True)
    _check_name("given_name", person.given_name, person.given_name_transliterated, False)
    _check_birth(person.date_of_birth)
    for ask in _OF_DOSE if format == "hcert" else (_OF_FORMAT[format], *_OF_DOSE[1:]):
        ask(dose, today, person.date_of_birth)


def faults(person: Person | None, dose: Dose | None, *, today: date) -> list[Problem]:
    """All that is wrong with a record of a person and a dose; one may be missing, and is not asked about then."""
    if person is not None and dose is not None:
        try:
            check(person, dose, today=today, format=RECORD)
        except InputError:
            # Then it is worth asking one by one.
            pass
        else:
            return []
    asked: list[Callable[[], None]] = []
    born = ""
    if person is not None:
        one, born = person, person.date_of_birth
        asked += [
            lambda: _check_name("family_name", one.family_name, one.family_name_transliterated, True),
            lambda: _check_name("given_name", one.given_name, one.given_name_transliterated, False),
            lambda: _check_birth(born),
        ]
    if dose is not None:
        asked += [partial(ask, dose, today, born) for ask in (_check_record, *_OF_DOSE[1:])]
    problems = []
    for ask in asked:
        try:
            ask()
        except InputError as error:
            problems.append(error.problem)
    return problems


def _check_name(field: str, name: str, mrz: str, required: bool) -> None:
    check_text(field, name, required=required)
    if name and not has_letters(name):
        raise InputError(field, Reason.NO_LETTERS)
    if found := damage(name):
        raise InputError(field, found.reason, **dict(found.said))
    _check_transliteration(field, name, mrz)


def _check_birth(born: str) -> None:
    if not born:
        raise InputError("date_of_birth", Reason.MISSING)
    if not is_birth_year_possible(born):
        raise InputError("date_of_birth", Reason.YEAR_IMPOSSIBLE)


def _check_codes(dose: Dose, today: date, born: str) -> None:
    _check_code("product", dose.product)
    _check_code("disease", dose.disease)
    _check_code("prophylaxis", dose.prophylaxis)
    _check_code("holder", dose.holder)


def _check_record(dose: Dose, today: date, born: str) -> None:
    """Of WHO's list a product says what it is against, and no more; all else is called as the EU calls it."""
    known = prequal.kind(dose.product)
    if known is None:
        _check_codes(dose, today, born)
    elif known.disease != dose.disease:
        raise InputError("product", Reason.PRODUCT_UNKNOWN)


def _check_counts(dose: Dose, today: date, born: str) -> None:
    _check_count("number", dose.number)
    _check_count("series", dose.series)


def _check_day(dose: Dose, today: date, born: str) -> None:
    day: object = dose.date
    if isinstance(day, datetime) or not isinstance(day, date):
        raise InputError("date", Reason.NOT_A_DATE)
    if day > today:
        raise InputError("date", Reason.IN_THE_FUTURE)
    if born and day < earliest_birth(born):
        raise InputError("date", Reason.BEFORE_BIRTH)


def _check_rest(dose: Dose, today: date, born: str) -> None:
    if dose.country and (len(dose.country) != 2 or not dose.country.isascii() or not dose.country.isupper()):
        raise InputError("country", Reason.COUNTRY_INVALID)
    if dose.issuer:
        check_text("issuer", dose.issuer)
    if len(dose.certificate_id) > uvci.MAX_LENGTH:
        raise InputError("certificate_id", Reason.TOO_LONG, most=uvci.MAX_LENGTH)
    if dose.site:
        uvci.check_site(dose.site)


def _check_icvp(dose: Dose, today: date, born: str) -> None:
    """WHO's certificate is of vaccines that WHO has prequalified, against two diseases, and names the batch."""
    known = prequal.kind(dose.product)
    if known is None or known.disease != dose.disease or dose.disease not in _OF_ICVP:
        raise InputError("product", Reason.PRODUCT_UNKNOWN)
    if not dose.lot.strip():
        raise InputError("lot", Reason.MISSING)
    check_text("lot", dose.lot)


def _check_shc(dose: Dose, today: date, born: str) -> None:
    """A health card calls its vaccine by a code of CVX."""
    _check_code("product", dose.product)
    if dose.product not in cvx.WRITTEN:
        raise InputError("product", Reason.PRODUCT_UNKNOWN)


# What certificates of these may be issued of (International Health Regulations, annex 7; temporary recommendations).
_OF_ICVP = frozenset((diseases.YELLOW_FEVER, diseases.POLIO))
_OF_FORMAT = {"icvp": _check_icvp, "shc": _check_shc, RECORD: _check_record}

# What is asked of a dose, in the order in which one fault is told before another.
_OF_DOSE = (_check_codes, _check_counts, _check_day, _check_rest)


def _check_transliteration(field: str, name: str, mrz: str) -> None:
    letter = unwritable(name)
    # A transliteration that lacks the letter was made by leaving it out, and not given by anybody.
    if name and (not mrz.strip("<") or (letter and mrz == transliterate(name))):
        raise InputError(field, Reason.NO_TRANSLITERATION, **({"letter": shown(letter)} if letter else {}))
    if len(mrz) > _MAX_TEXT or _MRZ.fullmatch(mrz) is None:
        raise InputError(f"{field}_transliterated", Reason.TRANSLITERATION_INVALID)


def _check_code(field: str, code: str) -> None:
    if not code:
        raise InputError(field, Reason.NOT_IMPLIED)
    check_text(field, code)


def _check_count(field: str, value: int) -> None:
    # A bool is an int to Python alone.
    if type(value) is not int or not 1 <= value <= 9:
        raise InputError(field, Reason.NOT_A_NUMBER, least=1, most=9)


def check_text(field: str, text: str, *, required: bool = True) -> None:
    """Raise `InputError` for a text that shows nothing, where one is needed, or is too long for a certificate."""
    # What begins with a visible sign of ASCII shows something; most texts do.
    if required and not " " < text[:1] < "\x7f" and not normalise(text):
        raise InputError(field, Reason.EMPTY)
    if len(text) > _MAX_TEXT:
        raise InputError(field, Reason.TOO_LONG, most=_MAX_TEXT)
