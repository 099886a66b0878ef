"""The commands of the front page work as they stand there, in their order."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import urllib3

from vaxcert.qr import read

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
SECTION = README.split("\n## On the command line\n")[1].split("\n## ")[0]
HEADINGS = "Họ và tên,Ngày sinh,SĐT,Vắc xin,Mũi,Ngày tiêm"
UNITS = {
    "unit-1.csv": ("Nguyễn Mẫu Thử,17/05/1990,0100123456,Comirnaty,1/2,01/03/2026",),
    "unit-2.csv": (
        "Nguyễn Mẫu Thử,17/05/1990,0100123456,Comirnaty,2/2,01/06/2026",
        "Trần Giả Định,02/09/1985,0100654321,Spikevax,1/2,03/03/2026",
    ),
}


def commands() -> list[list[str]]:
    """What follows `vaxcert` in each line of the section's one block."""
    (block,) = re.findall(r"^```sh\n(.*?)^```$", SECTION, re.MULTILINE | re.DOTALL)
    lines = [shlex.split(line, comments=True) for line in block.replace("\\\n", " ").splitlines()]
    assert {line[0] for line in lines} == {"vaxcert"}
    return [line[1:] for line in lines]


def as_typed(command: list[str], folder: Path) -> list[str]:
    """The command as a shell hands it over in a folder, patterns replaced by the names that they match."""
    words = []
    for word in command:
        words += sorted(str(path.relative_to(folder)) for path in folder.glob(word)) if "*" in word else [word]
    return [sys.executable, "-m", "vaxcert", *words]


def environ() -> dict[str, str]:
    """No settings but the passphrases that the section names, each another."""
    names = re.findall(r"VAXCERT_\w*PASSPHRASE", SECTION)
    assert len(names) == 4
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VAXCERT_")}
    return kept | {name: f"the secret of {name}" for name in names} | {"LC_ALL": "C.UTF-8"}


def run(command: list[str], folder: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    ran = subprocess.run(
        as_typed(command, folder), cwd=folder, env=environ(), input=stdin, capture_output=True, encoding="utf-8",
        check=False, timeout=120,
    )  # fmt: skip
    assert "Traceback" not in ran.stdout + ran.stderr
    return ran


def serve(command: list[str], folder: Path) -> None:
    """Start the app at a port that the system gives, see that it runs, and end it."""
    said = folder / "serve.txt"
    with (
        said.open("wb") as output,
        subprocess.Popen(
            [*as_typed(command, folder), "--port", "0"], cwd=folder, env=environ(), stdin=subprocess.DEVNULL,
            stdout=output, stderr=output,
        ) as server,
    ):  # fmt: skip
        try:
            address = _address(said, server)
            with urllib3.PoolManager(retries=False) as pool:
                assert pool.request("GET", f"{address}healthz", timeout=10).status == 200
        finally:
            server.terminate()
    assert server.returncode == 0
    assert "Traceback" not in said.read_text("utf-8")


def _address(said: Path, server: subprocess.Popen[bytes]) -> str:
    for _ in range(600):
        if found := re.search(r"^(http://127\.0\.0\.1:\d+/) ", said.read_text("utf-8"), re.MULTILINE):
            return found[1]
        assert server.poll() is None, said.read_text("utf-8")
        time.sleep(0.05)
    pytest.fail("no address within 30 seconds")


@pytest.mark.slow
def test_every_command_of_the_front_page_works_in_its_order(tmp_path: Path) -> None:
    shutil.copy(ROOT / "examples" / "doses.csv", tmp_path)
    for name, rows in UNITS.items():
        (tmp_path / name).write_text("\n".join((HEADINGS, *rows)) + "\n", "utf-8")
    said = {}
    for command in commands():
        if command[0] == "serve":
            serve(command, tmp_path)
            continue
        # What a hand scanner types: the card that was issued before.
        typed = f"{read(tmp_path / 'card.png')[0].text}\n" if command[0] == "scan" else ""
        ran = run(command, tmp_path, typed)
        assert ran.returncode == 0, f"{command}: {ran.stderr}"
        said[" ".join(command[:2] if command[0] in ("keys", "trust", "registry") else command[:1])] = ran
    assert said["verify"].stdout.startswith("✔ Genuine certificate")
    assert said["scan"].stderr.startswith("1 scanned: 1 accepted")
    assert "200 certificates" in said["batch"].stdout
    assert said["revoke"].stdout.startswith("201 entries noted")
    assert "unit-1.csv: run 1, 1 rows: 1 new" in said["registry import"].stdout
    assert "unit-2.csv: run 2, 2 rows: 1 matched, 1 new" in said["registry import"].stdout


def test_the_front_page_says_how_the_ready_made_codes_end() -> None:
    (line,) = re.findall(r"`vaxcert (verify [^`]*examples/codes[^`]*)`", SECTION)
    counts = re.search(r"(\w+) are accepted, (\w+) refused, and\s(\w+)\sis undetermined", SECTION)
    status = re.search(r"exit status (\d)\.\s*$", SECTION)
    assert counts is not None
    assert status is not None
    accepted, refused, undetermined = (
        ("no", "one", "two", "three", "four", "five").index(count.lower()) for count in counts.groups()
    )
    ran = run(shlex.split(line), ROOT)
    assert ran.returncode == int(status[1])
    total = accepted + refused + undetermined
    expected = f"{total} codes: {accepted} accepted, {refused} refused, {undetermined} undetermined"
    assert ran.stdout.splitlines()[-1] == expected
