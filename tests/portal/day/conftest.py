"""A site's day as it is run: PostgreSQL, the portal and the signer as processes of their own, and two desks' browsers.

Everything is made up, and the registry is one for training, so that nobody needs an authenticator. The clocks are the
machine's: the processes have no others.
"""

import csv
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from databases import postgresql, server

from vaxcert.registry import Registry
from vaxcert.registry.accounts import keeping, training
from vaxcert.registry.intake import importing, lists

__all__ = ["postgresql", "server"]

PASSWORD = "a long enough password"
SITE, PRODUCT, LOT = "VP01", "EU/1/20/1528", "MAU-01"
FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Vũ", "Đặng", "Bùi", "Hồ", "Ngô", "Dương")
GIVEN = ("Mẫu An", "Thử Bình", "Ví Dụ Chi", "Giả Định Dung", "Nháp Em", "Tập Sự Giang", "Thí Dụ Hà")
_QUIET = {"PYTHONUNBUFFERED": "1"}


class Somebody:
    """Somebody who comes. `known`: whether a first dose is on record, of ten weeks ago."""

    def __init__(self, number: int, known: bool) -> None:
        self.number, self.known = number, known
        self.family_name, self.given_name = FAMILIES[number % 10], GIVEN[number % 7]
        self.date_of_birth = f"{1940 + number * 7 % 61}-{1 + number % 12:02}-{1 + number * 5 % 28:02}"
        self.phone = f"0{10_000_019 * (number + 1) % 1_000_000_000:09}"

    @property
    def full_name(self) -> str:
        return f"{self.family_name} {self.given_name}"


class Office:
    """The processes, and where they are. Each may be killed and started again."""

    def __init__(self, folder: Path, db: str) -> None:
        self.folder, self.db = folder, db
        self.registry_key, self.socket = folder / "registry.key", folder / "signer.sock"
        self.url = ""
        self._processes: dict[str, subprocess.Popen[str]] = {}

    def start(self, name: str) -> None:
        """Start the portal or the signer, and wait until it answers; the portal's address stays the same."""
        command, ready = getattr(self, f"_{name}")()
        # With its own lines in a file: a pipe that nobody reads would stop it.
        with (self.folder / f"{name}.log").open("a") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "vaxcert", *command], stdout=log, stderr=log, text=True, cwd=self.folder,
                env=os.environ | _QUIET | {"VAXCERT_PORTAL_RATE": "1000", "VAXCERT_SIGNER": str(self.socket)}, start_new_session=True,
            )  # fmt: skip
        self._processes[name] = process
        deadline = time.monotonic() + 60
        while not ready():
            assert process.poll() is None, (self.folder / f"{name}.log").read_text()
            assert time.monotonic() < deadline, f"{name} does not answer"
            time.sleep(0.05)

    def kill(self, name: str) -> None:
        """End it and its children at once, as when the power goes."""
        process = self._processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for name in list(self._processes):
            self.kill(name)

    def logs(self) -> str:
        return "".join((self.folder / f"{name}.log").read_text() for name in ("portal", "signer"))

    def _portal(self) -> tuple[list[str], Callable[[], bool]]:
        if not self.url:
            with socket.create_server(("127.0.0.1", 0)) as found:
                self.url = f"http://127.0.0.1:{found.getsockname()[1]}"
        port = self.url.rpartition(":")[2]

        def answers() -> bool:
            try:
                with socket.create_connection(("127.0.0.1", int(port)), timeout=5) as connection:
                    connection.sendall(b"GET /sign-in HTTP/1.0\r\n\r\n")
                    return b" 200 " in connection.recv(64)
            except OSError:
                return False

        return [
            "portal", "--db", self.db, "--key", str(self.registry_key), "--training", "--port", port, "--lang", "en"
        ], answers  # fmt: skip

    def _signer(self) -> tuple[list[str], Callable[[], bool]]:
        self.socket.unlink(missing_ok=True)
        return ["signer", "run", "--config", str(self.folder / "signer.toml")], self.socket.exists

    def registry(self) -> Registry:
        return Registry.open(self.db, self.registry_key)

    def command(self, *arguments: str) -> str:
        """What `vaxcert registry` prints of the same registry."""
        given = ["registry", "--db", self.db, "--key", str(self.registry_key), *arguments]
        ran = subprocess.run(
            [sys.executable, "-m", "vaxcert", *given], check=True, cwd=self.folder, capture_output=True, text=True
        )
        return ran.stdout


