"""ICAO's seals: one form is signed, and the signer counts for what a listed authority says. The chain is never skipped."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from forge import NOW
from hypothesis import given
from hypothesis import strategies as st

from vaxcert import TrustStore, Verifier
from vaxcert.trust import der, revocation
from vaxcert.trust.revocation import Hashes, Kind, Revocations, Source
from vaxcert.wire import base64url

VACCINATIONS, TESTS = "2.23.136.1.1.14.2", "2.23.136.1.1.14.1"


def name(country: str, common: str) -> x509.Name:
    return x509.Name([
        x509.NameAttribute(x509.NameOID.COUNTRY_NAME, country), x509.NameAttribute(x509.NameOID.COMMON_NAME, common),
    ])  # fmt: skip


def certificate(
    subject: x509.Name, key: Any, issuer: x509.Name, issuer_key: Any, *, ca: bool = False, purposes: tuple[str, ...] = (),
    begins: timedelta = -timedelta(days=30), digest: Any = None,
) -> bytes:  # fmt: skip
    builder = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(NOW + begins)
        .not_valid_after(NOW + begins + timedelta(days=400))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )  # fmt: skip
    if purposes:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([x509.ObjectIdentifier(one) for one in purposes]), critical=True
        )
    made = builder.sign(issuer_key, digest or hashes.SHA256())
    return made.public_bytes(serialization.Encoding.DER)


class World:
    """An authority, and signers that it issued, or did not."""

    def __init__(self, authority_key: Any, curve: Any = None) -> None:
        self.key = ec.generate_private_key(curve or ec.SECP256R1())
        self.authority_key, self.name = authority_key, name("UT", "Utopia CSCA")
        self.authority = certificate(self.name, authority_key, self.name, authority_key, ca=True)
        self.signer = self.issued()
        self.alg = "ES384" if isinstance(curve, ec.SECP384R1) else "ES256"

    def issued(self, **how: Any) -> bytes:
        return certificate(
            name("UT", "Utopia BCS"), self.key, self.name, self.authority_key, **({"purposes": (VACCINATIONS,)} | how)
        )

    def sign(self, data: bytes) -> bytes:
        size, digest = (48, hashes.SHA384()) if self.alg == "ES384" else (32, hashes.SHA256())
        r, s = decode_dss_signature(self.key.sign(data, ec.ECDSA(digest)))
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")

    def message(self, **changes: Any) -> dict[str, Any]:
        dose = {"adm": "Tram Y te Mau", "ctr": "UTO", "dvc": "2026-05-01", "lot": "MAU01", "seq": 2}
        good = {
            "pid": {"dob": "1990-05-17", "i": "X0000001", "n": "NGUYEN  MAU THU", "sex": "F"}, "uvci": "UT0000000001",
            "ve": [{"des": "XM68M6", "dis": "RA01.0", "nam": "Pfizer Comirnaty", "vd": [dose]}],
        }  # fmt: skip
        return {key: value for key, value in (good | changes).items() if value is not ...}

    def card(
        self, message: Any = None, *, header: Any = None, sig: Any = None, sign: Any = None, after: Any = None
    ) -> str:
        data = {"hdr": {"is": "UTO", "t": "icao.vacc", "v": 1} | (header or {}), "msg": message or self.message()}
        # The canonical form, for texts of letters below U+10000 and whole numbers.
        signed = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
        made = (sign or self.sign)(signed)
        seal = {"alg": self.alg, "cer": base64url.encode(self.signer), "sigvl": base64url.encode(made)} | (sig or {})
        if after is not None:
            after(data)
        # Members in another order, and blanks: what is signed is the form and not the text.
        return json.dumps({"sig": {k: v for k, v in seal.items() if v is not ...}, "data": data}, indent=1)


@pytest.fixture(scope="module")
def world() -> World:
    return World(ec.generate_private_key(ec.SECP384R1()))


@pytest.fixture(scope="module")
def verifier(world: World) -> Verifier:
    return Verifier(TrustStore(authorities=[world.authority], environment="test"), clock=lambda: NOW)


@pytest.mark.parametrize("authority", ["P-256", "P-384", "RSA"])
@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1()], ids=["ES256", "ES384"])
def test_a_seal_is_accepted_by_its_signers_authority(authority: str, curve: Any) -> None:
    keys: dict[str, Any] = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1()}
    made = rsa.generate_private_key(65537, 2048) if authority == "RSA" else ec.generate_private_key(keys[authority])
    world = World(made, curve)
    verdict = Verifier(TrustStore(authorities=[world.authority]), clock=lambda: NOW).verify(world.card())
    certificate = verdict.require()
    (dose,) = certificate.entries
    assert (certificate.format, certificate.person.family_name, certificate.person.given_name) == (
        "vdsnc",
        "NGUYEN",
        "MAU THU",
    )
    assert (getattr(dose, "product", ""), dose.disease, getattr(dose, "number", 0)) == ("EU/1/20/1528", "840539006", 2)
    assert verdict.signer is not None and verdict.signer.country == "UT"


def test_a_tests_seal_is_read(world: World) -> None:
    world = World(ec.generate_private_key(ec.SECP256R1()))
    world.signer = world.issued(purposes=(TESTS,))
    message = {
        "utci": "UT0000000002", "pid": {"n": "NGUYEN  MAU THU", "dob": "1990-05-17", "dt": "P", "dn": "X1"},
        "sp": {"spn": "Mau Lab", "ctr": "UTO"}, "dat": {"sc": "2026-06-14T09:00:00+0700", "ri": "2026-06-14T12:00:00+0700"},
        "tr": {"tc": "molecular(PCR)", "r": "negative"},
    }  # fmt: skip
    verifier = Verifier(TrustStore(authorities=[world.authority]), clock=lambda: NOW)
    card = world.card(message, header={"t": "icao.test"})
    assert verifier.verify(card).require().kind == "test"
    positive = world.card(message | {"tr": {"tc": "antigen", "r": "positive"}}, header={"t": "icao.test"})
    assert verifier.verify(positive).reason == "test_positive"
    # The signer is for tests.
    assert verifier.verify(world.card()).reason == "usage_not_allowed"


def changed(data: Any) -> None:
    data["msg"]["pid"]["n"] = "TRAN  MAU THU"


FAULTS: dict[str, tuple[str, str, str, Any]] = {
    "no signature": ("refused", "envelope", "seal_invalid", lambda w: w.card(sig={"sigvl": ...})),
    "a certificate that is a number": ("refused", "envelope", "seal_invalid", lambda w: w.card(sig={"cer": 1})),
    "no algorithm": ("refused", "envelope", "seal_invalid", lambda w: w.card(sig={"alg": ...})),
    "a name twice": ("refused", "envelope", "seal_invalid", lambda w: w.card().replace('"sex": "F"', '"sex": "F", "sex": "M"')),
    "a number without canonical form": ("refused", "envelope", "seal_invalid", lambda w: w.card().replace('"seq": 2', '"seq": 12345678901234567890')),
    "too long": ("refused", "format", "text_too_long", lambda w: w.card() + " " * 10_000 + "x"),
    "another's data": ("refused", "signature", "signature_invalid", lambda w: w.card(after=changed)),
    "a signature of zeros": ("refused", "signature", "signature_invalid", lambda w: w.card(sign=lambda _: bytes(64))),
    "ES512": ("refused", "signature", "algorithm_not_allowed", lambda w: w.card(sig={"alg": "ES512"})),
    "ES384 of a key on P-256": ("refused", "signature", "algorithm_not_allowed", lambda w: w.card(sig={"alg": "ES384"})),
    "another version": ("refused", "content", "content_invalid", lambda w: w.card(header={"v": 2})),
    "another kind of seal": ("refused", "content", "content_unknown", lambda w: w.card(header={"t": "icao.visa"})),
    "no dose": ("refused", "content", "content_empty", lambda w: w.card(w.message(ve=[]))),
    "a dose of no day": ("refused", "content", "content_invalid", lambda w: w.card(w.message(ve=[{"nam": "x", "vd": [{"seq": 1}]}]))),
    "nobody": ("refused", "content", "content_invalid", lambda w: w.card(w.message(pid={"n": " "}))),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_has_one_reason_at_one_stage(world: World, verifier: Verifier, fault: str) -> None:
    status, stage, reason, make = FAULTS[fault]
    verdict = verifier.verify(make(world))
    wrong = {(str(one.stage), str(one.reason)) for one in verdict.checks if str(one.outcome) in ("failed", "unknown")}
    assert (str(verdict.status), wrong) == (status, {(stage, reason)})


def strange(world: World) -> bytes:
    """A signer of the same names that another authority's key issued."""
    return certificate(
        name("UT", "Utopia BCS"),
        world.key,
        world.name,
        ec.generate_private_key(ec.SECP384R1()),
        purposes=(VACCINATIONS,),
    )


