"""A holder in a real browser, without scripts: finds, takes away, says what is wrong, sees the correction; and axe."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from seen import SEEN_AS

from tests.app.conftest import Site
from vaxcert import typed
from vaxcert.qr import read
from vaxcert.registry.care import changing
from vaxcert.registry.holders import tickets

ROOT = Path(__file__).parents[3]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def telephone(citizen: Any, screen: Callable[..., Any]) -> Callable[..., Any]:
    """A page of a browser at the public's app, in a language and of a width; what it asks for is noted."""

    def opened(language: str = "vi", width: int = 320, scripts: bool = False) -> Any:
        page = screen(citizen.app(language=language), language, width, java_script_enabled=scripts)
        page.asked, page.referrers = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("request", lambda request: page.referrers.append(request.headers.get("referer", "")))
        return page

    return opened


@pytest.fixture
def checkpoint(citizen: Any, screen: Callable[..., Any], key: Any, tmp_path: Path) -> Iterator[Callable[[Path], str]]:
    """What the verifier's page says of a picture, at a gate in the same moment."""
    site = Site(tmp_path / "site", key, citizen.place.now)
    page = screen(site.app(), "vi", 412, java_script_enabled=False)

    def seen(picture: Path) -> str:
        page.goto("/")
        page.set_input_files("#picture", str(picture))
        page.click("#form button")
        page.wait_for_selector("main .test")
        return str(page.inner_text("main"))

    yield seen
    for desk in site.desks:
        desk.close()


def fill(page: Any, slip: dict[str, str]) -> None:
    for name, value in slip.items():
        page.fill(f"#{name}", value)
    page.click("main form button[type=submit]")


def test_a_holder_finds_takes_away_says_what_is_wrong_and_sees_it_corrected(
    citizen: Any, telephone: Any, checkpoint: Callable[[Path], str], tmp_path: Path
) -> None:
    page, registry = telephone(), citizen.place.registry
    page.goto("/")
    page.click("text=Tìm chứng nhận tiêm chủng >> nth=-1")
    fill(page, citizen.slip | {"code": citizen.code.lower().replace("-", " ")})
    assert "Có giá trị đến" in page.inner_text("main")
    # The screen as a scanner sees it, and what is saved from it.
    (tmp_path / "screen.png").write_bytes(page.screenshot(full_page=True))
    with page.expect_download() as saving:
        page.click("text=Lưu ảnh vào điện thoại")
    saving.value.save_as(tmp_path / "saved.png")
    for name in ("screen.png", "saved.png"):
        (code,) = read(tmp_path / name)
        assert code.text == citizen.text()
        assert "Nguyễn Mẫu Thử" in checkpoint(tmp_path / name)
    page.click("text=Thông tin bị sai")
    page.check("input[value=name]")
    page.fill("#words", "Tên tôi là Mẫu Thứ")
    page.click("button[name=send]")
    ticket = page.inner_text(".secret")
    assert page.url.endswith("/mistake/sent") and typed.read(ticket)
    (queued,) = tickets.listed(registry)
    changing.correct_person(registry, citizen.person, {"given_name": "Mẫu Thứ"}, actor="rev", reason="ticket")
    citizen.issue()
    tickets.answer(registry, queued.number, "corrected", "Đã sửa.", actor="rev")
    page.goto("/ticket")
    fill(page, {"ticket": ticket, "born": "17/05/1990"})
    assert "Đã sửa." in page.inner_text(".said")
    assert "Nguyễn Mẫu Thứ" in page.inner_text(".card")
    (tmp_path / "corrected.png").write_bytes(page.screenshot(full_page=True))
    (code,) = read(tmp_path / "corrected.png")
    assert code.text == citizen.text()
    assert "Nguyễn Mẫu Thứ" in checkpoint(tmp_path / "corrected.png")
    here = re.match(r"http://127\.0\.0\.1:\d+/", page.url)
    assert here is not None and all(address.startswith(here[0]) for address in page.asked)
    for secret in ("Mẫu", "1990", "0100000001", "HC1", citizen.code, ticket, "?"):
        assert not any(secret in address for address in page.asked), secret
    assert set(page.referrers) == {""}


@pytest.mark.parametrize(("language", "width"), SEEN_AS)
def test_axe_finds_nothing_and_nothing_is_cut_off(
    citizen: Any, telephone: Any, missing: Callable[[str], None], language: str, width: int
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
            "button, a, input:not([type=hidden]), textarea",
            "all => all.filter(one => one.checkVisibility() && !one.closest('.skip') && one.getBoundingClientRect().height < 24).map(one => one.outerHTML)",
        )
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(Path(folder) / f"public-{name}-{language}-{width}.png"), full_page=True)

    for name, path in (("home", "/"), ("privacy", "/privacy"), ("find", "/find"), ("nowhere", "/nowhere")):
        page.goto(path)
        look(name)
    page.goto("/find")
    page.eval_on_selector_all("input", "all => all.forEach(one => one.required = false)")
    fill(page, citizen.slip | {"name": "", "born": "x", "number": "1", "code": "7K2M"})
    look("find-refused")
    fill(page, citizen.slip | {"code": typed.new()})
    look("find-nothing")
    fill(page, citizen.slip)
    look("certificate")
    page.click("main > section > form:last-child button")
    look("mistake")
    page.eval_on_selector_all("input", "all => all.forEach(one => one.required = false)")
    page.click("button[name=send]")
    look("mistake-refused")
    page.check("input[value=name]")
    page.fill("#words", "Tên tôi là Mẫu Thứ")
    page.click("button[name=send]")
    look("sent")
    ticket = page.inner_text(".secret")
    page.goto("/ticket")
    look("ticket")
    fill(page, {"ticket": ticket, "born": "17/05/1990"})
    look("standing-open")
    tickets.answer(citizen.place.registry, 1, "come", "Hỏi cô Mẫu ở phòng 2.", actor="rev")
    page.goto("/ticket")
    fill(page, {"ticket": ticket, "born": "18/05/1990"})
    look("ticket-nothing")
    fill(page, {"ticket": ticket, "born": "17/05/1990"})
    look("standing")
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_a_certificate_is_found_by_the_keyboard_alone(citizen: Any, telephone: Any) -> None:
    page = telephone("en", 1024)
    page.goto("/find")
    keys = page.keyboard
    keys.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(30):
        keys.press("Tab")
        if page.evaluate("document.activeElement.id") == "name":
            break
    for value in citizen.slip.values():
        keys.type(value)
        keys.press("Tab")
    keys.press("Enter")
    page.wait_for_selector(".card")
