"""Whom a row is of, where numbers are shared, names are of other scripts, and corrections make two alike."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from vaxcert.registry import runs, schema
from vaxcert.registry.care import changing, reviewing
from vaxcert.registry.intake import importing
from vaxcert.registry.records import matching


def test_a_telephone_of_the_unit_itself_makes_nobody_one_with_others(place: Any) -> None:
    """A hundred people with one telephone: who has the same name and birth date is told apart by district alone."""
    many = [{"full_name": f"Lê Mẫu {chr(65 + n % 26)}{chr(97 + n // 26)}o", "date_of_birth": f"19{n % 90 + 10}-03-14"} for n in range(100)]  # fmt: skip
    assert place.take(*many).counts["new"] == 100
    assert reviewing.waiting(place.registry) == 0
    # The same number would have been enough; here it says nothing, and the district does not agree.
    report = place.take(many[99] | {"district": "Yên Lạc", "dose": "2/2", "date": "2026-04-01"})
    assert report.counts["question"] == 1
    assert place.take(many[98] | {"dose": "2/2", "date": "2026-04-01"}).counts["matched"] == 1


def test_a_number_that_fills_a_column_is_nobodys(place: Any) -> None:
    rows = [{"full_name": f"Lê Mẫu Thử {name}", "national_id": filler, "phone": filler}
            for name in ("An", "Bình", "Cường") for filler in ("0", "000000000", "XXXXXXXX")]  # fmt: skip
    place.take(*rows)
    with place.registry.reading() as connection:
        values = connection.execute(select(schema.person_version)).all()
    assert {(row.national_id_hash, row.phone_hash) for row in values} == {(None, None)}
    # A real-looking filler: too many share it.
    many = [
        {"full_name": f"Trần Mẫu {chr(65 + n)}a", "national_id": "123456789", "phone": str(n + 2)} for n in range(24)
    ]
    place.take(*many)
    held = reviewing.waiting(place.registry)
    assert held <= matching.SHARED * matching.SHARED
    place.take({"full_name": "Phạm Khác Hẳn", "national_id": "123456789", "phone": "77", "date_of_birth": "1950-01-01"})
    assert reviewing.waiting(place.registry) == held


@pytest.mark.parametrize(("one", "other"), [("Иванов Пётр", "Сидоров Олег"), ("李 明", "王 芳")])
def test_two_people_of_other_scripts_stay_two(place: Any, one: str, other: str) -> None:
    path = place.folder / "names.csv"
    path.write_text(
        "full_name,date_of_birth,product,dose,date,district,family_name_transliterated,given_name_transliterated\n"
        + "".join(f"{name},1990-05-17,EU/1/20/1528,1/2,2026-03-01,Tam Đảo,A,B\n" for name in (one, other))
    )
    importing.run(place.registry, path, actor="clerk")
    assert len(place.people()) == 2
    assert reviewing.waiting(place.registry) == 0


def test_a_correction_that_makes_two_people_alike_is_a_question(place: Any) -> None:
    place.take({"phone": "11"}, {"full_name": "Nguyễn Mẫu Thư", "phone": "12", "date_of_birth": "1990-05-18",
                                 "dose": "2/2", "date": "2026-04-01"})  # fmt: skip
    assert reviewing.waiting(place.registry) == 0
    run = changing.correct_person(
        place.registry, 2, {"given_name": "Mẫu Thử", "date_of_birth": "1990-05-17", "phone": "11"}, actor="chief", reason="ID",
    )  # fmt: skip
    (question,) = reviewing.questions(place.registry)
    assert (question.first.number, question.second.number) == (1, 2)
    assert question.reasons == ("agrees_after_correction",)
    # Asked once, and taken back with the correction.
    changing.correct_person(place.registry, 2, {"district": "Tam Dương"}, actor="chief", reason="moved")
    assert reviewing.waiting(place.registry) == 1
    runs.undo(place.registry, run + 1, actor="chief")
    runs.undo(place.registry, run, actor="chief")
    assert reviewing.waiting(place.registry) == 0


def test_two_records_of_one_person_that_contradict_each_other_are_two_questions(place: Any) -> None:
    place.take({"phone": "11"}, {"phone": "12", "date": "2026-03-09"})
    (question,) = reviewing.questions(place.registry)
    reviewing.decide(place.registry, question.id, "same", actor="chief")
    (second,) = reviewing.questions(place.registry)
    assert (second.kind, second.id) == ("dose", question.id + 1)
    (one,) = place.people()
    assert [dose.state for dose in one.doses] == ["good", "disputed"]
    reviewing.decide(place.registry, second.id, "first", actor="chief")
    (one,) = place.people()
    assert [given.dose.date.day for given in one.doses] == [1]


@pytest.mark.one_database
@pytest.mark.parametrize("rows", [2, 1_050])
def test_a_row_is_of_the_same_person_in_a_block_and_across_blocks(place: Any, rows: int) -> None:
    first = date(1930, 1, 1)
    filler = [{"phone": f"01{n:08}", "date_of_birth": str(first + timedelta(days=n))} for n in range(rows)]
    report = place.take({}, *filler, {"dose": "2/2", "date": "2026-04-01"})
    assert report.counts == {"matched": 1, "new": rows + 1, "rejected": 0}
