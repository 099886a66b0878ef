"""`vaxcert keys`."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from vaxcert import TrustStore
from vaxcert.cli.keys import describe

NEW = ("--country", "VN", "--name", "Sample TEST")


def test_new_makes_what_it_says_and_show_needs_no_passphrase(
    run: Any, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sorted(str(path.relative_to(keys)) for path in keys.rglob("*") if path.is_file()) == [
        "csca.crt", "csca/csca.key", "dsc.crt", "dsc.key",
    ]  # fmt: skip
    monkeypatch.delenv("VAXCERT_PASSPHRASE")
    shown = run("keys", "show", keys)
    assert shown.status == 0
    assert "VN  ES256  CN=Sample TEST DSC,OU=TEST,C=VN" in shown.out
    assert "signs vaccination" in shown.out
    assert "csca.crt: an authority" in shown.out


def test_new_does_not_overwrite(run: Any, keys: Path) -> None:
    before = (keys / "dsc.key").read_bytes()
    ran = run("keys", "new", keys, *NEW)
    assert ran.status == 2
    assert "never overwritten" in ran.err
    assert (keys / "dsc.key").read_bytes() == before


def test_new_takes_passphrases_from_files(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VAXCERT_PASSPHRASE")
    monkeypatch.delenv("VAXCERT_CSCA_PASSPHRASE")
    (tmp_path / "one").write_text("mật khẩu một\n", "utf-8")
    (tmp_path / "two").write_text("mật khẩu hai\n", "utf-8")
    files = ("--passphrase-file", tmp_path / "one", "--csca-passphrase-file", tmp_path / "two")
    assert run("keys", "new", tmp_path / "keys", *NEW, *files).status == 0
    from vaxcert import SigningKey

    assert SigningKey.load(tmp_path / "keys", password="mật khẩu một").country == "VN"


@pytest.mark.parametrize(
    ("secret", "csca_secret", "says"),
    [
        ("short", "authority's secret", "shorter than 8"),
        ("signer's secret", "", "shorter than 8"),
        ("the same secret", "the same secret", "both passphrases are the same"),
        (None, "authority's secret", "no passphrase"),
    ],
)
def test_new_refuses_weak_equal_and_missing_passphrases(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: str | None, csca_secret: str, says: str
) -> None:
    monkeypatch.delenv("VAXCERT_PASSPHRASE") if secret is None else monkeypatch.setenv("VAXCERT_PASSPHRASE", secret)
    monkeypatch.setenv("VAXCERT_CSCA_PASSPHRASE", csca_secret)
    ran = run("keys", "new", tmp_path / "keys", *NEW)
    assert ran.status == 2
    assert says in ran.err
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("country", ["vn", "VNM", "Vietnam", "V1"])
def test_new_refuses_what_is_no_country(run: Any, tmp_path: Path, country: str) -> None:
    ran = run("keys", "new", tmp_path / "keys", "--country", country, "--name", "Sample")
    assert ran.status == 2
    assert "ISO 3166" in ran.err


@pytest.mark.parametrize(
    ("days_left", "says"),
    [(61, None), (60, None), (59, "ends in 59 days"), (1, "ends in 1 days"), (0, "ends in 0 days"), (-1, "EXPIRED")],
)
def test_show_warns_sixty_days_before_the_end(keys: Path, capsys: Any, days_left: int, says: str | None) -> None:
    (key,) = TrustStore.load(keys)
    end = key.not_after
    describe(keys, end - timedelta(days=days_left))
    out = capsys.readouterr().out
    assert ("ends in" in out or "EXPIRED" in out) is (says is not None)
    assert says is None or says in out


def test_show_of_a_folder_without_certificates_is_an_error(run: Any, tmp_path: Path) -> None:
    assert run("keys", "show", tmp_path).status == 2
    assert run("keys", "show", tmp_path / "missing").status == 66


def test_rotate_makes_the_next_key_and_says_what_to_do_with_the_last(run: Any, keys: Path, card: str) -> None:
    ran = run("keys", "rotate", keys)
    assert ran.status == 0
    assert "publish it before the first certificate is signed" in ran.out
    assert "stays published until its certificates have expired" in ran.out
    assert "the last private key: destroy it" in ran.out
    # Both are in the folder that is published: cards of the last key are still good.
    assert run("verify", "--trust", keys, card).status == 0
    assert len([line for line in run("keys", "show", keys).out.splitlines() if "CN=Sample TEST DSC" in line]) == 2


def test_rotate_makes_a_key_for_a_site(run: Any, keys: Path, tmp_path: Path) -> None:
    ran = run("keys", "rotate", keys, "--out", tmp_path / "site", "--name", "Sample site")
    assert ran.status == 0
    assert "destroy" not in ran.out
    assert "CN=Sample site DSC" in run("keys", "show", tmp_path / "site").out


def test_rotate_wants_two_passphrases(run: Any, keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAXCERT_PASSPHRASE", "authority's secret")
    ran = run("keys", "rotate", keys)
    assert ran.status == 2
    assert "both passphrases are the same" in ran.err
