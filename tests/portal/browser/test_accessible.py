"""The portal in a real browser: axe on every page in both languages, narrow screens, and the keyboard alone."""

from collections.abc import Callable
from typing import Any

import pytest
from seen import SEEN_AS, until

PASSWORD = "a long enough password"
WIDE = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def desk(house: Any, screen: Any) -> Callable[..., Any]:
    """A page of a browser at the portal, in a language and of a width."""

    def opened(language: str = "vi", width: int = 1024, **settings: Any) -> Any:
        return screen(house.app(**settings), language, width)

    return opened


def sign_in(page: Any, login: str) -> None:
    page.goto("/sign-in")
    page.fill("#username", login)
    page.fill("#password", PASSWORD)
    with page.expect_navigation():
        page.press("#password", "Enter")


def walk(page: Any, house: Any, look: Callable[[str], None], phone: Any) -> None:
    """Every page of this group, one after the other."""
    page.goto("/sign-in")
    look("sign-in")
    page.fill("#username", "nobody")
    page.fill("#password", "wrong")
    with page.expect_navigation():
        page.press("#password", "Enter")
    look("sign-in-refused")
    sign_in(page, "administrator")
    look("authenticator-begin")
    with page.expect_navigation():
        page.click("main button[type=submit]")
    look("authenticator")
    phone.learn(page.content())
    page.fill("#code", phone.code())
    page.press("#code", "Enter")
    page.wait_for_url("**/")
    look("home")
    for name, path in {
        "own": "/own", "password": "/own/password", "accounts": "/admin/accounts", "account-new": "/admin/accounts/new",
        "account": f"/admin/accounts/{house.numbers['clerk']}", "program": f"/admin/accounts/{house.numbers['integrator']}",
        "sites": "/admin/sites", "nowhere": "/nowhere",
    }.items():  # fmt: skip
        page.goto(path)
        look(name)
    page.goto("/admin/accounts/new")
    page.fill("#login", "bac.si")
    page.fill("#display_name", "Công Tằng Tôn Nữ Thị Mẫu Rất Dài Dòng Không Có Thật Ở Đâu Cả")
    page.check("input[value=administrator]")
    page.check("input[value=clerk]")
    with page.expect_navigation():
        page.click("main form button[type=submit]")
    look("account-refused")
    page.uncheck("input[value=administrator]")
    with page.expect_navigation():
        page.click("main form button[type=submit]")
    look("told")
    page.goto("/own")
    page.fill("#pin", "2580")
    with page.expect_navigation():
        page.press("#pin", "Enter")
    look("pin")
    page.click(".tools form[action='/lock'] button")
    page.wait_for_url("**/switch")
    look("switch")


@pytest.mark.parametrize(("language", "width"), SEEN_AS)
def test_axe_finds_nothing_and_nothing_is_cut_off_on_any_page(
    house: Any, desk: Any, seen: Any, authenticator: Any, language: str, width: int
) -> None:
    page = desk(language, width, training=False)
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        found[name] = seen(page, f"portal-{name}-{language}-{width}")

    walk(page, house, look, authenticator)
    assert {name: faults for name, faults in found.items() if faults} == {}
    # What a page of problems is answered with is told by the browser too.
    assert [fault for fault in page.faults if "status of 4" not in fault] == []


def test_axe_sees_faults_where_there_are_some(desk: Any, axe: Any) -> None:
    page = desk()
    page.goto("/sign-in")
    page.evaluate("document.body.append(Object.assign(document.createElement('img'), {src: '/static/icon.svg'}))")
    assert any(fault.startswith("image-alt") for fault in axe(page))


def test_an_account_is_made_by_the_keyboard_alone(house: Any, desk: Any) -> None:
    page = desk("en")
    page.goto("/")
    keys = page.keyboard
    page.wait_for_selector("#username:focus")
    keys.type("administrator")
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    page.wait_for_selector(".tiles")
    reach(page, "Accounts")
    keys.press("Enter")
    page.wait_for_url("**/admin/accounts")
    reach(page, "New account")
    keys.press("Enter")
    page.wait_for_selector("#login:focus")
    keys.type("bac.si")
    keys.press("Tab")
    keys.type("Bác sĩ Mẫu")
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Space")
    keys.press("Enter")
    page.wait_for_selector(".secret")
    assert "bac.si" in house.accounts()
    seen = page.evaluate("getComputedStyle(document.querySelector('a.next')).display")
    assert seen != "none"


def reach(page: Any, words: str) -> None:
    """Go on by the tab key until what has these words has the focus, and can be seen to have it."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == words:
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    raise AssertionError(f"{words}: not reached")


def test_the_first_tab_leads_past_the_head_of_the_page(house: Any, desk: Any) -> None:
    page = desk("en")
    sign_in(page, "clerk")
    page.goto("/own")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize(("language", "width"), SEEN_AS)
def test_axe_finds_nothing_on_the_pages_of_counts_and_on_paper_nothing_is_cut_off(
    house: Any, desk: Any, axe: Any, language: str, width: int
) -> None:
    from counted import fill

    fill(house)
    page = desk(language, width)
    found: dict[str, list[str]] = {}
    for login, paths in {
        "manager": ("/numbers", "/numbers?district=Tam Đảo"), "administrator": ("/admin/check-up",),
    }.items():  # fmt: skip
        page.context.clear_cookies(name="portal")
        sign_in(page, login)
        for path in paths:
            page.goto(path)
            for folded in page.query_selector_all("summary"):
                folded.click()
            found[path] = axe(page)
            if page.evaluate(WIDE) > 0:
                found[path].append("wider than the screen")
            page.set_viewport_size({"width": 680, "height": 980})  # A4 less its margins
            page.emulate_media(media="print")
            wide = "all => all.some(one => one.scrollWidth > one.clientWidth)"
            if page.evaluate(WIDE) > 0 or page.eval_on_selector_all(".wide", wide):
                found[path].append("wider than a sheet")
            if page.eval_on_selector_all(".bar, .menu, .parts, .file", "all => all.some(one => one.checkVisibility())"):
                found[path].append("what is of no use on paper is printed")
            page.emulate_media(media="screen")
            page.set_viewport_size({"width": width, "height": 800})
    assert {path: faults for path, faults in found.items() if faults} == {}
    assert page.faults == []


def test_a_manager_reaches_a_district_by_the_keyboard_alone_and_scrolls_a_table_by_it(house: Any, desk: Any) -> None:
    from counted import fill

    fill(house)
    page = desk("en", 320)
    sign_in(page, "manager")
    page.goto("/numbers")
    reach(page, "Tam Đảo")
    page.keyboard.press("Enter")
    page.wait_for_url("**/numbers?district=*")
    assert "Numbers: Tam Đảo" in page.text_content("h1")
    table = "document.querySelector('#commune .wide')"
    page.evaluate(f"{table}.focus()")
    page.keyboard.press("ArrowRight")
    until(page, f"{table}.scrollLeft > 0")
