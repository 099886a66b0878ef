"""The sums that are kept beside the records say what a count of everybody says, whatever was done in whatever order."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from vaxcert import ConfigurationError, InputError
from vaxcert.registry import Registry, runs, schema, sums
from vaxcert.registry.care import changing, privacy, reviewing
from vaxcert.registry.intake import importing, lists
from vaxcert.registry.reports import doctor, due, kept, quality, stock
from vaxcert.registry.reports.coverage import DIMENSIONS, coverage

COMMUNES = ["", "Xã Đạo Trù", "đạo trù", "P. Tích Sơn"]
names = st.sampled_from(["Nguyễn Mẫu Thử", "NGUYEN MAU THU", "Nguyễn Mẫu Thửx", "Trần Ví Dụ"])
row = st.fixed_dictionaries(
    {
        "full_name": names,
        "date_of_birth": st.sampled_from(["1990-05-06", "1990-06-05", "1990", "2014-11-30"]),
        "phone": st.sampled_from(["", "0912345678", "0987654321"]),
        "district": st.sampled_from(["", "Tam Đảo", "H. Tam Đảo", "Yên Lạc"]),
        "priority_group": st.sampled_from(["", "1", "4"]),
        "dose": st.sampled_from(["1/2", "2/2", "1/1"]),
        "date": st.sampled_from(["2026-03-01", "2026-03-02", "2026-04-01"]),
        "product": st.sampled_from(["EU/1/20/1528", "EU/1/20/1507"]),
        "site": st.sampled_from(["VP01", "VP02", ""]),
        "lot": st.sampled_from(["", "L1", "L2"]),
    }
)
step = st.one_of(
    st.tuples(st.just("import"), st.lists(row, min_size=1, max_size=5)),
    st.tuples(st.just("decide"), st.integers(0, 9), st.integers(0, 2)),
    st.tuples(st.just("commune"), st.integers(0, 9), st.sampled_from(COMMUNES)),
    st.tuples(st.just("dose"), st.integers(0, 9), st.sampled_from(["good", "withdrawn", "2026-02-01"])),
    st.tuples(st.just("withdraw"), st.integers(1, 4)),
    st.tuples(st.just("delete"), st.integers(0, 9)),
    st.tuples(st.just("undo"), st.integers(1, 9)),
)


def does(place: Any, kind: str, *how: Any) -> None:
    """Do a step, as far as there is something to do it to."""
    registry, people = place.registry, place.people()
    if kind == "import":
        place.take(*how[0])
    elif kind == "decide":
        if questions := reviewing.questions(registry):
            one = questions[how[0] % len(questions)]
            answers = reviewing.DECISIONS[one.kind]
            reviewing.decide(registry, one.id, answers[how[1] % len(answers)], actor="chief")
    elif kind == "withdraw":
        changing.withdraw(registry, how[0], actor="clerk", reason="not so")
    elif kind == "undo":
        runs.undo(registry, how[0], actor="clerk")
    elif people:
        one = people[how[0] % len(people)]
        if kind == "commune":
            changing.correct_person(registry, one.person_id, {"commune": how[1]}, actor="clerk", reason="told")
        elif kind == "delete":
            privacy.delete_person(registry, one.person_id, actor="clerk", reason="asked for")
        else:
            changes = {"date": date.fromisoformat(how[1])} if how[1][0] == "2" else {"state": how[1]}
            changing.correct_dose(registry, one.doses[0].dose_id, changes, actor="clerk", reason="told")


def agrees(registry: Registry) -> None:
    with registry.writing() as connection:
        assert sums.rebuild(connection) == 0
    for name in DIMENSIONS:
        assert kept.coverage(registry, (name,)) == coverage(registry, (name,))
        if name != "district":
            both = ("district", name)
            assert kept.coverage(registry, both) == coverage(registry, both)
            assert kept.coverage(registry, both[::-1]) == coverage(registry, both[::-1])
    assert kept.stock(registry) == stock.stock(registry)
    assert kept.courses(registry) == due.courses(registry)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.lists(row, min_size=3, max_size=6), steps=st.lists(step, min_size=3, max_size=8))
def test_sums_equal_the_count_of_everybody_after_any_sequence_of_changes(first: Any, steps: Any, place: Any) -> None:
    emptied(place)
    place.take(*first)
    for one in steps:
        try:
            does(place, *one)
        except (InputError, ConfigurationError):  # it is so already, makes no sense, or something builds upon it
            continue
    agrees(place.registry)


def emptied(place: Any) -> None:
    """Take everybody out, so that the next example begins with nobody."""
    for one in place.people():
        privacy.delete_person(place.registry, one.person_id, actor="clerk", reason="another example")
    with place.registry.writing() as connection:
        for table in (schema.run_site, schema.review, schema.source_row, schema.dose_version, schema.dose,
                      schema.person_version, schema.reject, schema.person, schema.run):  # fmt: skip
            if "superseded_by" in table.c:
                connection.execute(update(table).values(superseded_by=None))
            connection.execute(table.delete())
        sums.rebuild(connection)


def test_sums_follow_a_merge_its_undo_a_deletion_and_an_imports_undo(place: Any) -> None:
    registry = place.registry
    place.take({"phone": "1"}, {"full_name": "Trần Ví Dụ", "site": "VP02"})
    second = place.take({"phone": "2", "district": "Yên Lạc", "dose": "2/2", "date": "2026-04-05"})
    (question,) = reviewing.questions(registry)
    merged = reviewing.decide_all(registry, [(question.id, "same")], actor="chief")
    agrees(registry)
    assert kept.coverage(registry).total[1:4] == (2, 1, 3)
    runs.undo(registry, merged, actor="chief")
    agrees(registry)
    assert kept.coverage(registry).total[1:4] == (3, 1, 3)
    runs.undo(registry, second.run, actor="chief")
    agrees(registry)
    privacy.delete_person(registry, place.people()[0].person_id, actor="chief", reason="asked for")
    agrees(registry)
    assert kept.coverage(registry).total[1:4] == (1, 0, 1)


def test_age_bands_turn_on_the_birthday_without_the_sums_being_counted_anew(place: Any, tmp_path: Any) -> None:
    day = place.registry.today()
    born = [day.replace(year=day.year - 12), day.replace(year=day.year - 12) + timedelta(days=1), "2014-12", "1990", ""]
    place.take(*({"full_name": f"Mẫu {one}", "date_of_birth": str(one)} for one in born if one))
    for _ in range(3):
        assert kept.coverage(place.registry, ("age",)) == coverage(place.registry, ("age",))
        place.now += timedelta(days=1)
    place.now += timedelta(days=30)
    assert kept.coverage(place.registry, ("district", "age")) == coverage(place.registry, ("district", "age"))


def test_a_sum_that_was_changed_is_found_and_put_right(place: Any) -> None:
    place.take({}, {"full_name": "Trần Ví Dụ", "district": "Yên Lạc"})
    with place.registry.writing() as connection:
        connection.execute(update(schema.tally).where(schema.tally.c.facet == "district").values(people=7))
    assert doctor.recount(place.registry, actor="clerk") == 2
    assert doctor.recount(place.registry, actor="clerk") == 0
    agrees(place.registry)


def test_an_area_is_told_of_its_own_people_however_its_district_is_spelt(place: Any) -> None:
    place.take(
        {}, {"full_name": "Trần Ví Dụ", "district": "H. Tam Đảo"}, {"full_name": "Lê Ví Dụ", "district": "Yên Lạc"}
    )
    path = place.folder / "targets.csv"
    path.write_text("district,priority_group,people\nTam Đảo,,10\nYên Lạc,,20\n,1,30\n", "utf-8")
    lists.load(place.registry, "targets", path, actor="clerk")
    told = kept.coverage(place.registry, of=kept.Area("huyện Tam Đảo"))
    assert [(cell.key, cell.people, cell.target) for cell in told.cells] == [(("Tam Đảo",), 2, 10)]
    assert told.total.people == 2
    assert kept.coverage(place.registry, ("priority_group",), of=kept.Area("Tam Đảo")).total.target is None
    with pytest.raises(ConfigurationError):
        kept.coverage(place.registry, ("age", "product"))


def test_who_is_to_come_is_told_by_the_products_intervals() -> None:
    day = date(2026, 6, 30)
    courses = {
        due.Course("A", 2, day - timedelta(days=days)): people
        for days, people in ((5, 1), (15, 2), (21, 4), (28, 8), (29, 16), (84, 32), (85, 64))
    }
    told = due.due(courses, day, lambda product, dose: (21, 28))
    assert told == [due.Due("A", 2, later=3, soon=2, now=12, late=48, long_late=64)]
    assert told[0].people == 127
    assert due.due(courses, day, lambda product, dose: None) == [due.Due("A", 2, unknown=127)]


def test_what_a_site_has_left_lasts_as_long_as_at_the_pace_of_lately() -> None:
    some = [
        stock.Stock("A", "L1", "P", 100, 40),
        stock.Stock("A", "L2", "P", 20, 30),
        stock.Stock("B", "L1", "P", 0, 5),
    ]
    told = stock.supplies(some, {("A", "P"): 28})
    assert told == [stock.Supply("A", "P", 120, 50, 28)]
    assert told[0].days == 25
    assert stock.supplies(some, {})[0].days is None


def test_a_units_last_file_is_the_last_that_stated_doses_of_it_even_known_ones(place: Any) -> None:
    table = place.table({})
    importing.run(place.registry, table, actor="clerk")
    place.now += timedelta(days=5)
    importing.run(place.registry, table, actor="clerk")
    place.now += timedelta(days=3)
    last = place.take({"full_name": "Trần Ví Dụ", "site": "VP02"})
    assert [(unit.site, unit.days) for unit in quality.units(place.registry)] == [("VP01", 3), ("VP02", 0)]
    runs.undo(place.registry, last.run, actor="clerk")
    assert [unit.site for unit in quality.units(place.registry)] == ["VP01"]


def test_rows_to_be_mended_and_open_questions_are_counted_with_their_age(place: Any) -> None:
    place.take({"phone": "1"}, {"date": "2026-13-01"})
    place.take({"phone": "2", "district": "Yên Lạc", "date": "2026-03-05"})
    place.now += timedelta(days=20)
    assert [one.rows for one in quality.not_taken(place.registry)] == [1]
    assert [(one.questions, one.days) for one in quality.waiting(place.registry)] == [(1, 20)]
