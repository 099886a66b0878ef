"""A signer is withdrawn as a public key: whatever certificate a card points at, and for earlier verifiers too."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from vaxcert import SigningKey, TrustedKey, TrustStore, Verifier
from vaxcert.trust import revocation
from vaxcert.trust.own import authority
from vaxcert.trust.revocation import Hashes, Kind, Revocations, Source
from vaxcert.verdict import Environment


@pytest.fixture(scope="session")
def twin(key: SigningKey, now: Any) -> TrustedKey:
    """The key of `key` under another certificate, so under another id."""
    return TrustedKey.from_certificate(renewed(key, now - timedelta(days=1)))


def renewed(key: SigningKey, start: Any) -> bytes:
    subject = authority.distinguished_name("VN", "Renewed", Environment.TEST)
    made = authority.make_dsc(
        key._private_key, subject, start, issuer=x509.load_der_x509_certificate(key.certificate),
        issuer_key=authority.new_key(), usages=(),
    )  # type: ignore[arg-type]  # fmt: skip
    return made.public_bytes(serialization.Encoding.DER)


def under(forge: Any, kid: bytes) -> str:
    """A genuine card that names that id where no signature covers it."""
    return str(forge.text(forge.message(forge.claims(), protected={1: -7}, unprotected={4: kid})))


@pytest.mark.parametrize("by", ["public key", "certificate"])
@pytest.mark.parametrize("revoked", ["key", "twin"])
def test_29_a_key_that_is_revoked_by_one_certificate_is_revoked_under_every_id(
    world: Any, key: SigningKey, twin: TrustedKey, forge: Any, by: str, revoked: str
) -> None:
    assert key.kid != twin.kid and key.trusted().fingerprint == twin.fingerprint
    world.publisher.add(twin.certificate)
    chosen = twin if revoked == "twin" else key.trusted()
    hashed = revocation.of_public_key(chosen.spki()) if by == "public key" else revocation.of_key(chosen.certificate)
    world.publisher.withdrawals.revoke(Kind.KEY, [hashed])
    world.publish()
    world.sync()
    store = TrustStore.load(world.store)
    assert [one.withdrawn for one in store] == [True, True]
    for kid in (key.kid, twin.kid):
        verdict = Verifier(store, clock=lambda: world.now).verify(under(forge, kid))
        assert (verdict.status, verdict.reason) == ("refused", "key_revoked")


def test_29_a_key_that_is_certified_again_after_it_was_revoked_stays_revoked(
    world: Any, key: SigningKey, twin: TrustedKey, forge: Any
) -> None:
    world.publisher.withdrawals.revoke(Kind.KEY, [revocation.of_key(key.certificate)])
    world.publish()
    world.publisher.add(twin.certificate)
    world.publish()
    world.sync()
    verdict = Verifier(TrustStore.load(world.store), clock=lambda: world.now).verify(under(forge, twin.kid))
    assert verdict.reason == "key_revoked"


def test_earlier_verifiers_find_the_hash_of_every_certificate_over_a_revoked_key(
    world: Any, key: SigningKey, twin: TrustedKey
) -> None:
    world.publisher.add(twin.certificate)
    world.publisher.withdrawals.revoke(Kind.KEY, [revocation.of_public_key(twin.spki())])
    world.publish()
    lists = world.sync().loaded.revocations
    # What they ask: is the hash of the certificate, as it is listed, in a list of kind "key"?
    for certificate in (key.certificate, twin.certificate):
        assert (Kind.KEY, revocation.digest(certificate)) in lists


def test_only_certificates_over_the_revoked_key_fall(world: Any, key: SigningKey, now: Any) -> None:
    other = SigningKey.generate("VN", now=now - timedelta(days=30))
    world.publisher.add(other.certificate)
    world.publisher.withdrawals.revoke(Kind.KEY, [revocation.of_public_key(key.trusted().spki())])
    world.publish()
    world.sync()
    assert {one.kid: one.withdrawn for one in TrustStore.load(world.store)} == {key.kid: True, other.kid: False}


@pytest.mark.parametrize("first", [True, False])
def test_29_a_plain_store_withdraws_all_certificates_over_a_key_of_which_one_is_withdrawn(
    key: SigningKey, twin: TrustedKey, forge: Any, now: Any, first: bool
) -> None:
    withdrawn = msgspec.structs.replace(key.trusted(), withdrawn=True)
    store = TrustStore([withdrawn, twin] if first else [twin, withdrawn])
    assert Verifier(store, clock=lambda: now).verify(under(forge, twin.kid)).reason == "key_revoked"


def test_29_a_plain_store_with_lists_of_its_own_asks_them_for_the_public_key(
    key: SigningKey, twin: TrustedKey, forge: Any, now: Any, tmp_path: Path
) -> None:
    path = tmp_path / "list"
    path.write_bytes(revocation.of_key(key.certificate))
    lists = Revocations([(Source(Kind.KEY, 1, True), Hashes(path))])
    store = TrustStore([key.trusted(), twin], revocations=lists)
    for kid in (key.kid, twin.kid):
        assert Verifier(store, clock=lambda: now).verify(under(forge, kid)).reason == "key_revoked"
