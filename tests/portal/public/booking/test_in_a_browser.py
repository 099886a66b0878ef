"""Appointments in a real browser, without scripts, on a telephone; and axe."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from seen import SEEN_AS

from vaxcert import typed
from vaxcert.booking.staff import offering
from vaxcert.qr import read

ROOT = Path(__file__).parents[4]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def telephone(app: Any, screen: Callable[..., Any]) -> Callable[..., Any]:
    """A page of a browser at the public's app; forms are old enough at once."""

    def opened(language: str = "vi", width: int = 320, *, scripts: bool = False) -> Any:
        made, ticks = app(language=language), iter(range(10**9, 2 * 10**9, 10))
        made.extensions["booking_guard"]._clock = lambda: next(ticks)
        page = screen(made, language, width, java_script_enabled=scripts, accept_downloads=True)
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        return page

    return opened


def fill(page: Any, name: str = "Nguyễn Mẫu Thử", phone: str = "0912 345 678", group: str = "5") -> None:
    page.fill("#full_name", name)
    page.fill("#date_of_birth", "17/05/1990")
    page.fill("#phone", phone)
    page.select_option("#priority_group", group)
    page.click("main form button[type=submit]")


def test_a_citizen_books_scans_the_ticket_moves_and_cancels(counter: Any, telephone: Any, tmp_path: Path) -> None:
    counter.offer(2)
    new = counter.offer(1, days=5, begins="13:30", ends="15:00")
    page = telephone()
    page.goto("/")
    page.click(".tiles >> text=Đặt lịch tiêm")
    page.click("text=Trạm Y tế Mẫu Một")
    page.click("text=07:30 đến 09:00")
    fill(page)
    page.wait_for_url("**/booking/mine")
    ticket = page.inner_text(".secret")
    assert typed.read(ticket)
    (tmp_path / "ticket.png").write_bytes(page.screenshot(full_page=True))
    (code,) = read(tmp_path / "ticket.png")
    assert code.text == ticket
    with page.expect_download() as saving:
        page.click("text=Thêm vào lịch điện thoại")
    assert saving.value.suggested_filename == "lich-hen.ics"
    page.click("text=Đổi sang giờ khác")
    page.click(f"button[value='{new}']")
    assert "13:30 đến 15:00" in page.inner_text("main")
    page.click("text=Xóa mã khỏi máy này")
    page.goto("/booking/ticket")
    page.fill("#ticket", ticket.lower())
    page.press("#ticket", "Enter")
    page.click("main >> text=Hủy lịch hẹn")
    page.click("text=Đồng ý hủy")
    assert "Đã hủy lịch hẹn" in page.inner_text("h1")
    assert counter.free(new) == 1
    here = re.match(r"http://127\.0\.0\.1:\d+/", page.url)
    assert here is not None and all(address.startswith(here[0]) for address in page.asked)
    for secret in ("Mẫu", "M%E1", "1990", "0912", ticket, "?"):
        assert not any(secret in address for address in page.asked), secret


@pytest.mark.parametrize(("language", "width"), SEEN_AS)
def test_axe_finds_nothing_and_nothing_is_cut_off(
    counter: Any, telephone: Any, missing: Callable[[str], None], language: str, width: int
) -> None:
    script = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        missing("axe-core is not there: `make assets`")
    page, folder = telephone(language, width, scripts=True), os.environ.get("VAXCERT_SCREENS")
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        # Past the policy, which lets no script in at all: over the browser's own line.
        page.evaluate(script.read_text("utf-8"))
        answer = page.evaluate("tags => axe.run({runOnly: tags, resultTypes: ['violations']})", RULES)
        faults = [f"{one['id']}: {node['html'][:120]}" for one in answer["violations"] for node in one["nodes"]]
        if page.evaluate(WIDE) > 0:
            faults.append("wider than the screen")
        found[name] = faults + page.eval_on_selector_all(
            "button, a, input:not([type=hidden]), select",
            "all => all.filter(one => one.checkVisibility() && !one.closest('.skip, p, dd') && one.getBoundingClientRect().height < 24).map(one => one.outerHTML)",
        )
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(Path(folder) / f"booking-{name}-{language}-{width}.png"), full_page=True)

    page.goto("/booking")
    look("nothing")
    offer = counter.offer(2)
    counter.offer(12, begins="09:00", ends="10:30")
    full, gone = counter.offer(1, days=4), counter.offer(1, days=6, site="VP02")
    counter.book(full)
    counter.book(full, wait=True)
    for name, path in (
        ("home", "/"), ("privacy", "/privacy"), ("places", "/booking"), ("days", "/booking/at/VP01"), ("form", f"/booking/{offer}"),
        ("form-waiting", f"/booking/{full}"), ("ticket", "/booking/ticket"),
    ):  # fmt: skip
        page.goto(path)
        look(name)
    page.fill("#ticket", "7K2M")
    page.press("#ticket", "Enter")
    page.wait_for_selector("#ticket-wrong")
    look("ticket-refused")
    page.goto(f"/booking/{offer}")
    page.eval_on_selector_all("input, select", "all => all.forEach(one => one.required = false)")
    fill(page, "", "1", "")
    look("form-refused")
    fill(page)
    look("mine")
    page.goto("/booking/move")
    look("move")
    page.goto("/booking/cancel")
    look("cancel")
    page.goto(f"/booking/{offer}")
    fill(page)
    look("form-again")
    page.goto("/booking/cancel")
    page.click("main button")
    look("cancelled")
    page.goto(f"/booking/{full}")
    fill(page)
    look("waiting")
    page.goto(f"/booking/{gone}")
    offering.withdraw(counter.desk, counter.registry, gone, actor="chief")
    fill(page, "Trần Ví Dụ")
    look("over")
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_an_appointment_is_made_by_the_keyboard_alone(counter: Any, telephone: Any) -> None:
    offer = counter.offer(2)
    page = telephone("en", 1024)
    page.goto(f"/booking/{offer}")
    keys = page.keyboard
    for _ in range(30):
        keys.press("Tab")
        if page.evaluate("document.activeElement.id") == "full_name":
            break
    for value in ("Nguyễn Mẫu Thử", "17/05/1990", "0912345678"):
        keys.type(value)
        keys.press("Tab")
    assert page.evaluate("document.activeElement.id") == "priority_group"
    keys.press("ArrowDown")
    keys.press("Tab")
    keys.press("Enter")
    page.wait_for_url("**/booking/mine")
    assert counter.free(offer) == 1
