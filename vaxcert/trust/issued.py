"""Signers that a card brings along: believed where an authority (CSCA) that is listed has issued their certificate.

Of the certificate its raw to-be-signed bytes are checked and its key is cut out of them: what a strict parser would
refuse in real ones, such as default values that are written out, is no reason to believe less or more. There is no way
around the authority.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from vaxcert.errors import KeyMaterialError, Reason
from vaxcert.trust import der
from vaxcert.trust.algorithms import check_rsa_size
from vaxcert.trust.keys import KID_SIZE, TrustedKey
from vaxcert.verdict import Environment
from vaxcert.wire import Algorithm

# ICAO Doc 9303-13: extended key usages of a signer of VDS-NC, of tests and of vaccinations.
_PURPOSES = {der.oid("2.23.136.1.1.14.1"): "test", der.oid("2.23.136.1.1.14.2"): "vaccination"}
_COUNTRY, _COMMON_NAME, _UNIT = der.oid("2.5.4.6"), der.oid("2.5.4.3"), der.oid("2.5.4.11")
_UTC_TIME, _GENERALIZED = 0x17, 0x18
_BIT_STRING, _VERSION = 0x03, 0xA0
_TEST = b"TEST"

# How an authority may have signed (RFC 4055, section 5; RFC 5758, section 3.2): hash and scheme. PSS as its parameters
# say, of which the salt is read from the signature; SHA-1 is none.
_RSA = {
    der.oid("1.2.840.113549.1.1.11"): hashes.SHA256(),
    der.oid("1.2.840.113549.1.1.12"): hashes.SHA384(),
    der.oid("1.2.840.113549.1.1.13"): hashes.SHA512(),
}
_PSS = der.oid("1.2.840.113549.1.1.10")
_ECDSA = {
    der.oid("1.2.840.10045.4.3.2"): hashes.SHA256(),
    der.oid("1.2.840.10045.4.3.3"): hashes.SHA384(),
    der.oid("1.2.840.10045.4.3.4"): hashes.SHA512(),
}
_ALGORITHMS = {"secp256r1": Algorithm.ES256, "secp384r1": Algorithm.ES384}


class Authority:
    """An authority that signers of cards are issued by. Raises `KeyMaterialError` for what is none."""

    def __init__(self, certificate: bytes) -> None:
        try:
            parsed = x509.load_der_x509_certificate(certificate)
            self._key: Any = parsed.public_key()
            self.subject = parsed.subject.public_bytes()
            self.country = next(
                (str(one.value).upper() for one in parsed.subject.get_attributes_for_oid(x509.NameOID.COUNTRY_NAME)),
                None,
            )
            self.not_before, self.not_after = parsed.not_valid_before_utc, parsed.not_valid_after_utc
        except (ValueError, TypeError, x509.InvalidVersion, UnsupportedAlgorithm):
            raise KeyMaterialError(Reason.CERTIFICATE_INVALID, "not a readable X.509 certificate") from None
        if not der.is_authority(der.extensions(certificate)):
            raise KeyMaterialError(Reason.CHAIN_INVALID, "not an authority's certificate")
        if isinstance(self._key, rsa.RSAPublicKey):
            check_rsa_size(min(self._key.key_size, 4096) if self._key.key_size <= 8192 else self._key.key_size)
        elif not isinstance(self._key, ec.EllipticCurvePublicKey):
            raise KeyMaterialError(Reason.KEY_TYPE_UNSUPPORTED, "neither RSA nor an elliptic curve")
        self.certificate = certificate

    def issued(self, signed: bytes, algorithm: bytes, signature: bytes) -> bool:
        """Whether the authority signed some to-be-signed bytes; `algorithm`: its identifier's content octets."""
        try:
            if algorithm in _ECDSA and isinstance(self._key, ec.EllipticCurvePublicKey):
                self._key.verify(signature, signed, ec.ECDSA(_ECDSA[algorithm]))
                return True
            if isinstance(self._key, rsa.RSAPublicKey):
                if algorithm in _RSA:
                    self._key.verify(signature, signed, padding.PKCS1v15(), _RSA[algorithm])
                    return True
                if algorithm == _PSS:
                    return any(self._made_pss(signature, signed, digest) for digest in _RSA.values())
        except (InvalidSignature, ValueError, UnsupportedAlgorithm):
            pass
        return False

    def _made_pss(self, signature: bytes, signed: bytes, digest: Any) -> bool:
        try:
            scheme = padding.PSS(padding.MGF1(digest), padding.PSS.AUTO)
            self._key.verify(signature, signed, scheme, digest)
        except InvalidSignature:
            return False
        return True


