"""From a citizen's telephone to the dose: booked, moved, checked in by the ticket, given; in real browsers, and axe."""

import os
import tempfile
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from seen import SEEN_AS

from vaxcert import TrustStore, Verifier, typed
from vaxcert.booking import taking
from vaxcert.lookup.answering import RegistryLookup
from vaxcert.lookup.client import LookupClient
from vaxcert.lookup.server import LookupServer
from vaxcert.qr import read

PASSWORD = "a long enough password"
WIDE = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def staff(queue: Any, screen: Any) -> Any:
    """A page of a browser at the portal, at which somebody of the site is signed in."""

    def opened(login: str = "vaccinator", language: str = "vi", width: int = 1024, **more: Any) -> Any:
        app = queue.desk.house.app()
        app.extensions["signer"], app.extensions["booking"] = queue.desk.signer, queue.bookings
        page = screen(app, language, width, **more)
        page.goto("/sign-in")
        page.fill("#username", login)
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_selector(".tiles")
        return page

    return opened


@pytest.fixture
def looking(queue: Any) -> Iterator[LookupClient]:
    """The look-up at its socket, over the desk's registry."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "lookup.sock")
        with LookupServer(path, RegistryLookup(queue.registry, lasts=0.05), peers=[os.getuid()]) as server:
            thread = threading.Thread(target=server.serve, daemon=True)
            thread.start()
            yield LookupClient(path)
            server.stop()
            thread.join()


def test_a_citizen_books_moves_is_checked_in_and_vaccinated_and_finds_the_certificate_the_same_hour(
    queue: Any, screen: Any, staff: Any, looking: LookupClient, key: Any, now: datetime, tmp_path: Path
) -> None:
    from portal_app.public import create_public_app
    from portal_app.public.config import PublicSettings

    other = queue.offered(days=4)
    made = create_public_app(PublicSettings(plain=True), booking=queue.bookings, lookup=looking)
    ticks = iter(range(10**9, 2 * 10**9, 10))
    made.extensions["booking_guard"]._clock = lambda: next(ticks)
    phone = screen(made, "vi", 320, java_script_enabled=False)
    phone.goto(f"/booking/{other}")
    phone.fill("#full_name", "Trần Ví Dụ")
    phone.fill("#date_of_birth", "02/01/1980")
    phone.fill("#phone", "0987654321")
    phone.select_option("#priority_group", "5")
    phone.click("main form button[type=submit]")
    ticket = phone.inner_text(".secret")
    phone.goto("/booking/move")
    phone.click(f"button[value='{queue.offer}']")
    assert phone.inner_text(".secret") == ticket
    page = staff(java_script_enabled=False)
    page.click(".menu >> text=Lịch hẹn")
    page.wait_for_selector("#ticket:focus")
    # As a hand scanner does it: what it reads, and Enter, into the field that has the focus.
    page.keyboard.type(ticket)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/arrivals/*")
    assert "Trần Ví Dụ" in page.inner_text("h1")
    page.wait_for_selector("main form button:focus")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/new")
    assert page.input_value("#full_name") == "Trần Ví Dụ" and page.input_value("#phone") == "0987654321"
    page.click("button[value=list]")
    page.wait_for_url("**/desk/people/*")
    assert queue.list() == {"Trần Ví Dụ": "here"}
    made_one = taking.by_ticket(queue.bookings, typed.read(ticket))
    assert made_one is not None and made_one.state == "arrived"
    # The dose, and the paper with its slip.
    page.click("main a.next")
    page.wait_for_url("**/dose")
    page.click("form.main button[type=submit]")
    page.wait_for_url("**/desk/doses/*")
    page.click("button[value=a4]")
    slip = page.inner_text(".slip-code")
    page.goto("/desk/arrivals")
    assert "đã tiêm" in page.inner_text(".rows")
    # At home, on the same telephone.
    phone.goto("/find")
    for name, value in (
        ("name", "tran vi du"),
        ("born", "2/1/1980"),
        ("number", "0987 654 321"),
        ("code", slip.lower()),
    ):
        phone.fill(f"#{name}", value)
    phone.click("main form button[type=submit]")
    assert "Trần Ví Dụ" in phone.inner_text(".card")
    (tmp_path / "screen.png").write_bytes(phone.screenshot(full_page=True))
    (code,) = read(tmp_path / "screen.png")
    verdict = Verifier(TrustStore([key.trusted()])).verify(code.text, at=now)
    assert str(verdict.status) == "accepted" and verdict.certificate is not None
    assert verdict.certificate.person.full_name == "Trần Ví Dụ"
    # The ticket is spent, and says so.
    phone.goto("/booking/mine")
    assert phone.url.endswith("/booking/mine") and phone.locator(".secret").count() == 0


def test_a_ticket_is_scanned_and_somebody_on_record_is_here_by_two_presses_of_enter(queue: Any, staff: Any) -> None:
    queue.desk.person("Nguyễn Mẫu Thử", "17/05/1990", phone="0912345678")
    made = queue.book()
    page = staff("clerk")
    page.goto("/desk/arrivals")
    page.wait_for_selector("#ticket:focus")
    page.keyboard.type(made.ticket)
    page.keyboard.press("Enter")
    page.wait_for_selector("button[name=person]:focus")
    page.keyboard.press("Enter")
    page.wait_for_selector("#ticket:focus")
    assert queue.list() == {"Nguyễn Mẫu Thử": "here"}


@pytest.mark.parametrize(("language", "width"), SEEN_AS)
def test_axe_finds_nothing_and_nothing_is_cut_off(queue: Any, staff: Any, axe: Any, language: str, width: int) -> None:
    page, folder = staff("clerk", language, width), os.environ.get("VAXCERT_SCREENS")
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        faults = axe(page)
        if page.evaluate(WIDE) > 0:
            faults.append("wider than the screen")
        small = page.eval_on_selector_all(
            "button, a, input:not([type=hidden])",
            "all => all.filter(one => one.checkVisibility() && !one.closest('.skip, p, dd') && one.getBoundingClientRect().height < 24).map(one => one.outerHTML)",
        )
        found[name] = [*faults, *small]
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(Path(folder) / f"arrivals-{name}-{language}-{width}.png"), full_page=True)

    page.goto("/desk/offers")
    look("offers")
    page.fill("#day", "x")
    page.fill("#begins", "7")
    page.fill("#ends", "9:00")
    page.fill("#places", "x")
    page.click("form[action='/desk/offers'] button")
    look("offers-wrong")
    page.goto(f"/desk/offers/{queue.offer}/withdraw")
    look("withdraw")
    page.goto("/desk/arrivals")
    look("nobody")
    queue.desk.person("Nguyễn Mẫu Thử", "17/05/1990", phone="0912345678")
    queue.desk.person("Nguyễn Mẫu Khác", "17/05/1991", phone="0912345679", site="VP02")
    known = queue.book()
    masked = queue.book("Nguyễn Mẫu Khác", "1991-05-17", "0912345679")
    queue.desk.person("Nguyễn Mẫu An", "03/03/1992", phone="0912345670")
    unsure = queue.book("Nguyễn Mẫu Ân", "1992-03-03", "0912345670")
    new = queue.book("Công Tằng Tôn Nữ Thị Mẫu Rất Dài Dòng Không Có Thật Ở Đâu Cả", "1980-01-02", "0987654321")
    gone = queue.book("Trần Ví Dụ", "1980-01-03", "0987654322")
    other = queue.book("Trần Ví Dụ", "1980-01-04", "0987654323", offer=queue.offered(days=2))
    taking.cancel(queue.bookings, gone.ticket)
    page.goto("/desk/arrivals")
    look("today")
    page.fill("#ticket", typed.new())
    page.press("#ticket", "Enter")
    page.wait_for_selector("#ticket-wrong")
    look("unknown")
    for name, made in (
        ("known", known),
        ("masked", masked),
        ("unsure", unsure),
        ("new", new),
        ("gone", gone),
        ("other-day", other),
    ):
        page.goto(f"/desk/arrivals/{made.id}")
        look(name)
    page.goto(f"/desk/arrivals/{known.id}")
    page.click("button[name=person]")
    page.wait_for_selector(".said")
    look("checked-in")
    assert {name: faults for name, faults in found.items() if faults} == {}
