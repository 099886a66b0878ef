"""A session has one product of a lot that is there, and a list: who is expected, who came, who has had their dose."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from vaxcert.errors import NotFoundError
from vaxcert.registry.desk import entering, sessions, supplies
from vaxcert.registry.desk.sessions import Presence

Refused = Callable[[Callable[[], Any]], tuple[str, str]]


def test_a_session_is_opened_for_a_lot_of_its_product_that_the_site_has_left(desk: Any, refused: Refused) -> None:
    def opened(**more: Any) -> int:
        said = {"site": "VP01", "product": "EU/1/20/1528", "lot": "L1", "actor": "nurse"}
        return sessions.open_session(desk.registry, **(said | more))

    for more in ({"lot": "L9"}, {"lot": "M1"}, {"site": "VP02"}):
        assert refused(lambda more=more: opened(**more)) == ("lot", "not_in_stock")
    assert refused(lambda: opened(day=desk.today - timedelta(days=1))) == ("date", "day_over")
    with pytest.raises(NotFoundError):
        opened(site="VP99")
    number = opened(product="EU/1/20/1507", lot="M1", day=desk.today + timedelta(days=1))
    (one,) = sessions.listed(desk.registry, site="VP01", day=desk.today + timedelta(days=1))
    assert (one.id, one.product, one.lot, one.is_open, one.opened_by) == (number, "EU/1/20/1507", "M1", True, "nurse")
    assert supplies.lots(desk.registry, "VP01") == [("L1", "EU/1/20/1528", 3), ("M1", "EU/1/20/1507", 5)]


def test_a_list_shows_who_is_expected_who_came_and_who_has_had_their_dose(desk: Any) -> None:
    rows = [{"lot": "L0"}, {"full_name": "Trần Ví Dụ", "phone": "2"}, {"full_name": "Lê Thử Nghiệm", "phone": "3"}]
    desk.place.take(*(row | {"lot": "L0"} for row in rows))
    numbers = [one.person_id for one in desk.place.people()]
    assert sessions.expect(desk.registry, desk.session, numbers[:2], actor="clerk") == 2
    assert sessions.expect(desk.registry, desk.session, numbers, actor="clerk") == 1
    for _ in range(2):
        sessions.check_in(desk.registry, desk.session, numbers[1], actor="clerk")
    listed = sessions.people(desk.registry, desk.session, actor="clerk")
    assert [(one.side.number, one.presence) for one in listed] == [
        (numbers[0], Presence.EXPECTED), (numbers[1], Presence.HERE), (numbers[2], Presence.EXPECTED),
    ]  # fmt: skip
    entry = desk.record(None, desk.dose(2), person=numbers[0], request=listed[0].request_id)
    walked_in = desk.record(desk.profile("Phạm Không Hẹn", "1970-02-03"))
    listed = sessions.people(desk.registry, desk.session, actor="clerk")
    assert [one.presence for one in listed] == [Presence.DONE, Presence.HERE, Presence.EXPECTED, Presence.DONE]
    assert (listed[0].dose_id, listed[3].dose_id) == (entry.dose_id, walked_in.dose_id)
    session = sessions.get(desk.registry, desk.session)
    assert (session.expected, session.came, session.given) == (4, 3, 2)


def test_who_was_taken_back_waits_on_the_list_under_another_id(desk: Any) -> None:
    desk.place.take({})
    (one,) = desk.place.people()
    sessions.expect(desk.registry, desk.session, [one.person_id], actor="clerk")
    (before,) = sessions.people(desk.registry, desk.session, actor="clerk")
    entry = desk.record(None, desk.dose(2), person=one.person_id, request=before.request_id)
    entering.undo(desk.registry, entry.dose_id, actor="nurse")
    (after,) = sessions.people(desk.registry, desk.session, actor="clerk")
    assert after.presence is Presence.HERE and after.request_id != before.request_id
    assert desk.record(None, desk.dose(2), person=one.person_id, request=after.request_id).dose_id


def test_nothing_is_changed_at_a_session_that_is_closed_and_nobody_is_found_at_none(
    desk: Any, refused: Refused
) -> None:
    entry = desk.record()
    sessions.close(desk.registry, desk.session, actor="nurse")
    for attempt in (
        lambda: sessions.close(desk.registry, desk.session, actor="nurse"),
        lambda: sessions.expect(desk.registry, desk.session, [entry.person_id], actor="nurse"),
        lambda: sessions.check_in(desk.registry, desk.session, entry.person_id, actor="nurse"),
    ):
        assert refused(attempt) == ("session", "session_closed")
    for lost in (
        lambda: sessions.get(desk.registry, 99),
        lambda: sessions.people(desk.registry, 99, actor="nurse"),
        lambda: sessions.close(desk.registry, 99, actor="nurse"),
    ):
        with pytest.raises(NotFoundError):
            lost()
