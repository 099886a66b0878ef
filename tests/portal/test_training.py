"""The province that people learn on: worth a day's work, signed by a TEST key, and the same again in the morning."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from vaxcert import TrustStore, Verifier
from vaxcert.registry import Registry, resetting
from vaxcert.registry.accounts import training
from vaxcert.registry.care import reviewing
from vaxcert.registry.desk import entering, sessions
from vaxcert.registry.desk.people import Answers
from vaxcert.registry.intake import importing
from vaxcert.signer.client import SignerClient

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fifth of the usual size."""
    made = tmp_path_factory.mktemp("t") / "portal"
    command = [sys.executable, str(ROOT / "examples" / "make_training.py"), str(made), "--times", "0.002"]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout
    assert (made / "accounts.txt").read_text("utf-8") in said
    return made


@pytest.fixture(scope="module")
def registry(folder: Path) -> Iterator[Registry]:
    with Registry.open(f"sqlite:///{folder / 'registry.db'}", folder / "registry.key") as opened:
        yield opened


@pytest.fixture(scope="module")
def signer(folder: Path) -> Iterator[SignerClient]:
    command = [sys.executable, "-m", "vaxcert", "signer", "run", "--config", str(folder / "signer.toml")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for _ in range(600):
            if (folder / "signer.sock").exists():
                break
            assert process.poll() is None, process.communicate()[0]
            time.sleep(0.05)
        yield SignerClient(folder / "signer.sock", timeout=20)
        process.send_signal(signal.SIGTERM)
        process.communicate()


def test_there_is_a_days_work_for_everybody(registry: Registry, folder: Path) -> None:
    assert training.is_for_training(registry)
    (session,) = sessions.listed(registry)
    assert (session.site, session.day, session.is_open) == ("VP01", registry.today(), True)
    assert session.expected > 20 and session.given == 0
    assert reviewing.waiting(registry) > 0
    checked = importing.check(registry, folder / "files" / "unit-07.csv")
    assert checked.counts["good"] > 3
    mended = importing.check(registry, folder / "files" / "mend.xlsx")
    assert (mended.counts["good"], mended.counts["rejected"]) == (0, 4)


def test_a_dose_there_gets_a_certificate_that_is_marked_test(
    registry: Registry, folder: Path, signer: SignerClient
) -> None:
    (session,) = sessions.listed(registry)
    first = sessions.people(registry, session.id, actor="account:tiem")[0]
    entry = entering.record(
        registry, profile=None, dose=sessions.dose(session, 2), actor="account:tiem", session=session.id,
        said=Answers(person=first.side.number), request_id=first.request_id,
    )  # fmt: skip
    text = signer.sign(entry.dose_id, account="account:tiem", site="VP01").text
    verdict = Verifier(TrustStore.load(folder / "keys")).verify(text, at=datetime.now(UTC))
    assert (verdict.status, verdict.environment) == ("accepted", "test")


def test_in_the_morning_the_dose_is_gone_and_the_signer_signs_on(
    registry: Registry, folder: Path, signer: SignerClient
) -> None:
    resetting.reset(registry, folder / "training.zip", actor="night")
    test_there_is_a_days_work_for_everybody(registry, folder)
    test_a_dose_there_gets_a_certificate_that_is_marked_test(registry, folder, signer)


def test_each_account_of_the_table_signs_in(registry: Registry, folder: Path) -> None:
    from portal_app import create_app
    from portal_app.config import PortalSettings

    settings = PortalSettings(db="unused", plain=True, training=True, rate=1000)
    app = create_app(settings, registry=registry)
    rows = [line.split() for line in (folder / "accounts.txt").read_text("utf-8").splitlines()[1:] if line.strip()]
    entered = {}
    for login, password, role, *_ in rows:
        if password.startswith("tap"):
            client = app.test_client()
            token = re.findall(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)[0]
            given = {"username": login, "password": password, "csrf_token": token}
            entered[role] = client.post("/sign-in", data=given).status_code
    assert entered == dict.fromkeys(("clerk", "vaccinator", "reviewer", "manager", "administrator"), 302)
    token = rows[-1][-1]
    told = app.test_client().get("/api/openapi.json", headers={"Authorization": f"Bearer {token}"})
    assert told.status_code == 200


def test_what_is_secret_is_its_owners_alone(folder: Path) -> None:
    for name in ("registry.db", "registry.key", "training.zip", "accounts.txt", "passphrase", "signer.toml"):
        assert (folder / name).stat().st_mode & 0o077 == 0, name


def test_the_portal_starts_on_it_and_puts_it_back_where_a_night_has_passed(folder: Path) -> None:
    import urllib3

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "vaxcert", "portal", "--db", f"sqlite:///{folder / 'registry.db'}", "--key",
        str(folder / "registry.key"), "--training", "--snapshot", str(folder / "training.zip"), "--signer",
        str(folder / "signer.sock"), "--port", str(port),
    ]  # fmt: skip
    environ = {name: value for name, value in os.environ.items() if not name.startswith("VAXCERT_")}
    with subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True) as server:
        try:
            for _ in range(400):
                try:
                    with urllib3.PoolManager(retries=False) as pool:
                        page = pool.request("GET", f"http://127.0.0.1:{port}/sign-in")
                    break
                except urllib3.exceptions.HTTPError:
                    time.sleep(0.05)
            assert page.status == 200 and "TẬP HUẤN" in page.data.decode()
        finally:
            server.terminate()
            said = server.communicate()[1]
    assert "not put back" not in said and "Traceback" not in said


def test_a_folder_that_was_left_half_way_is_not_taken_for_a_whole_one(tmp_path: Path) -> None:
    (tmp_path / "registry.db").touch()
    command = [sys.executable, str(ROOT / "examples" / "make_training.py"), str(tmp_path)]
    ran: Any = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 1 and "remove it" in ran.stderr
