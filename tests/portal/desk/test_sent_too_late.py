"""A form that is sent when its session is over: whoever typed it has it back, and nobody else."""

import time
from collections.abc import Callable
from html import unescape
from typing import Any
from uuid import uuid4

import pytest

PASSWORD = "a long enough password"
NAME = "Phạm Mẫu “Mới” <b>"
DETAILS = "đau đầu\r\nsốt nhẹ"


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Half an hour and a minute goes by without a page."""
    from portal_app import access

    real, gone = time.time, [0]
    monkeypatch.setattr(access.time, "time", lambda: real() + gone[0])

    def go() -> None:
        gone[0] += 31 * 60

    return go


def form(desk: Any, **more: Any) -> dict[str, Any]:
    return {
        "request_id": str(uuid4()), "session": str(desk.session), "number": "1", "lot": "L1", "do": "dose",
        "full_name": "Phạm Mẫu Mới", "date_of_birth": "01/02/1980", "sex": "", "seen": ["younger_than", "too_early"], **more,
    }  # fmt: skip


def sent_late(one: Any, late: Any, path: str, said: dict[str, Any]) -> Any:
    """A form with the token that its page had, sent after too long."""
    token = one.token()
    late()
    return one.client.post(path, data={**said, "csrf_token": token})


def again(one: Any, held: str, **more: Any) -> Any:
    return one.post("/sign-in", {"username": "vaccinator", "password": PASSWORD, "held": held, **more})


def send_back(one: Any, page: str, fields: Any) -> Any:
    """Press the button of the page with what was typed."""
    import re

    inner = page[page.index("<main") :]
    action = re.search(r'<form action="([^"]+)" method="post">\s*<input type="hidden" name="csrf_token"', inner)
    assert action is not None
    given = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', inner)
    data: dict[str, list[str]] = {}
    for name, value in given:
        data.setdefault(name, []).append(unescape(value))
    return one.client.post(unescape(action[1]), data=data)


def test_what_was_typed_comes_back_after_signing_in_again_and_can_be_sent(
    desk: Any, at: Any, late: Any, fields: Any
) -> None:
    one, said = at(), form(desk)
    answer = sent_late(one, late, "/desk/new/save", said)
    assert answer.status_code == 401 and desk.everybody() == 0
    # Nobody is signed in: what was typed is on this page, and cannot be read.
    assert "Phạm Mẫu" not in answer.text and "1980" not in answer.text
    (held,) = set(fields(answer.text, "held"))
    back = again(one, held)
    assert back.status_code == 200 and "Location" not in back.headers
    assert "Phạm Mẫu Mới" in back.text and "01/02/1980" in back.text
    assert fields(back.text, "seen") == said["seen"]
    assert desk.everybody() == 0  # until it is sent
    assert send_back(one, back.text, fields).status_code == 302
    assert desk.everybody() == 1
    # Sent twice, it is saved once, as any form.
    assert send_back(one, back.text, fields).status_code == 302
    assert desk.everybody() == 1


def test_what_was_typed_is_the_same_whatever_it_was(desk: Any, at: Any, late: Any, fields: Any) -> None:
    one = at()
    answer = sent_late(one, late, "/desk/new/save", form(desk, full_name=NAME, details=DETAILS))
    back = again(one, fields(answer.text, "held")[0]).text
    assert [unescape(value) for value in fields(back, "full_name")] == [NAME]
    assert [unescape(value) for value in fields(back, "details")] == [DETAILS]
    assert "<b>" not in back


def test_a_wrong_password_before_the_right_one_loses_nothing(desk: Any, at: Any, late: Any, fields: Any) -> None:
    one = at()
    answer = sent_late(one, late, "/desk/new/save", form(desk))
    wrong = again(one, fields(answer.text, "held")[0], password="wrong")
    assert wrong.status_code == 200 and "Phạm" not in wrong.text
    assert "Phạm Mẫu Mới" in again(one, fields(wrong.text, "held")[0]).text


def test_it_comes_back_after_a_code_too(
    house: Any, desk: Any, at: Any, late: Any, fields: Any, authenticator: Any
) -> None:
    one = at("", training=False)
    one.sign_in("vaccinator")
    authenticator.learn(one.post("/sign-in/authenticator", {"setup": "authenticator"}).text)
    one.post("/sign-in/code", {"code": authenticator.code()})
    answer = sent_late(one, late, "/desk/new/save", form(desk))
    asked = again(one, fields(answer.text, "held")[0])
    assert asked.status_code == 200 and "Six digits" in asked.text and "Not right" not in asked.text
    assert "Phạm" not in asked.text
    authenticator.later()
    wrong = one.post("/sign-in/code", {"code": "000000", "held": fields(asked.text, "held")[0]})
    assert "Not right" in wrong.text
    back = one.post("/sign-in/code", {"code": authenticator.code(), "held": fields(wrong.text, "held")[0]})
    assert "Phạm Mẫu Mới" in back.text


def test_it_comes_back_after_a_pin_too(house: Any, desk: Any, at: Any, late: Any, fields: Any) -> None:
    one = at()
    one.post("/own/pin", {"pin": "2580"})
    answer = sent_late(one, late, "/desk/new/save", form(desk))
    said = {"account": fields(answer.text, "account")[0], "held": fields(answer.text, "held")[0]}
    wrong = one.post("/switch", {**said, "pin": "0852"})
    assert wrong.status_code == 422
    back = one.post("/switch", {**said, "pin": "2580", "held": fields(wrong.text, "held")[0]})
    assert "Phạm Mẫu Mới" in back.text


def test_nobody_else_gets_it_and_nobody_after_a_day(house: Any, desk: Any, at: Any, late: Any, fields: Any) -> None:
    from datetime import timedelta

    one = at()
    held = fields(sent_late(one, late, "/desk/new/save", form(desk)).text, "held")[0]
    other = one.post("/sign-in", {"username": "clerk", "password": PASSWORD, "held": held})
    assert other.status_code == 302 and "Phạm" not in other.text
    one.post("/sign-out")
    spoilt = held[:-6] + ("AAAAAA" if held[-6:] != "AAAAAA" else "BBBBBB")
    for text in (spoilt, "x", "é", held[:40], ""):
        assert again(at(""), text).status_code == 302
    house.now += timedelta(hours=13)
    assert again(one, held).status_code == 302


def test_what_no_page_of_ours_sent_is_not_held(desk: Any, at: Any, late: Any) -> None:
    one = at()
    late()
    answer = one.client.post("/desk/new/save", data={**form(desk), "csrf_token": "any"})
    assert answer.status_code == 401 and "held" not in answer.text
    # Nor what somebody sends who was not signed in at all, or whose session was ended elsewhere.
    assert "held" not in at("").post("/desk/new/save", form(desk)).text
    one = at()
    token, cookie = one.token(), one.client.get_cookie("portal").value
    one.post("/lock")
    one.client.set_cookie("portal", cookie)
    answer = one.client.post("/desk/new/save", data={**form(desk), "csrf_token": token})
    assert answer.status_code == 401 and "held" not in answer.text


def test_passwords_and_pins_are_not_held(desk: Any, at: Any, late: Any) -> None:
    for path, said in (
        ("/own/pin", {"pin": "2580"}),
        ("/own/password", {"password": PASSWORD, "new_password": "x" * 12}),
    ):
        answer = sent_late(at(), late, path, said)
        assert answer.status_code == 401 and "held" not in answer.text


def test_nothing_of_it_is_in_the_cookie_or_in_a_file(house: Any, desk: Any, at: Any, late: Any, fields: Any) -> None:
    one = at()
    answer = sent_late(one, late, "/desk/new/save", form(desk))
    with one.client.session_transaction() as session:
        assert "Phạm" not in str(dict(session)) and "held" not in session
    house.registry.engine.dispose()
    assert not any("Phạm".encode() in path.read_bytes() for path in house.folder.rglob("*") if path.is_file())
    assert all("Ph%E1" not in value for _, value in answer.headers.items())
