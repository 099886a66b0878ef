"""What holders say is wrong, at a reviewer's screen: a queue without names, an answer that the holder sees by the ticket."""

from datetime import timedelta
from typing import Any

import pytest
from seen import SEEN_AS
from units import row

from vaxcert import Issuer, typed
from vaxcert.registry import audit
from vaxcert.registry.certificates import issuing
from vaxcert.registry.holders import asking, codes, tickets

PASSWORD = "a long enough password"
WORDS = "Tên tôi là <b>Mẫu Thứ</b>"


@pytest.fixture
def ticket(review: Any, key: Any) -> str:
    """Of somebody whose certificate has a wrong name."""
    registry = review.house.registry
    review.take(row())
    valid = timedelta(days=365)
    issuer = Issuer(key, country="VN", authority="TEST", valid_for=valid, clock=lambda: review.house.now)
    issuing.run(registry, issuer, actor="night")
    code = typed.read(codes.hand_out(registry, 1, actor="lan").text)
    found = asking.find(
        registry, name="Nguyễn Mẫu Thử", date_of_birth="1990-05-17", number="0912345678", code=code, actor="holder"
    )
    assert found is not None
    return tickets.report(registry, tickets.pass_for(registry, found), kind="name", words=WORDS, actor="holder")


def told(review: Any, ticket: str) -> Any:
    found = tickets.stands(review.house.registry, typed.read(ticket), date_of_birth="1990-05-17", actor="holder")
    assert found is not None
    return found


def test_a_report_is_read_answered_and_closed_and_its_holder_sees_the_answer(review: Any, ticket: str) -> None:
    assert 'href="/reported"' in review.get("/").text
    page = review.get("/reported").text
    assert "Report 1" in page and "Mẫu" not in page.split("<main")[1]
    page = review.get("/reported/1").text
    assert "Tên tôi là &lt;b&gt;Mẫu Thứ&lt;/b&gt;" in page and 'href="/corrections/people/1"' in page
    assert "view ticket" in review.house.actions()
    answer = review.post("/reported/1", {"outcome": "corrected", "words": "Đã sửa."})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/reported")
    assert (told(review, ticket).ticket.outcome, told(review, ticket).answer) == ("corrected", "Đã sửa.")
    assert "Report 1" not in review.get("/reported").text.split("<main")[1].split("<table")[-1].split("said")[0]
    assert "/reported/1" in review.get("/reported?state=answered").text
    assert review.post("/reported/1/close").status_code == 302
    assert "/reported/1" not in review.get("/reported?state=answered").text
    assert told(review, ticket).ticket.state == "closed"


def test_what_is_no_answer_is_said_and_what_was_typed_stays(review: Any, ticket: str) -> None:
    for form, said in (
        ({"words": "Vài lời"}, "Choose what became of it."),
        ({"outcome": "burnt", "words": "Vài lời"}, "Choose what became of it."),
        ({"outcome": "come", "words": "Vài lời" * 200}, "words"),
    ):
        answer = review.post("/reported/1", form)
        assert answer.status_code == 422 and said in answer.text and "Vài lời" in answer.text
    assert told(review, ticket).ticket.state == "open"
    # Not answered, it is not closed; closed, it is not answered.
    assert review.post("/reported/1/close").status_code == 422
    review.post("/reported/1", {"outcome": "come"})
    review.post("/reported/1/close")
    assert review.post("/reported/1", {"outcome": "unchanged"}).status_code == 422
    for path in ("/reported/9", "/reported/9/close", "/reported/9/reason"):
        assert review.post(path, {"outcome": "come"}).status_code == 404


def test_whose_it_is_and_what_they_wrote_is_masked_for_another_sites_reviewer(review: Any, ticket: str) -> None:
    other = review.colleague("of-two", site="VP02")
    page = other.get("/reported/1").text
    assert "Mẫu Thứ" not in page and "Nguyễn" not in page and "1990" in page
    assert other.post("/reported/1", {"outcome": "corrected"}).status_code == 422
    assert told(review, ticket).ticket.state == "open"
    assert other.post("/reported/1/reason", {}).status_code == 422
    assert other.post("/reported/1/reason", {"reason": "mistake"}).status_code == 302
    assert "Mẫu Thứ" in other.get("/reported/1").text
    read = [entry for entry in audit.entries(review.house.registry, last=99) if entry.action == "view ticket"]
    assert len(read) == 1 and read[0].actor.endswith("of-two")


@pytest.mark.parametrize(("language", "width"), SEEN_AS)
def test_axe_finds_nothing_and_nothing_is_cut_off(
    review: Any, ticket: str, screen: Any, seen: Any, language: str, width: int
) -> None:
    review.colleague("of-two", site="VP02")
    page, found = screen(review.house.app(), language, width), {}

    def sign_in(login: str) -> None:
        page.goto("/sign-in")
        page.fill("#username", login)
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_selector(".tiles")

    def look(name: str) -> None:
        found[name] = seen(page, f"reported-{name}-{language}-{width}")

    sign_in("of-two")
    page.goto("/reported/1")
    look("masked")
    page.context.clear_cookies(name="portal")
    sign_in("reviewer")
    for name, path in (("queue", "/reported"), ("one", "/reported/1"), ("none", "/reported?state=answered")):
        page.goto(path)
        look(name)
    page.goto("/reported/1")
    # Else the browser itself says that it is missing.
    page.eval_on_selector_all("input", "all => all.forEach(one => one.required = false)")
    page.click("main form[action$='/reported/1'] button")
    page.wait_for_selector("#outcome-wrong")
    look("wrong")
    page.check("input[value=come]")
    page.fill("#words", "Mời chị mang căn cước đến trạm.")
    page.click("main form[action$='/reported/1'] button")
    page.wait_for_selector(".said")
    page.goto("/reported/1")
    look("answered")
    assert {name: faults for name, faults in found.items() if faults} == {}
