"""Key lists in the forms in which others publish them, made here; and mangled."""

import base64
import json
import warnings
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from vaxcert import SigningKey, TrustedKey, TrustStore, Verifier
from vaxcert.errors import ConfigurationError
from vaxcert.trust import jwk as jwks
from vaxcert.trust import lists
from vaxcert.trust.lists.base import participant
from vaxcert.trust.own import authority

NOW = datetime(2026, 6, 15, 9, 30, tzinfo=UTC)


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def url64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signer(country: str = "VN") -> SigningKey:
    return _signer(country)


@cache
def _signer(country: str) -> SigningKey:
    return SigningKey.generate(country, now=NOW - timedelta(days=30))


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def spki(key: Any) -> bytes:
    content: bytes = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return content


def pem(key: Any) -> bytes:
    content: bytes = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return content


def jwk_of(key: SigningKey) -> dict[str, str]:
    numbers = key.trusted().public_key.public_numbers()
    assert isinstance(numbers, ec.EllipticCurvePublicNumbers)
    point = {name: url64(value.to_bytes(32, "big")) for name, value in (("x", numbers.x), ("y", numbers.y))}
    jwk = {"kty": "EC", "crv": "P-256", **point}
    return {**jwk, "kid": url64(jwks.thumbprint(jwk))}


def did_list(version: int = 2) -> Any:
    def method(code: str, usage: str, key: SigningKey) -> Any:
        kid = b64(key.kid)
        path = f"v2:trustlist:DCC:{code}:{usage}" if version == 2 else f"trustlist:{code.lower()}"
        jwk = {**jwk_of(key), "x": "AA", "kid": kid, "x5c": [b64(key.certificate)]}
        return {"id": f"did:web:example.int:{path}#{kid}", "type": "JsonWebKey2020", "publicKeyJwk": jwk}

    methods = [method("VNM", "DSC", signer()), method("XXB", "DSC", signer("XB")), method("IOM", "DSC", signer("IO"))]
    if version == 2:
        methods.append(method("LAO", "SCA", signer("LA")))
    root = "did:web:example.int:v2:trustlist" if version == 2 else "did:web:example.int:trustlist"
    return {"id": root, "verificationMethod": methods, "proof": {"jws": "…"}}


def german(entries: list[Any] | None = None, key: Any = None) -> bytes:
    listed = [gateway_entry(signer()), gateway_entry(signer("LA"))] if entries is None else entries
    content = json.dumps({"certificates": listed}).encode()
    r, s = decode_dss_signature((key or list_key()).sign(content, ec.ECDSA(hashes.SHA256())))
    return b64(r.to_bytes(32, "big") + s.to_bytes(32, "big")).encode() + b"\n" + content + b"\n"


@cache
def list_key() -> ec.EllipticCurvePrivateKey:
    return authority.new_key()


def gateway_entry(key: SigningKey, **changes: Any) -> Any:
    good = {"kid": b64(key.kid), "rawData": b64(key.certificate), "country": key.country, "certificateType": "DSC"}
    return good | changes


def swiss() -> Any:
    numbers = rsa_key().public_key().public_numbers()
    return {
        "certs": [
            {"keyId": b64(b"first"), "use": "v", "alg": "ES256", "subjectPublicKeyInfo": b64(spki(list_key()))},
            {"keyId": b64(b"second"), "use": "sig", "alg": "ES256", "crv": "P-256", **{name: b64(value) for name, value in point().items()}},
            {"keyId": b64(b"third"), "use": "", "alg": "RS256",
             "n": b64(numbers.n.to_bytes(256, "big")), "e": b64(numbers.e.to_bytes(3, "big"))},
        ]
    }  # fmt: skip


def point() -> dict[str, bytes]:
    numbers = list_key().public_key().public_numbers()
    return {"x": numbers.x.to_bytes(32, "big"), "y": numbers.y.to_bytes(32, "big")}


def dutch() -> Any:
    one = {"subjectPk": b64(spki(list_key())), "keyUsage": ["t", "r"], "ian": "LA", "san": ""}
    other = {"subjectPk": b64(spki(rsa_key())), "keyUsage": [], "ian": "", "san": ""}
    keys = {"eu_keys": {b64(b"the same"): [one, other], b64(b"another"): [one]}}
    return {"payload": b64(json.dumps(keys).encode()), "signature": b64(b"CMS")}


