"""A site with two lots in stock, and a desk that records what somebody says."""

import csv
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest


class Desk:
    """A desk at the site VP01 with a session of Comirnaty, lot L1."""

    def __init__(self, place: Any) -> None:
        from vaxcert.registry.desk import sessions
        from vaxcert.registry.intake import lists

        self.place, self.registry = place, place.registry
        self.today = self.registry.today()
        for kind, rows in (
            ("sites", [("site", "name", "district"), ("VP01", "Trạm Một", "Tam Đảo"), ("VP02", "Trạm Hai", "Yên Lạc")]),
            ("deliveries", [("site", "lot", "product", "doses", "received_on"),
                            ("VP01", "L1", "EU/1/20/1528", "3", "2026-05-01"), ("VP01", "M1", "EU/1/20/1507", "5", "2026-05-01")]),
        ):  # fmt: skip
            path = place.folder / f"{kind}.csv"
            with path.open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream).writerows(rows)
            lists.load(self.registry, kind, path, actor="chief")
        self.session = sessions.open_session(
            self.registry, site="VP01", product="EU/1/20/1528", lot="L1", actor="nurse"
        )

    def profile(self, name: str = "Nguyễn Mẫu Thử", born: str = "1990-05-17", **told: str) -> Any:
        from vaxcert import Person
        from vaxcert.registry.records.people import profile

        family, _, given = name.partition(" ")
        person = Person(family_name=family, given_name=given, date_of_birth=born)
        groups = frozenset(map(str, range(1, 10)))
        return profile(
            person, {"district": "Tam Đảo", "guardian": "", **told}, groups=groups, keeper=self.registry.secrets
        )

    def dose(self, number: int = 1, **more: Any) -> Any:
        from vaxcert.registry.records.doses import RecordedDose

        said = {"product": "EU/1/20/1528", "series": 2, "date": self.today, "site": "VP01", "lot": "L1"}
        return RecordedDose(number=number, **(said | more))

    def record(
        self, profile: Any = "", dose: Any = None, *, session: int | None = -1, request: UUID | None = None, **said: Any
    ) -> Any:
        """Record a dose as whoever is at the desk, who answers with `said`."""
        from vaxcert.registry.desk import entering
        from vaxcert.registry.desk.people import Answers

        return entering.record(
            self.registry,
            profile=self.profile() if profile == "" else profile,
            dose=dose or self.dose(),
            actor="nurse",
            request_id=request or uuid4(),
            session=self.session if session == -1 else session,
            said=Answers(**said),
        )

    def left(self, lot: str = "L1") -> int:
        from vaxcert.registry.desk import supplies

        with self.registry.reading() as connection:
            return supplies.left(connection, "VP01", lot)

    def told(self) -> list[tuple[str, list[tuple[int, date]]]]:
        """Everybody with the doses that count."""
        return [
            (one.profile.person.full_name, [(given.dose.number, given.dose.date) for given in one.counted])
            for one in self.place.people()
        ]


@pytest.fixture
def desk(place: Any) -> Desk:
    return Desk(place)


@pytest.fixture
def refused() -> Callable[[Callable[[], Any]], tuple[str, str]]:
    """The field and the reason with which something is refused."""

    def told(attempt: Callable[[], Any]) -> tuple[str, str]:
        from vaxcert import InputError

        with pytest.raises(InputError) as caught:
            attempt()
        return caught.value.field, str(caught.value.reason)

    return told
