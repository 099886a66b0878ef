"""Many certificates at once: asked for by one reviewer, allowed by another, and signed by the signer alone."""

import os
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from units import row, several

from vaxcert import Issuer, SigningKey
from vaxcert.registry.accounts.signing import KeptAccounts
from vaxcert.signer.answering import RegistrySigner
from vaxcert.signer.limits import SigningLimits
from vaxcert.signer.server import SignerServer


@pytest.fixture
def socket(house: Any, key: SigningKey, tmp_path: Path) -> Iterator[Path]:
    """Where a signer listens that wants a second yes for more than three."""
    issuer = Issuer(key, country="VN", authority="TEST", valid_for=timedelta(days=365), clock=lambda: house.now)
    limits = SigningLimits(bulk_over=3, account_hour=3)
    signer = RegistrySigner(house.registry, issuer, accounts=KeptAccounts(house.registry), limits=limits)
    users = [os.getuid()]
    with SignerServer(tmp_path / "signer.sock", signer, peers=users, approvers=users) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        yield server.path
        server.stop()
        thread.join()


@pytest.fixture
def pair(review: Any, socket: Path) -> tuple[Any, Any]:
    """Two reviewers at a portal that has a signer."""
    return review.visit("reviewer", signer=socket), review.colleague("second", signer=socket)


def follow(browser: Any, path: str, data: dict[str, Any]) -> str:
    answer = browser.post(path, data)
    assert answer.status_code == 302, answer.text
    return str(browser.get(answer.headers["Location"]).text)


def signed(review: Any) -> int:
    from vaxcert.registry.certificates import asking

    return len(asking.due_doses(review.house.registry, site="VP01").doses)


def test_what_is_due_is_told_before_anybody_asks_and_many_wait_for_a_second_person(review: Any, pair: Any) -> None:
    first, second = pair
    run = review.take(*several(5), row(name="Lê Lẻ Loi", phone="0977777777", dose="2/2"))
    page = first.get(f"/certificates?run={run}").text
    assert "5 certificates are due" in page
    assert "Ask for 5 certificates" in page
    assert "<li>1 × " in page
    page = follow(first, "/certificates", {"run": run, "site": "VP01"})
    assert "Request 1 waits for a colleague" in page
    assert "yours: a colleague has to say yes" in page
    assert "Approve request 1" not in page
    assert signed(review) == 5
    # Nor by an address that the page does not offer.
    page = follow(first, "/certificates/requests/1/approve", {})
    assert "Your own request" in page
    assert signed(review) == 5
    page = second.get("/certificates").text
    assert "Approve request 1" in page and "reviewer" in page
    page = follow(second, "/certificates/requests/1/approve", {})
    assert "5 certificates are signed" in page
    assert signed(review) == 0
    assert "Nothing waits" in page
    page = follow(second, "/certificates/requests/1/approve", {})
    assert "decided meanwhile" in page
    entries = review.house.actions()
    assert entries.count("approve") == 1 and entries.count("ask for many") == 1


def test_a_request_is_declined_or_taken_back_and_nothing_is_signed(review: Any, pair: Any) -> None:
    first, second = pair
    review.take(*several(5))
    for who in (second, first):
        follow(first, "/certificates", {"site": "VP01"})
        number = 1 if who is second else 2
        page = follow(who, f"/certificates/requests/{number}/decline", {})
        assert "The request is declined" in page
    assert signed(review) == 5


def test_few_are_signed_at_once_and_past_the_limit_it_is_told(review: Any, pair: Any) -> None:
    first, _ = pair
    review.take(*several(3))
    assert "3 certificates are signed" in follow(first, "/certificates", {"site": "VP01"})
    assert "Nothing is due" in follow(first, "/certificates", {"site": "VP01"})
    review.take(*several(5)[3:])
    assert "More than may be signed in an hour" in follow(first, "/certificates", {"site": "VP01"})


def test_many_are_asked_for_in_shares_none_of_which_slips_through(review: Any, pair: Any, monkeypatch: Any) -> None:
    from portal_app.reviewing import certifying

    monkeypatch.setattr(certifying, "_AT_ONCE", 6)
    review.take(*several(13))
    first, _ = pair
    page = follow(first, "/certificates", {"site": "VP01"})
    assert all(f"Request {number} waits" in page for number in (1, 2, 3))
    assert "certificates are signed" not in page
    assert signed(review) == 13


def test_without_a_signer_or_while_it_is_away_that_is_told(review: Any, tmp_path: Path) -> None:
    review.take(*several(2))
    page = review.get("/certificates?site=VP01").text
    assert "No signer is set up here" in page and "2 certificates are due" in page and "Ask for" not in page
    assert review.post("/certificates", {"site": "VP01"}).status_code == 422
    away = review.visit("reviewer", signer=tmp_path / "nobody.sock")
    assert "does not answer" in away.get("/certificates").text
    assert "does not answer" in follow(away, "/certificates", {"site": "VP01"})
    assert "does not answer" in follow(away, "/certificates/requests/1/approve", {})


def test_a_reviewer_of_an_area_asks_for_its_own_sites_alone(review: Any, socket: Path) -> None:
    run = review.take(*several(2))
    far = review.colleague("district", area="Yên Lạc", signer=socket)
    page = far.get(f"/certificates?site=VP01&run={run}").text
    assert "certificates are due." not in page and "VP01" not in page and "VP02" in page
    assert far.post("/certificates", {"site": "VP01", "run": run}).status_code == 422
    near = review.colleague("near", area="Tam Đảo", signer=socket)
    assert "2 certificates are due" in near.get("/certificates?site=VP01").text
