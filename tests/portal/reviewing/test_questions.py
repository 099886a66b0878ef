"""Questions: both sides beside each other, answered once, skipped, taken back; others' people masked."""

import re
from typing import Any

import pytest
from units import row

from vaxcert.registry.care import history, reviewing

TWO = (
    row(id="001090000001"),
    row(name="Nguyễn Mẫu Thừ", phone="0987654321", dose="2/2", date="01/07/2021", site="VP02"),
)


def asked(review: Any) -> list[int]:
    return [one.id for one in reviewing.questions(review.house.registry)]


def doses_question(review: Any) -> int:
    review.take(row(id="001090000001"))
    review.take(row(id="001090000001", date="03/06/2021", lot="L2"))
    (number,) = asked(review)
    return number


def test_both_sides_stand_beside_each_other_with_what_differs_told_in_words(review: Any) -> None:
    run = review.take(*TWO)
    (number,) = asked(review)
    page = review.get(f"/questions/{number}").text
    assert "Are they one person?" in page
    assert page.count("≠ differs") == 2  # name and telephone
    assert "= same" in page and "? one side only" in page
    assert "<mark>Thử</mark>" in page and "<mark>Thừ</mark>" in page
    assert page.index("01/06/2021") < page.index("01/07/2021")
    assert f"run {run}, unit-1.csv, line 2" in page and f"run {run}, unit-1.csv, line 3" in page
    assert review.views()[-1] == ("account:reviewer", "question", [1, 2])


def test_an_answer_is_saved_and_the_next_question_comes_by_itself(review: Any) -> None:
    review.take(*TWO)
    review.take(row(name="Trần Ví Dụ", phone="0911111111"))
    review.take(row(name="Trần Ví Dụ", phone="0922222222", dose="2/2", date="01/07/2021"))
    # That of one who changed the telephone is more likely of one person than that of two names.
    first, second = asked(review)
    page = review.get("/questions").text
    assert ">2<" in page
    answer = review.browser.client.get("/questions/next")
    assert answer.headers["Location"] == f"/questions/{first}"
    answer = review.post(f"/questions/{first}", {"answer": "different"})
    answer = review.get(answer.headers["Location"])
    assert answer.headers["Location"] == f"/questions/{second}?done=4"
    page = review.get(answer.headers["Location"]).text
    assert f"Question {first} is answered" in page
    assert asked(review) == [second]
    answer = review.post(f"/questions/{second}", {"answer": "same"})
    page = review.browser.client.get(answer.headers["Location"], follow_redirects=True).text
    assert "No question is left" in page and "No question is open" in page
    (one,) = [one for one in people(review) if one.profile.person.family_name == "Nguyễn"]
    assert [given.dose.number for given in one.doses] == [1, 2]


def people(review: Any) -> list[Any]:
    from vaxcert.registry.records.everybody import everybody

    with review.house.registry.reading() as connection:
        return list(everybody(connection))


@pytest.mark.parametrize(
    ("answer", "left"), [("first", ["01/06"]), ("second", ["03/06"]), ("both", ["01/06", "03/06"])]
)
def test_of_two_records_of_a_dose_the_right_one_stays(review: Any, answer: str, left: list[str]) -> None:
    number = doses_question(review)
    page = review.get(f"/questions/{number}").text
    assert "Which record of the dose is right?" in page
    assert "<mark>1</mark>" in page and "<mark>3</mark>" in page
    assert "Record 1 is right" in page and "Both are right" in page
    review.post(f"/questions/{number}", {"answer": answer})
    (one,) = people(review)
    assert [f"{given.dose.date:%d/%m}" for given in one.counted] == left


def test_what_is_no_answer_to_the_question_is_refused_and_nothing_is_decided(review: Any) -> None:
    number = doses_question(review)
    for answer in ("same", "", "drop table"):
        told = review.post(f"/questions/{number}", {"answer": answer})
        assert told.status_code == 422
        assert "Choose one of the answers" in told.text
    assert asked(review) == [number]
    assert review.get("/questions/99").status_code == 404
    assert review.post("/questions/99", {"answer": "same"}).status_code == 404


def test_later_leads_on_and_round_again_and_of_one_kind_where_that_is_wanted(review: Any) -> None:
    review.take(*TWO)
    review.take(row(name="Lê Thí Dụ", id="001080000002", phone="0933333333", born="02/02/1980"))
    review.take(row(name="Lê Thí Dụ", id="001080000002", phone="0933333333", born="02/02/1980", date="03/06/2021"))
    # A dose first: it is of one person for certain.
    dose, person = asked(review)

    def following(after: int, kind: str = "") -> str:
        return str(review.get(f"/questions/next?after={after}&kind={kind}").headers["Location"])

    assert following(0) == f"/questions/{dose}"
    assert following(dose) == f"/questions/{person}"
    assert following(person) == f"/questions/{dose}"
    assert following(0, "dose") == f"/questions/{dose}?kind=dose"
    assert following(0, "odd") == f"/questions/{dose}"
    page = review.get(f"/questions/{person}").text
    assert f"/questions/next?after={person}" in page and 'accesskey="0"' in page and 'accesskey="2"' in page


