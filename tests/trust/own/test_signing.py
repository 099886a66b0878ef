"""Signing keys: made, kept encrypted, loaded, never overwritten."""

import pickle
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from vaxcert import ConfigurationError, Environment, InputError, KeyMaterialError, SigningKey
from vaxcert.trust.own import authority

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SECRET, CSCA_SECRET = "signer's secret", "authority's secret"


def make(folder: Path, **changes: object) -> x509.Certificate:
    options: dict[str, object] = {
        "country": "VN",
        "name": "Sample authority",
        "passphrase": SECRET,
        "csca_passphrase": CSCA_SECRET,
        "environment": Environment.PRODUCTION,
        "now": NOW,
    }
    return authority.create(folder, **(options | changes))  # type: ignore[arg-type]


@pytest.fixture
def made(tmp_path: Path) -> Path:
    make(tmp_path / "keys")
    return tmp_path / "keys"


def test_an_authority_and_its_signer_are_made_as_the_specification_asks(made: Path) -> None:
    csca, dsc = (x509.load_pem_x509_certificate((made / name).read_bytes()) for name in ("csca.crt", "dsc.crt"))
    dsc.verify_directly_issued_by(csca)
    assert csca.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert not dsc.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    purposes = dsc.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert [purpose.dotted_string for purpose in purposes] == ["1.3.6.1.4.1.1847.2021.1.2"]
    assert (csca.not_valid_after_utc - NOW).days == 4 * 365 + 1
    assert (dsc.not_valid_after_utc - NOW).days == 2 * 365
    assert dsc.subject.rfc4514_string() == "CN=Sample authority DSC,C=VN"


def test_private_keys_are_encrypted_and_only_the_owner_may_read_them(made: Path) -> None:
    for name, secret in (("dsc.key", SECRET), ("csca/csca.key", CSCA_SECRET)):
        path = made / name
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        content = path.read_bytes()
        assert b"ENCRYPTED PRIVATE KEY" in content
        serialization.load_pem_private_key(content, secret.encode())
        with pytest.raises(ValueError, match=r".+"):
            serialization.load_pem_private_key(content, b"another")


def test_a_key_that_was_made_signs_what_its_certificate_verifies(made: Path) -> None:
    key = SigningKey.load(made, password=SECRET)
    assert key.trusted().verify(key.sign(b"data"), b"data")
    assert (key.country, set(key.trusted().usages), key.trusted().environment) == (
        "VN",
        {"vaccination"},
        None,
    )


def test_issuing_never_opens_the_authoritys_key(made: Path) -> None:
    (made / "csca" / "csca.key").unlink()
    assert SigningKey.load(made, password=SECRET).kid == SigningKey.load(made / "dsc.key", password=SECRET).kid


def test_a_test_key_says_so_in_its_certificate(tmp_path: Path) -> None:
    make(tmp_path, environment=Environment.TEST, usages=("test", "recovery"))
    trusted = SigningKey.load(tmp_path, password=SECRET).trusted()
    assert trusted.environment == "test"
    assert set(trusted.usages) == {"test", "recovery"}


@pytest.mark.parametrize("standing", ["dsc.key", "csca/csca.key", "dsc.crt", "csca.crt"])
def test_nothing_is_overwritten_and_nothing_new_is_left_behind(tmp_path: Path, standing: str) -> None:
    path = tmp_path / standing
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"precious")
    with pytest.raises(ConfigurationError):
        make(tmp_path)
    assert path.read_bytes() == b"precious"
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [path]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"passphrase": "1234567"}, "passphrase"),
        ({"csca_passphrase": ""}, "CSCA passphrase"),
        ({"country": "Vietnam"}, "country"),
        ({"country": "vn"}, "country"),
        ({"country": "V1"}, "country"),
        ({"name": ""}, "name"),
        ({"name": "x" * 61}, "name"),
    ],
)
def test_what_cannot_stand_in_a_certificate_is_refused_by_its_field(
    tmp_path: Path, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(InputError) as refused:
        make(tmp_path / "keys", **changes)
    assert refused.value.field == field
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("password", [None, "", "wrong", SECRET + " ", CSCA_SECRET])
def test_a_wrong_or_missing_passphrase_is_a_clear_error(made: Path, password: str | None) -> None:
    with pytest.raises(ConfigurationError, match="passphrase"):
        SigningKey.load(made, password=password)


def test_key_and_certificate_may_share_a_file_or_stand_side_by_side(made: Path, tmp_path: Path) -> None:
    both = tmp_path / "dsc.pem"
    both.write_bytes((made / "dsc.key").read_bytes() + (made / "dsc.crt").read_bytes())
    assert SigningKey.load(both, password=SECRET.encode()).country == "VN"
    both.write_bytes((made / "dsc.key").read_bytes())
    with pytest.raises(ConfigurationError, match="certificate"):
        SigningKey.load(both, password=SECRET)
    both.with_suffix(".cer").write_bytes((made / "dsc.crt").read_bytes())
    assert SigningKey.load(both, password=SECRET).country == "VN"


def test_an_unencrypted_key_loads_without_a_passphrase_and_not_with_one(made: Path) -> None:
    private = serialization.load_pem_private_key((made / "dsc.key").read_bytes(), SECRET.encode())
    (made / "dsc.key").write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    assert SigningKey.load(made).country == "VN"
    with pytest.raises(ConfigurationError):
        SigningKey.load(made, password="something")


def test_of_several_keys_the_one_that_began_last_is_taken(made: Path) -> None:
    make(made / "next", now=NOW + timedelta(days=300))
    for name in ("dsc.key", "dsc.crt"):
        (made / "next" / name).rename(made / name.replace("dsc", "dsc-2"))
    later = SigningKey.load(made, password=SECRET, now=NOW + timedelta(days=301))
    sooner = SigningKey.load(made, password=SECRET, now=NOW + timedelta(days=1))
    assert (later.not_before, sooner.not_before) == (NOW + timedelta(days=300), NOW)


def test_another_keys_certificate_is_refused(made: Path) -> None:
    (made / "dsc.crt").write_bytes((made / "csca.crt").read_bytes())
    with pytest.raises(ConfigurationError, match="not the private key's"):
        SigningKey.load(made, password=SECRET)


def test_cards_are_not_signed_with_rsa(made: Path) -> None:
    key = rsa.generate_private_key(65537, 2048)
    (made / "dsc.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    with pytest.raises(ConfigurationError, match="P-256"):
        SigningKey.load(made)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"-----BEGIN PRIVATE KEY-----\n"])
def test_a_file_that_is_no_key_is_a_clear_error(made: Path, content: bytes) -> None:
    (made / "dsc.key").write_bytes(content)
    with pytest.raises(ConfigurationError):
        SigningKey.load(made, password=SECRET)


def test_a_folder_without_a_key_is_a_clear_error(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(ConfigurationError):
            SigningKey.load(path, password=SECRET)


def test_a_broken_certificate_is_a_clear_error(made: Path) -> None:
    (made / "dsc.crt").write_bytes(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    with pytest.raises((ConfigurationError, KeyMaterialError)):
        SigningKey.load(made, password=SECRET)


def test_a_key_does_not_travel(key: SigningKey) -> None:
    """Neither a queue nor a log is given the private key by accident."""
    with pytest.raises(TypeError):
        pickle.dumps(key)
    assert key.kid.hex() in repr(key)
