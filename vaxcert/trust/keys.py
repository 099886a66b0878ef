"""`TrustedKey`: a published key that cards are checked against."""

from __future__ import annotations

import hashlib
import unicodedata
import warnings
from datetime import UTC, datetime
from typing import Any, cast

import msgspec
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID

from vaxcert.errors import KeyMaterialError, Reason
from vaxcert.trust import algorithms, der
from vaxcert.trust.algorithms import PublicKey, algorithm_of
from vaxcert.trust.purposes import FORMAT_OF, KIND_OF
from vaxcert.trust.rids import NO_RIDS, Rids
from vaxcert.verdict import Environment
from vaxcert.wire import Algorithm

KID_SIZE = 8  # HCERT 1.0.8, section 3.3.1: the first eight bytes of the certificate's SHA-256

# Certificates whose subject carries this organisational unit sign trials, never real certificates.
TEST_MARK = "TEST"
# Letters by their category, and blank on every screen (Unicode, Hangul Jamo).
_FILLERS = frozenset("\u115f\u1160")

# A key without certificate does not end by itself: its list ends it.
_ALWAYS, _FOREVER = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


_EU = frozenset(("hcert",))


class RefusedKey(msgspec.Struct, frozen=True):
    """An entry of a list or folder that was left out: where it came from and why."""

    source: str
    reason: Reason
    detail: str = ""


