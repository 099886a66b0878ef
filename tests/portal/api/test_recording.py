"""A clinic's program records a dose and gets its certificate, once, however often it asks."""

import json
import logging
import re
from datetime import UTC
from typing import Any

import jsonschema
import pytest
from sqlalchemy import func, select

from vaxcert import Verifier
from vaxcert.registry import schema
from vaxcert.registry.care import changing

KEY = "3f2a-0001-of-one"
DOSE = "/doses/{dose}/certificate"


def described(clinic: Any, answer: Any, path: str, method: str = "post") -> Any:
    """An answer's JSON, which has to be as the description says of this path and status."""
    headers = {"Authorization": "Bearer token-of-clinic-one"}
    document = clinic.http.get("/api/openapi.json", headers=headers).get_json()
    said = document["paths"][path][method]["responses"][str(answer.status_code)]
    (content,) = said["content"].items()
    assert answer.mimetype == content[0]
    for header, shape in said.get("headers", {}).items():
        assert not shape["required"] or header in answer.headers
    told = answer.get_json() if answer.mimetype == "application/json" else json.loads(answer.data)
    jsonschema.validate(told, {**content[1]["schema"], "components": document["components"]})
    return told


def count(clinic: Any, table: Any) -> int:
    with clinic.place.registry.reading() as connection:
        return int(connection.scalar(select(func.count()).select_from(table)) or 0)


def test_a_dose_is_recorded_and_its_certificate_comes_with_the_answer(
    clinic: Any, dose: dict[str, Any], verifier: Verifier
) -> None:
    answer = clinic.post(key=KEY, json=dose)
    told = described(clinic, answer, "/doses")
    assert (answer.status_code, told["outcome"], told["withheld"]) == (201, "new", None)
    assert answer.headers["Cache-Control"] == "no-store"
    verdict = verifier.verify(told["certificate"]["text"], at=clinic.place.now.astimezone(UTC))
    assert (verdict.status, verdict.certificate.person.given_name) == ("accepted", "Mẫu Thử")


def test_the_same_request_again_records_nothing_and_brings_the_same_certificate(
    clinic: Any, dose: dict[str, Any]
) -> None:
    first = clinic.post(key=KEY, json=dose)
    # The same fields in another order, and the key as a structured field has it.
    again = clinic.post(key=f'"{KEY}"', json=dict(reversed(dose.items())))
    assert (first.status_code, again.status_code) == (201, 200)
    assert described(clinic, again, "/doses")["certificate"] == first.get_json()["certificate"]
    assert (count(clinic, schema.dose), count(clinic, schema.certificate)) == (1, 1)


def test_another_request_under_the_same_key_is_refused_and_nothing_recorded(clinic: Any, dose: dict[str, Any]) -> None:
    clinic.post(key=KEY, json=dose)
    answer = clinic.post(key=KEY, json=dose | {"date": "2026-06-02"})
    assert answer.status_code == 422
    assert described(clinic, answer, "/doses")["type"] == "urn:vaxcert:problem:request_differs"
    assert count(clinic, schema.dose) == 1


