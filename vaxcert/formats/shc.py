"""SMART Health Cards (framework 1.4.0, and HL7's guide "SMART Health Cards and Links" 1.0).

    shc:/ + two digits a character of a JWS; its payload: deflate(JSON claims with a FHIR bundle)

A card may also be the JWS alone, or a file (.smart-health-card) with one or more of them. Long ones were once told in
parts, `shc:/1/3/…`, which are put together from as many lines as there are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from vaxcert import fhir
from vaxcert.errors import ContentError, EncodingError, EnvelopeError, FormatError, PartsError, Reason
from vaxcert.formats import dates
from vaxcert.model import Certificate, Dose, Person
from vaxcert.trust import Opened
from vaxcert.trust.own.signing import SigningKey
from vaxcert.verdict import Stage
from vaxcert.wire import Algorithm, Sealed, base64url, deflate, jsontext, jws

PREFIX = "shc:/"
# Of one symbol, and of a card that was put together: longer than any that is real.
MAX_TEXT = 70_000
# A symbol of 40 parts would hold a tenth of a card each.
MAX_PARTS = 99

_NUMERIC = re.compile(r"(?:https?://[^\s#]{1,300}#)?shc:/", re.IGNORECASE | re.ASCII)
_PART = re.compile(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})/([0-9]+)", re.ASCII)
_TOKEN = re.compile(r"eyJ[\w-]{1,16000}\.[\w-]*\.[\w-]*", re.ASCII)
# What a file, and FHIR's answer to a request for cards, have tokens in.
_FILE = re.compile(r'"(?:verifiableCredential"\s*:\s*\[|valueString"\s*:)\s*"eyJ', re.ASCII)
# The hyphen is the first of a token's characters: two digits tell how far behind it another stands.
_FIRST = 45
_LAST_PAIR = 77
_NEITHER = "neither digits nor a part of several"

TYPE = "https://smarthealth.cards#health-card"
_TYPES = (TYPE, "https://smarthealth.cards#immunization", "https://smarthealth.cards#covid19")
_FHIR = "4.0.1"
_ISSUER = re.compile(r"https://[^\s/?#@]{1,255}(?:/[^\s?#]{0,500}[^\s?#/])?", re.ASCII)
_RID = re.compile(r"[A-Za-z0-9_-]{1,24}", re.ASCII)


class Shc:
    """A SMART Health Card in any of its forms."""

    name: str = "shc"
    algorithms: frozenset[Algorithm] = frozenset((Algorithm.ES256,))
    # The token stands around what is compressed.
    stages: tuple[Stage, ...] = (Stage.FORMAT, Stage.ENCODING, Stage.ENVELOPE, Stage.COMPRESSION)

    def detect(self, text: str) -> bool:
        """Whether the text is one of the forms. Of a token its unsigned beginning tells whose it is."""
        first = text[:1]
        if first in ("s", "S", "h", "H"):
            return _NUMERIC.match(text) is not None
        if first == "e":
            return _TOKEN.fullmatch(text) is not None and _is_ours(text)
        return first == "{" and _FILE.search(text) is not None

    def unwrap(self, text: str) -> Sealed:
        """The signed token of a card, with its payload inflated."""
        found = jws.decode(token(text))
        if found.zip != "DEF":
            raise EnvelopeError(Reason.JWS_INVALID, "not compressed as its system asks")
        payload = deflate.inflate(found.sealed.payload, raw=True)
        return msgspec.structs.replace(found.sealed, payload=payload, issuer=_issuer(payload))

    def read(self, opened: Opened) -> Certificate:
        """The certificate in the claims of a checked token; it has no entries where none is of a kind that is read."""
        claims = _claims(opened.payload)
        issuer = claims.get("iss")
        if issuer != opened.signer.issuer:
            raise ContentError(Reason.CONTENT_INVALID, "iss is not the signer's")
        credential = _object(claims, "vc")
        types = credential.get("type")
        if not isinstance(types, list) or TYPE not in types:
            raise ContentError(Reason.CONTENT_INVALID, "not of the type of a health card")
        subject = _object(credential, "credentialSubject")
        version = subject.get("fhirVersion")
        if not isinstance(version, str) or not version.startswith("4."):
            raise ContentError(Reason.CONTENT_INVALID, "not of FHIR 4")
        rid = credential.get("rid", "")
        if not isinstance(rid, str) or (rid and _RID.fullmatch(rid) is None):
            raise ContentError(Reason.CONTENT_INVALID, "rid is no revocation id")
        begins = dates.moment(claims.get("nbf"), "nbf")
        said = fhir.read(subject.get("fhirBundle"), issuer=issuer, certificate_id=rid)
        return Certificate(
            format=self.name,
            version=version,
            person=said.person,
            entries=said.entries,
            issuer=issuer,
            issued_at=begins,
            expires_at=dates.moment(claims["exp"], "exp") if "exp" in claims else None,
            not_before=begins,
        )


SHC = Shc()


def token(text: str) -> str:
    """The JWS in a text of any of the forms. Raises `FormatError`, `PartsError` or `EncodingError`."""
    if len(text) > MAX_TEXT:
        raise FormatError(Reason.TEXT_TOO_LONG, f"{len(text)} characters, at most {MAX_TEXT}")
    if text.startswith("{"):
        found = tokens(text)
        if len(found) != 1:
            raise PartsError(Reason.SEVERAL_CARDS, f"{len(found)} cards in one file")
        return found[0]
    if _NUMERIC.match(text) is None:
        return text
    return _letters("".join(_digits(text.split("\n"))))


def tokens_in(text: str) -> list[str]:
    """The tokens in a file, each a card's text; the file itself where it is none, for the verifier to tell."""
    try:
        return tokens(text) or [text]
    except FormatError:
        return [text]


