"""A FHIR bundle about one person as the entries of a certificate.

All immunisations that were given and all results that are final are read, and one that cannot be is the bundle's fault:
who could choose would choose what lets them in. Anything else in a bundle says nothing here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from vaxcert.errors import ContentError, InputError, Reason
from vaxcert.fhir import tables
from vaxcert.model import Dose, Entry, Person, TestResult, day_of
from vaxcert.names import normalise

# Nobody's record of doses and tests is longer; what is costs more to look at than it says.
_MOST = 200

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
# Tuples: what stands there may be anything.
_GIVEN = ("completed",)
_FINAL = ("final", "amended", "corrected")


class Statement(NamedTuple):
    """What a bundle states: who it is about, and what was done, the latest first; of nothing it may be none."""

    person: Person
    entries: tuple[Entry, ...]


def read(content: object, *, issuer: str, certificate_id: str = "") -> Statement:
    """The statement of a decoded bundle. `issuer` and `certificate_id`: what its entries are given.

    Raises `ContentError` (`content_invalid`): no bundle, of no person or of several, with a date or a vaccine that
    cannot be read.
    """
    resources = list(_resources(_object(content, "bundle")))
    patients = [(url, one) for url, one in resources if one.get("resourceType") == "Patient"]
    if len(patients) != 1:
        raise _invalid("not of one person")
    url, patient = patients[0]
    common = {"issuer": issuer, "certificate_id": certificate_id}
    doses: list[Dose] = []
    entries: list[Entry] = []
    for _, one in resources:
        match one.get("resourceType"):
            case "Immunization" if one.get("status") in _GIVEN:
                _check_subject(one.get("patient"), url)
                doses.append(_dose(one, common))
            case "Observation" if one.get("status") in _FINAL:
                _check_subject(one.get("subject"), url)
                if (result := _result(one, common)) is not None:
                    entries.append(result)
    entries += _counted(doses)
    entries.sort(key=lambda entry: (day_of(entry), entry.number if isinstance(entry, Dose) else 0), reverse=True)
    return Statement(_person(patient), tuple(entries))


def _resources(bundle: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each resource with its address in the bundle, "" where it has none."""
    if bundle.get("resourceType") != "Bundle":
        raise _invalid("no bundle")
    entries = _list(bundle.get("entry"), "entry")
    if len(entries) > _MOST:
        raise _invalid(f"more than {_MOST} resources")
    for entry in entries:
        one = _object(entry, "entry")
        yield _text(one.get("fullUrl"), "fullUrl"), _object(one.get("resource"), "resource")


def _check_subject(reference: object, url: str) -> None:
    """What is stated has to be of the bundle's own person: another's dose beside somebody's name is nobody's."""
    said = _text(_object(reference, "reference").get("reference"), "reference")
    if said != url and not (url and url.endswith(f"/{said}")):
        raise _invalid("a resource of another person")


def _person(patient: Mapping[str, Any]) -> Person:
    named = [_object(one, "name") for one in _list(patient.get("name"), "name")]
    if not named:
        raise _invalid("no name")
    # The first is how the record calls somebody; one that is marked official is how papers do.
    name = next((one for one in named if one.get("use") == "official"), named[0])
    given = " ".join(_text(part, "given") for part in _list(name.get("given") or [], "given"))
    family = _text(name.get("family"), "family")
    try:
        person = Person(
            family_name=family or ("" if given else _text(name.get("text"), "text")),
            given_name=given,
            date_of_birth=_text(patient.get("birthDate"), "birthDate"),
        )
    except InputError:
        raise _invalid("birthDate is no date of birth") from None
    if not normalise(person.full_name):
        raise _invalid("no name")
    return person


def _dose(one: Mapping[str, Any], common: Mapping[str, str]) -> Dose:
    coded = _codings(one.get("vaccineCode"), "vaccineCode")
    pairs = [(_text(coding.get("system"), "system"), _text(coding.get("code"), "code")) for coding in coded]
    found = next(filter(None, (tables.vaccine(*pair) for pair in pairs)), None)
    if found is None:
        if not pairs or not pairs[0][1]:
            raise _invalid("a vaccine without a code")
        found = tables.CodedVaccine(pairs[0][1], "", 0)
    return Dose(
        product=found.product,
        disease=found.disease,
        number=_count(one, "doseNumberPositiveInt"),
        series=_count(one, "seriesDosesPositiveInt") or found.series,
        date=_day(one.get("occurrenceDateTime"), "occurrenceDateTime"),
        # Who gave it stands one step below who is named for a result.
        site=_called(actor for performer in _performers(one) if isinstance(actor := performer.get("actor"), dict)),
        lot=_text(one.get("lotNumber"), "lotNumber"),
        **common,
    )


