"""What the registry's side and the desk do: offer, take back, receive, settle, tell, delete."""

import csv
import stat
from datetime import date, timedelta
from typing import Any

import pytest

from vaxcert import InputError, typed
from vaxcert.booking import offers, taking
from vaxcert.booking.staff import arriving, notices, offering, retaining, settling
from vaxcert.booking.states import BookingState
from vaxcert.errors import NotFoundError, Reason
from vaxcert.registry import audit
from vaxcert.registry.desk import sessions


def dosed(
    counter: Any, who: Any, day: date, *, site: str = "VP01", product: str = "EU/1/20/1528", number: int = 1
) -> int:
    """Have somebody on record with a dose of a day."""
    from uuid import uuid4

    from vaxcert.registry.desk import entering, people
    from vaxcert.registry.records.doses import RecordedDose

    told = {"full_name": who.full_name, "date_of_birth": who.date_of_birth, "phone": who.phone}
    said = people.read(counter.registry, told)
    assert said.profile is not None
    lot = {"VP01": "L1", "VP02": "L2"}[site]
    dose = RecordedDose(product=product, number=number, series=2, date=day, site=site, lot=lot)
    return entering.record(
        counter.registry, profile=said.profile, dose=dose, actor="nurse", request_id=uuid4()
    ).person_id


def written(counter: Any, **more: Any) -> list[dict[str, str]]:
    path = counter.folder / "notices.csv"
    path.unlink(missing_ok=True)
    many = notices.write(counter.desk, counter.registry, path, actor="night", **more)
    if not path.exists():
        assert many == 0
        return []
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with path.open(encoding="utf-8", newline="") as stream:
        found = list(csv.DictReader(stream))
    assert len(found) == many
    return found


def actions(counter: Any) -> list[str]:
    return [entry.action for entry in audit.entries(counter.registry, last=200)]


@pytest.mark.parametrize(
    ("said", "field"),
    [({"begins": "7:30"}, "begins"), ({"begins": "24:00"}, "begins"), ({"ends": "07:30"}, "ends"), ({"ends": "x"}, "ends"),
     ({"places": -1}, "places"), ({"places": 2_001}, "places")],
)  # fmt: skip
def test_what_makes_no_sense_is_not_offered(counter: Any, said: dict[str, Any], field: str) -> None:
    session = sessions.open_session(counter.registry, site="VP01", product="EU/1/20/1528", lot="L1", actor="chief")
    given = {"places": 5, "begins": "07:30", "ends": "09:00"} | said
    with pytest.raises(InputError) as caught:
        offering.offer(counter.desk, counter.registry, session, actor="chief", **given)
    assert caught.value.field == field
    assert offers.listed(counter.public) == []


def test_a_session_that_is_closed_over_or_not_there_is_not_offered(counter: Any) -> None:
    session = sessions.open_session(counter.registry, site="VP01", product="EU/1/20/1528", lot="L1", actor="chief")
    given: dict[str, Any] = {"places": 5, "begins": "07:30", "ends": "09:00", "actor": "chief"}
    with pytest.raises(NotFoundError):
        offering.offer(counter.desk, counter.registry, 99, **given)
    counter.later(days=1)
    with pytest.raises(InputError) as caught:
        offering.offer(counter.desk, counter.registry, session, **given)
    assert caught.value.reason is Reason.DAY_OVER
    sessions.close(counter.registry, session, actor="chief")
    with pytest.raises(InputError) as caught:
        offering.offer(counter.desk, counter.registry, session, **given)
    assert caught.value.reason is Reason.SESSION_CLOSED


def test_what_is_taken_back_is_told_to_those_who_had_a_place_or_waited_and_then_forgotten(counter: Any) -> None:
    offer = counter.offer(1)
    one, other = counter.somebody(), counter.somebody()
    having, waiting = counter.book(offer, one), counter.book(offer, other, wait=True)
    gone = counter.book(counter.offer(3, days=9))
    assert offering.withdraw(counter.desk, counter.registry, offer, actor="chief") == 2
    assert counter.state(having.ticket) == counter.state(waiting.ticket) == "withdrawn"
    assert counter.state(gone.ticket) == "booked"
    assert offer not in [one.id for one in offers.listed(counter.public)]
    # They may book again at once.
    assert counter.book(counter.offer(3, days=8), one).state is BookingState.BOOKED
    told = written(counter)
    assert [(row["kind"], row["name"]) for row in told] == [
        ("withdrawn", one.full_name),
        ("withdrawn", other.full_name),
    ]
    assert "đã bị hủy" in told[0]["text"] and "Trạm Y tế Mẫu Một" in told[0]["text"]
    assert [row.sealed for row in counter.rows()][:2] == [None, None]
    assert written(counter) == []
    with pytest.raises(NotFoundError):
        offering.withdraw(counter.desk, counter.registry, 99, actor="chief")