def _write(path: Path, heading: list[str], rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([heading, *rows])
    return path


@pytest.fixture
def people() -> Callable[[int], list[Somebody]]:
    """So many people, three of five with a first dose on record."""
    return lambda count: [Somebody(number, known=number % 5 < 3) for number in range(count)]


@pytest.fixture
def office(
    postgresql: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: Callable[[str], None]
) -> Iterator[Callable[[list[Somebody], int], Office]]:
    """An office with these people's first doses on record, so many doses in stock, and both processes running."""
    made: list[Office] = []
    monkeypatch.setenv("VAXCERT_SIGNER", "")
    monkeypatch.setenv("VAXCERT_PASSPHRASE", "the test's own")
    monkeypatch.setenv("VAXCERT_CSCA_PASSPHRASE", "the test's other")

    def run(people: list[Somebody], stock: int) -> Office:
        one = Office(tmp_path, postgresql())
        made.append(one)
        today = datetime.now(UTC).date()
        with Registry.create(one.db, one.registry_key) as registry:
            training.declare(registry, actor="test")
            sites = [["VP01", "Trạm Y tế Mẫu Một", "Tam Đảo"], ["VP02", "Trạm Y tế Mẫu Hai", "Yên Lạc"]]
            lists.load(
                registry, "sites", _write(tmp_path / "sites.csv", ["site", "name", "district"], sites), actor="test"
            )
            came = [[SITE, LOT, PRODUCT, str(stock), (today - timedelta(days=90)).isoformat()]]
            heading = ["site", "lot", "product", "doses", "received_on"]
            lists.load(registry, "deliveries", _write(tmp_path / "deliveries.csv", heading, came), actor="test")
            before = (today - timedelta(days=70)).isoformat()
            rows = [
                [who.full_name, who.date_of_birth, who.phone, "Tam Đảo", "1", PRODUCT, "1/2", before, SITE, LOT]
                for who in people if who.known
            ]  # fmt: skip
            heading = ["full_name", "date_of_birth", "phone", "district", "priority_group", "product", "dose", "date",
                       "site", "lot"]  # fmt: skip
            report = importing.run(registry, _write(tmp_path / "unit.csv", heading, rows), actor="test")
            assert report.counts == {"new": len(rows), "rejected": 0}
            for login, role in (("lan", "vaccinator"), ("hoa", "vaccinator"), ("an", "manager")):
                wanted = keeping.Wanted(f"Mẫu {login.title()}", [role], site=SITE if role == "vaccinator" else "")
                keeping.create(registry, login, wanted, actor="test", password=PASSWORD)
        command = ["keys", "new", "signing-key", "--country", "VN", "--name", "Sample TEST", "--environment", "test"]
        subprocess.run([sys.executable, "-m", "vaxcert", *command], check=True, cwd=tmp_path, capture_output=True)
        text = (
            f'socket = "{one.socket}"\ndb = "{one.db}"\nregistry_key = "{one.registry_key}"\n'
            f'key = "{tmp_path / "signing-key"}"\nauthority = "TEST"\nlog = "{tmp_path / "issued.jsonl"}"\n'
            f"days = 200\npeers = [{os.getuid()}]\n[limits]\naccount_hour = 1000\naccount_day = 1000\n"
            "site_hour = 1000\n"
        )
        (tmp_path / "signer.toml").write_text(text, "utf-8")
        for name in ("signer", "portal"):
            one.start(name)
        return one

    yield run
    for one in made:
        one.stop()


@pytest.fixture(scope="session")
def chromium() -> str | None:
    """Where the browser is; each desk starts one of its own."""
    return os.environ.get("VAXCERT_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
