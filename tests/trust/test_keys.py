"""Trusted keys: what is taken from a certificate, and what a signature must be."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from vaxcert import KeyMaterialError, SigningKey, TrustedKey
from vaxcert.trust import der
from vaxcert.trust.folder import read_folder

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256, SEC 2, section 2.4.2
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
DER = serialization.Encoding.DER


def certificate(
    key: object,
    *,
    country: str | None = "VN",
    purposes: Iterable[str] = (),
    extensions: Iterable[tuple[x509.ExtensionType, bool]] = (),
    unit: str | None = None,
    signer: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    names = [x509.NameAttribute(NameOID.COMMON_NAME, "Sample signer")]
    if country is not None:
        names.append(x509.NameAttribute(NameOID.COUNTRY_NAME, country))
    if unit is not None:
        names.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit))
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name(names))
        .issuer_name(x509.Name(names))
        .public_key(key.public_key())  # type: ignore[attr-defined]
        .serial_number(1)
        .not_valid_before(START)
        .not_valid_after(START + dt.timedelta(days=700))
    )
    oids = [x509.ObjectIdentifier(purpose) for purpose in purposes]
    if oids:
        builder = builder.add_extension(x509.ExtendedKeyUsage(oids), critical=False)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(signer or ec.generate_private_key(ec.SECP256R1()), hashes.SHA256()).public_bytes(DER)


EC = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(65537, 2048)


def test_the_kid_is_the_beginning_of_the_certificates_hash() -> None:
    made = certificate(EC)
    assert TrustedKey.from_certificate(made).kid == hashlib.sha256(made).digest()[:8]
    assert TrustedKey.from_certificate(made, kid=b"11").kid == b"11"


def test_country_validity_and_subject_come_from_the_certificate() -> None:
    key = TrustedKey.from_certificate(certificate(EC))
    assert (key.country, key.not_before, key.not_after) == ("VN", START, START + dt.timedelta(days=700))
    assert "Sample signer" in key.subject
    assert TrustedKey.from_certificate(certificate(EC), country="LA").country == "LA"
    assert TrustedKey.from_certificate(certificate(EC, country=None)).country is None


@pytest.mark.parametrize(
    ("purposes", "usages"),
    [
        ((), set()),
        (("1.3.6.1.4.1.1847.2021.1.1",), {"test"}),
        (("1.3.6.1.4.1.1847.2021.1.2",), {"vaccination"}),
        (("1.3.6.1.4.1.1847.2021.1.3",), {"recovery"}),
        (("1.3.6.1.4.1.0.1847.2021.1.1",), {"test"}),
        (("1.3.6.1.4.1.0.1847.2021.1.2",), {"vaccination"}),
        (("1.3.6.1.4.1.0.1847.2021.1.3",), {"recovery"}),
        (("1.3.6.1.4.1.1847.2021.1.1", "1.3.6.1.4.1.0.1847.2021.1.3"), {"test", "recovery"}),
        (("1.3.6.1.5.5.7.3.1", "2.5.29.37.0"), set()),
        (("1.3.6.1.5.5.7.3.1", "1.3.6.1.4.1.1847.2021.1.2"), {"vaccination"}),
        (("1.3.6.1.4.1.1847.2021.1.4",), set()),
    ],
)
def test_key_usage_is_read_in_both_spellings_and_unrelated_ones_limit_nothing(
    purposes: tuple[str, ...], usages: set[str]
) -> None:
    assert TrustedKey.from_certificate(certificate(EC, purposes=purposes)).usages == usages


def test_an_empty_extended_key_usage_means_any() -> None:
    made = certificate(EC, extensions=[(x509.UnrecognizedExtension(x509.OID_EXTENDED_KEY_USAGE, b"\x30\x00"), False)])
    assert TrustedKey.from_certificate(made).usages == frozenset()


@pytest.mark.parametrize("value", [b"\x30\x05\x06", b"\x04\x00", b"\x30\x02\x04\x00", b"\x06\x01\x2a", b"\x30\x84"])
def test_a_key_usage_that_cannot_be_read_refuses_the_key(value: bytes) -> None:
    """It may have been the limit that kept this key from signing vaccinations."""
    made = certificate(EC, extensions=[(x509.UnrecognizedExtension(x509.OID_EXTENDED_KEY_USAGE, value), False)])
    with pytest.raises(KeyMaterialError):
        TrustedKey.from_certificate(made)


def test_default_values_written_out_do_not_refuse_a_key() -> None:
    """DER forbids BasicConstraints with cA FALSE spelt out, and real signers do it."""
    spelt = x509.UnrecognizedExtension(x509.OID_BASIC_CONSTRAINTS, bytes.fromhex("3003010100"))
    made = certificate(EC, extensions=[(spelt, True)], purposes=["1.3.6.1.4.1.1847.2021.1.2"])
    key = TrustedKey.from_certificate(made)
    assert key.usages == {"vaccination"}
    assert not der.is_authority(der.extensions(made))


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        (ec.generate_private_key(ec.SECP384R1()), "key_type_unsupported"),
        (ec.generate_private_key(ec.SECP521R1()), "key_type_unsupported"),
        (ec.generate_private_key(ec.SECP256K1()), "key_type_unsupported"),
        (ed25519.Ed25519PrivateKey.generate(), "key_type_unsupported"),
        (rsa.generate_private_key(65537, 1024), "key_weak"),
        (rsa.generate_private_key(3, 2048), "key_weak"),
    ],
    ids=["P-384", "P-521", "secp256k1", "Ed25519", "RSA 1024", "RSA e = 3"],
)
def test_other_kinds_of_keys_are_refused(key: object, reason: str) -> None:
    with pytest.raises(KeyMaterialError) as refused:
        TrustedKey.from_certificate(certificate(key))
    assert refused.value.reason == reason


def test_an_rsa_key_above_the_bound_is_refused() -> None:
    from vaxcert.trust.algorithms import algorithm_of

    class Huge(rsa.RSAPublicKey):
        key_size = 4097

        def public_numbers(self) -> rsa.RSAPublicNumbers:
            return RSA.public_key().public_numbers()

    Huge.__abstractmethods__ = frozenset()  # type: ignore[attr-defined]
    with pytest.raises(KeyMaterialError):
        algorithm_of(Huge())  # type: ignore[abstract]
    Huge.key_size = 4096
    assert algorithm_of(Huge()) == "PS256"  # type: ignore[abstract]


@pytest.mark.parametrize(
    "broken",
    [b"", b"0", b"-----BEGIN", certificate(EC)[:-9], certificate(EC)[5:], b"\x30\x84\xff"],
    # A certificate made for a run is another in each of its processes.
    ids=["empty", "one byte", "PEM", "cut short", "beginning lost", "endless"],
)
def test_what_is_no_certificate_is_refused(broken: bytes) -> None:
    with pytest.raises(KeyMaterialError) as refused:
        TrustedKey.from_certificate(broken)
    assert refused.value.reason == "certificate_invalid"


@given(st.integers(0, 2000), st.integers(1, 255))
def test_a_damaged_certificate_never_raises_anything_but_the_typed_error(place: int, change: int) -> None:
    damaged = bytearray(GOOD)
    damaged[place % len(damaged)] ^= change
    try:
        TrustedKey.from_certificate(bytes(damaged))
    except KeyMaterialError:
        pass


GOOD = certificate(EC, purposes=["1.3.6.1.4.1.1847.2021.1.2"])


@pytest.mark.parametrize(
    "unit",
    [
        "test",
        "Test",
        "\uff34\uff25\uff33\uff34",
        "\uff54\uff45\uff53\uff54",
        "TE\u200bST",
        "\u2060TEST\ufeff",
        " TEST ",
        "TE\u00adST",
        "T\u180eEST",
        "TE\ufe0fST",
        "TES\u034fT",
        "TE\u3164ST",
        "TE\u115fST",
        "TE\U000e0020ST",
        "TEST\u202e",
        "TEST\0",
        "\U0001d413\U0001d404\U0001d412\U0001d413",
    ],
)
def test_05_a_test_mark_is_recognised_as_people_see_it(unit: str) -> None:
    assert TrustedKey.from_certificate(certificate(EC, unit=unit)).environment == "test"


@pytest.mark.parametrize("unit", ["Testing", "Contest", "No test", "TÉST", "T", "\u200b", "Bộ phận cấp chứng nhận"])
def test_what_reads_otherwise_is_no_test_mark(unit: str) -> None:
    assert TrustedKey.from_certificate(certificate(EC, unit=unit)).environment is None


PRIVATE = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00")
CONSTRAINED = x509.NameConstraints([x509.DNSName("example")], None)


@pytest.mark.parametrize("extension", [PRIVATE, CONSTRAINED], ids=["private", "constraints"])
def test_a_critical_extension_that_is_not_known_leaves_the_key_out(extension: x509.ExtensionType) -> None:
    with pytest.raises(KeyMaterialError) as refused:
        TrustedKey.from_certificate(certificate(EC, extensions=[(extension, True)]))
    assert refused.value.reason == "critical_extension_unknown"
    assert TrustedKey.from_certificate(certificate(EC, extensions=[(extension, False)]))


def test_a_folder_says_which_certificate_it_left_out_for_a_critical_extension(tmp_path: Path) -> None:
    (tmp_path / "good.der").write_bytes(certificate(EC))
    (tmp_path / "odd.der").write_bytes(certificate(RSA, extensions=[(PRIVATE, True)]))
    keys, refused = read_folder(str(tmp_path))
    assert len(keys) == 1
    assert [(one.source, one.reason) for one in refused] == [("odd.der", "critical_extension_unknown")]


def test_the_critical_extensions_that_published_signers_have_are_known() -> None:
    usage = x509.KeyUsage(True, False, False, False, False, False, False, False, False)
    known = [
        (usage, True),
        (x509.BasicConstraints(False, None), True),
        (x509.ExtendedKeyUsage([x509.ObjectIdentifier("1.3.6.1.4.1.1847.2021.1.2")]), True),
        (x509.SubjectAlternativeName([x509.DNSName("signer.example")]), True),
    ]
    assert TrustedKey.from_certificate(certificate(EC, extensions=known)).usages == {"vaccination"}


def test_a_test_key_is_recognised_by_its_mark() -> None:
    assert TrustedKey.from_certificate(certificate(EC, unit="TEST")).environment == "test"
    assert TrustedKey.from_certificate(certificate(EC, unit="Testing")).environment is None
    assert SigningKey.generate().trusted().environment == "test"


def test_es256_wants_exactly_64_bytes_of_r_and_s() -> None:
    key = SigningKey.generate()
    good = key.sign(b"data")
    trusted = key.trusted()
    assert len(good) == 64
    assert trusted.verify(good, b"data")
    assert not trusted.verify(good, b"date")
    r, s = good[:32], good[32:]
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    as_der = encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))
    for wrong in (
        b"",
        bytes(64),
        good[:-1],
        good + b"\0",
        b"\0" + good,
        as_der,
        s + r,
        r + bytes(32),
        bytes(32) + s,
    ):
        assert not trusted.verify(wrong, b"data")
    order = ORDER.to_bytes(32, "big")
    assert not trusted.verify(order + s, b"data")
    assert not trusted.verify(r + order, b"data")
    assert not trusted.verify(b"\xff" * 64, b"data")


def test_the_malleated_twin_of_a_signature_verifies_too() -> None:
    """COSE allows both: so nothing may be identified, counted or revoked by raw signature bytes."""
    key = SigningKey.generate()
    good = key.sign(b"data")
    twin = good[:32] + (ORDER - int.from_bytes(good[32:], "big")).to_bytes(32, "big")
    assert twin != good
    assert key.trusted().verify(twin, b"data")


def test_ps256_wants_pss_with_a_salt_of_32() -> None:
    trusted = TrustedKey.from_certificate(certificate(RSA))
    assert trusted.algorithm == "PS256"
    mgf = padding.MGF1(hashes.SHA256())
    assert trusted.verify(RSA.sign(b"data", padding.PSS(mgf, 32), hashes.SHA256()), b"data")
    for wrong in (
        RSA.sign(b"data", padding.PSS(mgf, 20), hashes.SHA256()),
        RSA.sign(b"data", padding.PSS(mgf, 32), hashes.SHA384()),
        RSA.sign(b"data", padding.PKCS1v15(), hashes.SHA256()),
        RSA.sign(b"other", padding.PSS(mgf, 32), hashes.SHA256()),
        bytes(256),
        b"",
    ):
        assert not trusted.verify(wrong, b"data")


def test_two_certificates_of_one_key_have_one_fingerprint() -> None:
    one, two = (TrustedKey.from_certificate(certificate(EC)) for _ in range(2))
    assert one.fingerprint == two.fingerprint
    assert one.fingerprint != TrustedKey.from_certificate(certificate(RSA)).fingerprint


def test_28_an_rsa_signature_has_one_form_and_no_other_length_is_taken() -> None:
    trusted = TrustedKey.from_certificate(certificate(RSA))
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    # About one in 256 begins with a zero byte, which OpenSSL does without.
    with_zero = next(one for one in (RSA.sign(b"data", scheme, hashes.SHA256()) for _ in range(20_000)) if not one[0])
    assert trusted.verify(with_zero, b"data")
    modulus = RSA.public_key().public_numbers().n
    shifted = (int.from_bytes(with_zero, "big") + modulus).to_bytes(257, "big").lstrip(b"\0")
    for mauled in (with_zero[1:], b"\0" + with_zero, with_zero + b"\0", with_zero[:-1], shifted, b""):
        assert not trusted.verify(mauled, b"data")
