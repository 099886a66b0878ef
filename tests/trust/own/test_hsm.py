"""Keys on a PKCS #11 token, with a real module: SoftHSM 2."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives import serialization

from vaxcert import ConfigurationError, Dose, Issuer, Person, SigningKey, TrustStore, Verifier, batch
from vaxcert.cli import cli
from vaxcert.trust.own import hsm

PIN = "483920"
MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)

PUT_CERTIFICATE = """
import sys, pkcs11
from pkcs11 import Attribute
module, pin, label, value = sys.argv[1:]
with pkcs11.lib(module).get_token(token_label="vaxcert").open(user_pin=pin, rw=True) as session:
    session.create_object({
        Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE, Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
        Attribute.TOKEN: True, Attribute.LABEL: label, Attribute.SUBJECT: b"", Attribute.VALUE: bytes.fromhex(value),
    })
"""


@pytest.fixture(scope="session")
def token(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A token with the key "dsc" and its certificate, "alone" without one, and "other" with a strange one."""
    module = next((path for path in MODULES if Path(path).exists()), None)
    if module is None or shutil.which("softhsm2-util") is None or find_spec("pkcs11") is None:
        return {}
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    # Read when the module is loaded, here and in processes that are started.
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    said = ["--pin", PIN, "--so-pin", "90817263", "--label", "vaxcert"]
    subprocess.run(["softhsm2-util", "--init-token", "--free", *said], check=True, capture_output=True)
    signer, stranger = (SigningKey.generate("VN", now=datetime.now(UTC) - timedelta(days=1)) for _ in range(2))
    pem = signer._private_key.private_bytes(  # type: ignore[union-attr]
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(pem)
    for label, number in (("dsc", "A1"), ("alone", "A2"), ("other", "A3")):
        given = ["--token", "vaxcert", "--pin", PIN, "--label", label, "--id", number]
        subprocess.run(["softhsm2-util", "--import", folder / "key.pem", *given], check=True, capture_output=True)
    (folder / "key.pem").unlink()
    uri = f"pkcs11:token=vaxcert;object=dsc?module-path={module}"
    for label, certificate in (("dsc", signer.certificate), ("other", stranger.certificate)):
        # In a process of its own: here the token stays closed until a test opens it.
        given = [module, PIN, label, certificate.hex()]
        subprocess.run([sys.executable, "-c", PUT_CERTIFICATE, *given], check=True)
    return {"uri": uri, "module": module, "signer": signer}


@pytest.fixture
def uri(token: dict[str, Any], missing: Callable[[str], None]) -> str:
    if not token:
        missing("SoftHSM 2 or python-pkcs11 is not installed (apt-get install softhsm2; pip install 'vaxcert[hsm]')")
    text: str = token["uri"]
    return text


def test_a_card_signed_on_a_token_is_accepted(uri: str, token: dict[str, Any], person: Person, dose: Dose) -> None:
    key = SigningKey.load(uri, password=PIN)
    assert key.kid == token["signer"].kid
    assert len(key.sign(b"anything")) == 64
    issued = Issuer(key, country="VN", authority="Sở Y tế Mẫu", valid_for=timedelta(days=30)).issue(person, dose)
    assert Verifier(TrustStore([token["signer"].trusted()])).verify(issued.text)


def test_two_keys_of_one_token_are_open_at_the_same_time(uri: str) -> None:
    first, second = (SigningKey.load(uri, password=PIN) for _ in range(2))
    assert first.sign(b"a") != second.sign(b"a")


def test_a_certificate_beside_the_token_is_taken(uri: str, token: dict[str, Any], tmp_path: Path) -> None:
    from cryptography import x509

    alone = uri.replace("object=dsc", "object=alone")
    with pytest.raises(ConfigurationError, match="holds no certificate"):
        SigningKey.pkcs11(alone, pin=PIN)
    published = x509.load_der_x509_certificate(token["signer"].certificate).public_bytes(serialization.Encoding.PEM)
    (tmp_path / "dsc.crt").write_bytes(published)
    assert SigningKey.pkcs11(alone, pin=PIN, certificate=tmp_path / "dsc.crt").kid == token["signer"].kid
    by_id = uri.replace("object=dsc", "id=%A2")
    assert SigningKey.pkcs11(by_id, pin=PIN, certificate=tmp_path / "dsc.crt").kid == token["signer"].kid


def test_a_certificate_of_another_key_is_refused(uri: str) -> None:
    with pytest.raises(ConfigurationError, match="not the private key's"):
        SigningKey.load(uri.replace("object=dsc", "object=other"), password=PIN)


def test_the_pin_comes_from_the_file_that_the_uri_names(uri: str, tmp_path: Path) -> None:
    (tmp_path / "pin").write_text(PIN + "\n")
    assert SigningKey.load(f"{uri}&pin-source=file:{tmp_path}/pin")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        SigningKey.load(f"{uri}&pin-source={tmp_path}/none")


@pytest.mark.parametrize(
    ("change", "pin", "says"),
    [
        (("", ""), None, "passphrase is needed"),
        (("", ""), "000000", "cannot be opened"),
        (("token=vaxcert", "token=none"), PIN, "cannot be opened"),
        (("object=dsc", "object=none"), PIN, "no such key"),
        (("libsofthsm", "libnone"), PIN, "that can be loaded"),
    ],
)
def test_whatever_keeps_a_token_from_signing_is_named(
    uri: str, change: tuple[str, str], pin: str | None, says: str
) -> None:
    with pytest.raises(ConfigurationError, match=says) as raised:
        SigningKey.load(uri.replace(*change) if change[0] else uri, password=pin)
    assert PIN not in str(raised.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("pkcs11:token=a;object=b", "no module"),
        ("pkcs11:token=a?module-path=/m", "has to name"),
        ("pkcs11:object=a?module-path=/m", "has to name"),
        ("pkcs11:token=a;object=b;colour=red?module-path=/m", "colour is not understood"),
        ("pkcs11:token=a;token=b;object=c?module-path=/m", "token is not understood"),
        ("pkcs11:token=a;object=b?module-path=/m&pin-value=1234", "seen by all"),
    ],
)
def test_a_uri_that_says_too_little_or_too_much_is_an_error(
    text: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VAXCERT_PKCS11_MODULE", raising=False)
    with pytest.raises(ConfigurationError, match=says) as raised:
        hsm.parse(text)
    assert "1234" not in str(raised.value)


def test_a_uri_is_read_as_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAXCERT_PKCS11_MODULE", "/m.so")
    place = hsm.parse("pkcs11:token=So%20Y%20te;id=%01%FF;type=private")
    assert place == hsm.Place("/m.so", "So Y te", "", "", b"\x01\xff", "")


def test_a_key_is_not_used_after_a_fork(uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    key = SigningKey.load(uri, password=PIN)
    monkeypatch.setattr("vaxcert.trust.own.hsm.os.getpid", lambda: -1)
    with pytest.raises(ConfigurationError, match="after a fork"):
        key.sign(b"anything")


def test_batches_are_signed_on_a_token_by_every_process(uri: str, token: dict[str, Any], tmp_path: Path) -> None:
    head = "Họ và tên;Ngày sinh;Vắc xin;Mũi;Ngày tiêm\n"
    rows = "".join(
        f"Nguyễn Mẫu {chr(65 + i % 26)}{chr(65 + i // 26)};1990;Comirnaty;1/2;01/06/2026\n" for i in range(60)
    )
    (tmp_path / "doses.csv").write_text(head + rows, "utf-8")
    order = batch.Order(
        table=tmp_path / "doses.csv", out=tmp_path / "c.zip", key=uri, password=PIN, authority="Mẫu", workers=2
    )
    assert batch.run(order).issued == 60
    token["signer"].trusted()
    folder = tmp_path / "trust"
    folder.mkdir()
    from cryptography import x509

    published = x509.load_der_x509_certificate(token["signer"].certificate).public_bytes(serialization.Encoding.PEM)
    (folder / "dsc.crt").write_bytes(published)
    verified = CliRunner().invoke(cli, ["verify", str(tmp_path / "c.zip"), "--trust", str(folder)])
    assert verified.exit_code == 0, verified.output
    assert "60 codes: 60 accepted" in verified.output


def test_the_command_line_takes_a_uri_for_a_key(uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAXCERT_PASSPHRASE", PIN)
    given = [
        "issue", "--key", uri, "--authority", "Mẫu", "--family-name", "Nguyễn", "--given-name", "Mẫu",
        "--born", "1990", "--product", "EU/1/20/1528", "--dose", "1/2", "--date", "2026-06-01",
    ]  # fmt: skip
    without_log = CliRunner().invoke(cli, given)
    assert without_log.exit_code == 2
    assert "--log is needed" in without_log.output
    ran = CliRunner().invoke(cli, [*given, "--log", str(tmp_path / "issued.jsonl")])
    assert ran.exit_code == 0, ran.output
    assert ran.stdout.startswith("HC1:")
