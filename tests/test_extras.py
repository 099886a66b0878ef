"""What is not installed is named with a command that installs it, whatever way vaxcert came."""

import importlib.util
import shlex
import subprocess
import sys
from email.message import Message
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from vaxcert import ConfigurationError, extras

EXTRAS = ("scan", "camera", "app", "batch", "registry", "portal", "hsm", "dask", "all")


def installed(monkeypatch: pytest.MonkeyPatch, *urls: str) -> None:
    """Metadata as an installed package has them, with these addresses."""
    known = Message()
    for entry in (
        "click>=8.1", "numpy>=1.26; extra == 'batch'", "typst>=0.15.2 ; extra == 'batch'", "vaxcert[batch]; extra == 'dask'",
        "distributed>=2026.1.1; (python_version >= '3.11') and extra == 'dask'",
    ):  # fmt: skip
        known["Requires-Dist"] = entry
    for url in urls:
        known["Project-URL"] = url
    monkeypatch.setattr(metadata, "metadata", lambda _: known)


def test_the_command_names_what_the_extra_stands_on_and_what_its_extras_do(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch)
    command = shlex.split(extras.install_command("dask"))
    assert command[:4] == [sys.executable, "-m", "pip", "install"]
    assert sorted(command[4:]) == ["distributed>=2026.1.1", "numpy>=1.26", "typst>=0.15.2"]


def test_the_command_names_the_package_once_an_index_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, "Home, https://example.org/", "Index, https://index.example.org/vaxcert/")
    assert shlex.split(extras.install_command("batch"))[4:] == ["vaxcert[batch]"]


def test_in_a_checkout_that_was_never_installed_the_command_installs_that(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: str) -> Any:
        raise metadata.PackageNotFoundError("vaxcert")

    monkeypatch.setattr(metadata, "metadata", missing)
    assert extras.install_command("batch").endswith("-m pip install '.[batch]' in the checkout")


@pytest.mark.parametrize("extra", EXTRAS)
def test_this_install_knows_what_each_of_its_extras_stands_on(extra: str) -> None:
    command = shlex.split(extras.install_command(extra))
    assert len(command) > 4
    assert not any(part.startswith("vaxcert") for part in command)


def test_a_module_that_is_not_there_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    extras.need(("sys", "json"), "batch")
    assert importlib.util.find_spec("no_such_module_of_vaxcert") is None
    with pytest.raises(ConfigurationError, match=r"no_such_module_of_vaxcert is missing: of vaxcert\[batch\].*numpy"):
        extras.need(("sys", "no_such_module_of_vaxcert"), "batch")


@pytest.mark.parametrize(
    "command",
    [
        ("issue", "--key", "pkcs11:token=x;object=y", "--authority", "Mẫu", "--family-name", "Mẫu", "--born", "1990",
         "--product", "EU/1/20/1528", "--dose", "1/2", "--date", "2026-06-01", "--log", "issued.jsonl"),
        ("batch", "doses.csv", "--key", "pkcs11:token=x;object=y", "--authority", "Mẫu", "--out", "c.zip", "--log", "issued.jsonl"),
        ("registry", "issue", "--signing-key", "pkcs11:token=x;object=y", "--authority", "Mẫu"),
    ],
    ids=["issue", "batch", "registry"],
)  # fmt: skip
def test_a_key_on_a_token_without_the_extra_says_so(command: tuple[str, ...], tmp_path: Path, table: Any) -> None:
    table(good=1)
    without = "import sys; sys.modules['pkcs11'] = None; from vaxcert.cli import main; main(sys.argv[1:])"
    if command[0] == "registry":
        subprocess.run(
            [sys.executable, "-m", "vaxcert", "registry", "init"], cwd=tmp_path, check=True, capture_output=True
        )
    done = subprocess.run(
        [sys.executable, "-P", "-c", without, *command],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, "of vaxcert[hsm], which is not installed" in done.stderr) == (2, True), done.stderr
