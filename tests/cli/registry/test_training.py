"""A registry for training from the command line: put back to how it was made, and signed in by TEST keys alone."""

import os
from pathlib import Path
from typing import Any

import pytest

from vaxcert.registry import Registry
from vaxcert.registry.accounts import training

SECRETS = {"VAXCERT_PASSPHRASE": "the signer's", "VAXCERT_CSCA_PASSPHRASE": "the authority's"}


@pytest.fixture
def office(tmp_path: Path) -> tuple[str, ...]:
    """Options of a registry that was declared for training."""
    url, key = f"sqlite:///{tmp_path / 'r.db'}", tmp_path / "r.key"
    with Registry.create(url, key) as registry:
        training.declare(registry, actor="test")
    return ("registry", "--db", url, "--key", str(key))


def test_it_is_put_back_to_its_export(run: Any, office: tuple[str, ...], table: Any, tmp_path: Path) -> None:
    copy = tmp_path / "training.zip"
    assert run(*office, "export", str(copy)).status == 0
    assert run(*office, "import", str(table(good=3))).status == 0
    ran = run(*office, "training-reset", str(copy))
    assert ran.status == 0 and "as they were made" in ran.out
    assert run(*office, "import", str(table(good=3))).out.startswith("doses.csv: run 1, 3 rows: 3 new")


def test_another_registry_is_refused_and_stays_as_it_is(run: Any, table: Any, tmp_path: Path) -> None:
    office = ("registry", "--db", f"sqlite:///{tmp_path / 'r.db'}", "--key", str(tmp_path / "r.key"))
    copy = tmp_path / "training.zip"
    assert run(*office, "init").status == 0
    assert run(*office, "export", str(copy)).status == 0
    assert run(*office, "import", str(table(good=3))).status == 0
    ran = run(*office, "training-reset", str(copy))
    assert ran.status == 2 and "not made for training" in ran.err
    assert "3 again" in run(*office, "import", str(table(good=3))).out


def test_a_real_key_signs_nothing_in_it(
    run: Any, office: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, secret in SECRETS.items():
        monkeypatch.setenv(name, secret)
    said = {}
    for kind in ("production", "test"):
        keys = tmp_path / kind
        made = run("keys", "new", str(keys), "--country", "VN", "--name", "So Y te Mau", "--environment", kind)
        assert made.status == 0
        said[kind] = run(*office, "issue", "--signing-key", str(keys), "--authority", "TEST")
    assert (said["production"].status, said["test"].status) == (2, 0)
    assert "TEST keys alone" in said["production"].err
    lines = {
        "socket": tmp_path / "signer.sock", "db": office[2], "registry_key": office[4], "key": tmp_path / "production",
        "authority": "TEST", "log": tmp_path / "issued.jsonl",
    }  # fmt: skip
    config = tmp_path / "signer.toml"
    config.write_text("".join(f'{name} = "{value}"\n' for name, value in lines.items()) + f"peers = [{os.getuid()}]\n")
    ran = run("signer", "run", "--config", str(config))
    assert ran.status == 2 and "TEST keys alone" in ran.err
    assert not (tmp_path / "signer.sock").exists()
