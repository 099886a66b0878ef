"""Machines that are no UTF-8 Linux terminal: other encodings, streams that are closed, readers that go."""

import json
import os
import signal
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from vaxcert.cli.revoking.ids import given

NAME = "Nguyễn Mẫu Thử"
# The encoding of the streams, and how a card's name and the sign of an accepted one are written in it.
ENCODINGS = {
    "cp1258": (NAME, "[OK]"),
    "cp437": ("Nguyên Mâu Thu", "[OK]"),
    "latin-1": ("Nguyên Mâu Thu", "[OK]"),
    "ascii": ("Nguyen Mau Thu", "[OK]"),
    "utf-16": (NAME, "✔"),
    "utf-8": (NAME, "✔"),
}


def vaxcert(*arguments: object, encoding: str = "utf-8", **options: Any) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-P", "-m", "vaxcert", *map(str, arguments)]
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    return subprocess.run(command, env=environment, capture_output=True, timeout=60, **options)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_verdict_is_shown_in_whatever_encoding(keys: Path, card: str, encoding: str) -> None:
    ran = vaxcert("verify", "--trust", keys, "--lang", "vi", card, encoding=encoding)
    assert (ran.returncode, ran.stderr) == (0, b"")
    said = unicodedata.normalize("NFC", ran.stdout.decode(encoding))
    name, sign = ENCODINGS[encoding]
    assert said.startswith(sign)
    assert f" {name}\n" in said
    assert "?" not in said


@pytest.mark.parametrize("encoding", ["cp1258", "ascii", "utf-16"])
def test_scans_are_shown_in_whatever_encoding_and_json_says_the_same(keys: Path, card: str, encoding: str) -> None:
    typed = f"{card}\n{card[:200]}\n".encode()
    shown = vaxcert("scan", "--trust", keys, "--lang", "en", encoding=encoding, input=typed)
    assert shown.returncode == 0
    assert (ENCODINGS[encoding][1] + "  GENUINE CERTIFICATE") in shown.stdout.decode(encoding)
    told = vaxcert("scan", "--trust", keys, "--json", encoding=encoding, input=typed).stdout.decode(encoding)
    first, second = map(json.loads, told.splitlines())
    assert first["certificate"]["person"]["family_name"] == "Nguyễn"
    assert second["status"] == "refused"
    assert told.isascii()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_people_wrote_is_read_as_their_editor_saved_it(
    run: Any, keys: Path, card: str, tmp_path: Path, encoding: str
) -> None:
    def saved(name: str, text: str) -> Path:
        (tmp_path / name).write_bytes(text.encode(encoding))
        return tmp_path / name

    fields = {
        "family_name": "Nguyễn", "date_of_birth": "1990", "product": "EU/1/20/1528", "number": 1, "series": 1,
        "date": "2026-06-01",
    }  # fmt: skip
    record = json.dumps(fields, ensure_ascii=False)
    secret = saved("secret", "signer's secret\r\nthe next line")
    issued = ("issue", "--key", keys, "--authority", "TEST", "--passphrase-file", secret, "--record")
    made = run(*issued, saved("record.json", record))
    assert made.status == 0
    assert run(*issued, "-", stdin=record.encode(encoding)).status == 0
    codes = saved("codes", f"{card}\r\n{made.out}")
    assert "2 accepted" in run("verify", "--trust", keys, codes).out
    assert "2 accepted" in run("verify", "--trust", keys, "-", stdin=codes.read_bytes()).out
    assert "2 scanned: 2 accepted" in run("scan", "--trust", keys, stdin=codes.read_bytes()).err
    assert given((), saved("ids", "\r\nURN:UVCI:01:VN:TEST\r\n")) == [("line 2", "URN:UVCI:01:VN:TEST")]
    office = ("registry", "--db", f"sqlite:///{tmp_path}/r.db", "--key", tmp_path / "r.key")
    assert run(*office, "init").status == 0
    assert run(*office, "search", "--from", saved("who", "name=Nguyễn Mẫu\nborn=1990-05-17\n")).err == "0 found.\n"


def test_errors_questions_and_help_are_said_in_ascii_too(tmp_path: Path) -> None:
    for arguments, status in (
        (("verify", "--trust", tmp_path / "ơ", "x"), 66),
        (("revoke", "Ư"), 66),
        (("--help",), 0),
    ):
        ran = vaxcert(*arguments, encoding="ascii", input=b"")
        assert ran.returncode == status
        assert (ran.stdout + ran.stderr).isascii()
        assert b"Traceback" not in ran.stderr
    assert b"Loi: " in vaxcert("verify", "--trust", tmp_path / "ơ", "x", encoding="ascii").stderr


def test_long_work_is_told_of_in_ascii_too() -> None:
    script = (
        "import sys; sys.stderr.isatty = lambda: True\n"
        "from vaxcert.cli.shared.streams import adapt\nadapt()\n"
        "from vaxcert.cli.shared.progress import progress\n"
        "with progress() as told: told('ký', 1, 2)\n"
        "from vaxcert.cli.shared.saying import ask, signal\nask('Họ và tên?'); signal('\\a', err=True)\n"
    )
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "TERM": "xterm"}
    ran = subprocess.run([sys.executable, "-P", "-c", script], env=environment, capture_output=True, timeout=60)
    assert (ran.returncode, ran.stdout) == (0, b"")
    assert ran.stderr.isascii()
    assert b"Ho va ten?" in ran.stderr


