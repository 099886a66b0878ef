"""What the portal writes of people and secrets: nothing, at whatever level its logs are."""

import logging
from typing import Any

import pytest

PASSWORD = "a long enough password"


def test_no_secret_and_no_name_is_in_any_log_line_or_address(
    house: Any, visit: Any, authenticator: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    one = visit(training=False)
    one.sign_in("clerk", "wrong password of mine")
    one.sign_in("clerk")
    authenticator.learn(one.post("/sign-in/authenticator", {"setup": "authenticator"}).text)
    code = authenticator.code()
    answers = [one.post("/sign-in/code", {"code": code})]
    answers.append(one.post("/own/pin", {"pin": "2580"}))
    answers.append(one.post("/lock"))
    chief = visit(training=True)
    chief.sign_in("administrator")
    new = {"login": "secretive", "display_name": "Trần Bí Mật", "email": "bi@mat.example", "roles": "clerk"}
    answers.append(chief.post("/admin/accounts/new", new))
    answers.append(chief.post(f"/admin/accounts/{house.numbers['integrator']}/token"))
    logged = caplog.text + "".join(str(vars(record)) for record in caplog.records)
    token = next(line for line in answers[-1].text.splitlines() if "vx_" in line)
    for secret in (PASSWORD, "wrong password", authenticator.key, f"'{code}'", "2580", "Bí Mật", "mat.example", "vx_"):
        assert secret not in logged, secret
    assert token
    assert not any("Bí" in answer.headers.get("Location", "") for answer in answers)


def test_a_fault_is_logged_by_its_place_and_told_without_its_words(
    house: Any, visit: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from portal_app import access

    one = visit("clerk")

    def broken(_: Any) -> bool:
        raise ValueError("Nguyễn Mẫu Thử")

    monkeypatch.setattr(access, "_recognise", lambda: broken(None))
    answer = one.get("/own")
    assert answer.status_code == 500
    assert "Mẫu Thử" not in answer.text + caplog.text
    assert "ValueError at " in caplog.text