def tokens(text: str) -> list[str]:
    """The tokens in a file. Raises `FormatError` for what is no such file."""
    try:
        content = jsontext.loads(text.encode())
    except ValueError:
        content = None
    found = content.get("verifiableCredential") if isinstance(content, dict) else None
    if found is None and isinstance(content, dict) and isinstance(content.get("parameter"), list):
        named = [one for one in content["parameter"] if isinstance(one, dict)]
        found = [one.get("valueString") for one in named if one.get("name") == "verifiableCredential"]
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise FormatError(Reason.FILE_INVALID, "not a file of cards")
    return found


class CardPart(msgspec.Struct, frozen=True):
    """A part of a card, `number` of `count`."""

    number: int
    count: int
    digits: str


def part(line: str) -> CardPart | None:
    """The part that a text is; None for a whole card, and for other texts. Raises `FormatError`, `EncodingError`."""
    begun = _NUMERIC.match(line)
    if begun is None or "/" not in line[begun.end() :]:
        return None
    found = _PART.fullmatch(line[begun.end() :])
    if found is None:
        raise EncodingError(Reason.NUMERIC_INVALID, _NEITHER)
    number, count = int(found[1]), int(found[2])
    if number > count or count > MAX_PARTS:
        raise FormatError(Reason.PART_INVALID, f"part {number} of {count}")
    return CardPart(number, count, found[3])


def _digits(lines: list[str]) -> list[str]:
    """The digits of a card, in the order of its parts."""
    found: dict[int, str] = {}
    counts = set()
    for line in lines:
        one = part(line)
        if one is None:
            begun = _NUMERIC.match(line)
            if begun is None:
                raise EncodingError(Reason.NUMERIC_INVALID, _NEITHER)
            one = CardPart(1, 1, line[begun.end() :])
        counts.add(one.count)
        if found.setdefault(one.number, one.digits) != one.digits or len(counts) > 1:
            raise PartsError(Reason.PARTS_DIFFER, "parts of different cards")
    (count,) = counts
    missing = [number for number in range(1, count + 1) if number not in found]
    if missing:
        raise PartsError(Reason.PARTS_MISSING, f"{', '.join(map(str, missing))} / {count}")
    return [found[number] for number in range(1, count + 1)]


