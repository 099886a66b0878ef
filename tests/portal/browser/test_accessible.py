"""The portal in a real browser: axe on every page in both languages, narrow screens, and the keyboard alone."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PASSWORD = "a long enough password"
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip
WIDE = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    program = os.environ.get("VAXCERT_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = None if program is None else playwright.chromium.launch(executable_path=program, args=[*QUIET])
        yield browser
        if browser is not None:
            browser.close()


@pytest.fixture
def desk(house: Any, chromium: Any, missing: Callable[[str], None]) -> Iterator[Callable[..., Any]]:
    """A page of a browser at the portal, in a language and of a width."""
    from werkzeug.serving import WSGIRequestHandler, make_server

    if chromium is None:
        missing("no chromium on the path")

    class Silent(WSGIRequestHandler):
        def log_request(self, *_: Any, **__: Any) -> None: ...

    servers, contexts = [], []

    def opened(language: str = "vi", width: int = 1024, **settings: Any) -> Any:
        server = make_server("127.0.0.1", 0, house.app(**settings), threaded=True, request_handler=Silent)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        context = chromium.new_context(viewport={"width": width, "height": 800}, base_url=url)
        context.add_cookies([{"name": "lang", "value": language, "url": url}])
        contexts.append(context)
        page = context.new_page()
        page.faults = []
        page.on("console", lambda message: message.type in ("error", "warning") and page.faults.append(message.text))
        return page

    yield opened
    for context in contexts:
        context.close()
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def axe(missing: Callable[[str], None]) -> Callable[[Any], list[str]]:
    script = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        missing("axe-core is not there: `make assets`")

    def found(page: Any) -> list[str]:
        # By an address of the app's own: the policy forbids scripts of any other kind.
        page.route("**/axe.js", lambda route: route.fulfill(path=str(script), content_type="text/javascript"))
        page.add_script_tag(url="/axe.js")
        answer = page.evaluate("tags => axe.run({runOnly: tags, resultTypes: ['violations']})", RULES)
        assert answer["testEngine"]["name"] == "axe-core"
        return [f"{one['id']}: {node['html'][:120]}" for one in answer["violations"] for node in one["nodes"]]

    return found


def sign_in(page: Any, login: str) -> None:
    page.goto("/sign-in")
    page.fill("#username", login)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_load_state()


def walk(page: Any, house: Any, look: Callable[[str], None], phone: Any) -> None:
    """Every page of this group, one after the other."""
    page.goto("/sign-in")
    look("sign-in")
    page.fill("#username", "nobody")
    page.fill("#password", "wrong")
    page.press("#password", "Enter")
    look("sign-in-refused")
    sign_in(page, "administrator")
    look("authenticator-begin")
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
    page.click("main form button[type=submit]")
    look("account-refused")
    page.uncheck("input[value=administrator]")
    page.click("main form button[type=submit]")
    look("told")
    page.goto("/own")
    page.fill("#pin", "2580")
    page.press("#pin", "Enter")
    look("pin")
    page.click(".tools form[action='/lock'] button")
    page.wait_for_url("**/switch")
    look("switch")


@pytest.mark.parametrize(("language", "width"), [("vi", 1024), ("en", 1024), ("vi", 320), ("en", 320)])
def test_axe_finds_nothing_and_nothing_is_cut_off_on_any_page(
    house: Any, desk: Any, axe: Any, authenticator: Any, language: str, width: int
) -> None:
    page = desk(language, width, training=False)
    found: dict[str, list[str]] = {}
    folder = os.environ.get("VAXCERT_SCREENS")

    def look(name: str) -> None:
        faults = axe(page)
        if page.evaluate(WIDE) > 0:
            faults.append("wider than the screen")
        small = page.eval_on_selector_all(
            "button, a, input:not([type=hidden]), select",
            "all => all.filter(one => one.checkVisibility() && !one.closest('.skip, p, dd') && one.getBoundingClientRect().height < 24).map(one => one.outerHTML)",
        )
        found[name] = [*faults, *small]
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(Path(folder) / f"portal-{name}-{language}-{width}.png"), full_page=True)

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
    # The first field has the focus.
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
    page.wait_for_url("**/new")
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


@pytest.mark.parametrize(("language", "width"), [("vi", 1024), ("en", 1024), ("vi", 320), ("en", 320)])
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
    page.wait_for_function(f"{table}.scrollLeft > 0")
