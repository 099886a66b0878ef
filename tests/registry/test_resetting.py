"""A registry for training as it was made: every night, for everybody at once, and no other registry ever."""

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from vaxcert import ConfigurationError, Environment, Issuer, SigningKey
from vaxcert.errors import Reason
from vaxcert.registry import Registry, audit, resetting, schema, transfer
from vaxcert.registry.accounts import entering, keeping, training
from vaxcert.registry.accounts.account import by_login, by_mark
from vaxcert.registry.certificates import issuing
from vaxcert.registry.desk import sessions
from vaxcert.registry.intake import lists
from vaxcert.trust.own import authority


@pytest.fixture
def made(place: Any) -> Any:
    """A registry for training with somebody in it, a session today and an account; `snapshot`: its copy."""
    registry = place.registry
    training.declare(registry, actor="test")
    stock = place.folder / "deliveries.csv"
    stock.write_text("site,lot,product,doses,received_on\nVP01,L1,EU/1/20/1528,50,2026-01-01\n", "utf-8")
    lists.load(registry, "deliveries", stock, actor="test")
    place.take({})
    keeping.create(registry, "lan", keeping.Wanted("Lan Mẫu", ["clerk"]), actor="test", password="a long password")
    sessions.open_session(registry, site="VP01", product="EU/1/20/1528", lot="L1", actor="test")
    place.snapshot = place.folder / "training.zip"
    transfer.export(registry, place.snapshot, actor="test")
    return place


def held(place: Any) -> dict[str, str]:
    """All that it holds, but for what a reset itself changes."""
    return {name: value for name, value in place.state().items() if name not in ("account", "desk_session")}


def test_it_holds_what_it_was_made_with_and_nothing_of_the_day(made: Any) -> None:
    before = held(made)
    made.take({"full_name": "Trần Giả Định", "phone": "0100000002"})
    keeping.create(made.registry, "hoa", keeping.Wanted("Hoa Mẫu", ["manager"]), actor="test")
    assert held(made) != before
    resetting.reset(made.registry, made.snapshot, actor="night")
    assert held(made) == before
    with made.registry.reading() as connection:
        assert by_login(connection, "hoa") is None
        assert by_login(connection, "lan") is not None
    audit.check(made.registry)
    last = audit.entries(made.registry, last=1)[0]
    assert (last.actor, last.action) == ("night", "training reset")
    # And rows are counted on from there, on either database.
    made.take({"full_name": "Trần Giả Định", "phone": "0100000002"})


def test_whoever_is_signed_in_has_to_sign_in_anew(made: Any) -> None:
    with made.registry.reading() as connection:
        mark = by_login(connection, "lan").session_mark  # type: ignore[union-attr]
    resetting.reset(made.registry, made.snapshot, actor="night")
    with made.registry.reading() as connection:
        assert by_mark(connection, mark) is None


def test_sessions_of_the_day_that_it_was_made_on_are_of_today(made: Any) -> None:
    made.now += timedelta(days=9)
    resetting.reset(made.registry, made.snapshot, actor="night")
    (session,) = sessions.listed(made.registry)
    assert session.day == made.registry.today()


def test_it_is_due_once_from_that_hour_on_in_the_country_of_the_registry(made: Any) -> None:
    # 15 June, 16:30 in Vietnam.
    assert not resetting.due(made.registry, 2)
    made.now += timedelta(hours=9, minutes=29)
    assert not resetting.reset_if_due(made.registry, made.snapshot, 2, actor="night")
    made.now += timedelta(minutes=2)
    assert not resetting.due(made.registry, 3)
    assert resetting.reset_if_due(made.registry, made.snapshot, 2, actor="night")
    assert not resetting.reset_if_due(made.registry, made.snapshot, 2, actor="night")
    made.now += timedelta(hours=24)
    assert resetting.due(made.registry, 2)


def test_of_several_who_see_that_it_is_due_one_resets_it(made: Any) -> None:
    made.now += timedelta(days=1)
    done: list[bool] = []

    def look() -> None:
        done.append(resetting.reset_if_due(made.registry, made.snapshot, 2, actor="night"))

    workers = [threading.Thread(target=look) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert sorted(done) == [False, False, False, True]


def test_it_is_reset_while_others_sign_in_and_look(made: Any) -> None:
    with made.registry.reading() as connection:
        number = by_login(connection, "lan").id  # type: ignore[union-attr]
    stop, faults = threading.Event(), []

    def work() -> None:
        while not stop.is_set():
            try:
                entering.entered(made.registry, number, "password")
                with made.registry.reading() as connection:
                    # Never a registry that is empty for a moment.
                    assert connection.scalar(select(schema.person.c.id)) is not None
            except Exception as error:
                faults.append(error)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for one in workers:
        one.start()
    for _ in range(5):
        resetting.reset(made.registry, made.snapshot, actor="night")
    stop.set()
    for one in workers:
        one.join()
    assert faults == []
    audit.check(made.registry)


def test_a_registry_that_was_not_declared_for_training_is_refused(place: Any) -> None:
    place.take({})
    out = place.folder / "all.zip"
    transfer.export(place.registry, out, actor="test")
    before = place.state()
    with pytest.raises(ConfigurationError) as caught:
        resetting.reset(place.registry, out, actor="night")
    assert caught.value.reason is Reason.NOT_TRAINING
    assert place.state() == before


def test_a_registry_with_a_certificate_of_a_real_key_is_refused(made: Any) -> None:
    authority.create(
        made.folder / "keys", country="VN", name="So Y te Mau", passphrase="signer's secret",
        csca_passphrase="authority's secret", environment=Environment.PRODUCTION, now=made.now - timedelta(days=1),
    )  # fmt: skip
    key = SigningKey.load(made.folder / "keys", password="signer's secret")
    issuer = Issuer(key, country="VN", authority="Sở Y tế", valid_for=timedelta(days=99), clock=lambda: made.now)
    # As somebody did who went round that.
    issuing.run(made.registry, issuer, actor="test")
    before = made.state()
    with pytest.raises(ConfigurationError, match="a real key"):
        resetting.reset(made.registry, made.snapshot, actor="night")
    assert made.state() == before


@pytest.mark.parametrize("what", ["another", "not training", "damaged", "none"])
def test_what_is_no_copy_of_it_leaves_it_as_it_is(made: Any, tmp_path: Path, what: str) -> None:
    source, before = tmp_path / "other.zip", made.state()
    key = tmp_path / "other.key" if what == "another" else made.key_file
    if what in ("another", "not training"):
        with Registry.create(f"sqlite:///{tmp_path / 'other.db'}", key, clock=lambda: made.now) as other:
            if what == "another":
                training.declare(other, actor="test")
            transfer.export(other, source, actor="test")
    elif what == "damaged":
        source.write_bytes(made.snapshot.read_bytes()[:-200])
    with pytest.raises(ConfigurationError):
        resetting.reset(made.registry, source, actor="night")
    assert made.state() == before
    audit.check(made.registry)
