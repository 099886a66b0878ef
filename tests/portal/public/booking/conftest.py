"""The public's app over bookings at two places, and browsers' doings without a browser."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from counters import Counter

FORM = {"full_name": "Nguyễn Mẫu Thử", "date_of_birth": "17/05/1990", "phone": "0912 345 678", "priority_group": "5"}


class Visitor:
    """A browser: its cookies, and forms that are sent as they were shown, some seconds later."""

    def __init__(self, app: Any) -> None:
        self.app, self.client = app, app.test_client()
        self.guard = app.extensions["booking_guard"]
        self.later = 10.0
        clock = self.guard._clock
        self.guard._clock = lambda: clock() + self.later

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(path, **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        return self.client.post(
            path, data={"csrf_token": hidden(self.get("/").text, "csrf_token"), **(data or {})}, **more
        )

    def form(self, number: int) -> dict[str, str]:
        """The hidden fields of a form for a place, which was shown ten seconds ago."""
        page = self.get(f"/booking/{number}").text
        self.later += 10
        return {name: found for name in ("form", "wait") if (found := hidden(page, name))}

    def book(self, number: int, **other: str) -> Any:
        return self.post(f"/booking/{number}", FORM | self.form(number) | other)

    def ticket(self) -> str:
        found = re.search(r'<strong class="secret ticket">([^<]+)<', self.get("/booking/mine").text)
        assert found is not None
        return found[1]


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found[1] if found else ""


@pytest.fixture
def counter(tmp_path: Path, now: datetime) -> Iterator[Counter]:
    made = Counter(tmp_path, f"sqlite:///{tmp_path / 'booking.db'}", now)
    yield made
    made.close()


@pytest.fixture
def app(counter: Counter) -> Callable[..., Any]:
    def made(**settings: Any) -> Any:
        from portal_app.public import create_public_app
        from portal_app.public.config import PublicSettings

        given = {"plain": True, "language": "en", "rate": 100_000, "daily": 1_000_000}
        return create_public_app(PublicSettings(**{**given, **settings}), booking=counter.public)

    return made


@pytest.fixture
def visit(app: Callable[..., Any]) -> Callable[..., Visitor]:
    return lambda **settings: Visitor(app(**settings))
