"""A holder's pages: found by all four, shown, taken away, said to be wrong; and what nobody gets to see."""

import logging
import re
import time
from typing import Any

import pytest

from vaxcert import TrustStore, Verifier, typed
from vaxcert.errors import UnreachableError
from vaxcert.qr import read
from vaxcert.registry.care import changing
from vaxcert.registry.holders import tickets

SECRETS = ("Nguyễn", "Mẫu Thử", "NGUYEN", "1990-05-17", "17/05/1990", "0100000001", "HC1:")


def sealed_on(page: str) -> str:
    found = re.search(r'name="sealed" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def ticket_on(page: str) -> str:
    found = re.search(r'<strong class="secret ticket">([^<]+)<', page)
    assert found is not None
    return found[1]


def test_every_form_to_take_away_holds_the_certificate_that_was_signed_before(citizen: Any, key: Any) -> None:
    visitor = citizen.visit()
    page = visitor.post("/find", citizen.slip)
    assert page.status_code == 200
    assert "Nguyễn Mẫu Thử" in page.text and "Valid until" in page.text and "<svg" in page.text
    verifier = Verifier(TrustStore([key.trusted()]), clock=lambda: citizen.place.now)
    for form, kind in (("picture", "image/png"), ("pdf", "application/pdf"), ("text", "text/plain; charset=utf-8")):
        taken = visitor.post(f"/certificate/{form}", {"sealed": sealed_on(page.text)})
        assert (taken.status_code, taken.content_type) == (200, kind)
        assert taken.headers["Cache-Control"] == "no-store"
        assert re.fullmatch(r'attachment; filename="[a-z.-]+"', taken.headers["Content-Disposition"])
        text = taken.text.strip() if form == "text" else read(taken.data)[0].text
        assert text == citizen.text()
        assert str(verifier.verify(text).status) == "accepted"


@pytest.mark.parametrize(
    "other",
    [{"name": "Trần Ví Dụ"}, {"born": "18/05/1990"}, {"number": "0100000002"}, {"code": typed.shown(typed.new())}],
    ids=["name", "birth date", "number", "code"],
)  # fmt: skip
def test_whatever_does_not_fit_is_one_page_and_keeps_what_was_typed(citizen: Any, other: dict[str, str]) -> None:
    visitor = citizen.visit()
    page = visitor.post("/find", citizen.slip | other)
    assert page.status_code == 404
    assert page.headers["Cache-Control"] == "no-store"
    # The same but for what was typed.
    blank = visitor.post("/find", {"name": "a b", "born": "1/1/2000", "number": "123456", "code": typed.new()})
    assert re.sub(r'value="[^"]*"', "", page.text) == re.sub(r'value="[^"]*"', "", blank.text)
    for value in (citizen.slip | other).values():
        assert f'value="{value}"' in page.text


def test_every_answer_leaves_after_the_same_time(citizen: Any) -> None:
    visitor = citizen.visit()
    visitor.post("/find", citizen.slip)
    visitor.post("/find", citizen.slip | {"code": typed.new()})
    visitor.post("/find", citizen.slip | {"number": "0100000002"})
    assert len(citizen.process.waits) == 3 and all(0 < wait <= 0.5 for wait in citizen.process.waits)


@pytest.mark.parametrize(
    ("other", "field", "told"),
    [
        ({"name": " "}, "name", "Fill in your full name"), ({"born": "yesterday"}, "born", "This is no date"),
        ({"born": ""}, "born", "Fill in your date of birth"), ({"number": "12"}, "number", "too short"),
        ({"number": ""}, "number", "one of the two"), ({"code": "7K2M"}, "code", "typing error"), ({"code": ""}, "code", "on your slip"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_beside_its_field_and_nobody_is_asked(
    citizen: Any, other: dict[str, str], field: str, told: str
) -> None:
    page = citizen.visit().post("/find", citizen.slip | other)
    assert page.status_code == 422
    assert re.search(rf'<p class="wrong" id="{field}-wrong">[^<]*{told}', page.text)
    assert re.search(
        rf'<input id="{field}"[^>]*aria-invalid="true"[^>]*aria-describedby="[^"]*{field}-wrong', page.text
    )
    assert citizen.process.waits == []


def test_a_holder_says_what_is_wrong_and_sees_the_answer_and_the_new_certificate(citizen: Any) -> None:
    visitor, registry = citizen.visit(), citizen.place.registry
    found = visitor.post("/find", citizen.slip)
    form = visitor.post("/mistake", {"sealed": sealed_on(found.text)})
    assert form.status_code == 200 and "What is wrong?" in form.text
    said = {"sealed": sealed_on(found.text), "send": "1", "kind": "name", "words": "Tên tôi là Mẫu Thứ"}
    answer = visitor.post("/mistake", said)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/mistake/sent")
    ticket = ticket_on(visitor.get("/mistake/sent").text)
    waiting = visitor.post("/ticket", {"ticket": ticket.lower(), "born": "17/05/1990"})
    assert "Nobody has answered yet" in waiting.text
    (queued,) = tickets.listed(registry)
    assert tickets.opened(registry, queued.number, actor="rev").words == "Tên tôi là Mẫu Thứ"
    old = citizen.text()
    changing.correct_person(registry, citizen.person, {"given_name": "Mẫu Thứ"}, actor="rev", reason="ticket 1")
    citizen.issue()
    tickets.answer(registry, queued.number, "corrected", "Đã sửa tên.", actor="rev")
    told = visitor.post("/ticket", {"ticket": ticket, "born": "17/05/1990"})
    assert "It was corrected." in told.text and "Đã sửa tên." in told.text and "Nguyễn Mẫu Thứ" in told.text
    taken = visitor.post("/certificate/text", {"sealed": sealed_on(told.text)})
    assert taken.text.strip() == citizen.text() != old
    again = visitor.post("/find", citizen.slip | {"name": "Nguyễn Mẫu Thứ"})
    assert "was revoked: it is refused" in again.text


def test_a_revoked_certificate_is_said_to_be_and_not_handed_out(citizen: Any) -> None:
    changing.correct_person(
        citizen.place.registry, citizen.person, {"given_name": "Mẫu Thứ"}, actor="rev", reason="ticket"
    )
    with citizen.place.registry.writing() as connection:
        from vaxcert.registry import schema

        connection.execute(schema.certificate.update().values(revoked_at=citizen.place.registry.now()))
    visitor = citizen.visit()
    page = visitor.post("/find", citizen.slip | {"name": "Nguyễn Mẫu Thứ"})
    assert "This certificate was revoked" in page.text and "<svg" not in page.text
    assert visitor.post("/certificate/picture", {"sealed": sealed_on(page.text)}).status_code == 404


@pytest.mark.parametrize(
    ("said", "field"),
    [({}, "Choose what is wrong"), ({"kind": "x"}, "Choose what is wrong"), ({"kind": "other"}, "Say what is wrong"),
     ({"kind": "name", "words": "a" * 2_000}, "too long")],
)  # fmt: skip
def test_a_report_that_says_nothing_is_told_so_and_keeps_what_was_typed(
    citizen: Any, said: dict[str, str], field: str
) -> None:
    visitor = citizen.visit()
    sealed = sealed_on(visitor.post("/find", citizen.slip).text)
    page = visitor.post("/mistake", {"sealed": sealed, "send": "1", **said})
    assert page.status_code == 422 and field in page.text
    assert said.get("words", "") in page.text
    assert tickets.listed(citizen.place.registry) == []


def test_a_fourth_report_of_one_person_is_refused_in_words(citizen: Any) -> None:
    visitor = citizen.visit()
    sealed = sealed_on(visitor.post("/find", citizen.slip).text)
    answers = [visitor.post("/mistake", {"sealed": sealed, "send": "1", "kind": "name"}) for _ in range(4)]
    assert [one.status_code for one in answers] == [302, 302, 302, 422]
    assert "You have told this already" in answers[-1].text


def test_what_was_sealed_elsewhere_or_long_ago_is_not_opened(citizen: Any) -> None:
    one, other = citizen.visit(), citizen.visit()
    sealed = sealed_on(one.post("/find", citizen.slip).text)
    assert one.post("/certificate", {"sealed": sealed}).status_code == 200
    changed = sealed[:-8] + ("A" if sealed[-8] != "A" else "B") + sealed[-7:]
    for field in ("", "%", "AAAA", changed, sealed[:40], "é" * 40):
        assert one.post("/certificate", {"sealed": field}).status_code == 400
    # Of another app, with a secret of its own.
    assert other.post("/certificate", {"sealed": sealed}).status_code == 400
    app = citizen.app()
    late = type(one)(app)
    sealed = sealed_on(late.post("/find", citizen.slip).text)
    app.extensions["sealing"]._clock = lambda: time.time() + 1_801
    assert late.post("/certificate", {"sealed": sealed}).status_code == 400


def test_the_other_language_is_one_tap_away_and_keeps_what_was_found(citizen: Any) -> None:
    visitor = citizen.visit()
    page = visitor.post("/find", citizen.slip)
    again = re.search(
        r'<form action="/certificate" method="post">.*?name="sealed" value="([^"]+)".*?value="vi"', page.text
    )
    assert again is not None
    told = visitor.post("/certificate", {"sealed": again[1], "lang": "vi"})
    assert '<html lang="vi">' in told.text and "Chứng nhận tiêm chủng của bạn" in told.text
    assert "lang=vi" in told.headers["Set-Cookie"]


def test_a_look_up_that_is_away_is_said_to_be(citizen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from vaxcert.lookup import client

    def away(*_: Any, **__: Any) -> bytes:
        raise ConnectionRefusedError

    monkeypatch.setattr(client, "ask", away)
    page = citizen.visit().post("/find", citizen.slip)
    assert (page.status_code, page.headers["Retry-After"]) == (503, "60")
    with pytest.raises(UnreachableError):
        client.LookupClient(citizen.place.folder / "none.sock").standing("x", born="y")


def test_no_log_header_address_or_cookie_holds_anything_of_anybody(
    citizen: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    visitor = citizen.visit()
    found = visitor.post("/find", citizen.slip)
    sealed = sealed_on(found.text)
    answers = [
        found, visitor.post("/find", citizen.slip | {"name": "Trần Mẫu Thử"}), visitor.post("/find", citizen.slip | {"born": "x"}),
        visitor.post("/certificate", {"sealed": sealed}), visitor.post("/certificate/picture", {"sealed": sealed}),
        visitor.post("/certificate/text", {"sealed": sealed}), visitor.post("/mistake", {"sealed": sealed}),
        visitor.post("/mistake", {"sealed": sealed, "send": "1", "kind": "name", "words": "Mẫu Thử"}), visitor.get("/mistake/sent"),
    ]  # fmt: skip
    ticket = ticket_on(answers[-1].text)
    answers.append(visitor.post("/ticket", {"ticket": ticket, "born": "17/05/1990"}))
    answers.append(visitor.post("/ticket", {"ticket": ticket, "born": "18/05/1990"}))
    logged = caplog.text + "".join(str(vars(record)) for record in caplog.records)
    headers = "".join(f"{name}: {value}\n" for answer in answers for name, value in answer.headers)
    for secret in (*SECRETS, citizen.code, citizen.code.replace("-", ""), ticket.replace("-", ""), sealed[:40]):
        assert secret not in logged, secret
        assert secret not in headers, secret
    assert all(answer.headers["Cache-Control"] == "no-store" for answer in answers)
    # No page asks another host for anything, or hands on where it was.
    for answer in answers:
        if answer.mimetype == "text/html":
            hosts = re.findall(r'(?:src|href|action)="([^"]*)"', answer.text)
            assert all(link.startswith(("/", "#")) and not link.startswith("//") for link in hosts)


HOSTILE = ["", "\x00", "\ud800".encode("utf-8", "surrogatepass"), b"\xff\xfe", "a" * 20_000, "'; DROP TABLE person; --", "<script>", "٣" * 12, "[]"]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_input_is_never_a_fault(citizen: Any, value: Any) -> None:
    visitor = citizen.visit()
    sealed = sealed_on(visitor.post("/find", citizen.slip).text)
    asked = [("/find", {name: value}) for name in citizen.slip]
    asked += [("/ticket", {"ticket": value}), ("/ticket", {"born": value}), ("/certificate", {"sealed": value})]
    asked += [("/mistake", {"sealed": sealed, "send": "1", name: value}) for name in ("kind", "words")]
    asked += [("/language", {"lang": value, "back": value}), ("/find", {"lang": value})]
    for path, fields in asked:
        base = (
            citizen.slip
            if path == "/find"
            else {"born": "17/05/1990", "ticket": typed.new()}
            if path == "/ticket"
            else {}
        )
        answer = visitor.post(path, {**base, **fields})
        assert answer.status_code < 500, (path, list(fields))
        assert "<script>" not in answer.text


def test_who_asks_too_often_has_to_wait_and_so_do_the_neighbours(citizen: Any) -> None:
    visitor = citizen.visit(rate=3)
    neighbour = {"REMOTE_ADDR": "198.51.100.9"}
    asked = [
        visitor.post("/find", citizen.slip, environ_overrides={"REMOTE_ADDR": f"198.51.100.{n}"}) for n in range(4)
    ]
    assert [one.status_code for one in asked] == [200, 200, 200, 429]
    assert "Too many tries" in asked[-1].text
    # Another page counts for itself, and somebody else's block is not stopped.
    assert visitor.post("/ticket", {}, environ_overrides=neighbour).status_code == 422
    assert visitor.post("/find", citizen.slip, environ_overrides={"REMOTE_ADDR": "203.0.113.5"}).status_code == 200
    assert visitor.get("/find", environ_overrides=neighbour).status_code == 200


def test_every_route_answers_a_stranger_and_none_of_them_shows_anybody(citizen: Any) -> None:
    app = citizen.app()
    visitor = type(citizen.visit())(app)
    for rule in app.url_map.iter_rules():
        path = str(rule).replace("<any(picture, pdf, text):form>", "pdf")
        if "<path:filename>" in path:
            continue
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            answer = visitor.get(path) if method == "GET" else visitor.post(path)
            assert answer.status_code < 500, path
            assert not any(secret in answer.text.replace("17/05/1990", "") for secret in SECRETS), path
