"""What the documents say is what happens."""

import doctest
import importlib
import os
import pkgutil
import re
import shlex
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from vaxcert import Environment, Reason, TrustStore, Verifier
from vaxcert.qr import read
from vaxcert.trust.own import authority
from vaxcert.wording import REASONS

ROOT = Path(__file__).parents[1]


def test_the_session_in_the_readme_runs_as_printed() -> None:
    results = doctest.testfile(str(ROOT / "README.md"), module_relative=False, encoding="utf-8")
    assert results.attempted > 10
    assert results.failed == 0


@pytest.mark.parametrize("package", ["vaxcert", "vaxcert.qr", "vaxcert.batch", "vaxcert.registry"])
def test_the_session_in_a_packages_docstring_runs_as_printed(
    package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    module = importlib.import_module(package)
    if package == "vaxcert.batch":
        table(good=3)
        authority.create(
            tmp_path / "keys", country="VN", name="So Y te Mau", passphrase="signer's secret",
            csca_passphrase="authority's secret", environment=Environment.TEST, now=datetime.now(UTC),
        )  # fmt: skip
    if package == "vaxcert.registry":
        table(good=1, name="unit.csv")
        module.Registry.create("sqlite:///registry.db", tmp_path / "registry.key").engine.dispose()
    results = doctest.testmod(module)
    assert (results.attempted > 1, results.failed) == (True, 0)


def test_every_session_in_a_docstring_is_one_of_those() -> None:
    with_sessions = [path for path in (ROOT / "vaxcert").rglob("*.py") if ">>> " in path.read_text("utf-8")]
    expected = ("vaxcert", "vaxcert/qr", "vaxcert/batch", "vaxcert/registry")
    assert sorted(with_sessions) == sorted(ROOT / package / "__init__.py" for package in expected)


def test_every_picture_in_the_documents_is_shown_by_one() -> None:
    shown = "".join(path.read_text("utf-8") for path in (ROOT / "docs").rglob("*.md"))
    assert [path.name for path in (ROOT / "docs" / "screens").iterdir() if path.name not in shown] == []


def test_every_decision_has_a_day_and_a_status() -> None:
    for path in (ROOT / "docs" / "decisions").iterdir():
        said = path.read_text("utf-8").split("\n\n")[1]
        assert re.fullmatch(
            r"Status: (accepted|superseded by \[\d{4}\]\(\d{4}-[\w-]+\.md\)), \d{4}-\d\d-\d\d\.", said
        ), path


def test_the_example_script_runs() -> None:
    ran = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "issue_and_verify.py")], capture_output=True, text=True, check=True
    )
    assert "accepted: Nguyễn Mẫu Thử, vaccination" in ran.stdout
    assert "refused: " in ran.stdout


def test_the_folder_example_tells_each_code(capsys: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, str(ROOT / "examples" / "scan_folder.py")]
    folders = [str(ROOT / "examples" / "codes"), str(ROOT / "keys" / "examples")]
    ran = subprocess.run([*command, *folders], capture_output=True, text=True, check=True)
    expected = [f"{name}.png: {status}{f' ({reason})' if reason else ''}" for name, (status, reason) in CODES.items()]
    assert sorted(ran.stdout.splitlines()) == sorted(expected)


CODES = {
    "dose-2-of-2": ("accepted", None),
    "booster-3-of-2": ("accepted", None),
    "negative-test": ("accepted", None),
    "expired-recovery": ("refused", "recovery_expired"),
    "positive-test": ("refused", "test_positive"),
    "expired": ("refused", "expired"),
    "tampered": ("refused", "signature_invalid"),
    "unknown-key": ("undetermined", "key_unknown"),
}


@pytest.mark.parametrize("name", CODES)
def test_the_ready_made_codes_give_what_their_names_say(name: str) -> None:
    verifier = Verifier(TrustStore.load(ROOT / "keys" / "examples"))
    (symbol,) = read(ROOT / "examples" / "codes" / f"{name}.png")
    verdict = verifier.verify(symbol.text)
    assert (verdict.status, verdict.reason) == CODES[name]
    assert verdict.environment == "test"


def test_no_ready_made_code_is_left_unchecked() -> None:
    assert {path.stem for path in (ROOT / "examples" / "codes").iterdir()} == set(CODES)


def test_no_private_key_is_published() -> None:
    for path in (*(ROOT / "keys").rglob("*"), *(ROOT / "examples").rglob("*")):
        if path.is_file():
            assert b"PRIVATE KEY" not in path.read_bytes(), path


def test_every_reason_is_documented_with_its_words() -> None:
    table = (ROOT / "docs" / "reasons.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \|(.*)\|$", table, re.MULTILINE))
    assert list(rows) == [str(reason) for reason in Reason]
    for reason, words in REASONS.items():
        assert words.en in rows[reason]
        assert words.vi in rows[reason]


