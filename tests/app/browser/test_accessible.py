"""WCAG 2.2 AA as far as a program can see: axe on every page and state; and small, dark, flat and still screens."""

from pathlib import Path
from typing import Any

import pytest
from night import some

ROOT = Path(__file__).parents[3]
WRONG = "a text that no shape fits"


@pytest.mark.parametrize(
    ("language", "scheme"), some([("vi", "light"), ("vi", "dark"), ("en", "light"), ("en", "dark")], 2)
)
def test_axe_finds_nothing_in_any_state(
    site: Any, text: str, browsers: Any, serve: Any, film: Any, axe: Any, scheme: str, language: str
) -> None:
    page = browsers.page(serve(site.app()), film=film(()), language=language, color_scheme=scheme)
    page.until("document.activeElement.id === 'wedge'")
    page.page.click("#ways summary")
    page.page.click("#settings summary")
    found = {"scan": axe(page)}
    page.page.click("#state")
    page.until("document.querySelector('#panel time')")
    found["state"] = axe(page)
    page.page.click("#panel-close")
    page.page.focus("#wedge")
    for name, card in {"genuine": text, "refused": WRONG, "again": text}.items():
        page.page.keyboard.type(card)
        page.page.keyboard.press("Enter")
        page.verdict()
        found[name] = axe(page)
        page.leave()
    found["counts"] = axe(page)
    page.page.context.set_offline(True)
    page.page.keyboard.type(text)
    page.page.keyboard.press("Enter")
    page.verdict()
    page.page.context.set_offline(False)
    found["no answer"] = axe(page)
    for path in ("/status", "/nowhere"):
        page.go(path)
        found[path] = axe(page)
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_axe_sees_faults_where_there_are_some(site: Any, browsers: Any, serve: Any, film: Any, axe: Any) -> None:
    page = browsers.page(serve(site.app()), film=film(()))
    page.page.evaluate("document.body.append(Object.assign(document.createElement('img'), {src: '/static/icon.svg'}))")
    assert any(fault.startswith("image-alt") for fault in axe(page))


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("narrow", {"viewport": {"width": 320, "height": 568}}),
        ("dark", {"color_scheme": "dark"}),
        ("flat", {"viewport": {"width": 740, "height": 360}}),
        ("still", {"reduced_motion": "reduce"}),
    ],
)
def test_nothing_is_cut_off_and_what_counts_is_seen_at_once(
    site: Any, text: str, browsers: Any, serve: Any, film: Any, screen: Any, name: str, options: Any
) -> None:
    page = browsers.page(serve(site.app()), film=film(()), language="vi", **options)
    page.until("document.getElementById('hint').textContent.length")
    screen(page, f"scan-{name}")
    wide = "document.documentElement.scrollWidth - innerWidth"
    assert page.page.evaluate(wide) <= 0
    small = page.page.eval_on_selector_all(
        "button, summary, nav a, input[type=checkbox]",
        "all => all.filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 24).map(one => one.outerHTML)",
    )
    assert small == []
    # At once: on a busy machine a pause between two keys could be the end of what a scanner types.
    page.page.keyboard.insert_text(text)
    page.page.keyboard.press("Enter")
    assert "17/05/1990" in page.verdict()["text"]
    screen(page, f"verdict-{name}")
    assert page.page.evaluate(wide) <= 0
    bottom = page.page.eval_on_selector("#stage .words[lang=vi] .born", "one => one.getBoundingClientRect().bottom")
    assert bottom <= page.page.eval_on_selector("#stage .foot", "one => one.getBoundingClientRect().top")


@pytest.mark.nightly
def test_a_screen_reader_is_told_and_keys_alone_suffice(
    site: Any, text: str, browsers: Any, serve: Any, film: Any
) -> None:
    page = browsers.page(serve(site.app()), film=film(()))
    page.until("document.activeElement.id === 'wedge'")
    assert page.page.get_attribute("#announce", "aria-live") == "assertive"
    # To the pasted text by keys, and back from the verdict.
    page.page.focus("#ways summary")
    page.page.keyboard.press("Enter")
    page.page.focus("#text")
    page.page.evaluate("text => document.getElementById('text').value = text", text)
    page.page.focus("#form button")
    page.page.keyboard.press("Enter")
    page.verdict()
    said = page.page.evaluate("document.getElementById('announce').textContent")
    assert said == "Genuine certificate. Dose 2/2. Nguyễn Mẫu Thử. 17 May 1990"
    assert page.page.evaluate("document.activeElement.id") == "next"
    # What lies behind cannot be reached meanwhile.
    reached = set()
    for _ in range(12):
        page.page.keyboard.press("Tab")
        reached.add(page.page.evaluate("document.activeElement.id"))
    assert reached <= {"next", "hold", "tongue", "wedge", ""}
    page.page.focus("#next")
    page.page.keyboard.press("Enter")
    page.until("document.getElementById('stage').hidden")
    assert page.page.evaluate("document.getElementById('announce').textContent") == ""
