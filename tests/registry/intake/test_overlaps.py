"""Units' files overlap, come again, break off and contradict decisions: what was decided holds, and nothing is doubled."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from vaxcert import ConfigurationError, Issuer
from vaxcert.registry import audit, runs, schema
from vaxcert.registry.care import changing, privacy, reviewing
from vaxcert.registry.certificates import issuing, lookup
from vaxcert.registry.intake import importing
from vaxcert.registry.reports import coverage
from vaxcert.registry.states import ReviewKind

SECOND = {"dose": "2/2", "date": "2026-04-01"}


def decide(place: Any, decision: str) -> int:
    """Answer the oldest question."""
    question = reviewing.questions(place.registry)[0]
    return reviewing.decide_all(place.registry, [(question.id, decision)], actor="chief")


@pytest.fixture
def issue(place: Any, issuer: Any) -> Any:
    return lambda **options: issuing.run(place.registry, issuer, actor="chief", **options)


def test_words_in_the_identity_column_make_no_namesakes_one(place: Any) -> None:
    words = {"national_id": "không có"}
    place.take(
        words | {"date_of_birth": "1950-02-03", "phone": "0912345671"},
        words | {"date_of_birth": "1990-02-03", "phone": "0912345672", "district": "Yên Lạc"},
    )
    assert len(place.people()) == 2
    # One number for two who were born forty years apart is a question.
    place.take({"date_of_birth": "1931-01-01", "national_id": "001050000001", "full_name": "Lê Thử"})
    place.take(
        {"date_of_birth": "1971-01-01", "national_id": "001050000001", "full_name": "Lê Thử", "phone": "0912345679"}
    )
    assert reviewing.waiting(place.registry) == 1


def test_twins_with_the_same_words_in_their_names_stay_two(place: Any) -> None:
    report = place.take({"full_name": "Nguyễn Thị Hồng Ngọc"}, {"full_name": "Nguyễn Thị Ngọc Hồng"})
    assert report.counts == {"new": 1, "question": 1, "rejected": 0}


@pytest.mark.parametrize("what", ["phone", "national_id"])
def test_two_records_that_were_found_to_be_one_person_are_found_by_either(place: Any, issue: Any, what: str) -> None:
    one, other = {"phone": "0912345671"}, {"phone": "0912345672"}
    if what == "national_id":
        one, other = one | {"national_id": "001090000002"}, one | {"national_id": "001090000001"}
    place.take(one)
    assert place.take(other).counts["question"] == 1
    decide(place, "same")
    report = place.take(other | SECOND | ({"phone": "0912345679"} if what == "national_id" else {}))
    assert report.counts == {"matched": 1, "rejected": 0}
    (somebody,) = place.people()
    assert [given.dose.number for given in somebody.counted] == [1, 2]
    assert issue().issued == {"new": 1}
    for wanted in (one, other):
        found = lookup.look_up(
            place.registry,
            name="Nguyễn Mẫu Thử",
            date_of_birth="1990-05-17",
            actor="desk",
            sleep=lambda _: None,
            **wanted,
        )
        assert found is not None


def test_a_merge_by_which_others_were_found_is_not_taken_back_before_them(place: Any) -> None:
    place.take({"phone": "0912345671"}, {"phone": "0912345672"})
    merge = decide(place, "same")
    later = place.take({"phone": "0912345672"} | SECOND)
    with pytest.raises(ConfigurationError, match=f"a later dose of somebody builds upon it .run {later.run}."):
        runs.undo(place.registry, merge, actor="chief")
    runs.undo(place.registry, later.run, actor="chief")
    known = place.take({"phone": "0912345672", "lot": "", "site": ""})
    with pytest.raises(ConfigurationError, match=f"a later row about somebody builds upon it .run {known.run}."):
        runs.undo(place.registry, merge, actor="chief")


def test_what_an_import_filled_in_is_not_taken_back_once_others_were_found_by_it(place: Any) -> None:
    place.take({"phone": ""})
    filled = place.take({"phone": "0912345671", "lot": "L1", "site": ""})
    later = place.take({"phone": "0912345671", "district": ""} | SECOND)
    assert later.counts["matched"] == 1
    with pytest.raises(ConfigurationError, match="builds upon it"):
        runs.undo(place.registry, filled.run, actor="chief")


def test_a_revocation_that_is_not_published_yet_outlives_a_deletion(place: Any, issue: Any) -> None:
    place.take({})
    issue()
    changing.correct_person(place.registry, 1, {"date_of_birth": "1990-05-18"}, actor="a", reason="ID")
    (wrong,) = issue().revoked_ids
    privacy.delete_person(place.registry, 1, actor="chief", reason="asked")
    assert issuing.hand_over(place.registry, actor="a") == [wrong]
    assert issuing.hand_over(place.registry, actor="a") == []
    assert issuing.hand_over(place.registry, actor="a", again=True) == [wrong]


def test_doses_that_another_unit_states_too_are_not_withdrawn_with_an_import(place: Any) -> None:
    first = place.take({}, {"full_name": "Trần Ví Dụ", "phone": "0987654321"})
    place.take({"site": ""})
    assert changing.withdraw(place.registry, first.run, actor="chief", reason="wrong file")[1] == 1
    assert [one.profile.person.family_name for one in place.people()] == ["Nguyễn"]


def test_what_was_withdrawn_or_decided_stays_so_when_it_comes_again(place: Any) -> None:
    place.take({"national_id": "001090000001"})
    changing.correct_dose(place.registry, 1, {"state": "withdrawn"}, actor="a", reason="never given")
    assert place.take({"national_id": "001090000001", "site": ""}).counts == {"known": 1, "rejected": 0}
    assert place.people() == []
    place.take({"national_id": "001090000001", "date": "2026-03-05"})
    place.take({"national_id": "001090000001", "date": "2026-03-06"})
    decide(place, "first")
    assert place.take({"national_id": "001090000001", "date": "2026-03-06", "lot": "L9"}).counts["known"] == 1
    assert reviewing.waiting(place.registry) == 0
    assert [given.dose.date.day for given in place.people()[0].doses] == [5]


def test_both_stay_both_when_two_are_found_to_be_one(place: Any) -> None:
    place.take({"national_id": "001090000001"}, {"national_id": "001090000001", "date": "2026-03-05"})
    decide(place, "both")
    place.take({"phone": "0987654321"} | SECOND)
    decide(place, "same")
    assert reviewing.waiting(place.registry) == 0
    assert len(place.people()[0].counted) == 3


@pytest.mark.one_database
def test_a_table_that_breaks_off_changes_nothing(place: Any) -> None:
    before = place.state()
    born = date(1930, 1, 1)
    path = place.table(*({"date_of_birth": str(born + timedelta(days=number))} for number in range(1_100)))
    whole = path.read_text("utf-8")
    path.write_text(whole + '"Nguyễn Mẫu Thử,1990\n' * 3, "utf-8")
    with pytest.raises(ConfigurationError, match="quotation mark"):
        importing.run(place.registry, path, actor="clerk")
    assert place.state() == before
    assert runs.listed(place.registry) == []
    path.write_text(whole, "utf-8")
    assert importing.run(place.registry, path, actor="clerk").rows == 1_100


def test_one_mistyped_day_is_one_question_however_many_rows_follow(place: Any) -> None:
    place.take({})
    days = [date(2026, 3, 2) + timedelta(days=40 * number) for number in range(5)]
    place.take(
        *({"dose": f"{number}/5", "date": str(day)} for number, day in enumerate(days, 1) if day < place.now.date())
    )
    assert reviewing.waiting(place.registry) == 1
    decide(place, "same")
    (one,) = place.people()
    assert {given.dose.number for given in one.doses} == {
        number for number, day in enumerate(days, 1) if day < place.now.date()
    }


def test_a_double_that_a_dispute_names_is_not_revived_by_its_answer(place: Any) -> None:
    place.take({"phone": "0912345671"}, {"phone": "0912345672", "national_id": "001090000001"})
    place.take({"phone": "0912345672", "national_id": "001090000001", "date": "2026-03-05"})
    asked = {question.kind: question.id for question in reviewing.questions(place.registry)}
    reviewing.decide(place.registry, asked[ReviewKind.PERSON], "same", actor="chief")
    reviewing.decide(place.registry, asked[ReviewKind.DOSE], "first", actor="chief")
    (one,) = place.people()
    assert [given.dose.date.day for given in one.counted] == [1]
    assert coverage.coverage(place.registry).total.doses == 1


def test_somebody_elses_identity_number_is_asked_about(place: Any) -> None:
    place.take(
        {"phone": "0912345671"}, {"full_name": "Trần Văn Bình", "national_id": "001090000007", "phone": "0987654321"}
    )
    report = place.take({"phone": "0912345671", "national_id": "001090000007"} | SECOND)
    assert report.counts == {"matched": 1, "rejected": 0}
    (question,) = reviewing.questions(place.registry)
    assert question.reasons[:2] == ("same_identity_number", "two_names")


def test_an_issuing_run_that_was_stopped_is_counted_and_its_codes_are_in_the_next_archive(
    place: Any, issuer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vaxcert.registry.certificates import pictures

    place.take(*({"phone": f"09{number:08}", "date_of_birth": f"{1930 + number}-01-01"} for number in range(6)))
    monkeypatch.setattr(issuing, "BLOCK", 4)

    def stop(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        issuing.run(place.registry, issuer, actor="chief", progress=stop)
    report = issuing.run(place.registry, issuer, actor="chief")
    assert (report.issued, report.went_on) == ({"new": 2}, (2,))
    assert runs.listed(place.registry)[1].counts == {"stopped after": 4}
    assert "issue, stopped" in [entry.action for entry in audit.entries(place.registry)]
    out = place.folder / "codes.zip"
    assert pictures.archive(place.registry, out, actor="chief", runs=(report.run, *report.went_on)) == 6


def test_undoing_an_import_brings_nobody_back_who_was_deleted(place: Any) -> None:
    path = place.table({}, {"full_name": "Trần Ví Dụ", "phone": "0987654321"})
    first = importing.run(place.registry, path, actor="clerk")
    privacy.delete_person(place.registry, 2, actor="chief", reason="asked")
    runs.undo(place.registry, first.run, actor="chief")
    assert importing.run(place.registry, path, actor="clerk").counts == {"deleted": 1, "new": 1, "rejected": 0}


def test_each_disease_has_its_own_certificate_and_its_own_series(place: Any, issue: Any) -> None:
    other = "disease,prophylaxis,holder\n"
    path = place.folder / "two.csv"
    path.write_text(
        f"full_name,date_of_birth,phone,district,product,dose,date,{other}"
        "Nguyễn Mẫu Thử,1990-05-17,0912345671,Tam Đảo,EU/1/20/1528,1/2,2026-03-01,,,\n"
        "Nguyễn Mẫu Thử,1990-05-17,0912345671,Tam Đảo,Made-Up-Vax,1/1,2026-03-05,16541001,1119349007,ORG-100030215\n",
        "utf-8",
    )
    importing.run(place.registry, path, actor="clerk")
    assert coverage.coverage(place.registry).total == coverage.Cell((), 1, 0, 2)
    assert issue().issued == {"new": 2}
    assert issue().issued == {}
    place.take({"phone": "0912345671"} | SECOND)
    assert issue().issued == {"next dose": 1}
    assert coverage.coverage(place.registry).total == coverage.Cell((), 1, 1, 3)


def test_what_was_not_known_of_a_dose_is_filled_in_and_revokes_nothing(place: Any, issue: Any) -> None:
    place.take({"lot": "", "site": ""})
    issue()
    place.take({"lot": "L5", "site": "VP05"})
    (given,) = place.people()[0].doses
    assert (given.dose.lot, given.dose.site) == ("L5", "VP05")
    report = issue()
    assert (report.issued, report.revoked) == ({}, 0)


def test_of_two_records_the_certificate_of_the_later_dose_is_handed_out_and_none_that_has_ended(
    place: Any, issue: Any
) -> None:
    place.take({"phone": "0912345671"}, {"phone": "0912345671"} | SECOND)
    issue()
    place.now += timedelta(days=1)
    place.take({"phone": "0912345672"})
    with place.registry.writing() as connection:
        table = schema.review
        connection.execute(table.update().values(decision="different", decided_run=1))
    issue()
    with place.registry.writing() as connection:
        values = {"id": 99, "run_id": 1, "kind": "person", "first": 1, "second": 2, "reasons": "two_names"}
        connection.execute(insert(schema.review).values(values))
    reviewing.decide(place.registry, 99, "same", actor="chief")
    assert lookup.of_person(place.registry, 1).dose.number == 2
    place.now += timedelta(days=400)
    assert lookup.of_person(place.registry, 1) is None


def test_people_who_are_one_by_other_answers_are_no_question_any_more(place: Any, issue: Any) -> None:
    place.take(*({"phone": f"091234567{number}"} for number in range(3)))
    asked = reviewing.questions(place.registry)
    for one in asked:
        if 1 in (one.first.number, one.second.number):
            reviewing.decide(place.registry, one.id, "same", actor="chief")
    assert issue().issued == {"new": 1}


def test_a_correction_that_gives_a_dose_anothers_number_is_a_question(place: Any) -> None:
    place.take({}, SECOND)
    changing.correct_dose(place.registry, 2, {"number": 1}, actor="a", reason="card")
    assert [question.kind for question in reviewing.questions(place.registry)] == ["dose"]


def test_renewing_before_a_certificate_would_begin_is_refused(place: Any, key: Any) -> None:
    brief = Issuer(key, country="VN", authority="Sở (TEST)", valid_for=timedelta(days=20), clock=lambda: place.now)
    with pytest.raises(ConfigurationError, match="renewing begins before"):
        issuing.run(place.registry, brief, actor="chief")


def test_audit_and_look_ups_hold_on_a_server_that_isolates_more_by_default(place: Any, issue: Any) -> None:
    if place.url.startswith("sqlite"):
        return
    from concurrent.futures import ThreadPoolExecutor

    import psycopg

    place.take({"phone": "0912345671"})
    name, folder = place.url.split("@/")[1].split("?host=")
    with psycopg.connect(host=folder, user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_isolation = 'repeatable read'")  # type: ignore[call-overload]
    place.registry.engine.dispose()
    wanted = {"name": "Nguyễn Mẫu Thử", "date_of_birth": "1990-05-17", "phone": "0912345671"}
    with ThreadPoolExecutor(8) as pool:
        asked = [
            pool.submit(lookup.look_up, place.registry, actor="desk", sleep=lambda _: None, **wanted) for _ in range(40)
        ]
        assert [one.result() for one in asked] == [None] * 40
    assert audit.check(place.registry)[0] == 41
    with place.registry.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(schema.audit)) == 41


def test_doses_that_another_unit_states_of_the_same_person_otherwise_told_are_not_withdrawn_either(place: Any) -> None:
    first = place.take({}, {"full_name": "Trần Ví Dụ", "phone": "0987654321"})
    place.take({"full_name": "NGUYEN MAU THU", "district": ""})
    assert changing.withdraw(place.registry, first.run, actor="chief", reason="wrong file")[1] == 1
    assert [one.profile.person.family_name for one in place.people()] == ["Nguyễn"]
