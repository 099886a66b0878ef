"""A place is taken, looked at, moved and given back by its ticket."""

from datetime import timedelta
from typing import Any

import pytest

from vaxcert import typed
from vaxcert.booking import Bookings, offers, taking
from vaxcert.booking.offers import MOST_WAITING
from vaxcert.booking.states import BookingRefusal, BookingState
from vaxcert.errors import ConfigurationError, NotFoundError, Reason


def test_whoever_books_gets_a_ticket_that_finds_the_place_and_initials_alone(counter: Any) -> None:
    offer = counter.offer(2)
    made = counter.book(offer, counter.somebody(1, full_name="Nguyễn Mẫu Thử"))
    assert made.state is BookingState.BOOKED and typed.read(typed.shown(made.ticket)) == made.ticket
    found = taking.by_ticket(counter.public, made.ticket)
    assert found == made
    assert (found.who.initials, found.who.year) == ("N. M. T.", "1990")
    assert (found.at.site, found.at.begins, found.changeable) == ("VP01", "07:30", True)
    assert counter.free(offer) == 1
    assert taking.by_ticket(counter.public, typed.new()) is None


def test_nothing_in_the_database_says_who_booked_and_the_publics_side_cannot_read_it(counter: Any) -> None:
    who = counter.somebody(7, full_name="Nguyễn Mẫu Thử", phone="0912345678")
    made = counter.book(counter.offer(2), who)
    (row,) = counter.rows()
    told = b"".join(value if isinstance(value, bytes) else str(value).encode() for value in row)
    if counter.url.startswith("sqlite"):
        told += b"".join(path.read_bytes() for path in counter.folder.glob("booking.db*"))
    for secret in ("Nguyễn", "Mẫu Thử", "N. M. T.", "1990-05-17", "0912345678", made.ticket, typed.shown(made.ticket)):
        assert secret.encode() not in told, secret
    with pytest.raises(ConfigurationError) as caught:
        _ = counter.public.desk
    assert caught.value.reason is Reason.NOT_FOUND
    from vaxcert.booking import applicants

    assert applicants.opened(counter.desk.desk, row.sealed) == who


def test_the_same_form_sent_twice_is_one_booking_and_another_of_the_same_page_is_not(counter: Any) -> None:
    offer = counter.offer(3)
    one, other = counter.somebody(), counter.somebody()
    first = counter.book(offer, one, request="form")
    assert counter.book(offer, one, request="form") == first
    second = counter.book(offer, other, request="form")
    assert second.ticket != first.ticket
    assert counter.free(offer) == 1


@pytest.mark.parametrize("name", ["Nguyễn Mẫu Thử", "NGUYEN MAU THU", "nguyễn  mẫu thử", "Mẫu Thử Nguyễn"])
def test_somebody_has_one_booking_at_a_telephone_however_they_write_their_name(counter: Any, name: str) -> None:
    offer, other = counter.offer(3), counter.offer(3, site="VP02")
    first = counter.book(offer, counter.somebody(1, full_name="Nguyễn Mẫu Thử"))
    assert counter.book(other, counter.somebody(1, full_name=name, phone="+84100000001")) is BookingRefusal.HAS_ONE
    assert taking.cancel(counter.public, first.ticket).state is BookingState.CANCELLED
    assert counter.book(other, counter.somebody(1, full_name=name)).state is BookingState.BOOKED


def test_a_family_books_at_one_telephone_and_no_seventh(counter: Any) -> None:
    offer = counter.offer(9)
    made = [counter.book(offer, counter.somebody(phone="0912345678")) for _ in range(7)]
    assert [one.state for one in made[:6]] == [BookingState.BOOKED] * 6
    assert made[6] is BookingRefusal.TOO_MANY
    taking.cancel(counter.public, made[0].ticket)
    assert counter.book(offer, counter.somebody(phone="0912345678")).state is BookingState.BOOKED


