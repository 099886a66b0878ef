"""Finding and adding people through the desk's pages: who is shown, who is masked, and what is asked before saving."""

from typing import Any

CARD = "001090000001||Nguyễn Mẫu Thử|17051990|Nam|Xã Mẫu, Tam Đảo|01012022"


def test_a_part_of_a_name_and_a_year_find_somebody_with_the_reasons(desk: Any, at: Any) -> None:
    person = desk.person(phone="0900000001", national_id="001090000001")
    desk.person("Nguyễn Mẫu Khác", "17/05/1991")
    one = at()
    page = one.post("/desk/find", {"full_name": "mau th", "date_of_birth": "1990"}).text
    assert f"/desk/people/{person}/dose" in page and "Mẫu Khác" not in page
    assert "name and birth go with it" in page
    assert "same telephone" in one.post("/desk/find", {"phone": "0900 000 001"}).text
    assert "same identity number" in one.post("/desk/find", {"national_id": "001090000001"}).text
    whole = {"full_name": "Nguyễn Mẫu Thử", "date_of_birth": "17/05/1990", "phone": "0900000001"}
    assert "surely this person" in one.post("/desk/find", whole).text
    unsure = {"full_name": "Nguyễn Mẫu Thử", "date_of_birth": "17/05/1990"}
    assert "could be this person: name and birth date agree" in one.post("/desk/find", unsure).text


def test_too_little_and_nonsense_are_said_and_what_was_typed_is_kept(desk: Any, at: Any) -> None:
    one = at()
    little = one.post("/desk/find", {"full_name": "mau"}).text
    assert "Give a name with the year of birth" in little
    assert 'value="mau"' in little
    wrong = one.post("/desk/find", {"full_name": "mau", "date_of_birth": "31/02/1990"}).text
    assert 'id="date_of_birth-wrong"' in wrong
    assert 'value="31/02/1990"' in wrong
    card = one.post("/desk/find", {"card": "no card"}).text
    assert 'id="card-wrong"' in card


def test_a_card_fills_the_rest_whatever_field_it_is_scanned_into(desk: Any, at: Any) -> None:
    person = desk.person(national_id="001090000001")
    one = at()
    for field in ("card", "full_name", "phone"):
        page = one.post("/desk/find", {field: CARD}).text
        assert 'value="Nguyễn Mẫu Thử"' in page and 'value="17/05/1990"' in page, field
        assert f"/desk/people/{person}/dose" in page
        assert "surely this person" in page
    # Of who stood there before nothing is left.
    page = one.post("/desk/find", {"full_name": "Trần Mẫu Trước", "phone": "0900000009", "card": CARD}).text
    assert "0900000009" not in page


def test_the_answer_while_typing_is_the_list_alone_and_takes_no_focus(desk: Any, at: Any) -> None:
    desk.person()
    page = at().post("/desk/find/candidates", {"full_name": "mau thu", "date_of_birth": "1990"}).text
    assert "Nguyễn Mẫu Thử" in page
    assert "<html" not in page
    assert "autofocus" not in page


def test_people_of_other_sites_are_masked_on_every_page_until_a_reason_is_given(desk: Any, at: Any) -> None:
    person = desk.person("Hoàng Mẫu Xa", "17/05/1990", site="VP02", phone="0900000002")
    one = at()
    found = one.post("/desk/find", {"full_name": "mau xa", "date_of_birth": "1990"}).text
    shown = one.get(f"/desk/people/{person}").text
    for page in (found, shown):
        assert "H. M. X." in page and "1990" in page
        assert "Hoàng" not in page and "0900000002" not in page
    assert "of another site" in found
    for path in (f"/desk/people/{person}/dose", "/desk/doses/1", "/desk/doses/1/paper", "/desk/doses/1/event"):
        answer = one.get(path)
        assert answer.status_code == 302 and answer.headers["Location"] == f"/desk/people/{person}", path
    assert one.post(f"/desk/people/{person}/check-in").headers["Location"] == f"/desk/people/{person}"
    assert "Hoàng" not in one.get("/desk/today").text
    nothing = one.post(f"/desk/people/{person}/reason", {"reason": "curious"})
    assert "Choose why." in one.get(nothing.headers["Location"]).text
    assert "reason given" not in desk.house.actions()
    one.post(f"/desk/people/{person}/reason", {"reason": "present"})
    assert "Hoàng Mẫu Xa" in one.get(f"/desk/people/{person}").text
    assert "reason given" in desk.house.actions()
    # Of nobody else, and of no other account.
    assert "Hoàng" not in at("clerk").get(f"/desk/people/{person}").text


