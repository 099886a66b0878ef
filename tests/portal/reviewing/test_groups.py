"""Questions of one kind: the sample one by one, the answer to all, its undo; only by who is shown everybody."""

from typing import Any

import pytest
from units import row

from vaxcert.registry.care import grouping, reviewing

KIND = "middle_name_missing.telephone_agrees"
AT = f"/questions/groups/{KIND}"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "FEWEST", 2)


@pytest.fixture
def alike(review: Any, few: None) -> Any:
    """A reviewer, and twelve people of whom each has two records, one without a middle name."""
    rows = []
    for number in range(12):
        told = {"phone": f"01000000{number:02}", "born": f"17/05/{1960 + number}"}
        given = f"{'ABCDEĐGHKLMN'[number]}am"
        rows.append(row(name=f"Quách Mẫu {given}", **told))
        rows.append(row(name=f"Quách {given}", dose="2/2", date="01/07/2021", **told))
    review.take(*rows)
    return review


def answered(review: Any, answers: list[str]) -> str:
    """The last page, once each of the sample has one of the answers."""
    place = str(review.get(f"{AT}/next").headers["Location"])
    for answer in answers:
        number = place.removeprefix("/questions/").partition("?")[0]
        given = review.post(f"/questions/{number}", {"answer": answer, "like": KIND})
        place = str(review.get(given.headers["Location"]).headers["Location"])
    return place


def test_a_sample_is_answered_one_by_one_then_all_at_once_and_taken_back(alike: Any) -> None:
    page = alike.get("/questions/groups").text
    assert f"/questions/groups/{KIND}" in page and "0 of 4 answered" in page and "a middle name is missing" in page
    assert "Answer all others" not in alike.get(AT).text
    refused = alike.post(AT, {"answer": "same", "questions": "12"})
    assert refused.status_code == 422 and "Answer the sample of this group one by one first" in refused.text
    assert answered(alike, ["same"] * 4) == AT
    page = alike.get(AT).text
    assert "Answered so far, all" in page and "8 questions: One person" in page
    assert "Next question of the sample" not in page
    before = reviewing.waiting(alike.house.registry)
    done = alike.post(AT, {"answer": "same", "questions": "8"})
    page = alike.get(done.headers["Location"]).text
    assert before == 8 and reviewing.waiting(alike.house.registry) == 0
    assert "8 questions are answered" in page and "Take these 8 answers back" in page
    run = done.headers["Location"].rpartition("=")[2]
    page = alike.browser.client.post(
        f"/questions/groups/back/{run}", data={"csrf_token": alike.browser.token()}, follow_redirects=True
    ).text
    assert "8 answers are taken back" in page and "answered alike: ready" in page
    assert reviewing.waiting(alike.house.registry) == 8
    page = alike.browser.client.post(
        f"/questions/groups/back/{run}", data={"csrf_token": alike.browser.token()}, follow_redirects=True
    ).text
    assert "They were taken back already" in page


def test_a_sample_that_is_not_answered_alike_leaves_the_exception_to_be_looked_at_again(alike: Any) -> None:
    answered(alike, ["same", "same", "different", "same"])
    (group,) = grouping.groups(alike.house.registry)
    (number,) = group.exceptions
    page = alike.get(AT).text
    assert f"/questions/{number}?like={KIND}" in page and "Answer all others" not in page
    assert "not answered alike" in alike.get("/questions/groups").text
    assert alike.post(AT, {"answer": "same", "questions": "8"}).status_code == 422
    # It was a slip: taken back, and answered again.
    taken = alike.post(f"/questions/{number}/back", {"like": KIND})
    assert taken.headers["Location"] == f"/questions/{number}?like={KIND}"
    assert answered(alike, ["same"]) == AT
    assert "8 questions: One person" in alike.get(AT).text


def test_an_answer_to_another_number_of_questions_than_were_shown_is_none(alike: Any) -> None:
    answered(alike, ["same"] * 4)
    alike.take(row(name="Quách Mẫu Xam", phone="0100000099", born="17/05/1999"))
    alike.take(row(name="Quách Xam", phone="0100000099", born="17/05/1999", dose="2/2", date="01/07/2021"))
    told = alike.post(AT, {"answer": "same", "questions": "8"})
    assert told.status_code == 422 and "more or fewer questions" in told.text
    assert reviewing.waiting(alike.house.registry) == 9


def test_who_is_of_one_site_answers_the_sample_and_nothing_for_all(alike: Any) -> None:
    answered(alike, ["same"] * 4)
    other = alike.colleague("another", site="VP02")
    page = other.get(AT).text
    assert "Your account is for one site or area" in page and "8 questions: One person" not in page
    assert other.post(AT, {"answer": "same", "questions": "8"}).status_code == 403
    done = alike.post(AT, {"answer": "same", "questions": "8"})
    run = done.headers["Location"].rpartition("=")[2]
    assert other.post(f"/questions/groups/back/{run}").status_code == 403
    assert reviewing.waiting(alike.house.registry) == 0


def test_an_answer_given_with_others_says_so_before_all_of_them_are_taken_back(alike: Any) -> None:
    answered(alike, ["same"] * 4)
    (group,) = grouping.groups(alike.house.registry)
    alike.post(AT, {"answer": "same", "questions": "8"})
    assert "8 answers are taken back" in alike.get(f"/questions/{group.number}").text


@pytest.mark.parametrize("path", ["/questions/groups/odd", "/questions/groups/back/1", "/questions/groups/back/99"])
def test_no_group_and_no_answer_to_one_is_found_where_there_is_none(alike: Any, path: str) -> None:
    if "back" not in path:
        assert alike.get(path).status_code == 404
    assert alike.post(path, {"answer": "same", "questions": "1"}).status_code == 404


def test_what_came_of_a_units_table_alone_is_not_taken_back_as_an_answer(review: Any) -> None:
    """A question that a later record settles is closed by the import that brought it, which stays."""
    review.take(row(name="Quách Mẫu Thử", phone="0100000001"))
    review.take(row(name="Quách Thử", phone="0100000001", dose="2/2", date="01/07/2021"))
    (question,) = reviewing.questions(review.house.registry)
    review.take(row(name="Quách Mẫu Thử", phone="0100000001", id="001090000001", dose="2/2", date="01/07/2021"))
    review.take(row(name="Quách Thử", phone="0100000001", id="001090000001"))
    page = review.get(f"/questions/{question.id}").text
    if "It is asked no more" in page:
        told = review.post(f"/questions/{question.id}/back")
        assert told.status_code == 422 and "It is asked no more" in told.text
    with review.house.registry.reading() as connection:
        from vaxcert.registry import schema

        assert {one.state for one in connection.execute(schema.run.select())} == {"done"}
