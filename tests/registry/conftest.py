"""A registry on SQLite and on a real PostgreSQL server, with a clock that can be moved."""

import csv
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

ROOT = Path(__file__).parents[2]
HEADINGS = ("full_name", "date_of_birth", "national_id", "phone", "district", "priority_group", "product", "dose", "date", "site", "lot")  # fmt: skip


@pytest.fixture(scope="session")
def server() -> Iterator[str | None]:
    """The folder of a PostgreSQL server's socket, or None where there is no such server to start."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [shutil.which("initdb")]
    if found[-1] is None:
        yield None
        return
    programs = Path(found[-1]).parent
    # It refuses to run as root; the tests stay what they are.
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user and "postgres" not in [entry.pw_name for entry in pwd.getpwall()]:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="vaxcert-pg-"))
    if as_user:
        shutil.chown(folder, "postgres")
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": "/"}
    data = str(folder / "data")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off"
    subprocess.run([*as_user, programs / "initdb", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8", "-U", "postgres", "-D", data], **quiet)  # type: ignore[call-overload]  # fmt: skip
    subprocess.run([*as_user, programs / "pg_ctl", "-D", data, "-l", folder / "log", "-o", options, "-w", "start"], **quiet)  # type: ignore[call-overload]  # fmt: skip
    yield str(folder)
    subprocess.run([*as_user, programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"], **quiet)  # type: ignore[call-overload]
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgresql(server: str | None, missing: Callable[[str], None]) -> Callable[[], str]:
    """Addresses of new databases on the server."""
    if server is None:
        missing("no PostgreSQL server to start")

    def made() -> str:
        import psycopg

        name = f"r{uuid4().hex}"
        with psycopg.connect(host=server, user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
        return f"postgresql://postgres@/{name}?host={server}"

    return made


class Place:
    """Where a registry is, and what a test does there."""

    def __init__(self, folder: Path, url: str, now: datetime) -> None:
        from vaxcert.registry import Registry

        self.folder, self.url, self.now = folder, url, now
        self.key_file = folder / "registry.key"
        self.registry = Registry.create(url, self.key_file, clock=lambda: self.now)
        self.files = 0

    def table(self, *rows: dict[str, str], name: str = "") -> Path:
        """A unit's table with these rows; what is not given is made up."""
        self.files += 1
        path = self.folder / (name or f"unit-{self.files}.csv")
        with path.open("w", encoding="utf-8", newline="") as stream:
            table = csv.DictWriter(stream, HEADINGS)
            table.writeheader()
            for row in rows:
                table.writerow(
                    {"full_name": "Nguyễn Mẫu Thử", "date_of_birth": "1990-05-17", "phone": "0100000001", "district": "Tam Đảo",
                     "priority_group": "1", "product": "EU/1/20/1528", "dose": "1/2", "date": "2026-03-01", "site": "VP01", "lot": "L1"}
                    | row
                )  # fmt: skip
        return path

    def take(self, *rows: dict[str, str]) -> Any:
        """Import such a table."""
        from vaxcert.registry.intake import importing

        return importing.run(self.registry, self.table(*rows), actor="clerk")

    def people(self) -> list[Any]:
        """Everybody with their doses."""
        from vaxcert.registry.records.everybody import everybody

        with self.registry.reading() as connection:
            return list(everybody(connection))

    def state(self) -> dict[str, str]:
        """What the registry holds, but for who did what when, and which numbers are not given again."""
        from vaxcert.registry.transfer import fingerprint

        return {
            name: value for name, value in fingerprint(self.registry).items() if name not in ("run", "audit", "setting")
        }

    def command(self, script: str, *arguments: str) -> list[str]:
        """What starts a process that works on the same registry."""
        head = (
            "import sys\nfrom datetime import datetime\nfrom pathlib import Path\nfrom vaxcert.registry import Registry\n"
            f"registry = Registry.open({self.url!r}, Path({str(self.key_file)!r}), "
            f"clock=lambda: datetime.fromisoformat({self.now.isoformat()!r}))\n"
        )
        return [sys.executable, "-c", head + script, *arguments]

    def started(self, script: str, *arguments: str) -> subprocess.Popen[str]:
        """A process that works on the same registry."""
        command = self.command(script, *arguments)
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.folder)

    def killed(self, script: str, *arguments: str, once: Callable[[], bool], pause: float) -> bool:
        """Have such a process killed a pause after `once` is so; whether it was at work until then."""
        process, deadline = self.started(script, *arguments), time.monotonic() + 30
        while time.monotonic() < deadline and process.poll() is None and not once():
            time.sleep(0.01)
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        ended = process.wait()
        process.communicate()
        return ended == -signal.SIGKILL


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path, now: datetime) -> Iterator[Place]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'registry.db'}"
    else:
        url = request.getfixturevalue("postgresql")()
    made = Place(tmp_path, url, now)
    yield made
    made.registry.engine.dispose()


@pytest.fixture
def issuer(key: Any, place: Place) -> Any:
    """Signs for the registry, by its clock."""
    from datetime import timedelta

    from vaxcert import Issuer

    return Issuer(key, country="VN", authority="Sở Y tế (TEST)", valid_for=timedelta(days=365), clock=lambda: place.now)


@pytest.fixture
def province(tmp_path: Path) -> Callable[..., Path]:
    """A province so many times as large as the real one."""

    def made(times: float, seed: int = 1) -> Path:
        folder = tmp_path / "province"
        script = ROOT / "examples" / "make_province.py"
        subprocess.run([sys.executable, script, folder, "--times", str(times), "--seed", str(seed)], check=True)
        return folder

    return made
