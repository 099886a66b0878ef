"""The afternoon on which the system is handed over goes as the guide says, on either database."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from databases import postgresql, server

from vaxcert.wording.doctor import MATTERS

__all__ = ["postgresql", "server"]

GUIDE = (Path(__file__).parents[1] / "docs" / "handover.md").read_text("utf-8")
NAMED = {"doctor", "audit", "coverage", "accounts", "sums"}
SECRETS = {"VAXCERT_PASSPHRASE": "secret of the key", "VAXCERT_CSCA_PASSPHRASE": "secret of the root"}


def commands() -> list[list[str]]:
    script = "".join(re.findall(r"^```sh\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL))
    return [shlex.split(line) for line in script.splitlines()]


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path: Path, table: Any) -> Callable[..., Any]:
    """Has a command of the guide run where a registry is with people, certificates and a copy of its key in the safe."""
    urls = {"main": f"sqlite:///{tmp_path / 'registry.db'}", "trial": "sqlite:///trial.db"}
    if request.param == "postgresql":
        new = request.getfixturevalue("postgresql")
        urls = {"main": new(), "trial": new()}
    environ = {name: value for name, value in os.environ.items() if not name.startswith("VAXCERT_")}
    environ |= {"LC_ALL": "C.UTF-8", "VAXCERT_DB": urls["main"], "VAXCERT_REGISTRY_KEY": str(tmp_path / "registry.key")}

    def run(words: list[str], *good: int) -> str:
        words = [word.replace("sqlite:///trial.db", urls["trial"]) for word in words]
        ran = subprocess.run(
            [sys.executable, "-m", *words], cwd=tmp_path, env=environ | SECRETS, capture_output=True, encoding="utf-8",
            check=False, timeout=120,
        )  # fmt: skip
        assert ran.returncode in (good or (0,)), (words, ran.stdout, ran.stderr)
        assert "Traceback" not in ran.stderr
        return ran.stdout

    table(good=5)
    for line in (
        "registry init", "registry import doses.csv",
        'keys new keys --country VN --name "So Y te Mau" --environment test',
        "registry issue --signing-key keys --authority TEST",
    ):  # fmt: skip
        run(["vaxcert", *shlex.split(line)])
    (tmp_path / "safe").mkdir()
    shutil.copy(tmp_path / "registry.key", tmp_path / "safe")
    (tmp_path / "published-keys").mkdir()
    shutil.copy(tmp_path / "keys" / "dsc.crt", tmp_path / "published-keys")
    return run


@pytest.mark.one_database
@pytest.mark.slow
def test_every_command_works_in_its_order_and_at_the_end_nothing_is_to_do(office: Callable[..., str]) -> None:
    said: dict[str, list[str]] = {}
    head = ""
    for words in commands():
        words = [head if word == "HASH" else word for word in words]
        name = next((word for word in words if word in NAMED), words[-1])
        # Until the last step there is something to do.
        told = office(words, 0, 1) if name == "doctor" else office(words)
        said.setdefault(name, []).append(told)
        if name == "audit" and "--db" not in words:
            head = told.split()[-1]
    trial, real = said["coverage"]
    assert trial == real and trial.count("\n") > 1
    assert len(said["audit"]) == 3
    last = said["doctor"][-1]
    assert "[to do]" not in last and "[cần làm]" not in last, last
    assert len(re.findall(r"^\[", last, re.MULTILINE)) == len(MATTERS)


def test_what_is_to_be_shown_again_is_in_the_table_of_what_to_do_when() -> None:
    table = GUIDE.split("## 6. ")[1].split("## 7. ")[0]
    for words in ("copies", "restored", "audit log", "questions", "failed", "Check-up", "signing key"):
        assert words in table, words


def test_screens_that_the_guide_names_are_called_so() -> None:
    from portal_app.words import WORDS

    known = {words.en: words.vi for words in WORDS.values()}
    known |= {re.sub(r" \(\{n\}\)", "", en): re.sub(r" \(\{n\}\)", "", vi) for en, vi in known.items()}
    named = re.findall(r"\*([A-Z][\w -]+)\*\s+\(([^)]+)\)", GUIDE)
    assert len(named) > 4
    for english, vietnamese in named:
        assert known.get(english) == vietnamese, english
