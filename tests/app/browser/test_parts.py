"""A card in several codes on the page: parts come one by one, what is missing is said, and nothing is made of two cards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from health_cards import ISSUER, HealthCards
from night import some

from vaxcert import SigningKey
from vaxcert.cli.demo import tamper

MISSING = "This certificate is in several codes. Still to be scanned: "


@pytest.fixture
def cards(site: Any, key: SigningKey) -> HealthCards:
    """Of an issuer that the site's publisher lists."""
    site.publisher.keys.add_health_card_key(key.certificate, ISSUER)
    site.publish()
    return HealthCards(key)


@pytest.fixture
def given(now: datetime, cards: HealthCards) -> Callable[[int], list[str]]:
    """A card in so many parts, good at the site's moment."""
    began = int(now.timestamp()) - 3600
    return lambda count: cards.parts(count, cards.claims(nbf=began))


@pytest.fixture
def typed(browsers: Any, serve: Any, site: Any, blank: Path) -> Iterator[Any]:
    """A page before which a hand scanner types."""
    page = browsers.page(serve(site.app()), film=blank)

    def scan(text: str) -> None:
        page.page.focus("#wedge")
        page.page.keyboard.insert_text(text)
        page.page.keyboard.press("Enter")

    page.scan = scan
    yield page
    assert page.faults == []


@pytest.fixture
def blank(film: Callable[..., Path]) -> Path:
    """A film that shows nothing."""
    return film(())


def told(page: Any) -> str:
    return str(page.text("#parts"))


def test_the_camera_puts_the_parts_of_a_card_together_in_whatever_order_they_come(
    site: Any, browsers: Any, serve: Any, film: Any, given: Any, screen: Any
) -> None:
    first, second = given(2)
    page = browsers.page(serve(site.app()), film=film(second, (), first, (), rate=1, frames=2, size=640))
    page.until("!document.getElementById('parts').hidden")
    assert told(page) in (MISSING + "1/2", MISSING + "2/2")
    screen(page, "parts-en")
    verdict = page.verdict()
    assert verdict["colour"] == "test" and "Nguyễn Mẫu Thử" in verdict["text"]
    assert page.page.evaluate("document.getElementById('parts').hidden")
    assert sum(url.endswith("/check") for url in page.asked) == 1
    assert page.faults == []


def test_what_is_missing_is_said_in_both_languages_until_all_is_there(typed: Any, given: Any, screen: Any) -> None:
    one, two, three = given(3)
    typed.scan(three)
    typed.until("!document.getElementById('parts').hidden")
    assert told(typed) == MISSING + "1/3, 2/3"
    typed.scan(three)
    typed.scan("]Q1" + one.upper())
    typed.until("document.getElementById('parts').textContent.endsWith(': 2/3')")
    assert told(typed) == MISSING + "2/3"
    typed.page.click("#language")
    assert told(typed) == "Chứng nhận này gồm nhiều mã. Còn phải quét mã: 2/3"
    assert not any(url.endswith("/check") for url in typed.asked)
    typed.scan(two)
    assert typed.verdict()["colour"] == "test"


def test_a_part_of_another_card_another_card_or_a_minute_begins_anew(typed: Any, given: Any, text: str) -> None:
    one, two = given(2)
    others = given(3)
    typed.scan(one)
    typed.scan(others[0])
    typed.until("document.getElementById('parts').textContent.endsWith('2/3, 3/3')")
    typed.scan(one)
    typed.scan(tamper(text))
    assert typed.verdict()["code"] == "signature_invalid"
    typed.leave()
    assert told(typed) == ""
    typed.scan(two)
    typed.until("document.getElementById('parts').textContent.endsWith('1/2')")
    # A poster's link beside it is no card.
    typed.scan("https://health.example/")
    assert told(typed) == MISSING + "1/2"


def test_after_a_minute_without_another_part_nothing_is_held(
    browsers: Any, serve: Any, site: Any, given: Any, blank: Path
) -> None:
    page = browsers.page(serve(site.app()), film=blank, start=False)
    page.page.clock.install()
    page.go()
    page.until("document.activeElement.id === 'wedge'")
    page.page.keyboard.insert_text(given(2)[0])
    page.page.keyboard.press("Enter")
    page.until("!document.getElementById('parts').hidden")
    page.page.clock.fast_forward(30_000)
    assert told(page) == MISSING + "2/2"
    page.page.clock.fast_forward(31_000)
    assert told(page) == ""


def test_where_no_server_answers_the_parts_are_still_there_and_nothing_is_green(typed: Any, given: Any) -> None:
    one, two = given(2)
    typed.page.route("**/check", lambda route: route.abort())
    typed.scan(one)
    typed.scan(two)
    assert typed.verdict()["colour"] == "undetermined"
    typed.leave()
    typed.page.unroute("**/check")
    typed.scan(two)
    assert typed.verdict()["colour"] == "test"
    typed.faults.clear()  # the browser's own line for what was cut off


@pytest.mark.parametrize("width", some([320, 1024], 1))
def test_axe_finds_nothing_where_parts_are_waited_for_and_it_fits(
    browsers: Any, serve: Any, site: Any, given: Any, blank: Path, axe: Any, screen: Any, width: int
) -> None:
    page = browsers.page(serve(site.app()), film=blank, language="vi", viewport={"width": width, "height": 720})
    page.page.focus("#wedge")
    page.page.keyboard.insert_text(given(6)[3])
    page.page.keyboard.press("Enter")
    page.until("!document.getElementById('parts').hidden")
    assert axe(page) == []
    assert page.page.evaluate("document.documentElement.scrollWidth") <= width
    screen(page, f"parts-vi-{width}")