def test_a_code_that_a_terminal_cannot_draw_is_not_drawn_wrongly(keys: Path) -> None:
    fields = ("--family-name", "Mẫu", "--born", "1990", "--product", "EU/1/20/1528", "--date", "2026-06-01")
    order = ("issue", "--key", keys, "--authority", "TEST", *fields, "--dose", "1/1", "--qr")
    plain = vaxcert(*order, encoding="cp1258")
    assert plain.returncode == 0
    assert len(plain.stdout.splitlines()) == 1
    assert b"cannot be drawn here, in cp1258" in plain.stderr
    assert "█" in vaxcert(*order, encoding="cp437").stdout.decode("cp437")


class Scanner:
    """`vaxcert scan` with a hand scanner plugged in: a pipe that stays open."""

    def __init__(self, *options: object) -> None:
        command = [sys.executable, "-P", "-m", "vaxcert", "scan", *map(str, options)]
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        # A background job's children would ignore the signal.
        pipes["preexec_fn"] = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
        self.process = subprocess.Popen(command, **pipes)  # type: ignore[call-overload]

    def type(self, line: str) -> None:
        self.process.stdin.write(f"{line}\n".encode())
        self.process.stdin.flush()

    def ended(self) -> tuple[int, bytes]:
        """The exit status and what was said on standard error, while the scanner is still plugged in."""
        self.process.wait(20)
        with self.process.stderr as stream:
            said = stream.read()
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.returncode, said


@pytest.mark.skipif(os.name == "nt", reason="no such signals there")
def test_a_scan_ends_by_ctrl_c_while_a_scanner_is_attached(keys: Path, card: str) -> None:
    scanner = Scanner("--trust", keys, "--json")
    scanner.type(card)
    assert b"accepted" in scanner.process.stdout.readline()
    scanner.process.send_signal(signal.SIGINT)
    status, said = scanner.ended()
    assert status == 0
    assert said.decode().strip() == "1 scanned: 1 accepted, 0 refused, 0 undetermined"


@pytest.mark.skipif(os.name == "nt", reason="no such pipes there")
def test_a_scan_ends_quietly_once_nobody_reads_it(keys: Path, card: str) -> None:
    scanner = Scanner("--trust", keys, "--json")
    scanner.type(card)
    assert b"accepted" in scanner.process.stdout.readline()
    scanner.process.stdout.close()
    # Nothing more is typed: a desk that is idle notices too.
    assert scanner.ended() == (141, b"")


def test_a_scan_ends_with_its_scanner(keys: Path, card: str) -> None:
    scanner = Scanner("--trust", keys, "--json")
    scanner.type(card)
    scanner.process.stdin.close()
    status, said = scanner.ended()
    assert status == 0
    assert b"1 accepted" in said


@pytest.mark.skipif(os.name == "nt", reason="shells there close no streams")
@pytest.mark.parametrize(
    ("command", "status"),
    [("scan <&-", 0), ("verify - <&-", 4), ("verify HC1:ABC >&-", 1), ("trust show . <&- 2>&-", 0)],
)
def test_streams_that_are_closed_are_no_fault(keys: Path, command: str, status: int) -> None:
    name, _, rest = command.partition(" ")
    trust = "" if name == "trust" else f"--trust {keys}"
    line = f"exec {sys.executable} -P -m vaxcert {name} {trust} {rest}".replace("show .", f"show {keys}")
    ran = subprocess.run(["sh", "-c", line], capture_output=True, timeout=60)
    assert ran.returncode == status
    assert b"Fault" not in ran.stderr


@pytest.mark.skipif(os.name == "nt", reason="no such pipes there")
@pytest.mark.parametrize(
    "arguments",
    [("verify", "HC1:ABC", "--trust"), ("trust", "show"), ("keys", "show"), ("--help",), ("verify", "--help")],
)
def test_a_reader_that_goes_early_ends_a_command_quietly(keys: Path, arguments: tuple[str, ...]) -> None:
    theirs, ours = os.pipe()
    os.close(theirs)
    place = () if "--help" in arguments else (str(keys),)
    command = [sys.executable, "-P", "-m", "vaxcert", *arguments, *place]
    ran = subprocess.run(command, stdout=ours, stderr=subprocess.PIPE, timeout=60)
    os.close(ours)
    assert (ran.returncode, ran.stderr) == (141, b"")


def test_an_error_that_nobody_reads_is_no_fault() -> None:
    theirs, ours = os.pipe()
    os.close(theirs)
    ran = subprocess.run(
        [sys.executable, "-P", "-m", "vaxcert", "verify", "--nope"], stderr=ours, stdout=subprocess.PIPE
    )
    os.close(ours)
    assert (ran.returncode, ran.stdout) == (141, b"")