def test_who_finds_no_place_waits_and_moves_up_by_group_then_by_when_they_asked(counter: Any) -> None:
    offer = counter.offer(1)
    having = counter.book(offer)
    late = counter.somebody(group="1")
    assert counter.book(offer, late) is BookingRefusal.FULL
    waiting = {}
    for name, group in (("first of 9", "9"), ("second of 9", "9"), ("none", ""), ("of 5", "5")):
        waiting[name] = counter.book(offer, counter.somebody(group=group), wait=True)
        counter.later(minutes=1)
    waiting["of 1"] = counter.book(offer, late, wait=True)
    assert waiting["of 1"].state is BookingState.WAITING and waiting["of 1"].ahead == 0
    assert taking.by_ticket(counter.public, waiting["none"].ticket).ahead == 4
    order, last = [], having
    for _ in range(5):
        taking.cancel(counter.public, last.ticket)
        (name,) = [name for name, one in waiting.items() if counter.state(one.ticket) == "booked"]
        order.append(name)
        last = waiting[name]
    assert order == ["of 1", "of 5", "first of 9", "second of 9", "none"]


def test_more_places_go_to_those_who_wait_and_fewer_take_nobodys_away(counter: Any) -> None:
    offer = counter.offer(1)
    having, waiting = counter.book(offer), counter.book(offer, wait=True)
    counter.again(offer, 0)
    assert (counter.state(having.ticket), counter.state(waiting.ticket)) == ("booked", "waiting")
    taking.cancel(counter.public, having.ticket)
    assert counter.state(waiting.ticket) == "waiting"
    counter.again(offer, 2)
    assert counter.state(waiting.ticket) == "booked"
    assert counter.free(offer) == 1


def test_moving_takes_the_new_place_and_gives_the_old_one_to_whoever_waits(counter: Any) -> None:
    old, new, full = counter.offer(1), counter.offer(1, site="VP02", days=5), counter.offer(1, days=6)
    counter.book(full)
    mine, waiting = counter.book(old), counter.book(old, wait=True)
    assert taking.move(counter.public, mine.ticket, full) is BookingRefusal.FULL
    assert counter.state(waiting.ticket) == "waiting"
    moved = taking.move(counter.public, mine.ticket, new)
    assert (moved.at.id, moved.ticket, moved.moves, moved.mark) == (new, mine.ticket, 1, mine.mark)
    assert counter.state(waiting.ticket) == "booked"
    assert taking.move(counter.public, mine.ticket, new) == moved
    assert taking.move(counter.public, typed.new(), new) is BookingRefusal.NO_TICKET
    assert taking.move(counter.public, mine.ticket, 99) is BookingRefusal.OVER
    # Who waits may take a place elsewhere.
    another = counter.offer(1, days=7)
    queued = counter.book(old, wait=True)
    assert taking.move(counter.public, queued.ticket, another).state is BookingState.BOOKED


def test_who_cancels_is_forgotten_at_once_and_twice_is_once(counter: Any) -> None:
    made = counter.book(counter.offer(1))
    first = taking.cancel(counter.public, made.ticket)
    assert first.who is None and not first.changeable
    assert taking.cancel(counter.public, made.ticket) == first
    (row,) = counter.rows()
    assert (row.sealed, row.shown, row.ticket, row.phone_hash, row.only) == (None,) * 5
    assert taking.move(counter.public, made.ticket, counter.offer(1, days=5)) is BookingRefusal.SETTLED
    assert taking.cancel(counter.public, typed.new()) is BookingRefusal.NO_TICKET


def test_nothing_is_booked_moved_or_cancelled_once_the_time_has_come(counter: Any) -> None:
    offer, later = counter.offer(2, days=1), counter.offer(2, days=2)
    made = counter.book(offer)
    counter.now = counter.now.replace(hour=0, minute=29) + timedelta(days=1)  # 07:29 there
    assert counter.book(offer).state is BookingState.BOOKED
    counter.later(minutes=1)
    assert counter.book(offer) is BookingRefusal.OVER
    assert taking.cancel(counter.public, made.ticket) is BookingRefusal.SETTLED
    assert taking.move(counter.public, made.ticket, later) is BookingRefusal.SETTLED
    assert [one.id for one in offers.listed(counter.public)] == [later]


