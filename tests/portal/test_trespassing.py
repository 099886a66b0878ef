"""What nobody may do at the portal by an address or a form of their own making, or by a form that is stale."""

import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from units import row, several

from tests.portal.desk.conftest import Desk, hidden
from tests.portal.reviewing.conftest import Review
from vaxcert.registry.accounts import keeping
from vaxcert.registry.care import reviewing
from vaxcert.registry.states import WarningKind

PASSWORD = "a long enough password"
TOO_LARGE = "99999999999999999999"


@pytest.fixture
def desk(house: Any, issuer: Any) -> Desk:
    return Desk(house, issuer)


@pytest.fixture
def at(desk: Desk, visit: Any) -> Any:
    def come(login: str = "vaccinator", **settings: Any) -> Any:
        one = visit(login, **settings)
        one.client.application.extensions["signer"] = desk.signer
        return one

    return come


@pytest.fixture
def review(house: Any, visit: Any, tmp_path: Path) -> Review:
    return Review(house, visit, tmp_path)


@pytest.fixture
def signer(house: Any, issuer: Any) -> Any:
    from vaxcert.registry.accounts.signing import KeptAccounts
    from vaxcert.signer.answering import RegistrySigner
    from vaxcert.signer.limits import SigningLimits

    limits = SigningLimits(bulk_over=2)
    return RegistrySigner(house.registry, issuer, accounts=KeptAccounts(house.registry), limits=limits)


class Portal:
    name, may_approve = "vaxcert-portal", True


def account(house: Any, login: str, role: str, **where: str) -> None:
    keeping.create(house.registry, login, keeping.Wanted(login, [role], **where), actor="test", password=PASSWORD)


# Who may change what.


def test_a_reviewer_cannot_take_back_a_dose_that_a_desk_recorded(desk: Desk, visit: Any) -> None:
    given = desk.dose("Trần Văn Khác", "01/02/1980", site="VP02")
    visit("reviewer").post(f"/runs/{given.run}/undo")
    assert desk.everybody() == 1


def test_a_dose_recorded_at_a_desk_is_not_taken_back_on_a_later_day(desk: Desk, visit: Any, house: Any) -> None:
    given = desk.dose("Trần Văn Khác", "01/02/1980", site="VP02")
    house.now += timedelta(days=20)
    one = visit("reviewer")
    assert one.get(f"/runs/{given.run}/undo").status_code == 404  # it offers none
    one.post(f"/runs/{given.run}/undo")
    assert desk.everybody() == 1


def test_a_sites_reviewer_cannot_take_back_another_sites_import(desk: Desk, review: Review) -> None:
    one = review.colleague("of-one", site="VP01")
    run = review.take(row(site="VP02"))
    assert one.get(f"/runs/{run}/rejects").status_code == 403
    one.post(f"/runs/{run}/undo")
    assert desk.everybody() == 1


def test_a_sites_reviewer_cannot_take_back_an_answer_about_people_who_are_masked(review: Review) -> None:
    one = review.colleague("of-one", site="VP01")
    review.take(
        row(id="001090000001", site="VP02"),
        row(name="Nguyễn Mẫu Thừ", phone="0987654321", dose="2/2", date="01/07/2021", site="VP02"),
    )
    (number,) = [one.id for one in reviewing.questions(review.house.registry)]
    assert one.post(f"/questions/{number}", {"answer": "different"}).status_code == 422
    review.post(f"/questions/{number}", {"answer": "same"})
    one.post(f"/questions/{number}/back")
    assert reviewing.questions(review.house.registry) == []


def test_an_administrator_cannot_give_himself_a_role_that_sees_names(house: Any, visit: Any) -> None:
    account(house, "second", "administrator")
    one = visit("administrator")
    one.post(f"/admin/accounts/{house.numbers['administrator']}", {"display_name": "Mẫu", "roles": "reviewer"})
    assert one.get("/corrections").status_code == 403


