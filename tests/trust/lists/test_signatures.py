"""Whom a list was signed by, and which of its signers an authority has issued."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from vaxcert import TrustedKey, TrustStore
from vaxcert.errors import ConfigurationError
from vaxcert.trust.lists.chain import Chain, under
from vaxcert.trust.own import authority
from vaxcert.verdict import Environment

NOW = datetime(2026, 6, 15, 9, 30, tzinfo=UTC)
DER, PEM = serialization.Encoding.DER, serialization.Encoding.PEM


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def url64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def public(key: Any, encoding: serialization.Encoding) -> bytes:
    content: bytes = key.public_key().public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)
    return content


LIST = {"certs": [{"keyId": b64(b"first"), "subjectPublicKeyInfo": b64(public(authority.new_key(), DER))}]}


def token(header: Any, document: Any, sign: Callable[[bytes], bytes]) -> bytes:
    signed = f"{url64(json.dumps(header).encode())}.{url64(json.dumps(document).encode())}".encode()
    return signed + b"." + url64(sign(signed)).encode()


def test_a_signed_token_is_believed_by_its_key_or_by_the_authority_of_its_chain() -> None:
    key = rsa.generate_private_key(65537, 2048)

    def sign(data: bytes) -> bytes:
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())

    start = NOW - timedelta(days=1)
    root = authority.new_key()
    name = authority.distinguished_name("VN", "Sample root", Environment.TEST)
    anchor = authority.make_csca(root, name, start)
    leaf = issued("Sample list", key.public_key(), name, root, start)
    chained = token({"alg": "RS256", "x5c": [b64(leaf.public_bytes(DER))]}, LIST, sign)
    assert len(TrustStore.from_published(chained, signed_by=anchor.public_bytes(PEM))) == 1
    assert len(TrustStore.from_published(chained, signed_by=leaf.public_bytes(DER))) == 1
    assert len(TrustStore.from_published(chained, signed_by=public(key, PEM))) == 1
    stranger = authority.make_csca(authority.new_key(), name, start)
    for other in (stranger.public_bytes(DER), public(root, PEM), public(authority.new_key(), PEM)):
        with pytest.raises(ConfigurationError, match=r"not issued by|not signed by"):
            TrustStore.from_published(chained, signed_by=other)
    for header in ({"alg": "none"}, {"alg": "HS256"}, {"alg": "ES256"}, {}):
        with pytest.raises(ConfigurationError, match="not signed by"):
            TrustStore.from_published(token(header, LIST, sign), signed_by=public(key, PEM))
    forged = chained.split(b".")
    forged[1] = url64(json.dumps(LIST | {"more": 1}).encode()).encode()
    with pytest.raises(ConfigurationError, match="not signed by"):
        TrustStore.from_published(b".".join(forged), signed_by=public(key, PEM))


def issued(subject: str, public_key: Any, issuer: x509.Name, key: Any, start: datetime) -> x509.Certificate:
    return (
        x509.CertificateBuilder()
        .subject_name(authority.distinguished_name("VN", subject, Environment.TEST))
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(7)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=99))
        .sign(key, hashes.SHA256())
    )


def chained_key(*, start: datetime = NOW) -> tuple[TrustedKey, bytes]:
    root, key = authority.new_key(), authority.new_key()
    name = authority.distinguished_name("VN", "Sample CSCA", Environment.TEST)
    anchor = authority.make_csca(root, name, NOW - timedelta(days=1))
    made = issued("Sample DSC", key.public_key(), name, root, start)
    return (
        TrustedKey.from_certificate(made.public_bytes(DER)),
        anchor.public_bytes(DER),
    )


def test_a_chain_is_demanded_strictly_leniently_or_not_at_all() -> None:
    good, anchor = chained_key()
    stranger, _ = chained_key()
    plain = TrustedKey.from_public_key(public(authority.new_key(), DER), b"no certificate")
    late, late_anchor = chained_key(start=NOW + timedelta(days=9_000))
    for how in (Chain.LENIENT, Chain.STRICT):
        keys, refused = under([good, stranger, plain, late], [b"broken", anchor, late_anchor], how)
        assert keys == (good,)
        assert [entry.reason for entry in refused] == ["chain_invalid"] * 3
    assert under([good, stranger, plain, late], [], Chain.NONE) == ((good, stranger, plain, late), ())
