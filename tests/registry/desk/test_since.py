"""Whether people had a dose since a day: of whom it surely is, or by their number."""

from datetime import timedelta
from typing import Any

from vaxcert import codes
from vaxcert.registry import audit
from vaxcert.registry.desk.since import AskedSince, doses_since


def test_doses_since_a_day_are_told_of_whom_it_surely_is_or_by_number(desk: Any) -> None:
    day = desk.today - timedelta(days=40)
    mine = desk.profile(phone="0100000001")
    person = desk.record(mine, desk.dose(date=day), session=None).person_id
    desk.record(mine, desk.dose(2))
    stranger = desk.profile("Trần Ví Dụ", "1980-01-01", phone="0100000002")
    # Of one birth date and another telephone: that could be somebody else.
    unsure = desk.profile("Nguyễn Mẫu Thữ", "1990-05-17", phone="0100000003")
    asked = [
        AskedSince(mine, codes.COVID_19, day), AskedSince(mine, codes.COVID_19, day + timedelta(days=1)),
        AskedSince(mine, codes.COVID_19, desk.today + timedelta(days=1)), AskedSince(mine, "another", day),
        AskedSince(stranger, codes.COVID_19, day), AskedSince(unsure, codes.COVID_19, day),
        AskedSince(stranger, codes.COVID_19, day, person), AskedSince(stranger, codes.COVID_19, day, 99),
    ]  # fmt: skip
    both = (day, desk.today)
    assert doses_since(desk.registry, asked, actor="night") == [both, (desk.today,), (), (), (), (), both, ()]
    entry = audit.entries(desk.registry)[-1]
    assert (entry.action, entry.details) == ("look for doses", {"people": [person]})


def test_a_dose_that_does_not_count_is_none(desk: Any) -> None:
    from vaxcert.registry.desk import entering

    mine = desk.profile(phone="0100000001")
    entering.undo(desk.registry, desk.record(mine).dose_id, actor="nurse", withdraw=True, reason="a mistake")
    assert doses_since(desk.registry, [AskedSince(mine, codes.COVID_19, desk.today)], actor="night") == [()]
