"""The slip by which a holder finds the certificate: printed with it, alone where it is not signed yet, and anew."""

import logging
import re
from typing import Any

import pytest

from vaxcert import typed
from vaxcert.registry.holders import asking

SIGNS = re.compile(r'class="slip-code">([0-9A-Z-]{14})<')


def code_on(page: str) -> str:
    (found,) = SIGNS.findall(page)
    return typed.read(found)


def finds(desk: Any, code: str) -> bool:
    found = asking.find(
        desk.registry, name="Nguyễn Mẫu Thử", date_of_birth="1990-05-17", number="0912345678", code=code, actor="test"
    )
    return found is not None


@pytest.fixture
def dose(desk: Any) -> int:
    """A dose that is saved and not signed yet."""
    return int(desk.dose("Nguyễn Mẫu Thử", "17/05/1990", phone="0912345678", days=0).dose_id)


@pytest.mark.parametrize("layout", ["a4", "card"])
def test_a_certificate_is_printed_with_a_code_that_finds_it(desk: Any, at: Any, dose: int, layout: str) -> None:
    one = at(public="citizens.example")
    one.post(f"/desk/doses/{dose}/certificate")
    page = one.get(f"/desk/doses/{dose}").text
    assert f'action="/desk/doses/{dose}/paper"' in page and 'value="card"' in page
    # Looked at alone, it hands out nothing.
    assert not SIGNS.findall(one.get(f"/desk/doses/{dose}/paper").text)
    assert "hand out code" not in desk.house.actions()
    paper = one.post(f"/desk/doses/{dose}/paper", {"layout": layout})
    assert paper.status_code == 200 and f'class="paper {layout} ' in paper.text
    assert "citizens.example" in paper.text and "data-at-once" in paper.text
    assert paper.headers["Cache-Control"] == "no-store"
    assert finds(desk, code_on(paper.text))
    assert desk.house.actions().count("hand out code") == 1


def test_where_nothing_is_signed_yet_the_code_is_printed_alone_and_finds_it_later(
    desk: Any, at: Any, dose: int
) -> None:
    one = at()
    assert "Print the look-up code alone" in one.get(f"/desk/doses/{dose}").text
    slip = one.post(f"/desk/doses/{dose}/paper")
    code = code_on(slip.text)
    assert "Nguyễn Mẫu Thử" in slip.text and "<article" not in slip.text
    assert not finds(desk, code)
    one.post(f"/desk/doses/{dose}/certificate")
    assert finds(desk, code)


def test_whoever_lost_the_slip_gets_a_new_code_and_the_old_one_works_no_more(desk: Any, at: Any, dose: int) -> None:
    one = at()
    one.post(f"/desk/doses/{dose}/certificate")
    first = code_on(one.post(f"/desk/doses/{dose}/paper").text)
    assert 'action="/desk/people/1/code"' in one.get("/desk/people/1").text
    second = code_on(one.post("/desk/people/1/code").text)
    assert (finds(desk, first), finds(desk, second)) == (False, True)


def test_nobody_is_handed_the_code_of_somebody_they_are_not_shown(desk: Any, at: Any) -> None:
    other = desk.dose("Trần Ví Dụ", "01/02/1980", site="VP02", phone="0987654321")
    one = at()
    for path in (f"/desk/doses/{other.dose_id}/paper", f"/desk/people/{other.person_id}/code"):
        answer = one.post(path)
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/desk/people/{other.person_id}")
    assert "hand out code" not in desk.house.actions()
    for path in ("/desk/doses/99/paper", "/desk/people/99/code"):
        assert one.post(path).status_code == 404


def test_a_code_is_in_no_address_cookie_or_log(desk: Any, at: Any, dose: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    one = at()
    answer = one.post(f"/desk/doses/{dose}/paper")
    code = code_on(answer.text)
    cookies = " ".join(answer.headers.getlist("Set-Cookie"))
    for secret in (code, typed.shown(code)):
        assert secret not in cookies and secret not in caplog.text and secret not in answer.request.path
    from vaxcert.registry import audit

    told = " ".join(str(entry.details) for entry in audit.entries(desk.registry, last=1_000))
    assert code not in told and typed.shown(code) not in told
