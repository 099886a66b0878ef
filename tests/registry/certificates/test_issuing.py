"""Certificates from the registry: who gets one, who is kept back, and what a correction does to the one before."""

import zipfile
from datetime import UTC, date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from vaxcert import Verifier
from vaxcert.registry import schema
from vaxcert.registry.care import changing, privacy, reviewing
from vaxcert.registry.certificates import issuing, lookup, pictures


def issue(place: Any, issuer: Any, key: Any, **options: Any) -> Any:
    return issuing.run(place.registry, issuer, actor="chief", **options)


def valid(place: Any) -> list[Any]:
    table = schema.certificate
    with place.registry.reading() as connection:
        query = select(table).where(table.c.revoked_at.is_(None), table.c.replaced_by.is_(None)).order_by(table.c.id)
        return list(connection.execute(query))


def judged(place: Any, verifier: Verifier, number: int) -> Any:
    found = lookup.of_person(place.registry, number)
    assert found is not None
    return verifier.verify(found.text, at=place.now.astimezone(UTC))


def test_whoever_is_new_gets_one_and_nobody_gets_two(place: Any, issuer: Any, key: Any, verifier: Verifier) -> None:
    place.take({}, {"dose": "2/2", "date": "2026-04-01"}, {"full_name": "Trần Ví Dụ", "phone": "2"})
    assert issue(place, issuer, key).issued == {"new": 2}
    assert issue(place, issuer, key).issued == {}
    for one in place.people():
        verdict = judged(place, verifier, one.person_id)
        assert verdict.status == "accepted"
        assert verdict.certificate.person.family_name == one.profile.person.family_name
        assert verdict.certificate.entry.number == max(given.dose.number for given in one.doses)
    (row, _) = valid(place)
    assert row.kid == key.kid.hex()
    assert b"HC1:" not in bytes(row.text)


def test_the_next_dose_brings_the_next_certificate_and_leaves_the_last_one_good(
    place: Any, issuer: Any, key: Any, verifier: Verifier
) -> None:
    place.take({})
    issue(place, issuer, key)
    first = lookup.of_person(place.registry, 1)
    place.take({"dose": "2/2", "date": "2026-04-01"})
    report = issue(place, issuer, key)
    assert (report.issued, report.revoked) == ({"next dose": 1}, 0)
    second = judged(place, verifier, 1)
    assert second.certificate.entry.number == 2
    assert verifier.verify(first.text).status == "accepted"
    assert issuing.hand_over(place.registry, actor="chief") == []


@pytest.mark.parametrize("what", ["person", "dose", "withdrawn", "merged"])
def test_a_correction_revokes_the_certificate_and_brings_another(
    place: Any, issuer: Any, key: Any, verifier: Verifier, what: str
) -> None:
    place.take({}, {"full_name": "Nguyễn Mẫu Thử", "phone": "9", "district": "Yên Lạc", "dose": "1/2"})
    with place.registry.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(schema.review)) == 1
    (question,) = reviewing.questions(place.registry)
    reviewing.decide(place.registry, question.id, "different", actor="chief")
    issue(place, issuer, key)
    one = place.people()[0]
    before = lookup.of_person(place.registry, one.person_id)
    if what == "person":
        changing.correct_person(place.registry, one.person_id, {"date_of_birth": "1990-05-18"}, actor="a", reason="ID")
    elif what == "dose":
        changing.correct_dose(
            place.registry, one.doses[0].dose_id, {"date": date(2026, 2, 1)}, actor="a", reason="card"
        )
    elif what == "withdrawn":
        changing.correct_dose(
            place.registry, one.doses[0].dose_id, {"state": "withdrawn"}, actor="a", reason="not given"
        )
    else:
        changing.correct_person(place.registry, one.person_id, {"district": "Sông Lô"}, actor="a", reason="moved")
    report = issue(place, issuer, key)
    if what == "merged":  # what no certificate states is no reason for another one
        assert (report.issued, report.revoked) == ({}, 0)
        return
    assert report.revoked == 1
    assert issuing.hand_over(place.registry, actor="a") == [before.certificate_id] == list(report.revoked_ids)
    assert issuing.hand_over(place.registry, actor="a") == []
    if what == "withdrawn":
        assert report.issued == {}
        assert lookup.of_person(place.registry, one.person_id) is None
    else:
        assert report.issued == {"corrected": 1}
        now = lookup.of_person(place.registry, one.person_id)
        assert now.certificate_id != before.certificate_id
        certificate = verifier.verify(now.text).certificate
        assert certificate.person.date_of_birth == ("1990-05-18" if what == "person" else "1990-05-17")
        assert certificate.entry.date == (date(2026, 2, 1) if what == "dose" else date(2026, 3, 1))