def test_each_thing_is_told_once_and_a_reminder_comes_the_day_before(counter: Any) -> None:
    near, far = counter.offer(1, days=1), counter.offer(1, days=5)
    soon, later = counter.book(near), counter.book(far)
    moving_up = counter.book(far, wait=True)
    assert [row["kind"] for row in written(counter)] == ["reminder"]
    assert written(counter) == []
    taking.cancel(counter.public, later.ticket)
    (told,) = written(counter)
    assert (told["kind"], told["day"], told["begins"]) == ("moved_up", moving_up.at.day.isoformat(), "07:30")
    counter.later(days=4)
    assert [row["kind"] for row in written(counter)] == ["reminder"]
    # Moved to another day, somebody is reminded of that one.
    other = counter.offer(1, days=6)
    taking.move(counter.public, moving_up.ticket, other)
    assert written(counter) == []
    counter.later(days=5)
    assert [(row["kind"], row["site"]) for row in written(counter)] == [("reminder", "VP01")]
    assert counter.state(soon.ticket) == "booked"


def test_what_cannot_be_written_does_not_count_as_told(counter: Any) -> None:
    from vaxcert.errors import ConfigurationError

    counter.book(counter.offer(1, days=1))
    (counter.folder / "notices.csv").mkdir()
    with pytest.raises(ConfigurationError):
        notices.write(counter.desk, counter.registry, counter.folder / "notices.csv", actor="night")
    (counter.folder / "notices.csv").rmdir()
    assert len(written(counter)) == 1


def test_the_desk_sees_who_has_a_place_today_by_time_and_it_is_noted(counter: Any) -> None:
    first, second = counter.offer(3, days=1, begins="09:00", ends="10:00"), counter.offer(3, days=1)
    counter.book(first, counter.somebody(full_name="Nguyễn Mẫu An"))
    counter.book(second, counter.somebody(full_name="Trần Mẫu Bình"))
    mine = counter.book(second, counter.somebody(full_name="Lê Mẫu Anh"))
    counter.book(counter.offer(3, days=1, site="VP02"))
    taking.cancel(counter.public, counter.book(second).ticket)
    day = counter.desk.today() + timedelta(days=1)
    listed = arriving.of_day(counter.desk, counter.registry, sites={"VP01"}, day=day, actor="lan")
    assert [one.who.full_name for one in listed] == ["Lê Mẫu Anh", "Trần Mẫu Bình", "Nguyễn Mẫu An"]
    found = arriving.by_ticket(counter.desk, counter.registry, mine.ticket, actor="lan")
    assert found == listed[0] == arriving.get(counter.desk, counter.registry, mine.id, actor="lan")
    assert arriving.by_ticket(counter.desk, counter.registry, typed.new(), actor="lan") is None
    assert "Mẫu" not in repr(found)
    assert actions(counter)[-4:] == ["list bookings", "view booking", "view booking", "view booking"]
    with pytest.raises(NotFoundError):
        arriving.get(counter.desk, counter.registry, 99, actor="lan")


def test_somebody_arrives_once_has_the_dose_or_did_not_come(counter: Any) -> None:
    offer = counter.offer(3)
    one, other, third = (counter.book(offer) for _ in range(3))
    for _ in range(2):
        arriving.arrived(counter.desk, one.id, person=5)
    assert arriving.get(counter.desk, counter.registry, one.id, actor="lan").person == 5
    assert taking.cancel(counter.public, one.ticket).value == "settled"
    with pytest.raises(InputError):
        arriving.absent(counter.desk, one.id)
    arriving.done(counter.desk, one.id)
    arriving.done(counter.desk, one.id)
    arriving.arrived(counter.desk, one.id)
    arriving.absent(counter.desk, other.id)
    assert (counter.state(one.ticket), counter.state(other.ticket)) == ("done", "no_show")
    # Late, but there.
    arriving.arrived(counter.desk, other.id)
    taking.cancel(counter.public, third.ticket)
    for change in (arriving.arrived, arriving.absent, arriving.done):
        with pytest.raises(InputError):
            change(counter.desk, third.id)
        with pytest.raises(NotFoundError):
            change(counter.desk, 99)


