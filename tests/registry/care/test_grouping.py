"""Questions of one kind answered at once: after a sample, never across a contradiction, and taken back exactly."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vaxcert import ConfigurationError
from vaxcert.errors import Reason
from vaxcert.registry import runs
from vaxcert.registry.care import beside, grouping, reviewing
from vaxcert.registry.comparing.clusters import stated_against
from vaxcert.registry.records.asking import open_questions
from vaxcert.registry.records.neighbourhood import around

SECOND = {"dose": "2/2", "date": "2026-04-01"}


def pairs(count: int, **told: str) -> list[dict[str, str]]:
    """So many people with two rows each, of which the second lacks a middle name."""
    rows = []
    for number in range(count):
        name = f"{'ABCDEĐGHKL'[number % 10]}{'aăâeêioôuy'[number // 10]}m"
        one = {"full_name": f"Quách Mẫu {name}", "date_of_birth": f"19{60 + number}-05-17", "phone": f"01{number:08}"}
        rows += [one, one | SECOND | {"full_name": f"Quách {name}"} | told]
    return rows


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "FEWEST", 2)


def answered(place: Any, decision: str = "same") -> list[int]:
    """The sample of the one group, answered one by one."""
    (group,) = grouping.groups(place.registry)
    sample = grouping.sample(place.registry, group.number, actor="chief")
    assert [question.id for question in sample] == sorted(group.sample, key=[one.id for one in sample].index)
    return [reviewing.decide_all(place.registry, [(one.id, decision)], actor="chief") for one in sample]


def test_a_group_is_answered_at_once_after_its_sample_and_taken_back_exactly(place: Any, few: None) -> None:
    place.take(*pairs(12))
    (group,) = grouping.groups(place.registry)
    assert (group.questions, len(group.sample), group.answer, group.ready) == (
        12,
        grouping.needed(12, group.kind),
        None,
        False,
    )
    assert "middle_name_missing" in group.kind
    with pytest.raises(ConfigurationError) as refused:
        grouping.decide_like(place.registry, group.number, "same", actor="chief")
    assert refused.value.reason is Reason.SAMPLE_NOT_ANSWERED
    answered(place)
    (group,) = grouping.groups(place.registry)
    assert group.ready
    with pytest.raises(ConfigurationError):
        grouping.decide_like(place.registry, group.number, "different", actor="chief")
    before = place.state()
    done = grouping.decide_like(place.registry, group.number, "same", actor="chief")
    assert (done.answered, done.left) == (12 - grouping.needed(12, group.kind), 0)
    assert len(place.people()) == 12 and reviewing.waiting(place.registry) == 0
    runs.undo(place.registry, done.run, actor="chief")
    assert place.state() == before


def test_an_exception_in_the_sample_leaves_all_to_be_seen_one_by_one(place: Any, few: None) -> None:
    place.take(*pairs(12))
    (group,) = grouping.groups(place.registry)
    first, *others = group.sample
    reviewing.decide(place.registry, first, "different", actor="chief")
    for one in others:
        reviewing.decide(place.registry, one, "same", actor="chief")
    (group,) = grouping.groups(place.registry)
    assert (group.sample, group.answer, group.ready) == ((), None, False)
    with pytest.raises(ConfigurationError):
        grouping.decide_like(place.registry, group.number, "same", actor="chief")


def test_who_is_a_twin_is_seen_one_by_one(place: Any) -> None:
    place.take({}, {"full_name": "Nguyễn Mẫu Thừ"} | SECOND)
    (question,) = reviewing.questions(place.registry)
    assert grouping.groups(place.registry) == []
    with pytest.raises(ConfigurationError) as refused:
        grouping.decide_like(place.registry, question.id, "same", actor="chief")
    assert refused.value.reason is Reason.ONE_BY_ONE


def test_a_sample_grows_with_further_questions_and_what_was_answered_counts(place: Any, few: None) -> None:
    place.take(*pairs(4))
    answered(place)
    (group,) = grouping.groups(place.registry) or (None,)
    assert group is None or group.ready
    place.take(*pairs(40)[8:])
    (group,) = grouping.groups(place.registry)
    assert not group.ready and group.answered < grouping.needed(40, group.kind)


row = st.fixed_dictionaries(
    {
        "full_name": st.sampled_from(["Quách Mẫu Thử", "Quách Mẫu Thử", "Quách Thử", "QUACH MAU THU"]),
        "date_of_birth": st.sampled_from(["1990-05-17", "1990-05-17", "1990-01-01", "1990-05-07"]),
        "phone": st.sampled_from(["0100000001", "0100000001", ""]),
        "national_id": st.sampled_from(["", "", "099090000001", "099090000002"]),
        "district": st.sampled_from(["Tam Đảo", ""]),
        "dose": st.sampled_from(["1/2", "2/2"]),
        "date": st.sampled_from(["2026-03-01", "2026-04-01"]),
    }
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=12)
@given(st.lists(row, min_size=3, max_size=8))
def test_an_answer_for_all_never_crosses_what_is_stated_and_undo_restores_exactly(
    place: Any, few: None, rows: list[dict[str, str]]
) -> None:
    import_run = place.take(*rows).run
    for group in grouping.groups(place.registry):
        for one in group.sample:
            with place.registry.reading() as connection:
                known = {question.id for question in open_questions(connection)}
            if one in known:
                reviewing.decide(place.registry, one, "same", actor="chief")
        ready = [one for one in grouping.groups(place.registry) if one.kind == group.kind and one.ready]
        if not ready:
            continue
        with place.registry.reading() as connection:
            sides = around(connection, numbers=[one.person_id for one in place.people()])
        before, alone = place.state(), {one: sides.head(one) for one in sides.kept}
        try:
            done = grouping.decide_like(place.registry, ready[0].number, "same", actor="chief")
        except ConfigurationError:
            continue
        with place.registry.reading() as connection:
            now = around(connection, numbers=[one.person_id for one in place.people()])
        for one in now.kept:
            for other in now.kept:
                if now.head(one) == now.head(other) and alone[one] != alone[other]:
                    mine, theirs = ([sides.record(n) for n in sides.members(side)] for side in (one, other))
                    assert not stated_against(mine, theirs)
        runs.undo(place.registry, done.run, actor="chief")
        assert place.state() == before
    for run in reversed(
        [one.id for one in runs.listed(place.registry) if one.state == "done" and one.id >= import_run]
    ):
        runs.undo(place.registry, run, actor="chief")
    assert place.people() == []


def test_both_sides_are_shown_with_what_differs_their_doses_and_the_rows_they_came_from(place: Any) -> None:
    place.take({"full_name": "Quách Văn Mẫu", "phone": "0100000001"})
    place.take({"full_name": "Quách Mẫu", "phone": "0100000001", "district": "h. Tam Đảo"} | SECOND)
    (question,) = reviewing.questions(place.registry)
    shown = beside.compared(place.registry, question)
    lines = {line.field: line for line in shown.lines}
    assert (lines["name"].agrees, lines["name"].marked) == (False, ("Quách [Văn] Mẫu", "Quách Mẫu"))
    assert lines["district"].agrees and lines["phone"].agrees and "national_id" not in lines
    assert [(given.number, given.first, given.second) for given in shown.doses] == [(1, True, False), (2, False, True)]
    assert shown.rows == ((("unit-1.csv", 2),), (("unit-2.csv", 2),))
    assert "Quách" not in repr(shown)
