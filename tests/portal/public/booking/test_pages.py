"""The pages of appointments: booked, looked at, moved, cancelled; what is refused, and what is said then."""

import logging
import re
from typing import Any

import pytest
from markupsafe import Markup

from vaxcert import ConfigurationError, typed
from vaxcert.booking import taking
from vaxcert.booking.staff import arriving, offering
from vaxcert.qr import read

SECRETS = ("Nguyễn", "Mẫu Thử", "17/05/1990", "1990-05-17", "0912 345 678", "0912345678")


def code_on(page: str) -> str:
    """What a scanner reads of the page's code."""
    import io

    from PIL import Image, ImageDraw

    svg = re.search(r"<svg.*?</svg>", page, re.DOTALL)
    assert svg is not None
    size = re.search(r'viewBox="0 0 (\d+) (\d+)"', svg[0])
    assert size is not None
    picture = Image.new("L", (int(size[1]) * 8, int(size[2]) * 8), 255)
    drawn = ImageDraw.Draw(picture)
    for x, y, width, height in _squares(svg[0]):
        drawn.rectangle((x * 8, y * 8, (x + width) * 8 - 1, (y + height) * 8 - 1), 0)
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return read(stream.getvalue())[0].text


def _squares(svg: str) -> list[tuple[int, int, int, int]]:
    return [(int(x), int(y), int(width), 1) for x, y, width in re.findall(r"M(\d+),?\s?(\d+)h(\d+)", svg)]


def test_somebody_chooses_place_and_time_books_and_gets_a_ticket_with_a_code(counter: Any, visit: Any) -> None:
    offer, other = counter.offer(2), counter.offer(5, site="VP02")
    one = visit()
    assert 'href="/booking"' in one.get("/").text
    places = one.get("/booking").text
    assert "Trạm Y tế Mẫu Một" in places and "free places: 2" in places and "free places: 5" in places
    days = one.get("/booking/at/VP01").text
    assert f'href="/booking/{offer}"' in days and f'href="/booking/{other}"' not in days
    assert "07:30 to 09:00" in days
    answer = one.book(offer)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/booking/mine")
    page = one.get("/booking/mine").text
    assert "Your appointment" in page and "N. M. T., 1990" in page and "Trạm Y tế Mẫu Một" in page
    ticket = one.ticket()
    assert taking.by_ticket(counter.public, typed.read(ticket)) is not None
    assert code_on(page) == ticket
    assert counter.free(offer) == 1


