"""`vaxcert serve`: the app, started as one types it."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import urllib3


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
