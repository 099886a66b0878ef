"""The guard's screen: the worst first, what stays until somebody has seen it, what is only said in passing, and sizes."""

import threading
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from night import some

from vaxcert import Dose, Issuer, Person
from vaxcert.cli.demo import tamper

NAME = "Nguyễn Mẫu Thử"
LINK = "https://example.org/not-a-card-at-all"
BANK = "00020101021138570010A000000727012700069704030112001101234567890208QRIBFTTA5303704"
IDENTITY = "001099000001|123456789|Người Mẫu|17051990|Nam|Thôn Mẫu, Xã Thử|01012021"
HIDDEN = "document.getElementById('stage').hidden"
DOSE = Dose(product="EU/1/20/1528", number=2, series=2, date=date(2026, 6, 1))


@pytest.fixture
def forged(text: str) -> str:
    return tamper(text)


@pytest.fixture
def side_by_side(tmp_path: Path, picture: Any) -> Any:
    """A photo of codes, from left to right."""
    from PIL import Image

    def made(*texts: str) -> str:
        codes = [Image.open(BytesIO(picture(one))).convert("L") for one in texts]
        whole = Image.new("L", (sum(one.width + 40 for one in codes), max(one.height for one in codes) + 40), 255)
        for number, one in enumerate(codes):
            whole.paste(one, (20 + sum(before.width + 40 for before in codes[:number]), 20))
        path = tmp_path / f"photo-{len(list(tmp_path.glob('photo-*')))}.png"
        whole.save(path)
        return str(path)

    return made


def scan(page: Any, card: str) -> None:
    """As a hand scanner types it, at once."""
    page.until("document.activeElement.id === 'wedge'")
    page.page.keyboard.insert_text(card)
    page.page.keyboard.press("Enter")


@pytest.mark.parametrize("turned", some([False, True], 1))
def test_of_two_cards_before_the_camera_the_refused_one_fills_the_screen_first(
    site: Any, text: str, forged: str, browsers: Any, serve: Any, film: Any, screen: Any, turned: bool
) -> None:
    pair = (forged, text) if turned else (text, forged)
    page = browsers.page(serve(site.app()), film=film(pair))
    seen = page.verdict()
    screen(page, "one-of-two")
    assert (seen["colour"], page.text("#stage .summary >> visible=true")) == ("refused", "1 of 2 refused")
    assert NAME not in page.text("#stage")
    assert page.text("#next") == "Next code (2/2)"
    page.next()
    page.until("document.querySelector('#stage .verdict').dataset.colour === 'test'")
    assert NAME in page.text("#stage")
    assert page.text("#stage .summary >> visible=true") == "1 of 2 refused"
    page.settle()
    page.page.click("#tongue")
    assert page.text("#stage .summary >> visible=true") == "2 mã: 1 không hợp lệ"
    page.leave()
    assert page.faults == []


@pytest.mark.nightly
def test_of_two_cards_in_a_photo_the_refused_one_fills_the_screen_first(
    site: Any, text: str, forged: str, browsers: Any, serve: Any, side_by_side: Any
) -> None:
    url = serve(site.app())
    photos = [side_by_side(text, forged), side_by_side(forged, text)]
    page = browsers.page(url, camera=False)
    for photo in photos:
        page.page.set_input_files("#picture", photo)
        assert (page.verdict()["colour"], page.text("#stage .summary >> visible=true")) == ("refused", "1 of 2 refused")
        page.next()
        assert NAME in page.verdict()["text"]
        page.leave()
    page = browsers.page(url, camera=False, java_script_enabled=False)
    for photo in photos:
        page.page.set_input_files("#picture", photo)
        page.page.click("#form button")
        assert page.page.is_visible("main .refused")
        assert not page.page.is_visible(f"text={NAME}")
        page.page.click("main .refused a.next")
        page.page.wait_for_selector(f"text={NAME}")
        assert page.text("main .test .summary") == "1 of 2 refused"
        page.page.click("main .test a.next")


def test_a_link_beside_a_card_does_not_hide_the_card(
    site: Any, text: str, browsers: Any, serve: Any, film: Any
) -> None:
    page = browsers.page(serve(site.app()), film=film((LINK, text)))
    assert NAME in page.verdict()["text"]
    assert page.text("#stage .summary") == ""
    page.leave()
    page.page.wait_for_timeout(600)
    assert page.page.evaluate(HIDDEN)
    assert page.text("#hint").startswith("Checked.")


