"""What whoever answers or corrects is shown: both records whole, where they come from, and what a change would do."""

from datetime import date
from typing import Any

import pytest

from vaxcert import InputError
from vaxcert.errors import NotFoundError
from vaxcert.registry import runs
from vaxcert.registry.care import changing, comparing, history, reviewing
from vaxcert.registry.certificates import asking, issuing
from vaxcert.registry.states import ReviewKind, RunKind, Upon

FIRST = {"national_id": "001090000001", "phone": "0912345678"}
SECOND = {"full_name": "Nguyễn Mẫu Thừ", "phone": "0987654321", "dose": "2/2", "date": "2026-04-01"}


def test_a_question_has_both_records_whole_with_the_rows_that_told_of_them(place: Any) -> None:
    report = place.take(FIRST, SECOND)
    (one,) = reviewing.questions(place.registry)
    found = comparing.question(place.registry, one.id)
    assert (found.kind, found.decision, found.first.number, found.second.number) == ("person", None, 1, 2)
    assert found.first.told["national_id"] == "001090000001"
    assert [found.first.told["phone"], found.second.told["phone"]] == ["0912345678", "0987654321"]
    assert [(row.run, row.source, row.line) for row in (*found.first.rows, *found.second.rows)] == [
        (report.run, "unit-1.csv", 2), (report.run, "unit-1.csv", 3),
    ]  # fmt: skip
    assert found.first.masked_by == ("NGUYEN", "MAU<THU", "1990-05-17")
    assert "Mẫu" not in repr(found.first)
    run = reviewing.decide_all(place.registry, [(one.id, "same")], actor="chief")
    found = comparing.question(place.registry, one.id)
    assert (found.decision, found.decided_run, found.decided_by) == ("same", run, "chief")
    assert found.second.person == 1
    assert reviewing.answered_in(place.registry, run) == one.id
    assert reviewing.answered_in(place.registry, report.run) is None
    with pytest.raises(NotFoundError):
        comparing.question(place.registry, 99)
    assert comparing.record(place.registry, 2).person == comparing.owner_of(place.registry, 2) == 1
    with pytest.raises(NotFoundError):
        comparing.owner_of(place.registry, 99)


def test_a_dose_that_a_desk_recorded_comes_from_no_row(place: Any) -> None:
    from vaxcert.registry.records.doses import RecordedDose
    from vaxcert.registry.records.ledger import Ledger
    from vaxcert.registry.states import DoseState

    place.take(FIRST)
    with place.registry.writing() as connection:
        run = runs.begin(place.registry, connection, RunKind.RECORD, "nurse")
        ledger = Ledger(place.registry, connection, run, "nurse")
        ledger.new_dose(
            1, RecordedDose(product="EU/1/20/1528", number=2, series=2, date=date(2026, 4, 1)), DoseState.GOOD
        )
        ledger.write()
        runs.end(place.registry, connection, run, {})
    rows = comparing.record(place.registry, 1).rows
    assert [(row.run, row.line, row.dose_id) for row in rows] == [(1, 2, 1), (run, 0, 2)]


def test_open_questions_are_counted_by_kind_and_follow_one_another_round(place: Any) -> None:
    assert reviewing.open_by_kind(place.registry) == {}
    assert reviewing.next_open(place.registry) is None
    place.take(FIRST, SECOND, {"full_name": "Lê Ví Dụ", "national_id": "001080000002", "phone": "0933333333"})
    place.take({"full_name": "Lê Ví Dụ", "national_id": "001080000002", "phone": "0933333333", "date": "2026-03-05"})
    counts = reviewing.open_by_kind(place.registry)
    assert {kind: count for kind, (count, _) in counts.items()} == {"person": 1, "dose": 1}
    assert {oldest for _, oldest in counts.values()} == {place.registry.now()}
    first, second = (one.id for one in reviewing.questions(place.registry))
    assert [reviewing.next_open(place.registry, after=after) for after in (0, first, second)] == [first, second, first]
    assert reviewing.next_open(place.registry, kind=ReviewKind.DOSE) == first


