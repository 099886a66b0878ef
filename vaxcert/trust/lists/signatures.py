"""Whom a list was signed by: keys and certificates that the caller trusts, and signed tokens (JWS)."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from vaxcert.errors import ConfigurationError, DamagedError, Reason
from vaxcert.trust.algorithms import MIN_RSA, SHA256, is_p256, made_es256, made_ps256
from vaxcert.trust.lists.base import Proof, octets
from vaxcert.trust.pem import is_pem


def certificate(content: bytes) -> x509.Certificate | None:
    """A certificate in PEM or DER, or None."""
    try:
        if is_pem(content):
            return x509.load_pem_x509_certificate(content)
        return x509.load_der_x509_certificate(content)
    except ValueError:
        return None


def public_key(content: bytes) -> Any:
    """The key in PEM or DER, alone or in a certificate. Raises `ConfigurationError`."""
    found = certificate(content)
    try:
        if found is not None:
            return found.public_key()
        if is_pem(content):
            return serialization.load_pem_public_key(content)
        return serialization.load_der_public_key(content)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ConfigurationError("signed by: neither a public key nor a certificate", Reason.FORM_UNKNOWN) from None


def token(data: bytes) -> tuple[Any, Proof] | None:
    """The payload of a compact JWS (RFC 7515, section 7.1), and how to check it; None for another form."""
    parts = data.strip().split(b".")
    if len(parts) != 3:
        return None
    try:
        header, payload, signature = (octets(part.decode("ascii")) for part in parts)
        claims, described = json.loads(payload), json.loads(header)
    except (ValueError, RecursionError):
        return None
    if not isinstance(described, dict):
        return None
    signed = parts[0] + b"." + parts[1]
    return claims, lambda signed_by: _check(described, signed, signature, signed_by)


def _check(header: dict[str, Any], signed: bytes, signature: bytes, signed_by: bytes) -> None:
    """Raise `ConfigurationError` unless the trusted key signed the token, or a certificate in it that it has issued."""
    key = public_key(signed_by)
    anchor = certificate(signed_by)
    chain = header.get("x5c")
    if anchor is not None and isinstance(chain, list) and chain:
        key = _leaf(anchor, chain).public_key()
    try:
        if is_p256(key):
            if header.get("alg") == "ES256" and made_es256(key, signature, signed):
                return
        elif isinstance(key, rsa.RSAPublicKey) and key.key_size >= MIN_RSA:
            if header.get("alg") == "RS256":
                key.verify(signature, signed, padding.PKCS1v15(), SHA256)
                return
            if header.get("alg") == "PS256" and made_ps256(key, signature, signed):
                return
    except InvalidSignature:
        pass
    raise DamagedError("the list was not signed by that key, or changed since", Reason.NOT_AUTHENTIC)


def _leaf(anchor: x509.Certificate, chain: list[Any]) -> x509.Certificate:
    """The first certificate of a chain, each issued by the next, at whose end stands the anchor."""
    try:
        certificates = [x509.load_der_x509_certificate(octets(one)) for one in chain[:8]]
        if certificates[-1] != anchor:
            certificates.append(anchor)
        for one, issuer in pairwise(certificates):
            one.verify_directly_issued_by(issuer)
            constraints = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
            if not constraints.ca:
                raise ValueError("issued by what is no authority")
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound, UnsupportedAlgorithm):
        raise DamagedError("the list's signer was not issued by that certificate", Reason.NOT_AUTHENTIC) from None
    return certificates[0]
