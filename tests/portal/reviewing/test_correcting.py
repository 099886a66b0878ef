"""Corrections: found, looked at with what they do to certificates, and only then saved."""

from typing import Any

import pytest
from units import row

from vaxcert.registry import audit, runs

PERSON = {
    "family_name": "Nguyễn", "given_name": "Mẫu Thử", "date_of_birth": "17/05/1990", "phone": "0912345678",
    "district": "Tam Đảo",
}  # fmt: skip
DOSE = {
    "product": "EU/1/20/1528", "number": "1", "series": "2", "date": "01/06/2021", "site": "VP01", "lot": "L1",
    "state": "good",
}  # fmt: skip


def now(review: Any) -> Any:
    from vaxcert.registry.records.everybody import everybody

    with review.house.registry.reading() as connection:
        return next(iter(everybody(connection)), None)


def hidden(page: str, name: str) -> str:
    import re

    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def test_somebody_is_found_by_number_or_by_what_is_known_and_no_address_tells_of_them(review: Any) -> None:
    review.take(row(id="001090000001"))
    assert review.post("/corrections", {"number": "1"}).headers["Location"] == "/corrections/people/1"
    for wanted in (
        {"born": "17/05/1990", "name": "mau thu"},
        {"phone": "0912 345 678"},
        {"national_id": "001090000001"},
    ):
        answer = review.post("/corrections", wanted)
        assert answer.status_code == 200
        assert "Nguyễn Mẫu Thử" in answer.text and "/corrections/people/1" in answer.text
    assert "Nobody is on record" in review.post("/corrections", {"born": "1991"}).text
    for wanted in ({}, {"name": "Nguyễn"}, {"born": "40/40/1990"}, {"number": "x"}, {"number": "1" * 12}):
        answer = review.post("/corrections", wanted)
        assert answer.status_code == 422
        assert 'class="wrong"' in answer.text
        for text in wanted.values():
            assert f'value="{text}"' in answer.text
    assert review.post("/corrections", {"number": "77"}).headers["Location"] == "/corrections/people/77"
    assert review.get("/corrections/people/77").status_code == 404
    assert ("account:reviewer", "search", [1]) in review.views()


def test_a_change_of_a_person_is_shown_before_it_is_saved_and_saved_once_it_was_seen(review: Any) -> None:
    review.take(row())
    page = review.get("/corrections/people/1").text
    assert 'value="Mẫu Thử"' in page
    wanted = {**PERSON, "given_name": "Mẫu Thử Hai", "reason": "typing error"}
    page = review.post("/corrections/people/1", wanted).text
    assert "Is this right?" in page
    assert "Mẫu Thử</td>" in page and "<strong>Mẫu Thử Hai</strong>" in page
    assert now(review).profile.person.given_name == "Mẫu Thử"
    seen = hidden(page, "seen")
    back = review.post("/corrections/people/1", {**wanted, "edit": "1", "seen": seen}).text
    assert 'value="Mẫu Thử Hai"' in back and 'value="typing error"' in back
    answer = review.post("/corrections/people/1", {**wanted, "save": "1", "seen": seen})
    assert answer.headers["Location"] == "/corrections/people/1"
    assert now(review).profile.person.given_name == "Mẫu Thử Hai"
    assert "Corrected, as run 2" in review.get("/corrections/people/1").text
    assert audit.entries(review.house.registry)[-2].details["fields"] == ["given_name"]


def test_what_was_changed_by_a_colleague_meanwhile_is_looked_at_again(review: Any) -> None:
    from vaxcert.registry.care import changing

    review.take(row())
    wanted = {**PERSON, "given_name": "Mẫu Thử Hai", "reason": "typing error"}
    seen = hidden(review.post("/corrections/people/1", wanted).text, "seen")
    changing.correct_person(review.house.registry, 1, {"district": "Yên Lạc"}, actor="chief", reason="moved")
    answer = review.post("/corrections/people/1", {**wanted, "save": "1", "seen": seen})
    assert answer.status_code == 200
    assert "changed by a colleague meanwhile" in answer.text
    assert now(review).profile.person.given_name == "Mẫu Thử"
    # What the colleague said is told as what would change, too.
    assert "Yên Lạc</td>" in answer.text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": ""}, "reason: missing"),
        ({"given_name": "Mẫu Thử"}, "nothing to change"),
        ({"date_of_birth": "31/02/1990"}, "no such day"),
        ({"date_of_birth": "01/01/2022"}, "after a dose"),
        ({"phone": "none"}, "says no number"),
        ({"family_name": "", "given_name": ""}, "family_name: empty"),
        ({"reason": "x" * 300}, "longer than 200"),
        ({"priority_group": "77"}, "no such group"),
    ],
)
def test_what_makes_no_sense_is_told_beside_its_field_and_what_was_typed_stays(
    review: Any, change: dict[str, str], words: str
) -> None:
    review.take(row())
    wanted = {**PERSON, "given_name": "Ví Dụ", "reason": "typing error", **change}
    answer = review.post("/corrections/people/1", wanted)
    assert answer.status_code == 422
    assert words in answer.text
    for name, text in wanted.items():
        assert text == "" or f'value="{text}"' in answer.text, name
    assert [run.kind for run in runs.listed(review.house.registry)] == ["import"]


