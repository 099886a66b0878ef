"""The look-up at its socket: one certificate or nothing, after one time, to those who may ask."""

import logging
import socket
from typing import Any

import pytest

from vaxcert import ConfigurationError, typed
from vaxcert.errors import UnreachableError
from vaxcert.lookup.answering import LASTS, RegistryLookup
from vaxcert.lookup.protocol import FindRequest, FoundOne, NothingFound, StandingRequest
from vaxcert.registry.holders import asking
from vaxcert.sockets.messages import Failure


class Clock:
    """A clock that stands, but for what a question is said to take; it notes how long is waited."""

    def __init__(self, takes: float) -> None:
        self.takes, self.reads, self.waited = takes, 0, []  # type: float, int, list[float]

    def __call__(self) -> float:
        self.reads += 1
        return 100.0 if self.reads % 2 else 100.0 + self.takes

    def lookup(self, slip: Any) -> RegistryLookup:
        return RegistryLookup(slip.place.registry, clock=self, sleep=self.waited.append)


def test_a_holder_gets_the_certificate_and_what_it_is_said_to_be_wrong_by(slip: Any, looking: Any) -> None:
    client = looking().client
    found = client.find(**slip.told)
    assert found is not None and found.text.startswith("HC1:") and found.state == "valid"
    assert found.person.full_name == "Nguyễn Mẫu Thử"
    ticket = client.report(found.passed, kind="dose", words="Mũi 2")
    told = client.standing(typed.read(ticket), born="1990-05-17")
    assert told is not None and (told.state, told.kind, told.words) == ("open", "dose", "")
    assert told.found is not None and told.found.certificate == found.certificate
    assert client.find(**(slip.told | {"code": typed.new()})) is None
    assert client.standing(typed.new(), born="1990-05-17") is None


@pytest.mark.parametrize(("takes", "until"), [(0.0, LASTS), (0.12, LASTS), (0.499, LASTS), (0.6, 2 * LASTS), (1.4, 3 * LASTS)])  # fmt: skip
def test_every_answer_leaves_at_the_end_of_a_whole_time_whatever_it_is(slip: Any, takes: float, until: float) -> None:
    find = FindRequest(**slip.told)
    for request in (find, FindRequest("x", "y", "z", "w"), StandingRequest("x", "y")):
        clock = Clock(takes)
        clock.lookup(slip).answer(request, "public")
        assert clock.waited == [pytest.approx(until - takes)]


def test_a_fault_takes_as_long_as_an_answer_and_says_nothing(
    slip: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ValueError("Nguyễn Mẫu Thử")

    monkeypatch.setattr(asking, "find", broken)
    clock = Clock(0.2)
    answer = clock.lookup(slip).answer(FindRequest(**slip.told), "public")
    assert isinstance(answer, Failure) and "Mẫu" not in str(answer) + caplog.text
    assert "ValueError at " in caplog.text
    assert clock.waited == [pytest.approx(LASTS - 0.2)]


def test_one_who_waits_keeps_no_connection_to_the_database(slip: Any) -> None:
    held: list[int] = []
    lookup = RegistryLookup(
        slip.place.registry, sleep=lambda _: held.append(slip.place.registry.engine.pool.checkedout())
    )
    assert isinstance(lookup.answer(FindRequest(**slip.told), "public"), FoundOne)
    assert isinstance(lookup.answer(FindRequest("x", "y", "z", "w"), "public"), NothingFound)
    assert held == [0, 0]


def test_another_user_is_told_to_go(looking: Any, slip: Any) -> None:
    client = looking(peers=[54_321]).client
    with pytest.raises(ConfigurationError, match="may not ask the look-up"):
        client.find(**slip.told)


@pytest.mark.parametrize(
    "sent", [b"", b"{}", b'{"ask":"sign","doses":[1]}', b'{"ask":"find"}', b"\xff" * 50, b"[" * 10_000]
)
def test_what_is_no_question_is_no_fault(looking: Any, slip: Any, sent: bytes) -> None:
    running = looking()
    with socket.socket(socket.AF_UNIX) as other:
        other.connect(str(running.server.path))
        other.sendall(len(sent).to_bytes(4, "big") + sent)
        other.settimeout(10)
        assert b"DamagedError" in other.recv(10_000)
    assert running.client.find(**slip.told) is not None


def test_a_socket_that_is_not_there_is_said_to_be_away(slip: Any, looking: Any) -> None:
    running = looking()
    running.server.path.unlink()
    with pytest.raises(UnreachableError):
        running.client.find(**slip.told)


def test_nothing_of_anybody_is_in_its_log(looking: Any, slip: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = looking().client
    found = client.find(**slip.told)
    client.find(**(slip.told | {"number": "0100000002"}))
    ticket = client.report(found.passed, kind="name", words="Mẫu Thứ")
    client.standing(typed.read(ticket), born="1990-05-17")
    logged = caplog.text + "".join(str(vars(record)) for record in caplog.records)
    for secret in (
        "Nguyễn",
        "Mẫu",
        "1990",
        "0100000001",
        slip.code,
        ticket.replace("-", ""),
        "HC1:",
        found.passed[:30],
    ):
        assert secret not in logged, secret
    for shown in (found, FindRequest(**slip.told)):
        assert "Mẫu" not in repr(shown) and "HC1" not in repr(shown)


def test_a_days_worth_of_a_botnet_finds_nobody() -> None:
    """What the limits let through, against the number of codes; and the same at small scale, where it can be tried."""
    from portal_app.public.config import PublicSettings

    settings = PublicSettings()
    blocks, processes, people = 100_000, 2, 74_000
    tries = blocks * processes * min(settings.daily, settings.rate * 60 * 24)
    chance = tries * people / len(typed.ALPHABET) ** typed.RANDOM
    # And whoever hits a code has its owner's name, birth date and number still to find in ten tries.
    assert chance < 0.001


def test_thousands_of_guesses_find_nobody_and_lock_nobody_out(slip: Any) -> None:
    lookup = RegistryLookup(slip.place.registry, sleep=lambda _: None)
    for _ in range(500):
        guess = FindRequest(slip.told["name"], slip.told["born"], slip.told["number"], typed.new())
        assert isinstance(lookup.answer(guess, "public"), NothingFound)
    assert isinstance(lookup.answer(FindRequest(**slip.told), "public"), FoundOne)
