"""Somebody found by little, added without a dose, and shown whole."""

from typing import Any
from uuid import uuid4

import pytest


def found(desk: Any, **told: str) -> list[tuple[str, list[str]]]:
    from vaxcert.registry.desk import finding

    search = finding.find(desk.registry, told, None, actor="nurse")
    return [(one.candidate.side.name, [str(way) for way in one.by]) for one in search.found]


@pytest.mark.parametrize(
    ("name", "born", "whose"),
    [
        ("mau thu", "1990", True), ("MẪU THỬ", "1990-05", True), ("thu", "1990-05-17", True), ("ngu m", "1990", True),
        ("au hu", "1990", False), ("mau thu", "1991", False), ("mau thu", "1990-06", False), ("khac", "1990", False),
        ("%", "1990", False), ("_au", "1990", False), ("thử nguyễn", "1990", True),
    ],
)  # fmt: skip
def test_beginnings_of_a_names_words_and_a_birth_date_as_far_as_it_is_said_find_somebody(
    desk: Any, name: str, born: str, whose: bool
) -> None:
    desk.record()
    assert bool(found(desk, full_name=name, date_of_birth=born)) is whose


def test_somebody_of_whom_less_is_on_record_than_is_said_is_found(desk: Any) -> None:
    desk.record(desk.profile(born="1990"))
    for born in ("1990", "1990-05", "1990-05-17"):
        assert found(desk, full_name="mau thu", date_of_birth=born), born
    assert not found(desk, full_name="mau thu", date_of_birth="1991-05-17")


def test_numbers_find_somebody_however_they_are_written(desk: Any) -> None:
    desk.record(desk.profile(phone="0900000001", national_id="001090000001"))
    assert found(desk, phone="0900 000 001") == [("Nguyễn Mẫu Thử", ["telephone"])]
    assert found(desk, national_id="001 090 000 001") == [("Nguyễn Mẫu Thử", ["identity_number"])]
    both = found(desk, phone="0900000001", full_name="thu", date_of_birth="1990")
    assert both == [("Nguyễn Mẫu Thử", ["telephone", "name_and_year"])]


def test_too_little_finds_nobody_and_says_so(desk: Any) -> None:
    from vaxcert.registry.desk import finding

    desk.record()
    for told in ({}, {"full_name": "nguyen"}, {"date_of_birth": "1990"}, {"phone": "x"}):
        search = finding.find(desk.registry, told, None, actor="nurse")
        assert (search.found, search.enough) == ([], False)


def test_no_more_than_twenty_are_shown_and_that_there_are_more_is_said(desk: Any) -> None:
    from vaxcert.registry.desk import adding, finding

    for day in range(1, 24):
        profile = desk.profile(f"Nguyễn Mẫu {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[day]}a", f"1990-05-{day:02}")
        adding.add(desk.registry, profile, session=desk.session, request_id=uuid4(), actor="clerk")
    search = finding.find(desk.registry, {"full_name": "mau", "date_of_birth": "1990"}, None, actor="nurse")
    assert (len(search.found), search.more) == (20, True)


def test_a_search_stands_in_the_audit_log_with_the_numbers_of_those_found(desk: Any) -> None:
    from vaxcert.registry import audit

    entry = desk.record()
    found(desk, full_name="thu", date_of_birth="1990")
    last = next(iter(audit.entries(desk.registry, last=1)))
    assert (last.action, last.actor) == ("search", "nurse")
    assert str(entry.person_id) in str(last) and "thu" not in str(last)


def test_somebody_new_is_on_the_list_once_for_an_id_and_can_be_taken_back(desk: Any) -> None:
    from vaxcert.registry import runs
    from vaxcert.registry.desk import adding, sessions

    request = uuid4()
    numbers = {
        adding.add(desk.registry, desk.profile(), session=desk.session, request_id=request, actor="clerk")
        for _ in range(2)
    }
    assert len(numbers) == 1
    (one,) = sessions.people(desk.registry, desk.session, actor="clerk")
    assert (one.side.number, one.presence, one.request_id) == (numbers.pop(), "here", request)
    run = runs.listed(desk.registry)[-1]
    runs.undo(desk.registry, run.id, actor="clerk")
    assert sessions.people(desk.registry, desk.session, actor="clerk") == []


def test_nobody_is_added_who_is_on_record_or_could_be_and_was_not_shown(desk: Any, refused: Any) -> None:
    from vaxcert.registry.desk import adding

    known = desk.record(desk.profile(phone="0900000001"), session=None).person_id

    def add(profile: Any, *others: int) -> int:
        return adding.add(
            desk.registry, profile, session=desk.session, request_id=uuid4(), actor="clerk", others=frozenset(others)
        )

    sure = desk.profile(phone="0900000001")
    assert refused(lambda: add(sure, known)) == ("person", "on_record_surely")
    unsure = desk.profile(district="")
    assert refused(lambda: add(unsure)) == ("person", "candidates_unseen")
    assert add(unsure, known) != known
    # What was answered at the desk is no question any more.
    from vaxcert.registry.records import completeness

    with desk.registry.reading() as connection:
        assert completeness.asked(connection) == frozenset()


def test_nobody_is_added_to_a_session_that_is_closed(desk: Any, refused: Any) -> None:
    from vaxcert.registry.desk import adding, sessions

    sessions.close(desk.registry, desk.session, actor="nurse")
    assert refused(
        lambda: adding.add(desk.registry, desk.profile(), session=desk.session, request_id=uuid4(), actor="clerk")
    ) == ("session", "session_closed")


def test_a_record_tells_which_doses_can_be_taken_back(desk: Any) -> None:
    from datetime import timedelta

    from vaxcert.registry.desk import showing

    entry = desk.record(desk.profile(guardian="Nguyễn Mẫu Mẹ"))
    one = showing.whole(desk.registry, entry.person_id, actor="nurse")
    assert [(held.takeable, str(held.certificate), held.events) for held in one.doses] == [(True, "none", 0)]
    assert one.told["guardian"] == "Nguyễn Mẫu Mẹ" and "Mẹ" not in repr(one)
    assert showing.of_dose(desk.registry, entry.dose_id, actor="nurse").number == one.number
    clock = desk.registry.clock
    desk.registry.clock = lambda: clock() + timedelta(days=1)
    assert not showing.whole(desk.registry, entry.person_id, actor="nurse").doses[0].takeable
