"""Whatever was done, in whatever order: taken back from the last on, the registry is what it was before."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vaxcert import ConfigurationError, InputError
from vaxcert.registry import runs
from vaxcert.registry.care import changing, reviewing

names = st.sampled_from(["Nguyễn Mẫu Thử", "NGUYEN MAU THU", "Nguyễn Mẫu Thừ", "Nguyễn Mẫu Thửx", "Trần Ví Dụ"])
row = st.fixed_dictionaries(
    {
        "full_name": names,
        "date_of_birth": st.sampled_from(["1990-05-06", "1990-06-05", "1990"]),
        "phone": st.sampled_from(["", "0912345678", "0987654321"]),
        "national_id": st.sampled_from(["", "001090000001", "001090000002"]),
        "district": st.sampled_from(["", "Tam Đảo", "Yên Lạc"]),
        "dose": st.sampled_from(["1/2", "2/2"]),
        "date": st.sampled_from(["2026-03-01", "2026-03-02", "2026-04-01"]),
        "product": st.sampled_from(["EU/1/20/1528", "EU/1/20/1507", ""]),
    }
)
step = st.one_of(
    st.tuples(st.just("import"), st.lists(row, min_size=1, max_size=4)),
    st.tuples(st.just("decide"), st.integers(0, 9), st.integers(0, 2)),
    st.tuples(st.just("person"), st.integers(0, 9), names),
    st.tuples(st.just("dose"), st.integers(0, 9), st.sampled_from(["good", "withdrawn", "2026-02-01"])),
)


def done(place: Any, what: Any) -> int | None:
    """Do a step; its run, or None where there was nothing to do it to."""
    registry = place.registry
    kind, *how = what
    if kind == "import":
        return int(place.take(*how[0]).run)
    if kind == "decide":
        questions = reviewing.questions(registry)
        if not questions:
            return None
        one = questions[how[0] % len(questions)]
        answers = reviewing.DECISIONS[one.kind]
        return reviewing.decide_all(registry, [(one.id, answers[how[1] % len(answers)])], actor="chief")
    people = place.people()
    if not people:
        return None
    try:
        return corrected(registry, people, kind, how)
    except InputError:  # it is so already, or makes no sense
        return None


def corrected(registry: Any, people: Any, kind: str, how: Any) -> int:
    one = people[how[0] % len(people)]
    if kind == "person":
        family, _, given = how[1].partition(" ")
        changes = {"family_name": family, "given_name": given}
        return changing.correct_person(registry, one.person_id, changes, actor="clerk", reason="seen")
    changes = {"date": date.fromisoformat(how[1])} if how[1][0] == "2" else {"state": how[1]}
    return changing.correct_dose(registry, one.doses[0].dose_id, changes, actor="clerk", reason="seen")


@pytest.mark.one_database
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(st.lists(step, min_size=1, max_size=8))
def test_steps_taken_back_from_the_last_on_leave_the_registry_as_it_was(place: Any, steps: list[Any]) -> None:
    states, taken = [place.state()], []
    for what in steps:
        run = done(place, what)
        if run is not None:
            taken.append(run)
            states.append(place.state())
    for run in reversed(taken):
        assert place.state() == states.pop()
        runs.undo(place.registry, run, actor="chief")
    assert place.state() == states.pop()
    assert not states


@pytest.mark.one_database
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(st.lists(step, min_size=2, max_size=6), st.integers(0, 5))
def test_a_step_that_others_build_upon_is_not_taken_back_and_nothing_changes(
    place: Any, steps: list[Any], which: int
) -> None:
    """Either it can be taken back, then all that is left is of the others; or it says no, and all is as it was."""
    taken = [run for what in steps if (run := done(place, what)) is not None]
    if not taken:
        return
    run, before = taken[which % len(taken)], place.state()
    try:
        runs.undo(place.registry, run, actor="chief")
    except ConfigurationError as error:
        assert "builds upon it" in str(error)
        assert place.state() == before
    # The registry is whole either way: it is read, asked and imported into as before.
    place.people()
    reviewing.questions(place.registry)
    place.take({"full_name": "Lê Hư Cấu", "phone": "0999999998"})
