"""No output takes the place of what is still needed, and that is looked at before anything is opened."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from vaxcert.cli import cli
from vaxcert.cli.shared.outputs import Output, Writing

DOSE = ("--authority", "Sở Y tế Mẫu", "--family-name", "Nguyễn", "--born", "1990", "--product", "EU/1/20/1528",
        "--dose", "1/2", "--date", "2026-06-01")  # fmt: skip
TABLE = "full_name;date_of_birth;product;dose;date\nTrần Mẫu;1990-05-17;EU/1/20/1528;1/2;2026-06-01\n"


def commands(group: click.Group, *path: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        yield " ".join((*path, name)), command
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)


def test_every_command_with_an_output_looks_at_it_first() -> None:
    writing = {name for name, command in commands(cli) if any(isinstance(one.type, Output) for one in command.params)}
    assert writing == {name for name, command in commands(cli) if isinstance(command, Writing)}
    assert {"issue", "batch", "registry find", "registry export", "registry issue", "registry publish"} <= writing


def test_a_path_that_is_written_is_said_to_be_an_output() -> None:
    # Folders that are kept or made, each with a look of its own, and what is read.
    known = {
        "demo --out", "keys new folder", "keys rotate --out", "revoke --from", "revoke --workspace", "registry --key",
        "portal --key", "portal --tls-folder", "registry doctor --trust",
        "serve --trust", "serve --tls-folder", "trust import --workspace", "trust publish out", "trust publish --workspace",
        "serve --write", "booking --key", "booking --booking-key", "booking --desk-key", "registry person --booking-key",
        "registry person --desk-key", "registry sessions offer --booking-key", "registry sessions offer --desk-key",
        "registry sessions withdraw --booking-key", "registry sessions withdraw --desk-key",
        "trust sync --into", "signer waiting --socket", "signer approve --socket", "signer decline --socket",
    }  # fmt: skip
    plain = {
        f"{name} {param.opts[0]}"
        for name, command in commands(cli)
        for param in command.params
        if type(param.type) is click.Path
    }
    assert plain == known


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Any]) -> Path:
    monkeypatch.chdir(tmp_path)
    assert run("keys", "new", "keys", "--country", "VN", "--name", "Mau", "--environment", "test").status == 0
    (tmp_path / "doses.csv").write_text(TABLE, "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ("issue", "--key", "keys", *DOSE, "--out", "{key}"),
        ("issue", "--key", "keys", *DOSE, "--log", "{key}"),
        ("issue", "--key", "{key}", *DOSE, "--out", "./keys/../{key}"),
        ("issue", "--key", "keys", "--authority", "Mẫu", "--record", "record.json", "--out", "record.json"),
        ("batch", "doses.csv", "--key", "keys", "--authority", "Mẫu", "--out", "doses.csv"),
        ("batch", "doses.csv", "--key", "keys", "--authority", "Mẫu", "--out", "link.zip"),
        ("batch", "doses.csv", "--key", "keys", "--authority", "Mẫu", "--out", "a.zip", "--log", "{key}"),
        ("batch", "a.rejects.csv", "--key", "keys", "--authority", "Mẫu", "--out", "a.zip"),
    ],
)
def test_40_an_output_that_is_an_input_or_a_key_is_refused_and_nothing_is_changed(
    place: Path, run: Callable[..., Any], arguments: tuple[str, ...]
) -> None:
    (key,) = (path.relative_to(place) for path in (place / "keys").glob("dsc*.key"))
    (place / "record.json").write_text("{}")
    (place / "a.rejects.csv").write_text(TABLE, "utf-8")
    (place / "link.zip").symlink_to("doses.csv")
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    ran = run(*(word.replace("{key}", str(key)) for word in arguments))
    assert ran.status == 2, ran.err
    assert "(output_needed)" in ran.err
    assert "Tệp cần ghi sẽ đè lên" in ran.err
    assert {path: path.read_bytes() for path in place.rglob("*") if path.is_file()} == before


def test_an_issue_log_beside_the_key_goes_on(place: Path, run: Callable[..., Any]) -> None:
    for count in (1, 2):
        ran = run("issue", "--key", "keys", *DOSE, "--log", "keys/issued.jsonl")
        assert ran.status == 0, ran.err
        assert len((place / "keys" / "issued.jsonl").read_text().splitlines()) == count
