"""So many certificates and no more: an account, a site, all; and many at once are somebody else's to approve too."""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from vaxcert.errors import ConfigurationError, NotFoundError, Reason
from vaxcert.registry import audit, schema
from vaxcert.signer.alarms import Alarms
from vaxcert.signer.limits import SigningLimits
from vaxcert.signer.protocol import KeptRequest


def refused(ask: Callable[[], object]) -> Reason:
    with pytest.raises(ConfigurationError) as caught:
        ask()
    return caught.value.reason


@pytest.mark.parametrize("window", ["hour", "day"])
@pytest.mark.parametrize("whose", ["account", "site", "all"])
def test_past_a_limit_nothing_is_signed_until_its_time_is_over(
    signing: Any, many: Callable[[int], list[int]], place: Any, whose: str, window: str
) -> None:
    doses = many(4)
    running = signing(limits=SigningLimits(**{f"{whose}_{window}": 2}))
    # Who asks under other names keeps to the limits that do not ask for names.
    accounts = ["lan"] * 3 if whose == "account" else ["lan", "hoa", "minh"]
    sites = ["VP01"] * 3 if whose == "site" else ["VP01", "VP02", "VP03"]
    for dose, account, site in list(zip(doses, accounts, sites, strict=False))[:2]:
        assert running.client.sign(dose, account=account, site=site).new
    assert refused(lambda: running.client.sign(doses[2], account=accounts[2], site=sites[2])) is Reason.LIMIT_REACHED
    assert running.agrees(2)
    # What is there already is given out all the same.
    assert not running.client.sign(doses[0], account=accounts[0], site=sites[0]).new
    place.now += timedelta(hours=1 if window == "hour" else 24, seconds=1)
    assert running.client.sign(doses[2], account=accounts[2], site=sites[2]).new


def test_one_accounts_limit_is_not_anothers(signing: Any, many: Callable[[int], list[int]]) -> None:
    doses = many(2)
    running = signing(limits=SigningLimits(account_hour=1))
    assert running.client.sign(doses[0], account="lan").new
    assert running.client.sign(doses[1], account="hoa").new


def test_a_restart_forgets_no_limit(signing: Any, many: Callable[[int], list[int]]) -> None:
    doses = many(2)
    running = signing(limits=SigningLimits(account_hour=1))
    running.client.sign(doses[0], account="lan")
    running.stop()
    running = signing(limits=SigningLimits(account_hour=1))
    assert refused(lambda: running.client.sign(doses[1], account="lan")) is Reason.LIMIT_REACHED


def test_a_limit_that_is_reached_is_an_alarm_with_an_audit_entry_once_an_hour(
    signing: Any, many: Callable[[int], list[int]], place: Any, tmp_path: Path
) -> None:
    doses = many(3)
    out = tmp_path / "alarms"
    command = (sys.executable, "-c", f"import sys; open({str(out)!r}, 'a').write(sys.stdin.read() + chr(10))")
    running = signing(limits=SigningLimits(account_hour=1), hook=command)
    running.client.sign(doses[0], account="lan")
    for dose in doses[1:]:
        refused(lambda dose=dose: running.client.sign(dose, account="lan"))  # type: ignore[misc]
    assert [entry.action for entry in audit.entries(place.registry)].count("limit reached") == 1
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and not (out.exists() and out.read_text().endswith("\n")):
        time.sleep(0.02)
    (line,) = out.read_text().splitlines()
    assert json.loads(line) == {"alarm": "limit", "about": "account lan", "window": "hour", "most": 1}


def test_an_alarm_rings_again_after_an_hour_and_strangers_inventions_fill_no_memory() -> None:
    now = [0.0]
    alarms = Alarms(clock=lambda: now[0])
    assert [alarms.ring("limit", "lan"), alarms.ring("limit", "lan"), alarms.ring("limit", "hoa")] == [
        True,
        False,
        True,
    ]
    for number in range(2_000):
        alarms.ring("account", str(number))
    assert len(alarms._last) == 1_000
    now[0] = 3_601
    assert alarms.ring("limit", "lan")