def _letters(digits: str) -> str:
    """The characters that pairs of digits stand for."""
    if not (digits.isascii() and digits.isdigit()) or len(digits) % 2:
        raise EncodingError(Reason.NUMERIC_INVALID, "not pairs of digits")
    pairs = [int(digits[at : at + 2]) for at in range(0, len(digits), 2)]
    if max(pairs) > _LAST_PAIR:
        raise EncodingError(Reason.NUMERIC_INVALID, "a pair beyond the alphabet")
    return "".join(chr(_FIRST + pair) for pair in pairs)


def _is_ours(text: str) -> bool:
    """Whether a token is a health card's: it says that it is compressed as they are, or names their system inside."""
    head, body, _ = text.split(".")
    try:
        header = jsontext.loads(base64url.decode(head))
    except ValueError:
        return False
    if isinstance(header, dict) and "zip" in header:
        return True
    try:
        return b"https://smarthealth.cards#" in base64url.decode(body)
    except ValueError:
        return False


def _claims(payload: bytes) -> Mapping[str, Any]:
    try:
        claims = jsontext.loads(payload)
    except ValueError as error:
        raise ContentError(Reason.CONTENT_INVALID, f"no JSON: {error}" if _is_told(error) else "no JSON") from None
    if not isinstance(claims, dict):
        raise ContentError(Reason.CONTENT_INVALID, "the claims are no object")
    return claims


def _is_told(error: ValueError) -> bool:
    # The decoder's own errors quote nothing, but name places; ours name what is wrong.
    return type(error) is ValueError


def _issuer(payload: bytes) -> str:
    """Whose keys are to be tried. Raises `EnvelopeError` for what can be nobody's address.

    Only claimed as yet: keys are bound to their issuer's address, and who claims another's is not opened by its own.
    """
    try:
        claims = _claims(payload)
    except ContentError as error:
        raise EnvelopeError(Reason.JWS_INVALID, error.detail) from None
    issuer = claims.get("iss")
    if not isinstance(issuer, str) or _ISSUER.fullmatch(issuer) is None:
        raise EnvelopeError(Reason.JWS_INVALID, "iss is no address of an issuer")
    return issuer


def is_issuer(address: str) -> bool:
    """Whether an address can be an issuer's: https, no query, no fragment, no slash at its end."""
    return _ISSUER.fullmatch(address) is not None


def _object(holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = holder.get(name)
    if not isinstance(value, dict):
        raise ContentError(Reason.CONTENT_INVALID, f"{name} is no object")
    return value


def numeric(text: str) -> str:
    """The text of a card's code for a token."""
    return PREFIX + "".join(f"{ord(letter) - _FIRST:02}" for letter in text)


def seal(person: Person, dose: Dose, *, key: SigningKey, issuer: str, rid: str, issued_at: int, expires_at: int) -> str:
    """The signed text of a dose. `issuer`: its address; `rid`: what it is withdrawn by; times: seconds since 1970, UTC.

    Raises `InputError` for a vaccine that its codes do not name.
    """
    claims = {
        "iss": issuer,
        "nbf": issued_at,
        "exp": expires_at,
        "vc": {
            "type": list(_TYPES),
            "credentialSubject": {"fhirVersion": _FHIR, "fhirBundle": fhir.bundle(person, dose)},
            "rid": rid,
        },
    }
    payload = json.dumps(claims, ensure_ascii=False, separators=(",", ":")).encode()
    signed = jws.signing_input(key.algorithm, key.thumbprint, deflate.deflate_raw(payload), packed="DEF")
    return numeric(jws.encode(signed, key.sign(signed)))
