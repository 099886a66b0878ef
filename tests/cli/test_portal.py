"""`vaxcert portal` and the first administrator, as one types them."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import urllib3


@pytest.fixture
def registry(run: Any, tmp_path: Path) -> tuple[str, ...]:
    given = ("registry", "--db", f"sqlite:///{tmp_path / 'r.db'}", "--key", str(tmp_path / "r.key"))
    assert run(*given, "init").status == 0
    return given


def asked(url: str) -> Any:
    """The answer, once the server is up."""
    for _ in range(400):
        try:
            with urllib3.PoolManager(retries=False) as pool:
                return pool.request("GET", url, redirect=False)
        except urllib3.exceptions.HTTPError:
            time.sleep(0.05)
    raise AssertionError("it did not answer within twenty seconds")


def test_it_answers_at_the_address_that_it_prints_and_wants_a_login(registry: tuple[str, ...], tmp_path: Path) -> None:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "vaxcert", "portal", *registry[1:], "--port", str(port)]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("VAXCERT_")}
    with subprocess.Popen(command, cwd=tmp_path, env=environ, stderr=subprocess.PIPE, text=True) as server:
        try:
            answer = asked(f"http://127.0.0.1:{port}/")
            assert (answer.status, answer.headers["Location"]) == (302, "/sign-in?next=/")
        finally:
            server.terminate()
            said = server.communicate()[1]
    assert f"http://127.0.0.1:{port}/" in said


def test_it_does_not_start_where_it_would_not_be_safe(run: Any, registry: tuple[str, ...]) -> None:
    assert "no registry to stand on" in run("portal").err
    ran = run("portal", *registry[1:], "--host", "192.0.2.1")
    assert ran.status == 2 and "--tls" in ran.err
    assert run("portal", "--db", "sqlite:///none.db", *registry[3:]).status == 66
    ran = run("portal", *registry[1:], "--training")
    assert ran.status == 2 and "not made for training" in ran.err


def test_what_the_server_is_told_stays_out_of_the_process_that_asked(run: Any, registry: tuple[str, ...]) -> None:
    before = dict(os.environ)
    # Each is told to the app and refused after that: a registry that is not there, and not made for training.
    run("portal", "--db", "sqlite:///none.db", *registry[3:])
    run("portal", *registry[1:], "--training", "--lang", "en", "--signer", "s.sock")
    assert dict(os.environ) == before


def test_the_first_administrator_is_made_listed_and_let_in_again(run: Any, registry: tuple[str, ...]) -> None:
    first = run(*registry, "account", "chief", "--role", "administrator")
    assert first.status == 0 and len(first.out.strip()) == 19
    again = run(*registry, "account", "chief", "--reset")
    assert again.status == 0 and again.out != first.out
    assert run(*registry, "accounts").out.splitlines() == [
        "login,name,roles,where,state",
        "chief,chief,administrator,,open",
    ]
    assert run(*registry, "account", "clinic", "--role", "integrator").out.startswith("vx_")


def test_an_account_that_cannot_be_made_or_found_is_told_by_its_status(run: Any, registry: tuple[str, ...]) -> None:
    assert run(*registry, "account", "chief").status == 2
    assert run(*registry, "account", "chief", "--reset").status == 66
    ran = run(*registry, "account", "chief", "--role", "administrator", "--role", "clerk")
    assert ran.status == 2 and "do not go together" in ran.err
