"""`vaxcert serve`: the app, started as one types it."""

import os
import re
import select
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import urllib3

from vaxcert import ConfigurationError


def test_it_answers_at_the_address_that_it_prints(tmp_path: Path, keys: Path, card: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "vaxcert", "serve", "--trust", str(keys), "--trial", "--port", str(port)]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("VAXCERT_")}
    with subprocess.Popen(command, cwd=tmp_path, env=environ, stderr=subprocess.PIPE, text=True) as server:
        try:
            verdict = asked(f"http://127.0.0.1:{port}/verify", card)
            assert verdict["status"] == "accepted"
            assert verdict["environment"] == "test"
        finally:
            server.terminate()
            said = server.communicate()[1]
    assert f"http://127.0.0.1:{port}/" in said
    assert "Nguyễn" not in said


def asked(url: str, card: str) -> Any:
    """The answer, once the server is up."""
    for _ in range(200):
        try:
            with urllib3.PoolManager(retries=False) as pool:
                return pool.request("POST", url, json={"text": card}).json()
        except urllib3.exceptions.HTTPError:
            time.sleep(0.05)
    raise AssertionError("it did not answer within ten seconds")


def test_an_unsigned_list_is_refused_but_for_a_trial(run: Any, keys: Path) -> None:
    assert "give --trust DIR" in run("serve").err
    ran = run("serve", "--trust", keys)
    assert ran.status == 2
    assert "not a signed list" in ran.err


