"""What becomes of certificates when records change: wrong ones are revoked, right ones are left alone."""

from datetime import UTC, date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from vaxcert import Issuer, Verifier
from vaxcert.registry import schema
from vaxcert.registry.care import changing, reviewing
from vaxcert.registry.certificates import issuing, lookup


@pytest.fixture
def issue(place: Any, issuer: Any, key: Any) -> Any:
    return lambda **options: issuing.run(place.registry, issuer, actor="chief", **options)


def revoked(place: Any) -> list[str]:
    table = schema.certificate
    with place.registry.reading() as connection:
        return list(connection.scalars(select(table.c.id).where(table.c.revoked_at.is_not(None)).order_by(table.c.id)))


def held(place: Any, number: int = 1) -> Any:
    return lookup.of_person(place.registry, number)


def test_a_certificate_that_another_took_the_place_of_is_revoked_too_once_it_is_wrong(place: Any, issue: Any) -> None:
    place.take({})
    issue()
    first = held(place)
    place.take({"dose": "2/2", "date": "2026-04-01"})
    assert issue().issued == {"next dose": 1}
    second = held(place)
    # The first dose's date was wrong: of the two only its own certificate is.
    (one,) = place.people()
    changing.correct_dose(place.registry, one.doses[0].dose_id, {"date": date(2026, 3, 4)}, actor="a", reason="card")
    report = issue()
    assert (report.issued, report.revoked_ids) == ({}, (first.certificate_id,))
    assert held(place) == second
    # The name was wrong: both are, and one was revoked before.
    changing.correct_person(place.registry, 1, {"given_name": "Mẫu Thừ"}, actor="a", reason="ID")
    report = issue()
    assert (report.issued, report.revoked_ids) == ({"corrected": 1}, (second.certificate_id,))
    assert issue().issued == {}


@pytest.mark.parametrize("ended", [False, True])
def test_a_renewed_certificate_that_is_wrong_takes_the_old_one_with_it_unless_that_has_ended(
    place: Any, key: Any, ended: bool
) -> None:
    brief = Issuer(key, country="VN", authority="Sở (TEST)", valid_for=timedelta(days=100), clock=lambda: place.now)

    def issue() -> Any:
        return issuing.run(place.registry, brief, actor="chief")

    place.take({})
    issue()
    old = held(place).certificate_id
    place.now += timedelta(days=80)
    assert issue().issued == {"renewed": 1}
    new = held(place).certificate_id
    if ended:
        place.now += timedelta(days=21)
    changing.correct_person(place.registry, 1, {"date_of_birth": "1990-05-18"}, actor="a", reason="ID")
    assert sorted(issue().revoked_ids) == ([new] if ended else sorted([old, new]))


def test_what_no_certificate_states_is_no_reason_to_revoke_one(place: Any, issue: Any) -> None:
    place.take({})
    issue()
    (one,) = place.people()
    changing.correct_dose(place.registry, one.doses[0].dose_id, {"lot": "L2"}, actor="a", reason="box")
    changing.correct_person(
        place.registry, 1, {"phone": "0987654321", "district": "Sông Lô"}, actor="a", reason="moved"
    )
    report = issue()
    assert (report.issued, report.revoked) == ({}, 0)


def test_a_name_that_gets_its_tones_brings_a_new_certificate_and_leaves_the_old_one_good(
    place: Any, issue: Any, verifier: Verifier
) -> None:
    place.take({"full_name": "NGUYEN MAU THU"})
    issue()
    before = held(place)
    place.take({"lot": ""})
    assert [one.profile.person.given_name for one in place.people()] == ["Mẫu Thử"]
    report = issue()
    assert (report.issued, report.revoked) == ({"name completed": 1}, 0)
    now = held(place)
    assert verifier.verify(now.text, at=place.now.astimezone(UTC)).certificate.person.given_name == "Mẫu Thử"  # type: ignore[union-attr]
    assert now.certificate_id != before.certificate_id
    assert issue().issued == {}
    # Tones that are others are a correction.
    changing.correct_person(place.registry, 1, {"given_name": "Mẫu Thừ"}, actor="a", reason="ID")
    assert issue().revoked_ids == (now.certificate_id,)


