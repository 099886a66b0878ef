"""Appointments of today at the desk's site, and a portal that knows of them."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from vaxcert import typed
from vaxcert.booking import Bookings, taking
from vaxcert.booking.applicants import Applicant
from vaxcert.booking.staff import offering
from vaxcert.registry.desk import sessions

COMIRNATY = "EU/1/20/1528"


class Queue:
    """Appointments at VP01, of today where nothing else is said."""

    def __init__(self, desk: Any) -> None:
        house = desk.house
        self.desk, self.registry = desk, desk.registry
        self.bookings = Bookings.create(
            f"sqlite:///{house.folder / 'booking.db'}", house.folder / "booking.key", house.folder / "booking-desk.key",
            clock=lambda: house.now,
        )  # fmt: skip
        house.now = house.now.replace(hour=0, minute=0)  # 07:00 there
        self.offer = self.offered()

    def offered(self, days: int = 0, site: str = "VP01") -> int:
        lot = {"VP01": "L1", "VP02": "L2"}[site]
        day = self.registry.today() + timedelta(days=days)
        number = sessions.open_session(self.registry, site=site, product=COMIRNATY, lot=lot, actor="chief", day=day)
        if site == "VP01" and not days:
            # The desk's own is the only one that is open today.
            sessions.close(self.registry, self.desk.session, actor="chief")
            self.desk.session = number
        made = offering.offer(
            self.bookings, self.registry, number, places=20, begins="07:30", ends="10:00", actor="chief"
        )
        return made.id

    def book(
        self, name: str = "Nguyễn Mẫu Thử", born: str = "1990-05-17", phone: str = "0912345678", offer: int = 0
    ) -> Any:
        who = Applicant(full_name=name, date_of_birth=born, phone=phone, group="5")
        made = taking.book(self.bookings, who, offer or self.offer, request=typed.new())
        assert not isinstance(made, str)
        return made

    def state(self, made: Any) -> str:
        found = taking.by_ticket(self.bookings, made.ticket)
        assert found is not None
        return str(found.state)

    def list(self) -> dict[str, str]:
        """The session's list: names, and how far they are."""
        return {
            one.side.name: str(one.presence) for one in sessions.people(self.registry, self.desk.session, actor="test")
        }


@pytest.fixture
def queue(desk: Any) -> Iterator[Queue]:
    made = Queue(desk)
    yield made
    made.bookings.engine.dispose()


@pytest.fixture
def counter(queue: Queue, at: Callable[..., Any]) -> Callable[..., Any]:
    """A browser at the portal that knows of appointments."""

    def come(login: str = "clerk") -> Any:
        one = at(login)
        one.client.application.extensions["booking"] = queue.bookings
        return one

    return come