def test_a_refusal_stays_until_somebody_acts_and_the_next_scan_does(
    site: Any, text: str, forged: str, browsers: Any, serve: Any, film: Any
) -> None:
    page = browsers.page(serve(site.app(VAXCERT_APP_RETURN="1")), film=film(()))
    scan(page, forged)
    assert page.verdict()["colour"] == "refused"
    page.page.wait_for_timeout(2_000)
    assert page.seen("#stage")["colour"] == "refused"
    assert not page.page.is_visible("#countdown")
    # A slip of a finger is no scan.
    page.page.keyboard.type("abc")
    page.page.wait_for_timeout(500)
    assert page.seen("#stage")["colour"] == "refused"
    scan(page, text)
    page.until("document.querySelector('#stage .verdict')?.dataset.colour === 'test'")
    page.until(HIDDEN)


def test_the_next_card_before_the_camera_replaces_a_refusal(
    site: Any, text: str, forged: str, browsers: Any, serve: Any, film: Any
) -> None:
    page = browsers.page(serve(site.app(VAXCERT_APP_RETURN="0")), film=film(forged, text, rate=1, frames=4))
    page.until("document.querySelector('#stage .verdict')?.dataset.colour === 'refused'")
    page.until("document.querySelector('#stage .verdict')?.dataset.colour === 'test'")


def test_a_card_scanned_before_a_refusal_was_seen_waits_behind_it(
    site: Any, text: str, forged: str, browsers: Any, serve: Any, film: Any, slow: Any
) -> None:
    page = browsers.page(serve(slow(site.app())), film=film(()))
    scan(page, forged)
    scan(page, text)
    assert page.verdict()["colour"] == "refused"
    page.page.wait_for_timeout(1_500)
    assert page.seen("#stage")["colour"] == "refused"
    page.next()
    page.until("document.querySelector('#stage .verdict')?.dataset.colour === 'test'")


@pytest.mark.nightly
def test_taps_and_keys_that_were_meant_for_what_was_there_before_do_nothing(
    site: Any, text: str, browsers: Any, serve: Any, film: Any
) -> None:
    page = browsers.page(serve(site.app()), film=film(()))
    # In the moment in which the verdict is there, whatever else the machine is doing.
    page.page.evaluate("""() => {
        const stage = document.getElementById('stage');
        window.early = new Promise(resolve => new MutationObserver((_, watcher) => {
            watcher.disconnect();
            queueMicrotask(() => {
                document.getElementById('next').click();
                stage.querySelector('.verdict').click();
                for (const key of ['Enter', 'Escape'])
                    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
                resolve(stage.hidden);
            });
        }).observe(stage, { attributes: true }));
    }""")
    scan(page, text)
    page.verdict()
    assert page.page.evaluate("window.early") is False
    page.settle()
    page.page.keyboard.press("Enter")
    page.until(HIDDEN)


@pytest.mark.nightly
def test_the_way_back_goes_on_and_not_out_of_the_app(
    site: Any, text: str, forged: str, browsers: Any, serve: Any, side_by_side: Any
) -> None:
    page = browsers.page(serve(site.app()), camera=False)
    for _ in range(2):
        page.page.set_input_files("#picture", side_by_side(text, forged))
        assert page.verdict()["colour"] == "refused"
        page.settle()
        page.page.evaluate("history.back()")
        page.until("document.querySelector('#stage .verdict').dataset.colour === 'test'")
        page.settle()
        page.page.evaluate("history.back()")
        page.until(HIDDEN)
        assert page.page.url == page.url + "/"
    page.page.click("#state")
    page.until("document.querySelector('#panel time')")
    page.page.evaluate("history.back()")
    page.until("document.getElementById('panel').hidden")
    assert page.page.url == page.url + "/"


