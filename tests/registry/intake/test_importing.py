"""Units' tables into the registry: the same rows again, the same doses twice, and what is left to a person."""

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from vaxcert import ConfigurationError, InputError
from vaxcert.registry import audit, runs, schema
from vaxcert.registry.care import changing, reviewing
from vaxcert.registry.database import Registry
from vaxcert.registry.intake import importing
from vaxcert.registry.states import RunState


def test_the_same_table_again_changes_nothing(place: Any) -> None:
    path = place.table({}, {"dose": "2/2", "date": "2026-04-01"})
    first = importing.run(place.registry, path, actor="clerk")
    assert first.counts == {"matched": 1, "new": 1, "rejected": 0}
    (one,) = place.people()
    assert [(given.dose.number, given.dose.date) for given in one.doses] == [
        (1, date(2026, 3, 1)),
        (2, date(2026, 4, 1)),
    ]
    again = importing.run(place.registry, path, actor="clerk")
    assert again.counts == {"again": 2, "rejected": 0}
    assert place.people() == [one]


def test_another_units_record_of_the_same_dose_is_known_and_fills_in_what_was_missing(place: Any) -> None:
    place.take({"full_name": "NGUYEN MAU THU", "district": "", "priority_group": ""})
    place.take({"full_name": "Mẫu Thử Nguyễn", "national_id": "001 090 000 001", "lot": ""})
    (one,) = place.people()
    assert len(one.doses) == 1
    profile = one.profile
    assert (profile.district, profile.priority_group) == ("Tam Đảo", "1")
    assert profile.national_id.hash == place.registry.secrets.hash("national id", "001090000001")
    assert place.registry.secrets.decrypt("national id", profile.national_id.sealed) == "001090000001"
    # The name with tones, once that comes, and the family name first where most have it so.
    assert profile.person.family_name == "Mẫu"
    place.take({"phone": "+84 100 000 001"})
    (one,) = place.people()
    assert (one.profile.person.family_name, one.profile.person.given_name) == ("Nguyễn", "Mẫu Thử")
    with place.registry.reading() as connection:
        said = (
            select(func.count())
            .select_from(schema.person_version)
            .where(schema.person_version.c.superseded_by.is_(None))
        )
        assert connection.scalar(said) == 3


def test_numbers_stand_in_the_database_neither_in_clear_nor_as_plain_hashes(place: Any) -> None:
    import hashlib

    place.take({"national_id": "001090000001", "phone": "0100012345"})
    with place.registry.reading() as connection:
        row = connection.execute(select(schema.person_version)).one()
    held = repr(tuple(row))
    for number in ("001090000001", "0100012345"):
        assert number not in held
        for algorithm in ("md5", "sha1", "sha256", "blake2b"):
            assert hashlib.new(algorithm, number.encode()).hexdigest()[:32] not in held
    if place.url.startswith("sqlite"):
        files = [path.read_bytes() for path in place.folder.glob("registry.db*")]
        assert not any(b"001090000001" in data for data in files)
        assert (place.folder / "registry.db").stat().st_mode & 0o077 == 0
    with pytest.raises(ConfigurationError, match="not the key of this registry"):
        (place.folder / "other.key").write_text("00" * 32)
        Registry.open(place.url, place.folder / "other.key")


def test_who_may_be_the_same_person_is_asked_and_not_merged(place: Any) -> None:
    place.take({})
    report = place.take({"full_name": "Nguyễn Mẫu Thử", "phone": "0100000009", "dose": "2/2", "date": "2026-04-01"})
    assert report.counts["question"] == 1
    assert len(place.people()) == 2
    (question,) = reviewing.questions(place.registry)
    assert question.reasons == (
        "name_and_birth_date_agree", "two_telephone_numbers", "district_agrees", "doses_follow_in_time",
    )  # fmt: skip
    assert question.score == sum(weight for _, weight in question.parts) > 0
    assert (question.first.phone, question.second.phone) == ("0100000001", "0100000009")
    run = reviewing.decide_all(place.registry, [(question.id, "same")], actor="chief")
    (one,) = place.people()
    assert [given.dose.number for given in one.counted] == [1, 2]
    assert reviewing.waiting(place.registry) == 0
    with pytest.raises(ConfigurationError, match="not open"):
        reviewing.decide(place.registry, question.id, "different", actor="chief")
    # A decision can be taken back as well.
    runs.undo(place.registry, run, actor="chief")
    assert len(place.people()) == 2
    reviewing.decide(place.registry, question.id, "different", actor="chief")
    assert len(place.people()) == 2


