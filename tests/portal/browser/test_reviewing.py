"""A reviewer's pages in a real browser: axe in both languages and widths, progress by the script, the keyboard alone."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from units import HEADINGS, row, several, table

from vaxcert.registry.care import reviewing
from vaxcert.registry.intake import importing

ROOT = Path(__file__).parents[3]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PASSWORD = "a long enough password"
WIDE = "document.documentElement.scrollWidth - innerWidth"
SMALL = """all => all.filter(one => one.checkVisibility() && !one.closest('.skip, p, dd, li, .unseen')
    && one.getBoundingClientRect().height < 24).map(one => one.outerHTML)"""
LONG = "Công Tằng Tôn Nữ Thị Mẫu Rất Dài Dòng Không Có Thật"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    import shutil

    from playwright.sync_api import sync_playwright

    program = os.environ.get("VAXCERT_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
        browser = None if program is None else playwright.chromium.launch(executable_path=program, args=quiet)
        yield browser
        if browser is not None:
            browser.close()


@pytest.fixture
def portal(house: Any, chromium: Any, missing: Callable[[str], None], tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """A page of a browser where a reviewer is signed in, in a language and of a width."""
    import threading

    from werkzeug.serving import WSGIRequestHandler, make_server

    if chromium is None:
        missing("no chromium on the path")

    class Silent(WSGIRequestHandler):
        def log_request(self, *_: Any, **__: Any) -> None: ...

    settings = {"db": f"sqlite:///{tmp_path / 'r.db'}", "key": tmp_path / "registry.key", "files": tmp_path / "files"}
    server = make_server("127.0.0.1", 0, house.app(**settings), threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    contexts = []

    def opened(language: str = "vi", width: int = 1024) -> Any:
        url = f"http://127.0.0.1:{server.server_port}"
        context = chromium.new_context(viewport={"width": width, "height": 800}, base_url=url)
        context.add_cookies([{"name": "lang", "value": language, "url": url}])
        contexts.append(context)
        page = context.new_page()
        page.faults = []
        page.on("console", lambda message: message.type in ("error", "warning") and page.faults.append(message.text))
        page.goto("/sign-in")
        page.fill("#username", "reviewer")
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_selector(".tiles")
        return page

    yield opened
    for context in contexts:
        context.close()
    server.shutdown()
    server.server_close()


def fill(house: Any, folder: Path) -> None:
    """Questions of both kinds, and rows that were not taken."""
    parts = (
        [
            row(id="001090000001"),
            row(name="Nguyễn Mẫu Thừ", phone="0987654321", dose="2/2", date="01/07/2021", site="VP02"),
        ],
        [
            row(name=LONG, id="001080000002", phone="0933333333", born="02/02/1980"),
            row(name="Lê Hỏng", born="31/02/1990"),
        ],
        [row(name=LONG, id="001080000002", phone="0933333333", born="02/02/1980", date="03/06/2021", lot="L2")],
    )
    for number, rows in enumerate(parts):
        path = folder / f"Trạm Y tế xã Mẫu tháng {number + 5}.csv"
        path.write_bytes(table(rows))
        importing.run(house.registry, path, actor="account:reviewer")


@pytest.mark.parametrize(("language", "width"), [("vi", 1024), ("en", 1024), ("vi", 320), ("en", 320)])
def test_axe_finds_nothing_and_nothing_is_cut_off_on_any_page_of_a_reviewer(
    house: Any, portal: Any, missing: Callable[[str], None], tmp_path: Path, language: str, width: int
) -> None:
    script = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        missing("axe-core is not there: `make assets`")
    fill(house, tmp_path)
    page, found = portal(language, width), {}
    folder = os.environ.get("VAXCERT_SCREENS")
    page.route("**/axe.js", lambda route: route.fulfill(path=str(script), content_type="text/javascript"))

    def look(name: str) -> None:
        page.add_script_tag(url="/axe.js")
        answer = page.evaluate("tags => axe.run({runOnly: tags, resultTypes: ['violations']})", RULES)
        faults = [f"{one['id']}: {node['html'][:200]}" for one in answer["violations"] for node in one["nodes"]]
        if page.evaluate(WIDE) > 0:
            faults.append("wider than the screen")
        found[name] = [*faults, *page.eval_on_selector_all("button, a, input:not([type=hidden]), select", SMALL)]
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(Path(folder) / f"review-{name}-{language}-{width}.png"), full_page=True)

    def send(name: str, content: bytes) -> None:
        page.goto("/intake")
        page.set_input_files("#table", {"name": name, "mimeType": "text/csv", "buffer": content})
        page.click("main form button[type=submit]")

    page.goto("/intake")
    look("intake")
    headings = (*HEADINGS, "Mã riêng")
    rows = [
        *((*one, f"00109000000{i}") for i, one in enumerate(several(9))),
        (*row(name="Lê Hỏng", born="31/02/1990"), ""),
    ]
    send("Trạm Y tế xã Mẫu.csv", table(rows, headings))
    page.wait_for_selector("#take-title", timeout=60_000)
    look("checked")
    page.click("summary")
    look("checked-options")
    page.check("input[name=leave_out]")
    page.click("section[aria-labelledby=take-title] button")
    page.wait_for_selector("a.next[href^='/runs/']", timeout=60_000)
    look("taken")
    send("thu.csv", "Kính gửi Sở Y tế,\nchúng tôi xin báo cáo.\n".encode())
    page.wait_for_selector("section.wrong", timeout=60_000)
    look("refused")
    page.goto("/intake")
    look("intake-waiting")
    for name, path in {
        "runs": "/runs", "run": "/runs/2", "undo": "/runs/3/undo", "undo-built-upon": "/runs/2/undo", "queue": "/questions",
        "question": "/questions/1", "question-dose": "/questions/2", "find": "/corrections", "person": "/corrections/people/1",
        "dose": "/corrections/doses/1", "certificates": "/certificates?site=VP01",
    }.items():  # fmt: skip
        page.goto(path)
        look(name)
    page.goto("/corrections")
    page.fill("#born", "17/05/1990")
    page.click("main form button[type=submit]")
    look("found")
    page.goto("/corrections/people/1")
    page.fill("#given_name", "Mẫu Thử Hai")
    page.click("main form button[type=submit]")
    look("person-wrong")
    page.fill("#reason", "gõ sai")
    page.click("main form button[type=submit]")
    look("preview")
    page.goto("/questions/1")
    page.click("button[value=same]")
    look("question-next")
    page.click("button[value=both]")
    look("queue-empty")
    page.goto("/questions/1")
    look("question-answered")
    assert {name: faults for name, faults in found.items() if faults} == {}
    assert [fault for fault in page.faults if "status of 4" not in fault] == []


def test_the_page_itself_tells_how_far_it_is_and_leads_on(house: Any, portal: Any) -> None:
    page = portal("en")
    page.goto("/intake")
    page.set_input_files("#table", {"name": "a.csv", "mimeType": "text/csv", "buffer": table(several(4_000))})
    page.click("main form button[type=submit]")
    page.wait_for_selector("#take-title", timeout=60_000)
    page.click("section[aria-labelledby=take-title] button")
    page.wait_for_selector("#words:has-text('of 4,000 rows taken')", timeout=60_000)
    page.wait_for_selector("a.next[href='/runs/1']", timeout=60_000)
    assert page.faults == []


def test_questions_are_answered_by_the_keyboard_alone(house: Any, portal: Any, tmp_path: Path) -> None:
    fill(house, tmp_path)
    page = portal("en")
    page.goto("/questions/next")
    press(page, "Two people")
    page.wait_for_selector("text=Which record of the dose is right?")
    press(page, "Decide later")
    page.wait_for_url("**/questions/2")
    press(page, "Both are right")
    page.wait_for_selector("text=No question is open")
    assert reviewing.waiting(house.registry) == 0


def press(page: Any, words: str) -> None:
    """Go on by the tab key until what has these words has the focus, and press it."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == words:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"{words}: not reached")