@pytest.mark.parametrize(
    ("other", "field", "told"),
    [
        ({"full_name": ""}, "full_name", "Fill in the full name"), ({"full_name": "123"}, "full_name", "does not look like a name"),
        ({"date_of_birth": "yesterday"}, "date_of_birth", "no date of birth"), ({"phone": "12"}, "phone", "no telephone number"),
        ({"phone": "0912345678, 0912345679"}, "phone", "One telephone number only"), ({"priority_group": ""}, "priority_group", "Choose one"),
        ({"priority_group": "77"}, "priority_group", "Choose one"), ({"full_name": "Nguyễn " + "a" * 190}, "full_name", "Too long"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    counter: Any, visit: Any, other: dict[str, str], field: str, told: str
) -> None:
    offer = counter.offer(2)
    page = visit().book(offer, **other)
    assert page.status_code == 422
    assert re.search(rf'<p class="wrong" id="{field}-wrong">[^<]*{told}', page.text)
    assert re.search(rf'id="{field}"[^>]*aria-describedby="[^"]*{field}-wrong', page.text)
    if "full_name" not in other:
        assert 'value="Nguyễn Mẫu Thử"' in page.text
    assert counter.free(offer) == 2


def test_the_form_in_the_other_language_keeps_what_was_typed_and_books_nothing(counter: Any, visit: Any) -> None:
    offer, one = counter.offer(2), visit()
    form = one.form(offer)
    refused = one.post(f"/booking/{offer}", form | {"full_name": "Nguyễn Mẫu Thử", "phone": "12"})
    assert f'action="/booking/{offer}/again"' in refused.text
    page = one.post(f"/booking/{offer}/again", form | {"full_name": "Nguyễn Mẫu Thử", "phone": "12", "lang": "vi"})
    assert page.status_code == 200 and '<html lang="vi">' in page.text and 'value="Nguyễn Mẫu Thử"' in page.text
    assert counter.rows() == []


def test_a_form_that_is_sent_twice_is_one_booking(counter: Any, visit: Any) -> None:
    offer, one = counter.offer(5), visit()
    sent = {
        "full_name": "Nguyễn Mẫu Thử",
        "date_of_birth": "17/05/1990",
        "phone": "0912345678",
        "priority_group": "-",
    } | one.form(offer)
    tickets = set()
    for _ in range(2):
        assert one.post(f"/booking/{offer}", sent).status_code == 302
        tickets.add(one.ticket())
    assert len(tickets) == 1 and counter.free(offer) == 4


def test_a_robot_that_answers_at_once_or_with_a_form_of_its_own_books_nothing(counter: Any, visit: Any) -> None:
    offer, one = counter.offer(5), visit()
    form = one.form(offer)
    one.later -= 9
    fast = one.post(f"/booking/{offer}", one_form(form))
    assert fast.status_code == 422 and "very fast" in fast.text
    one.later += 9
    # The same form, some seconds later, from whoever is no robot.
    for field in ("", "x", "9.9.9", form["form"][:-1] + "g", "é" * 60):
        made_up = one.post(f"/booking/{offer}", one_form(form | {"form": field}))
        assert made_up.status_code == 422 and "open for too long" in made_up.text
    one.later += 11_000
    late = one.post(f"/booking/{offer}", one_form(form))
    assert late.status_code == 422 and 'value="Nguyễn Mẫu Thử"' in late.text
    assert counter.rows() == []
    fresh = re.search(r'name="form" value="([^"]+)"', late.text)
    assert fresh is not None
    one.later += 5
    assert one.post(f"/booking/{offer}", one_form({"form": fresh[1]})).status_code == 302


def one_form(form: dict[str, str]) -> dict[str, str]:
    return {
        "full_name": "Nguyễn Mẫu Thử",
        "date_of_birth": "17/05/1990",
        "phone": "0912345678",
        "priority_group": "-",
    } | form


def test_a_network_makes_so_many_bookings_a_day_and_its_neighbours_count_with_it(counter: Any, visit: Any) -> None:
    offer, one = counter.offer(9), visit(booked=2)

    def tried(number: int, address: str) -> int:
        data = one_form(one.form(offer)) | {"phone": f"09123456{number:02}"}
        page = one.post(f"/booking/{offer}", data, environ_base={"REMOTE_ADDR": address})
        return int(page.status_code)

    assert [tried(1, "198.51.100.7"), tried(2, "198.51.100.8"), tried(3, "198.51.100.9")] == [302, 302, 429]
    assert tried(4, "203.0.113.7") == 302
    # What is refused for another reason is not counted.
    assert counter.free(offer) == 6


class Question:
    """A question in words."""

    def field(self, lang: str) -> Markup:
        return Markup('<label for="sum">3 + 4 = ?</label><input id="sum" name="sum">')

    def passes(self, form: Any, block: str) -> bool:
        return form.get("sum") == "7" and block == "127.0.0.0/24"


def test_a_check_of_ones_own_stands_in_the_form_and_is_asked(counter: Any, visit: Any, monkeypatch: Any) -> None:
    import sys
    import types

    module = types.ModuleType("checks_of_ones_own")
    module.Question = Question  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "checks_of_ones_own", module)
    offer, one = counter.offer(5), visit(check="checks_of_ones_own:Question")
    assert "3 + 4 = ?" in one.get(f"/booking/{offer}").text
    wrong = one.book(offer, sum="8")
    assert wrong.status_code == 422 and "not answered right" in wrong.text
    assert one.book(offer, sum="7").status_code == 302
    for name in ("checks_of_ones_own:None", "no_such_module:x", "x", ":"):
        with pytest.raises(ConfigurationError):
            visit(check=name)


def test_where_the_last_place_goes_while_somebody_types_they_may_wait(counter: Any, visit: Any) -> None:
    offer, one = counter.offer(1), visit()
    form = one.form(offer)
    assert "wait" not in form
    counter.book(offer)
    page = one.post(f"/booking/{offer}", one_form(form))
    assert page.status_code == 409 and "took the last place" in page.text and "Wait for a place" in page.text
    assert 'value="Nguyễn Mẫu Thử"' in page.text
    assert one.post(f"/booking/{offer}", one_form(form | {"wait": "1"})).status_code == 302
    mine = one.get("/booking/mine").text
    assert "You are on the waiting list" in mine and "You are the first in the queue" in mine and "<svg" not in mine
    # And from the start, where all is taken.
    assert one.form(offer)["wait"] == "1"


def test_who_has_an_appointment_is_told_to_use_its_ticket(counter: Any, visit: Any) -> None:
    offer, one = counter.offer(9), visit()
    assert one.book(offer).status_code == 302
    again = one.book(offer, full_name="nguyen mau thu")
    assert again.status_code == 409 and "There is an appointment for this name and telephone already" in again.text
    for number in range(5):
        assert one.book(offer, full_name=f"Nguyễn Mẫu {'ABCDE'[number]}").status_code == 302
    many = one.book(offer, full_name="Nguyễn Mẫu G")
    assert many.status_code == 409 and "Too many appointments" in many.text


def test_an_appointment_is_found_by_its_ticket_however_it_is_typed(counter: Any, visit: Any) -> None:
    made = counter.book(counter.offer(2))
    one = visit()
    assert one.get("/booking/mine").headers["Location"] == "/booking/ticket"
    for text, status, told in (
        ("", 422, "Fill in the code"),
        ("7K2M", 422, "typing error"),
        (typed.new(), 404, "no appointment with this code"),
    ):
        page = one.post("/booking/ticket", {"ticket": text})
        assert page.status_code == status and told in page.text
        assert f'value="{text}"' in page.text
    found = one.post("/booking/ticket", {"ticket": typed.shown(made.ticket).lower().replace("-", " ")})
    assert (found.status_code, found.headers["Location"]) == (302, "/booking/mine")
    assert typed.shown(made.ticket) in one.get("/booking/mine").text
    one.post("/booking/leave")
    assert one.get("/booking/mine").status_code == 302


def test_a_ticket_stays_in_a_browser_for_half_an_hour(counter: Any, visit: Any, monkeypatch: Any) -> None:
    import time

    one = visit()
    one.book(counter.offer(2))
    assert one.get("/booking/mine").status_code == 200
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 1_801)
    assert one.get("/booking/mine").status_code == 302


