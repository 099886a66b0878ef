"""Every way in: camera, photo, file, pasted text, hand scanner; with scripts and without; and what goes wrong on it."""

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

NAME = "Nguyễn Mẫu Thử"
# Seconds in which what goes on is not there yet, less what a browser may be ahead.
LATER = 0.5


@pytest.fixture
def blank(film: Any) -> Path:
    """A film in which there is nothing."""
    return Path(film(()))


@pytest.fixture
def pictured(tmp_path: Path, text: str, picture: Any) -> Path:
    path = tmp_path / "card.png"
    path.write_bytes(picture(text))
    return path


def test_pasted_text_is_checked(site: Any, text: str, browsers: Any, serve: Any, blank: Path) -> None:
    page = browsers.page(serve(site.app()), film=blank)
    page.page.click("#ways summary")
    page.page.fill("#text", text)
    page.page.click("#form button")
    assert NAME in page.verdict()["text"]
    page.leave()
    assert page.page.input_value("#text") == ""
    assert page.faults == []


@pytest.mark.parametrize("field", ["#photo", "#picture"])
def test_a_chosen_picture_is_checked_without_another_tap(
    site: Any, browsers: Any, serve: Any, blank: Path, pictured: Path, field: str
) -> None:
    page = browsers.page(serve(site.app()), film=blank)
    page.page.click("#ways summary")
    page.page.set_input_files(field, str(pictured))
    assert NAME in page.verdict()["text"]
    assert page.faults == []


def test_a_picture_without_a_code_is_told_and_nothing_is_green(
    site: Any, browsers: Any, serve: Any, blank: Path, tmp_path: Path
) -> None:
    from PIL import Image

    Image.new("L", (300, 300), 255).save(tmp_path / "empty.png")
    page = browsers.page(serve(site.app()), film=blank)
    page.page.set_input_files("#picture", str(tmp_path / "empty.png"))
    seen = page.verdict()
    assert (seen["colour"], seen["headline"]) == ("undetermined", "No code was found in the picture.")


def test_a_hand_scanner_types_wherever_the_focus_is_and_goes_on_from_a_verdict(
    site: Any, text: str, browsers: Any, serve: Any, blank: Path, screen: Any
) -> None:
    page = browsers.page(serve(site.app()), film=blank, viewport={"width": 1280, "height": 800})
    page.until("document.activeElement.id === 'wedge'")
    assert page.text("#wedge-state") == "Hand scanner: ready"
    screen(page, "desk")
    page.page.keyboard.type(text)
    page.page.keyboard.press("Enter")
    assert NAME in page.verdict()["text"]
    screen(page, "desk-test")
    # The next card, with no key in between, from a scanner that sends no line end.
    page.page.keyboard.type("a text that no shape fits, and no card")
    page.until("document.querySelector('#stage .verdict')?.dataset.code === 'format_unknown'")
    page.settle()
    page.page.keyboard.press("Enter")
    page.until("document.getElementById('stage').hidden")
    # From anywhere: the focus is on a link, and a scanner types all the same.
    page.page.focus("#state")
    for _ in range(5):
        page.page.keyboard.type(text)
        page.page.keyboard.press("Enter")
        if NAME in page.verdict()["text"]:
            break
        # A busy machine typed it with a pause in the middle, as no scanner does.
        page.settle()
        page.page.keyboard.press("Escape")
        page.until("document.getElementById('stage').hidden")
    assert NAME in page.verdict()["text"]
    assert "shown here just now" in page.text("#notice")
    page.settle()
    page.page.keyboard.press("Escape")
    page.until("document.getElementById('stage').hidden")
    # A slip of a finger is no card.
    page.page.keyboard.type("abc")
    page.page.wait_for_timeout(600)
    assert page.page.evaluate("document.getElementById('stage').hidden")
    assert page.faults == []


