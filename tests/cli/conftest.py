"""Runs the command line in this process, and keys to run it with."""

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from vaxcert.cli import main


class Ran(NamedTuple):
    """How a run ended and what it said."""

    status: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.delenv("VAXCERT_TRUST", raising=False)
    monkeypatch.delenv("VAXCERT_KEY", raising=False)
    monkeypatch.setenv("VAXCERT_PASSPHRASE", "signer's secret")
    monkeypatch.setenv("VAXCERT_CSCA_PASSPHRASE", "authority's secret")

    def run(*arguments: object, stdin: str | bytes = "") -> Ran:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
        with pytest.raises(SystemExit) as leaving:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ran(int(leaving.value.code or 0), captured.out, captured.err)

    return run


@pytest.fixture
def keys(run: Run, tmp_path: Path) -> Path:
    folder = tmp_path / "keys"
    assert run("keys", "new", folder, "--country", "VN", "--name", "Sample TEST", "--environment", "test").status == 0
    return folder


@pytest.fixture
def card(run: Run, keys: Path) -> str:
    """The text of a card that verifies against `keys`."""
    ran = run(
        "issue", "--key", keys, "--authority", "Sở Y tế (TEST)", "--family-name", "Nguyễn", "--given-name", "Mẫu Thử",
        "--born", "1990-05-17", "--product", "EU/1/20/1528", "--date", "2026-06-01", "--dose", "2/2",
    )  # fmt: skip
    assert ran.status == 0
    return ran.out.strip()
