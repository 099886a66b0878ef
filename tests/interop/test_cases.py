"""Small inputs of the field, and what is right for each of them."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from verifier_app import create_app
from verifier_app.config import Settings
from verifier_app.desk import Desk

AT = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
# Files and the reason of their verdict; None where it is accepted.
CARDS = {
    "card-good.txt": None,
    "recovery-within.txt": None,
    "recovery-past-its-until.txt": "recovery_expired",
    "picture-plain.jpg": None,
    "picture-url-sharp-card-blurred.png": None,
    "picture-url-beside-card.png": None,
    "picture-card-blurred-alone.png": None,
    "picture-no-quiet-zone-on-black.png": None,
    "picture-animated-first-frame-blank.webp": None,
    "document-bom-before-header.pdf": None,
    "document-code-in-form-field.pdf": None,
    "document-code-on-page-20.pdf": None,
}
SCANS = {
    "scan-aim-identifier.txt": None,
    "scan-stx-etx.txt": None,
    "scan-windows-vietnamese-layout.txt": "keyboard_layout",
}
TYPES = ["image/jpeg", "image/jpg", "image/pjpeg", "image/x-png", "image/png", "application/octet-stream"]


def vaxcert(*arguments: object, encoding: str = "utf-8", **options: Any) -> subprocess.CompletedProcess[Any]:
    command = [sys.executable, "-P", "-m", "vaxcert", *map(str, arguments)]
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    return subprocess.run(command, capture_output=True, env=environment, check=False, timeout=120, **options)


@pytest.fixture
def post(cases: Path) -> Iterator[Callable[[str, str], Any]]:
    """`POST /verify` of a file under a declared type, judged at a clock that stands still."""
    settings = Settings(trust=cases / "trust", trial=True)
    desk = Desk(settings, clock=lambda: AT)
    client = create_app(settings, desk=desk).test_client()
    yield lambda name, kind: client.post("/verify", data=(cases / name).read_bytes(), content_type=kind)
    desk.close()


@pytest.mark.parametrize("name", CARDS)
def test_a_card_in_a_file_gets_its_verdict(cases: Path, name: str) -> None:
    ran = vaxcert("verify", "--trust", cases / "trust", "--at", AT.isoformat(), "--json", cases / name)
    (said,) = map(json.loads, ran.stdout.splitlines())
    assert (said["reason"], ran.returncode) == (CARDS[name], 1 if CARDS[name] else 0)


@pytest.mark.parametrize("name", [name for name in CARDS if not name.endswith(".txt")])
def test_a_card_in_a_picture_gets_its_verdict_from_the_app(post: Callable[[str, str], Any], name: str) -> None:
    kind = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp", "pdf": "application/pdf"}[
        name[-4:].strip(".")
    ]
    answer = post(name, kind)
    assert (answer.status_code, answer.json.get("status")) == (200, "accepted")


@pytest.mark.parametrize("kind", TYPES)
def test_the_declared_type_of_a_picture_does_not_outrank_it(post: Callable[[str, str], Any], kind: str) -> None:
    answer = post("picture-plain.jpg", kind)
    assert (answer.status_code, answer.json.get("status")) == (200, "accepted")


@pytest.mark.parametrize("name", SCANS)
def test_a_scanners_line_gets_its_verdict(cases: Path, name: str) -> None:
    ran = vaxcert("scan", "--trust", cases / "trust", "--json", input=(cases / name).read_bytes())
    (said,) = map(json.loads, ran.stdout.splitlines())
    assert said["reason"] == SCANS[name]
    assert said["status"] == ("undetermined" if SCANS[name] else "accepted")


@pytest.mark.parametrize("encoding", ["cp1258", "ascii", "cp437"])
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_terminal_that_lacks_letters_gets_the_verdict(cases: Path, encoding: str, options: tuple[str, ...]) -> None:
    at = ("--at", AT.isoformat())
    ran = vaxcert("verify", "--trust", cases / "trust", *at, *options, cases / "card-good.txt", encoding=encoding)
    assert ran.returncode == 0, ran.stderr
    assert not options or json.loads(ran.stdout)["certificate"]["person"]["family_name"] == "Nguyễn"


def test_a_scanner_is_ended_by_an_interruption_without_an_abort(cases: Path) -> None:
    command = [sys.executable, "-P", "-m", "vaxcert", "scan", "--trust", str(cases / "trust"), "--json"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A background job's children would ignore the signal.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as scanner:
        assert scanner.stdin is not None and scanner.stdout is not None and scanner.stderr is not None
        scanner.stdin.write((cases / "card-good.txt").read_bytes())
        scanner.stdin.flush()
        assert scanner.stdout.readline()
        scanner.send_signal(signal.SIGINT)
        assert scanner.wait(20) in (0, 130)
        assert b"Fatal Python error" not in scanner.stderr.read()
