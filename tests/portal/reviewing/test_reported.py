"""What holders say is wrong, at a reviewer's screen: a queue without names, an answer that the holder sees by the ticket."""

from datetime import timedelta
from typing import Any

import pytest
from units import row

from vaxcert import Issuer, typed
from vaxcert.registry import audit
from vaxcert.registry.certificates import issuing
from vaxcert.registry.holders import asking, codes, tickets

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