def test_somebody_moves_and_the_calendar_learns_of_it(counter: Any, visit: Any) -> None:
    old, new, far = (
        counter.offer(1),
        counter.offer(1, days=6, begins="13:00", ends="14:30"),
        counter.offer(1, days=7, site="VP02"),
    )
    full = counter.offer(1, days=8)
    counter.book(full)
    one = visit()
    one.book(old)
    ticket = one.ticket()
    first = one.get("/booking/mine.ics")
    assert first.content_type == "text/calendar; charset=utf-8"
    assert "SEQUENCE:0" in first.text and f"Appointment code: {ticket}" in first.text
    page = one.get("/booking/move").text
    assert f'value="{new}"' in page and f'value="{full}"' not in page and f'value="{old}"' not in page
    assert 'href="/booking/move/VP02"' in page
    assert f'value="{far}"' in one.get("/booking/move/VP02").text
    for number in (str(full), "99", "x", ""):
        refused = one.post("/booking/move", {"offer": number})
        assert refused.status_code == 409 and "You still have yours" in refused.text
    assert one.post("/booking/move", {"offer": str(new)}).headers["Location"] == "/booking/mine"
    assert "13:00 to 14:30" in one.get("/booking/mine").text
    second = one.get("/booking/mine.ics").text
    assert "SEQUENCE:1" in second and re.search("UID:(.*)", second)[1] == re.search("UID:(.*)", first.text)[1]  # type: ignore[index]
    assert (counter.free(old), counter.free(new)) == (1, 0)


def test_somebody_cancels_after_being_asked_once_more(counter: Any, visit: Any) -> None:
    offer, one = counter.offer(1), visit()
    one.book(offer)
    assert "Cancel this appointment?" in one.get("/booking/cancel").text
    assert counter.free(offer) == 0
    assert one.post("/booking/cancel").headers["Location"] == "/booking/mine"
    page = one.get("/booking/mine").text
    assert "The appointment is cancelled" in page and "<svg" not in page and "N. M. T." not in page
    assert counter.free(offer) == 1
    # Nothing is left to be moved or cancelled.
    for path in ("/booking/move", "/booking/cancel"):
        assert one.get(path).headers["Location"] == "/booking/mine"
    assert one.get("/booking/mine.ics").status_code == 302


def test_each_state_is_said_in_words(counter: Any, visit: Any) -> None:
    offer, one = counter.offer(5), visit()
    one.book(offer)
    (row,) = counter.rows()
    arriving.arrived(counter.desk, row.id)
    assert "You are here" in one.get("/booking/mine").text
    arriving.done(counter.desk, row.id)
    assert "you have had your dose" in one.get("/booking/mine").text
    other = visit()
    other.book(offer, full_name="Trần Ví Dụ")
    offering.withdraw(counter.desk, counter.registry, offer, actor="chief")
    assert "The session does not take place" in other.get("/booking/mine").text


