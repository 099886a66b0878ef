"""Whom a list was signed by: keys and certificates that the caller trusts, and signed tokens (JWS)."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from vaxcert.errors import ConfigurationError
from vaxcert.trust.lists.base import Proof, octets


def certificate(content: bytes) -> x509.Certificate | None:
    """A certificate in PEM or DER, or None."""
    try:
        if b"-----BEGIN" in content:
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
        if b"-----BEGIN" in content:
            return serialization.load_pem_public_key(content)
        return serialization.load_der_public_key(content)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ConfigurationError("signed by: neither a public key nor a certificate") from None


def verify_es256(key: ec.EllipticCurvePublicKey, signature: bytes, data: bytes) -> None:
    """Raise `InvalidSignature` unless that key made a signature (raw, r ‖ s) over the data."""
    r, s = (int.from_bytes(part, "big") for part in (signature[:32], signature[32:]))
    key.verify(encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))


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
    """By the trusted key itself, or by the certificate in the token that the trusted one has issued."""
    key = public_key(signed_by)
    anchor = certificate(signed_by)
    chain = header.get("x5c")
    if anchor is not None and isinstance(chain, list) and chain:
        key = _leaf(anchor, chain).public_key()
    try:
        if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1) and len(signature) == 64:
            if header.get("alg") == "ES256":
                verify_es256(key, signature, signed)
                return
        elif isinstance(key, rsa.RSAPublicKey) and key.key_size >= 2048:
            if header.get("alg") == "RS256":
                key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
                return
            if header.get("alg") == "PS256":
                key.verify(signature, signed, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
                return
    except InvalidSignature:
        pass
    raise ConfigurationError("the list was not signed by that key, or changed since")


def _leaf(anchor: x509.Certificate, chain: list[Any]) -> x509.Certificate:
    """The first of a chain, each issued by the next, at whose end stands the anchor."""
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
        raise ConfigurationError("the list's signer was not issued by that certificate") from None
    return certificates[0]
