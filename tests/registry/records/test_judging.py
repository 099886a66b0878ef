"""Where a record belongs, decided by what is known alone: no database, no numbers given."""

from datetime import date
from typing import Any

import msgspec

from vaxcert import Person
from vaxcert.registry.comparing.likeness import Why
from vaxcert.registry.records.doses import GivenDose, RecordedDose
from vaxcert.registry.records.judging import judge
from vaxcert.registry.records.matching import Candidates
from vaxcert.registry.records.people import Number, Profile, Somebody
from vaxcert.registry.states import DoseState, RowOutcome

FIRST = RecordedDose(product="EU/1/20/1528", number=1, series=2, date=date(2026, 3, 1), site="VP01", lot="L1")
SECOND = RecordedDose(product="EU/1/20/1528", number=2, series=2, date=date(2026, 4, 1))


def record(name: str = "Nguyễn Mẫu Thử", born: str = "1990-05-17", **told: Any) -> Profile:
    family, _, given = name.partition(" ")
    person = Person(family_name=family, given_name=given, date_of_birth=born)
    numbers = {field: Number(told.pop(field), b"sealed") for field in ("national_id", "phone") if field in told}
    return Profile(person=person, **({"district": "Tam Đảo"} | told), **numbers)


def somebody(number: int, profile: Profile, *doses: RecordedDose, state: DoseState = DoseState.GOOD) -> Somebody:
    given = (GivenDose(10 * number + place, 20 * number + place, state, dose) for place, dose in enumerate(doses))
    return Somebody(number, 100 + number, profile, tuple(given))


def test_a_record_like_nobodys_is_of_somebody_new() -> None:
    found = judge(record(), FIRST, Candidates([somebody(1, record("Trần Ví Dụ"), FIRST)]))
    assert (found.outcome, found.whose, found.given, found.asked) == (RowOutcome.NEW, None, None, [])
    assert (found.profile, found.dose) == (record(), FIRST)


def test_a_known_persons_further_dose_is_theirs_and_what_was_not_known_is_filled_in() -> None:
    one = somebody(1, record("NGUYEN MAU THU", phone="p"), FIRST)
    found = judge(record(phone="p", national_id="i", priority_group="1"), SECOND, Candidates([one]))
    assert (found.outcome, found.whose, found.given) == (RowOutcome.MATCHED, one, None)
    assert found.profile == record(phone="p", national_id="i", priority_group="1")


def test_a_dose_that_is_on_record_is_known_and_gets_the_lot_that_it_lacked() -> None:
    one = somebody(1, record(), msgspec.structs.replace(FIRST, lot=""))
    found = judge(record(), FIRST, Candidates([one]))
    assert (found.outcome, found.given, found.dose, found.profile) == (RowOutcome.KNOWN, one.doses[0], FIRST, record())


def test_a_dose_that_was_withdrawn_stays_as_it_is_when_it_is_stated_again() -> None:
    held = msgspec.structs.replace(FIRST, lot="")
    found = judge(record(), FIRST, Candidates([somebody(1, record(), held, state=DoseState.WITHDRAWN)]))
    assert (found.outcome, found.dose) == (RowOutcome.KNOWN, held)


def test_a_dose_that_says_otherwise_is_disputed_where_a_number_says_whose_it_is_and_else_may_be_a_twins() -> None:
    other = msgspec.structs.replace(FIRST, date=date(2026, 3, 9))
    numbered = somebody(1, record(national_id="i"), FIRST)
    found = judge(record(national_id="i"), other, Candidates([numbered]))
    assert (found.outcome, found.whose, found.against) == (RowOutcome.DISPUTED, numbered, numbered.doses[0])
    twin = somebody(1, record(), FIRST)
    found = judge(record(), other, Candidates([twin]))
    assert (found.outcome, found.whose, found.against) == (RowOutcome.QUESTION, None, None)
    assert found.asked == [(twin, (Why.ALL_ELSE_AGREES, Why.DOSES_DO_NOT_GO_TOGETHER))]


def test_a_record_that_is_surely_of_two_is_of_neither_until_it_is_asked_whether_they_are_one() -> None:
    two = [somebody(1, record(phone="p"), FIRST), somebody(2, record(phone="p", district=""), SECOND)]
    found = judge(record(phone="p"), SECOND, Candidates(two))
    assert (found.outcome, found.whose) == (RowOutcome.QUESTION, None)
    assert found.asked == [(one, (Why.AGREES_WITH_TWO_PEOPLE,)) for one in two]
    found = judge(record(phone="p"), SECOND, Candidates(two, asked=[(1, 2)]))
    assert (found.outcome, found.whose, found.given) == (RowOutcome.KNOWN, two[1], two[1].doses[0])


def test_an_identity_number_of_somebody_else_is_written_down_for_neither_and_asked_once() -> None:
    one, other = somebody(1, record(phone="p"), FIRST), somebody(2, record("Trần Ví Dụ", national_id="i"), FIRST)
    said = record(phone="p", national_id="i")
    found = judge(said, SECOND, Candidates([one, other]))
    assert (found.outcome, found.whose, found.profile) == (RowOutcome.MATCHED, one, one.profile)
    assert found.asked == [(other, (Why.IDENTITY_NUMBER_OF_SOMEBODY_ELSE,))]
    assert judge(said, SECOND, Candidates([one, other], asked=[(1, 2)])).asked == []


def test_judging_changes_nothing_that_it_was_given() -> None:
    among = Candidates([somebody(1, record(phone="p"), FIRST)])
    assert judge(record(phone="p"), SECOND, among) == judge(record(phone="p"), SECOND, among)