def test_what_is_over_or_was_never_there_is_said(counter: Any, visit: Any) -> None:
    offer, one = counter.offer(1), visit()
    form = one.form(offer)
    offering.withdraw(counter.desk, counter.registry, offer, actor="chief")
    for page in (one.get(f"/booking/{offer}"), one.post(f"/booking/{offer}", one_form(form))):
        assert page.status_code == 409 and "cannot be booked any more" in page.text
    assert "Nothing can be booked at that place" in one.get("/booking/at/VP01").text
    assert one.get("/booking/99").status_code == 404
    assert one.get("/booking/99999999999").status_code == 404
    assert one.get("/booking/at/<script>").status_code == 200


def test_without_bookings_no_page_of_them_is_there() -> None:
    from portal_app.public import create_public_app

    client = create_public_app({"VAXCERT_PUBLIC_PLAIN": "1"}).test_client()
    assert "/booking" not in client.get("/").text and "đặt lịch" not in client.get("/privacy").text
    for path in ("/booking", "/booking/1", "/booking/at/VP01", "/booking/mine"):
        assert client.get(path).status_code in (302, 404)


def test_the_settings_name_the_bookings(counter: Any) -> None:
    from portal_app.public import create_public_app

    counter.offer(3)
    app = create_public_app(
        {"VAXCERT_PUBLIC_PLAIN": "1", "VAXCERT_BOOKING": counter.url, "VAXCERT_BOOKING_KEY": str(counter.key)}
    )
    page = app.test_client().get("/booking").text
    assert "Bạn muốn tiêm ở đâu?" in page
    assert "desk" not in app.extensions and app.extensions["booking"]._desk is None


def test_nobodys_name_or_ticket_is_in_an_address_a_log_or_a_cache(counter: Any, visit: Any, caplog: Any) -> None:
    caplog.set_level(logging.DEBUG)
    offer, one = counter.offer(3), visit()
    one.book(offer, phone="x")
    answers = [
        one.book(offer),
        one.get("/booking/mine"),
        one.get("/booking/mine.ics"),
        one.get("/booking/move"),
        one.post("/booking/cancel"),
    ]
    ticket = typed.shown(taking_ticket(one))
    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        for secret in (*SECRETS, ticket):
            assert secret not in answer.headers.get("Location", "") and secret not in caplog.text


def taking_ticket(one: Any) -> str:
    with one.client.session_transaction() as session:
        return str(session["ticket"][0])


@pytest.mark.parametrize(
    "path", ["/booking/1", "/booking/1/again", "/booking/ticket", "/booking/move", "/booking/cancel", "/booking/leave"]
)
def test_hostile_forms_are_answered_and_forms_of_other_sites_are_not_taken(counter: Any, visit: Any, path: str) -> None:
    counter.offer(3)
    one = visit()
    assert one.client.post(path, data={"ticket": "x"}).status_code == 400
    fields = ("full_name", "date_of_birth", "phone", "priority_group", "form", "wait", "ticket", "offer", "lang")
    for text in (
        "\x00",
        "é" * 5_000,
        "<script>",
        "' OR 1=1 --",
        "\u202e",
        "9" * 400,
        "%00",
        "\ud83d".encode("utf-8", "surrogatepass"),
    ):
        answer = one.post(path, dict.fromkeys(fields, text))
        assert answer.status_code < 500, text
        assert "<script>" not in answer.text.replace("&lt;script&gt;", "")
    assert counter.rows() == []


def test_where_the_database_fails_it_is_said_and_nothing_of_it_is_told(counter: Any, visit: Any, caplog: Any) -> None:
    from sqlalchemy import text

    offer, one = counter.offer(3), visit()
    form = one.form(offer)
    with counter.desk.writing() as connection:
        connection.execute(text("ALTER TABLE booking RENAME TO gone"))
    for page in (one.get("/booking"), one.get("/booking/at/VP01"), one.post(f"/booking/{offer}", one_form(form))):
        assert page.status_code == 503 and "does not work just now" in page.text
    for secret in (*SECRETS, "gone", "SELECT"):
        assert secret not in caplog.text


def test_every_page_answers_whoever_has_no_appointment(counter: Any, visit: Any) -> None:
    counter.offer(3)
    one, swept = visit(), 0
    for rule in one.app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] in ("booking", "applying", "tickets") and "GET" in (rule.methods or ()):
            path = rule.rule.replace("<site>", "VP01").replace("<int(max=2147483647):number>", "1")
            assert one.get(path).status_code in (200, 302), path
            swept += 1
    assert swept >= 9
