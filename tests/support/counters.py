"""Where people book: bookings, and the registry whose sessions are offered; the clock of both can be moved."""

import csv
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from vaxcert import typed

COMIRNATY, SPIKEVAX = "EU/1/20/1528", "EU/1/20/1507"


class Counter:
    """Where people book, and where the registry's side offers."""

    def __init__(self, folder: Path, url: str, now: datetime) -> None:
        from vaxcert.booking import Bookings
        from vaxcert.registry import Registry
        from vaxcert.registry.intake import lists

        self.folder, self.url, self.now = folder, url, now
        clock: Callable[[], datetime] = lambda: self.now  # noqa: E731
        self.registry = Registry.create(f"sqlite:///{folder / 'registry.db'}", folder / "registry.key", clock=clock)
        for kind, rows in (
            ("sites", [("site", "name", "district"), ("VP01", "Trạm Y tế Mẫu Một", "Tam Đảo"), ("VP02", "Trạm Y tế Mẫu Hai", "Yên Lạc")]),
            ("deliveries", [("site", "lot", "product", "doses", "received_on"), ("VP01", "L1", COMIRNATY, "90", "2026-05-01"),
                            ("VP02", "L2", COMIRNATY, "90", "2026-05-01"), ("VP01", "M1", SPIKEVAX, "90", "2026-05-01")]),
        ):  # fmt: skip
            path = folder / f"{kind}.csv"
            with path.open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream).writerows(rows)
            lists.load(self.registry, kind, path, actor="chief")
        self.key, self.desk_key = folder / "booking.key", folder / "booking-desk.key"
        self.desk = Bookings.create(url, self.key, self.desk_key, clock=clock)
        self.public = Bookings.open(url, self.key, clock=clock)
        self._names = 0

    def offer(
        self, places: int, *, days: int = 3, site: str = "VP01", begins: str = "07:30", ends: str = "09:00"
    ) -> int:
        """Places at a new session of some days ahead."""
        from vaxcert.booking.staff import offering
        from vaxcert.registry.desk import sessions

        lot = {"VP01": "L1", "VP02": "L2"}[site]
        session = sessions.open_session(
            self.registry, site=site, product=COMIRNATY, lot=lot, actor="chief", day=self.desk.today() + timedelta(days=days)
        )  # fmt: skip
        return offering.offer(
            self.desk, self.registry, session, places=places, begins=begins, ends=ends, actor="chief"
        ).id

    def again(self, offer: int, places: int) -> None:
        """Say how many places an offer has from now on."""
        from vaxcert.booking import offers
        from vaxcert.booking.staff import offering

        one = offers.get(self.public, offer)
        assert one is not None
        offering.offer(
            self.desk, self.registry, one.session, places=places, begins=one.begins, ends=one.ends, actor="chief"
        )

    def somebody(self, number: int = 0, **more: str) -> Any:
        """An applicant, another one for each number."""
        from vaxcert.booking.applicants import Applicant

        self._names = number or self._names + 1
        word = "".join("abcdefghij"[int(digit)] for digit in f"{self._names:04}")
        told = {
            "full_name": f"Nguyễn Mẫu B{word}",
            "date_of_birth": "1990-05-17",
            "phone": f"01{self._names:08}",
            "group": "9",
        }
        return Applicant(**(told | more))

    def book(self, offer: int, who: Any = None, *, wait: bool = False, request: str = "") -> Any:
        """Book on the public's side."""
        from vaxcert.booking import taking

        return taking.book(
            self.public, who or self.somebody(), offer, request=request or typed.new(), lang="vi", wait=wait
        )

    def state(self, ticket: str) -> str:
        from vaxcert.booking import taking

        found = taking.by_ticket(self.public, ticket)
        assert found is not None
        return str(found.state)

    def later(self, **more: float) -> None:
        self.now += timedelta(**more)

    def free(self, offer: int) -> int:
        from vaxcert.booking import offers

        one = offers.get(self.public, offer)
        assert one is not None
        return one.free

    def rows(self) -> list[Any]:
        """All that the table of bookings holds."""
        from sqlalchemy import select

        from vaxcert.booking.schema import booking

        with self.public.reading() as connection:
            return list(connection.execute(select(booking).order_by(booking.c.id)).all())

    def close(self) -> None:
        for one in (self.registry, self.desk, self.public):
            one.engine.dispose()