def french() -> Any:
    der = signer().certificate
    text = x509.load_der_x509_certificate(der).public_bytes(serialization.Encoding.PEM)
    return {
        "certificatesDCC": {b64(b"kid 1"): b64(b64(der).encode()), b64(b"kid 2"): b64(text), b64(b"kid 3"): b64(der)},
        "certificates2DDoc": {"FR01": "…"},
    }


def vci() -> Any:
    return {
        "directory": "https://example.org",
        "issuerInfo": [
            {"issuer": {"iss": "https://one.example", "name": "One"}, "keys": [jwk_of(signer())], "crls": []},
            {"issuer": {"iss": "https://two.example", "name": "Two"}, "keys": [jwk_of(signer()), jwk_of(signer("LA"))]},
            {"issuer": {"iss": "https://none.example", "name": "Three"}},
        ],
    }


def did_web() -> Any:
    subject = "did:web:example.govt.nz"
    methods = [
        {"id": f"{subject}#key-1", "controller": subject, "type": "JsonWebKey2020", "publicKeyJwk": jwk_of(signer())},
        {
            "id": f"{subject}#key-2",
            "controller": subject,
            "type": "JsonWebKey2020",
            "publicKeyJwk": jwk_of(signer("LA")),
        },
    ]
    return {"id": subject, "verificationMethod": methods, "assertionMethod": [f"{subject}#key-1"]}


def encoded(document: Any) -> bytes:
    return document if isinstance(document, bytes) else json.dumps(document).encode()


FORMS: dict[str, tuple[Callable[[], Any], str, int, int]] = {
    "WHO, version 2": (did_list, "WHO trust list", 4, 0),
    "WHO, version 1": (lambda: did_list(1), "WHO trust list", 3, 0),
    "German": (german, "German list", 2, 0),
    "gateway": (lambda: [gateway_entry(signer())], "list of certificates", 1, 0),
    "Swiss": (swiss, "Swiss list", 3, 0),
    "Dutch": (dutch, "Dutch list", 3, 0),
    "French": (french, "French list", 3, 0),
    "JWKS": (lambda: {"keys": [jwk_of(signer())]}, "JWKS", 0, 1),
    "VCI": (vci, "VCI directory", 3, 0),
    "did:web": (did_web, "DID document", 1, 1),
    "PEM": (lambda: x509.load_der_x509_certificate(signer().certificate).public_bytes(serialization.Encoding.PEM) * 2, "certificates", 2, 0),
    "DER": (lambda: signer().certificate, "certificates", 1, 0),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_told_by_its_content_and_read(form: str) -> None:
    make, name, usable, refused = FORMS[form]
    published = lists.read(encoded(make()))
    assert (published.name, len(published.keys), len(published.refused)) == (name, usable, refused)


def keys_by_kid(document: Any) -> dict[bytes, list[TrustedKey]]:
    found: dict[bytes, list[TrustedKey]] = {}
    for key in lists.read(encoded(document)).keys:
        found.setdefault(key.kid, []).append(key)
    return found


def test_whos_keys_are_those_of_the_certificates_with_the_participants_country() -> None:
    # Version 1 knows no domains; of version 2 this is the EU's.
    for version, formats in ((1, {"hcert", "ddcc", "icvp"}), (2, {"hcert"})):
        found = keys_by_kid(did_list(version))
        (key,) = found[signer().kid]
        assert key.certificate == signer().certificate
        assert (key.country, key.formats) == ("VN", formats)
        assert found[signer("XB").kid][0].country == "XB"
        # IOM is no state, and its certificate names one: that is nobody's to claim.
        assert found[signer("IO").kid][0].country is None
    (authority_key,) = found[signer("LA").kid]
    assert authority_key.formats == frozenset()
    assert lists.read(encoded(did_list())).authorities == (signer("LA").certificate,)


@pytest.mark.parametrize(
    ("code", "expected"),
    [("VNM", "VN"), ("vnm", "VN"), ("XKX", "XK"), ("XXH", "XH"), ("XCL", None), ("IOM", None), ("VN", None), ("", None),
     (None, None), (5, None), ("ＶＮＭ", None)],
)  # fmt: skip
def test_a_participant_is_a_country_or_none(code: Any, expected: str | None) -> None:
    assert participant(code) == expected


def test_a_card_of_a_key_that_may_sign_none_is_refused_as_that(forge: Any, key: SigningKey) -> None:
    entry = gateway_entry(key, certificateType="CSCA")
    store = TrustStore.from_published(encoded([entry]), unsigned=True)
    verdict = Verifier(store, clock=lambda: NOW).verify(forge.card())
    assert (verdict.status, verdict.reason) == ("refused", "format_not_allowed")


def test_kinds_countries_and_colliding_ids_stay_bound_to_their_keys() -> None:
    found = keys_by_kid(dutch())
    assert [sorted(key.usages) for key in found[b"the same"]] == [["recovery", "test"], []]
    assert [key.country for key in found[b"the same"]] == ["LA", None]
    assert [key.usages for key in keys_by_kid(swiss())[b"first"]] == [{"vaccination"}]
    assert [key.algorithm for key in keys_by_kid(swiss())[b"third"]] == ["PS256"]
    issuers = keys_by_kid(vci())
    shared = [key.issuer for key in issuers[jwk_of(signer())["kid"].encode()]]
    assert shared == ["https://one.example", "https://two.example"]
    store = TrustStore.from_published(encoded(vci()), unsigned=True)
    assert len(store) == 3
    (nz,) = lists.read(encoded(did_web())).keys
    assert (nz.kid, nz.issuer, nz.formats) == (b"key-1", "did:web:example.govt.nz", {"nzcp"})


def test_a_list_opens_the_cards_of_its_keys(forge: Any, key: SigningKey) -> None:
    entries = [{"keyId": b64(key.kid), "use": "v", "subjectPublicKeyInfo": b64(key.trusted().spki())}]
    for document in ([gateway_entry(key)], {"certs": entries}):
        store = TrustStore.from_published(encoded(document), unsigned=True, environment="test")
        verdict = Verifier(store, clock=lambda: NOW).verify(forge.card())
        assert verdict.status == "accepted"
        assert verdict.freshness.state == "none"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"rawData": "AAAA"}, "certificate_invalid"),
        ({"rawData": "?"}, "certificate_invalid"),
        ({"rawData": None}, "certificate_invalid"),
        ({"kid": "?"}, "certificate_invalid"),
    ],
)
def test_a_bad_entry_costs_itself_alone(change: Any, reason: str) -> None:
    published = lists.read(german([gateway_entry(signer(), **change), gateway_entry(signer("LA")), 5, None, []]))
    assert [key.country for key in published.keys] == ["LA"]
    assert [entry.reason for entry in published.refused] == [reason, *["certificate_invalid"] * 3]
    assert published.refused[0].source == "entry 1"