def test_what_a_correction_would_change_is_told_and_nothing_is_written(place: Any) -> None:
    place.take(FIRST)
    before = place.state()
    told = changing.preview_person(place.registry, 1, {"given_name": "Thử"}, reason="typing error")
    assert [one.profile.person.given_name for one in told] == ["Mẫu Thử", "Thử"]
    told = changing.preview_dose(place.registry, 1, {"date": date(2026, 3, 2)}, reason="typing error")
    assert [one.doses[0].dose.date.day for one in told] == [1, 2]
    assert "Mẫu" not in repr(told)
    for preview, number, changes in (
        (changing.preview_person, 1, {"given_name": "Mẫu Thử"}), (changing.preview_dose, 1, {"number": 0}),
    ):  # fmt: skip
        with pytest.raises(InputError):
            preview(place.registry, number, changes, reason="typing error")
    assert place.state() == before


@pytest.mark.parametrize(
    ("changes", "revoked", "issued"),
    [
        ({"given_name": "Thử"}, 1, 1),
        ({"district": "Yên Lạc"}, 0, 0),
        ({"date": date(2026, 3, 2)}, 1, 1),
        ({"lot": "L9"}, 0, 0),
        ({"state": "withdrawn"}, 1, 0),
    ],
)
def test_what_a_correction_does_to_certificates_is_what_the_next_run_does(
    place: Any, issuer: Any, changes: dict[str, Any], revoked: int, issued: int
) -> None:
    place.take(FIRST)
    issuing.run(place.registry, issuer, actor="chief")
    of_person = bool(changes.keys() & set(changing.PERSON_FIELDS))
    preview = changing.preview_person if of_person else changing.preview_dose
    told = asking.affected(place.registry, *preview(place.registry, 1, changes, reason="typing error"))
    assert (len(told.revoked), told.issued) == (revoked, issued)
    correct = changing.correct_person if of_person else changing.correct_dose
    correct(place.registry, 1, changes, actor="chief", reason="typing error")
    report = issuing.run(place.registry, issuer, actor="chief")
    assert (report.revoked, sum(report.issued.values())) == (revoked, issued)


def test_what_is_due_of_a_site_or_an_import_is_what_the_run_at_night_issues(
    place: Any, issuer: Any, monkeypatch: Any
) -> None:
    first = place.take(FIRST, {"full_name": "Lê Ví Dụ", "phone": "0933333333", "site": "VP02"})
    second = place.take({"full_name": "Vũ Nháp", "phone": "0944444444", "dose": "2/2"})
    for most in (10_000, 0):
        monkeypatch.setattr(asking, "_MOST_NAMED", most)
        assert asking.due_doses(place.registry, site="VP01") == ([1], {"new": 1}, {"earlier_dose_missing": 1})
        assert asking.due_doses(place.registry, site="VP02").doses == [2]
        assert asking.due_doses(place.registry, run=first.run).doses == [1, 2]
        assert asking.due_doses(place.registry, run=second.run) == ([], {}, {"earlier_dose_missing": 1})
        assert asking.due_doses(place.registry, run=first.run, site="VP02").doses == [2]
        assert asking.due_doses(place.registry, site="NONE") == ([], {}, {})
    assert sum(issuing.run(place.registry, issuer, actor="chief").issued.values()) == 2
    assert asking.due_doses(place.registry, run=first.run).doses == []


def test_runs_come_newest_first_and_what_builds_upon_one_is_named(place: Any, issuer: Any) -> None:
    first = place.take(FIRST)
    second = place.take(FIRST | {"dose": "2/2", "date": "2026-04-01"})
    kinds = [RunKind.IMPORT]
    assert [one.id for one in history.newest(place.registry, kinds)] == [second.run, first.run]
    assert [one.id for one in history.newest(place.registry, kinds, most=1)] == [second.run]
    assert [one.id for one in history.newest(place.registry, kinds, before=second.run)] == [first.run]
    assert history.newest(place.registry, [RunKind.ISSUE]) == []
    assert history.one(place.registry, first.run).counts["new"] == 1
    with pytest.raises(NotFoundError):
        history.one(place.registry, 99)
    assert (Upon.DOSE_OF_SOMEBODY, second.run) in runs.built_upon(place.registry, first.run)
    assert runs.built_upon(place.registry, second.run) == []
    issued = issuing.run(place.registry, issuer, actor="chief").run
    assert (Upon.CERTIFICATE, issued) in runs.built_upon(place.registry, second.run)
