"""The desk offers places at sessions of days to come, says how many there are, and takes them back."""

from datetime import timedelta
from typing import Any

import pytest

from vaxcert.booking import offers, taking
from vaxcert.booking.applicants import Applicant
from vaxcert.registry.desk import sessions


def form(queue: Any, **more: str) -> dict[str, str]:
    day = queue.registry.today() + timedelta(days=3)
    return {"lot": "VP01 L1", "day": f"{day:%d/%m/%Y}", "begins": "7h30", "ends": "9:00", "places": "2"} | more


def ahead(queue: Any) -> list[Any]:
    """What may be booked of days to come."""
    return [one for one in offers.listed(queue.bookings) if one.day > queue.registry.today()]


def test_places_of_a_day_to_come_are_offered_part_by_part_at_one_session(queue: Any, counter: Any) -> None:
    one = counter()
    assert 'href="/desk/offers"' in one.get("/").text
    for more in ({}, {"begins": "9:00", "ends": "10h"}):
        assert one.post("/desk/offers", form(queue, **more)).headers["Location"] == "/desk/offers"
    first, second = ahead(queue)
    assert (first.begins, first.ends, first.places, first.site) == ("07:30", "09:00", 2, "VP01")
    assert (second.begins, second.ends) == ("09:00", "10:00") and first.session == second.session
    assert sessions.get(queue.registry, first.session).day == first.day
    page = one.get("/desk/offers").text
    assert "0 of 2 taken" in page and f"{first.day:%d/%m/%Y}" in page


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"lot": ""}, "lot"), ({"lot": "VP02 L2"}, "lot"), ({"lot": "VP01 none"}, "lot"), ({"day": "31/02/2026"}, "day"),
        ({"day": "01/01/2020"}, "day"), ({"begins": "25:00"}, "begins"), ({"begins": ""}, "begins"),
        ({"ends": "7:30"}, "ends"), ({"places": "-1"}, "places"), ({"places": "99999"}, "places"),
        ({"places": "١٢"}, "places"), ({"begins": "7:30\x00"}, "begins"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_said_beside_its_field_and_opens_nothing(
    queue: Any, counter: Any, more: dict[str, str], field: str
) -> None:
    before = len(sessions.listed(queue.registry))
    answer = counter().post("/desk/offers", form(queue, **more))
    assert answer.status_code == 422 and f'id="{field}-wrong"' in answer.text
    assert answer.text.count('class="wrong" id=') == 1
    assert not ahead(queue) and len(sessions.listed(queue.registry)) == before


def test_more_places_go_to_who_waits_and_what_is_taken_back_is_to_be_told(queue: Any, counter: Any) -> None:
    one = counter()
    one.post("/desk/offers", form(queue, places="1"))
    (offer,) = ahead(queue)
    queue.book("Trần Ví Dụ", "1980-01-02", "0987654321", offer=offer.id)
    waiting = Applicant(full_name="Nguyễn Mẫu Thử", date_of_birth="1990-05-17", phone="0912345678", group="5")
    waits = taking.book(queue.bookings, waiting, offer.id, request="r2", wait=True)
    assert queue.state(waits) == "waiting" and "1 waiting" in one.get("/desk/offers").text
    assert one.post(f"/desk/offers/{offer.id}", {"places": "many"}).status_code == 422
    assert one.post(f"/desk/offers/{offer.id}", {"places": "2"}).status_code == 302
    assert queue.state(waits) == "booked"
    page = one.get(f"/desk/offers/{offer.id}/withdraw").text
    assert "2 people have a place or wait" in page and queue.state(waits) == "booked"
    assert one.post(f"/desk/offers/{offer.id}/withdraw").status_code == 302
    assert queue.state(waits) == "withdrawn" and not ahead(queue)
    assert one.post(f"/desk/offers/{offer.id}/withdraw").status_code == 404


def test_another_sites_places_are_not_ones_own(queue: Any, counter: Any) -> None:
    other = queue.offered(days=3, site="VP02")
    one = counter()
    assert "VP02" not in one.get("/desk/offers").text.split("<main")[1]
    for path, method in ((f"/desk/offers/{other}", one.post), (f"/desk/offers/{other}/withdraw", one.post),
                         (f"/desk/offers/{other}/withdraw", one.get), ("/desk/offers/999", one.post)):  # fmt: skip
        assert method(path).status_code == 404
    assert offers.get(queue.bookings, other).open


def test_without_bookings_nothing_is_offered(at: Any) -> None:
    one = at("clerk")
    assert one.get("/desk/offers").status_code == 404
    assert "/desk/offers" not in one.get("/").text