def test_a_signature_that_begins_like_der_is_still_one() -> None:
    while not (data := german()).startswith(b"0"):
        pass
    assert lists.read(data).name == "German list"
    # And PEM within JSON makes it no bundle.
    pem_text = "-----BEGIN CERTIFICATE-----"
    assert lists.read(encoded({"keys": [{**jwk_of(signer()), "x5u": pem_text}]})).name == "JWKS"


def test_weak_and_unsupported_keys_are_left_out_with_their_reasons() -> None:
    entries = [
        {"keyId": b64(b"1"), "subjectPublicKeyInfo": b64(spki(rsa_key(1024)))},
        {"keyId": b64(b"2"), "subjectPublicKeyInfo": b64(spki(ec.generate_private_key(ec.SECP384R1())))},
        {"keyId": b64(b"3"), "crv": "P-256", "x": b64(b"a" * 31), "y": b64(b"a" * 32)},
        {"keyId": b64(b"4"), "crv": "P-256", "x": b64(b"a" * 32), "y": b64(b"a" * 32)},
        {"keyId": "", "subjectPublicKeyInfo": b64(spki(list_key()))},
    ]
    refused = lists.read(encoded({"certs": entries})).refused
    assert [entry.reason for entry in refused] == [
        "key_weak", "key_type_unsupported", "certificate_invalid", "certificate_invalid", "key_id_missing",
    ]  # fmt: skip
    other = {**jwk_of(signer()), "kid": url64(b"a" * 32)}
    (entry,) = lists.read(encoded({"keys": [other]}), issuer="https://issuer.example").refused
    assert (entry.reason, entry.detail) == ("certificate_invalid", "its id is not its thumbprint")


