"""Whose picture is read next, where some cost seconds and others do not."""

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest

from vaxcert.qr.isolated import IsolatedReader

ALIVE = 20.0

# Stands in for a reader: keeps a picture that begins with "slow" for a minute, and finds nothing in any other.
STAND_IN = """
import sys, time
while len(head := sys.stdin.buffer.read(4)) == 4:
    if sys.stdin.buffer.read(int.from_bytes(head, "big")).startswith(b"slow"):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            pass
    sys.stdout.buffer.write((15).to_bytes(4, "big") + b'{"symbols": []}')
    sys.stdout.buffer.flush()
"""


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def turns(clock: Clock) -> Callable[..., Any]:
    def made(places: int, most_waiting: int = 100) -> Any:
        from verifier_app.load.turns import Turns

        return Turns(places, most_waiting, clock=clock)

    return made


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(32) as made:
        yield made


def cost(turns: Any, clock: Clock, sender: str, seconds: float) -> None:
    with turns.turn(sender, wait=0):
        clock.now += seconds


def in_order(turns: Any, pool: ThreadPoolExecutor, senders: list[str]) -> list[str]:
    """The order in which these get the one place, all of whom wait for it together."""
    got: list[str] = []

    def ask(sender: str) -> None:
        with turns.turn(sender, wait=ALIVE):
            got.append(sender)

    with turns.turn("first", wait=0):
        asked = []
        for number, sender in enumerate(senders):
            asked.append(pool.submit(ask, sender))
            while len(turns._waiting) <= number:
                threading.Event().wait(0.001)
    for one in asked:
        one.result(ALIVE)
    return got


def test_whoever_has_cost_least_of_late_is_next_and_of_equals_who_came_first(
    turns: Any, clock: Clock, pool: ThreadPoolExecutor
) -> None:
    made = turns(1)
    for sender, seconds in (("dear", 8.0), ("middling", 0.4), ("cheap", 0.1)):
        cost(made, clock, sender, seconds)
    assert in_order(made, pool, ["dear", "middling", "new", "cheap", "newer"]) == [
        "new", "newer", "cheap", "middling", "dear",
    ]  # fmt: skip


def test_what_somebody_has_cost_is_forgotten_in_time(turns: Any, clock: Clock, pool: ThreadPoolExecutor) -> None:
    made = turns(2)
    cost(made, clock, "once", 8.0)
    clock.now += 600
    cost(made, clock, "now", 0.5)
    with made.turn("once", wait=0) as turn:
        assert not turn.slow
    cost(made, clock, "now", 3.0)
    with made.turn("now", wait=0) as turn:
        assert turn.slow


def test_slow_turns_leave_a_place_for_quick_ones(turns: Any, clock: Clock) -> None:
    from verifier_app.load.turns import BusyError

    made = turns(3)
    with ExitStack() as stack:
        first, second, third = (stack.enter_context(made.turn(f"slow {n}", wait=0)) for n in range(3))
        assert (first.goes_on(), second.goes_on(), third.goes_on()) == (True, True, False)
    with ExitStack() as stack:
        for number in range(2):
            stack.enter_context(made.turn(f"slow {number}", wait=0, slow=True))
        # However many: they have no more than their places.
        with pytest.raises(BusyError), made.turn("slow 3", wait=0, slow=True):
            pass
        with made.turn("good", wait=0):
            pass
    # All places are given back, those of the slow as well.
    with ExitStack() as stack:
        assert [stack.enter_context(made.turn(f"{n}", wait=0)).goes_on() for n in range(3)] == [True, True, False]


def test_where_too_many_wait_whoever_would_be_last_is_sent_away(
    turns: Any, clock: Clock, pool: ThreadPoolExecutor
) -> None:
    from verifier_app.load.turns import BusyError

    made = turns(1, most_waiting=2)
    cost(made, clock, "dear", 0.4)

    def ask(sender: str) -> bool:
        try:
            with made.turn(sender, wait=ALIVE):
                return True
        except BusyError:
            return False

    with made.turn("first", wait=0):
        dear = pool.submit(ask, "dear")
        while not made._waiting:
            threading.Event().wait(0.001)
        others = [pool.submit(ask, f"good {number}") for number in range(2)]
        assert dear.result(ALIVE) is False
    assert all(other.result(ALIVE) for other in others)


def test_one_sender_with_many_pictures_takes_no_ones_turn(turns: Any, pool: ThreadPoolExecutor, clock: Clock) -> None:
    made = turns(1)
    cost(made, clock, "many", 0.2)
    assert in_order(made, pool, ["many"] * 8 + ["one"])[0] == "one"


@pytest.fixture
def stand_ins(site: Any) -> Iterator[Callable[..., Any]]:
    readers: list[IsolatedReader] = []

    def app(**variables: str) -> Any:
        made = site.app(VAXCERT_APP_READERS="2", **variables)
        waiting = made.extensions["desk"]._readers
        while not waiting.empty():
            waiting.get().close()
        for _ in range(2):
            readers.append(IsolatedReader(time_limit=8, command=(sys.executable, "-c", STAND_IN)))
            waiting.put(readers[-1])
        return made

    yield app
    for reader in readers:
        reader.close()


def post(app: Any, content: bytes, **options: Any) -> int:
    return int(app.test_client().post("/verify", data=content, content_type="image/png", **options).status_code)


def test_34_eight_uploaders_of_slow_pictures_do_not_keep_eight_good_ones_from_their_answers(
    stand_ins: Any, pool: ThreadPoolExecutor
) -> None:
    app = stand_ins()

    def upload() -> list[Any]:
        return [
            pool.submit(post, app, b"slow", environ_base={"REMOTE_ADDR": f"192.0.2.{number}"}) for number in range(8)
        ]

    for number in range(8):
        with app.extensions["desk"]._turns.turn(f"192.0.2.{number}", wait=0) as turn:
            turn.worked = 8.0
    slow = upload()
    while len(app.extensions["desk"]._readers.queue) == 2:
        threading.Event().wait(0.01)
    for _ in range(3):
        good = [pool.submit(post, app, b"good", environ_base={"REMOTE_ADDR": f"198.51.100.{n}"}) for n in range(8)]
        # Read, and nothing found in them; none was told to come again.
        assert [one.result(ALIVE) for one in good] == [422] * 8
    # The first has a reader still, and nobody got anything out of it.
    assert {one.result(60) for one in slow} <= {422, 503}


def test_the_token_is_a_sender_of_its_own_and_one_that_nobody_gave_out_is_none(site: Any) -> None:
    from verifier_app.guarding.protection import sender

    app = site.app(VAXCERT_APP_TOKEN="sixteen characters")
    given, invented = ({"Authorization": f"Bearer {token}"} for token in ("sixteen characters", "another"))

    def of(address: str, headers: dict[str, str] | None = None) -> str:
        with app.test_request_context("/verify", headers=headers, environ_base={"REMOTE_ADDR": address}):
            return sender()

    assert of("192.0.2.1", given) == of("192.0.2.2", given) == "token"
    assert of("192.0.2.1", invented) == of("192.0.2.1") == "192.0.2.1"
    # A network has addresses of IPv6 without number.
    assert of("2001:db8:1:2:3::4") == of("2001:db8:1:2::5") == "2001:db8:1:2::/64"
    assert of("::ffff:192.0.2.1") == "192.0.2.1"