def signer(certificate: bytes, authorities: Iterable[Authority]) -> TrustedKey | None:
    """The key of a certificate that a card brought, where one of the authorities has issued it while it was valid.

    Raises `KeyMaterialError` for a certificate that cannot be used.
    """
    parts = der.items(_one(certificate, der.SEQUENCE))
    if len(parts) != 3 or parts[2][0] != _BIT_STRING:
        raise _unreadable()
    tbs, algorithm, signature = parts[0][1], _oid_in(parts[1][1]), parts[2][1][1:]
    signed = _raw_first(certificate)
    fields = [one for one in der.items(tbs) if one[0] != _VERSION]
    if len(fields) < 6:
        raise _unreadable()
    # serial, algorithm, issuer, validity, subject, key (RFC 5280, section 4.1)
    inner, issuer, validity, subject, key = (content for _, content in fields[1:6])
    if _oid_in(inner) != algorithm:
        raise _unreadable()
    moments = [_moment(*one) for one in der.items(validity)]
    if len(moments) != 2:
        raise _unreadable()
    begins, ends = moments
    named = _sequence(issuer)
    for authority in authorities:
        if named != authority.subject or not authority.not_before <= begins <= authority.not_after:
            continue
        if authority.issued(signed, algorithm, signature):
            return _key(certificate, key, begins, ends, _attributes(subject), authority)
    return None


def _key(
    certificate: bytes, key: bytes, begins: datetime, ends: datetime, subject: dict[bytes, bytes], authority: Authority
) -> TrustedKey:
    try:
        public: Any = serialization.load_der_public_key(_sequence(key))
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _unreadable() from None
    curve = public.curve.name if isinstance(public, ec.EllipticCurvePublicKey) else ""
    if curve not in _ALGORITHMS:
        raise KeyMaterialError(Reason.KEY_TYPE_UNSUPPORTED, "neither P-256 nor P-384")
    purposes = der.key_purposes(der.extensions(certificate))
    usages = frozenset(_PURPOSES[one] for one in purposes if one in _PURPOSES)
    country = (authority.country or subject.get(_COUNTRY, b"").decode("ascii", "replace").upper()) or None
    return TrustedKey(
        kid=hashlib.sha256(certificate).digest()[:KID_SIZE],
        public_key=public,
        algorithm=_ALGORITHMS[curve],
        not_before=begins,
        not_after=ends,
        country=country,
        usages=usages,
        # Of an authority that vouches for passports and more, only what says so signs cards.
        formats=frozenset(("vdsnc",)) if usages else frozenset(),
        environment=Environment.TEST if subject.get(_UNIT, b"").upper() == _TEST else None,
        subject=f"CN={subject.get(_COMMON_NAME, b'').decode('utf-8', 'replace')}",
        certificate=certificate,
    )


def _one(data: bytes, tag: int) -> bytes:
    found = der.items(data)
    if len(found) != 1 or found[0][0] != tag:
        raise _unreadable()
    return found[0][1]


def _raw_first(certificate: bytes) -> bytes:
    """The first item inside, with its tag and length as they stand: what was signed."""
    inside = _one(certificate, der.SEQUENCE)
    tag, content = der.items(inside)[0]
    at = inside.index(content, 2)
    if tag != der.SEQUENCE:
        raise _unreadable()
    return inside[: at + len(content)]


def _sequence(content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes((der.SEQUENCE, size)) + content
    octets = (size.bit_length() + 7) // 8
    return bytes((der.SEQUENCE, 0x80 | octets)) + size.to_bytes(octets, "big") + content


def _oid_in(algorithm: bytes) -> bytes:
    found = der.items(algorithm)
    if not found or found[0][0] != der.OID:
        raise _unreadable()
    return found[0][1]


def _attributes(name: bytes) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for _, group in der.items(name):
        for _, pair in der.items(group):
            parts = der.items(pair)
            if len(parts) == 2:
                found.setdefault(parts[0][1], parts[1][1])
    return found


def _moment(tag: int, content: bytes) -> datetime:
    form = {_UTC_TIME: "%y%m%d%H%M%SZ", _GENERALIZED: "%Y%m%d%H%M%SZ"}.get(tag)
    try:
        if form is None:
            raise ValueError
        return datetime.strptime(content.decode("ascii"), form).replace(tzinfo=UTC)
    except ValueError:
        raise _unreadable() from None


def _unreadable() -> KeyMaterialError:
    return KeyMaterialError(Reason.CERTIFICATE_INVALID, "not a readable X.509 certificate")
