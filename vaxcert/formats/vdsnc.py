"""ICAO VDS-NC: visible digital seals for vaccinations and tests (Doc 9303-13, "VDS-NC", and ICAO's guidance of 2021).

    {"data": {"hdr", "msg"}, "sig": {"alg", "cer", "sigvl"}}: JSON; what is signed is `data` in the form of RFC 8785

The signer's certificate is in the code, and counts for what the authority says that issued it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from vaxcert import codes
from vaxcert.codes import diseases
from vaxcert.errors import ContentError, EnvelopeError, FormatError, InputError, Reason
from vaxcert.model import Certificate, Dose, Entry, Person, TestResult, day_of
from vaxcert.names import normalise
from vaxcert.trust import Opened
from vaxcert.verdict import Stage
from vaxcert.wire import Algorithm, Sealed, base64url, jsontext

MAX_TEXT = 10_000
_BEGUN = re.compile(r'\{\s*"', re.ASCII)
_IS_ICAO = re.compile(r'"t"\s*:\s*"icao\.', re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:?\d\d)", re.ASCII)
_DIGITS = re.compile(r"[1-9][0-9]?", re.ASCII)
_RESULTS = {
    "positive": codes.DETECTED,
    "abnormal": codes.DETECTED,
    "negative": codes.NOT_DETECTED,
    "normal": codes.NOT_DETECTED,
}
_TESTS = {"molecular(pcr)": "LP6464-4", "molecular(other)": "LP6464-4", "antigen": "LP217198-3"}


class VdsNc:
    """A seal of a vaccination or a test."""

    name: str = "vdsnc"
    algorithms: frozenset[Algorithm] = frozenset((Algorithm.ES256, Algorithm.ES384))
    stages: tuple[Stage, ...] = (Stage.FORMAT, Stage.ENVELOPE)

    def detect(self, text: str) -> bool:
        """Whether the text is JSON with a header of ICAO's."""
        return _BEGUN.match(text) is not None and _IS_ICAO.search(text) is not None

    def unwrap(self, text: str) -> Sealed:
        """The signed data in a text, in the one form that it was signed in."""
        if len(text) > MAX_TEXT:
            raise FormatError(Reason.TEXT_TOO_LONG, f"{len(text)} characters, at most {MAX_TEXT}")
        try:
            seal = jsontext.loads(text.encode())
        except ValueError:
            raise _not_sealed("no JSON") from None
        data, signature = _member(seal, "data"), _member(seal, "sig")
        if not isinstance(data, dict) or not isinstance(signature, dict):
            raise _not_sealed("data or sig is no object")
        try:
            certificate, made = (_octets(signature[name]) for name in ("cer", "sigvl"))
        except (KeyError, ValueError):
            raise _not_sealed("cer or sigvl is no base64url") from None
        alg = signature.get("alg")
        if not isinstance(alg, str):
            raise _not_sealed("no algorithm")
        payload = _canonical(data)
        return Sealed(signing_input=payload, payload=payload, signature=made, alg=alg, certificates=(certificate,))

    def read(self, opened: Opened) -> Certificate:
        """The certificate in checked data."""
        data = jsontext.loads(opened.payload)
        header, message = _object(data, "hdr"), _object(data, "msg")
        kind, version = header.get("t"), header.get("v")
        if type(version) is not int or version != 1:
            raise _invalid("not of version 1")
        country = codes.alpha_2(_text(header, "is"))
        if kind == "icao.vacc":
            entries: tuple[Entry, ...] = tuple(_doses(message, country))
        elif kind == "icao.test":
            entries = (_test(message, country),)
        else:
            raise ContentError(Reason.CONTENT_UNKNOWN, "no kind of seal that is known")
        if not entries:
            raise ContentError(Reason.CONTENT_EMPTY, "no entry")
        return Certificate(
            format=self.name,
            version="1",
            person=_person(_object(message, "pid")),
            entries=tuple(sorted(entries, key=day_of, reverse=True)),
            issuer=country or _text(header, "is"),
        )