def test_who_turns_out_vaccinated_drops_out_and_whoever_waits_gets_the_place(counter: Any) -> None:
    offer = counter.offer(2, days=6)
    elsewhere, other = counter.somebody(), counter.somebody()
    mine, kept = counter.book(offer, elsewhere), counter.book(offer, other)
    waiting = counter.book(offer, wait=True)
    # Of the day on which they booked, and before: the one after which the next was booked.
    dosed(counter, elsewhere, counter.desk.today())
    dosed(counter, other, counter.desk.today() - timedelta(days=60))
    counter.later(days=2)
    assert settling.settle(counter.desk, counter.registry, actor="night") == (0, 0, 0, 0, 0)
    dosed(counter, elsewhere, counter.desk.today(), site="VP02", number=2)
    told = settling.settle(counter.desk, counter.registry, actor="night")
    assert (told.dropped, told.moved_up) == (1, 1)
    assert [counter.state(one.ticket) for one in (mine, kept, waiting)] == ["dropped", "booked", "booked"]
    assert counter.rows()[0].sealed is None
    assert settling.settle(counter.desk, counter.registry, actor="night") == (0, 0, 0, 0, 0)


def test_a_dose_of_the_day_is_the_one_that_was_booked(counter: Any) -> None:
    offer = counter.offer(3, days=2)
    one, found, absent = counter.somebody(), counter.somebody(), counter.somebody()
    mine, theirs, gone = (counter.book(offer, who) for who in (one, found, absent))
    counter.later(days=2)
    dosed(counter, one, counter.desk.today())
    # Of another name on record: by the number that the desk found out.
    person = dosed(counter, counter.somebody(full_name="Trần Mẫu Khác"), counter.desk.today())
    arriving.arrived(counter.desk, theirs.id, person=person)
    assert settling.settle(counter.desk, counter.registry, actor="night").done == 2
    assert [counter.state(one.ticket) for one in (mine, theirs, gone)] == ["done", "done", "booked"]
    counter.later(days=1)
    assert settling.settle(counter.desk, counter.registry, actor="night").no_shows == 1
    assert counter.state(gone.ticket) == "no_show"
    # Nobody is kept from the next dose.
    for who in (one, found, absent):
        assert counter.book(counter.offer(1, days=5), who).state is BookingState.BOOKED


def test_who_waited_in_vain_is_told_and_free_for_another(counter: Any) -> None:
    offer, who = counter.offer(1, days=1), counter.somebody()
    counter.book(offer)
    waiting = counter.book(offer, who, wait=True)
    counter.later(days=1)
    assert settling.settle(counter.desk, counter.registry, actor="night").unplaced == 1
    assert counter.state(waiting.ticket) == "unplaced"
    assert [row["kind"] for row in written(counter, ahead=timedelta(-1))] == ["unplaced"]
    assert counter.book(counter.offer(1, days=5), who).state is BookingState.BOOKED


def test_somebody_here_without_a_dose_on_record_came_and_may_book_again(counter: Any) -> None:
    offer, who = counter.offer(1, days=1), counter.somebody()
    arriving.arrived(counter.desk, counter.book(offer, who).id)
    counter.later(days=2)
    settling.settle(counter.desk, counter.registry, actor="night")
    assert counter.book(counter.offer(1, days=5), who).state is BookingState.BOOKED


def test_who_was_deleted_from_the_registry_stops_nothing(counter: Any) -> None:
    from vaxcert.registry.care import privacy

    offer, who = counter.offer(1, days=2), counter.somebody()
    mine = counter.book(offer, who)
    person = dosed(counter, who, counter.desk.today() - timedelta(days=90))
    arriving.arrived(counter.desk, mine.id, person=person)
    privacy.delete_person(counter.registry, person, actor="chief", reason="asked for")
    settling.settle(counter.desk, counter.registry, actor="night")
    assert counter.state(mine.ticket) == "arrived"


def test_bookings_are_deleted_after_their_day_and_how_many_came_is_kept(counter: Any) -> None:
    offer, ahead = counter.offer(4, days=1), counter.offer(2, days=20)
    came, absent, missed = (counter.book(offer) for _ in range(3))
    taking.cancel(counter.public, counter.book(offer).ticket)
    kept = counter.book(ahead)
    arriving.arrived(counter.desk, came.id)
    counter.later(days=2)
    settling.settle(counter.desk, counter.registry, actor="night")
    (before, _) = retaining.counts(counter.desk)
    assert (before.places, before.taken, before.came, before.no_shows) == (4, 3, 1, 2)
    counter.later(days=6)
    assert retaining.retain(counter.desk, counter.registry, actor="night") == 0
    counter.later(days=1)
    assert retaining.retain(counter.desk, counter.registry, actor="night") == 4
    assert retaining.retain(counter.desk, counter.registry, actor="night") == 0
    assert [row.id for row in counter.rows()] == [kept.id]
    assert retaining.counts(counter.desk)[0] == before
    assert taking.by_ticket(counter.public, absent.ticket) is taking.by_ticket(counter.public, missed.ticket) is None
    assert [one.id for one in retaining.counts(counter.desk, since=counter.desk.today())] == [ahead]
    if counter.url.startswith("sqlite"):
        assert (counter.folder / "booking.db-wal").stat().st_size == 0
