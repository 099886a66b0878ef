"""A dose recorded at a desk is on record once, whole, under who recorded it; and can be taken back that day."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from vaxcert import ConfigurationError
from vaxcert.errors import NotFoundError, Reason
from vaxcert.registry import Registry, audit, runs, schema, transfer
from vaxcert.registry.care import privacy, reviewing
from vaxcert.registry.certificates import issuing
from vaxcert.registry.desk import entering, events, people, sessions
from vaxcert.registry.reports.stock import stock
from vaxcert.registry.states import RowOutcome, RunKind, WarningKind

Refused = Callable[[Callable[[], Any]], tuple[str, str]]


def test_a_recorded_dose_has_its_person_its_run_who_recorded_it_and_a_dose_less_in_stock(desk: Any) -> None:
    entry = desk.record()
    assert entry.outcome is RowOutcome.NEW and not entry.again
    assert desk.told() == [("Nguyễn Mẫu Thử", [(1, desk.today)])]
    run = runs.listed(desk.registry)[-1]
    assert (run.id, run.kind, run.state, run.actor, run.counts) == (
        entry.run,
        RunKind.RECORD,
        "done",
        "nurse",
        {"new": 1},
    )
    last = audit.entries(desk.registry)[-1]
    assert (last.actor, last.action, last.details["dose"], last.details["session"]) == (
        "nurse", "record", entry.dose_id, desk.session,
    )  # fmt: skip
    assert desk.left() == 2 == next(one.left for one in stock(desk.registry) if one.lot == "L1")


def test_the_same_request_sent_again_is_the_same_dose_and_another_one_under_its_id_is_refused(
    desk: Any, refused: Refused
) -> None:
    request = uuid4()
    first = desk.record(request=request)
    state = desk.place.state()
    again = desk.record(request=request)
    assert again == first._replace(again=True)
    other = desk.profile("Trần Ví Dụ")
    assert refused(lambda: desk.record(other, request=request)) == ("request", "recorded_otherwise")
    assert desk.place.state() == state


def test_two_desks_that_record_one_dose_under_two_ids_have_it_once(desk: Any) -> None:
    first, second = desk.record(), desk.record()
    assert (second.outcome, second.dose_id) == (RowOutcome.KNOWN, first.dose_id)
    assert desk.told() == [("Nguyễn Mẫu Thử", [(1, desk.today)])]
    assert desk.left() == 2


def test_a_units_export_that_comes_later_finds_what_was_recorded_known(desk: Any) -> None:
    desk.record(desk.profile(phone="0100000001"))
    known = desk.profile("Trần Ví Dụ", "1980-01-02", phone="0100000002")
    chosen = desk.record(known)
    # As typed at another desk, with a slip, by who was shown the record and chose it.
    desk.place.now += timedelta(days=28)
    slip = desk.profile("Trần Ví Dụu", "1980-01-02", phone="0100000002")
    session = sessions.open_session(desk.registry, site="VP01", product="EU/1/20/1528", lot="L1", actor="nurse")
    later = desk.registry.today()
    second = desk.record(slip, desk.dose(2, date=later), session=session, person=chosen.person_id)
    assert second.person_id == chosen.person_id and reviewing.waiting(desk.registry) == 0
    before = desk.told()
    report = desk.place.take(
        {"date": desk.today.isoformat(), "lot": "L1"},
        {"full_name": "Trần Ví Dụ", "date_of_birth": "1980-01-02", "phone": "0100000002", "date": desk.today.isoformat()},
        {"full_name": "Trần Ví Dụu", "date_of_birth": "1980-01-02", "phone": "0100000002", "dose": "2/2", "date": later.isoformat()},
    )  # fmt: skip
    assert report.counts == {"known": 3, "rejected": 0}
    assert desk.told() == before and reviewing.waiting(desk.registry) == 0


def test_who_could_be_somebody_on_record_is_not_saved_before_that_one_was_shown(desk: Any, refused: Refused) -> None:
    first = desk.record(desk.profile(phone="0100000001"))
    twin = desk.profile("Nguyễn Mẫu Thừ", phone="0100000001")
    (seen,) = people.who(desk.registry, twin, actor="nurse")
    assert (seen.side.number, seen.sure, seen.next_numbers) == (first.person_id, False, {"840539006": 2})
    assert "telephone_agrees" in seen.reasons
    assert audit.entries(desk.registry)[-1].details == {"people": [first.person_id]}
    state = desk.place.state()
    assert refused(lambda: desk.record(twin)) == ("person", "candidates_unseen")
    assert desk.place.state() == state
    # Shown, and said to be another: nothing is left to ask.
    other = desk.record(twin, others=frozenset((first.person_id,)))
    assert other.person_id != first.person_id and reviewing.waiting(desk.registry) == 0


def test_who_surely_is_on_record_is_neither_saved_as_somebody_new_nor_as_who_was_chosen_by_mistake(
    desk: Any, refused: Refused
) -> None:
    first = desk.record(desk.profile(national_id="001090000001"))
    other = desk.record(desk.profile("Trần Ví Dụ", "1980-01-02"))
    again = desk.profile(national_id="001090000001")
    later = desk.dose(2)
    shown = {"warnings": frozenset((WarningKind.TOO_EARLY,)), "reason": "trip abroad"}
    others = frozenset((first.person_id,))
    assert refused(lambda: desk.record(again, later, others=others, **shown)) == ("person", "on_record_surely")
    assert refused(lambda: desk.record(again, later, person=other.person_id, **shown)) == ("person", "somebody_else")
    assert desk.record(again, later, **shown).person_id == first.person_id


def test_what_a_program_records_unsurely_is_a_question_as_from_an_import(desk: Any) -> None:
    desk.record(desk.profile(phone="0100000001"))
    twin = desk.profile("Nguyễn Mẫu Thừ", phone="0100000001")
    entry = entering.record(desk.registry, profile=twin, dose=desk.dose(), actor="program", request_id=uuid4())
    assert entry.outcome is RowOutcome.QUESTION and reviewing.waiting(desk.registry) == 1


def test_a_warning_is_shown_before_it_is_overridden_with_a_reason_and_all_of_that_is_kept(
    desk: Any, refused: Refused
) -> None:
    entry = desk.record()
    second, whose = desk.dose(2), {"person": entry.person_id}
    (early,) = entering.ahead(desk.registry, None, second, people.Answers(**whose))
    assert early.words.en == "too early: 0 days after the dose before, at least 21"
    assert refused(lambda: desk.record(None, second, **whose)) == ("warnings", "warnings_unseen")
    shown = whose | {"warnings": frozenset((WarningKind.TOO_EARLY,))}
    assert refused(lambda: desk.record(None, second, **shown)) == ("reason", "missing")
    told = desk.record(None, second, **shown, reason="a trip abroad")
    assert told.warnings == (WarningKind.TOO_EARLY,)
    with desk.registry.reading() as connection:
        row = connection.execute(select(schema.desk_entry).where(schema.desk_entry.c.dose_id == told.dose_id)).one()
    assert (row.warnings, row.override, row.shown_to) == (
        [["too_early", {"days": 0, "least": 21}]], "a trip abroad", "nurse",
    )  # fmt: skip


def test_only_what_is_of_the_session_and_in_stock_is_recorded_at_it(desk: Any, refused: Refused) -> None:
    for field, more, reason in (
        ("site", {"site": "VP02"}, "not_of_the_session"),
        ("date", {"date": desk.today - timedelta(days=1)}, "not_of_the_session"),
        ("lot", {"lot": "L9"}, "not_in_stock"),
        ("lot", {"lot": "M1"}, "not_in_stock"),
    ):
        assert refused(lambda more=more: desk.record(dose=desk.dose(**more))) == (field, reason)
    for number in range(3):
        desk.record(desk.profile(f"Trần Ví Dụ {'ABC'[number]}", f"198{number}-01-02"))
    assert desk.left() == 0
    assert refused(desk.record) == ("lot", "not_in_stock")
    # What is on record needs none.
    assert desk.record(desk.profile("Trần Ví Dụ A", "1980-01-02")).outcome is RowOutcome.KNOWN
    sessions.close(desk.registry, desk.session, actor="nurse")
    assert refused(desk.record) == ("session", "session_closed")
    with pytest.raises(NotFoundError):
        desk.record(session=99)


def test_a_dose_that_is_taken_back_leaves_nothing_but_its_run_and_gives_the_stock_back(
    desk: Any, refused: Refused
) -> None:
    before = desk.place.state()
    request = uuid4()
    entry = desk.record(request=request)
    assert entering.undo(desk.registry, entry.dose_id, actor="nurse") == (entry.run, False)
    after = desk.place.state()
    assert {name for name in after if after[name] != before[name]} == {"desk_entry"}
    assert desk.left() == 3 and desk.told() == []
    # What was sent before and comes late is not recorded after all; a new record is.
    assert refused(lambda: desk.record(request=request)) == ("request", "taken_back")
    assert desk.record().outcome is RowOutcome.NEW


def test_a_record_that_made_two_records_one_is_taken_back_as_well(desk: Any) -> None:
    first = desk.record(desk.profile(phone="0100000001"))
    before = desk.place.state()
    slip = desk.profile("Nguyễn Mẫu Thửx", phone="0100000001")
    shown = {"warnings": frozenset((WarningKind.TOO_EARLY,)), "reason": "a trip abroad"}
    second = desk.record(slip, desk.dose(2), person=first.person_id, **shown)
    assert second.person_id == first.person_id
    entering.undo(desk.registry, second.dose_id, actor="nurse")
    after = desk.place.state()
    assert {name for name in after if after[name] != before[name]} == {"desk_entry"}


def test_a_dose_is_taken_back_on_its_day_alone_as_the_country_counts_days(desk: Any, refused: Refused) -> None:
    entry = desk.record()
    # The tests' day begins at seven in the evening before, UTC.
    desk.place.now = desk.place.now.replace(hour=16, minute=59)
    assert desk.registry.today() == desk.today
    desk.place.now += timedelta(minutes=2)
    assert refused(lambda: entering.undo(desk.registry, entry.dose_id, actor="nurse")) == ("dose", "day_over")
    with pytest.raises(NotFoundError):
        entering.undo(desk.registry, 99, actor="nurse")


def test_a_dose_with_a_certificate_is_taken_back_once_that_is_revoked_or_is_withdrawn(desk: Any, issuer: Any) -> None:
    entry = desk.record()
    assert issuing.run(desk.registry, issuer, actor="chief").issued == {"new": 1}
    with pytest.raises(ConfigurationError) as caught:
        entering.undo(desk.registry, entry.dose_id, actor="nurse")
    assert caught.value.reason is Reason.BUILT_UPON and desk.left() == 2
    assert entering.undo(desk.registry, entry.dose_id, actor="nurse", withdraw=True, reason="another lot").withdrawn
    assert desk.left() == 3
    assert issuing.run(desk.registry, issuer, actor="chief").revoked == 1


def test_a_dose_that_was_withdrawn_can_be_given_anew_and_its_old_request_cannot(
    desk: Any, issuer: Any, refused: Refused
) -> None:
    request = uuid4()
    first = desk.record(request=request)
    issuing.run(desk.registry, issuer, actor="chief")
    entering.undo(desk.registry, first.dose_id, actor="nurse", withdraw=True, reason="another lot")
    assert refused(lambda: desk.record(request=request)) == ("request", "taken_back")
    assert sessions.get(desk.registry, desk.session).given == 0
    (waiting,) = sessions.people(desk.registry, desk.session, actor="nurse")
    again = desk.record(request=waiting.request_id)
    assert again.person_id == first.person_id and again.dose_id != first.dose_id
    assert (again.outcome, desk.left()) == (RowOutcome.MATCHED, 2)
    # As before, what an import states does not bring back what was withdrawn, nor doubles what was given.
    assert desk.place.take({"phone": "", "date": desk.today.isoformat()}).counts["known"] == 1


def test_what_a_desk_recorded_is_in_an_export_and_back_in_another_registry(desk: Any, tmp_path: Any) -> None:
    entry = desk.record()
    events.note(desk.registry, entry.dose_id, kind="fever", began_on=desk.today, actor="nurse", details="38,5 °C")
    transfer.export(desk.registry, tmp_path / "all.zip", actor="chief")
    with Registry.create(f"sqlite:///{tmp_path / 'other.db'}", desk.place.key_file) as other:
        transfer.restore(other, tmp_path / "all.zip", actor="chief")
        before, after = transfer.fingerprint(desk.registry), transfer.fingerprint(other)
        assert {name for name in after if after[name] != before[name]} == {"audit", "setting"}
        (event,) = events.of_dose(other, entry.dose_id, actor="nurse")
    assert event.details == "38,5 °C"


def test_a_dose_whose_certificates_are_revoked_is_withdrawn_without_being_told_to(desk: Any, issuer: Any) -> None:
    entry = desk.record()
    issuing.run(desk.registry, issuer, actor="chief")
    with desk.registry.writing() as connection:
        connection.execute(schema.certificate.update().values(revoked_at=desk.registry.now()))
    assert entering.undo(desk.registry, entry.dose_id, actor="nurse").withdrawn
    assert desk.left() == 3


def test_a_dose_with_an_adverse_event_is_not_taken_back_and_the_event_goes_with_the_person(
    desk: Any, refused: Refused
) -> None:
    entry = desk.record()
    note = {"kind": "fever", "actor": "nurse"}
    number = events.note(desk.registry, entry.dose_id, began_on=desk.today, details="38,5 °C", **note)
    (event,) = events.of_dose(desk.registry, entry.dose_id, actor="nurse")
    assert (event.id, event.kind, event.details, event.noted_by) == (number, "fever", "38,5 °C", "nurse")
    for attempt, said in (
        ({"began_on": desk.today - timedelta(days=1)}, ("began_on", "before_the_dose")),
        ({"began_on": desk.today + timedelta(days=1)}, ("began_on", "in_the_future")),
        ({"began_on": desk.today, "kind": "headache?"}, ("kind", "not_one_of")),
        ({"began_on": desk.today, "details": "x" * 2_001}, ("details", "too_long")),
    ):
        assert refused(lambda a=attempt: events.note(desk.registry, entry.dose_id, **(note | a))) == said
    with pytest.raises(ConfigurationError):
        entering.undo(desk.registry, entry.dose_id, actor="nurse")
    whole = privacy.export_person(desk.registry, entry.person_id, actor="chief")
    assert [one["details"] for one in whole["adverse_events"]] == ["38,5 °C"] and len(whole["attendances"]) == 1
    privacy.delete_person(desk.registry, entry.person_id, actor="chief", reason="asked for")
    with desk.registry.reading() as connection:
        assert not connection.execute(select(schema.adverse_event)).all()
        assert not connection.execute(select(schema.attendance)).all()


def test_nobodys_name_or_number_is_in_the_audit_log_of_a_desk(desk: Any) -> None:
    entry = desk.record(desk.profile(phone="0987654321", guardian="Trần Ví Dụ"))
    people.who(desk.registry, desk.profile(), actor="nurse")
    sessions.people(desk.registry, desk.session, actor="nurse")
    events.note(desk.registry, entry.dose_id, kind="fever", began_on=desk.today, actor="nurse", details="sốt cao")
    told = " ".join(str(one) for one in audit.entries(desk.registry))
    assert not any(said in told for said in ("Nguyễn", "Trần", "0987654321", "1990", "sốt"))


def test_a_dose_that_is_recorded_anew_has_the_certificate_that_states_it(desk: Any, issuer: Any) -> None:
    from sqlalchemy import select

    from vaxcert.registry import schema
    from vaxcert.registry.certificates import one
    from vaxcert.registry.desk import entering

    def certified(dose_id: int) -> str:
        made = one.issue(desk.registry, issuer, dose_id, asker=one.Asker("account:lan"))
        with desk.registry.reading() as connection:
            table = schema.certificate
            assert connection.scalars(select(table.c.dose_id).where(table.c.revoked_at.is_(None))).all() == [dose_id]
        return made.certificate_id

    first = desk.record().dose_id
    before = certified(first)
    assert entering.undo(desk.registry, first, actor="nurse", withdraw=True, reason="by mistake").withdrawn
    again = desk.record().dose_id
    assert again != first and certified(again) == before
    # It is what that one stands upon now.
    assert entering.undo(desk.registry, again, actor="nurse", withdraw=True, reason="by mistake").withdrawn
