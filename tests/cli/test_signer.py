"""`vaxcert signer`: the process as an operator starts it, and what waits for a second person."""

import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from places import Place

from vaxcert import IssueLog
from vaxcert.errors import ConfigurationError, DamagedError, NotFoundError
from vaxcert.signer.client import SignerClient
from vaxcert.signer.settings import load

ROWS = [
    {"full_name": "Nguyễn Mẫu", "date_of_birth": "1950-01-02", "phone": "0100000001"},
    {"full_name": "Trần Ví Dụ", "date_of_birth": "1971-03-04", "phone": "0223456789"},
    {"full_name": "Lê Thử", "date_of_birth": "1999-12-11", "phone": "0398765432"},
]


def settings(folder: Path, keys: Path, **more: str) -> Path:
    lines = {
        "socket": f'"{folder}/signer.sock"', "db": f'"sqlite:///{folder}/registry.db"',
        "registry_key": f'"{folder}/registry.key"', "key": f'"{keys}"', "authority": '"TEST"', "days": "200",
        "log": f'"{folder}/issued.jsonl"', "peers": f"[{os.getuid()}]", "limits": "{ bulk_over = 2 }", "accounts": "false",
    } | more  # fmt: skip
    path = folder / "signer.toml"
    path.write_text("".join(f"{name} = {value}\n" for name, value in lines.items() if value), "utf-8")
    return path


@pytest.fixture
def running(tmp_path: Path, keys: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    place = Place(tmp_path, f"sqlite:///{tmp_path / 'registry.db'}", datetime.now(UTC))
    place.take(*ROWS)
    place.registry.engine.dispose()
    (tmp_path / "secret").write_text("signer's secret\n")
    config = settings(tmp_path, keys, passphrase_file=f'"{tmp_path}/secret"')
    environment = {name: value for name, value in os.environ.items() if name != "VAXCERT_PASSPHRASE"}
    command = [sys.executable, "-m", "vaxcert", "signer", "run", "--config", str(config)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    assert "TEST" in process.stdout.readline()
    yield process, tmp_path / "signer.sock"
    process.kill()
    process.communicate()


def test_it_signs_until_it_is_told_to_stop_and_says_nothing_of_anybody(
    running: tuple[subprocess.Popen[str], Path], run: Any
) -> None:
    process, path = running
    made = SignerClient(path).sign(1, account="lan", site="VP01")
    kept: Any = SignerClient(path).sign_many([1, 2, 3], account="lan")
    waits = run("signer", "waiting", "--socket", path)
    assert "3 doses  lan" in waits.out
    if pwd.getpwuid(os.getuid()).pw_name != "lan":
        approved = run("signer", "approve", kept.request, "--socket", path)
        assert (approved.status, approved.out.strip()) == (0, "2 signed, 0 refused.")
    assert run("signer", "approve", kept.request, "--socket", path).status == 66
    assert run("signer", "decline", 77, "--socket", path).status == 66
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, "on record" in out) == (0, True)
    assert not path.exists()
    log = [entry.certificate_id for entry in IssueLog(path.with_name("issued.jsonl"))]
    assert (log[0], len(log)) == (made.certificate, 3)
    for secret in ("Nguyễn", "Trần", "Mẫu", "1950", "HC1:"):
        assert secret not in out + err


def test_a_signer_that_does_not_run_is_not_reachable(run: Any, tmp_path: Path) -> None:
    ran = run("signer", "waiting", "--socket", tmp_path / "none.sock")
    assert ran.status == 69
    assert "signer_away" in ran.err
    assert "Đã lưu, chưa in" in ran.err


def test_one_that_was_killed_leaves_a_socket_that_the_next_one_takes_over(
    running: tuple[subprocess.Popen[str], Path],
) -> None:
    process, path = running
    process.kill()
    process.wait()
    assert path.exists()
    command = [sys.executable, "-m", "vaxcert", "signer", "run", "--config", str(path.with_name("signer.toml"))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as again:
        assert again.stdout is not None
        assert "Signing" in again.stdout.readline()
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and not SignerClient(path).sign(1, account="lan").new:
            time.sleep(0.05)
        again.terminate()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"peers": "[]"}, "peers: empty"),
        ({"peers": '["nobody-of-this-name"]'}, "no such user"),
        ({"group": '"none-of-this-name"'}, "no such group"),
        ({"limits": "{ account_hour = 0 }"}, "account_hour: less than 1"),
        ({"limits": "{ account_hours = 5 }"}, "account_hours"),
        ({"limits": "{ bulk_over = 50, bulk_most = 20 }"}, "bulk_most"),
        ({"renew_within": "200"}, "renew"),
        ({"days": '"many"'}, "days"),
        ({"socket": ""}, "socket"),
        ({"colour": "1"}, "colour"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_named_and_nothing_starts(
    tmp_path: Path, more: dict[str, str], said: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        found = load(settings(tmp_path, tmp_path, **more))
        found.peer_ids()
        found.group_id()
    assert said in caught.value.detail
    assert str(tmp_path / "registry") not in caught.value.detail


def test_settings_that_are_no_toml_or_not_there_are_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "signer.toml").write_text("key = ")
    with pytest.raises(DamagedError):
        load(tmp_path / "signer.toml")
    with pytest.raises(NotFoundError):
        load(tmp_path / "none.toml")


def test_only_named_approvers_may_say_yes_and_all_peers_where_none_are_named(tmp_path: Path) -> None:
    me = pwd.getpwuid(os.getuid()).pw_name
    found = load(settings(tmp_path, tmp_path, peers=f'["{me}", 12345]'))
    assert found.peer_ids() == found.approver_ids() == [os.getuid(), 12345]
    named = load(settings(tmp_path, tmp_path, peers=f'["{me}"]', approvers="[12345]"))
    assert (named.peer_ids(), named.approver_ids()) == ([os.getuid()], [12345])
