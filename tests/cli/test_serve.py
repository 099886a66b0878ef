"""`vaxcert serve`: the app, started as one types it."""

import os
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


def test_a_certificate_is_kept_until_it_ends_or_the_address_changes(tmp_path: Path) -> None:
    from datetime import UTC, datetime, timedelta

    from vaxcert.cli.shared.tls import certificate, own_names

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