def test_two_accounts_may_use_the_same_key_for_different_doses(clinic: Any, dose: dict[str, Any]) -> None:
    other = dose | {"family_name": "Trần", "phone": "0987654321", "date_of_birth": "1970-02-03"}
    answers = [
        clinic.post(key=KEY, json=dose), clinic.post(key=KEY, json=other, token="token-of-clinic-two"),
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [201, 201]
    assert count(clinic, schema.dose) == 2


def test_without_the_signer_the_dose_is_saved_and_the_same_request_brings_its_certificate_later(
    clinic: Any, dose: dict[str, Any]
) -> None:
    clinic.signer.away = True
    answer = clinic.post(key=KEY, json=dose, headers={"Accept-Language": "vi"})
    told = described(clinic, answer, "/doses")
    assert (answer.status_code, told["certificate"], told["withheld"]["reason"]) == (202, None, "signer_away")
    assert told["withheld"]["detail"].startswith("Đã lưu, chưa in")
    clinic.signer.away = False
    again = clinic.post(key=KEY, json=dose)
    assert (again.status_code, again.get_json()["dose"]) == (200, told["dose"])
    assert again.get_json()["certificate"]["text"].startswith("HC1:")
    assert count(clinic, schema.dose) == 1


def test_the_certificate_of_a_recorded_dose_is_there_by_its_number_for_who_recorded_it_alone(
    clinic: Any, dose: dict[str, Any]
) -> None:
    made = clinic.post(key=KEY, json=dose).get_json()
    path = f"/api/doses/{made['dose']}/certificate"
    answer = clinic.post(path)
    assert described(clinic, answer, DOSE)["certificate"] == made["certificate"]
    for other in (clinic.post(path, token="token-of-clinic-two"), clinic.post("/api/doses/99/certificate")):
        assert other.status_code == 404
        described(clinic, other, DOSE)


def test_a_dose_that_is_kept_back_is_recorded_and_the_answer_says_why_there_is_no_certificate(
    clinic: Any, dose: dict[str, Any]
) -> None:
    answer = clinic.post(key=KEY, json=dose | {"number": 2})
    told = described(clinic, answer, "/doses")
    assert (answer.status_code, told["certificate"]) == (201, None)
    assert told["withheld"] == {"reason": "earlier_dose_missing", "detail": "dose: an earlier dose is not on record"}
    changing.correct_dose(clinic.place.registry, told["dose"], {"state": "withdrawn"}, actor="chief", reason="error")
    assert clinic.post(f"/api/doses/{told['dose']}/certificate").get_json()["withheld"]["reason"] == "withdrawn"


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"family_name": "Nguy?n"}, {"family_name": "letters_lost"}),
        ({"date": "2027-06-01", "date_of_birth": "2030-01-01"}, {"date_of_birth": None, "date": None}),
        ({"date": "01/06/2026"}, {"date": "not_valid"}),
        ({"number": "1"}, {"number": "not_valid"}),
        ({"number": 0}, {"number": "not_valid"}),
        ({"product": "water"}, {"product": "product_unknown"}),
        ({"lot": "L" * 41}, {"lot": "too_long"}),
        ({"phone": None}, {"phone": "not_valid"}),
        ({"password": "1"}, {"request": "field_unknown"}),
        ({"site": ...}, {"site": "missing"}),
    ],
)
def test_what_makes_no_sense_is_named_by_field_and_reason_and_nothing_is_recorded(
    clinic: Any, dose: dict[str, Any], changes: dict[str, Any], errors: dict[str, str | None]
) -> None:
    wanted = {name: value for name, value in (dose | changes).items() if value is not ...}
    answer = clinic.post(key=KEY, json=wanted)
    told = described(clinic, answer, "/doses")
    assert (answer.status_code, told["type"]) == (422, "urn:vaxcert:problem:not_valid")
    assert {one["field"] for one in told["errors"]} <= set(errors)
    for one in told["errors"]:
        assert errors[one["field"]] in (None, one["reason"])
    assert clinic.recorder.calls == 0
    # Mended, it may come under the same key.
    assert clinic.post(key=KEY, json=dose).status_code == 201


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"data": b"{", "content_type": "application/json"}, 400),
        ({"data": b"\xff", "content_type": "application/json"}, 400),
        ({"data": b"[" * 9_000, "content_type": "application/json"}, 400),
        ({"data": b"[]", "content_type": "application/json"}, 422),
        ({"data": b"{}", "content_type": "text/plain"}, 415),
        ({"data": b" " * 20_000, "content_type": "application/json"}, 413),
    ],
)
def test_what_is_no_request_is_a_problem_as_described(clinic: Any, given: dict[str, Any], status: int) -> None:
    answer = clinic.post(key=KEY, **given)
    assert answer.status_code == status
    described(clinic, answer, "/doses")


@pytest.mark.parametrize("made", ["", "short", "with a blank in it", "x" * 101, "schlüssel-der-klinik"])
def test_without_a_usable_key_nothing_is_recorded(clinic: Any, dose: dict[str, Any], made: str) -> None:
    answer = clinic.post(json=dose, headers={"Idempotency-Key": made} if made else {})
    assert answer.status_code == 400
    assert described(clinic, answer, "/doses")["type"].endswith("no_key")
    assert clinic.recorder.calls == 0


def test_a_dose_of_another_site_is_refused(clinic: Any, dose: dict[str, Any]) -> None:
    answer = clinic.post(key=KEY, json=dose | {"site": "VP02"})
    assert answer.status_code == 403
    described(clinic, answer, "/doses")
    assert clinic.post(key=KEY, json=dose | {"site": "VP02"}, token="token-of-clinic-two").status_code == 201


def test_every_route_that_there_is_is_closed_without_a_token(clinic: Any) -> None:
    rules = [rule for rule in clinic.app.url_map.iter_rules() if rule.endpoint.startswith("api.")]
    assert len(rules) == 3
    for rule in rules:
        for method in rule.methods - {"OPTIONS"}:
            for token in ("", "Bearer", "Bearer token-of-clinic", "Basic token-of-clinic-one"):
                path = re.sub("<[^>]+>", "1", rule.rule)
                answer = clinic.http.open(path, method=method, headers={"Authorization": token})
                assert answer.status_code == 401
                assert answer.headers["WWW-Authenticate"] == "Bearer"
                assert method == "HEAD" or json.loads(answer.data)["type"] == "urn:vaxcert:problem:no_token"


def test_problems_are_in_the_language_that_is_asked_for(clinic: Any) -> None:
    english = clinic.post(key=KEY, json={})
    vietnamese = clinic.post(key=KEY, json={}, headers={"Accept-Language": "vi-VN, en;q=0.5"})
    assert (english.headers["Content-Language"], vietnamese.headers["Content-Language"]) == ("en", "vi")
    assert json.loads(vietnamese.data)["errors"][0]["detail"] == "họ: thiếu"


def test_nothing_of_a_person_is_logged_or_kept_in_clear_beside_the_record(
    clinic: Any, dose: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> Any:
        raise RuntimeError(f"of {dose['family_name']} {dose['phone']}")

    with caplog.at_level(logging.DEBUG):
        clinic.post(key=KEY, json=dose)
        clinic.post(key="another-key", json=dose | {"given_name": "Mẫu?"})
        clinic.signer.sign = fail
        answer = clinic.post(key=KEY, json=dose)
    assert answer.status_code == 500
    assert described(clinic, answer, "/doses")["type"].endswith("fault")
    with clinic.place.registry.reading() as connection:
        kept = [tuple(map(str, row)) for row in connection.execute(select(schema.retry))]
    assert len(kept) == 1
    for secret in ("Nguyễn", "Mẫu", "1990", "0912345678", "HC1:", KEY):
        assert secret not in caplog.text
        assert secret not in str(kept)