def test_on_the_day_itself_nobody_waits_or_moves_up(counter: Any) -> None:
    offer = counter.offer(1, days=1)
    having, waiting = counter.book(offer), counter.book(offer, wait=True)
    counter.now = counter.now.replace(hour=0, minute=0) + timedelta(days=1)
    assert counter.book(offer, wait=True) is BookingRefusal.OVER
    taking.cancel(counter.public, having.ticket)
    assert counter.state(waiting.ticket) == "waiting"


def test_a_queue_without_hope_takes_no_more(counter: Any) -> None:
    from sqlalchemy import insert

    from vaxcert.booking import schema

    offer = counter.offer(1)
    counter.book(offer)
    counter.book(offer, wait=True)
    values = {**counter.rows()[1]._mapping, "only": None}
    del values["id"]
    rows = [values | {"ticket_hash": f"t{n}", "request_hash": f"r{n}"} for n in range(MOST_WAITING - 1)]
    with counter.desk.writing() as connection:
        connection.execute(insert(schema.booking), rows)
    assert counter.book(offer, wait=True) is BookingRefusal.WAITING_FULL


def test_what_is_offered_is_told_by_place_and_day(counter: Any) -> None:
    first, second, far = counter.offer(4), counter.offer(3, days=5), counter.offer(2, site="VP02", days=4)
    counter.book(first)
    assert [(one.site, one.name, one.free) for one in offers.places(counter.public)] == [
        ("VP01", "Trạm Y tế Mẫu Một", 6), ("VP02", "Trạm Y tế Mẫu Hai", 2),
    ]  # fmt: skip
    assert [one.id for one in offers.listed(counter.public)] == [first, far, second]
    assert [one.id for one in offers.listed(counter.public, site="VP02")] == [far]
    assert offers.get(counter.public, 99) is None
    assert [one.code for one in offers.groups(counter.public)] == list("123456789")


def test_other_keys_and_other_databases_are_refused(counter: Any) -> None:
    from vaxcert.booking.sealing import DeskKey
    from vaxcert.registry.secrets import Secrets

    other, desk = counter.folder / "other.key", counter.folder / "other-desk.key"
    Secrets.create(other)
    DeskKey.create(desk)
    for keys in ((other,), (counter.key, desk)):
        with pytest.raises(ConfigurationError) as caught:
            Bookings.open(counter.url, *keys)
        assert caught.value.reason is Reason.KEY_DIFFERS
    with pytest.raises(ConfigurationError) as caught:
        Bookings.create(counter.url, counter.key, counter.desk_key)
    assert caught.value.reason is Reason.ALREADY_THERE
    with pytest.raises(NotFoundError):
        Bookings.open(f"sqlite:///{counter.folder / 'none.db'}", counter.key)
    with pytest.raises(NotFoundError, match="vaxcert booking init"):
        Bookings.open(f"sqlite:///{counter.folder / 'registry.db'}", counter.key)


def test_tables_of_another_version_are_told_and_the_desks_side_alone_brings_them_up(
    counter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vaxcert.booking import store

    monkeypatch.setattr(store, "VERSION", 2)
    monkeypatch.setitem(store.UPGRADES, 2, ("ALTER TABLE booking_offer ADD COLUMN note VARCHAR(20)",))
    with pytest.raises(ConfigurationError, match="earlier"):
        Bookings.open(counter.url, counter.key)
    Bookings.open(counter.url, counter.key, counter.desk_key).engine.dispose()
    Bookings.open(counter.url, counter.key).engine.dispose()
    monkeypatch.setattr(store, "VERSION", 1)
    with pytest.raises(ConfigurationError, match="later"):
        Bookings.open(counter.url, counter.key, counter.desk_key)