def test_over_https_the_certificate_is_the_one_whose_fingerprint_is_printed(
    tmp_path: Path, keys: Path, card: str
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / "app.toml").write_text('language = "en"\ntrial = true\n')
    options = ["--trust", str(keys), "--config", "app.toml", "--tls", "--tls-folder", "tls", "--host", "127.0.0.1"]
    command = [sys.executable, "-m", "vaxcert", "serve", *options, "--port", str(port)]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("VAXCERT_")}
    with subprocess.Popen(command, cwd=tmp_path, env=environ, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            address, fingerprint = server.stderr.readline(), server.stderr.readline().split(": ")[1].strip()
            assert address.startswith(f"https://127.0.0.1:{port}/ ")
            for _ in range(200):
                try:
                    with urllib3.PoolManager(
                        retries=False, assert_fingerprint=fingerprint, cert_reqs="CERT_NONE"
                    ) as pool:
                        assert "Check a certificate" in pool.request("GET", f"https://127.0.0.1:{port}/").data.decode()
                        break
                except urllib3.exceptions.NewConnectionError:
                    time.sleep(0.05)
            # Whoever is told its certificate has no doubt left.
            with urllib3.PoolManager(retries=False, ca_certs=str(tmp_path / "tls" / "server.crt")) as pool:
                answer = pool.request("POST", f"https://127.0.0.1:{port}/verify", json={"text": card})
                assert answer.json()["status"] == "accepted"
        finally:
            server.terminate()
    assert (tmp_path / "tls" / "server.key").stat().st_mode & 0o077 == 0


def started(options: list[str], cwd: Path, **popen: Any) -> "subprocess.Popen[str]":
    environ = {name: value for name, value in os.environ.items() if not name.startswith("VAXCERT_")}
    command = [sys.executable, "-m", "vaxcert", "serve", *options]
    return subprocess.Popen(command, cwd=cwd, env=environ, **popen)


def test_with_port_0_it_answers_at_the_port_that_it_prints(tmp_path: Path, keys: Path, card: str) -> None:
    options = ["--trust", str(keys), "--trial", "--port", "0"]
    ports = set()
    with (
        started(options, tmp_path, stderr=subprocess.PIPE, text=True) as one,
        started(options, tmp_path, stderr=subprocess.PIPE, text=True) as other,
    ):
        for server in (one, other):
            assert server.stderr is not None
            found = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/   \(Ctrl-C ends\)\n", server.stderr.readline())
            assert found is not None
            ports.add(found[1])
            # It is printed once it answers, so nobody has to try twice.
            with urllib3.PoolManager(retries=False) as pool:
                answer = pool.request("POST", f"http://127.0.0.1:{found[1]}/verify", json={"text": card})
            assert answer.json()["status"] == "accepted"
        for server in (one, other):
            server.terminate()
    assert len(ports - {"0"}) == 2


def test_the_address_the_fingerprint_and_the_code_stay_the_last_thing_on_the_terminal(
    tmp_path: Path, keys: Path, card: str
) -> None:
    master, terminal = os.openpty()
    options = ["--trust", str(keys), "--trial", "--tls", "--tls-folder", "tls", "--host", "127.0.0.1", "--port", "0"]
    said = b""
    with started(options, tmp_path, stdin=terminal, stdout=terminal, stderr=terminal) as server:
        os.close(terminal)
        try:
            deadline = time.monotonic() + 20
            while time.monotonic() < deadline and not said.rstrip().endswith("█".encode()):
                if select.select([master], [], [], 0.2)[0]:
                    said += os.read(master, 65_536)
            (address,) = re.findall(rb"https://127\.0\.0\.1:\d+/", said)
            with urllib3.PoolManager(retries=False, ca_certs=str(tmp_path / "tls" / "server.crt")) as pool:
                answer = pool.request("POST", f"{address.decode()}verify", json={"text": card})
                assert answer.json()["status"] == "accepted"
            # Nothing follows while it works.
            if select.select([master], [], [], 1.5)[0]:
                said += os.read(master, 65_536)
        finally:
            server.terminate()
            server.wait(30)
            os.close(master)
    lines = said.decode().replace("\r", "").splitlines()
    assert lines[0].startswith(f"{address.decode()}   (Ctrl-C ends)")
    assert lines[1].startswith("SHA-256 fingerprint of its certificate: ")
    assert {character for line in lines[2:] for character in line} <= set("█▀▄ ")
    assert len(lines) > 12


def test_a_port_that_is_in_use_is_told_in_one_line(tmp_path: Path, keys: Path, run: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = run("serve", "--trust", keys, "--trial", "--port", str(port))
    assert ran.status == 2
    assert f"127.0.0.1, port {port}: cannot be listened at (Address already in use)" in ran.err
    assert "not an address of this machine" in run("serve", "--trust", keys, "--trial", "--host", "no.such.invalid").err


def test_where_the_app_cannot_start_no_address_is_printed(tmp_path: Path, keys: Path) -> None:
    (tmp_path / "app.toml").write_text('trial = true\nlanguage = "fr"\n')
    options = ["--trust", str(keys), "--config", "app.toml", "--port", "0"]
    with started(options, tmp_path, stderr=subprocess.PIPE, text=True) as server:
        said = server.communicate(timeout=30)[1]
    assert server.returncode != 0
    assert "language: neither vi nor en" in said
    assert "http://" not in said


def test_a_certificate_is_kept_until_it_ends_or_the_address_changes(tmp_path: Path) -> None:
    from datetime import UTC, datetime, timedelta

    from vaxcert.cli.shared.serving.tls import certificate, own_names

    now = datetime(2026, 6, 1, tzinfo=UTC)
    first = certificate(tmp_path, ["192.0.2.7", "localhost"], now=now)
    assert certificate(tmp_path, ["192.0.2.7"], now=now + timedelta(days=300)) == first
    assert certificate(tmp_path, ["192.0.2.8"], now=now) != first
    second = certificate(tmp_path, ["::1"], now=now)
    assert certificate(tmp_path, ["::1"], now=now + timedelta(days=340)) != second
    (tmp_path / "server.key").unlink()
    (tmp_path / "server.crt").write_text("broken")
    certificate(tmp_path, ["::1"], now=now)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["server.crt", "server.key"]
    assert {"localhost", "127.0.0.1"} <= set(own_names())
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="no certificate can be kept there"):
        certificate(tmp_path / "file" / "tls", ["::1"], now=now)
