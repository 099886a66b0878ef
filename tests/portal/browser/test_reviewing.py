"""A reviewer's pages in a real browser: axe in both languages and widths, progress by the script, the keyboard alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from seen import SEEN_AS
from units import HEADINGS, row, several, table

from vaxcert.registry.care import grouping, reviewing
from vaxcert.registry.intake import importing

PASSWORD = "a long enough password"
LONG = "Công Tằng Tôn Nữ Thị Mẫu Rất Dài Dòng Không Có Thật"


@pytest.fixture
def portal(house: Any, screen: Any, tmp_path: Path) -> Callable[..., Any]:
    """A page of a browser where a reviewer is signed in, in a language and of a width."""
    settings = {"db": f"sqlite:///{tmp_path / 'r.db'}", "key": tmp_path / "registry.key", "files": tmp_path / "files"}
    app = house.app(**settings)

    def opened(language: str = "vi", width: int = 1024) -> Any:
        page = screen(app, language, width)
        page.goto("/sign-in")
        page.fill("#username", "reviewer")
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_selector(".tiles")
        return page

    return opened


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


UNLIKE = "middle_name_missing.telephone_agrees"


def unlike(house: Any, folder: Path) -> None:
    """Questions of one kind: eight people with a record that lacks a middle name."""
    rows = []
    for number in range(8):
        told = {"phone": f"01000000{number:02}", "born": f"17/05/{1960 + number}"}
        rows.append(row(name=f"Quách Mẫu {'ABCDEGHK'[number]}am", **told))
        rows.append(row(name=f"Quách {'ABCDEGHK'[number]}am", dose="2/2", date="01/07/2021", **told))
    path = folder / "Trạm Y tế xã Mẫu tháng 8.csv"
    path.write_bytes(table(rows))
    importing.run(house.registry, path, actor="account:reviewer")


@pytest.mark.nightly
@pytest.mark.parametrize(("language", "width"), SEEN_AS)
def test_axe_finds_nothing_and_nothing_is_cut_off_on_any_page_of_a_reviewer(
    house: Any, portal: Any, seen: Any, tmp_path: Path, language: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouping, "FEWEST", 2)
    fill(house, tmp_path)
    page, found = portal(language, width), {}

    def look(name: str) -> None:
        found[name] = seen(page, f"review-{name}-{language}-{width}")

    def follow(selector: str) -> None:
        with page.expect_navigation():
            page.click(selector)

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
    follow("main form button[type=submit]")
    look("found")
    page.goto("/corrections/people/1")
    page.fill("#given_name", "Mẫu Thử Hai")
    # Else the browser itself says that it is missing.
    page.fill("#reason", " ")
    follow("main form button[type=submit]")
    look("person-wrong")
    page.fill("#reason", "gõ sai")
    follow("main form button[type=submit]")
    look("preview")
    page.goto("/questions/1")
    follow("button[value=same]")
    look("question-next")
    follow("button[value=both]")
    look("queue-empty")
    page.goto("/questions/1")
    look("question-answered")
    unlike(house, tmp_path)
    page.goto("/questions/groups")
    look("groups")
    page.goto(f"/questions/groups/{UNLIKE}")
    look("group")
    for answer in ("same", "different", "same"):
        page.goto(f"/questions/groups/{UNLIKE}/next")
        if answer == "different":
            look("question-of-a-sample")
        follow(f"button[value={answer}]")
    page.wait_for_selector("#unlike-title")
    look("group-unlike")
    follow(".lines a")
    follow(".note button")
    follow("button[value=same]")
    page.wait_for_selector("#all-title")
    look("group-ready")
    follow("section[aria-labelledby=all-title] button")
    look("group-answered")
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
    page.wait_for_selector("text=Which record of the dose is right?")
    press(page, "Decide later")
    page.wait_for_url("**/questions/1")
    press(page, "Two people")
    page.wait_for_selector("text=Which record of the dose is right?")
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
