"""Bookings as a machine: whatever people, offices and days do, places are given once, and in the right order."""

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from counters import Counter
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from vaxcert.booking import offers, schema, taking
from vaxcert.booking.staff import arriving, offering, settling
from vaxcert.booking.states import ACTIVE, PLACED, BookingRefusal, BookingState


class BookingMachine(RuleBasedStateMachine):
    tickets = Bundle("tickets")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.counter = Counter(
            self.folder, f"sqlite:///{self.folder / 'booking.db'}", datetime(2026, 11, 26, 3, tzinfo=UTC)
        )
        self.offers: list[int] = []
        # Places that an offer had at most, for who had one when there were fewer keeps it.
        self.most: dict[int, int] = {}

    def teardown(self) -> None:
        self.counter.close()
        shutil.rmtree(self.folder)

    @initialize()
    def offered(self) -> None:
        for places, days in ((2, 1), (1, 3), (0, 4)):
            number = self.counter.offer(places, days=days)
            self.offers.append(number)
            self.most[number] = places

    @rule(
        target=tickets,
        which=st.integers(0, 2),
        who=st.integers(1, 6),
        wait=st.booleans(),
        group=st.sampled_from(["1", "9", ""]),
    )
    def book(self, which: int, who: int, wait: bool, group: str) -> Any:
        made = self.counter.book(self.offers[which], self.counter.somebody(who, group=group), wait=wait)
        return "" if isinstance(made, BookingRefusal) else made.ticket

    @rule(ticket=tickets, which=st.integers(0, 2))
    def move(self, ticket: str, which: int) -> None:
        if ticket:
            taking.move(self.counter.public, ticket, self.offers[which])

    @rule(ticket=tickets)
    def cancel(self, ticket: str) -> None:
        if ticket:
            taking.cancel(self.counter.public, ticket)

    @rule(ticket=tickets)
    def arrive(self, ticket: str) -> None:
        found = taking.by_ticket(self.counter.public, ticket) if ticket else None
        if found is not None and found.state is BookingState.BOOKED:
            arriving.arrived(self.counter.desk, found.id)

    @rule(which=st.integers(0, 2), places=st.integers(0, 3))
    def places(self, which: int, places: int) -> None:
        one = offers.get(self.counter.public, self.offers[which])
        assert one is not None
        if one.day >= self.counter.desk.today():
            self.counter.again(one.id, places)
            self.most[one.id] = max(self.most[one.id], places)

    @rule(which=st.integers(0, 2))
    def withdraw(self, which: int) -> None:
        offering.withdraw(self.counter.desk, self.counter.registry, self.offers[which], actor="chief")

    @rule(hours=st.integers(1, 30))
    def time(self, hours: int) -> None:
        self.counter.later(hours=hours)

    @rule()
    def settle(self) -> None:
        settling.settle(self.counter.desk, self.counter.registry, actor="night")

    @invariant()
    def places_are_given_once_and_somebody_has_one(self) -> None:
        with self.counter.desk.reading() as connection:
            rows = connection.execute(select(schema.booking)).all()
        for number, most in self.most.items():
            there = [row for row in rows if row.offer_id == number]
            assert sum(row.state in PLACED for row in there) <= most
            one = offers.get(self.counter.public, number)
            assert one is not None
            waiting = [row for row in there if row.state == BookingState.WAITING]
            if waiting and one.day > self.counter.desk.today():
                assert one.free == 0
        active = [row for row in rows if row.state in ACTIVE]
        only = [row.only for row in active if row.only is not None]
        assert len(only) == len(set(only))
        for row in rows:
            if row.state in (BookingState.CANCELLED, BookingState.DROPPED):
                assert row.sealed is None and row.shown is None and row.phone_hash is None
            if row.state not in ACTIVE:
                assert row.only is None


TestBookings = BookingMachine.TestCase
TestBookings.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