def test_a_dose_is_corrected_or_withdrawn_and_what_becomes_of_certificates_is_told_before(
    review: Any, key: Any
) -> None:
    review.take(row(), row(dose="2/2", date="01/07/2021", lot="L2"))
    issue(review, key)
    assert "No certificate is affected" in review.post("/corrections/doses/2", changed(lot="L9")).text
    page = review.post("/corrections/doses/2", changed(date="02/07/2021")).text
    assert "1 certificates that are out state it otherwise" in page
    assert "1 certificates are issued anew" in page
    page = review.post("/corrections/doses/2", changed(state="withdrawn")).text
    assert "no: withdrawn" in page
    assert "1 certificates that are out" in page and "1 certificates are issued" in page
    assert [given.state for given in now(review).doses] == ["good", "good"]
    answer = review.post(
        "/corrections/doses/2", {**changed(state="withdrawn"), "save": "1", "seen": hidden(page, "seen")}
    )
    assert answer.status_code == 302
    assert [given.dose.number for given in now(review).counted] == [1]
    # As it was told, so it happens.
    report = issue(review, key)
    assert (len(report.revoked_ids), sum(report.issued.values())) == (1, 1)


def changed(**said: str) -> dict[str, str]:
    return {**DOSE, "number": "2", "date": "01/07/2021", "lot": "L2", "reason": "typing error", **said}


def issue(review: Any, key: Any) -> Any:
    from datetime import timedelta

    from vaxcert import Issuer
    from vaxcert.registry.certificates import issuing

    house = review.house
    issuer = Issuer(key, country="VN", authority="TEST", valid_for=timedelta(days=365), clock=lambda: house.now)
    return issuing.run(house.registry, issuer, actor="chief")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"number": "x"}, "number: not a whole number from 1 to 9"),
        ({"date": "99/99/2021"}, "date: not DD/MM/YYYY"),
        ({"date": "01/01/1980"}, "before the date of birth"),
        ({"state": "odd"}, "state: not one of"),
        ({"lot": "L" * 41}, "lot: longer than 40"),
        ({"reason": " "}, "reason: missing"),
        ({}, "nothing to change"),
    ],
)
def test_what_makes_no_sense_of_a_dose_is_told_beside_its_field(
    review: Any, change: dict[str, str], words: str
) -> None:
    review.take(row())
    answer = review.post(
        "/corrections/doses/1", {**DOSE, "reason": "typing error", **(change and {"site": "VP02"}), **change}
    )
    assert answer.status_code == 422
    assert words in answer.text
    assert review.get("/corrections/doses/9").status_code == 404
    assert review.post("/corrections/doses/9", DOSE).status_code == 404


def test_nobody_of_another_area_is_shown_or_changed_before_a_reason_is_given(review: Any) -> None:
    review.take(row())
    far = review.colleague("district", area="Yên Lạc")
    page = far.get("/corrections/people/1").text
    assert "Mẫu Thử" not in page and "0912345678" not in page
    assert "N. M. T. born 1990" in page
    found = far.post("/corrections", {"phone": "0912345678"}).text
    assert "N. M. T. born 1990" in found and "Nguyễn" not in found
    wanted = {**PERSON, "given_name": "Khác", "reason": "why"}
    for path, data in (("people/1", wanted), ("doses/1", {**DOSE, "lot": "L9", "reason": "why"})):
        assert far.post(f"/corrections/{path}", {**data, "save": "1", "seen": "1"}).status_code == 403
    assert far.get("/corrections/doses/1").status_code == 403
    assert far.post("/corrections/people/1/reason", {"reason": ""}).status_code == 422
    assert far.post("/corrections/people/1/reason", {"reason": "mistake"}).status_code == 302
    assert "Mẫu Thử" in far.get("/corrections/people/1").text
    assert far.post("/corrections/people/1", wanted).status_code == 200


def test_a_record_that_was_merged_leads_to_whom_it_stands_for(review: Any) -> None:
    from vaxcert.registry.care import reviewing

    review.take(row(), row(phone="0987654321", dose="2/2", date="01/07/2021"))
    (question,) = reviewing.questions(review.house.registry)
    reviewing.decide(review.house.registry, question.id, "same", actor="chief")
    page = review.get("/corrections/people/2").text
    assert "Record 1" in page and "01/06/2021" in page and "01/07/2021" in page
