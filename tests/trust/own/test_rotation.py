"""The next signer under an authority that there is."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from vaxcert import SigningKey, TrustStore
from vaxcert.errors import ConfigurationError, InputError
from vaxcert.trust.own import authority, rotation
from vaxcert.verdict import Environment

NOW = datetime(2026, 6, 15, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=600)
SECRETS = {"passphrase": "signer's secret", "csca_passphrase": "authority's secret"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    authority.create(
        tmp_path / "keys", country="VN", name="Sample", environment=Environment.TEST, now=NOW,
        usages=("vaccination", "test"), **SECRETS,
    )  # fmt: skip
    return tmp_path / "keys"


def rotate(folder: Path, **changes: Any) -> rotation.Rotated:
    return rotation.rotate(folder, **(SECRETS | {"now": LATER} | changes))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_next_signer_takes_the_place_of_the_last_which_is_kept_to_be_published(folder: Path) -> None:
    last = SigningKey.load(folder, password=SECRETS["passphrase"])
    before = contents(folder)
    made = rotate(folder, passphrase="the next secret")
    new = SigningKey.load(folder, password="the next secret", now=LATER)
    assert new.kid == made.signer.kid != last.kid
    assert made.before == f"dsc-{last.kid.hex()}"
    after = contents(folder)
    assert after[f"{made.before}.crt"] == before["dsc.crt"]
    assert after[f"{made.before}.key"] == before["dsc.key"]
    assert sorted(after) == sorted([*before, f"{made.before}.crt", f"{made.before}.key"])
    for name in ("dsc.key", f"{made.before}.key"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert {key.kid for key in TrustStore.load(folder)} == {last.kid, new.kid}


def test_the_next_signer_is_vouched_for_by_the_authority_for_the_same_kinds(folder: Path) -> None:
    signer = rotate(folder).signer
    csca = x509.load_pem_x509_certificate((folder / "csca.crt").read_bytes())
    x509.load_der_x509_certificate(signer.certificate).verify_directly_issued_by(csca)
    assert signer.usages == {"vaccination", "test"}
    assert signer.environment is Environment.TEST
    assert signer.country == "VN"
    assert (signer.not_before, signer.not_after) == (LATER, LATER + timedelta(days=730))
    assert rotate(folder, usages=("recovery",)).signer.usages == {"recovery"}


def test_a_site_has_a_signer_of_its_own_and_the_first_folder_stays_as_it_is(folder: Path, tmp_path: Path) -> None:
    before = contents(folder)
    made = rotate(folder, out=tmp_path / "site", name="Trạm Y tế Mẫu 7")
    assert contents(folder) == before
    assert made.before == ""
    assert sorted(contents(tmp_path / "site")) == ["csca.crt", "dsc.crt", "dsc.key"]
    assert "Trạm Y tế Mẫu 7 DSC" in made.signer.subject
    SigningKey.load(tmp_path / "site", password=SECRETS["passphrase"])
    with pytest.raises(ConfigurationError, match="never overwritten"):
        rotate(folder, out=tmp_path / "site")


def test_the_authority_s_key_may_stand_on_another_medium(folder: Path, tmp_path: Path) -> None:
    (folder / "csca" / "csca.key").rename(tmp_path / "csca.key")
    with pytest.raises(ConfigurationError, match="bring the authority's key"):
        rotate(folder)
    assert rotate(folder, csca_key=tmp_path / "csca.key").before


@pytest.mark.parametrize(
    ("spoil", "changes", "says"),
    [
        (lambda folder: None, {"csca_passphrase": "wrong"}, "wrong passphrase"),
        (lambda folder: (folder / "csca.crt").write_text("none"), {}, "not a certificate"),
        (lambda folder: (folder / "csca.crt").unlink(), {}, "No such file"),
        (lambda folder: (folder / "dsc.crt").unlink(), {}, "no signer"),
        (lambda folder: (folder / "csca.crt").write_bytes((folder / "dsc.crt").read_bytes()), {}, "not that of csca.crt"),
        (lambda folder: None, {"now": NOW + timedelta(days=365 * 5)}, "has expired"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_changes_nothing(folder: Path, spoil: Any, changes: Any, says: str) -> None:
    spoil(folder)
    before = contents(folder)
    with pytest.raises(ConfigurationError, match=says):
        rotate(folder, **changes)
    assert contents(folder) == before


def test_a_short_passphrase_is_refused(folder: Path) -> None:
    with pytest.raises(InputError, match=r"too_short \(least 8"):
        rotate(folder, passphrase="short")


@pytest.mark.parametrize("stop", ["write_changed", "replace"])
def test_stopped_midway_both_pairs_are_there(folder: Path, monkeypatch: pytest.MonkeyPatch, stop: str) -> None:
    last = SigningKey.load(folder, password=SECRETS["passphrase"])

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(*((rotation, stop, fail) if stop == "write_changed" else (Path, stop, fail)))
        with pytest.raises(ConfigurationError, match="No space left on device"):
            rotate(folder)
    assert SigningKey.load(folder, password=SECRETS["passphrase"]).kid == last.kid
    (new,) = (path for path in folder.glob("dsc-*.key") if path.stem != f"dsc-{last.kid.hex()}")
    assert new.with_suffix(".crt").exists()
    assert rotate(folder).before == f"dsc-{last.kid.hex()}"