def test_an_unsigned_list_is_taken_only_by_saying_so_and_a_signed_one_only_from_its_signer() -> None:
    plain = encoded([gateway_entry(signer())])
    with pytest.raises(ConfigurationError, match="give signed_by=, or say unsigned=True"):
        TrustStore.from_published(plain)
    with pytest.raises(ConfigurationError, match="give signed_by=, or say unsigned=True"):
        TrustStore.from_published(plain, signed_by=pem(list_key()), unsigned=True)
    with pytest.raises(ConfigurationError, match="the list is not signed"):
        TrustStore.from_published(plain, signed_by=pem(list_key()))
    for document, says in ((did_list(), "JSON-LD"), (dutch(), "CMS")):
        with pytest.raises(ConfigurationError, match=says):
            TrustStore.from_published(encoded(document), signed_by=pem(list_key()))
    data = german()
    assert len(TrustStore.from_published(data, signed_by=pem(list_key()))) == 2
    assert len(TrustStore.from_published(data, signed_by=pem(list_key()).decode())) == 2
    assert len(TrustStore.from_published(data, signed_by=spki(list_key()))) == 2
    for other in (authority.new_key(), rsa_key(), ec.generate_private_key(ec.SECP384R1())):
        with pytest.raises(ConfigurationError, match="German list"):
            TrustStore.from_published(data, signed_by=pem(other))
    with pytest.raises(ConfigurationError, match="neither a public key nor a certificate"):
        TrustStore.from_published(data, signed_by=b"-----BEGIN PUBLIC KEY-----")


def test_bits_of_a_signature_that_carry_nothing_are_nought() -> None:
    content = german()
    line, rest = content.split(b"\n", 1)
    assert line.endswith(b"==")
    other = chr(line[-3] + 1).encode()  # the last of 86 characters has four bits to spare
    with pytest.raises(ConfigurationError):
        TrustStore.from_published(line[:-3] + other + b"==\n" + rest, signed_by=pem(list_key()))


@given(st.data())
def test_a_signed_list_with_any_byte_changed_is_refused(data: st.DataObject) -> None:
    content = bytearray(german())
    at = data.draw(st.integers(0, len(content) - 2))
    content[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ConfigurationError):
        TrustStore.from_published(bytes(content), signed_by=pem(list_key()))


def mangle(document: Any, data: st.DataObject) -> Any:
    """Something in a document put in another's place."""
    junk = st.sampled_from([None, 5, -1, 1.5, True, "", "VN", "AAAA", "ÿ", [], {}, [[]], {"kid": {}}, "A" * 5000])
    if isinstance(document, dict) and document and data.draw(st.booleans()):
        name = data.draw(st.sampled_from(sorted(document)))
        return {**document, name: data.draw(junk) if data.draw(st.booleans()) else mangle(document[name], data)}
    if isinstance(document, list) and document and data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(document) - 1))
        return [*document[:at], mangle(document[at], data), *document[at + 1 :]]
    return data.draw(junk)


COUNTRIES = {None, "VN", "LA", "XB"}


@given(st.sampled_from(sorted(FORMS)), st.data())
def test_a_mangled_list_gives_a_typed_error_or_left_out_entries_and_no_key_anothers_country(
    form: str, data: st.DataObject
) -> None:
    document = FORMS[form][0]()
    if isinstance(document, bytes):
        content = bytearray(document)
        for _ in range(data.draw(st.integers(1, 4))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        mangled = bytes(content)
    else:
        mangled = encoded(mangle(document, data))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            published = lists.read(mangled)
        except ConfigurationError:
            return
    if isinstance(document, bytes):
        return  # Of a certificate every byte may be the country's.
    owner = {signer(code).certificate: code for code in ("VN", "LA", "XB", "IO")}
    for key in published.keys:
        assert key.country in COUNTRIES
        if key.certificate and key.country is not None:
            assert key.country == owner[key.certificate] or form == "gateway"


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"null", b"5", b'"x"', b"<html>", b"\xff\xfe", b"a.b.c", b"[" * 100_000, b"\x30\x00",
             b"-----BEGIN CERTIFICATE-----", b'{"keys": 5}', b'{"certs": {}}', b'{"eu_keys": []}', b'{"issuerInfo": 5}',
             b'{"certificatesDCC": []}', b'{"payload": "?", "signature": ""}', b'{"verificationMethod": {}}',
             b'{"payload": "AAAA", "signature": ""}', b"e30.e30.AA"],
)  # fmt: skip
def test_what_is_no_list_is_told(data: bytes) -> None:
    with pytest.raises(ConfigurationError, match="not a published list"):
        lists.read(data)


def test_a_list_without_a_usable_key_is_told() -> None:
    with pytest.raises(ConfigurationError, match="no usable key in it, 1 left out"):
        TrustStore.from_published(encoded([gateway_entry(signer(), rawData="AAAA")]), unsigned=True)
