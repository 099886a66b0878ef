"""Rules of a place in a real browser: the mode is switched on the page, and what does not do here looks like no forgery."""

from pathlib import Path
from typing import Any

import pytest
from ruling import GATE, WARD, write_policies


@pytest.fixture
def address(site: Any, serve: Any, tmp_path: Path) -> Any:
    folder = write_policies(tmp_path / "policies", gate=GATE + "doses = 2\n", ward=WARD + "booster = true\n")
    return serve(site.app(VAXCERT_APP_RULES=str(folder), VAXCERT_APP_MODE="gate"))


def scan(page: Any, text: str) -> dict[str, str]:
    page.until("document.activeElement.id === 'wedge'")
    page.page.keyboard.insert_text(text)
    page.page.keyboard.press("Enter")
    found: dict[str, str] = page.verdict()
    return found


def test_what_is_chosen_is_what_is_judged_by_and_stands_on_every_screen(
    address: str, text: str, browsers: Any, film: Any, screen: Any
) -> None:
    page = browsers.page(address, film=film(()))
    enough = scan(page, text)
    assert enough["colour"] == "test"
    assert "Rules: Hospital gate" in enough["text"]
    page.leave()
    with page.page.expect_navigation():
        page.page.select_option("#mode", "ward")
    page.until("document.getElementById('page').dataset.mode === 'ward'")
    page.until("document.getElementById('hint').textContent.length")
    screen(page, "scan-mode")
    lacking = scan(page, text)
    assert (lacking["colour"], lacking["code"]) == ("not_enough", "rule_not_met")
    assert lacking["headline"] == "Genuine, not enough here"
    assert "Dose 2/2: a booster is asked for here." in lacking["text"]
    assert "Rules: Ward visit" in lacking["text"]
    screen(page, "not-enough")
    # Whoever is not to go in stays on the screen: nothing counts down.
    assert page.page.is_hidden("#countdown")
    page.leave()
    page.page.click("#settings summary")
    assert "genuine, not enough here" in page.text("#counts")
    assert page.faults == []


def test_axe_finds_nothing_in_what_is_not_enough(address: str, text: str, browsers: Any, film: Any, axe: Any) -> None:
    page = browsers.page(f"{address}", film=film(()), language="vi", viewport={"width": 320, "height": 640})
    page.go("/?mode=ward")
    found = {"scan": axe(page)}
    scan(page, text)
    found["not enough"] = axe(page)
    assert found == {"scan": [], "not enough": []}
    assert page.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
