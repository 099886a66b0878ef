"""The app's modes: what a page shows is what is judged by, and nothing is judged by rules that are not there."""

import json
from pathlib import Path
from typing import Any

import pytest
from ruling import GATE, WARD, write_policies

from vaxcert import ConfigurationError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_policies(tmp_path / "policies", gate=GATE + "doses = 2\n", ward=WARD + "booster = true\n")


def verify(client: Any, text: str, **more: object) -> Any:
    return client.post("/verify", data=json.dumps({"text": text, **more}), content_type="application/json")


def check(client: Any, text: str, **more: str) -> str:
    answer = client.post("/check", data={"text": text, "part": "1", **more})
    assert answer.status_code == 200
    return str(answer.text)


def test_programs_name_the_mode_and_else_get_the_usual_one(site: Any, folder: Path, text: str) -> None:
    client = site.app(VAXCERT_APP_RULES=str(folder), VAXCERT_APP_MODE="gate").test_client()
    assert verify(client, text).json["status"] == "accepted"
    assert verify(client, text).json["rules"]["mode"] == "gate"
    told = verify(client, text, mode="ward").json
    assert (told["status"], told["reason"], told["card"]) == ("refused", "rule_not_met", "accepted")
    assert client.post("/verify?mode=ward", data=text, content_type="text/plain").json["reason"] == "rule_not_met"
    for given in ("other", ""):
        refused = verify(client, text, mode=given)
        assert refused.status_code == 422
        assert refused.json["type"].endswith(":mode_unknown")


def test_without_a_usual_mode_genuineness_alone_is_asked(site: Any, folder: Path, text: str) -> None:
    client = site.app(VAXCERT_APP_RULES=str(folder)).test_client()
    assert verify(client, text).json["rules"] is None
    assert verify(client, text, mode="").json["rules"] is None
    assert verify(client, text, mode="ward").json["rules"]["outcome"] == "failed"


def test_the_mode_stands_on_the_page_is_remembered_and_on_each_verdict(site: Any, folder: Path, text: str) -> None:
    client = site.app(VAXCERT_APP_RULES=str(folder), VAXCERT_APP_MODE="gate", VAXCERT_APP_LANGUAGE="en").test_client()
    assert 'data-mode="gate"' in client.get("/").text
    assert client.get("/?mode=ward").status_code == 302
    page = client.get("/").text
    assert '<option value="ward" selected>Ward visit</option>' in page
    assert 'name="mode" value="ward"' in page
    shown = check(client, text, mode="ward")
    assert 'class="verdict not_enough"' in shown
    assert "Rules: Ward visit (rules of this device, not signed)" in shown
    assert "Quy định: Thăm khoa" in shown
    assert "Genuine, not enough here" in shown
    client.get("/?mode=nothing")
    assert 'data-mode="ward"' in client.get("/").text


def test_a_page_whose_rules_are_gone_gets_no_verdict(site: Any, folder: Path, text: str) -> None:
    client = site.app(VAXCERT_APP_RULES=str(folder), VAXCERT_APP_MODE="gate").test_client()
    answer = client.post("/check", data={"text": text, "part": "1", "mode": "border"})
    assert answer.status_code == 422
    assert "verdict" not in answer.text


def test_what_the_list_brings_is_switched_to_with_it_and_rules_that_go_leave_no_gate_open(site: Any, text: str) -> None:
    site.publisher.rules.replace({"gate.toml": (GATE + "booster = true\n").encode()})
    site.publish()
    client = site.app(VAXCERT_APP_MODE="gate").test_client()
    first = verify(client, text).json
    assert (first["reason"], first["rules"]["signed"]) == ("rule_not_met", True)
    site.publisher.rules.replace({"gate.toml": (GATE + "doses = 2\n").encode()})
    site.publish()
    assert verify(client, text).json["status"] == "accepted"
    site.publisher.rules.replace({})
    site.publish()
    assert verify(client, text).json["rules"]["mode"] == "gate"


@pytest.mark.parametrize("mode", ["border", "GATE"])
def test_an_app_whose_usual_mode_is_not_there_does_not_start(site: Any, folder: Path, mode: str) -> None:
    with pytest.raises(ConfigurationError, match="gate, ward"):
        site.app(VAXCERT_APP_RULES=str(folder), VAXCERT_APP_MODE=mode)


def test_a_page_whose_choice_is_gone_falls_back_to_no_other_and_says_so(site: Any, text: str) -> None:
    site.publisher.rules.replace({"gate.toml": (GATE + "booster = true\n").encode()})
    site.publish()
    client = site.app(VAXCERT_APP_LANGUAGE="en").test_client()
    client.get("/?mode=gate")
    site.publisher.rules.replace({})
    site.publish()
    page = client.get("/").text
    assert 'name="mode" value="gate"' in page
    assert '<option value="gate" selected>gate: no longer there, choose others</option>' in page
    assert client.post("/check", data={"text": text, "mode": "gate"}).status_code == 422
    assert client.get("/?mode=").status_code == 302
    assert 'name="mode" value=""' in client.get("/").text


def test_a_choice_that_no_page_offers_is_none(site: Any, folder: Path) -> None:
    client = site.app(VAXCERT_APP_RULES=str(folder), VAXCERT_APP_MODE="gate").test_client()
    client.set_cookie("mode", "<b>")
    assert 'data-mode="gate"' in client.get("/").text


def test_rules_that_go_between_a_question_and_its_answer_leave_no_verdict(site: Any, folder: Path, text: str) -> None:
    from verifier_app.modes import UnknownModeError

    app = site.app(VAXCERT_APP_RULES=str(folder))
    with pytest.raises(UnknownModeError):
        app.extensions["desk"].verify(text, "border")


def test_the_log_says_that_a_new_list_brought_rules_that_cannot_be_followed(
    site: Any, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    site.publisher.rules.replace({"gate.toml": (GATE + "booster = true\n").encode()})
    site.publish()
    client = site.app(VAXCERT_APP_MODE="gate").test_client()
    site.publisher.rules.replace({"gate.toml": (GATE + "dose = 2\n").encode()})
    site.publish()
    assert verify(client, text).json["reason"] == "rule_not_met"
    assert "the rules go on as before: gate.toml: line 3" in caplog.text
