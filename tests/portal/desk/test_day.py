"""A day at the desk through its pages: a session, somebody found, a dose, the certificate, and taking it back."""

from typing import Any

import pytest

FORM = ("request_id", "session")


def save(one: Any, fields: Any, person: int, **more: Any) -> Any:
    """Open the form of a known person and send it as it stands."""
    page = one.get(f"/desk/people/{person}/dose").text
    sent = {name: fields(page, name)[0] for name in FORM} | {"number": "2", "lot": "L1", "seen": fields(page, "seen")}
    return one.post(f"/desk/people/{person}/dose", sent | more)


def test_a_dose_of_a_known_person_is_saved_at_once_and_its_certificate_is_there_to_print(
    desk: Any, at: Any, fields: Any, verifier: Any
) -> None:
    person = desk.person()
    one = at()
    answer = save(one, fields, person)
    assert answer.status_code == 302
    assert desk.doses(person)[1] == (2, "L1", "valid")
    saved = one.get(answer.headers["Location"]).text
    assert "The certificate is ready." in saved
    number = desk.signer.asked[0][0]
    assert desk.signer.asked == [(number, "account:vaccinator", "VP01")]
    paper = one.get(f"/desk/doses/{number}/paper?print=1")
    assert paper.headers["Cache-Control"] == "no-store"
    for words in (
        "Nguyễn Mẫu Thử",
        "COVID-19",
        "BioNTech",
        "L1",
        "2/2",
        "URN:UVCI",
        "<svg",
        "TEST – NOT VALID",
        "VP01",
    ):
        assert words in paper.text
    assert "data-at-once" in paper.text
    assert "data-at-once" not in one.get(f"/desk/doses/{number}/paper?layout=card").text
    assert one.get(f"/desk/doses/{number}/paper.pdf").data.startswith(b"%PDF-")


def test_the_code_on_paper_is_read_back_and_verifies(desk: Any, at: Any, fields: Any, verifier: Any) -> None:
    from vaxcert.registry.certificates import lookup

    person = desk.person()
    one = at()
    location = save(one, fields, person).headers["Location"]
    number = int(location.rsplit("/", 1)[1])
    found = lookup.of_dose(desk.registry, number, actor="test")
    assert found is not None
    verdict = verifier.verify(found.text)
    assert verdict.certificate is not None and verdict.certificate.person.full_name == "Nguyễn Mẫu Thử"
    from vaxcert.qr import write

    assert str(write(found.text).svg()) in one.get(f"/desk/doses/{number}/paper").text