def test_a_failing_alarm_command_stops_nobody(signing: Any, many: Callable[[int], list[int]]) -> None:
    doses = many(2)
    running = signing(limits=SigningLimits(account_hour=1), hook=("/nonexistent/alarm",))
    running.client.sign(doses[0], account="lan")
    assert refused(lambda: running.client.sign(doses[1], account="lan")) is Reason.LIMIT_REACHED
    assert not running.client.sign(doses[0], account="lan").new


def test_many_at_once_wait_for_another_account_and_are_signed_after_its_yes(
    signing: Any, many: Callable[[int], list[int]], place: Any
) -> None:
    doses = many(5)
    running = signing(limits=SigningLimits(bulk_over=4))
    kept = running.client.sign_many(doses, account="lan", site="VP01")
    assert isinstance(kept, KeptRequest)
    assert running.agrees(0)
    # Asked again, it is the same request.
    assert running.client.sign_many([*doses, doses[0]], account="lan", site="VP01") == kept
    (waits,) = running.client.waiting()
    assert (waits.request, waits.account, waits.site, waits.doses) == (kept.request, "lan", "VP01", 5)
    for account in ("lan", "LAN"):
        assert refused(lambda account=account: running.client.approve(kept.request, account=account)) is Reason.OWN_REQUEST  # type: ignore[misc]  # fmt: skip
    assert running.agrees(0)
    answer = running.client.approve(kept.request, account="chief")
    assert [one.dose for one in answer.certificates] == doses
    assert not any(one.text for one in answer.certificates)
    assert running.agrees(5)
    assert running.client.waiting() == ()
    with pytest.raises(NotFoundError):
        running.client.approve(kept.request, account="chief")
    actions = [(entry.action, entry.actor.split()[0]) for entry in audit.entries(place.registry)]
    assert actions[-3:] == [("ask for many", "lan"), ("approve", "chief"), ("sign", "lan")]


def test_what_is_declined_is_not_signed_and_cannot_be_approved_any_more(
    signing: Any, many: Callable[[int], list[int]]
) -> None:
    doses = many(3)
    running = signing(limits=SigningLimits(bulk_over=2))
    kept = running.client.sign_many(doses, account="lan")
    running.client.decline(kept.request, account="chief")
    with pytest.raises(NotFoundError):
        running.client.approve(kept.request, account="chief")
    assert running.agrees(0)


def test_a_yes_from_a_process_that_may_only_ask_is_refused(signing: Any, many: Callable[[int], list[int]]) -> None:
    doses = many(3)
    running = signing(limits=SigningLimits(bulk_over=2), approvers=[os.getuid() + 1])
    kept = running.client.sign_many(doses, account="lan")
    assert refused(lambda: running.client.approve(kept.request, account="chief")) is Reason.PEER_NOT_ALLOWED
    assert running.agrees(0)


def test_what_two_people_asked_for_counts_among_all_and_not_as_the_askers(
    signing: Any, many: Callable[[int], list[int]]
) -> None:
    doses = many(7)
    running = signing(limits=SigningLimits(bulk_over=2, account_hour=2, all_hour=6))
    kept = running.client.sign_many(doses[:5], account="lan")
    running.client.approve(kept.request, account="chief")
    assert running.client.sign(doses[5], account="lan").new
    assert refused(lambda: running.client.sign(doses[6], account="lan")) is Reason.LIMIT_REACHED


def test_more_than_the_most_at_once_is_refused_and_not_kept(signing: Any, many: Callable[[int], list[int]]) -> None:
    running = signing(limits=SigningLimits(bulk_over=2, bulk_most=3))
    assert refused(lambda: running.client.sign_many([1, 2, 3, 4], account="lan")) is Reason.TOO_LARGE
    assert running.client.waiting() == ()


def test_an_approval_that_was_stopped_before_its_end_is_given_again_and_signs_nothing_twice(
    signing: Any, many: Callable[[int], list[int]], place: Any
) -> None:
    doses = many(3)
    running = signing(limits=SigningLimits(bulk_over=2))
    kept = running.client.sign_many(doses, account="lan")
    running.client.approve(kept.request, account="chief")
    table = schema.bulk_request
    with place.registry.writing() as connection:
        connection.execute(table.update().values(state="waiting"))
    again = running.client.approve(kept.request, account="chief")
    assert [one.new for one in again.certificates] == [False] * 3
    assert running.agrees(3)
    with place.registry.reading() as connection:
        assert connection.scalar(select(table.c.state)) == "approved"