def test_the_commands_for_authorities_run_as_written(tmp_path: Path) -> None:
    document = (ROOT / "docs" / "authority.md").read_text("utf-8")
    script = "".join(re.findall(r"^```sh\n(.*?)^```$", document, re.MULTILINE | re.DOTALL))
    commands = script.replace("\\\n", " ").splitlines()
    assert 9 <= len(commands) <= 12
    passphrases = ("PASSPHRASE", "CSCA_PASSPHRASE", "PUBLISHER_PASSPHRASE", "ROOT_PASSPHRASE")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("VAXCERT_")}
    environ |= {f"VAXCERT_{name}": f"the secret of {name}" for name in passphrases} | {"LC_ALL": "C.UTF-8"}
    said = []
    for command in commands:
        ran = subprocess.run(
            [sys.executable, "-m", *shlex.split(command)],
            cwd=tmp_path, env=environ, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        said.append((command.split()[1], ran.returncode))
        assert "Traceback" not in ran.stderr
        if command.startswith("vaxcert verify"):
            first, again = (
                ("✔ Genuine certificate", 0),
                ("✘ Refused\n  The certificate has been withdrawn. (revoked)", 1),
            )
            words, status = first if ("verify", 0) not in said[:-1] else again
            assert ran.stdout.startswith(words)
            assert ran.returncode == status
        else:
            assert ran.returncode == 0, ran.stderr
    assert [status for name, status in said if name == "verify"] == [0, 1]


DOCUMENTS = (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "keys").rglob("*.md"))


def headings(document: Path) -> set[str]:
    """What links to the headings of a document call them."""
    found = re.findall(r"^#+ (.*)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


def test_links_between_the_documents_lead_somewhere() -> None:
    for document in DOCUMENTS:
        for target in re.findall(r"\]\(([^)]+)\)", document.read_text("utf-8")):
            if "://" in target:
                continue
            name, _, heading = target.partition("#")
            there = document.parent / name if name else document
            assert there.exists(), f"{document.name}: {target}"
            assert not heading or heading in headings(there), f"{document.name}: {target}"


def test_every_document_is_linked_from_another() -> None:
    linked = {
        (document.parent / target.partition("#")[0]).resolve()
        for document in DOCUMENTS
        for target in re.findall(r"\]\(([^)#]+)", document.read_text("utf-8"))
        if "://" not in target
    }
    # Decisions are a folder, linked as one; the front page and the notes beside keys are where one starts.
    alone = {path for path in DOCUMENTS if path.resolve() not in linked and path.parent.name != "decisions"}
    assert alone == {ROOT / "README.md", ROOT / "keys" / "README.md"}


def test_what_the_documents_have_made_can_be_made() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for document in DOCUMENTS:
        wanted = set(re.findall(r"(?:^|`)make (\w+)", document.read_text("utf-8"), re.MULTILINE))
        assert wanted <= targets, f"{document.name}: {wanted - targets}"


@pytest.mark.parametrize("name", ["developer", "deprecation"])
def test_the_names_that_a_guide_tells_developers_are_there(name: str) -> None:
    document = (ROOT / "docs" / f"{name}.md").read_text("utf-8")
    told = set(re.findall(r"`(vaxcert(?:\.\w+)+)", document))
    assert told
    for dotted in told:
        assert pkgutil.resolve_name(dotted) is not None


def test_the_contact_for_weaknesses_is_told_in_both_places_or_in_neither() -> None:
    contact = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"].get("urls", {}).get("Security")
    said = (ROOT / "SECURITY.md").read_text("utf-8")
    assert ("**Contact: not filled in yet.**" in said) == (contact is None)
    assert contact is None or contact.removeprefix("mailto:") in said


def test_the_commands_in_the_readme_exist(capsys: Any) -> None:
    from vaxcert.cli import cli

    named = set(re.findall(r"^vaxcert (\w+)", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE))
    assert named
    assert named <= set(cli.commands)


def test_the_registry_in_the_developers_guide_works_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = (ROOT / "docs" / "developer.md").read_text("utf-8")
    (block,) = re.findall(r"^## 6\..*?^```python\n(.*?)^```$", document, re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(tmp_path)
    headings, row = (
        "Họ và tên,Ngày sinh,SĐT,Vắc xin,Mũi,Ngày tiêm",
        "Nguyễn Mẫu Thử,17/05/1990,0100123456,Comirnaty,1/2,01/03/2026",
    )
    (tmp_path / "unit.csv").write_text(f"{headings}\n{row}\n", "utf-8")
    names: dict[str, Any] = {}
    exec(block, names)  # noqa: S102  (our own guide)
    assert names["report"].counts == {"new": 1, "rejected": 0}
    with names["Registry"].open("sqlite:///registry.db", Path("registry.key")) as registry:
        found = names["lookup"].of_person(registry, 1)
    assert found.person.full_name == "Nguyễn Mẫu Thử"