def test_without_scripts_text_and_pictures_are_checked_and_nothing_goes_by_itself(
    site: Any, text: str, browsers: Any, serve: Any, pictured: Path, screen: Any
) -> None:
    page = browsers.page(serve(site.app(VAXCERT_APP_RETURN="1")), camera=False, java_script_enabled=False)
    assert not page.page.is_visible("#camera")
    assert not page.page.is_visible("#wedge-state")
    screen(page, "no-script")
    page.page.fill("#text", text)
    before = time.monotonic()
    page.page.click("#form button")
    assert NAME in page.seen("main")["text"]
    # Not there yet for a tap that was meant for the page before.
    visible = page.page.is_visible("main a.next")
    assert not visible or time.monotonic() - before > LATER
    page.page.wait_for_selector("main a.next")
    screen(page, "no-script-test")
    page.page.wait_for_timeout(1_500)
    assert page.page.url.endswith("/check")
    page.page.go_back()
    assert page.page.url == page.url + "/"
    page.page.set_input_files("#picture", str(pictured))
    page.page.click("#form button")
    assert NAME in page.seen("main")["text"]
    page.page.click("main a.next")
    page.page.click("#language")
    assert page.page.inner_text("h1") == "Kiểm tra chứng nhận"
    page.page.fill("#text", "")
    page.page.click("#form button")
    assert "Hãy chọn ảnh" in page.page.inner_text("h1")
    assert page.faults in (
        [],
        ["Failed to load resource: the server responded with a status of 422 (UNPROCESSABLE ENTITY)"],
    )


def test_a_camera_that_may_not_be_used_is_told_with_what_works_instead(
    site: Any, text: str, browsers: Any, serve: Any, screen: Any
) -> None:
    page = browsers.page(serve(site.app()), camera=False)
    page.until(
        "document.getElementById('hint').textContent.includes('No camera') || document.getElementById('hint').textContent.includes('may not use')"
    )
    assert page.page.is_visible("#again")
    assert page.page.is_visible("#text")
    screen(page, "no-camera")
    page.page.fill("#text", text)
    page.page.click("#form button")
    assert NAME in page.verdict()["text"]


@pytest.mark.parametrize(
    ("error", "says"),
    [
        ("NotAllowedError", "may not use the camera"),
        ("NotFoundError", "No camera can be used"),
        ("NotReadableError", "Another program uses the camera"),
    ],
)
def test_why_the_camera_does_not_open_is_told(site: Any, browsers: Any, serve: Any, error: str, says: str) -> None:
    page = browsers.page(serve(site.app()), start=False)
    page.page.add_init_script(
        f"navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('x', '{error}'))"
    )
    page.go()
    page.until(f"document.getElementById('hint').textContent.includes('{says}')")


def test_without_https_the_page_says_why_there_is_no_camera(site: Any, browsers: Any, serve: Any) -> None:
    page = browsers.page(serve(site.app()), start=False)
    page.page.add_init_script("Object.defineProperty(window, 'isSecureContext', {value: false})")
    page.go()
    page.until("document.getElementById('hint').textContent.includes('HTTPS')")