def test_every_view_of_somebody_is_noted_under_the_account(desk: Any, at: Any) -> None:
    from vaxcert.registry import audit

    person = desk.person()
    one = at("clerk")
    one.get(f"/desk/people/{person}")
    one.post("/desk/find", {"full_name": "mau thu", "date_of_birth": "1990"})
    entries = [entry for entry in audit.entries(desk.registry, last=50) if entry.actor == "account:clerk"]
    assert [entry.action for entry in entries if entry.action in ("view", "search")] == ["view", "search", "view"]


NEW = {"full_name": "Phạm Mẫu Mới", "date_of_birth": "02/03/1985", "number": "1", "lot": "L1", "do": "dose"}


def test_somebody_new_and_their_dose_are_saved_in_one_go(desk: Any, at: Any, fields: Any) -> None:
    one = at()
    # What was typed to find them stands in the form.
    form = one.post(
        "/desk/new", {"full_name": "Phạm Mẫu Mới", "date_of_birth": "02/03/1985", "phone": "0900000003"}
    ).text
    assert 'value="Phạm Mẫu Mới"' in form and 'value="0900000003"' in form
    sent = NEW | {
        "request_id": fields(form, "request_id")[0],
        "sex": "female",
        "district": "Tam Đảo",
        "commune": "Xã Mẫu",
    }
    first, second = (one.post("/desk/new/save", sent) for _ in range(2))
    assert first.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]
    assert desk.everybody() == 1
    assert "The certificate is ready." in one.get(first.headers["Location"]).text


def test_who_could_be_meant_is_shown_before_anything_is_saved(desk: Any, at: Any, fields: Any) -> None:
    known = desk.person("Phạm Mẫu Mới", "02/03/1985", phone="0900000004")
    one = at()
    asked = one.post("/desk/new/save", NEW)
    assert asked.status_code == 200
    assert "Who is it?" in asked.text and "name and birth date agree" in asked.text
    assert 'value="Phạm Mẫu Mới"' in asked.text
    assert desk.everybody() == 1 and len(desk.doses(known)) == 1
    shown = {"request_id": fields(asked.text, "request_id")[0], "shown": fields(asked.text, "shown")}
    # Nothing is preselected where it is not sure, and nothing saved until somebody says.
    assert "checked" not in asked.text
    assert "Who is it?" in one.post("/desk/new/save", NEW | shown).text
    new = one.post("/desk/new/save", NEW | shown | {"person": "0"})
    assert new.status_code == 302
    assert desk.everybody() == 2
    # And the other answer, at another form.
    page = one.post("/desk/new/save", NEW | {"number": "2"}).text
    shown = {"request_id": fields(page, "request_id")[0], "shown": fields(page, "shown")}
    theirs = one.post("/desk/new/save", NEW | {"number": "2"} | shown | {"person": str(known)})
    assert theirs.status_code == 302, theirs.text
    assert [number for number, _, _ in desk.doses(known)] == [1, 2]


def test_who_surely_is_on_record_is_not_made_anew(desk: Any, at: Any, fields: Any) -> None:
    desk.person("Phạm Mẫu Mới", "02/03/1985", phone="0900000004")
    one = at()
    same = NEW | {"phone": "0900000004"}
    page = one.post("/desk/new/save", same).text
    assert "surely this person" in page and "checked" in page
    shown = {"request_id": fields(page, "request_id")[0], "shown": fields(page, "shown")}
    refused = one.post("/desk/new/save", same | shown | {"person": "0"})
    assert refused.status_code == 422
    assert "surely somebody on record" in refused.text
    assert desk.everybody() == 1


