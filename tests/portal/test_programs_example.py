"""A clinic's program as it is shown, at a portal that runs; and the description that the portal serves."""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from vaxcert import Issuer, SigningKey, Verifier
from vaxcert.registry.accounts import keeping
from vaxcert.registry.accounts.signing import KeptAccounts
from vaxcert.signer.answering import RegistrySigner
from vaxcert.signer.server import SignerServer

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "programs.md").read_text("utf-8")


@pytest.fixture
def token(house: Any) -> str:
    return str(keeping.give_token(house.registry, house.numbers["integrator"], actor="test"))


@pytest.fixture
def socket(house: Any, key: SigningKey, tmp_path: Path) -> Iterator[Path]:
    issuer = Issuer(key, country="VN", authority="TEST", valid_for=timedelta(days=365), clock=lambda: house.now)
    signer = RegistrySigner(house.registry, issuer, accounts=KeptAccounts(house.registry))
    with SignerServer(tmp_path / "signer.sock", signer, peers=[os.getuid()], approvers=[os.getuid()]) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        yield server.path
        server.stop()
        thread.join()


@pytest.fixture
def portal(house: Any) -> Iterator[Callable[..., str]]:
    """The address of a portal that runs; each start takes the place of the one before."""
    from werkzeug.serving import make_server

    servers: list[Any] = []

    def start(**settings: Any) -> str:
        server = make_server("127.0.0.1", 0, house.app(**settings), threaded=True)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def dose(tmp_path: Path) -> Path:
    """The dose that the guide shows."""
    (shown,) = re.findall(r"^    (\{\"family_name\".*?\})$", GUIDE, re.MULTILINE | re.DOTALL)
    path = tmp_path / "dose.json"
    path.write_text(json.dumps(json.loads(shown)), "utf-8")
    return path


def run(address: str, token: str, dose: Path, key: str = "7d4c9f4e-visit-12") -> Any:
    command = [sys.executable, str(ROOT / "examples" / "api" / "record.py"), address, str(dose), key]
    environ = {**os.environ, "VAXCERT_PORTAL_TOKEN": token, "PYTHONUTF8": "1"}
    return subprocess.run(command, env=environ, capture_output=True, encoding="utf-8", timeout=120, check=False)


def test_it_prints_the_certificate_and_asking_again_records_nothing_twice(
    house: Any, portal: Any, socket: Path, token: str, dose: Path, verifier: Verifier
) -> None:
    address = portal(signer=socket)
    first, again = run(address, token, dose), run(address, token, dose)
    assert (first.returncode, again.returncode) == (0, 0), first.stderr
    assert first.stdout == again.stdout
    verdict = verifier.verify(first.stdout.strip(), at=house.now)
    assert (verdict.status, verdict.certificate.person.full_name) == ("accepted", "Nguyễn Mẫu Thử")
    assert house.actions().count("record") == 1


def test_where_the_signer_is_away_the_same_call_brings_the_certificate_later(
    portal: Any, socket: Path, token: str, dose: Path
) -> None:
    away = run(portal(), token, dose)
    assert away.returncode == 3 and "recorded as dose" in away.stderr
    later = run(portal(signer=socket), token, dose)
    assert later.returncode == 0 and later.stdout.startswith("HC1:")


def test_what_makes_no_sense_is_named_and_a_wrong_token_records_nothing(
    house: Any, portal: Any, token: str, dose: Path
) -> None:
    address = portal()
    stranger = run(address, "vx_wrong", dose)
    assert stranger.returncode == 1 and "not recorded" in stranger.stderr
    dose.write_text(dose.read_text("utf-8").replace("1990-05-17", "2090-05-17"), "utf-8")
    wrong = run(address, token, dose)
    assert wrong.returncode == 1 and "  date: " in wrong.stderr
    assert "record" not in house.actions()


def test_where_nobody_answers_it_says_that_it_is_not_known(
    token: str, dose: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import importlib.util

    spec = importlib.util.spec_from_file_location("record", ROOT / "examples" / "api" / "record.py")
    assert spec is not None and spec.loader is not None
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    monkeypatch.setattr(example, "PAUSES", [0])
    monkeypatch.setenv("VAXCERT_PORTAL_TOKEN", token)
    monkeypatch.setattr(sys, "argv", ["record.py", "http://127.0.0.1:9", str(dose), "7d4c9f4e-visit-12"])
    assert example.main() == 1
    assert "ask again with the same key" in capsys.readouterr().err


@pytest.fixture
def description(house: Any, token: str) -> Any:
    answer = house.app().test_client().get("/api/openapi.json", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    return answer.get_json()


def test_the_description_has_every_route_of_the_portal_for_programs_and_no_other(house: Any, description: Any) -> None:
    served = set()
    for rule in house.app().url_map.iter_rules():
        if rule.rule.startswith("/api"):
            path = re.sub(r"<(?:[^:>]+:)?number>", "{dose}", rule.rule)
            served |= {(path, method.lower()) for method in rule.methods - {"HEAD", "OPTIONS"}}
    (base,) = (one["url"] for one in description["servers"])
    told = {(base + path, method) for path, methods in description["paths"].items() for method in methods}
    assert told == served


def test_what_the_guide_shows_is_as_the_description_says(
    description: Any, house: Any, token: str, dose: Path, socket: Path
) -> None:
    def valid(name: str, value: Any) -> None:
        schema = {"$ref": f"#/components/schemas/{name}", "components": description["components"]}
        Draft202012Validator.check_schema(description["components"]["schemas"][name])
        Draft202012Validator(schema).validate(value)

    valid("DoseRecord", json.loads(dose.read_text("utf-8")))
    client = house.app(signer=socket).test_client()
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "7d4c9f4e-visit-12"}
    answer = client.post("/api/doses", json=json.loads(dose.read_text("utf-8")), headers=headers)
    valid("Recorded", answer.get_json())
    responses = description["paths"]["/doses"]["post"]["responses"]
    for status in re.findall(r"\*\*(\d{3})\*\*", GUIDE):
        assert status in responses, status
    problem = client.post("/api/doses", json={}, headers=headers)
    assert problem.status_code == 422
    valid("Problem", problem.get_json())