def test_who_is_kept_back_and_why(place: Any, issuer: Any, key: Any) -> None:
    place.take(
        {"full_name": "Lê Một", "phone": "1", "dose": "2/2"},
        {"full_name": "Lê Hai", "phone": "2", "date": "2026-04-01"}, {"full_name": "Lê Hai", "phone": "2", "dose": "2/2"},
        {"full_name": "Lê Ba", "phone": "3", "national_id": "1234563"},
        {"full_name": "Lê Ba", "phone": "3", "national_id": "1234563", "date": "2026-03-09"},
        {"full_name": "Trần Bốn", "phone": "4"}, {"full_name": "Trần Bốn", "phone": "44", "dose": "2/2", "date": "2026-04-01"},
        {"full_name": "Phạm Năm", "phone": "5"},
    )  # fmt: skip
    report = issue(place, issuer, key)
    assert report.issued == {"new": 1}
    assert report.kept_back == {
        "earlier_dose_missing": 2, "dates_out_of_order": 1, "disputed": 1, "question_open": 2,
    }  # fmt: skip


def test_a_certificate_is_renewed_before_it_ends_and_not_earlier(
    place: Any, issuer: Any, key: Any, verifier: Verifier
) -> None:
    place.take({})
    issue(place, issuer, key)
    within = timedelta(days=40)
    place.now += timedelta(days=324)
    assert issue(place, issuer, key, renew_within=within).issued == {}
    place.now += timedelta(days=2)
    assert issue(place, issuer, key, renew_within=within).issued == {"renewed": 1}
    assert judged(place, verifier, 1).status == "accepted"
    assert issue(place, issuer, key).issued == {}


ISSUE = """
from datetime import timedelta
from vaxcert import Issuer, SigningKey
from vaxcert.registry.certificates import issuing
key = SigningKey.generate("VN", now=registry.clock() - timedelta(days=30))
issuer = Issuer(key, country="VN", authority="Mau", valid_for=timedelta(days=300), clock=registry.clock)
print(issuing.run(registry, issuer, actor="chief").issued, flush=True)
"""


