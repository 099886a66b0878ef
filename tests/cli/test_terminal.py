"""Nothing from outside reaches a terminal as it is: THREATS row 32, command by command.

A terminal obeys what it is sent: names of files, members of archives, subjects of certificates and arguments that hold
escapes drew verdicts of their own. So every command is given them, and what it says is searched.
"""

import ast
import os
import re
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from vaxcert import SigningKey

CLI = Path(__file__).parents[2] / "vaxcert" / "cli"
# What a terminal obeys or nobody sees: escapes, C0 and C1, bidi controls, zero widths, a letter without a shape.
ACTS = "\x1b]0;t\x07\x1b[2J\r\x08\x7f\x85\x9b31m\u061c\u200b\u200f\u202e\u2028\u2066\ufeff\u3164"
FORGED = "✔ Forged"
# A line of its own would be a verdict.
NAME = f"a{ACTS}\n{FORGED}"
ANY_NAME = pytest.mark.skipif(os.name == "nt", reason="such names are forbidden there")


def raw(said: str) -> list[str]:
    """What of a command's output a terminal would obey."""
    found = [
        repr(one)
        for one in said
        if one != "\n" and (unicodedata.category(one) in ("Cc", "Cf", "Zl", "Zp") or one == "\u3164")
    ]
    return found + [line for line in said.splitlines() if line.startswith(FORGED)]


# Wrong, damaged, not there, not reachable: which of them is for other tests to say.
FAILED = (2, 65, 66, 69)


@pytest.fixture
def safe(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs a command whose output has to be harmless."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VAXCERT_PUBLISHER_PASSPHRASE", "publisher's secret")
    monkeypatch.setenv("VAXCERT_ROOT_PASSPHRASE", "root's secret")

    def ran(*arguments: object, status: int | tuple[int, ...] | None = None, says: str = "", **given: Any) -> Any:
        done = run(*arguments, **given)
        assert raw(done.out) == [], arguments
        assert raw(done.err) == [], arguments
        assert done.status != 70, done.err
        if status is not None:
            assert done.status in (status if isinstance(status, tuple) else (status,)), done
        assert says in done.out + done.err, done
        return done

    return ran


@pytest.fixture
def signer(tmp_path: Path) -> Path:
    """A certificate whose subject acts."""
    path = tmp_path / "signer.crt"
    path.write_bytes(SigningKey.generate("VN", name=f"b{ACTS}", now=datetime.now(UTC) - timedelta(days=1)).certificate)
    return path


@ANY_NAME
def test_32_names_of_files_that_are_verified_do_not_act(safe: Any, keys: Path, card: str, tmp_path: Path) -> None:
    picture, texts = tmp_path / f"{NAME}.png", tmp_path / f"{NAME}.txt"
    picture.write_bytes(b"no picture")
    texts.write_bytes(b"\xff\xfe")
    for options in ((), ("--json",)):
        for card in (picture, texts, tmp_path / f"{NAME}.zip", NAME):
            safe("verify", "--trust", keys, *options, card, status=4, says="unreadable" if options else "? ")


@ANY_NAME
def test_names_of_an_archives_members_do_not_act(safe: Any, keys: Path, card: str, tmp_path: Path) -> None:
    from vaxcert.qr import write

    archive = tmp_path / f"{NAME}.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr(f"unreadable{NAME}.png", b"no picture")
        made.writestr(f"refused{NAME}.png", write(card[:-3]).png())
    for options in ((), ("--json",)):
        safe("verify", "--trust", keys, *options, archive, status=1, says="refuseda")


@ANY_NAME
def test_names_in_a_folder_that_is_scanned_do_not_act(safe: Any, keys: Path, card: str, tmp_path: Path) -> None:
    from vaxcert.qr import write

    folder = tmp_path / f"folder{NAME}"
    folder.mkdir()
    (folder / f"bad{NAME}.png").write_bytes(b"no picture")
    (folder / f"good{NAME}.png").write_bytes(write(card).png())
    for options in ((), ("--json",)):
        said = safe("scan", "--trust", keys, *options, folder).out
        assert "bada" in said
        assert "gooda" in said


