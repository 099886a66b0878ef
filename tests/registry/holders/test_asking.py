"""A holder's look-up: who knows all of it finds one certificate, and nobody else learns anything."""

import threading
from typing import Any

import pytest
from sqlalchemy import event, select

from vaxcert import typed
from vaxcert.registry import audit, schema
from vaxcert.registry.care import changing, reviewing
from vaxcert.registry.holders import asking, codes


def failures(holder: Any) -> list[int]:
    with holder.place.registry.reading() as connection:
        return list(connection.scalars(select(schema.holder_code.c.failures).order_by(schema.holder_code.c.id)))


def counts(holder: Any) -> dict[str, int]:
    table = schema.lookup_count
    with holder.place.registry.reading() as connection:
        return {row.outcome: row.times for row in connection.execute(select(table))}


def statements(registry: Any, work: Any) -> list[str]:
    """What the database is asked meanwhile, with how many values each names left out."""
    seen: list[str] = []

    def heard(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen.append(statement)

    event.listen(registry.engine, "before_cursor_execute", heard)
    try:
        work()
    finally:
        event.remove(registry.engine, "before_cursor_execute", heard)
    return seen


WRONG = {
    "no such code": {"code": typed.read("0000-0000-0000")},
    "another's name": {"name": "Trần Ví Dụ"},
    "another's birth date": {"date_of_birth": "1990-05-18"},
    "another's number": {"number": "0100000002"},
    "no number": {"number": ""},
    "a number that says nothing": {"number": "000000000"},
    "no name": {"name": ""},
    "a birth date that is none": {"date_of_birth": "yesterday"},
    "hostile": {"name": "%' OR 1=1 --\x00", "number": "\ud800"},
}


def test_who_knows_all_of_it_finds_the_certificate_by_telephone_or_identity_number(holder: Any) -> None:
    for number in ("0100000001", "+84 100 000 001", "001090000001"):
        found = holder.find(number=number)
        assert found is not None and found.state == "valid" and found.person == holder.person
        assert found.certificate.text.startswith("HC1:")
    assert holder.find(name="thu mau nguyen") is not None


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_whatever_else_is_typed_finds_nothing(holder: Any, wrong: dict[str, str]) -> None:
    assert holder.find(**wrong) is None
    assert holder.find() is not None


def test_a_hit_and_every_miss_ask_the_database_the_same_and_write_as_often(holder: Any, place: Any) -> None:
    with place.registry.writing() as connection:
        other = codes._made(place.registry, connection, holder.person + 1, "lan", "hand out code")
        connection.execute(schema.certificate.delete().where(schema.certificate.c.person_id == holder.person + 1))
    # The day's counters are there, so that no first one differs.
    holder.find()
    holder.find(name="x")
    misses = {name: statements(place.registry, lambda w=wrong: holder.find(**w)) for name, wrong in WRONG.items()}
    nothing_yet = {"name": "Trần Ví Dụ", "number": "0100000002", "code": typed.read(other.text)}
    misses["no certificate"] = statements(place.registry, lambda: holder.find(**nothing_yet))
    hit = statements(place.registry, holder.find)
    first = misses.pop("no such code")
    assert len(first) >= 8
    assert {name: seen == first for name, seen in misses.items()} == dict.fromkeys(misses, True)
    # The same, and then the audit log's entry, in the same transaction.
    assert hit[: len(first)] == first
    assert all("audit" in one or "setting" in one or "pg_advisory" in one for one in hit[len(first) :])


def test_a_hit_is_in_the_audit_log_and_a_miss_is_counted_and_names_nobody(holder: Any, place: Any) -> None:
    before = audit.check(place.registry)[0]
    holder.find()
    for _ in range(3):
        holder.find(name="Trần Ví Dụ")
    assert audit.check(place.registry)[0] == before + 1
    (last,) = audit.entries(place.registry, last=1)
    assert (last.actor, last.action, last.details["person"]) == ("holder (test)", "look up", holder.person)
    assert counts(holder) == {"found": 1, "missed": 3}


def test_attempts_are_counted_on_the_code_and_a_new_code_opens_again(holder: Any, place: Any) -> None:
    for _ in range(codes.MOST_FAILURES):
        assert holder.find(number="0999999999") is None
    assert failures(holder) == [codes.MOST_FAILURES]
    assert holder.find() is None
    again = holder._replace(code=typed.read(codes.hand_out(place.registry, holder.person, actor="lan").text))
    assert again.find() is not None
    # The old one stays closed, and nobody is locked out by a code that is not theirs.
    assert holder.find() is None
    for _ in range(30):
        holder.find(code=typed.new())
    assert again.find() is not None


def test_a_hit_forgets_the_wrong_tries_before_it(holder: Any) -> None:
    for _ in range(codes.MOST_FAILURES - 1):
        holder.find(number="0999999999")
    assert holder.find() is not None
    assert failures(holder) == [0]


def test_who_tries_many_at_once_gets_no_more_tries(holder: Any) -> None:
    threads = [threading.Thread(target=holder.find, kwargs={"number": f"09999999{n:02}"}) for n in range(25)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failures(holder) == [codes.MOST_FAILURES]
    assert counts(holder)["missed"] == 25
    assert holder.find() is None


def test_a_revoked_certificate_is_said_to_be_and_its_successor_is_found(holder: Any, place: Any, issued: Any) -> None:
    changing.correct_person(place.registry, holder.person, {"given_name": "Mẫu Thứ"}, actor="rev", reason="ticket")
    with place.registry.writing() as connection:
        connection.execute(schema.certificate.update().values(revoked_at=place.registry.now()))
    before = holder.find(name="Nguyễn Mẫu Thứ")
    assert (before.state, before.earlier) == ("revoked", ())
    issued()
    after = holder.find(name="Nguyễn Mẫu Thứ")
    assert after.state == "valid"
    assert after.certificate.person.given_name == "Mẫu Thứ"
    assert [one.revoked for one in after.earlier] == [True]


def test_a_certificate_that_ended_is_said_to_have(holder: Any, place: Any) -> None:
    from datetime import timedelta

    place.now += timedelta(days=400)
    assert holder.find().state == "ended"


def test_whoever_two_records_were_found_to_be_is_found_by_what_either_says(place: Any, issued: Any) -> None:
    whole = {"full_name": "Quách Văn Mẫu Thử", "phone": "0100000001"}
    place.take(whole)
    place.take(whole | {"full_name": "Quách Mẫu Thử", "dose": "2/2", "date": "2026-04-01", "site": "VP02", "lot": "L2"})
    numbers = sorted(one.person_id for one in place.people())
    code = typed.read(codes.hand_out(place.registry, numbers[-1], actor="lan").text)
    (question,) = reviewing.questions(place.registry)
    reviewing.decide(place.registry, question.id, "same", actor="rev")
    issued()

    def found(name: str, number: str = "0100000001") -> Any:
        return asking.find(
            place.registry, name=name, date_of_birth="1990-05-17", number=number, code=code, actor="holder"
        )

    for name in ("Quách Văn Mẫu Thử", "quach mau thu"):
        hit = found(name)
        assert hit is not None and hit.person == numbers[0] and hit.certificate.dose.number == 2, name
    assert found("Quách Thử") is None and found("Quách Mẫu Thử", "0100000009") is None