@pytest.mark.one_database
@pytest.mark.slow
def test_a_killed_run_loses_no_certificate_and_makes_none_twice(
    place: Any, province: Any, issuer: Any, key: Any, verifier: Verifier
) -> None:
    from vaxcert.registry.intake import importing

    for path in sorted(province(0.05).glob("unit-*.csv")):
        importing.run(place.registry, path, actor="clerk")
    killed = 0
    for pause in (0.0, 0.1, 0.2, 0.4):
        before = len(valid(place))
        killed += place.killed(ISSUE, once=lambda before=before: len(valid(place)) != before, pause=pause)
    assert killed
    issue(place, issuer, key)
    rows = valid(place)
    assert len({row.person_id for row in rows}) == len(rows) == _due(place)
    # Each run had another key; those of the last one open with it, and none is damaged.
    reasons = {judged(place, verifier, row.person_id).reason for row in rows[:: len(rows) // 20]}
    assert reasons <= {None, "key_unknown"}


def _due(place: Any) -> int:
    """Who is whole and about whom nothing is to be decided, counted in another way than issuing does."""
    from vaxcert.registry.records.completeness import problems

    table = schema.review
    with place.registry.reading() as connection:
        open_now = (table.c.kind == "person") & table.c.decision.is_(None)
        rows = connection.execute(select(table.c.first, table.c.second).where(open_now)).all()
        heads = dict(connection.execute(select(schema.person.c.id, schema.person.c.merged_into)).all())
    rows = [(heads[first] or first, heads[second] or second) for first, second in rows]
    rows = [(first, second) for first, second in rows if first != second]
    asked = {number for row in rows for number in row}
    return sum(one.person_id not in asked and not list(problems(one)) for one in place.people())


def test_the_archive_holds_every_valid_certificate_and_no_name(
    place: Any, issuer: Any, key: Any, verifier: Verifier
) -> None:
    from vaxcert import qr

    place.take({}, {"full_name": "Trần Ví Dụ", "phone": "2"})
    run = issue(place, issuer, key).run
    out = place.folder / "codes.zip"
    assert pictures.archive(place.registry, out, actor="chief", runs=[run]) == 2
    with zipfile.ZipFile(out) as archive:
        names = [name for name in archive.namelist() if name.endswith(".png")]
        texts = [symbol.text for name in names for symbol in qr.read(archive.read(name))]
        manifest = archive.read("manifest.csv").decode()
    assert len(texts) == 2
    assert {verifier.verify(text).certificate.person.family_name for text in texts} == {"Nguyễn", "Trần"}  # type: ignore[union-attr]
    assert "Nguyễn" not in manifest
    assert len(manifest.splitlines()) == 3


@pytest.mark.parametrize("ending", ["pdf", "png", "svg", "txt"])
def test_a_holder_gets_the_certificate_in_every_form(
    place: Any, issuer: Any, key: Any, verifier: Verifier, ending: str
) -> None:
    from vaxcert import qr

    place.take({"phone": "0100000001"})
    issue(place, issuer, key)
    found = lookup.of_person(place.registry, 1)
    out = place.folder / f"certificate.{ending}"
    assert pictures.save(found, out, authority="Sở Y tế") == ()
    if ending == "txt":
        assert out.read_text().strip() == found.text
    elif ending == "svg":
        assert out.read_text().startswith("<svg") or "<svg" in out.read_text()[:200]
    else:
        assert [symbol.text for symbol in qr.read(out)] == [found.text]


class Watch:
    """A stopwatch that is set, and how long was slept."""

    def __init__(self) -> None:
        self.now, self.slept = 0.0, 0.0

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.now += seconds


def test_a_look_up_tells_nothing_but_a_match_and_stands_in_the_audit_log(place: Any, issuer: Any, key: Any) -> None:
    from vaxcert.registry import audit

    place.take(
        {"phone": "0912 345 678", "national_id": "001090000001"},
        {"full_name": "Trần Ví Dụ", "phone": "2", "dose": "2/2"},
    )
    issue(place, issuer, key)

    def asked(**given: str) -> tuple[bool, float]:
        watch = Watch()
        wanted = {"name": "Nguyễn Mẫu Thử", "date_of_birth": "1990-05-17", **given}
        found = lookup.look_up(place.registry, actor="desk", clock=watch.time, sleep=watch.sleep, **wanted)
        return found is not None, watch.slept

    good = [
        {"phone": "+84 912345678"}, {"national_id": "001 090 000 001"}, {"name": "mau thu nguyen", "phone": "0912345678"},
        {"phone": "wrong", "national_id": "001090000001"},
    ]  # fmt: skip
    bad = [
        {"phone": "0912345679"}, {"national_id": "001090000002"}, {}, {"phone": "", "national_id": ""},
        {"name": "Nguyễn Mẫu Thừ Hai", "phone": "0912345678"}, {"date_of_birth": "1990-05-18", "phone": "0912345678"},
        {"name": "Nobody", "phone": "0912345678"}, {"name": "", "phone": "0912345678"},
        {"name": "Trần Ví Dụ", "phone": "2"},
    ]  # fmt: skip
    assert [asked(**given) for given in good] == [(True, lookup.LASTS)] * len(good)
    assert [asked(**given) for given in bad] == [(False, lookup.LASTS)] * len(bad)
    seen = [entry for entry in audit.entries(place.registry, last=100) if entry.action == "look up"]
    assert [entry.details["found"] for entry in seen] == [True] * len(good) + [False] * len(bad)
    assert "Nguyễn" not in repr(seen)
    assert "912345678" not in repr(seen)


def test_a_look_up_does_not_wait_for_an_import_on_postgresql(place: Any, issuer: Any, key: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from vaxcert.registry import audit

    if place.url.startswith("sqlite"):
        return  # there it waits: one writer at a time
    place.take({"phone": "1"})
    issue(place, issuer, key)
    wanted = {"name": "Nguyễn Mẫu Thử", "date_of_birth": "1990-05-17", "phone": "1"}
    with place.registry.writing() as connection, ThreadPoolExecutor(4) as pool:
        connection.execute(select(schema.person)).all()
        asked = [pool.submit(lookup.look_up, place.registry, actor="desk", **wanted) for _ in range(8)]
        assert all(one.result(timeout=30) is not None for one in asked)
    assert audit.check(place.registry)[0] == 10


def test_somebody_gets_all_that_is_kept_of_them_and_is_forgotten_when_asked(place: Any, issuer: Any, key: Any) -> None:
    from vaxcert import ConfigurationError

    place.take({"phone": "0912345678", "national_id": "1234567"}, {"full_name": "Trần Ví Dụ", "phone": "2"})
    place.take({"full_name": "Nguyễn Mẫu Thử", "phone": "9", "dose": "2/2", "date": "2026-04-01"})
    (question,) = reviewing.questions(place.registry)
    reviewing.decide(place.registry, question.id, "same", actor="chief")
    issue(place, issuer, key)
    held = lookup.of_person(place.registry, 1)
    whole = privacy.export_person(place.registry, 1, actor="chief")
    assert whole["person"][0]["phone"] == "0912345678"
    assert [dose["number"] for dose in whole["doses"]] == [1, 2]
    assert whole["certificates"][0]["text"] == held.text
    others = [one for one in place.people() if one.person_id == 2]
    with pytest.raises(ConfigurationError, match="needs its reason"):
        privacy.delete_person(place.registry, 1, actor="chief", reason=" ")
    assert privacy.delete_person(place.registry, 3, actor="chief", reason="asked in writing") == [held.certificate_id]
    assert place.people() == others
    assert all("Nguyễn" not in repr(row) for row in _everything(place))
    with pytest.raises(ConfigurationError, match="there is none"):
        privacy.export_person(place.registry, 1, actor="chief")
    # The same rows come again with the next export; they are known, and bring nobody back.
    report = place.take({"phone": "0912345678", "national_id": "1234567"}, {"full_name": "Trần Ví Dụ", "phone": "2"})
    assert report.counts == {"again": 1, "deleted": 1, "rejected": 0}
    assert place.people() == others
    assert privacy.deleted_certificates(place.registry) == [held.certificate_id]


def test_records_are_kept_as_long_as_certificates_and_no_longer_than_wanted(place: Any, issuer: Any, key: Any) -> None:
    place.take({}, {"full_name": "Trần Ví Dụ", "phone": "2", "date": "2026-06-01"})
    issue(place, issuer, key)
    keep = timedelta(days=90)
    assert privacy.retain(place.registry, keep=keep, actor="chief") == 0
    place.now += timedelta(days=366)
    assert privacy.retain(place.registry, keep=timedelta(days=400), actor="chief") == 1
    assert [one.profile.person.family_name for one in place.people()] == ["Trần"]
    assert privacy.retain(place.registry, keep=keep, actor="chief") == 1
    assert place.people() == []


def _everything(place: Any) -> list[Any]:
    with place.registry.reading() as connection:
        return [row for table in schema.metadata.sorted_tables for row in connection.execute(select(table))]