def test_without_the_decoder_the_page_says_so_and_the_rest_works(
    site: Any, text: str, browsers: Any, serve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verifier_app.pages.has_decoder", lambda: False)
    page = browsers.page(serve(site.app()))
    page.until("document.getElementById('hint').textContent.includes('cannot read from the camera')")
    page.page.fill("#text", text)
    page.page.click("#form button")
    assert NAME in page.verdict()["text"]
    assert page.faults == []


def test_a_server_that_is_gone_never_looks_good(
    site: Any, text: str, browsers: Any, serve: Any, blank: Path, screen: Any
) -> None:
    page = browsers.page(serve(site.app()), film=blank)
    page.until("document.activeElement.id === 'wedge'")
    page.page.context.set_offline(True)
    page.page.keyboard.type(text)
    page.page.keyboard.press("Enter")
    seen = page.verdict()
    screen(page, "no-answer")
    assert seen["colour"] == "undetermined"
    assert "Nothing was checked" in seen["headline"]
    page.leave()
    assert page.text("#state") == "No connection"
    page.page.context.set_offline(False)
    page.page.keyboard.type(text)
    page.page.keyboard.press("Enter")
    assert NAME in page.verdict()["text"]
    page.until("document.getElementById('state').textContent === 'Ready'")


def test_a_busy_server_is_asked_again(site: Any, text: str, browsers: Any, serve: Any, blank: Path) -> None:
    page = browsers.page(serve(site.app()), film=blank)
    answers = iter([503, 429])

    def sometimes(route: Any) -> None:
        status = next(answers, None)
        if status is None:
            route.continue_()
        else:
            route.fulfill(
                status=status, content_type="application/problem+json", body='{"type": "urn:vaxcert:problem:busy"}'
            )

    page.page.route("**/check", sometimes)
    page.until("document.activeElement.id === 'wedge'")
    page.page.keyboard.insert_text(text)
    page.page.keyboard.press("Enter")
    assert NAME in page.verdict()["text"]


def test_what_is_not_a_verdict_never_looks_like_one(
    site: Any, text: str, browsers: Any, serve: Any, blank: Path
) -> None:
    page = browsers.page(serve(site.app()), film=blank)
    for status, body in (
        (200, "<h1>Welcome to this network</h1>"),
        (502, "Bad gateway"),
        (503, "["),
        (422, '{"type": "urn:vaxcert:problem:not-known"}'),
    ):
        page.page.route("**/check", answering(status, body))
        page.page.keyboard.type(text)
        page.page.keyboard.press("Enter")
        seen = page.verdict()
        assert (seen["colour"], "does not answer" in seen["headline"]) == ("undetermined", True), (status, seen)
        page.leave()
        page.page.unroute("**/check")


def answering(status: int, body: str) -> Any:
    return lambda route: route.fulfill(status=status, body=body)


def test_amber_comes_while_the_page_stays_open(site: Any, browsers: Any, serve: Any, blank: Path, screen: Any) -> None:
    page = browsers.page(serve(site.app()), film=blank, start=False)
    page.page.clock.install()
    page.go()
    page.until("document.getElementById('state').textContent === 'Ready'")
    site.now += timedelta(hours=65)
    page.page.clock.run_for(61_000)
    page.until("document.getElementById('state').className === 'state state-soon'")
    screen(page, "scan-soon")
    page.go("/status")
    screen(page, "status-soon")
    shown = page.page.inner_text("main")
    assert "Sync soon" in shown
    assert "3 days ago" in shown
    assert "in 7 hours" in shown


@pytest.mark.parametrize(
    ("away", "says"),
    [
        (timedelta(0), ""),
        (timedelta(minutes=-45), "This device's clock is before the list"),
        (timedelta(days=730), "differ by 1051200 min"),
    ],
)
def test_the_status_page_compares_the_clocks_of_server_phone_and_list_in_local_form(
    site: Any, browsers: Any, serve: Any, screen: Any, away: timedelta, says: str
) -> None:
    page = browsers.page(serve(site.app()), camera=False, start=False, timezone_id="Asia/Ho_Chi_Minh")
    page.page.clock.set_fixed_time(site.now + away)
    page.go("/status")
    page.until("!document.getElementById('device').hidden")
    shown = page.page.inner_text("main")
    assert "Clock of the server" in shown
    assert "15 Jun 2026, 16:30" in shown
    then = site.now + away + timedelta(hours=7)
    assert f"{then.day} {then:%b} {then.year}, {then:%H:%M}" in shown
    note = page.page.locator("#clocks")
    assert note.is_visible() is bool(says)
    assert says in note.inner_text() if says else True
    screen(page, f"status-clock-{away.days}")
    assert page.faults == []