def test_nothing_in_a_card_acts_when_it_is_inspected_or_verified(
    safe: Any, keys: Path, forge: Any, signer: Path, tmp_path: Path
) -> None:
    name = {"fn": NAME, "fnt": NAME, "gn": NAME}
    claims = forge.claims(
        forge.dcc(nam=name, v=[forge.vaccination(**dict.fromkeys(("mp", "ma", "is", "ci", "co"), NAME))])
    )
    claims[NAME] = NAME
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "dsc.crt").write_bytes(forge.key.certificate)
    text = forge.text(forge.message(claims, protected={1: -7, 4: forge.key.kid, NAME: NAME}, unprotected={NAME: NAME}))
    at = ("--at", "2026-06-15T09:30:00Z", "--trust", tmp_path / "trust")
    safe("inspect", text, *at, status=0, says="accepted")
    safe("verify", text, *at, status=0)
    safe("verify", text, *at, "--json", status=0)
    safe("scan", "-", *at[2:], stdin=text + "\n")
    safe("inspect", f"HC1:{NAME}", status=4)
    safe("inspect", NAME, status=4)


@ANY_NAME
def test_subjects_of_certificates_do_not_act(safe: Any, signer: Path, keys: Path, tmp_path: Path) -> None:
    safe("keys", "show", signer, status=0, says="CN=b")
    safe("trust", "show", signer, status=0, says="CN=b")
    safe("trust", "show", signer, keys)
    safe("trust", "show", "--json", signer, status=0, says="CN=b")
    safe("trust", "show", signer, keys, "--json", status=0)
    broken = tmp_path / f"broken{NAME}.crt"
    broken.write_bytes(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    safe("keys", "show", tmp_path, says="brokena")
    safe("trust", "show", tmp_path, says="brokena")
    safe("verify", "--trust", tmp_path, "HC1:", says="brokena")


@ANY_NAME
def test_lists_that_are_imported_and_their_sources_do_not_act(
    safe: Any, signer: Path, keys: Path, tmp_path: Path
) -> None:
    safe("trust", "publish", "published", "--new", "--environment", "test", "--add", signer, status=0, says="CN=b")
    listed = tmp_path / f"list{NAME}.pem"
    listed.write_bytes((keys / "dsc.crt").read_bytes())
    safe("trust", "import", listed, "--unverified", status=0, says="lista")
    safe("trust", "import", listed, "--unverified", "--source", f"source{NAME}", status=0)
    safe("trust", "import", listed, "--signed-by", signer, status=FAILED)
    safe("trust", "publish", "published", status=0)
    safe("trust", "sync", "published", "--into", f"store{NAME}", "--root", "publisher/root.json", says="storea")
    safe("trust", "show", f"store{NAME}")
    safe("trust", "show", f"store{NAME}", "--json")
    safe("trust", "sync", f"nowhere{NAME}", "--into", "other", "--root", "publisher/root.json", status=FAILED)
    safe("trust", "sync", f"http://example.invalid/{NAME}", "--into", f"store{NAME}", status=FAILED)


@ANY_NAME
def test_files_and_ids_to_revoke_do_not_act(safe: Any, signer: Path, tmp_path: Path) -> None:
    safe("trust", "publish", "published", "--new", "--environment", "test", "--add", signer, status=0)
    odd = tmp_path / f"odd{NAME}"
    odd.write_bytes(b"\xff" + ACTS.encode())
    for option in ("--from", "--log", "--key", "--batch", "--card"):
        safe("revoke", option, odd, "--yes", status=FAILED, says="Error: ")
        safe("revoke", option, tmp_path / f"missing{NAME}", "--yes", status=FAILED, says="Error: ")
    safe("revoke", "--site", NAME, status=FAILED, says="Error: ")
    safe("revoke", NAME, status=FAILED, says="Error: ")
    safe("revoke", "--workspace", odd, "URN:UVCI:01:VN:A#B", status=FAILED)


@ANY_NAME
def test_tables_and_what_is_wrong_with_them_do_not_act(safe: Any, keys: Path, table: Any, tmp_path: Path) -> None:
    order = ("--key", keys, "--authority", "TEST", "--workers", "1")
    bad = f'"{NAME}";17/05/1990;"{NAME}";1/2;01/06/2026;"{NAME}"'
    rows = table(bad, good=1, name=f"rows{NAME}.csv")
    safe("batch", rows, "--check", status=1, says="1 rejected")
    safe("batch", rows, *order, "--out", tmp_path / f"out{NAME}.zip", "--sheets", "a4", status=1, says="outa")
    safe("batch", rows, *order, "--out", tmp_path / f"out{NAME}.zip", status=FAILED)
    safe("batch", rows, *order, "--out", tmp_path / f"out{NAME}.tar", status=FAILED)
    heading = tmp_path / f"heading{NAME}.csv"
    heading.write_text(f'"{NAME}";b\n1;2\n', "utf-8", newline="")
    safe("batch", heading, "--check", status=FAILED)
    mapping = tmp_path / f"map{NAME}.json"
    for content in ("{", '{"a": "\\u001b"}', "[]"):
        mapping.write_text(content, "utf-8")
        safe("batch", rows, "--check", "--map", mapping, status=FAILED)
    safe("batch", tmp_path / NAME, "--check", status=FAILED)


@ANY_NAME
def test_sources_and_names_of_a_registry_do_not_act(safe: Any, table: Any, tmp_path: Path) -> None:
    registry = ("registry", "--db", f"sqlite:///{tmp_path}/r.db", "--key", tmp_path / f"key{NAME}", "--actor", NAME)
    safe(*registry, "init", status=0, says="keya")
    rows = table(f'"{NAME}";17/05/1990;Comirnaty;1/2;01/06/2026;"{NAME}"', good=1, name=f"rows{NAME}.csv")
    safe(*registry, "import", rows, status=0, says="rowsa")
    safe(*registry, "import", tmp_path / f"missing{NAME}", status=FAILED)
    (tmp_path / f"broken{NAME}.csv").write_bytes(b"\xff\x00")
    safe(*registry, "import", tmp_path / f"broken{NAME}.csv", status=FAILED, says="brokena")
    safe(*registry, "runs", status=0, says="rowsa")
    safe(*registry, "rejects", "1", status=0)
    safe(*registry, "search", "--name", "Mẫu", "--born", "1990-05-17", status=0)
    safe(*registry, "person", "1", "--yes", status=0)
    safe(*registry, "audit", "--show", "20", status=0)
    safe(*registry, "check", status=0)
    safe(*registry, "coverage", "--out", tmp_path / f"coverage{NAME}.csv", status=0, says="coveragea")
    safe(*registry, "decide", NAME, status=FAILED)
    safe(*registry, "correct", "person", "1", NAME, "--reason", "x", status=FAILED)
    safe("registry", "--db", f"sqlite:///{tmp_path}/{NAME}", "runs", status=FAILED)


@ANY_NAME
def test_places_that_are_written_to_do_not_act(safe: Any, keys: Path, tmp_path: Path) -> None:
    card = (
        "issue", "--key", keys, "--authority", "TEST", "--family-name", "Nguyễn", "--born", "1990", "--dose", "1/1",
        "--product", "EU/1/20/1528", "--date", "2026-06-01",
    )  # fmt: skip
    safe(*card, "--out", tmp_path / f"out{NAME}.png", "--qr", status=0, says="outa")
    safe(*card, "--out", tmp_path / NAME / "none.png", status=4)
    safe(*card, "--log", tmp_path / NAME / "none" / "log", status=FAILED)
    safe(*card, "--site", NAME, status=FAILED)
    made = ("--country", "VN", "--name", f"c{ACTS}", "--environment", "test")
    safe("keys", "new", tmp_path / f"keys{NAME}", *made, status=0, says="keysa")
    safe("keys", "new", tmp_path / f"keys{NAME}", *made, status=FAILED)
    safe("keys", "rotate", tmp_path / f"keys{NAME}", status=0, says="keysa")
    safe("demo", "--out", tmp_path / f"keys{NAME}", status=FAILED)
    safe("demo", "--out", tmp_path / "demo", "--doses", tmp_path / NAME, status=FAILED)


@pytest.mark.parametrize(
    "arguments",
    [
        (NAME,),
        ("verify", f"--{NAME}"),
        ("verify", "x", "--at", NAME),
        ("verify", "x", "--environment", NAME),
        ("verify", "x", "--trust", NAME),
        ("batch", "x", "--workers", NAME),
        ("batch", "x", "--mask", NAME),
        ("trust", NAME),
        ("trust", "show", NAME),
        ("trust", "import", NAME),
        ("registry", NAME),
        ("registry", "person", NAME),
        ("keys", "show", NAME),
        ("serve", "--config", NAME),
        ("serve", "--trust", NAME),
        ("serve", "--port", NAME),
        ("scan", "--camera", NAME),
        ("issue", "--key", "x", "--authority", "x", "--record", NAME),
        ("issue", "--key", NAME, "--authority", "x"),
    ],
    ids=lambda arguments: " ".join(arguments).replace(NAME, "NAME"),
)
def test_arguments_that_an_error_quotes_do_not_act(safe: Any, arguments: tuple[str, ...]) -> None:
    assert safe(*arguments).status in (*FAILED, 4)


def test_what_json_holds_is_escaped_and_not_lost(safe: Any, capsys: pytest.CaptureFixture[str]) -> None:
    import json

    from vaxcert.cli.shared.saying import say_json

    value = {"name": NAME + "\ud800 Nguye\u0302\u0303n Å \U000e0001"}
    for indent in (None, 1):
        say_json(value, indent=indent)
        said = capsys.readouterr().out
        assert raw(said) == []
        assert json.loads(said) == value


def test_a_fault_of_ours_quotes_no_place_that_acts(
    safe: Any, keys: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from vaxcert import cli

    monkeypatch.setattr(cli, "place_of", lambda error: NAME)
    monkeypatch.setattr(cli.cli, "main", lambda **_: 1 / 0)
    with pytest.raises(SystemExit) as leaving:
        cli.main([])
    assert leaving.value.code == 70
    assert raw(capsys.readouterr().err) == []


@ANY_NAME
def test_on_a_terminal_only_colours_of_our_own_are_sent(keys: Path, card: str, tmp_path: Path) -> None:
    import pty

    from vaxcert.qr import write

    archive = tmp_path / "pictures.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("\x1b[32m\x1b[1m✔ Forged\x1b[0m\x1b[8m.png", b"no picture")
        made.writestr("\x1b[1A\x1b[2K\x1b[42m.png", write(card[:-3]).png())
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "vaxcert", "verify", "--trust", str(keys), str(archive)]
    with subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL) as running:
        os.close(theirs)
        said = b"".join(iter(lambda: _read(ours), b"")).decode()
    os.close(ours)
    assert running.returncode == 1
    # Yellow and bold for what was not read, red and bold for what was refused, and their end.
    assert set(re.findall(r"\x1b\[[0-9;]*m", said)) == {"\x1b[33m", "\x1b[31m", "\x1b[1m", "\x1b[0m"}
    assert raw(re.sub(r"\x1b\[[0-9;]*m|\r\n", "\n", said)) == []


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux, once the other end is closed
        return b""


def test_every_command_prints_through_one_place() -> None:
    assert {place for path in sorted(CLI.rglob("*.py")) for place in _prints(path)} == {"shared/saying.py"}


def _prints(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if called in ("print", "click.echo", "click.secho", "error.show", "sys.stdout.write", "sys.stderr.write"):
            yield path.relative_to(CLI).as_posix()
