"""NZ COVID Pass (technical specification 1.0, New Zealand's Ministry of Health).

    NZCP:/1/ + base32(COSE_Sign1(CWT claims with a verifiable credential)), without padding

A pass names its holder and no dose: that its issuer held them to meet what the pass asked for.
"""

from __future__ import annotations

import base64
import binascii
import re
import uuid
from collections.abc import Mapping
from typing import Any

import msgspec

from vaxcert.errors import (
    ContentError,
    EncodingError,
    EnvelopeError,
    FormatError,
    InputError,
    Reason,
    UnsupportedContentError,
)
from vaxcert.formats import dates
from vaxcert.model import Certificate, Pass, Person
from vaxcert.names import normalise
from vaxcert.trust import Opened
from vaxcert.verdict import Stage
from vaxcert.wire import Algorithm, Sealed, cbor, cose

PREFIX = "NZCP:/"
# As of HCERT: the densest code holds 4,296 characters.
MAX_TEXT = 5_000
_VERSION = "1"
_BASE32 = re.compile(r"[A-Z2-7]+", re.ASCII)

# CWT claim keys (RFC 8392, section 4) and the one that the specification adds, section 2.1
_ISS, _EXP, _NBF, _CTI, _VC = 1, 4, 5, 7, "vc"
_CONTEXTS = ("https://www.w3.org/2018/credentials/v1", "https://nzcp.covid19.health.nz/contexts/v1")
_TYPES = ("VerifiableCredential", "PublicCovidPass")
_DID = re.compile(r"did:web:[A-Za-z0-9.:%_-]{1,255}", re.ASCII)


class Nzcp:
    """The pass."""

    name: str = "nzcp"
    algorithms: frozenset[Algorithm] = frozenset((Algorithm.ES256,))
    stages: tuple[Stage, ...] = (Stage.FORMAT, Stage.ENCODING, Stage.ENVELOPE)

    def detect(self, text: str) -> bool:
        """Whether the text begins with "NZCP:/"."""
        return text.startswith(PREFIX)

    def unwrap(self, text: str) -> Sealed:
        """The COSE message in a text that begins with the prefix."""
        sealed = cose.decode(message(text))
        return msgspec.structs.replace(sealed, issuer=_issuer(sealed.payload))

    def read(self, opened: Opened) -> Certificate:
        """The pass in the claims of a checked message."""
        claims = _claims(opened.payload)
        issuer = claims.get(_ISS)
        if issuer != opened.signer.issuer:
            raise ContentError(Reason.CONTENT_INVALID, "iss is not the signer's")
        begins, ends = dates.moment(claims.get(_NBF), "claim 5"), dates.moment(claims.get(_EXP), "claim 4")
        identifier = claims.get(_CTI)
        if type(identifier) is not bytes or len(identifier) != 16:
            raise ContentError(Reason.CONTENT_INVALID, "claim 7 is no UUID")
        credential = _map(claims.get(_VC), "vc")
        _check_is_pass(credential)
        subject = _map(credential.get("credentialSubject"), "credentialSubject")
        return Certificate(
            format=self.name,
            version=_text(credential, "version"),
            person=_person(subject),
            entries=(
                Pass(
                    name=_TYPES[1],
                    valid_from=begins.date(),
                    country="NZ",
                    issuer=issuer,
                    certificate_id=f"urn:uuid:{uuid.UUID(bytes=identifier)}",
                ),
            ),
            issuer=issuer,
            issued_at=begins,
            expires_at=ends,
            not_before=begins,
        )


NZCP = Nzcp()


def message(text: str) -> bytes:
    """The COSE message in a text that begins with the prefix. Raises `FormatError` or `EncodingError`."""
    if len(text) > MAX_TEXT:
        raise FormatError(Reason.TEXT_TOO_LONG, f"{len(text)} characters, at most {MAX_TEXT}")
    version, _, body = text[len(PREFIX) :].partition("/")
    if version != _VERSION:
        raise EncodingError(Reason.BASE32_INVALID, "not of version 1")
    if _BASE32.fullmatch(body) is None:
        raise EncodingError(Reason.BASE32_INVALID, "a character outside the alphabet, or none")
    try:
        data = base64.b32decode(body + "=" * (-len(body) % 8))
    except binascii.Error:
        raise EncodingError(Reason.BASE32_INVALID, "a dangling character") from None
    # Bits beyond the last byte would give one message several texts.
    if base64.b32encode(data).rstrip(b"=") != body.encode():
        raise EncodingError(Reason.BASE32_INVALID, "bits beyond the last byte")
    return data


def _claims(payload: bytes) -> Mapping[Any, Any]:
    try:
        claims = cbor.loads(payload)
    except EnvelopeError as error:
        raise ContentError(Reason.CONTENT_INVALID, error.detail) from None
    if type(claims) is not dict:
        raise ContentError(Reason.CONTENT_INVALID, "the claims are no map")
    return claims


def _issuer(payload: bytes) -> str:
    """Whose keys are to be tried: only claimed as yet, and keys are bound to their issuer."""
    try:
        issuer = _claims(payload).get(_ISS)
    except ContentError as error:
        raise EnvelopeError(Reason.CBOR_INVALID, error.detail) from None
    if not isinstance(issuer, str) or _DID.fullmatch(issuer) is None:
        raise EnvelopeError(Reason.COSE_INVALID, "claim 1 is no did:web")
    return issuer


def _check_is_pass(credential: Mapping[Any, Any]) -> None:
    """Raise `ContentError` for a credential that is none of the specification's, section 2.3 and 2.4."""
    contexts, types = credential.get("@context"), credential.get("type")
    if not isinstance(contexts, list) or not isinstance(types, list) or contexts[:1] != [_CONTEXTS[0]]:
        raise ContentError(Reason.CONTENT_INVALID, "no verifiable credential")
    if types[:1] != [_TYPES[0]] or _CONTEXTS[1] not in contexts:
        raise ContentError(Reason.CONTENT_INVALID, "no pass")
    if types != list(_TYPES):
        # The specification leaves room for other kinds of pass.
        raise UnsupportedContentError(Reason.CONTENT_UNKNOWN, "nz_covid_pass")


def _person(subject: Mapping[Any, Any]) -> Person:
    try:
        person = Person(
            family_name=_text(subject, "familyName") if "familyName" in subject else "",
            given_name=_text(subject, "givenName"),
            date_of_birth=_text(subject, "dob"),
        )
    except InputError:
        raise ContentError(Reason.CONTENT_INVALID, "dob is no date of birth") from None
    if not normalise(person.full_name) or len(person.date_of_birth) != 10:
        raise ContentError(Reason.CONTENT_INVALID, "no name, or no date of birth")
    return person


def _map(value: object, name: str) -> Mapping[Any, Any]:
    if type(value) is not dict:
        raise ContentError(Reason.CONTENT_INVALID, f"{name} is no map")
    return value


def _text(holder: Mapping[Any, Any], name: str) -> str:
    value = holder.get(name)
    if not isinstance(value, str):
        raise ContentError(Reason.CONTENT_INVALID, f"{name} is no text")
    return value
