"""The certificate of one dose: by the rules of the nightly run, on both databases, and by who entered it."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from vaxcert import Issuer
from vaxcert.errors import ConfigurationError, InputError, NotFoundError, Reason
from vaxcert.registry import audit, runs, schema
from vaxcert.registry.care import changing, privacy
from vaxcert.registry.certificates import issuing, one
from vaxcert.registry.certificates.due import KEEPS_BACK
from vaxcert.registry.records.completeness import FindingKind
from vaxcert.registry.states import RunState

ASKER = one.Asker("account:lan", "portal", "VP01")


def doses_of(place: Any) -> list[int]:
    with place.registry.reading() as connection:
        return list(connection.scalars(select(schema.dose.c.id).order_by(schema.dose.c.id)))


def refusal(place: Any, issuer: Any, dose: int) -> Reason:
    with pytest.raises(InputError) as caught:
        one.issue(place.registry, issuer, dose, asker=ASKER)
    assert caught.value.field == "dose"
    with place.registry.reading() as connection:
        assert connection.execute(select(schema.signing)).all() == []
    return caught.value.reason


def test_a_dose_gets_one_certificate_and_the_nightly_run_has_nothing_left_to_do(place: Any, issuer: Any) -> None:
    place.take({})
    made = one.issue(place.registry, issuer, 1, asker=ASKER)
    assert (made.new, made.why) == (True, "new")
    again = one.issue(place.registry, issuer, 1, asker=ASKER)
    assert (again.new, again.text, again.certificate_id) == (False, made.text, made.certificate_id)
    assert issuing.run(place.registry, issuer, actor="chief").issued == {}


def test_what_the_nightly_run_issued_is_given_out_and_not_signed_anew(place: Any, issuer: Any) -> None:
    place.take({})
    issuing.run(place.registry, issuer, actor="chief")
    assert not one.issue(place.registry, issuer, 1, asker=ASKER).new


def test_the_next_dose_takes_the_place_of_the_one_before_and_that_is_not_issued_any_more(
    place: Any, issuer: Any
) -> None:
    place.take({})
    first = one.issue(place.registry, issuer, 1, asker=ASKER)
    place.take({"dose": "2/2", "date": "2026-04-01"})
    second = one.issue(place.registry, issuer, 2, asker=ASKER)
    assert (second.why, second.revoked) == ("next dose", ())
    table = schema.certificate
    with place.registry.reading() as connection:
        query = select(table.c.replaced_by).where(table.c.id == first.certificate_id)
        assert connection.scalar(query) == second.certificate_id
    with pytest.raises(InputError) as caught:
        one.issue(place.registry, issuer, 1, asker=ASKER)
    assert caught.value.reason is Reason.LATER_DOSE


def test_one_that_ends_soon_is_renewed_and_one_that_does_not_is_given_out(place: Any, key: Any) -> None:
    short = Issuer(key, country="VN", authority="Sở Y tế (TEST)", valid_for=timedelta(days=90), clock=lambda: place.now)
    place.take({})
    first = one.issue(place.registry, short, 1, asker=ASKER)
    place.now += timedelta(days=59)
    assert not one.issue(place.registry, short, 1, asker=ASKER).new
    place.now += timedelta(days=1)
    second = one.issue(place.registry, short, 1, asker=ASKER)
    assert (second.why, second.certificate_id != first.certificate_id) == ("renewed", True)


@pytest.mark.parametrize("kept_back", ["withdrawn", "earlier", "disputed", "order", "question", "unknown"])
def test_a_dose_that_the_nightly_run_keeps_back_is_refused_with_its_reason_and_nothing_is_noted(
    place: Any, issuer: Any, kept_back: str
) -> None:
    if kept_back == "withdrawn":
        place.take({})
        changing.correct_dose(place.registry, 1, {"state": "withdrawn"}, actor="chief", reason="another's")
        assert refusal(place, issuer, 1) is Reason.WITHDRAWN
    elif kept_back == "earlier":
        place.take({"dose": "2/2"})
        assert refusal(place, issuer, 1) is Reason.EARLIER_DOSE_MISSING
    elif kept_back == "disputed":
        place.take(
            {"national_id": "001090000001"}, {"national_id": "001090000001", "date": "2026-03-14", "site": "VP02"}
        )
        assert [refusal(place, issuer, dose) for dose in doses_of(place)] == [Reason.DISPUTED] * 2
    elif kept_back == "order":
        place.take({}, {"dose": "2/2", "date": "2026-02-01"})
        assert refusal(place, issuer, 2) is Reason.DATES_OUT_OF_ORDER
    elif kept_back == "question":
        place.take({}, {"phone": "9", "district": "Yên Lạc"})
        assert [refusal(place, issuer, dose) for dose in doses_of(place)] == [Reason.QUESTION_OPEN] * 2
    else:
        place.take({})
        with place.registry.writing() as connection:
            connection.execute(update(schema.run).values(actor=" "))
        assert refusal(place, issuer, 1) is Reason.ENTERER_UNKNOWN
    if kept_back != "unknown":
        assert issuing.run(place.registry, issuer, actor="chief").issued == {}


def test_every_finding_that_keeps_a_person_back_has_its_reason_under_the_same_code() -> None:
    assert {*KEEPS_BACK, FindingKind.QUESTION_OPEN, FindingKind.NO_DOSE_THAT_COUNTS} == set(one.REASONS)
    assert all(str(kind) == str(reason) for kind, reason in one.REASONS.items())


def test_a_dose_of_an_import_that_was_stopped_half_way_waits_for_its_end(place: Any, issuer: Any) -> None:
    place.take({})
    with place.registry.writing() as connection:
        connection.execute(update(schema.run).values(state=RunState.RUNNING))
    with pytest.raises(ConfigurationError) as caught:
        one.issue(place.registry, issuer, 1, asker=ASKER)
    assert caught.value.reason is Reason.UNFINISHED


def test_a_dose_that_is_not_there_is_said_to_be_none(place: Any, issuer: Any) -> None:
    with pytest.raises(NotFoundError):
        one.issue(place.registry, issuer, 7, asker=ASKER)


def test_a_correction_revokes_what_was_wrong_and_says_which(place: Any, issuer: Any) -> None:
    place.take({})
    first = one.issue(place.registry, issuer, 1, asker=ASKER)
    changing.correct_dose(place.registry, 1, {"date": date(2026, 2, 1)}, actor="chief", reason="card")
    second = one.issue(place.registry, issuer, 1, asker=ASKER)
    assert (second.why, second.revoked) == ("corrected", (first.certificate_id,))
    assert issuing.hand_over(place.registry, actor="chief") == [first.certificate_id]


def test_the_runs_actor_is_the_account_with_the_process_that_named_it(place: Any, issuer: Any) -> None:
    place.take({})
    one.issue(place.registry, issuer, 1, asker=ASKER)
    assert runs.listed(place.registry)[-1].actor == "account:lan (portal)"
    assert audit.entries(place.registry)[-1].details == {"doses": [1], "run": 2, "site": "VP01"}
    audit.check(place.registry)


def test_whoever_is_not_admitted_has_nothing_noted_and_nothing_signed(place: Any, issuer: Any) -> None:
    place.take({})

    def never(*_: object) -> None:
        raise ConfigurationError("no", Reason.LIMIT_REACHED)

    with pytest.raises(ConfigurationError):
        one.issue(place.registry, issuer, 1, asker=ASKER, admit=never)
    with place.registry.reading() as connection:
        assert connection.execute(select(schema.signing)).all() == []
        assert connection.execute(select(schema.certificate)).all() == []


def test_doses_that_wait_for_their_certificate_are_told_by_site_and_day(place: Any, issuer: Any) -> None:
    place.take({}, {"full_name": "Trần Ví Dụ", "phone": "2"}, {"full_name": "Lê Thử", "phone": "3", "site": "VP02"})
    assert one.awaiting(place.registry, site="VP01", since=date(2026, 3, 1)) == [1, 2]
    one.issue(place.registry, issuer, 1, asker=ASKER)
    assert one.awaiting(place.registry, site="VP01", since=date(2026, 3, 1)) == [2]
    assert one.awaiting(place.registry, site="VP01", since=date(2026, 3, 2)) == []


def test_somebody_whose_signatures_are_noted_can_be_deleted_and_the_count_stays(place: Any, issuer: Any) -> None:
    place.take({})
    one.issue(place.registry, issuer, 1, asker=ASKER)
    privacy.delete_person(place.registry, 1, actor="chief", reason="asked")
    with place.registry.reading() as connection:
        assert connection.execute(select(schema.certificate)).all() == []
        assert len(connection.execute(select(schema.signing)).all()) == 1


def test_what_is_on_record_is_not_noted_as_given_out_where_the_rest_is_not_admitted(place: Any, issuer: Any) -> None:
    place.take({}, {"full_name": "Trần Ví Dụ", "phone": "2"})
    one.issue(place.registry, issuer, 1, asker=ASKER)
    before = len(audit.entries(place.registry))

    def never(connection: Any, _: int) -> None:
        # As who notes an alarm does.
        connection.commit()
        raise ConfigurationError("no", Reason.LIMIT_REACHED)

    with pytest.raises(ConfigurationError):
        one.issue_many(place.registry, issuer, [1, 2], asker=ASKER, admit=never)
    assert len(audit.entries(place.registry)) == before