VDS_NC = VdsNc()


def _canonical(data: Mapping[str, Any]) -> bytes:
    import rfc8785

    try:
        return rfc8785.dumps(dict(data))
    except (rfc8785.CanonicalizationError, RecursionError):
        raise _not_sealed("data that has no canonical form") from None


def _octets(text: object) -> bytes:
    if not isinstance(text, str):
        raise ValueError("no text")
    return base64url.decode(text.rstrip("="))


def _doses(message: Mapping[str, Any], country: str) -> list[Dose]:
    doses = []
    for event in _list(message, "ve"):
        named = _text(event, "nam")
        product = next((code for code, known in codes.PRODUCTS.items() if known.name in named.split()), "")
        code = diseases.of_code(_text(event, "dis")) if "dis" in event else diseases.COVID_19
        for given in _list(event, "vd"):
            number = given.get("seq")
            if isinstance(number, str) and _DIGITS.fullmatch(number):
                number = int(number)
            if type(number) is not int or not 0 < number < 100:
                raise _invalid("seq is no number of a dose")
            known = codes.product(product)
            doses.append(
                Dose(
                    product=product or named or _text(event, "des"),
                    number=number,
                    series=0 if known is None else known.series or 0,
                    date=_day(given, "dvc"),
                    disease=code,
                    country=codes.alpha_2(_text(given, "ctr")) or country,
                    issuer=_text(given, "adm"),
                    certificate_id=_text(message, "uvci"),
                    lot=_text(given, "lot"),
                )
            )
    return doses


def _test(message: Mapping[str, Any], country: str) -> TestResult:
    result, days, place = _object(message, "tr"), _object(message, "dat"), _object(message, "sp")
    text = _text(days, "sc")
    if _MOMENT.fullmatch(text) is None:
        raise _invalid("sc is no point in time")
    try:
        sampled_at = dt.datetime.fromisoformat(text)
    except ValueError:
        raise _invalid("sc is no point in time") from None
    kind, found = _text(result, "tc"), _text(result, "r")
    return TestResult(
        disease=diseases.COVID_19,
        type=_TESTS.get(kind.replace(" ", "").lower(), kind),
        result=_RESULTS.get(found.lower(), found),
        sampled_at=sampled_at,
        centre=_text(place, "spn"),
        country=codes.alpha_2(_text(place, "ctr")) or country,
        certificate_id=_text(message, "utci"),
    )


def _person(pid: Mapping[str, Any]) -> Person:
    # Doc 9303-3: the primary identifier, two blanks, the secondary one.
    family, _, given = _text(pid, "n").partition("  ")
    try:
        person = Person(family_name=family.strip(), given_name=given.strip(), date_of_birth=_text(pid, "dob"))
    except InputError:
        raise _invalid("dob is no date of birth") from None
    if not normalise(person.full_name):
        raise _invalid("n holds no name")
    return person


def _day(holder: Mapping[str, Any], name: str) -> dt.date:
    text = _text(holder, name)
    try:
        if _DAY.fullmatch(text):
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    raise _invalid(f"{name} is no day")


def _member(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None


def _object(holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = holder.get(name)
    if not isinstance(value, dict):
        raise _invalid(f"{name} is no object")
    return value


def _list(holder: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = holder.get(name)
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise _invalid(f"{name} is no list of objects")
    return value


def _text(holder: Mapping[str, Any], name: str) -> str:
    value = holder.get(name, "")
    if not isinstance(value, str):
        raise _invalid(f"{name} is no text")
    return value


def _invalid(detail: str) -> ContentError:
    return ContentError(Reason.CONTENT_INVALID, detail)


def _not_sealed(detail: str) -> EnvelopeError:
    return EnvelopeError(Reason.SEAL_INVALID, detail)