def test_a_form_that_is_sent_twice_is_one_dose(desk: Any, at: Any, fields: Any) -> None:
    person = desk.person()
    one = at()
    page = one.get(f"/desk/people/{person}/dose").text
    sent = {name: fields(page, name)[0] for name in FORM} | {"number": "2", "lot": "L1"}
    first, second = (one.post(f"/desk/people/{person}/dose", sent) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert len(desk.doses(person)) == 2


def test_one_form_with_another_content_is_not_saved_and_may_be_saved_anew(desk: Any, at: Any, fields: Any) -> None:
    person = desk.person()
    one = at()
    page = one.get(f"/desk/people/{person}/dose").text
    sent = {name: fields(page, name)[0] for name in FORM} | {"number": "2", "lot": "L1"}
    one.post(f"/desk/people/{person}/dose", sent)
    answer = one.post(f"/desk/people/{person}/dose", sent | {"number": "3", "seen": ["too_early"], "reason": "x"})
    assert answer.status_code == 422
    assert "saved before with other content" in answer.text
    assert fields(answer.text, "request_id")[0] != sent["request_id"]
    assert len(desk.doses(person)) == 2


def test_warnings_have_to_be_read_and_a_reason_given(desk: Any, at: Any, fields: Any) -> None:
    person = desk.dose("Lê Mẫu Sớm", "17/05/1990", days=5).person_id
    one = at()
    page = one.get(f"/desk/people/{person}/dose").text
    assert "Too early: 5 days after the dose before, at least 21" in page
    assert fields(page, "seen") == ["too_early"]
    # Sent by somebody who was not shown it, then without a reason, then with one.
    unseen = save(one, fields, person, seen=[])
    assert unseen.status_code == 200
    assert "Read this first" in unseen.text
    silent = save(one, fields, person)
    assert silent.status_code == 422
    assert "Write why" in silent.text
    assert len(desk.doses(person)) == 1
    assert save(one, fields, person, reason="travels tomorrow").status_code == 302
    assert len(desk.doses(person)) == 2


def test_what_goes_wrong_is_said_beside_the_field_and_what_was_typed_is_kept(desk: Any, at: Any, fields: Any) -> None:
    from vaxcert.registry.desk import sessions

    person = desk.dose("Lê Mẫu Sớm", "17/05/1990", days=5).person_id
    one = at()
    wrong = save(one, fields, person, lot="L5", reason="a reason of mine")
    assert wrong.status_code == 422
    assert 'id="lot-wrong">None of this lot is left' in wrong.text
    assert "a reason of mine" in wrong.text
    number = save(one, fields, person, number="0")
    assert number.status_code == 422
    assert 'id="number-wrong"' in number.text
    page = one.get(f"/desk/people/{person}/dose").text
    sent = {name: fields(page, name)[0] for name in FORM} | {"number": "2", "lot": "L1", "seen": ["too_early"]}
    sessions.close(desk.registry, desk.session, actor="somebody else")
    second = sessions.open_session(desk.registry, site="VP01", product="EU/1/20/1528", lot="L9", actor="somebody else")
    closed = one.post(f"/desk/people/{person}/dose", sent | {"reason": "a reason of mine"})
    assert closed.status_code == 422
    assert "The session was closed meanwhile" in closed.text
    assert "a reason of mine" in closed.text
    assert f'<option value="{second}">' in closed.text
    assert one.post(f"/desk/people/{person}/dose", sent | {"reason": "mine", "session": second}).status_code == 302


def test_the_signer_away_leaves_the_dose_saved_and_the_page_says_so(desk: Any, at: Any, fields: Any) -> None:
    person = desk.person()
    one = at()
    desk.signer.away = True
    location = save(one, fields, person).headers["Location"]
    page = one.get(location).text
    assert "The dose is saved. The certificate can be printed later." in page
    assert "Try again" in page
    assert one.get(location.split("?")[0] + "/paper").status_code == 302
    desk.signer.away = False
    again = one.post(location.split("?")[0] + "/certificate")
    assert "The certificate is ready." in one.get(again.headers["Location"]).text


def test_a_dose_without_the_one_before_is_saved_and_the_page_says_why_there_is_no_certificate(
    desk: Any, at: Any, fields: Any
) -> None:
    person = desk.person()
    one = at()
    page = one.get(f"/desk/people/{person}/dose").text
    sent = {name: fields(page, name)[0] for name in FORM} | {
        "number": "3", "lot": "L1", "seen": ["earlier_dose_missing"], "reason": "card lost"
    }  # fmt: skip
    location = one.post(f"/desk/people/{person}/dose", sent).headers["Location"]
    page = one.get(location).text
    assert "There is no certificate yet" in page
    assert "an earlier dose is not on record" in page


def test_a_dose_is_taken_back_with_a_reason_and_one_with_a_certificate_only_if_that_is_said(
    desk: Any, at: Any, fields: Any
) -> None:
    person = desk.person()
    one = at()
    desk.signer.away = True
    number = int(save(one, fields, person).headers["Location"].split("?")[0].rsplit("/", 1)[1])
    assert "Write why" in one.post(f"/desk/doses/{number}/undo").text
    assert one.post(f"/desk/doses/{number}/undo", {"reason": "wrong person"}).status_code == 302
    assert len(desk.doses(person)) == 1
    desk.signer.away = False
    number = int(save(one, fields, person).headers["Location"].rsplit("/", 1)[1])
    refused = one.post(f"/desk/doses/{number}/undo", {"reason": "wrong person"})
    assert refused.status_code == 422
    assert "tick the box below" in refused.text
    assert "wrong person" in refused.text
    assert one.post(f"/desk/doses/{number}/undo", {"reason": "wrong person", "withdraw": "1"}).status_code == 302
    assert "taken back" in one.get(f"/desk/doses/{number}").text


def test_a_dose_of_yesterday_is_not_taken_back(desk: Any, at: Any, fields: Any) -> None:
    from datetime import timedelta

    person = desk.person()
    desk.signer.away = True
    number = int(save(at(), fields, person).headers["Location"].split("?")[0].rsplit("/", 1)[1])
    desk.house.now += timedelta(days=1)
    one = at()
    assert "Take it back" not in one.get(f"/desk/doses/{number}").text
    late = one.post(f"/desk/doses/{number}/undo", {"reason": "late"})
    assert late.status_code == 422
    assert "is over" in late.text


def test_a_reaction_is_noted_and_shown_and_what_makes_no_sense_is_said(desk: Any, at: Any, fields: Any) -> None:
    person = desk.person()
    one = at()
    number = int(save(one, fields, person).headers["Location"].rsplit("/", 1)[1])
    today = f"{desk.registry.today():%d/%m/%Y}"
    missing = one.post(f"/desk/doses/{number}/event", {"began_on": today, "details": "told by the mother"})
    assert missing.status_code == 422
    assert "told by the mother" in missing.text
    early = one.post(f"/desk/doses/{number}/event", {"kind": "fever", "began_on": "01/01/2020"})
    assert 'id="began_on-wrong"' in early.text
    sent = {"kind": "fever", "began_on": today, "serious": "1", "details": "39,5 độ"}
    assert one.post(f"/desk/doses/{number}/event", sent).status_code == 302
    assert "39,5 độ" in one.get(f"/desk/doses/{number}").text


def test_the_head_says_the_session_and_what_is_left(desk: Any, at: Any, fields: Any) -> None:
    person = desk.person()
    one = at()
    before = one.get("/desk/find").text
    # One of sixty was given before.
    assert "Comirnaty" in before and "59 doses left" in before and "given 0, on the list 0" in before
    save(one, fields, person)
    assert "58 doses left" in one.get("/desk/find").text
    assert "given 1, on the list 1" in one.get("/desk/find").text


def test_a_session_is_opened_of_a_lot_in_stock_chosen_and_closed(desk: Any, at: Any) -> None:
    one = at("clerk")
    page = one.get("/desk/sessions").text
    assert "VP01 M1" in page and "VP02 L2" not in page
    assert one.post("/desk/sessions/open", {"lot": "VP01 M1"}).status_code == 302
    assert "Spikevax" in one.get("/desk/find").text
    assert one.post(f"/desk/sessions/{desk.session}/choose").status_code == 302
    assert "Comirnaty" in one.get("/desk/find").text
    assert one.post(f"/desk/sessions/{desk.session}/close").status_code == 302
    assert one.post(f"/desk/sessions/{desk.session}/close").status_code == 422
    # One is left open: that is the one.
    assert "Spikevax" in one.get("/desk/find").text
    for lot in ("VP01 L5", "VP02 L2", "", "VP01"):
        refused = one.post("/desk/sessions/open", {"lot": lot})
        assert refused.status_code == 422
        assert 'id="lot-wrong"' in refused.text


def test_without_a_session_nothing_is_recorded_and_the_way_there_is_shown(desk: Any, at: Any) -> None:
    from vaxcert.registry.desk import sessions

    sessions.close(desk.registry, desk.session, actor="test")
    person = desk.person()
    one = at()
    for path in (f"/desk/people/{person}/dose", "/desk/today", "/desk/new"):
        answer = one.get(path)
        assert answer.status_code == 302 and answer.headers["Location"].endswith("/desk/sessions"), path
    assert "Choose or open" in one.get("/desk/find").text


def test_todays_list_checks_in_and_tells_who_is_done(desk: Any, at: Any, fields: Any) -> None:
    from vaxcert.registry.desk import sessions

    first, second = desk.person(), desk.person("Trần Mẫu Hai", "01/02/1980")
    sessions.expect(desk.registry, desk.session, [first, second], actor="chief")
    one = at()
    assert one.get("/desk/today").text.count("Is here") == 2
    answer = one.post(f"/desk/people/{first}/check-in", {"from": "list"})
    page = one.get(answer.headers["Location"]).text
    assert page.count("Is here") == 1
    assert "autofocus" in page
    # The id on the list is the form's: from a sheet of the session the same dose is known.
    form = one.get(f"/desk/people/{first}/dose").text
    assert fields(form, "request_id")[0] == str(sessions.request_of(desk.registry, desk.session, first))
    save(one, fields, first)
    assert '<li class="done"' in one.get("/desk/today").text


@pytest.mark.parametrize("way", ["/desk/people/{}/dose", "/desk/doses/1/undo", "/desk/doses/1/event"])
def test_a_clerk_records_nothing(desk: Any, at: Any, way: str) -> None:
    person = desk.person()
    clerk = at("clerk")
    assert clerk.post(way.format(person), {"number": "2", "lot": "L1"}).status_code == 403
    assert len(desk.doses(person)) == 1
    assert "Record a dose" not in clerk.get(f"/desk/people/{person}").text


def test_another_sites_session_is_not_touched(desk: Any, at: Any, fields: Any) -> None:
    from vaxcert.registry.desk import sessions

    person = desk.person()
    theirs = sessions.open_session(desk.registry, site="VP02", product="EU/1/20/1528", lot="L2", actor="test")
    one = at()
    for path in (f"{theirs}/choose", f"{theirs}/close", f"{theirs}/sheet"):
        assert one.post(f"/desk/sessions/{path}").status_code == 404, path
    assert one.get(f"/desk/sessions/{theirs}/sheet").status_code == 404
    assert save(one, fields, person, session=str(theirs)).status_code == 404
    assert sessions.get(desk.registry, theirs).is_open
    assert len(desk.doses(person)) == 1