def test_a_dispute_revokes_nothing_before_it_is_decided(place: Any, issue: Any) -> None:
    place.take({"national_id": "1234567"})
    issue()
    first = held(place)
    place.take({"national_id": "1234567", "date": "2026-03-02"})
    report = issue()
    assert (report.issued, report.revoked, report.kept_back) == ({}, 0, {"disputed": 1})
    (question,) = reviewing.questions(place.registry)
    reviewing.decide(place.registry, question.id, "second", actor="chief")
    report = issue()
    assert (report.issued, report.revoked_ids) == ({"corrected": 1}, (first.certificate_id,))
    assert held(place).dose.date == date(2026, 3, 2)


def test_two_who_are_found_to_be_one_keep_what_is_right(place: Any, issue: Any) -> None:
    place.take({"phone": "11"}, {"phone": "12"}, {"full_name": "Nguyễn Mẫu Thửx", "phone": "13"})
    for question in reviewing.questions(place.registry):
        reviewing.decide(place.registry, question.id, "different", actor="chief")
    assert issue().issued == {"new": 3}
    wrong = held(place, 3).certificate_id
    # The chief was mistaken: they are one, with one dose, once with a mistyped name.
    changing.correct_person(place.registry, 2, {"district": "Tam Dương"}, actor="a", reason="asked again")
    for other in (2, 3):
        with place.registry.writing() as connection:
            from sqlalchemy import insert

            from vaxcert.registry.numbers import next_id

            number = next_id(connection, schema.review)
            connection.execute(
                insert(schema.review).values(
                    id=number, run_id=1, kind="person", first=1, second=other, reasons="two_names"
                )
            )
        reviewing.decide(place.registry, number, "same", actor="chief")
    report = issue()
    assert (report.issued, report.revoked_ids) == ({}, (wrong,))


def test_all_that_a_row_says_of_a_dose_is_on_the_certificate(place: Any, issue: Any, verifier: Verifier) -> None:
    from vaxcert.registry.intake import importing

    path = place.folder / "abroad.csv"
    path.write_text(
        "full_name,date_of_birth,phone,district,product,dose,date,disease,prophylaxis,holder,country,issuer\n"
        "Nguyễn Mẫu Thử,1990-05-17,11,Tam Đảo,Made-Up-Vax,1/1,2026-03-01,840539006,1119349007,ORG-100030215,KH,Bộ Y tế Mẫu\n",
        "utf-8",
    )
    assert importing.run(place.registry, path, actor="clerk").counts["new"] == 1
    assert issue().issued == {"new": 1}
    found = held(place)
    entry = verifier.verify(found.text, at=place.now.astimezone(UTC)).certificate.entry  # type: ignore[union-attr]
    assert (entry.product, entry.prophylaxis, entry.holder) == ("Made-Up-Vax", "1119349007", "ORG-100030215")
    assert (entry.country, entry.issuer) == ("KH", "Bộ Y tế Mẫu")
    # Another product: what follows from it is its own.
    (one,) = place.people()
    changing.correct_dose(place.registry, one.doses[0].dose_id, {"product": "EU/1/21/1529"}, actor="a", reason="card")
    issue()
    entry = verifier.verify(held(place).text, at=place.now.astimezone(UTC)).certificate.entry  # type: ignore[union-attr]
    assert (entry.prophylaxis, entry.holder) == ("29061000087103", "ORG-100001699")


def test_revocations_that_got_lost_on_their_way_can_be_had_again(place: Any, issue: Any) -> None:
    place.take({})
    issue()
    changing.correct_person(place.registry, 1, {"date_of_birth": "1990-05-18"}, actor="a", reason="ID")
    (wrong,) = issue().revoked_ids
    assert issuing.hand_over(place.registry, actor="a") == [wrong]
    assert issuing.hand_over(place.registry, actor="a") == []
    assert issuing.hand_over(place.registry, actor="a", again=True) == [wrong] == revoked(place)
    place.now += timedelta(days=366)
    assert issuing.hand_over(place.registry, actor="a", again=True) == []
