"""Two records that were found to be one person's: one certificate of the last dose, counted once, found by either."""

from datetime import date
from typing import Any

from vaxcert.errors import ConfigurationError
from vaxcert.registry import runs, schema
from vaxcert.registry.care import reviewing, searching
from vaxcert.registry.certificates import issuing
from vaxcert.registry.desk import finding
from vaxcert.registry.reports import coverage, kept

WHOLE = {"full_name": "Quách Văn Mẫu Thử", "phone": "0100000001"}
SHORT = WHOLE | {"full_name": "Quách Mẫu Thử", "dose": "2/2", "date": "2026-04-01", "site": "VP02", "lot": "L2"}


def found(place: Any, name: str) -> list[tuple[str, int]]:
    told = {"full_name": name, "date_of_birth": "1990"}
    search = finding.find(place.registry, told, None, actor="nurse")
    assert not search.more
    return [(one.candidate.side.name, len(one.candidate.side.doses)) for one in search.found]


def counted(place: Any) -> tuple[int, int]:
    """People with a dose, and those with a whole series."""
    total, sums = coverage.coverage(place.registry).total, kept.coverage(place.registry).total
    assert sums == total
    return total.people, total.complete


def test_two_who_were_found_to_be_one_have_one_record_one_certificate_and_are_found_by_either_name(
    place: Any, issuer: Any
) -> None:
    place.take(WHOLE)
    place.take(SHORT)
    (question,) = reviewing.questions(place.registry)
    # Until it is answered nobody of them gets a certificate.
    assert issuing.run(place.registry, issuer, actor="chief").issued == {}
    before = place.state()
    assert counted(place)[0] == 2
    run = reviewing.decide_all(place.registry, [(question.id, "same")], actor="chief")
    (one,) = place.people()
    assert [(given.dose.number, given.dose.date) for given in one.counted] == [
        (1, date(2026, 3, 1)), (2, date(2026, 4, 1)),
    ]  # fmt: skip
    assert counted(place) == (1, 1)
    for name in ("quach van", "Quách Mẫu Thử", "van mau"):
        assert found(place, name) == [("Quách Văn Mẫu Thử", 2)], name
    for told in ({"name": "Quách Mẫu Thử", "date_of_birth": "1990-05-17"}, {"phone": "0100000001"}):
        (hit,) = searching.search(place.registry, **told, actor="chief")
        assert (hit.side.number, len(hit.side.doses), hit.questions) == (one.person_id, 2, 0)
    runs.undo(place.registry, run, actor="chief")
    assert place.state() == before
    assert [doses for _, doses in found(place, "quach mau")] == [1, 1]
    reviewing.decide(place.registry, question.id, "same", actor="chief")
    report = issuing.run(place.registry, issuer, actor="chief")
    table = schema.certificate
    with place.registry.reading() as connection:
        rows = connection.execute(table.select().where(table.c.replaced_by.is_(None))).all()
    # The last dose's, of the one who stands for both.
    assert sum(report.issued.values()) == len(rows) == 1
    assert rows[0].person_id == one.person_id and rows[0].dose_id == one.counted[-1].dose_id
    try:
        runs.undo(place.registry, run + 2, actor="chief")
    except ConfigurationError:
        pass
    else:
        raise AssertionError("a certificate was issued of the two as one")


def test_many_records_of_few_people_are_no_more_people_at_a_desk(place: Any) -> None:
    """The most that a desk is shown is of people, however many records each of them has."""
    rows = []
    for number in range(15):
        one = {"phone": f"01000000{number:02}", "date_of_birth": f"1990-05-{number + 1:02}"}
        rows += [WHOLE | one, WHOLE | one | {"full_name": "QUACH VAN MAU THU", "dose": "2/2", "date": "2026-04-01"}]
    place.take(*rows)
    assert len(found(place, "quach van")) == len(place.people()) == 15
