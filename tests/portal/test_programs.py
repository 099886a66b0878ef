"""A clinic's program at the portal itself: its account's token, the desk's recording, and the signer at its socket."""

import os
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest

from vaxcert import Issuer, SigningKey, Verifier
from vaxcert.registry.accounts import keeping
from vaxcert.registry.accounts.signing import KeptAccounts
from vaxcert.signer.answering import RegistrySigner
from vaxcert.signer.server import SignerServer

DOSE = {
    "family_name": "Nguyễn", "given_name": "Mẫu Thử", "date_of_birth": "1990-05-17", "phone": "0912345678",
    "product": "EU/1/20/1528", "number": 1, "series": 2, "date": "2026-06-01", "site": "VP01", "lot": "L1",
}  # fmt: skip


@pytest.fixture
def socket(house: Any, key: SigningKey, tmp_path: Path) -> Iterator[Path]:
    """Where a signer listens that asks the registry's accounts."""
    issuer = Issuer(key, country="VN", authority="TEST", valid_for=timedelta(days=365), clock=lambda: house.now)
    signer = RegistrySigner(house.registry, issuer, accounts=KeptAccounts(house.registry))
    users = [os.getuid()]
    with SignerServer(tmp_path / "signer.sock", signer, peers=users, approvers=users) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        yield server.path
        server.stop()
        thread.join()


@pytest.fixture
def program(house: Any) -> Callable[..., Any]:
    token = keeping.give_token(house.registry, house.numbers["integrator"], actor="test")

    def ask(path: str = "/api/doses", token: str = token, signer: Path | None = None, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "of-the-test-0001"}
        return house.app(signer=signer).test_client().open(path, headers=headers, **more)

    return ask


def test_a_program_records_a_dose_and_gets_its_certificate_once(
    house: Any, program: Any, socket: Path, verifier: Verifier
) -> None:
    first = program(json=DOSE, method="POST", signer=socket)
    again = program(json=DOSE, method="POST", signer=socket)
    assert (first.status_code, again.status_code) == (201, 200)
    told = first.get_json()
    assert told["certificate"] == again.get_json()["certificate"]
    verdict = verifier.verify(told["certificate"]["text"], at=house.now.astimezone(UTC))
    assert (verdict.status, verdict.certificate.person.given_name) == ("accepted", "Mẫu Thử")
    assert house.actions().count("record") == 1


def test_without_a_signer_the_dose_is_recorded_all_the_same(program: Any, tmp_path: Path) -> None:
    for signer in (None, tmp_path / "nobody.sock"):
        answer = program(json=DOSE, method="POST", signer=signer)
        assert (answer.status_code, answer.get_json()["withheld"]["reason"]) == (202, "signer_away")


def test_a_program_has_neither_another_sites_doses_recorded_nor_its_errors_as_pages(program: Any) -> None:
    answers = [
        program(json=DOSE | {"site": "VP02"}, method="POST"),
        program(json=DOSE, method="POST", token="wrong"),
        program("/api/doses/99/certificate", method="POST"),
        program("/api/doses", data="{", content_type="application/json", method="POST"),
        program("/api/doses", data="x", content_type="text/plain", method="POST"),
        program("/api/doses", data=b"0" * 20_000, content_type="application/json", method="POST"),
    ]
    assert [answer.status_code for answer in answers] == [403, 401, 404, 400, 415, 413]
    assert {answer.mimetype for answer in answers} == {"application/problem+json"}
    assert answers[1].headers["WWW-Authenticate"] == "Bearer"


def test_a_database_that_is_away_is_told_as_such_to_programs_and_on_pages(
    house: Any, program: Any, visit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    from vaxcert.registry import Registry

    one = visit("administrator")

    def away(*_: Any, **__: Any) -> Any:
        raise OperationalError("SELECT 'Nguyễn Mẫu Thử'", {}, Exception("gone"))

    monkeypatch.setattr(Registry, "writing", away)
    answer = program(json=DOSE, method="POST")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    monkeypatch.setattr(Registry, "reading", away)
    page = one.get("/admin/sites")
    assert page.status_code == 503 and "does not answer" in page.text
    assert "Nguyễn" not in answer.text + page.text


def test_the_description_is_there_for_who_has_a_token(program: Any) -> None:
    answer = program("/api/openapi.json", method="GET")
    assert answer.status_code == 200
    assert set(answer.get_json()["paths"]) == {"/doses", "/doses/{dose}/certificate", "/openapi.json"}