def altered(world: World, certificate: bytes = b"") -> bytes:
    """A signer's certificate whose key was put in place of the one that was issued."""
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    form = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    return (certificate or world.signer).replace(world.key.public_key().public_bytes(*form), other.public_bytes(*form))


SIGNERS = {
    "issued by nobody": lambda w: certificate(w.name, w.key, w.name, w.key, purposes=(VACCINATIONS,)),
    "issued by another of the same name": strange,
    "with another key inside": altered,
    "issued before its authority was there": lambda w: w.issued(begins=-timedelta(days=90)),
    "issued with SHA-1 or what is none": lambda w: w.issued().replace(bytes.fromhex("06082a8648ce3d0403"), bytes.fromhex("06082a8648ce3d0409")),
    "no certificate": lambda w: b"0\x03\x02\x01\x01",
    "half a certificate": lambda w: w.signer[: len(w.signer) // 2],
}  # fmt: skip


@pytest.mark.parametrize("which", SIGNERS)
def test_a_signer_that_no_listed_authority_issued_is_believed_by_nobody(
    world: World, verifier: Verifier, which: str
) -> None:
    card = world.card(sig={"cer": base64url.encode(SIGNERS[which](world))})
    verdict = verifier.verify(card)
    assert (verdict.status, verdict.reason, verdict.signer) == ("undetermined", "key_unknown", None)
    # Without any authority nothing is believed at all.
    assert Verifier(TrustStore(environment="test"), clock=lambda: NOW).verify(world.card()).reason == "key_unknown"


def tlv(tag: int, *contents: bytes) -> bytes:
    """An item of DER, its length written as shortly as can be."""
    content = b"".join(contents)
    octets = b"" if len(content) < 0x80 else len(content).to_bytes((len(content).bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(octets) if octets else len(content))) + octets + content


def extension(dotted: str, value: bytes, critical: bytes = b"") -> bytes:
    return tlv(0x30, tlv(0x06, der.oid(dotted)), critical, tlv(0x04, value))


_WRITTEN_FALSE = tlv(0x01, b"\0")
_FOR_SEALS = tlv(0x30, tlv(0x06, der.oid(VACCINATIONS)))
# Where real certificates leave the rules of DER: what is FALSE is written out, or a number has a needless zero.
LOOSE: dict[str, dict[str, Any]] = {
    "critical FALSE": {"extensions": (extension("2.5.29.37", _FOR_SEALS, _WRITTEN_FALSE),)},
    "CA FALSE": {"extensions": (extension("2.5.29.19", tlv(0x30, _WRITTEN_FALSE)), extension("2.5.29.37", _FOR_SEALS))},
    "serial": {"serial": b"\0\x05"},
}


def loose(world: World, *, by: Any = None, serial: bytes = b"", extensions: tuple[bytes, ...] = ()) -> bytes:
    """The signer's certificate made anew byte by byte, signed by its authority or another key."""
    tags = der.items(der.items(der.items(world.signer)[0][1])[0][1])
    (number, said), (last, held) = tags[1], tags[-1]
    tags[1], tags[-1] = (number, serial or said), (last, tlv(0x30, *extensions) if extensions else held)
    signed = tlv(0x30, *(tlv(*one) for one in tags))
    made = (by or world.authority_key).sign(signed, ec.ECDSA(hashes.SHA256()))
    return tlv(0x30, signed, tlv(0x30, tlv(0x06, der.oid("1.2.840.10045.4.3.2"))), tlv(0x03, b"\0", made))


@pytest.mark.parametrize("how", LOOSE)
def test_a_signer_that_no_parser_takes_counts_for_what_its_authority_signed_and_for_nothing_else(
    world: World, verifier: Verifier, how: str
) -> None:
    def told(certificate: bytes) -> tuple[str, str | None]:
        with pytest.raises(ValueError, match="error parsing asn1 value"):
            x509.load_der_x509_certificate(certificate).extensions  # noqa: B018
        verdict = verifier.verify(world.card(sig={"cer": base64url.encode(certificate)}))
        return str(verdict.status), verdict.reason and str(verdict.reason)

    assert told(loose(world, **LOOSE[how])) == ("accepted", None)
    # The same bytes that its authority did not sign, or whose key was put in place of the one that it signed.
    unknown = ("undetermined", "key_unknown")
    assert told(loose(world, **LOOSE[how], by=ec.generate_private_key(ec.SECP384R1()))) == unknown
    assert told(altered(world, loose(world, **LOOSE[how]))) == unknown


def test_a_signer_for_something_else_signs_no_seal(world: World, verifier: Verifier) -> None:
    for purposes in ((), ("2.23.136.1.1.3",)):
        card = world.card(sig={"cer": base64url.encode(world.issued(purposes=purposes))})
        assert verifier.verify(card).reason == "format_not_allowed"


@pytest.mark.parametrize(
    ("days", "reason"), [(369, None), (371, "signer_expired"), (500, "signer_expired"), (-31, "signer_not_yet_valid")]
)
def test_a_signer_counts_for_as_long_as_its_certificate_says(world: World, days: int, reason: str | None) -> None:
    verifier = Verifier(TrustStore(authorities=[world.authority], environment="test"), clock=lambda: NOW)
    assert verifier.verify(world.card(), at=NOW + timedelta(days=days)).reason == reason


@pytest.mark.parametrize("of", ["certificate", "key"])
def test_a_signer_that_is_withdrawn_is_refused_and_another_of_its_authority_is_not(
    world: World, tmp_path: Path, of: str
) -> None:
    named = revocation.of_key(world.signer) if of == "certificate" else revocation.of_public_key(spki(world))
    source = Source(Kind.KEY, 1, True)
    (tmp_path / source.name).write_bytes(revocation.packed([named]))
    withdrawn = Revocations([(source, Hashes(tmp_path / source.name))])
    store = TrustStore(authorities=[world.authority], environment="test", revocations=withdrawn)
    verifier = Verifier(store, clock=lambda: NOW)
    verdict = verifier.verify(world.card())
    assert (verdict.status, verdict.reason) == ("refused", "key_revoked")
    other = World(world.authority_key)
    assert verifier.verify(other.card()).status == "accepted"


def spki(world: World) -> bytes:
    form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return world.key.public_key().public_bytes(*form)


@given(
    st.dictionaries(
        st.sampled_from(["pid", "uvci", "ve", "x"]),
        st.none() | st.integers() | st.text(max_size=5) | st.lists(st.text(max_size=3), max_size=2),
        max_size=4,
    )
)
def test_whatever_is_signed_as_a_message_gets_a_verdict(message: dict[str, Any]) -> None:
    world, verifier = _made()
    verdict = verifier.verify(world.card(world.message() | message))
    assert verdict.status != "accepted" or set(message) <= {"x", "uvci"}


def _made(made: list[Any] = []) -> tuple[World, Verifier]:  # noqa: B006  (one world for all examples)
    if not made:
        world = World(ec.generate_private_key(ec.SECP256R1()))
        made.append((world, Verifier(TrustStore(authorities=[world.authority]), clock=lambda: NOW)))
    return made[0]
