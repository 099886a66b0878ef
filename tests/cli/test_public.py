"""The public's side as an operator starts it: the look-up, its pages beside it, codes and tickets at a terminal."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import urllib3
from places import Place

from vaxcert import Issuer, SigningKey, typed
from vaxcert.lookup.client import LookupClient


@pytest.fixture
def office(tmp_path: Path) -> Place:
    """A registry of two people, by the clock on the wall, each with a certificate."""
    from vaxcert.registry.certificates import issuing

    place = Place(tmp_path, f"sqlite:///{tmp_path / 'registry.db'}", datetime.now(UTC))
    place.take({}, {"full_name": "Trần Ví Dụ", "phone": "0100000002"})
    issuer = Issuer(SigningKey.generate("VN"), country="VN", authority="TEST", valid_for=timedelta(days=365))
    issuing.run(place.registry, issuer, actor="night")
    place.registry.engine.dispose()
    return place


@pytest.fixture
def desk(office: Place, run: Any) -> Any:
    return lambda *arguments, **more: run(
        "registry", "--db", office.url, "--key", office.key_file, *arguments, **more
    )  # fmt: skip


def asked(url: str) -> Any:
    """The answer, once the server is up."""
    for _ in range(600):
        try:
            with urllib3.PoolManager(retries=False) as pool:
                return pool.request("GET", url, redirect=False)
        except urllib3.exceptions.HTTPError:
            time.sleep(0.05)
    raise AssertionError("it did not answer within thirty seconds")


def test_the_look_up_answers_until_it_is_told_to_stop_and_its_pages_find_it(
    office: Place, desk: Any, tmp_path: Path
) -> None:
    code = desk("code", 1).out.strip()
    path = tmp_path / "lookup.sock"
    (tmp_path / "lookup.toml").write_text(
        f'socket = "{path}"\ndb = "{office.url}"\nregistry_key = "{office.key_file}"\npeers = [{os.getuid()}]\n'
    )
    plain = {name: value for name, value in os.environ.items() if not name.startswith("VAXCERT_")}
    command = [sys.executable, "-m", "vaxcert", "lookup", "run", "--config", str(tmp_path / "lookup.toml")]
    with subprocess.Popen(command, env=plain, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as lookup:
        assert lookup.stdout is not None and str(path) in lookup.stdout.readline()
        told = {"name": "mau thu nguyen", "born": "1990-05-17", "number": "0100000001", "code": typed.read(code)}
        found = LookupClient(path).find(**told)
        assert found is not None and found.text.startswith("HC1:")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        # What this shell knows of the registry does not reach the pages.
        environment = plain | {
            "VAXCERT_LOOKUP": str(path),
            "VAXCERT_DB": office.url,
            "VAXCERT_REGISTRY_KEY": str(office.key_file),
            "VAXCERT_BOOKING_DESK_KEY": "booking-desk.key",
        }
        command = [sys.executable, "-m", "vaxcert", "portal", "--public", "--port", str(port)]
        with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as pages:
            try:
                answer = asked(f"http://127.0.0.1:{port}/find")
                assert answer.status == 200 and "Mã tra cứu".encode() in answer.data
                environ = Path(f"/proc/{pages.pid}/environ").read_bytes()
                assert b"VAXCERT_LOOKUP=" in environ and b"VAXCERT_DB" not in environ and b"REGISTRY_KEY" not in environ
                assert b"DESK_KEY" not in environ
            finally:
                pages.terminate()
                said = pages.communicate()[1]
        assert f"http://127.0.0.1:{port}/" in said
        lookup.send_signal(signal.SIGTERM)
        out, err = lookup.communicate(timeout=30)
    assert lookup.returncode == 0 and "Stopped." in out
    assert "Mẫu" not in out + err and code not in out + err


@pytest.mark.parametrize(
    ("peers", "told"),
    [("[]", "peers: empty"), ("7", "peers"), ('["no-such-user"]', "no such user"), ("[0]\nkey = 1", "key"), ("[", "TOML")],
)  # fmt: skip
def test_a_look_up_that_is_told_wrong_things_says_which(run: Any, tmp_path: Path, peers: str, told: str) -> None:
    path = tmp_path / "lookup.toml"
    path.write_text(f'socket = "s"\ndb = "sqlite:///secret.db"\nregistry_key = "k"\npeers = {peers}\n')
    ran = run("lookup", "run", "--config", path)
    assert ran.status != 0 and told in ran.err and "secret" not in ran.err


def test_the_public_pages_are_for_no_training_and_for_tls_alone(run: Any) -> None:
    assert "do not go together" in run("portal", "--public", "--training").err
    assert "--tls" in run("portal", "--public", "--host", "192.0.2.1").err


def test_a_code_is_handed_out_or_sent(desk: Any, tmp_path: Path) -> None:
    ran = desk("code", 1)
    assert ran.status == 0 and re.fullmatch(r"(\w{4}-){2}\w{4}\n", ran.out) and typed.read(ran.out)
    script = tmp_path / "send"
    script.write_text(f"#!/bin/sh\ncat > {tmp_path}/sent\n")
    script.chmod(0o700)
    ran = desk("code", 1, "--send", script)
    assert (ran.status, ran.out) == (0, "")
    assert "0100000001" in (tmp_path / "sent").read_text()
    assert desk("code", 99).status == 66


def test_what_holders_say_is_listed_shown_answered_and_closed(desk: Any, office: Place) -> None:
    from vaxcert.registry.holders import asking, codes, tickets

    code = typed.read(codes.hand_out(office.registry, 1, actor="lan").text)
    found = asking.find(
        office.registry, name="Nguyễn Mẫu Thử", date_of_birth="1990-05-17", number="0100000001", code=code, actor="h"
    )
    assert found is not None
    passed = tickets.pass_for(office.registry, found)
    tickets.report(office.registry, passed, kind="name", words="Tên tôi là Mẫu Thứ", actor="h")
    listed = desk("tickets")
    assert listed.out.splitlines()[1].startswith("1,1,name,open,,") and "Mẫu" not in listed.out
    assert "Mẫu Thứ" in desk("tickets", 1).out
    assert desk("tickets", 1, "--close").status == 2
    assert desk("tickets", 1, "--answer", "corrected", "--words", "-", "--close", stdin="Đã sửa.").status == 0
    assert len(desk("tickets").out.splitlines()) == 1
    assert "1,1,name,closed,corrected" in desk("tickets", "--all").out
    assert "Đã sửa." in desk("tickets", 1).out
    assert desk("tickets", 9).status == 66
    assert desk("tickets", "--close").status == 2
    assert desk("tickets", 1, "--words", "-").status == 2