def _count(one: Mapping[str, Any], name: str) -> int:
    """A number of a protocol, or 0 where it is not said."""
    for protocol in _list(one.get("protocolApplied") or [], "protocolApplied"):
        number = _object(protocol, "protocolApplied").get(name)
        if type(number) is int and 0 < number < 100:
            return number
        if number is not None:
            raise _invalid(f"{name} is no number of a dose")
    return 0


def _counted(doses: list[Dose]) -> list[Dose]:
    """Doses with the numbers that they have among those of the bundle, where they do not tell their own.

    One that two registries have told of is one dose. That there were others before is not for a bundle to leave open.
    """
    by_disease: dict[str, int] = {}
    counted = []
    seen = set()
    for dose in sorted(doses, key=lambda dose: (dose.date, dose.number)):
        if (dose.product, dose.date) in seen:
            continue
        seen.add((dose.product, dose.date))
        against = dose.disease or dose.product
        by_disease[against] = number = max(dose.number, by_disease.get(against, 0) + (dose.number == 0))
        counted.append(dose if dose.number else msgspec.structs.replace(dose, number=number))
    return counted


def _performers(one: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (_object(performer, "performer") for performer in _list(one.get("performer") or [], "performer"))


def _called(references: Iterable[Mapping[str, Any]]) -> str:
    """The first name that a reference shows, "" where none does."""
    return next((named for one in references if (named := _text(one.get("display"), "display"))), "")


def _result(one: Mapping[str, Any], common: Mapping[str, str]) -> TestResult | None:
    """A test's result; None for an observation of another kind, as of a body's weight."""
    coded = _codings(one.get("code"), "code")
    loinc = next((_text(coding.get("code"), "code") for coding in coded if coding.get("system") == tables.LOINC), "")
    if loinc not in tables.TESTS:
        return None
    value = one.get("valueCodeableConcept")
    result = ""
    if value is not None:
        for coding in _codings(value, "valueCodeableConcept"):
            code = _text(coding.get("code"), "code")
            result = tables.RESULTS.get(code, result or code)
    return TestResult(
        disease=tables.test_disease(loinc),
        type=tables.TESTS[loinc],
        result=result or _text(one.get("valueString"), "valueString"),
        sampled_at=_moment(one.get("effectiveDateTime"), "effectiveDateTime"),
        centre=_called(_performers(one)),
        **common,
    )


def _day(value: object, field: str) -> dt.date:
    # What carries a time has the zone that it was given in: its day is the day there.
    text = _text(value, field)
    try:
        if _DAY.fullmatch(text):
            return dt.date.fromisoformat(text)
        if _MOMENT.fullmatch(text):
            return dt.datetime.fromisoformat(text).date()
    except ValueError:
        pass
    raise _invalid(f"{field} is no day")


def _moment(value: object, field: str) -> dt.datetime:
    text = _text(value, field)
    try:
        if _MOMENT.fullmatch(text):
            return dt.datetime.fromisoformat(text)
        if _DAY.fullmatch(text):
            # The hour is not told: the earliest, so that no test is taken for newer than it is.
            return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)
    except ValueError:
        pass
    raise _invalid(f"{field} is no point in time")


def _codings(value: object, field: str) -> list[Mapping[str, Any]]:
    """What a concept is called, list by list."""
    return [_object(one, "coding") for one in _list(_object(value, field).get("coding"), "coding")]


def _object(value: object, field: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _invalid(f"{field} is no object")
    return value


def _list(value: object, field: str) -> list[Any]:
    if not isinstance(value, list):
        raise _invalid(f"{field} is no list")
    return value


def _text(value: object, field: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _invalid(f"{field} is no text")
    return value


def _invalid(detail: str) -> ContentError:
    return ContentError(Reason.CONTENT_INVALID, detail)
