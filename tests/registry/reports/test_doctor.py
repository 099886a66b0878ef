"""What whoever answers for a registry is told to see to, and what it takes to be told no more."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from vaxcert import ConfigurationError
from vaxcert.registry import Registry, schema, transfer
from vaxcert.registry.certificates import issuing
from vaxcert.registry.reports import doctor, quality
from vaxcert.registry.reports.doctor import Matter
from vaxcert.wording.doctor import MATTERS


def standing(registry: Registry, matter: Matter) -> doctor.DoctorFinding:
    return next(one for one in doctor.look(registry) if one.matter is matter)


def to_do(registry: Registry, published: Any = None) -> set[str]:
    return {one.matter for one in doctor.look(registry, published) if not one.well}


def test_every_matter_has_words_and_something_to_do() -> None:
    assert list(MATTERS) == [str(matter) for matter in Matter]


def test_what_happens_outside_is_to_do_until_it_was_shown_and_again_after_a_while(place: Any, tmp_path: Path) -> None:
    registry = place.registry
    outside = {Matter.KEY_COPY, Matter.RESTORE, Matter.AUDIT_HEAD, Matter.SUMS}
    assert to_do(registry) == outside
    copy = tmp_path / "copy.key"
    copy.write_bytes(place.key_file.read_bytes())
    doctor.show_key_copy(registry, copy, place.key_file, actor="chief")
    transfer.export(registry, tmp_path / "all.zip", actor="chief")
    with Registry.create(f"sqlite:///{tmp_path / 'trial.db'}", place.key_file, clock=lambda: place.now) as trial:
        transfer.restore(trial, tmp_path / "all.zip", actor="chief")
        doctor.show_restored(registry, trial, actor="chief")
    _, head = doctor.show_audit_head(registry, "", actor="chief")
    doctor.show_audit_head(registry, head, actor="chief")
    doctor.recount(registry, actor="night")
    assert to_do(registry) == set()
    place.now += timedelta(days=3)
    assert to_do(registry) == {Matter.SUMS}
    place.now += timedelta(days=200)
    assert to_do(registry) == outside


def test_the_key_in_use_another_key_and_another_registry_show_nothing(place: Any, tmp_path: Path) -> None:
    registry, other = place.registry, tmp_path / "other.key"
    with Registry.create(f"sqlite:///{tmp_path / 'other.db'}", other) as another:
        with pytest.raises(ConfigurationError):
            doctor.show_key_copy(registry, other, place.key_file, actor="chief")
        with pytest.raises(ConfigurationError):
            doctor.show_restored(registry, another, actor="chief")
    with pytest.raises(ConfigurationError):
        doctor.show_key_copy(registry, place.key_file, place.key_file, actor="chief")
    with pytest.raises(ConfigurationError):
        doctor.show_audit_head(registry, "0" * 15 + "1", actor="chief")
    assert {Matter.KEY_COPY, Matter.RESTORE, Matter.AUDIT_HEAD} <= to_do(registry)


def test_stopped_work_old_questions_and_silent_units_are_to_do(place: Any) -> None:
    registry = place.registry
    place.take({"phone": "1"})
    place.take({"phone": "2", "district": "Yên Lạc", "date": "2026-03-05"})
    place.now += timedelta(days=15)
    with registry.writing() as connection:
        values = {"kind": "import", "state": "running", "started_at": registry.now(), "actor": "clerk", "counts": {}}
        connection.execute(insert(schema.run).values(id=99, **values))
        assert Matter.STOPPED_RUNS not in to_do(registry)  # somebody is at work
    found = {one.matter: one for one in doctor.look(registry) if not one.well}
    assert found[Matter.STOPPED_RUNS].which == ("99 (import)",)
    assert found[Matter.QUESTIONS].said == {"questions": 1, "days": 15}
    assert found[Matter.SILENT_UNITS].which == ("VP01 (15)",)


def test_the_end_of_the_key_that_signed_last_is_looked_up_among_the_published(
    place: Any, issuer: Any, key: Any
) -> None:
    place.take({})
    assert Matter.KEY_END not in to_do(place.registry)
    issuing.run(place.registry, issuer, actor="chief")
    assert Matter.KEY_END in to_do(place.registry)
    assert Matter.KEY_END not in to_do(place.registry, [key.trusted()])
    place.now = key.not_after - timedelta(days=30)
    assert Matter.KEY_END in to_do(place.registry, [key.trusted()])


def test_the_end_of_a_key_that_was_shown_once_is_known_without_it(place: Any, issuer: Any, key: Any) -> None:
    from vaxcert.registry import audit

    place.take({})
    doctor.show_keys(place.registry, [key.trusted()], actor="chief")  # nothing was signed: nothing to note
    issuing.run(place.registry, issuer, actor="chief")
    assert standing(place.registry, Matter.KEY_END).amiss
    doctor.show_keys(place.registry, [], actor="chief")
    assert standing(place.registry, Matter.KEY_END).amiss
    before = audit.check(place.registry)[0]
    for _ in range(2):
        doctor.show_keys(place.registry, [key.trusted()], actor="chief")
    assert audit.check(place.registry)[0] == before + 1
    assert standing(place.registry, Matter.KEY_END).well
    place.now = key.not_after - timedelta(days=30)
    assert standing(place.registry, Matter.KEY_END).said["days"] == 30
    assert not standing(place.registry, Matter.KEY_END).well


def test_sums_that_were_wrong_when_last_counted_are_told_with_how_many(place: Any) -> None:
    registry = place.registry
    assert doctor.proof(registry) is None
    place.take({})
    with registry.writing() as connection:
        connection.execute(schema.tally.update().where(schema.tally.c.facet == "district").values(people=9))
    assert doctor.recount(registry, actor="night") == 1
    assert doctor.proof(registry) == (registry.now(), 1)
    assert (standing(registry, Matter.SUMS).well, standing(registry, Matter.SUMS).said["n"]) == (False, 1)
    assert doctor.recount(registry, actor="night") == 0
    assert doctor.proof(registry) == (registry.now(), 0)
    assert standing(registry, Matter.SUMS).well


def test_a_unit_that_records_at_its_desk_is_not_silent(place: Any) -> None:
    registry = place.registry
    place.take({"date": "2026-06-14"})
    place.now += timedelta(days=6)
    assert standing(registry, Matter.SILENT_UNITS).well
    place.take({"phone": "2", "date": "2026-06-21", "full_name": "Trần Ví Dụ"})
    with registry.writing() as connection:
        connection.execute(schema.run.update().values(kind="record"))
    place.now += timedelta(days=5)
    assert quality.units(registry) == []  # no list of sites, and no file
    with registry.writing() as connection:
        connection.execute(insert(schema.site).values(code="VP01", name="Trạm Mẫu", district="Tam Đảo"))
    (unit,) = quality.units(registry)
    assert (unit.last, unit.given, unit.given_days, unit.silent) == (None, date(2026, 6, 21), 5, False)
    place.now += timedelta(days=3)
    assert standing(registry, Matter.SILENT_UNITS).which == ("VP01 (–)",)


def test_accounts_that_are_nobodys_or_unused_and_a_single_administrator_are_to_do(place: Any) -> None:
    from vaxcert.registry.accounts import keeping

    registry = place.registry
    assert standing(registry, Matter.ADMINISTRATORS) == (Matter.ADMINISTRATORS, True, {}, (), False)

    def made(login: str, role: str, **more: str) -> int:
        return keeping.create(registry, login, keeping.Wanted("Mẫu", [role], **more), actor="test").id

    tram = made("tram", "clerk")
    found = standing(registry, Matter.ADMINISTRATORS)
    assert (found.well, found.amiss) == (False, True)
    made("chief", "administrator", email="chief@mau.example")
    found = standing(registry, Matter.ADMINISTRATORS)
    assert (found.well, found.amiss, found.which) == (False, False, ("chief",))
    made("second", "administrator", email="second@mau.example")
    assert standing(registry, Matter.ADMINISTRATORS).well
    assert standing(registry, Matter.NOBODYS_ACCOUNTS).which == ("tram",)
    made("may", "integrator", email="may@mau.example")
    place.now += timedelta(days=61)
    assert standing(registry, Matter.UNUSED_ACCOUNTS).which == ("chief", "second", "tram")
    keeping.set_active(registry, tram, False, actor="test")
    assert standing(registry, Matter.NOBODYS_ACCOUNTS).well
    assert standing(registry, Matter.UNUSED_ACCOUNTS).which == ("chief", "second")