def test_decisions_that_led_further_are_taken_back_exactly(place: Any) -> None:
    # Three records: the third is found to be the second, then the second the first.
    for phone in ("1", "2", "3"):
        place.take({"phone": phone, "district": "Sông Lô" if phone == "1" else "Tam Đảo"})
    asked = {(one.first.number, one.second.number): one.id for one in reviewing.questions(place.registry)}
    assert set(asked) == {(1, 2), (1, 3), (2, 3)}
    states, decided = [place.state()], []
    for pair in ((2, 3), (1, 2)):
        decided.append(reviewing.decide_all(place.registry, [(asked[pair], "same")], actor="chief"))
        states.append(place.state())
    (one,) = place.people()
    assert (one.person_id, len(one.counted)) == (1, 1)
    # Of two people it is asked once, whichever of their records it is about.
    with pytest.raises(ConfigurationError, match="not open"):
        reviewing.decide(place.registry, asked[1, 3], "same", actor="chief")
    assert place.state() == states[2]
    runs.undo(place.registry, decided[1], actor="chief")
    assert place.state() == states[1]
    assert [one.person_id for one in place.people()] == [1, 2]
    runs.undo(place.registry, decided[0], actor="chief")
    assert place.state() == states[0]


def test_two_records_of_a_dose_that_differ_are_a_question_and_neither_is_lost(place: Any) -> None:
    place.take({"national_id": "1234567"})
    report = place.take({"national_id": "1234567", "date": "2026-03-02"})
    assert report.counts["disputed"] == 1
    (one,) = place.people()
    assert [dose.state for dose in one.doses] == ["good", "disputed"]
    (question,) = reviewing.questions(place.registry)
    assert (question.kind, question.reasons) == ("dose", ("same_dose_otherwise",))
    reviewing.decide(place.registry, question.id, "second", actor="chief")
    (one,) = place.people()
    assert [(given.state, given.dose.date) for given in one.doses] == [("good", date(2026, 3, 2))]


@pytest.mark.parametrize(
    "row",
    [
        {"date": "2026-03-05"},
        # The same day as the other's, and yet another dose: another site, or another lot.
        {"site": "VP09"}, {"lot": "L9"},
        # The other's second dose, before the first one is on record: of another product, or too early.
        {"dose": "2/2", "product": "EU/1/20/1507", "date": "2026-04-01"}, {"dose": "2/2", "date": "2026-02-20"},
    ],
)  # fmt: skip
def test_twins_whose_tones_a_clerk_left_out_are_not_made_one(place: Any, row: dict[str, str]) -> None:
    place.take({"full_name": "Nguyễn Mẫu Thử Ánh", "date": "2026-03-01"})
    report = place.take({"full_name": "NGUYEN MAU THU ANH"} | row)
    assert report.counts == {"question": 1, "rejected": 0}
    assert len(place.people()) == 2
    # Until that is decided, what could be either's stands by itself, and is not asked again.
    place.take({"full_name": "NGUYEN MAU THU ANH", "dose": "3/3", "date": "2026-06-01"})
    (question,) = reviewing.questions(place.registry)
    assert [len(one.doses) for one in place.people()] == [1, 1, 1]
    reviewing.decide(place.registry, question.id, "same", actor="chief")
    assert len(place.people()) == 1


