"""How long a list is good for without news, and what a clock does to that."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from vaxcert import SigningKey, TrustStore, Verdict, Verifier
from vaxcert.errors import ConfigurationError
from vaxcert.trust.publishing.publisher import LASTS, Publisher
from vaxcert.trust.synced.sync import sync

MINUTE = timedelta(minutes=1)
SECRET, ROOT_SECRET = "publisher's secret", "root's secret"


def publisher_of(folder: Path, key: SigningKey, clock: Callable[[], datetime], hours: int = 48) -> Publisher:
    publisher = Publisher.create(
        folder / "workspace", environment="test", passphrase=SECRET, root_passphrase=ROOT_SECRET,
        max_offline_hours=hours, clock=clock,
    )  # fmt: skip
    publisher.add(key.certificate)
    publisher.publish(folder / "out", passphrase=SECRET)
    return publisher


@pytest.fixture
def folder(tmp_path: Path, key: SigningKey, now: datetime) -> Path:
    """A publication of `now` for 48 hours offline, and a store that is in step with it."""
    publisher_of(tmp_path, key, lambda: now)
    sync(tmp_path / "out", tmp_path / "store", root=(tmp_path / "workspace" / "root.json").read_bytes(), now=now)
    return tmp_path


def verdict_at(folder: Path, text: str, moment: datetime, at: datetime | None = None) -> Verdict:
    return Verifier(TrustStore.load(folder / "store"), clock=lambda: moment).verify(text, at=at)


@pytest.fixture
def false_card(forge: Any, now: datetime) -> str:
    """By the key id of the published key, but signed by another."""
    other = SigningKey.generate("VN", now=now - timedelta(days=30))
    text: str = forge.text(forge.message(forge.claims(), sign=other.sign))
    return text


def test_offline_it_is_good_until_the_signed_end_and_the_hours_that_the_publisher_allows(
    folder: Path, now: datetime, text: str, false_card: str
) -> None:
    until = now + LASTS["timestamp"] + timedelta(hours=48)
    store = TrustStore.load(folder / "store")
    assert store.freshness.valid_until == until
    assert store.freshness.published_at == now

    before, after = verdict_at(folder, text, until - MINUTE), verdict_at(folder, text, until + MINUTE)
    assert before.status == "accepted"
    assert (after.status, after.reason) == ("undetermined", "trust_list_stale")
    assert after.freshness.valid_until == until
    for moment in (now, until - MINUTE, until + MINUTE, until + timedelta(days=300)):
        verdict = verdict_at(folder, false_card, moment)
        assert (verdict.status, verdict.certificate) == ("refused", None)
        assert "signature_invalid" in {check.reason for check in verdict.checks}


def test_the_moment_that_a_card_is_judged_by_does_not_freshen_the_list(folder: Path, now: datetime, text: str) -> None:
    late = now + timedelta(days=30)
    verdict = verdict_at(folder, text, late, at=now)
    assert (verdict.status, verdict.reason) == ("undetermined", "trust_list_stale")
    # Nor does a card that is judged by another day make the list old.
    assert verdict_at(folder, text, now, at=now + timedelta(days=30)).status == "accepted"


def test_a_clock_that_jumped_forward_and_came_back_recovers_by_itself(folder: Path, now: datetime, text: str) -> None:
    far = now + timedelta(days=3650)
    store = TrustStore.load(folder / "store")
    clock = [now]
    verifier = Verifier(store, clock=lambda: clock[0])
    assert verifier.verify(text).status == "accepted"
    clock[0] = far
    assert verifier.verify(text, at=now).reason == "trust_list_stale"
    # A sync at that time finds everything expired; it may not leave the store worse than it was.
    with pytest.raises(ConfigurationError, match="ExpiredMetadataError"):
        sync(folder / "out", folder / "store", now=far)
    clock[0] = now + MINUTE
    assert verifier.verify(text).status == "accepted"
    assert verdict_at(folder, text, now + MINUTE).status == "accepted"
    assert not sync(folder / "out", folder / "store", now=now + MINUTE).changed


def test_a_clock_before_the_newest_publication_that_was_ever_seen_settles_nothing(
    folder: Path, now: datetime, text: str, false_card: str
) -> None:
    verdict = verdict_at(folder, text, now - MINUTE, at=now)
    assert (verdict.status, verdict.reason) == ("undetermined", "clock_rolled_back")
    assert verdict_at(folder, false_card, now - MINUTE, at=now).status == "refused"
    assert verdict_at(folder, text, now).status == "accepted"


def test_renewing_moves_the_end_and_the_newest_time(folder: Path, now: datetime, text: str) -> None:
    later = now + timedelta(hours=20)
    Publisher(folder / "workspace", clock=lambda: later).renew(folder / "out", passphrase=SECRET)
    done = sync(folder / "out", folder / "store", now=later)
    assert done.changed
    assert done.loaded.freshness.published_at == later
    assert done.loaded.freshness.valid_until == later + LASTS["timestamp"] + timedelta(hours=48)
    assert verdict_at(folder, text, later - MINUTE, at=now).reason == "clock_rolled_back"


def test_it_never_lasts_longer_than_the_targets_it_vouches_for(
    tmp_path: Path, key: SigningKey, now: datetime, text: str
) -> None:
    publisher_of(tmp_path, key, lambda: now, hours=720)
    last = now + LASTS["targets"]
    late = last - timedelta(hours=2)
    done = Publisher(tmp_path / "workspace", clock=lambda: late).renew(tmp_path / "out", passphrase=SECRET)
    assert done.valid_until == done.last_until == last
    loaded = sync(
        tmp_path / "out", tmp_path / "store", root=(tmp_path / "workspace" / "root.json").read_bytes(), now=late
    ).loaded
    assert loaded.freshness.valid_until == last
    assert verdict_at(tmp_path, text, last - MINUTE).status == "accepted"
    assert verdict_at(tmp_path, text, last + MINUTE).reason == "trust_list_stale"


@pytest.mark.parametrize("hours", [-1, 721, 10**9])
def test_nobody_may_be_told_to_go_on_for_more_than_thirty_days(
    tmp_path: Path, key: SigningKey, now: datetime, hours: int
) -> None:
    with pytest.raises(ConfigurationError, match="not 0 to 720 hours"):
        publisher_of(tmp_path, key, lambda: now, hours=hours)


def test_what_runs_all_day_follows_a_sync(folder: Path, key: SigningKey, now: datetime, text: str) -> None:
    store = TrustStore.load(folder / "store")
    assert store.current() is store
    later = now + timedelta(hours=20)
    Publisher(folder / "workspace", clock=lambda: later).renew(folder / "out", passphrase=SECRET)
    sync(folder / "out", folder / "store", now=later)
    follows = store.current()
    assert follows is not store
    assert follows.freshness.published_at == later
    assert follows.current() is follows
    # Whoever held the first one is led to the same, which was checked when it was opened.
    assert store.current() is follows
    # What cannot be opened does not take the place of what can.
    still_later = now + timedelta(hours=30)
    Publisher(folder / "workspace", clock=lambda: still_later).renew(folder / "out", passphrase=SECRET)
    sync(folder / "out", folder / "store", now=still_later)
    (folder / "store" / "current" / "targets" / "trust.json").write_bytes(b"{}")
    assert follows.current() is follows
    assert store.current() is store
    plain = TrustStore([key.trusted()])
    assert plain.current() is plain


def test_a_stolen_timestamp_key_that_named_a_far_time_is_undone_by_its_rotation(
    folder: Path, now: datetime, text: str
) -> None:
    thief = Publisher(folder / "workspace", clock=lambda: now + timedelta(days=3650))
    thief.renew(folder / "out", passphrase=SECRET)
    sync(folder / "out", folder / "store", now=now)
    assert verdict_at(folder, text, now).reason == "clock_rolled_back"
    publisher = Publisher(folder / "workspace", clock=lambda: now)
    publisher.renew(folder / "out", passphrase=SECRET)
    sync(folder / "out", folder / "store", now=now)
    assert verdict_at(folder, text, now).reason == "clock_rolled_back"
    publisher.rotate(("timestamp",), passphrase=SECRET, root_passphrase=ROOT_SECRET)
    publisher.publish(folder / "out", passphrase=SECRET)
    sync(folder / "out", folder / "store", now=now)
    assert verdict_at(folder, text, now).status == "accepted"
