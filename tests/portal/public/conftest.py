"""The public's app over a look-up that answers in this process, and a holder with a certificate, a slip and a browser."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from places import Place

from vaxcert import Issuer


class InProcess:
    """A look-up without a socket: requests and answers go over as bytes, as they do there."""

    def __init__(self, registry: Any) -> None:
        from vaxcert.lookup.answering import RegistryLookup

        self.waits: list[float] = []
        self.lookup = RegistryLookup(registry, sleep=self.waits.append)

    def __call__(self, path: Any, question: Any, *, timeout: float, most: int) -> bytes:
        import msgspec

        from vaxcert.lookup.protocol import MOST_REQUEST, request_of

        data = msgspec.json.encode(question)
        assert len(data) <= MOST_REQUEST
        answer = msgspec.json.encode(self.lookup.answer(request_of(data), "public"))
        assert len(answer) <= most
        return answer


class Citizen:
    """Somebody with a certificate and the slip that goes with it."""

    def __init__(self, place: Place, issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
        from vaxcert.lookup import client
        from vaxcert.registry.holders import codes

        self.place, self.issuer = place, issuer
        self.process = InProcess(place.registry)
        monkeypatch.setattr(client, "ask", self.process)
        place.take({"national_id": "001090000001"}, {"full_name": "Trần Ví Dụ", "phone": "0100000002"})
        self.issue()
        self.person = place.people()[0].person_id
        self.code = codes.hand_out(place.registry, self.person, actor="lan").text
        self.slip = {"name": "Nguyễn Mẫu Thử", "born": "17/05/1990", "number": "0100000001", "code": self.code}

    def issue(self) -> None:
        from vaxcert.registry.certificates import issuing

        issuing.run(self.place.registry, self.issuer, actor="night")

    def app(self, **settings: Any) -> Any:
        from portal_app.public import create_public_app
        from portal_app.public.config import PublicSettings

        given = {"plain": True, "language": "en", "rate": 100_000, "daily": 1_000_000, "lookup": Path("lookup.sock")}
        return create_public_app(PublicSettings(**{**given, **settings}))

    def visit(self, **settings: Any) -> "Visitor":
        return Visitor(self.app(**settings))

    def text(self) -> str:
        """Of the certificate that is valid now."""
        from vaxcert.registry.certificates import lookup

        found = lookup.of_person(self.place.registry, self.person)
        assert found is not None
        return found.text


class Visitor:
    """A browser: its cookies, and forms that are sent with their token."""

    def __init__(self, app: Any) -> None:
        self.client = app.test_client()

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(path, **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get("/").text)
        assert found is not None
        return self.client.post(path, data={"csrf_token": found[1], **(data or {})}, **more)


def sealed_on(page: str) -> str:
    found = re.search(r'name="sealed" value="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.fixture
def citizen(tmp_path: Path, now: Any, key: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Citizen]:
    place = Place(tmp_path, f"sqlite:///{tmp_path / 'registry.db'}", now)
    issuer = Issuer(
        key, country="VN", authority="Sở Y tế (TEST)", valid_for=timedelta(days=365), clock=lambda: place.now
    )
    yield Citizen(place, issuer, monkeypatch)
    place.registry.engine.dispose()