def test_rows_that_make_no_sense_are_noted_and_the_others_taken(place: Any) -> None:
    report = place.take(
        {}, {"product": ""}, {"date": "2026-02-31"}, {"date": "2099-01-01"}, {"priority_group": "77"}, {"full_name": ""},
        {"phone": "12" * 16},
    )  # fmt: skip
    assert report.counts == {"known": 1, "new": 1, "rejected": 5}
    assert sorted(map(str, report.problems)) == [
        "date: in_the_future", "date: not_a_date", "family_name: missing", "phone: too_long (most 30)",
        "product: missing",
    ]  # fmt: skip
    with place.registry.reading() as connection:
        lines = list(connection.scalars(select(schema.reject.c.line).order_by(schema.reject.c.line)))
    assert lines == [3, 4, 5, 7, 8]


def test_headings_and_dates_of_other_software_are_understood_and_others_are_mapped(place: Any) -> None:
    path = place.folder / "other.csv"
    path.write_text(
        "HO TEN;NGAY SINH;CMND/CCCD;SDT;DIA BAN;LOAI VAC XIN;MUI;NGAY TIEM CHUNG;Ai đó\n"
        "Nguyễn Mẫu Thử;17/05/1990;001;0000000001;Tam Đảo;Comirnaty;1/2;01/03/2026;x\n",
        "utf-8",
    )
    assert importing.run(place.registry, path, actor="clerk").counts["new"] == 1
    strange = place.folder / "strange.csv"
    strange.write_text(
        path.read_text("utf-8").replace("CMND/CCCD", "Mã số lạ").replace("1/2;01/03", "2/2;01/04"), "utf-8"
    )
    (place.folder / "map.json").write_text('{"Mã số lạ": "national_id"}', "utf-8")
    report = importing.run(place.registry, strange, actor="clerk", mapping=place.folder / "map.json")
    assert report.counts["matched"] == 1
    (place.folder / "map.json").write_text('{"Mã số lạ": "no_such"}', "utf-8")
    with pytest.raises(ConfigurationError, match="no such field: no_such"):
        importing.run(place.registry, strange, actor="clerk", mapping=place.folder / "map.json")
    (place.folder / "none.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ConfigurationError, match="no column for"):
        importing.run(place.registry, place.folder / "none.csv", actor="clerk")


def test_undo_restores_exactly_and_only_where_nothing_builds_upon_it(place: Any) -> None:
    place.take({}, {"full_name": "Trần Ví Dụ", "phone": "0100000002"})
    before = place.state()
    second = place.take(
        {"national_id": "1234567", "dose": "2/2", "date": "2026-04-01"}, {"full_name": "Lê Hư Cấu", "phone": "5"},
        {"phone": "0100000008"}, {"product": ""},
    )  # fmt: skip
    third = place.take({"full_name": "Lê Hư Cấu", "phone": "5", "dose": "2/2", "date": "2026-04-01"})
    assert place.state() != before
    with pytest.raises(ConfigurationError, match=f"builds upon it .run {third.run}."):
        runs.undo(place.registry, second.run, actor="chief")
    runs.undo(place.registry, third.run, actor="chief")
    runs.undo(place.registry, second.run, actor="chief")
    assert place.state() == before
    with pytest.raises(ConfigurationError, match="could be taken back"):
        runs.undo(place.registry, second.run, actor="chief")
    # What was taken back can be imported again.
    assert place.take({"full_name": "Lê Hư Cấu", "phone": "5"}).counts["new"] == 1


def test_a_correction_is_a_new_version_that_says_who_and_why(place: Any) -> None:
    place.take({"national_id": "1234567"})
    (one,) = place.people()
    before = place.state()
    run = changing.correct_person(
        place.registry,
        one.person_id,
        {"given_name": "Mẫu Thử Hai", "phone": "0100000077"},
        actor="chief",
        reason="ID seen",
    )
    (now,) = place.people()
    assert now.profile.person.given_name_transliterated == "MAU<THU<HAI"
    assert now.profile.national_id.hash == one.profile.national_id.hash
    assert now.profile.phone.hash == place.registry.secrets.hash("phone", "0100000077")
    with place.registry.reading() as connection:
        old, new = connection.execute(select(schema.person_version).order_by(schema.person_version.c.id)).all()
    assert (old.given_name, old.superseded_by) == ("Mẫu Thử", new.id)
    assert (new.changed_by, new.reason) == ("chief", "ID seen")
    # The next import finds them by what is known now.
    assert (
        place.take(
            {"full_name": "Nguyễn Mẫu Thử Hai", "phone": "0100000077", "dose": "2/2", "date": "2026-04-01"}
        ).counts["matched"]
        == 1
    )
    with pytest.raises(ConfigurationError, match="builds upon it"):
        runs.undo(place.registry, 1, actor="chief")
    runs.undo(place.registry, runs.listed(place.registry)[-1].id, actor="chief")
    runs.undo(place.registry, run, actor="chief")
    assert place.state() == before
    for changes, reason, says in (
        ({"given_name": "X"}, " ", "reason: missing"), ({}, "why", "changes: missing"), ({"shoe": "42"}, "why", "shoe: not_one_of"),
        ({"date_of_birth": "2020-13-01"}, "why", "date_of_birth"), ({"family_name": ""}, "why", "family_name"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=says):
            changing.correct_person(place.registry, one.person_id, changes, actor="chief", reason=reason)
    with pytest.raises(ConfigurationError, match="there is none"):
        changing.correct_person(place.registry, 999, {"given_name": "X"}, actor="chief", reason="why")
    assert place.state() == before


def test_a_dose_is_corrected_or_withdrawn(place: Any) -> None:
    place.take({}, {"dose": "2/2", "date": "2026-04-01"})
    (one,) = place.people()
    changing.correct_dose(
        place.registry, one.doses[0].dose_id, {"date": date(2026, 2, 27)}, actor="chief", reason="card"
    )
    changing.correct_dose(
        place.registry, one.doses[1].dose_id, {"state": "withdrawn"}, actor="chief", reason="never given"
    )
    (now,) = place.people()
    assert [(given.dose.number, given.dose.date) for given in now.doses] == [(1, date(2026, 2, 27))]
    for changes in ({"date": date(2099, 1, 1)}, {"number": 77}, {"state": "odd"}, {"product": ""}):
        with pytest.raises(InputError):
            changing.correct_dose(place.registry, one.doses[0].dose_id, changes, actor="chief", reason="why")


IMPORT = "from vaxcert.registry.intake import importing\nfor name in sys.argv[1:]:\n    print(importing.run(registry, Path(name), actor='clerk').counts, flush=True)\n"


@pytest.mark.slow
def test_a_killed_import_goes_on_and_ends_as_if_it_had_not_been(place: Any, province: Any) -> None:
    folder = province(0.05)
    unit = folder / "unit-01.csv"
    whole = folder / "whole.csv"
    with unit.open(encoding="utf-8") as stream:
        rows = list(csv.reader(stream))
    with whole.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(rows[0])
        for turn in range(10):
            out.writerows(
                [cell.replace("/2026", f"/20{16 + turn}").replace("2026-", f"20{16 + turn}-") for cell in row]
                for row in rows[1:-1]
            )
    killed = 0
    for pause in (0.05, 0.1, 0.2, 0.3, 0.5, 0.8):
        # Once the first rows are in, at a moment of no choice of theirs.
        killed += place.killed(IMPORT, str(whole), once=lambda: bool(_rows(place)), pause=pause)
    assert killed
    done = _rows(place)
    report = importing.run(place.registry, whole, actor="clerk")
    assert report.resumed or done == len(rows[1:-1]) * 10
    state = place.state()
    assert _rows(place) == len(rows[1:-1]) * 10
    assert audit.check(place.registry)
    # A registry that nobody disturbed holds the same, but for random nonces.
    url = place.url.replace("registry.db", "other.db") if place.url.startswith("sqlite") else None
    if url:
        with Registry.create(url, place.key_file, clock=lambda: place.now) as other:
            importing.run(other, whole, actor="clerk")
            assert _plain(other) == _plain(place.registry)
    assert place.state() == state


def _rows(place: Any) -> int:
    with place.registry.reading() as connection:
        return int(connection.scalar(select(func.count()).select_from(schema.source_row)) or 0)


def _plain(registry: Any) -> list[Any]:
    """Rows without what is encrypted anew each time."""
    found = []
    with registry.reading() as connection:
        for table in (schema.person_version, schema.dose_version, schema.review, schema.source_row):
            columns = [column for column in table.c if column.name not in ("national_id", "phone", "run_id")]
            found.append(connection.execute(select(*columns).order_by(table.c.id)).all())
    return found


@pytest.mark.slow
def test_two_clerks_at_once_end_as_one_after_the_other(place: Any, province: Any, tmp_path: Path) -> None:
    folder = province(0.03)
    files = sorted(folder.glob("unit-*.csv"))
    mine, theirs = [str(path) for path in files[:8]], [str(path) for path in files[4:]]
    both = [place.started(IMPORT, *names) for names in (mine, theirs)]
    for process in both:
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
    # In the order in which the files came to be taken: the same rows, people, doses and questions, number for number.
    taken = [run.source for run in runs.listed(place.registry)]
    assert sorted(taken) == sorted(Path(name).name for name in (*mine, *theirs))
    with Registry.create(f"sqlite:///{tmp_path / 'alone.db'}", place.key_file, clock=lambda: place.now) as alone:
        for name in taken:
            importing.run(alone, folder / name, actor="clerk")
        assert _plain(alone) == _plain(place.registry)


@pytest.mark.one_database
@pytest.mark.slow
def test_a_holder_is_looked_up_while_an_import_runs(place: Any, province: Any, issuer: Any, key: Any) -> None:
    from vaxcert.registry.certificates import issuing, lookup

    place.take({"phone": "0912345678"})
    issuing.run(place.registry, issuer, actor="chief")
    files = [str(path) for path in sorted(province(0.1).glob("unit-*.csv"))]
    process = place.started(IMPORT, *files)
    answered = 0
    while process.poll() is None:
        running = any(run.state == RunState.RUNNING for run in runs.listed(place.registry))
        found = lookup.look_up(
            place.registry, name="Nguyễn Mẫu Thử", date_of_birth="1990-05-17", phone="0912345678", actor="desk",
            sleep=lambda _: None,
        )  # fmt: skip
        assert found is not None
        answered += running and process.poll() is None
    assert process.wait() == 0, process.communicate()[1]
    process.communicate()
    assert answered >= 3
    assert audit.check(place.registry)


def test_the_clock_of_a_registry_is_the_one_that_is_given(place: Any) -> None:
    place.take({})
    assert runs.listed(place.registry)[0].started_at == place.now.replace(tzinfo=None)
    place.now += timedelta(days=1)
    place.take({"dose": "2/2", "date": "2026-04-01"})
    assert runs.listed(place.registry)[1].started_at == place.now.replace(tzinfo=None)


def test_a_check_and_an_import_tell_how_far_they_are(place: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(importing, "BLOCK", 2)
    path = place.table(*({"full_name": f"Nguyễn {word}", "phone": f"091{word}"} for word in "ABCDE"))
    told: list[Any] = []
    importing.check(place.registry, path, progress=lambda *how: told.append(how))
    assert told[:2] == [(2, 0), (4, 0)]
    assert told[2:] == [(2, 5), (4, 5), (5, 5)]
    done: list[int] = []

    def stop(rows: int) -> None:
        done.append(rows)
        if len(done) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importing.run(place.registry, path, actor="clerk", progress=stop)
    # Of a run that is gone on with, those that were done are told too.
    report = importing.run(place.registry, path, actor="clerk", progress=done.append, called="Tháng 5 001090000001.csv")
    assert (report.resumed, done) == (True, [2, 4, 2, 4, 5])
    other = place.table({"full_name": "Lê F", "phone": "0955555555"})
    assert importing.run(place.registry, other, actor="clerk", called="Tháng 6 001090000001.csv").run == report.run + 1
    assert [one.source for one in runs.listed(place.registry)] == [path.name, "Tháng 6 ….csv"]