def test_a_reason_opens_somebody_for_one_account_and_one_day_also_where_they_are_checked_in(
    desk: Desk, at: Any, house: Any
) -> None:
    person = desk.person("Trần Văn Khác", "01/02/1980", site="VP02")
    account(house, "colleague", "clerk", site="VP01")
    clerk, colleague = at("clerk"), at("colleague")
    clerk.post(f"/desk/people/{person}/reason", {"reason": "asked"})
    clerk.post(f"/desk/people/{person}/check-in")
    house.now += timedelta(days=30)
    assert "Khác" not in colleague.get(f"/desk/people/{person}").text


def test_the_log_tells_a_view_of_somebody_masked_from_one_of_somebody_whole(desk: Desk, at: Any, house: Any) -> None:
    person = desk.person("Trần Văn Khác", "01/02/1980", site="VP02")
    assert "Khác" not in at().get(f"/desk/people/{person}").text
    assert "view" not in house.actions()


# The signer.


@pytest.mark.parametrize("site", ["VP01", ""])
def test_an_account_of_a_site_gets_no_dose_of_another_site_signed(desk: Desk, signer: Any, site: str) -> None:
    from vaxcert.signer.protocol import Signed, SignRequest

    dose = desk.dose("Trần Văn Khác", "01/02/1980", site="VP02").dose_id
    answer = signer.answer(SignRequest(doses=(dose,), account="account:vaccinator", site=site), Portal())
    assert not isinstance(answer, Signed) or not answer.certificates


def test_many_are_for_reviewers_a_vaccinator_cannot_ask_for_them(review: Review, signer: Any) -> None:
    from vaxcert.registry.certificates import asking
    from vaxcert.signer.protocol import Failure, SignRequest

    review.take(*several(5))
    doses = tuple(asking.due_doses(review.house.registry, site="VP01").doses)
    answer = signer.answer(SignRequest(doses=doses, account="account:vaccinator", site="VP01"), Portal())
    assert isinstance(answer, Failure)


def _kept(review: Review, signer: Any) -> int:
    """Five of VP01 that a reviewer there asked for."""
    from vaxcert.registry.certificates import asking
    from vaxcert.signer.protocol import KeptRequest, SignRequest

    account(review.house, "of-one", "reviewer", site="VP01")
    account(review.house, "of-two", "reviewer", site="VP02")
    review.take(*several(5))
    doses = tuple(asking.due_doses(review.house.registry, site="VP01").doses)
    kept = signer.answer(SignRequest(doses=doses, account="account:of-one", site="VP01"), Portal())
    assert isinstance(kept, KeptRequest)
    return kept.request


def test_a_yes_to_many_comes_from_an_account_that_works_at_their_site(review: Review, signer: Any) -> None:
    from vaxcert.signer.protocol import DecideRequest, Failure

    number = _kept(review, signer)
    answer = signer.answer(DecideRequest(request=number, account="account:of-two", approve=True), Portal())
    assert isinstance(answer, Failure)


def test_what_an_account_asked_for_that_was_closed_since_is_not_signed(review: Review, signer: Any) -> None:
    from vaxcert.signer.protocol import DecideRequest, Failure

    number = _kept(review, signer)
    house = review.house
    keeping.set_active(house.registry, house.accounts()["of-one"].id, False, actor="test")
    answer = signer.answer(DecideRequest(request=number, account="account:reviewer", approve=True), Portal())
    assert isinstance(answer, Failure)


def test_no_account_that_is_not_there_can_say_no_to_many(review: Review, signer: Any) -> None:
    from vaxcert.signer.protocol import DecideRequest, Failure

    number = _kept(review, signer)
    answer = signer.answer(DecideRequest(request=number, account="account:nobody", approve=False), Portal())
    assert isinstance(answer, Failure)


# Saving.


def _new(desk: Desk, **more: Any) -> dict[str, Any]:
    return {
        "request_id": str(uuid4()), "session": str(desk.session), "number": "1", "lot": "L1", "do": "dose",
        "full_name": "Lê Hoàn Toàn Mới", "date_of_birth": "01/01/1970", **more,
    }  # fmt: skip


def test_a_dose_goes_to_nobody_who_was_not_among_those_that_were_shown(desk: Desk, at: Any) -> None:
    person = desk.person()
    seen = [str(kind) for kind in WarningKind]
    at().post("/desk/new/save", _new(desk, number="2", person=str(person), seen=seen, reason="x"))
    assert len(desk.doses(person)) == 1