def test_a_masked_candidate_is_chosen_for_a_reason_alone_and_looked_at_before(desk: Any, at: Any, fields: Any) -> None:
    known = desk.person("Phạm Mẫu Mới", "02/03/1985", site="VP02")
    one = at()
    page = one.post("/desk/new/save", NEW).text
    assert "P. M. M." in page and f'value="{known}"' in page
    sent = NEW | {"request_id": fields(page, "request_id")[0], "shown": fields(page, "shown"), "person": str(known)}
    refused = one.post("/desk/new/save", sent)
    assert refused.status_code == 422 and 'id="why-wrong"' in refused.text
    looked = one.post("/desk/new/save", sent | {"why": "present"})
    assert looked.status_code == 200 and "<bdi>Phạm Mẫu Mới</bdi>" in looked.text
    assert len(desk.doses(known)) == 1
    assert one.post("/desk/new/save", sent | {"number": "2"}).status_code == 302


def test_a_child_without_a_guardian_is_warned_about_and_with_one_is_not(desk: Any, at: Any, fields: Any) -> None:
    one = at()
    child = NEW | {"full_name": "Phạm Mẫu Bé", "date_of_birth": "02/03/2015"}
    page = one.post("/desk/new/save", child)
    assert page.status_code == 200
    assert "Under 18, and no guardian is known" in page.text
    assert desk.everybody() == 0
    assert one.post("/desk/new/save", child | {"guardian": "Phạm Mẫu Mẹ"}).status_code == 302


def test_a_known_child_gets_a_guardian_at_the_desk(desk: Any, at: Any, fields: Any) -> None:
    from vaxcert.registry.desk import showing

    person = desk.person("Phạm Mẫu Bé", "02/03/2015", district="Tam Đảo", phone="0900000005")
    one = at()
    page = one.get(f"/desk/people/{person}/dose").text
    sent = {name: fields(page, name)[0] for name in ("request_id", "session")} | {"number": "2", "lot": "L1"}
    assert one.post(f"/desk/people/{person}/dose", sent | {"guardian": "Phạm Mẫu Mẹ"}).status_code == 302
    assert showing.whole(desk.registry, person, actor="test").told["guardian"] == "Phạm Mẫu Mẹ"


def test_a_clerk_adds_somebody_to_the_list_and_records_no_dose(desk: Any, at: Any, fields: Any) -> None:
    clerk = at("clerk")
    form = clerk.get("/desk/new").text
    assert "Save person and dose" not in form
    sent = NEW | {"request_id": fields(form, "request_id")[0], "do": "list"}
    first, second = (clerk.post("/desk/new/save", sent) for _ in range(2))
    assert first.status_code == 302 and first.headers["Location"] == second.headers["Location"]
    assert "Phạm Mẫu Mới" in clerk.get("/desk/today").text
    assert "Phạm Mẫu Mới" in clerk.get(first.headers["Location"]).text
    by_force = clerk.post("/desk/new/save", NEW | {"full_name": "Phạm Mẫu Khác"})
    assert by_force.status_code == 422
    assert desk.everybody() == 1
    # Whoever vaccinates goes on with them.
    person = int(first.headers["Location"].rsplit("/", 1)[1])
    assert "Save the dose" in at().get(f"/desk/people/{person}/dose").text


def test_all_that_is_wrong_with_somebody_new_is_told_by_field(desk: Any, at: Any) -> None:
    page = at().post(
        "/desk/new/save", NEW | {"full_name": "", "date_of_birth": "x", "phone": "abc", "commune": "c" * 90}
    )
    assert page.status_code == 422
    for field in ("full_name", "date_of_birth", "phone", "commune"):
        assert f'id="{field}-wrong"' in page.text, field
    assert 'value="abc"' in page.text and "Some fields need mending" in page.text
