"""Whether a signer's certificate was issued by an authority (CSCA) that is trusted.

Strict: cryptography's path validation (RFC 5280, section 6). Real signers break it with default values written out,
empty extensions, serial numbers of zero and authorities that do not say that they are; for those the lenient way looks
only at what carries the trust: names, the authority's signature, and that it was valid when it issued.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from enum import StrEnum

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509 import verification

from vaxcert.errors import Reason
from vaxcert.trust.keys import RefusedKey, TrustedKey


class Chain(StrEnum):
    """How a chain is judged."""

    NONE = "none"
    LENIENT = "lenient"
    STRICT = "strict"


def under(
    keys: Iterable[TrustedKey], authorities: Iterable[bytes], how: Chain
) -> tuple[tuple[TrustedKey, ...], tuple[RefusedKey, ...]]:
    """The keys that one of the authorities (DER) vouches for, and the others as `chain_invalid`."""
    keys = tuple(keys)
    if how is Chain.NONE:
        return keys, ()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        anchors: dict[bytes, list[x509.Certificate]] = {}
        for authority in authorities:
            try:
                parsed = x509.load_der_x509_certificate(authority)
                anchors.setdefault(parsed.subject.public_bytes(), []).append(parsed)
            except (ValueError, TypeError, x509.InvalidVersion):
                continue
        good, refused = [], []
        for key in keys:
            if key.certificate and _chained(key, anchors, how):
                good.append(key)
            else:
                refused.append(RefusedKey(key.subject or key.kid.hex(), Reason.CHAIN_INVALID))
    return tuple(good), tuple(refused)


def _chained(key: TrustedKey, anchors: dict[bytes, list[x509.Certificate]], how: Chain) -> bool:
    try:
        certificate = x509.load_der_x509_certificate(key.certificate)
        candidates = anchors.get(certificate.issuer.public_bytes(), [])
    except (ValueError, TypeError, x509.InvalidVersion):
        return False
    judge = _strictly if how is Chain.STRICT else _leniently
    return any(judge(certificate, anchor) for anchor in candidates)


def _leniently(certificate: x509.Certificate, anchor: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(anchor)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return anchor.not_valid_before_utc <= certificate.not_valid_before_utc <= anchor.not_valid_after_utc


def _strictly(certificate: x509.Certificate, anchor: x509.Certificate) -> bool:
    # Judged at its issue: whether it still holds is asked of every card.
    policy = (
        verification.PolicyBuilder()
        .store(verification.Store([anchor]))
        .time(certificate.not_valid_before_utc)
        .extension_policies(
            ca_policy=verification.ExtensionPolicy.webpki_defaults_ca(),
            ee_policy=verification.ExtensionPolicy.permit_all(),
        )
    )
    try:
        policy.build_client_verifier().verify(certificate, [])
    except (verification.VerificationError, ValueError, UnsupportedAlgorithm):
        return False
    return True