def test_a_guardians_name_goes_through_the_same_door_as_any_other(desk: Desk, at: Any) -> None:
    from vaxcert.registry.desk import showing

    person, one = desk.person("Nguyễn Bé Con", "17/05/2020"), at()
    form = one.get(f"/desk/people/{person}/dose").text
    said = {name: hidden(form, name)[0] for name in ("request_id", "session")}
    seen = [str(kind) for kind in WarningKind]
    one.post(
        f"/desk/people/{person}/dose",
        {**said, "number": "2", "lot": "L1", "guardian": "A\x07\u202eB", "seen": seen, "reason": "x"},
    )
    guardian = showing.whole(desk.registry, person, actor="test").profile.guardian
    assert "\x07" not in guardian and "\u202e" not in guardian


def test_the_days_list_asks_the_database_no_more_often_for_more_people(desk: Desk, at: Any) -> None:
    from sqlalchemy import event

    from vaxcert.registry.desk import sessions

    one, asked = at(), []
    counted = lambda *_: asked.append(1)  # noqa: E731
    counts = []
    for day in range(1, 25):
        person = desk.person(f"Nguyễn Mẫu {chr(64 + day)}", f"{day:02}/05/19{60 + day}")
        sessions.expect(desk.registry, desk.session, [person], actor="test")
        if day in (4, 24):
            asked.clear()
            event.listen(desk.registry.engine, "before_cursor_execute", counted)
            one.get("/desk/today")
            event.remove(desk.registry.engine, "before_cursor_execute", counted)
            counts.append(len(asked))
    assert counts[1] <= counts[0] + 5, counts


# Addresses and forms that are spoilt.


@pytest.mark.parametrize("path", ["people/{}", "doses/{}", "people/{}/dose", "doses/{}/paper", "doses/{}/undo"])
def test_a_number_that_no_record_can_have_is_not_found(desk: Desk, at: Any, path: str) -> None:
    assert at().get("/desk/" + path.format(TOO_LARGE)).status_code in (302, 404)


@pytest.mark.parametrize("path", ["/runs/{}", "/questions/{}", "/corrections/people/{}"])
def test_a_number_that_no_run_can_have_is_not_found(visit: Any, path: str) -> None:
    assert visit("reviewer").get(path.format(TOO_LARGE)).status_code < 500


def test_a_choice_that_is_no_number_is_no_fault(desk: Desk, at: Any) -> None:
    assert at().post("/desk/new/save", _new(desk, person="abc")).status_code < 500


# Units' tables.


# Found last.


def test_a_second_desk_that_gave_the_dose_from_another_lot_is_told_that_it_was_recorded(desk: Desk, at: Any) -> None:
    from tests.portal.desk.conftest import COMIRNATY
    from vaxcert.registry.desk import sessions

    person, first, second = desk.person(), at(), at()
    other = sessions.open_session(desk.registry, site="VP01", product=COMIRNATY, lot="L9", actor="test")
    answers = []
    for one, number in ((first, desk.session), (second, other)):
        one.post(f"/desk/sessions/{number}/choose")
    forms = [one.get(f"/desk/people/{person}/dose").text for one in (first, second)]
    for one, form, lot in ((first, forms[0], "L1"), (second, forms[1], "L9")):
        said = {name: hidden(form, name)[0] for name in ("request_id", "session")}
        answers.append(one.post(f"/desk/people/{person}/dose", {**said, "number": "2", "lot": lot}))
    assert answers[0].status_code == 302
    # The lot that is kept is not the one that this desk gave: that has to be read before it is taken for saved.
    assert answers[1].status_code != 302


def test_nobody_is_signed_in_for_longer_than_a_day_at_a_desk(at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    one, real, later = at(), time.time, [0]
    monkeypatch.setattr(time, "time", lambda: real() + later[0])
    for _ in range(45):  # 15 hours, a page every 20 minutes
        later[0] += 20 * 60
        signed_in = one.signed_in()
    assert not signed_in


def test_changing_the_language_leaves_whoever_asks_on_their_page(desk: Desk, at: Any) -> None:
    # No referrer is sent, so the form itself has to say where it stands.
    assert 'name="next"' in at().get("/desk/new").text
