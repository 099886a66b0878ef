"""The desk's pages of appointments: a ticket is scanned, and whoever comes is checked in, or entered as somebody new."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from vaxcert import typed
from vaxcert.booking import taking
from vaxcert.registry import audit
from vaxcert.registry.desk import sessions


def test_a_ticket_is_scanned_and_who_is_on_record_stands_on_the_list_as_here(queue: Any, counter: Any) -> None:
    person = queue.desk.person("Nguyễn Mẫu Thử", "17/05/1990", phone="0912345678")
    made, one = queue.book(), counter()
    assert 'href="/desk/arrivals"' in one.get("/").text
    page = one.get("/desk/arrivals").text
    assert "Nguyễn Mẫu Thử" in page and "07:30" in page and "expected" in page
    found = one.post("/desk/arrivals", {"ticket": typed.shown(made.ticket).lower()})
    assert (found.status_code, found.headers["Location"]) == (302, f"/desk/arrivals/{made.id}")
    page = one.get(found.headers["Location"]).text
    assert "Priority group 5" in page and "0912345678" in page
    assert re.search(rf'name="person" value="{person}"[^>]*autofocus', page)
    answer = one.post(f"/desk/arrivals/{made.id}/check-in", {"person": str(person)})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/arrivals")
    assert queue.list() == {"Nguyễn Mẫu Thử": "here"}
    assert queue.state(made) == "arrived"
    # Twice is once.
    assert one.post(f"/desk/arrivals/{made.id}/check-in", {"person": str(person)}).status_code == 302
    assert queue.list() == {"Nguyễn Mẫu Thử": "here"}


def test_who_vaccinates_goes_on_to_the_dose_and_whoever_had_it_is_done(queue: Any, counter: Any) -> None:
    person = queue.desk.person("Nguyễn Mẫu Thử", "17/05/1990", phone="0912345678")
    made, one = queue.book(), counter("vaccinator")
    answer = one.post(f"/desk/arrivals/{made.id}/check-in", {"person": str(person)})
    form = one.get(answer.headers["Location"])
    assert answer.headers["Location"] == f"/desk/people/{person}/dose" and form.status_code == 200
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form.text))
    sent = one.post(f"/desk/people/{person}/dose", hidden | {"number": "2", "lot": "L1"})
    assert sent.status_code == 302
    assert "done" in one.get("/desk/arrivals").text
    assert queue.state(made) == "done"


def test_who_is_not_on_record_comes_to_the_form_for_somebody_new_filled_in(queue: Any, counter: Any) -> None:
    made, one = queue.book("Trần Ví Dụ", "1980-01-02", "0987654321"), counter()
    page = one.get(f"/desk/arrivals/{made.id}").text
    assert "Nobody on record is like this" in page
    fields = dict(
        re.findall(r'type="hidden" name="(full_name|date_of_birth|phone|priority_group)" value="([^"]*)"', page)
    )
    assert fields == {
        "full_name": "Trần Ví Dụ",
        "date_of_birth": "02/01/1980",
        "phone": "0987654321",
        "priority_group": "5",
    }
    sent = one.post(f"/desk/arrivals/{made.id}/new", fields)
    # A browser sends the same form on.
    assert (sent.status_code, sent.headers["Location"]) == (307, "/desk/new")
    answer = one.post("/desk/new", fields)
    assert answer.status_code == 200
    for value in ("Trần Ví Dụ", "02/01/1980", "0987654321"):
        assert f'value="{value}"' in answer.text
    assert re.search(r'<option value="5" selected', answer.text)
    assert queue.state(made) == "arrived"


def test_who_could_be_several_is_chosen_and_nobody_else_is_taken(queue: Any, counter: Any) -> None:
    like = queue.desk.person("Nguyễn Mẫu Thữ", "17/05/1990", phone="0912345678")
    stranger = queue.desk.person("Trần Ví Dụ", "01/01/1980", phone="0900000001")
    made, one = queue.book(), counter()
    page = one.get(f"/desk/arrivals/{made.id}").text
    assert "It is this person, and here" in page and "None of these: somebody new" in page
    assert f'value="{like}" type="submit" autofocus' not in page
    for person in (str(stranger), "0", "x", ""):
        refused = one.post(f"/desk/arrivals/{made.id}/check-in", {"person": person})
        assert refused.status_code == 422 and "Choose who it is" in refused.text
    assert queue.list() == {} and queue.state(made) == "booked"
    assert one.post(f"/desk/arrivals/{made.id}/check-in", {"person": str(like)}).status_code == 302
    assert queue.state(made) == "arrived"


def test_somebody_of_another_site_is_masked_until_they_are_here_and_that_is_noted(queue: Any, counter: Any) -> None:
    person = queue.desk.person("Nguyễn Mẫu Thử", "17/05/1990", site="VP02", phone="0912345678", commune="Xã Mẫu")
    made, one = queue.book(), counter()
    page = one.get(f"/desk/arrivals/{made.id}").text
    assert "Of another site" in page and "N. M. T." in page
    assert one.post(f"/desk/arrivals/{made.id}/check-in", {"person": str(person)}).status_code == 302
    reasons = [entry for entry in audit.entries(queue.registry) if entry.action == "reason given"]
    assert [entry.details for entry in reasons] == [{"person": person, "reason": "present"}]


@pytest.mark.parametrize(
    ("text", "status", "told"),
    [("", 422, "Scan or type a ticket"), ("HC1:ABC", 422, "This is no ticket"), ("unknown", 404, "no appointment with this ticket"),
     ("elsewhere", 409, "This ticket is for another place: Trạm Y tế Mẫu Hai")],
)  # fmt: skip
def test_what_is_no_ticket_of_ours_is_told_and_shows_nobodys_name(
    queue: Any, counter: Any, text: str, status: int, told: str
) -> None:
    other = queue.book("Trần Ví Dụ", "1980-01-02", offer=queue.offered(days=2, site="VP02"))
    given = {"unknown": typed.new(), "elsewhere": other.ticket}.get(text, text)
    one = counter()
    page = one.post("/desk/arrivals", {"ticket": given})
    assert page.status_code == status and told in page.text
    assert re.search(r'id="ticket"[^>]*aria-describedby="[^"]*ticket-wrong', page.text)
    assert "Ví Dụ" not in page.text
    for path in ("", "/check-in", "/new"):
        method = one.get if not path else one.post
        assert method(f"/desk/arrivals/{other.id}{path}").status_code == 404


def test_an_appointment_of_another_day_is_said_to_be_and_taken_all_the_same(queue: Any, counter: Any) -> None:
    made, one = queue.book(offer=queue.offered(days=3)), counter()
    person = queue.desk.person("Nguyễn Mẫu Thử", "17/05/1990", phone="0912345678")
    day = queue.registry.today() + timedelta(days=3)
    assert f"The appointment is for {day:%d/%m/%Y}" in one.get(f"/desk/arrivals/{made.id}").text
    assert one.post(f"/desk/arrivals/{made.id}/check-in", {"person": str(person)}).status_code == 302


def test_an_appointment_that_was_cancelled_counts_no_more(queue: Any, counter: Any) -> None:
    made, one = queue.book(), counter()
    person = queue.desk.person("Nguyễn Mẫu Thử", "17/05/1990", phone="0912345678")
    taking.cancel(queue.bookings, made.ticket)
    page = one.get(f"/desk/arrivals/{made.id}").text
    assert "counts no more" in page and "Mẫu Thử" not in page
    for path in ("check-in", "new"):
        assert one.post(f"/desk/arrivals/{made.id}/{path}", {"person": str(person)}).status_code == 422
    assert queue.list() == {}


def test_without_a_session_it_is_chosen_first(queue: Any, counter: Any) -> None:
    made, one = queue.book(), counter()
    sessions.close(queue.registry, queue.desk.session, actor="chief")
    assert "Choose the session first" in one.get(f"/desk/arrivals/{made.id}").text
    for path in ("check-in", "new"):
        assert one.post(f"/desk/arrivals/{made.id}/{path}").headers["Location"] == "/desk/sessions"
    assert queue.state(made) == "booked"


def test_whom_the_desk_was_shown_stands_in_the_audit_log(queue: Any, counter: Any) -> None:
    person = queue.desk.person("Nguyễn Mẫu Thử", "17/05/1990", phone="0912345678")
    made, one = queue.book(), counter()
    one.get(f"/desk/arrivals/{made.id}")
    seen = [(entry.action, entry.details) for entry in audit.entries(queue.registry)][-3:]
    assert seen == [
        ("view booking", {"bookings": [made.id]}), ("search", {"people": [person]}),
        ("view", {"page": "arrival", "people": [person]}),
    ]  # fmt: skip


def test_without_bookings_there_is_neither_page_nor_menu(desk: Any, at: Callable[..., Any]) -> None:
    one = at("clerk")
    assert "/desk/arrivals" not in one.get("/").text
    assert one.get("/desk/arrivals").status_code == 404 == one.get("/desk/arrivals/1").status_code


def test_the_settings_name_bookings_and_both_keys(queue: Any, desk: Any) -> None:
    from portal_app.config import PortalSettings
    from portal_app.opening import booking_of
    from vaxcert import ConfigurationError

    given = {
        "VAXCERT_DB": "unused", "VAXCERT_BOOKING": f"sqlite:///{desk.house.folder / 'booking.db'}",
        "VAXCERT_BOOKING_KEY": str(desk.house.folder / "booking.key"),
        "VAXCERT_BOOKING_DESK_KEY": str(desk.house.folder / "booking-desk.key"),
    }  # fmt: skip
    found = booking_of(PortalSettings.from_variables(given))
    assert found is not None and found.desk
    found.engine.dispose()
    with pytest.raises(ConfigurationError):
        booking_of(
            PortalSettings.from_variables(given | {"VAXCERT_BOOKING_DESK_KEY": str(desk.house.folder / "no.key")})
        )
    assert booking_of(PortalSettings.from_variables({"VAXCERT_DB": "unused"})) is None


def test_who_was_new_and_had_the_dose_is_done_and_a_namesake_at_another_telephone_is_not(
    queue: Any, counter: Any
) -> None:
    made, namesake = (
        queue.book("Trần Ví Dụ", "1980-01-02", "0987654321"),
        queue.book("Trần Ví Dụ", "1980-01-02", "0987654322"),
    )
    one = counter("vaccinator")
    for booked in (made, namesake):
        assert one.post(f"/desk/arrivals/{booked.id}/new").status_code == 307
    person = {"full_name": "Trần Ví Dụ", "date_of_birth": "02/01/1980", "phone": "0987654321"}
    saved = one.post("/desk/new/save", person | {"do": "dose", "number": "1", "lot": "L1"})
    assert saved.status_code == 302
    assert "done" in one.get("/desk/arrivals").text
    assert (queue.state(made), queue.state(namesake)) == ("done", "arrived")
