"""`vaxcert registry`, as a clinic uses it: the first day of the guide, and what it says when something is wrong."""

import csv
import getpass
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture
def day(tmp_path: Path) -> Path:
    """A province a hundredth of the real size, with somebody who comes to the desk."""
    script = ROOT / "examples" / "make_province.py"
    subprocess.run([sys.executable, script, tmp_path / "province", "--times", "0.01"], check=True)
    unit = tmp_path / "province" / "unit-01.csv"
    with unit.open("a", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerow(
            (
                "Nguyễn Mẫu Thử",
                "1990-05-17",
                "",
                "0100123456",
                "Tam Đảo",
                "1",
                "Comirnaty",
                "1/2",
                "2026-03-01",
                "VP07",
                "PFI03X1",
            )
        )
    return tmp_path


def ran(folder: Path, *arguments: str) -> Any:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("VAXCERT_")}
    environ |= {"VAXCERT_PASSPHRASE": "secret of the key", "VAXCERT_CSCA_PASSPHRASE": "secret of the root"}
    environ |= {"VAXCERT_ACTOR": "clerk 3", "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=folder, env=environ, capture_output=True, encoding="utf-8", check=False
    )


@pytest.mark.slow
def test_the_first_day_of_the_guide_runs_as_written(day: Path) -> None:
    document = (ROOT / "docs" / "clinic.md").read_text("utf-8")
    (script,) = re.findall(r"^```sh\n(.*?)^```$", document, re.MULTILINE | re.DOTALL)
    commands = [line for line in script.splitlines() if not line.startswith("#")]
    assert len(commands) >= 18
    said, first = {}, {}
    (day / "holder.txt").write_text("name=mau thu nguyen\nborn=17/05/1990\nphone=0100 123 456\n", "utf-8")
    (day / "changes.txt").write_text("date_of_birth=1971-02-03\n", "utf-8")
    for command in commands:
        if "answers.txt" in command:
            numbers = re.findall(r"^(\d+)\. person", said["review"], re.MULTILINE)
            (day / "answers.txt").write_text("".join(f"{number}=different\n" for number in numbers) or "\n")
            if not numbers:
                continue
        done = ran(day, *shlex.split(command))
        assert done.returncode == 0, (command, done.stderr)
        assert "Traceback" not in done.stderr
        words = shlex.split(command)
        said[words[2]] = done.stdout
        first.setdefault(words[2], done.stdout)
    assert "Run 14 is taken back" in said["undo"]
    assert "1 rows to mend in mend.xlsx" in said["rejects"]
    assert "D Số CMND/CCCD → số định danh" in first["import"]
    assert "30 hợp lệ" in first["import"]
    assert re.search(r"Run \d+: 1 certificates \(1 corrected\)", said["issue"])
    assert said["revocations"].startswith("URN:UVCI:01:VN:")
    assert ",x," in said["coverage"]
    assert "entries, the last one" in said["audit"]
    assert (day / "holder.pdf").read_bytes().startswith(b"%PDF")
    assert (day / "coverage.png").read_bytes().startswith(b"\x89PNG")
    assert "Nguyễn Mẫu Thử | 1990-05-17 | Tam Đảo | 0100123456 | 1/2" in said["search"]
    shown = {"review", "search"}
    assert not any("0100123456" in text for name, text in said.items() if name not in shown)
    # What was handed out verifies.
    checked = ran(day, "vaxcert", "verify", "--trust", "keys", "codes.zip")
    assert checked.returncode == 0, checked.stdout[-300:]


def test_what_is_wrong_is_said_and_nothing_of_anybody(day: Path) -> None:
    assert "key cannot be read" in ran(day, "vaxcert", "registry", "runs").stderr
    assert ran(day, "vaxcert", "registry", "init").returncode == 0
    again = ran(day, "vaxcert", "registry", "init")
    assert (again.returncode, "already" in again.stderr) == (2, True)
    assert ran(day, "vaxcert", "registry", "import", "province/unit-01.csv").returncode == 0
    for arguments, says, status in (
        (("import", "province/people.csv"), "no column for", 2),
        (("undo", "99"), "run 99", 66),
        (("decide", "7"), "NUMBER=ANSWER", 2),
        (("decide", "999=same"), "not open", 66),
        (("correct", "person", "1", "shoe=42", "--reason", "x"), "shoe: not one of", 2),
        (("correct", "dose", "1", "number=many", "--reason", "x"), "whole numbers", 2),
        (("find", "--name", "x", "--born", "1990-01-01"), "a telephone or an identity number", 2),
        (("audit", "--expect", "0" * 63 + "1"), "cut off", 65),
        (("restore", "province/truth.csv"), "not a whole export", 65),
        (("person", "99999", "--yes"), "there is none", 66),
        (("coverage", "--chart", "x.gif"), ".svg or .png", 2),
    ):
        done = ran(day, "vaxcert", "registry", *arguments)
        assert done.returncode == status, (arguments, done.stdout, done.stderr)
        assert says in done.stderr
        assert "Fault" not in done.stderr
    nobody = ran(day, "vaxcert", "registry", "find", "--name", "Nobody", "--born", "1990-01-01", "--phone", "1")
    assert (nobody.returncode, nobody.stdout) == (1, "")
    assert "Không có kết quả phù hợp" in nobody.stderr
    whole = ran(day, "vaxcert", "registry", "person", "1", "--yes")
    assert json.loads(whole.stdout)["person"][0]["changed_by"] == f"clerk 3 ({getpass.getuser()})"
    log = ran(day, "vaxcert", "registry", "audit", "--show", "50").stdout
    assert "export person" in log
    assert json.loads(whole.stdout)["person"][0]["given_name"] not in log
    assert ran(day, "vaxcert", "registry", "rejects", "1").stdout.count("\n") >= 2
    stocks = ran(day, "vaxcert", "registry", "check", "--stock")
    assert stocks.stdout.startswith("site,lot,product,received,given,left\n")


def test_a_database_in_disorder_is_told_without_a_record(day: Path) -> None:
    import sqlite3

    ran(day, "vaxcert", "registry", "init")
    with sqlite3.connect(day / "registry.db") as connection:
        connection.execute("DROP TABLE source_row")
    connection.close()
    broken = ran(day, "vaxcert", "registry", "import", "province/unit-01.csv")
    assert (broken.returncode, "the registry's database: OperationalError" in broken.stderr) == (2, True)
    assert "Nguyễn" not in broken.stderr