class TrustedKey(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A key that somebody published, and what it may do.

    `kid` is a hint that several keys may share. `country` is of the authority that answers for the key.
    `usages`: kinds of certificate that it may sign, any where empty. `formats`: names of the formats that
    it may sign. `not_before`, `not_after`: aware, UTC, both inclusive. `withdrawn`: still listed so that
    its cards are known, but revoked. `environment` is `TEST` where the certificate is marked so, else
    None: then the store's declaration decides. `issuer`: the URL or DID whose cards alone it may sign, any
    where empty. `rids`: of an issuer of SMART Health Cards, which cards under it are withdrawn.
    """

    kid: bytes
    public_key: PublicKey
    algorithm: Algorithm
    not_before: datetime
    not_after: datetime
    country: str | None = None
    usages: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset(("hcert",))
    environment: Environment | None = None
    withdrawn: bool = False
    subject: str = ""
    certificate: bytes = b""
    issuer: str = ""
    rids: Rids = NO_RIDS

    def __repr__(self) -> str:
        return f"<TrustedKey {self.kid.hex()} {self.country or '??'} {self.algorithm}>"

    @classmethod
    def from_certificate(
        cls, certificate: bytes, *, kid: bytes | None = None, country: str | None = None
    ) -> TrustedKey:
        """The key of an X.509 certificate (DER), which is believed as it stands: no chain is built.

        `kid`: what cards call it, when that is not the first 8 bytes of the certificate's SHA-256.
        `country`: overrides the country of the subject. Raises `KeyMaterialError`:
        `certificate_invalid`, `critical_extension_unknown`, `key_type_unsupported`, `key_weak`.
        """
        # Real certificates hold country names of three letters and serial numbers of zero; cryptography
        # warns about each, which would drown what an operator must see.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                parsed = x509.load_der_x509_certificate(certificate)
                public_key = parsed.public_key()
                not_before, not_after = parsed.not_valid_before_utc, parsed.not_valid_after_utc
            except UnsupportedAlgorithm:
                raise KeyMaterialError(Reason.KEY_TYPE_UNSUPPORTED, "an unsupported kind of key") from None
            except (ValueError, TypeError, x509.InvalidVersion):
                raise KeyMaterialError(Reason.CERTIFICATE_INVALID, "not a readable X.509 certificate") from None
            subject, claimed_country, marked = _read_subject(parsed)
        der.check_critical(certificate)
        purposes = der.key_purposes(der.extensions(certificate))
        return cls(
            kid=hashlib.sha256(certificate).digest()[:KID_SIZE] if kid is None else kid,
            public_key=cast(PublicKey, public_key),
            algorithm=algorithm_of(public_key),
            not_before=not_before,
            not_after=not_after,
            country=country or claimed_country,
            usages=frozenset(KIND_OF[purpose] for purpose in purposes if purpose in KIND_OF),
            formats=frozenset(FORMAT_OF[one] for one in purposes if one in FORMAT_OF) or _EU,
            environment=Environment.TEST if marked else None,
            subject=subject,
            certificate=certificate,
        )

    @classmethod
    def from_public_key(cls, content: bytes, kid: bytes) -> TrustedKey:
        """A key without a certificate (SubjectPublicKeyInfo, DER), which does not end by itself.

        Raises `KeyMaterialError`: `key_id_missing`, `certificate_invalid`, `key_type_unsupported`, `key_weak`.
        """
        try:
            public_key = serialization.load_der_public_key(content)
        except UnsupportedAlgorithm:
            raise KeyMaterialError(Reason.KEY_TYPE_UNSUPPORTED, "an unsupported kind of key") from None
        except (ValueError, TypeError):
            raise KeyMaterialError(Reason.CERTIFICATE_INVALID, "not a public key") from None
        if not kid:
            raise KeyMaterialError(Reason.KEY_ID_MISSING, "no key id")
        return cls(
            kid=kid,
            public_key=cast(PublicKey, public_key),
            algorithm=algorithm_of(public_key),
            not_before=_ALWAYS,
            not_after=_FOREVER,
        )

    def narrowed(self, usages: frozenset[str]) -> TrustedKey:
        """The key for some of the kinds that it may sign. Raises `KeyMaterialError` (`usage_not_allowed`) for none."""
        # Without any in its certificate a key may sign all kinds; and an empty set would say so too.
        allowed = usages & (self.usages or usages)
        if not allowed:
            raise KeyMaterialError(Reason.USAGE_NOT_ALLOWED, "its certificate and its list allow different kinds")
        return msgspec.structs.replace(self, usages=allowed)

    def spki(self) -> bytes:
        """The public key as SubjectPublicKeyInfo, DER."""
        return self.public_key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Whether this key made `signature` (raw, for ECDSA r ‖ s) over `data`, with its own algorithm."""
        key: Any = self.public_key
        if self.algorithm is Algorithm.ES384:
            return algorithms.made_es384(key, signature, data)
        made = algorithms.made_ps256 if self.algorithm is Algorithm.PS256 else algorithms.made_es256
        return made(key, signature, data)

    def __reduce__(self) -> tuple[object, ...]:
        # A verdict names its signer, and verdicts travel between processes: the key as the bytes that it is.
        fields = {name: getattr(self, name) for name in self.__struct_fields__}
        return _anew, (fields | {"public_key": self.spki()},)

    @property
    def fingerprint(self) -> bytes:
        """SHA-256 over the public key (SubjectPublicKeyInfo): what tells two keys apart for certain."""
        return hashlib.sha256(self.spki()).digest()


def _anew(fields: dict[str, Any]) -> TrustedKey:
    public_key = serialization.load_der_public_key(fields["public_key"])
    return TrustedKey(**fields | {"public_key": cast(PublicKey, public_key)})


def _read_subject(parsed: x509.Certificate) -> tuple[str, str | None, bool]:
    try:
        subject = parsed.subject
        countries = subject.get_attributes_for_oid(NameOID.COUNTRY_NAME)
        country = str(countries[0].value).strip().upper() if countries else None
        units = subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
        return subject.rfc4514_string(), country or None, any(_is_test_mark(unit.value) for unit in units)
    except (ValueError, KeyError):  # cryptography 46 raises the latter for a string of an unknown kind
        # A name that cannot be read names nobody, and marks nothing.
        return "", None, False


def _is_test_mark(unit: str | bytes) -> bool:
    """Whether people who read it see the mark: in any case and width, whatever stands in it that nobody sees."""
    if isinstance(unit, bytes):
        return False
    shown = unicodedata.normalize("NFKC", unit)
    return "".join(c for c in shown if c.isalnum() and c not in _FILLERS).upper() == TEST_MARK