@pytest.mark.nightly
def test_after_the_server_was_gone_the_same_card_is_asked_about_again(
    site: Any, text: str, browsers: Any, film: Any
) -> None:
    from werkzeug.serving import make_server

    app, port = site.app(), 0

    def start() -> Any:
        server = make_server("127.0.0.1", port, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server

    server = start()
    port = server.server_port
    page = browsers.page(f"http://127.0.0.1:{port}", film=film((), text, rate=1, frames=3), start=False)
    page.go()
    page.until(
        "document.getElementById('video').srcObject?.active && document.querySelector('#hint').dataset.t === 'point'"
    )
    server.shutdown()
    server.server_close()
    assert "Nothing was checked" in page.verdict()["headline"]
    page.leave()
    assert "Checked" not in page.text("#hint")
    server = start()
    page.until("[...document.querySelectorAll('#stage .name')].length", 20)
    assert NAME in page.text("#stage")
    assert page.text("#notice") == ""
    server.shutdown()
    server.server_close()


def test_a_clock_that_is_behind_is_told_in_yellow_and_nothing_is_called_checked(
    site: Any, text: str, browsers: Any, serve: Any, film: Any, screen: Any
) -> None:
    site.now -= timedelta(minutes=45)
    page = browsers.page(serve(site.app()), film=film(text))
    seen = page.verdict()
    screen(page, "clock-wrong")
    assert (seen["colour"], seen["headline"]) == (
        "undetermined",
        "The clock of this device must be set before it can check",
    )
    assert "Clock wrong: this device shows 15 Jun 2026 08:45" in seen["text"]
    page.leave()
    page.until("document.getElementById('hint').textContent.startsWith('Not verified.')")


NAMES = {
    "arabic": (Person(family_name="الفلاني", given_name="مثال", family_name_transliterated="ALFLANY",
                      given_name_transliterated="MTHAL", date_of_birth="1985-11-28"), "ALFLANY MTHAL"),
    "thai": (Person(family_name="ตัวอย่าง", given_name="สมมติ", family_name_transliterated="TUAYANG",
                    given_name_transliterated="SOMMUT", date_of_birth="1985-11-28"), "TUAYANG SOMMUT"),
    "khmer": (Person(family_name="ឧទាហរណ៍", given_name="សាកល្បង", family_name_transliterated="UTEAHOR",
                     given_name_transliterated="SAKLBONG", date_of_birth="1985-11-28"), "UTEAHOR SAKLBONG"),
    "cyrillic": (Person(family_name="Примеров", given_name="Образец", date_of_birth="1985-11-28"), "PRIMEROV OBRAZETS"),
}  # fmt: skip


@pytest.mark.nightly
def test_a_name_in_another_writing_has_its_letters_from_a_to_z_below_it(
    site: Any, key: Any, text: str, browsers: Any, serve: Any, film: Any, screen: Any
) -> None:
    issuer = Issuer(key, country="VN", authority="Sở Y tế (TEST)", valid_for=timedelta(days=99), clock=lambda: site.now)
    page = browsers.page(serve(site.app()), film=film(()), language="vi")
    for name, (person, latin) in NAMES.items():
        scan(page, issuer.issue(person, DOSE).text)
        page.verdict()
        screen(page, f"name-{name}")
        assert page.text("#stage .words[lang=vi] .latin") == latin
        sizes = [
            page.page.eval_on_selector(
                f"#stage .words[lang=vi] {one}", "one => parseFloat(getComputedStyle(one).fontSize)"
            )
            for one in (".born", ".name", ".latin", "h1", ".large")
        ]
        assert sizes[0] > sizes[1] > max(sizes[2:])
        assert page.page.eval_on_selector("#stage", "one => one.scrollWidth <= one.clientWidth")
        page.leave()
    scan(page, text)
    page.verdict()
    assert page.page.query_selector("#stage .latin") is None


BOXES = """() => Object.fromEntries(Object.entries({ foot: '.foot', born: '.words[lang=vi] .born', judged: '.words[lang=vi] .judged',
    holder: '.words[lang=vi] .holder', next: '#next', stage: '.verdict' }).map(([name, where]) => {
        const { x, y, width, height, right, bottom } = document.querySelector('#stage ' + where).getBoundingClientRect();
        return [name, { x, y, width, height, right, bottom }] }))"""
BORN = "parseFloat(getComputedStyle(document.querySelector('#stage .words[lang=vi] .born')).fontSize)"


def test_letters_of_twice_the_size_leave_the_verdict_three_quarters_of_the_screen(
    site: Any, text: str, browsers: Any, serve: Any, film: Any, screen: Any
) -> None:
    page = browsers.page(serve(site.app()), film=film(text), language="vi")
    page.verdict()
    for width, height in ((412, 915), (360, 640), (740, 360)):
        page.page.set_viewport_size({"width": width, "height": height})
        page.page.evaluate("document.documentElement.style.fontSize = '200%'; null")
        boxes = page.page.evaluate(BOXES)
        screen(page, f"large-letters-{width}")
        assert boxes["foot"]["height"] <= height / 4 + 1, (width, boxes)
        assert boxes["next"]["bottom"] <= height
        assert page.page.eval_on_selector(".foot", "one => one.scrollHeight <= one.clientHeight + 1")
        assert page.page.eval_on_selector("#stage", "one => one.scrollWidth <= one.clientWidth")
        assert boxes["born"]["right"] <= width
        assert page.page.evaluate(BORN) > 32


@pytest.mark.nightly
def test_tablets_and_laptops_use_their_size(
    site: Any, text: str, browsers: Any, serve: Any, film: Any, screen: Any
) -> None:
    page = browsers.page(serve(site.app()), film=film(text), language="vi")
    page.verdict()
    born = page.page.evaluate(BORN)
    for name, width, height in (("tablet", 768, 1024), ("laptop", 1366, 768)):
        page.page.set_viewport_size({"width": width, "height": height})
        boxes = page.page.evaluate(BOXES)
        screen(page, f"verdict-{name}")
        assert page.page.evaluate(BORN) >= 1.5 * born
        assert boxes["stage"]["width"] == width
        assert boxes["born"]["bottom"] <= boxes["foot"]["y"]
        assert (boxes["judged"]["right"] <= boxes["holder"]["x"]) == (name == "laptop")
    page.leave()
    screen(page, "scan-laptop")
    camera = page.page.eval_on_selector("#camera", "one => one.getBoundingClientRect().width")
    beside = page.page.eval_on_selector(".beside", "one => one.getBoundingClientRect().right")
    assert (camera > 1366 / 2, beside > 1366 * 0.95) == (True, True)
    page.page.set_viewport_size({"width": 768, "height": 1024})
    screen(page, "scan-tablet")
    assert page.page.eval_on_selector("#camera", "one => one.getBoundingClientRect().width") == 768


def test_how_the_device_stands_opens_within_the_page_while_it_goes_on_scanning(
    site: Any, text: str, browsers: Any, serve: Any, film: Any, screen: Any
) -> None:
    page = browsers.page(serve(site.app()), film=film(()), timezone_id="Asia/Ho_Chi_Minh")
    page.until("document.getElementById('video').srcObject?.active")
    page.page.click("#state")
    page.until("document.querySelector('#panel time')")
    screen(page, "status-within")
    assert "15 Jun 2026, 16:30" in page.text("#panel")
    assert "UTC" not in page.text("#panel")
    assert page.page.get_attribute("#state", "aria-expanded") == "true"
    assert page.page.evaluate("document.getElementById('video').srcObject.active")
    page.page.click("#language")
    page.until("document.querySelector('#panel dt').textContent === 'Số khóa'")
    page.page.focus("#wedge")
    scan(page, text)
    assert NAME in page.verdict()["text"]
    page.leave()
    page.page.click("#panel-close")
    assert not page.page.is_visible("#panel")
    assert page.page.url == page.url + "/"
    assert page.faults == []


@pytest.mark.nightly
def test_that_sound_is_off_is_said_until_the_first_touch(
    site: Any, text: str, browsers: Any, serve: Any, film: Any
) -> None:
    page = browsers.page(serve(site.app()), film=film((), text, rate=1, frames=2))
    page.until("document.querySelector('#camera .silent').checkVisibility()")
    page.verdict()
    assert "Sound is off until you touch" in page.text("#stage .silent")
    page.settle()
    page.page.mouse.click(200, 300)
    page.until("![...document.querySelectorAll('.silent')].some(one => one.checkVisibility())")


@pytest.mark.parametrize(
    ("code", "called"),
    some([(IDENTITY, "Identity card"), (LINK, "Link to a web page"), (BANK, "VietQR payment code")], 1),
)
def test_what_is_no_certificate_is_told_in_passing_and_counted_as_such(
    site: Any, text: str, browsers: Any, serve: Any, film: Any, screen: Any, code: str, called: str
) -> None:
    page = browsers.page(serve(site.app()), film=film(code), start=False)
    page.page.add_init_script(
        "navigator.vibrate = pattern => { (window.felt ??= []).push(String(pattern)); return true }"
    )
    page.go()
    # At once: it is gone soon.
    colour, headline, said = page.until("""document.querySelector('#passing .verdict') && [
        getComputedStyle(document.querySelector('#passing .verdict')).backgroundColor,
        document.querySelector('#passing .words[lang=en] h1').innerText, document.getElementById('announce').textContent]""")
    screen(page, "no-certificate")
    assert (colour, headline) == ("rgb(61, 81, 102)", "Not a certificate")
    assert said.startswith("Not a certificate")
    assert called in page.text("#passing .words[lang=en]")
    assert "001099000001" not in page.page.content()
    assert page.page.evaluate(HIDDEN)
    page.until("document.getElementById('passing').hidden", 4)
    assert page.text("#hint") == "Show the code of the certificate."
    assert page.page.evaluate("window.felt") == ["40"]
    page.page.click("#settings summary")
    assert "no certificate (not_a_certificate)" in page.text("#counts")
    page.page.focus("#wedge")
    scan(page, text)
    assert NAME in page.verdict()["text"]
    assert page.faults == []


def test_a_scanner_with_caps_lock_on_is_told_as_that_and_the_same_card_is_judged_once_it_is_off(
    site: Any, text: str, browsers: Any, serve: Any, film: Any, screen: Any
) -> None:
    page = browsers.page(serve(site.app()), film=film(()))
    page.until("document.activeElement.id === 'wedge'")
    page.page.keyboard.insert_text(text.swapcase())
    page.page.keyboard.press("Enter")
    seen = page.verdict()
    screen(page, "keyboard-layout")
    assert (seen["colour"], seen["code"]) == ("undetermined", "keyboard_layout")
    assert seen["headline"] == "The scanner must be set right"
    assert "USB HID" in seen["text"] and NAME not in seen["text"]
    page.settle()
    scan(page, text)
    page.until("document.querySelector('#stage .verdict')?.dataset.colour === 'test'")
    assert page.faults == []
