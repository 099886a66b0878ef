"""Where a system lacks what Linux has, what works works, and what cannot be had is said in plain words at the door."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

# As on Windows: no file locks, no limits of memory, no links; pipes that cannot be waited for.
LACKING = """
import os, sys
for name in ("fcntl", "resource", "termios", "pwd", "grp"):
    sys.modules[name] = None
import select
del select.poll, select.epoll
def without(*_, **__):
    raise OSError(1, "not on this system")
select.select = os.symlink = os.link = os.mkfifo = without
from vaxcert.cli import main
main(sys.argv[1:])
"""
ROOT = Path(__file__).parents[1]


@pytest.fixture
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    for whose in ("", "CSCA_", "PUBLISHER_", "ROOT_"):
        monkeypatch.setenv(f"VAXCERT_{whose}PASSPHRASE", f"the secret of {whose}")

    def run(*arguments: str, told: str = "") -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-P", "-c", LACKING, *arguments],
            cwd=tmp_path, input=told, capture_output=True, encoding="utf-8", check=False, timeout=90,
        )  # fmt: skip
        assert "Please report it" not in done.stderr, done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        return done

    return run


def test_certificates_are_made_verified_and_read_from_pictures(ran: Any) -> None:
    assert ran("keys", "new", "keys", "--country", "VN", "--name", "Mau", "--environment", "test").returncode == 0
    issued = ran("issue", "--key", "keys", "--authority", "Mẫu", "--family-name", "Nguyễn", "--born", "1990-05-17",
                 "--product", "EU/1/20/1528", "--dose", "1/2", "--date", "2026-06-01", "--out", "card.png")  # fmt: skip
    assert issued.returncode == 0, issued.stderr
    assert ran("verify", "--trust", "keys", "card.png").returncode == 0
    text = ran("issue", "--key", "keys", "--authority", "Mẫu", "--family-name", "Lê", "--born", "1990",
               "--product", "EU/1/20/1528", "--dose", "1/2", "--date", "2026-06-01").stdout  # fmt: skip
    assert ran("verify", "--trust", "keys", "-", told=text).returncode == 0
    assert ran("inspect", "--trust", "keys", "-", told=text).returncode == 0
    assert "1 accepted" in ran("scan", "--trust", "keys", told=text).stderr


def test_a_table_becomes_an_archive_that_verifies(ran: Any, tmp_path: Path, table: Any) -> None:
    table(good=3)
    ran("keys", "new", "keys", "--country", "VN", "--name", "Mau", "--environment", "test")
    made = ran("batch", "doses.csv", "--key", "keys", "--authority", "Mẫu", "--out", "c.zip", "--workers", "1")
    assert made.returncode == 0, made.stderr
    assert "3 accepted" in ran("verify", "--trust", "keys", "c.zip").stdout


def test_a_publisher_publishes(ran: Any) -> None:
    ran("keys", "new", "keys", "--country", "VN", "--name", "Mau", "--environment", "test")
    done = ran("trust", "publish", "published", "--new", "--environment", "test", "--add", "keys")
    assert done.returncode == 0, done.stderr
    assert ran("revoke", "--site", "VN/VP01", "--yes").returncode == 0
    assert ran("keys", "rotate", "keys").returncode in (0, 2)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("trust", "sync", "published", "--into", "store", "--root", "publisher/root.json"), "syncing needs a system with file locks"),
        (("registry", "init"), "a registry on SQLite needs a system with file locks"),
        (("serve", "--trust", "keys", "--trial"), "the server needs a system"),
    ],
    ids=["sync", "registry", "serve"],
)  # fmt: skip
def test_what_cannot_be_had_is_said_at_the_door(ran: Any, arguments: tuple[str, ...], said: str) -> None:
    ran("keys", "new", "keys", "--country", "VN", "--name", "Mau", "--environment", "test")
    ran("trust", "publish", "published", "--new", "--environment", "test", "--add", "keys")
    done = ran(*arguments)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
