"""A plain folder of certificates as trust."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from vaxcert import ConfigurationError, Environment, SigningKey, TrustStore
from vaxcert.trust import folder
from vaxcert.trust.keys import TrustedKey
from vaxcert.trust.own import authority

NOW = datetime(2026, 6, 1, tzinfo=UTC)
PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER


@pytest.fixture
def pair() -> tuple[bytes, bytes, bytes]:
    """An authority and a signer that it issued (DER), and the signer as PEM."""
    name = authority.distinguished_name("VN", "Sample", Environment.PRODUCTION)
    root_key, key = authority.new_key(), authority.new_key()
    root = authority.make_csca(root_key, name, NOW)
    signer = authority.make_dsc(key, name, NOW, issuer=root, issuer_key=root_key)
    return root.public_bytes(DER), signer.public_bytes(DER), signer.public_bytes(PEM)


@pytest.mark.parametrize("name", ["a.crt", "a.cer", "a.der", "a.pem", "A.CRT"])
def test_pem_and_der_are_read_under_every_usual_name(tmp_path: Path, pair: tuple[bytes, ...], name: str) -> None:
    for content in pair[1:]:
        (tmp_path / name).write_bytes(content)
        assert len(TrustStore.load(tmp_path)) == 1


def test_a_single_file_is_a_store_too(tmp_path: Path, pair: tuple[bytes, ...]) -> None:
    (tmp_path / "a.crt").write_bytes(pair[1])
    assert len(TrustStore.load(tmp_path / "a.crt")) == 1


def test_an_authority_that_issued_another_is_no_signer(tmp_path: Path, pair: tuple[bytes, ...]) -> None:
    (tmp_path / "csca.crt").write_bytes(pair[0])
    (tmp_path / "dsc.crt").write_bytes(pair[1])
    store = TrustStore.load(tmp_path)
    assert [key.certificate for key in store] == [pair[1]]
    assert [(entry.source, entry.reason) for entry in store.refused] == [("csca.crt", "issuing_authority")]


def test_a_signer_that_calls_itself_an_authority_is_a_signer(tmp_path: Path, pair: tuple[bytes, ...]) -> None:
    (tmp_path / "alone.crt").write_bytes(pair[0])
    assert len(TrustStore.load(tmp_path)) == 1


def test_a_namesake_that_did_not_sign_makes_nobody_an_authority(tmp_path: Path, pair: tuple[bytes, ...]) -> None:
    name = authority.distinguished_name("VN", "Sample", Environment.PRODUCTION)
    stranger = authority.make_csca(authority.new_key(), name, NOW).public_bytes(DER)
    (tmp_path / "stranger.crt").write_bytes(stranger)
    (tmp_path / "dsc.crt").write_bytes(pair[1])
    assert len(TrustStore.load(tmp_path)) == 2


def test_a_bundle_of_certificates_is_read_whole_and_a_bad_one_costs_itself(
    tmp_path: Path, pair: tuple[bytes, ...], key: SigningKey
) -> None:
    other = SigningKey.generate("LA", now=NOW).certificate
    import base64

    as_pem = (
        b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(other) + b"-----END CERTIFICATE-----\n"
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    )
    (tmp_path / "all.pem").write_bytes(as_pem + pair[2])
    store = TrustStore.load(tmp_path, environment="test")
    assert len(store) == 2
    assert [entry.reason for entry in store.refused] == ["certificate_invalid"]


def test_a_private_key_among_the_certificates_is_said_and_not_used(tmp_path: Path, pair: tuple[bytes, ...]) -> None:
    secret = authority.encrypted(authority.new_key(), "a passphrase")
    (tmp_path / "both.pem").write_bytes(secret + pair[2])
    (tmp_path / "dsc.crt").write_bytes(pair[1])
    store = TrustStore.load(tmp_path)
    assert [entry.reason for entry in store.refused] == ["private_key_present"]


@pytest.mark.parametrize(
    "content",
    [b"", b"not a certificate", b"-----BEGIN CERTIFICATE-----\nAAA", os.urandom(900)],
    ids=["empty", "text", "PEM cut short", "noise"],
)
def test_a_bad_file_is_left_out_with_its_reason(tmp_path: Path, pair: tuple[bytes, ...], content: bytes) -> None:
    (tmp_path / "bad.crt").write_bytes(content)
    (tmp_path / "good.crt").write_bytes(pair[1])
    store = TrustStore.load(tmp_path)
    assert len(store) == 1
    assert [(entry.source, entry.reason) for entry in store.refused] == [("bad.crt", "certificate_invalid")]


def test_a_file_one_byte_past_the_bound_is_left_out(
    tmp_path: Path, pair: tuple[bytes, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "good.crt").write_bytes(pair[1])
    monkeypatch.setattr(folder, "MAX_FILE_SIZE", len(pair[1]))
    assert len(TrustStore.load(tmp_path)) == 1
    monkeypatch.setattr(folder, "MAX_FILE_SIZE", len(pair[1]) - 1)
    with pytest.raises(ConfigurationError):
        TrustStore.load(tmp_path)


def test_a_folder_without_a_certificate_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("nothing here")
    with pytest.raises(ConfigurationError):
        TrustStore.load(tmp_path)
    with pytest.raises(ConfigurationError):
        TrustStore.load(tmp_path / "missing")


@pytest.mark.parametrize(
    "trace",
    [
        "metadata/",
        "targets/",
        "current/",
        "root.json",
        "1.root.json",
        "timestamp.json",
        "snapshot.json",
        "targets.json",
    ],
)
def test_a_folder_with_a_trace_of_a_repository_is_never_read_as_a_plain_one(
    tmp_path: Path, pair: tuple[bytes, ...], trace: str
) -> None:
    (tmp_path / "good.crt").write_bytes(pair[1])
    assert len(TrustStore.load(tmp_path)) == 1
    (tmp_path / trace).mkdir() if trace.endswith("/") else (tmp_path / trace).write_text("{}")
    with pytest.raises(ConfigurationError):
        TrustStore.load(tmp_path)


def test_a_folder_inside_a_repository_is_refused(tmp_path: Path, pair: tuple[bytes, ...]) -> None:
    (tmp_path / "metadata").mkdir()
    (tmp_path / "targets").mkdir()
    (tmp_path / "targets" / "good.crt").write_bytes(pair[1])
    with pytest.raises(ConfigurationError):
        TrustStore.load(tmp_path / "targets")


def test_test_and_production_certificates_do_not_mix(tmp_path: Path, pair: tuple[bytes, ...]) -> None:
    (tmp_path / "real.crt").write_bytes(pair[1])
    (tmp_path / "trial.crt").write_bytes(SigningKey.generate(now=NOW - timedelta(days=1)).certificate)
    with pytest.raises(ConfigurationError):
        TrustStore.load(tmp_path)
    assert [key.environment for key in TrustStore.load(tmp_path, environment="production")] == [None]


def test_a_loaded_key_is_what_the_certificate_says(tmp_path: Path, pair: tuple[bytes, ...]) -> None:
    (tmp_path / "a.crt").write_bytes(pair[1])
    (key,) = TrustStore.load(tmp_path)
    assert isinstance(key, TrustedKey)
    assert (key.country, set(key.usages)) == ("VN", {"vaccination"})
