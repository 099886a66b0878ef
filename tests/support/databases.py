"""A real PostgreSQL server of the tests' own, and new databases on it."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest


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
def postgresql(server: str | None, missing: Callable[[str], None]) -> Iterator[Callable[[], str]]:
    """Addresses of new databases on the server, each gone after the test: a thousand take minutes to be removed."""
    if server is None:
        missing("no PostgreSQL server to start")
    import psycopg

    names: list[str] = []

    def run(*commands: str) -> None:
        with psycopg.connect(host=server, user="postgres", dbname="postgres", autocommit=True) as connection:
            for one in commands:
                connection.execute(one)  # type: ignore[call-overload]

    def made() -> str:
        names.append(f"r{uuid4().hex}")
        run(f"CREATE DATABASE {names[-1]}")
        return f"postgresql://postgres@/{names[-1]}?host={server}"

    yield made
    run(*(f"DROP DATABASE {name} WITH (FORCE)" for name in names))