def test_an_answer_that_a_colleague_gave_meanwhile_stands_and_is_told(review: Any) -> None:
    review.take(*TWO)
    (number,) = asked(review)
    review.get(f"/questions/{number}")
    colleague = review.colleague("another")
    colleague.post(f"/questions/{number}", {"answer": "different"})
    answer = review.post(f"/questions/{number}", {"answer": "same"})
    page = review.browser.client.get(answer.headers["Location"], follow_redirects=True).text
    assert "was answered by a colleague meanwhile" in page
    assert len(people(review)) == 2
    assert "Answered by another: Two people" in review.get(f"/questions/{number}").text


def test_an_answer_is_taken_back_and_the_question_is_open_again(review: Any) -> None:
    review.take(*TWO)
    (number,) = asked(review)
    review.post(f"/questions/{number}", {"answer": "same"})
    assert len(people(review)) == 1
    answer = review.post(f"/questions/{number}/back")
    assert answer.headers["Location"] == f"/questions/{number}"
    assert asked(review) == [number]
    assert len(people(review)) == 2
    page = review.browser.client.post(
        f"/questions/{number}/back", data={"csrf_token": review.browser.token()}, follow_redirects=True
    ).text
    assert "The question is open already" in page


def test_an_answer_that_something_stands_on_is_not_taken_back_and_that_is_told(review: Any, key: Any) -> None:
    review.take(*TWO)
    (number,) = asked(review)
    review.post(f"/questions/{number}", {"answer": "same"})
    issued(review, key)
    answer = review.post(f"/questions/{number}/back")
    assert answer.headers["Location"] == "/runs/2/undo"
    page = review.get("/runs/2/undo").text
    assert "a certificate was issued" in page
    assert history.one(review.house.registry, 2).state == "done"


def issued(review: Any, key: Any) -> None:
    from datetime import timedelta

    from vaxcert import Issuer
    from vaxcert.registry.certificates import issuing

    house = review.house
    issuer = Issuer(key, country="VN", authority="TEST", valid_for=timedelta(days=365), clock=lambda: house.now)
    issuing.run(house.registry, issuer, actor="chief")


def test_people_of_other_areas_are_masked_until_a_reason_is_given_and_no_answer_is_taken(review: Any) -> None:
    # One lives in Tam Đảo with a dose at VP01; the other is of Yên Lạc, with a dose at VP02.
    review.take(
        TWO[0], row(name="Nguyễn Mẫu Thừ", district="Tam Đảo", phone="0987654321", dose="2/2", date="01/07/2021")
    )
    (number,) = asked(review)
    far = review.colleague("district", area="Yên Lạc")
    page = far.get(f"/questions/{number}").text
    assert (
        "Mẫu" not in page.replace("Mẫu district", "")
        and "0987654321" not in page
        and "1990-05-17" not in page
        and "17/05/1990" not in page
    )
    assert "N. M. T. born 1990" in page
    assert 'name="answer"' not in page
    refused = far.post(f"/questions/{number}", {"answer": "same"})
    assert refused.status_code == 422 and "give the reason first" in refused.text
    assert asked(review) == [number]
    assert [one for one in review.views() if one[0] == "account:district"] == []
    wrong = far.post(f"/questions/{number}/reason", {"reason": "because"})
    assert wrong.status_code == 422 and "Choose a reason" in wrong.text
    assert far.post(f"/questions/{number}/reason", {"reason": "mistake"}).status_code == 302
    page = re.sub("</?mark>", "", far.get(f"/questions/{number}").text)
    assert "0987654321" in page
    assert ("account:district", "question", [1, 2]) in review.views()
    assert review.house.actions().count("reason given") == 2
    far.post(f"/questions/{number}", {"answer": "different"})
    assert asked(review) == []


def test_take_back_is_offered_to_whoever_answered_and_for_that_answer_alone(review: Any) -> None:
    review.take(*TWO)
    (number,) = asked(review)
    colleague = review.colleague("another")
    colleague.post(f"/questions/{number}", {"answer": "different"})
    for done in ("2", "1", "99", "x"):
        assert "is answered." not in review.get(f"/questions?done={done}").text
    assert f"Question {number} is answered." in colleague.get("/questions?done=2").text
