"""Many at once: the last places are given once each, on both databases."""

from collections import Counter as Count
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from vaxcert.booking import taking
from vaxcert.booking.states import BookingRefusal, BookingState


def test_of_a_hundred_who_want_ten_places_at_once_ten_get_one(counter: Any) -> None:
    offer = counter.offer(10)
    people = [counter.somebody() for _ in range(100)]
    with ThreadPoolExecutor(20) as pool:
        made = list(pool.map(lambda who: counter.book(offer, who), people))
    assert Count(one if isinstance(one, BookingRefusal) else one.state for one in made) == {
        BookingState.BOOKED: 10, BookingRefusal.FULL: 90,
    }  # fmt: skip
    assert len({one.ticket for one in made if not isinstance(one, BookingRefusal)}) == 10
    assert counter.free(offer) == 0


def test_of_many_who_move_to_the_last_place_at_once_one_gets_it_and_nobody_loses_theirs(counter: Any) -> None:
    old, new = counter.offer(12), counter.offer(1, days=5)
    mine = [counter.book(old) for _ in range(12)]
    with ThreadPoolExecutor(12) as pool:
        moved = list(pool.map(lambda one: taking.move(counter.public, one.ticket, new), mine))
    assert sum(one is BookingRefusal.FULL for one in moved) == 11
    assert (counter.free(old), counter.free(new)) == (1, 0)


def test_one_form_that_is_sent_many_times_at_once_is_one_booking(counter: Any) -> None:
    offer, who = counter.offer(5), counter.somebody()
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: counter.book(offer, who, request="form"), range(8)))
    assert len({one.ticket for one in made}) == 1
    assert counter.free(offer) == 4


def test_one_person_who_books_in_two_places_at_once_has_one(counter: Any) -> None:
    offers, who = [counter.offer(5, days=2 + day) for day in range(4)], counter.somebody()
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda offer: counter.book(offer, who), offers))
    assert sum(one is BookingRefusal.HAS_ONE for one in made) == 3
