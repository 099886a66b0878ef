"""Loaded once with a network, the page goes on without any: network off, server killed, reloaded, closed and opened."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from foreign_codes import BASE45
from gates import Gate, Phone, Server
from health_cards import ISSUER, HealthCards
from night import some
from playwright.sync_api import Error

from vaxcert import SigningKey
from vaxcert.cli.demo import tamper

Opened = Callable[..., Phone]


@pytest.fixture
def gate(tmp_path: Path, now: datetime) -> Iterator[Gate]:
    made = Gate(tmp_path / "gate", now)
    yield made
    made.close()


@pytest.fixture
def server(gate: Gate) -> Iterator[Server]:
    made = Server(gate.app())
    yield made
    made.kill()


@pytest.fixture
def phone(playwright: Any, missing: Callable[[str], None], tmp_path: Path, gate: Gate) -> Iterator[Opened]:
    program = os.environ.get("VAXCERT_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        missing("no chromium on the path")
    opened: list[Phone] = []

    def made(url: str, *, profile: str = "profile", film: Path | None = None, go: bool = True, **options: str) -> Phone:
        opened.append(Phone(playwright, str(program), tmp_path / profile, url, gate.now, film, **options))
        if go:
            opened[-1].go()
        return opened[-1]

    yield made
    for one in opened:
        one.close()


def test_without_network_and_server_every_kind_of_card_is_judged_here(
    gate: Gate, server: Server, phone: Opened
) -> None:
    stranger = SigningKey.generate("LA", now=gate.now - timedelta(days=30))
    cards = {
        ("test", ""): gate.card(),
        ("refused", "signature_invalid"): tamper(gate.card()),
        ("refused", "revoked"): gate.revoked,
        ("refused", "expired"): gate.card(days=3),
        ("undetermined", "key_unknown"): gate.card(key=stranger),
        ("undetermined", "format_unsupported"): "LT1:" + BASE45,
        ("undetermined", "format_unknown"): "a text that no shape fits at all",
    }
    one = phone(server.url)
    one.ready()
    one.cut_off()
    server.kill()
    one.page.reload()
    one.until("document.getElementById('standing').dataset.t === 'device_offline'")
    assert one.standing() == "Offline: good until Thursday 16:30"
    for (colour, code), text in cards.items():
        told = one.scanned(text)
        assert (told["colour"], told["code"]) == (colour, code)
        assert told["who"].startswith("Checked by this device")
    assert one.faults == []
    server.start()


def test_cards_of_other_systems_and_parts_of_one_are_judged_without_network_and_server(
    gate: Gate, server: Server, phone: Opened
) -> None:
    gate.publisher.keys.add_health_card_key(gate.key.certificate, ISSUER)
    gate.publish()
    began = int(gate.now.timestamp()) - 3600
    cards = HealthCards(gate.key)
    claims = cards.claims(nbf=began)
    one = phone(server.url)
    one.ready()
    one.cut_off()
    server.kill()
    for text, told in (
        (cards.card(claims), ("test", "")),
        (cards.card(claims, sign=lambda _: bytes(64)), ("refused", "signature_invalid")),
        (cards.card(cards.claims(nbf=began, iss="https://other.example")), ("undetermined", "key_unknown")),
    ):
        found = one.scanned(text)
        assert (found["colour"], found["code"]) == told
        assert found["who"].startswith("Checked by this device")
    first, second = cards.parts(2, claims)
    one.page.keyboard.insert_text(second)
    one.page.keyboard.press("Enter")
    one.until("document.getElementById('parts').textContent.endsWith('1/2')")
    found = one.scanned(first)
    assert found["colour"] == "test" and "Nguyễn Mẫu Thử" in found["all"]
    assert one.faults == []
    server.start()


def test_the_camera_goes_on_without_network_and_server(
    gate: Gate, server: Server, phone: Opened, film: Callable[..., Path]
) -> None:
    one = phone(server.url, film=film(gate.card()))
    one.ready()
    one.cut_off()
    server.kill()
    one.page.reload()
    told = one.verdict()
    assert told["colour"] == "test"
    assert told["who"] == "Checked by this device · Thursday 16:30"
    server.start()


def test_a_tab_that_is_closed_opens_again_without_a_server_and_counts_go_on(
    gate: Gate, server: Server, phone: Opened
) -> None:
    one = phone(server.url)
    one.ready()
    one.scanned(gate.card())
    one.close()
    server.kill()
    one = phone(server.url)
    one.until("document.getElementById('standing').dataset.t === 'device_offline'")
    one.scanned(gate.revoked)
    one.page.reload()
    one.until("document.querySelectorAll('#counts tbody tr').length === 2")
    kept = one.page.evaluate("JSON.stringify(localStorage)")
    assert "Nguy" not in kept and "HC1" not in kept and gate.ids["REVOKED"] not in kept
    one.at(gate.now + timedelta(days=1))
    one.page.reload()
    one.until("document.getElementById('standing').dataset.t")
    assert one.page.query_selector("#counts tbody tr") is None
    assert one.page.evaluate("localStorage.getItem('vaxcert-counts')") is None
    server.start()


def test_the_list_goes_stale_on_the_phone_and_a_clock_set_back_is_told(
    gate: Gate, server: Server, phone: Opened
) -> None:
    one = phone(server.url)
    one.ready()
    one.cut_off()
    # Vouched for until a day later, and good for two days more.
    for later, word, told in (
        (timedelta(hours=71), "device_soon", ("test", "")),
        (timedelta(hours=72, seconds=1), "device_stale", ("undetermined", "trust_list_stale")),
        (timedelta(days=-3), "device_clock", ("undetermined", "clock_rolled_back")),
        (timedelta(days=100), "device_clock", ("undetermined", "clock_suspect")),
    ):
        one.at(gate.now + later)
        one.page.reload()
        one.until(f"document.getElementById('standing').dataset.t === '{word}'")
        found = one.scanned(gate.card())
        assert (found["colour"], found["code"]) == told


def test_rules_of_the_place_are_judged_by_here_and_those_that_are_gone_accept_nobody(
    gate: Gate, server: Server, phone: Opened
) -> None:
    one = phone(server.url)
    one.ready()
    one.page.select_option("#mode", "ward")
    one.cut_off()
    server.kill()
    one.page.reload()
    one.until("document.getElementById('page').dataset.mode === 'ward'")
    told = one.scanned(gate.card(number=1))
    assert (told["colour"], told["code"]) == ("not_enough", "rule_not_met")
    assert "Ward" in told["all"] and "not signed" not in told["all"]
    assert one.scanned(gate.card())["colour"] == "test"
    # Published no more: the choice stands, and nobody gets in by it.
    one.page.evaluate("localStorage.setItem('vaxcert-mode', 'gone')")
    one.page.reload()
    told = one.scanned(gate.card())
    assert (told["colour"], told["code"]) == ("not_enough", "rule_not_evaluable")


CHANGED = {
    "not_authentic": "const held = await get('current'); held.files['pages/trust.json'][60] ^= 1; await put(held)",
    "incomplete": "const held = await get('current'); delete held.metadata.targets; await put(held)",
    "rolled_back": "await put(await get('old'))",
    "mixed": "const held = await get('current'); held.metadata.targets = (await get('old')).metadata.targets; await put(held)",
    "lost": "await one(store => store.delete('current'))",
}
BASE = """async () => {
  const base = await new Promise(done => {
    const asked = indexedDB.open('vaxcert', 1)
    asked.onsuccess = () => done(asked.result)
  })
  const one = work => new Promise(done => {
    const asked = work(base.transaction('publication', 'readwrite').objectStore('publication'))
    asked.onsuccess = () => done(asked.result)
  })
  const get = name => one(store => store.get(name))
  const put = (value, name = 'current') => one(store => store.put(value, name))
  %s
  base.close()
}"""


def test_what_was_changed_on_the_phone_is_found_by_name_judged_by_never_and_mended_by_a_network(
    gate: Gate, server: Server, phone: Opened
) -> None:
    one = phone(server.url)
    one.ready()
    one.page.evaluate(BASE % "await put(await get('current'), 'old')")
    gate.now += timedelta(hours=1)
    gate.publish()
    one.at(gate.now)
    one.page.evaluate("window.dispatchEvent(new Event('online'))")
    one.until("JSON.parse(localStorage['vaxcert-mark']).timestamp === 2")
    for fault, change in CHANGED.items():
        one.page.evaluate(BASE % change)
        one.cut_off()
        one.page.reload()
        one.until(f"document.getElementById('standing').dataset.t === 'device_{fault}'")
        told = one.scanned(gate.card())
        assert told["colour"] == "undetermined" and "Nothing was checked" in told["all"]
        one.context.set_offline(False)
        one.page.reload()
        one.until("document.getElementById('standing').dataset.t === 'device_checks'")
    assert one.scanned(gate.card())["colour"] == "test"


@pytest.mark.parametrize("what", ["gone", "changed"])
def test_a_part_of_the_page_that_is_lost_is_said_by_the_worker(
    gate: Gate, server: Server, phone: Opened, what: str
) -> None:
    one = phone(server.url)
    one.ready()
    one.page.evaluate(
        """async what => {
          const [name] = await caches.keys()
          const cache = await caches.open(name)
          const address = '/static/js/device/device.js'
          if (what === 'gone') await cache.delete(address)
          else await cache.put(address, new Response('export class Device {}', {headers: {'Content-Type': 'text/javascript'}}))
        }""",
        what,
    )
    one.cut_off()
    server.kill()
    one.page.reload()
    told = one.text("main")
    assert "Một phần của trang này trên thiết bị đã mất" in told and "A part of this page is lost" in told
    assert "part_lost: device.js" in told
    assert one.page.query_selector("#page") is None
    # With a network it is mended by that part alone.
    server.start()
    one.context.set_offline(False)
    one.page.reload()
    one.ready()


def test_a_new_version_is_taken_over_whole_or_not_at_all(
    gate: Gate, server: Server, phone: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    from verifier_app.shift import parts
    from verifier_app.words import WORDS, Words

    one = phone(server.url)
    one.ready()
    # From now on it is the worker's page.
    one.page.reload()
    one.ready()
    (before,) = one.page.evaluate("caches.keys()")
    monkeypatch.setitem(WORDS, "title", Words("Check a certificate anew", "Kiểm tra chứng nhận mới"))
    whole = parts.worker

    asked: list[int] = []

    def broken(**options: Any) -> str:
        asked.append(1)
        return whole(**options).replace('"/words.json": "', '"/words.json": "0')

    # Chromium takes some seconds until it looks, and one that is asked for meanwhile is the same.
    update = """navigator.serviceWorker.getRegistration().then(one => {
      window.told = false
      const tell = () => { window.told = true }
      one.update().then(tell, tell)
    })"""
    monkeypatch.setattr(parts, "worker", broken)
    one.page.evaluate(update)
    one.until("window.told")
    one.until("navigator.serviceWorker.getRegistration().then(one => !one.installing && !one.waiting)")
    assert asked
    one.until("caches.keys().then(names => names.length === 1)")
    assert one.page.evaluate("caches.keys()") == [before]
    monkeypatch.setattr(parts, "worker", whole)
    one.page.evaluate(update)
    one.until("window.told")
    one.until("navigator.serviceWorker.getRegistration().then(one => Boolean(one.waiting))")
    # What is open goes on with its own; opened anew it is all of the new one.
    assert one.text("h1") == "Check a certificate"
    one.page.goto("about:blank")
    one.page.wait_for_timeout(1_000)
    one.go()
    one.until("document.querySelector('h1')?.innerText === 'Check a certificate anew'")
    assert before not in one.page.evaluate("caches.keys()")


def test_chromium_would_install_it(gate: Gate, server: Server, phone: Opened) -> None:
    one = phone(server.url)
    one.ready()
    one.page.reload()
    session = one.context.new_cdp_session(one.page)
    assert session.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    assert session.send("Page.getAppManifest")["errors"] == []


def test_two_tabs_share_what_they_hold(gate: Gate, server: Server, phone: Opened) -> None:
    one = phone(server.url)
    one.ready()
    first = one.page
    one.scanned(gate.card())
    one.tab()
    one.go()
    one.ready()
    one.scanned(gate.card())
    assert one.page.eval_on_selector("#counts tbody tr td:last-child", "cell => cell.textContent") == "2"
    # What one of them takes over, the other judges by.
    gate.now += timedelta(hours=1)
    card = gate.card(opaque="LATER")
    from vaxcert.trust import revocation
    from vaxcert.trust.revocation import Kind

    gate.publisher.withdrawals.revoke(Kind.UCI, [revocation.of_uci(gate.ids["LATER"])])
    gate.publish()
    one.at(gate.now)
    one.page.evaluate("window.dispatchEvent(new Event('online'))")
    one.until("JSON.parse(localStorage['vaxcert-mark']).timestamp === 2")
    one.page.close()
    one.page = first
    one.page.bring_to_front()
    one.at(gate.now)
    server.kill()
    told = one.scanned(card)
    assert (told["colour"], told["code"]) == ("refused", "revoked")
    server.start()


def test_all_that_is_kept_can_be_cleared_and_the_next_use_is_a_first_one(
    gate: Gate, server: Server, phone: Opened
) -> None:
    one = phone(server.url)
    one.ready()
    one.page.click("#state")
    one.until("document.querySelector('#panel #clear')")
    assert "Publisher believed since first use" in one.text("#panel")
    one.page.click("#clear")
    assert "Sure?" in one.text("#clear")
    server.kill()
    # Nothing of ours is left to speak.
    with pytest.raises(Error, match="ERR_CONNECTION_REFUSED"), one.page.expect_navigation(wait_until="commit"):
        one.page.click("#clear")
    server.start()
    one.context.set_offline(False)
    one.page.route("**/published/**", lambda route: route.abort())
    one.go()
    one.until("document.getElementById('standing').dataset.t === 'device_first'")
    one.page.unroute("**/published/**")
    one.page.reload()
    one.ready()


def test_a_browser_that_cannot_check_says_so_and_the_server_checks(gate: Gate, server: Server, phone: Opened) -> None:
    one = phone(server.url, go=False)
    one.page.add_init_script("""
        const imported = crypto.subtle.importKey.bind(crypto.subtle);
        crypto.subtle.importKey = (form, key, name, ...rest) =>
            name === "Ed25519" ? Promise.reject(new DOMException("", "NotSupportedError")) : imported(form, key, name, ...rest);
    """)
    one.go()
    one.until("document.getElementById('standing').dataset.t === 'device_not_capable'")
    told = one.scanned(gate.card())
    assert (told["colour"], told["who"]) == ("test", "Checked by the server")


@pytest.mark.nightly
def test_what_the_device_cannot_tell_the_server_is_asked(gate: Gate, server: Server, phone: Opened) -> None:
    one = phone(server.url)
    one.ready()
    later = SigningKey.generate("VN", now=gate.now - timedelta(days=30))
    text = gate.card(key=later)
    assert one.scanned(text)["code"] == "key_unknown"
    gate.publisher.add(later.certificate)
    gate.publish()
    told = one.scanned(text)
    assert (told["colour"], told["who"]) == ("test", "Checked by the server")


def test_a_page_says_of_a_verdict_what_the_server_says(
    gate: Gate, server: Server, phone: Opened, forge: Any, tmp_path: Path
) -> None:
    from reasons import judged, table

    one = phone(server.url, zone="UTC")
    one.ready()
    app = server.app
    told, expected = [], []
    from flask import render_template

    from verifier_app import showing

    with app.test_request_context("/"):
        for setting, keys, cases in table(tmp_path).rows.values():
            verifier, _ = judged(setting, keys)
            for case in cases[:6]:
                verdict = verifier.verify(case.text)
                told.append(verdict.to_dict())
                cards = [[showing.shown(verdict, lang, gate.now) for lang in ("vi", "en")]]
                expected.append(
                    render_template("verdicts.html", part=True, cards=cards, summaries={"vi": "", "en": ""})
                )
    differing = one.page.evaluate(
        """async ([told, expected, now]) => {
          const {sections} = await import('/static/js/device/drawing.js')
          const said = await (await fetch('/words.json')).json()
          return told.map((verdict, at) => {
            const [ours] = sections([{verdict, at: 0}], said, new Date(now))
            const theirs = new DOMParser().parseFromString(expected[at], 'text/html').querySelector('section')
            theirs.removeAttribute('id')
            const texts = section => [...section.querySelectorAll('.words')].map(one => [one.lang, ...[...one.querySelectorAll('h1, p, dt, dd, li')].map(part => part.className + ': ' + part.textContent.trim().replace(/\\s+/g, ' '))])
            return JSON.stringify(texts(ours)) === JSON.stringify(texts(theirs)) && ours.className === theirs.className
              ? null : [verdict.reason, texts(ours), texts(theirs)]
          }).filter(Boolean)
        }""",
        [told, expected, round(gate.now.timestamp() * 1000)],
    )
    assert len(told) > 100
    assert differing == []


def test_files_alone_will_do(gate: Gate, phone: Opened, tmp_path: Path) -> None:
    import functools
    import http.server
    import threading

    from verifier_app.shift import parts

    with gate.app().test_request_context("/"):
        names = parts.write(tmp_path / "www")
    assert {"index.html", "worker.js", "page.webmanifest", "static/vendor/engine/engine.js"} <= set(names)
    shutil.copytree(gate.folder / "out", tmp_path / "www" / "published")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None: ...

    files = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(tmp_path / "www")))
    threading.Thread(target=files.serve_forever, args=(0.02,), daemon=True).start()
    one = phone(f"http://127.0.0.1:{files.server_port}")
    asked: list[str] = []
    one.page.on("request", lambda request: asked.append(request.method))
    one.ready()
    assert one.scanned(gate.card())["colour"] == "test"
    assert (
        one.scanned(gate.card(key=SigningKey.generate("LA", now=gate.now - timedelta(days=30))))["code"]
        == "key_unknown"
    )
    files.shutdown()
    files.server_close()
    one.page.reload()
    assert one.scanned(gate.revoked)["code"] == "revoked"
    assert set(asked) == {"GET"}


@pytest.mark.parametrize(("size", "where"), some([(165, "middle"), (180, "side")], 1))
def test_an_idle_page_reads_codes_that_are_far_and_at_the_side(
    gate: Gate, server: Server, phone: Opened, tmp_path: Path, size: int, where: str
) -> None:
    from io import BytesIO

    import films
    from PIL import Image

    from vaxcert.qr import write

    code = Image.open(BytesIO(write(gate.card()).png())).convert("L").resize((size, size), Image.Resampling.BICUBIC)
    scene = Image.new("L", (1280, 720), 150)
    blank = scene.copy()
    scene.paste(code, ((1280 - size) // 2 if where == "middle" else 60, (720 - size) // 2))
    one = phone(server.url, film=films.film(tmp_path / "far.y4m", [*[blank] * 30, *[scene] * 60], rate=10))
    assert one.verdict()["colour"] == "test"


@pytest.mark.nightly
def test_a_decoder_that_hangs_is_given_up_and_another_goes_on(
    gate: Gate, phone: Opened, film: Callable[..., Path]
) -> None:
    """It answers one frame and then no more, twice; the page starts it anew and reads on."""
    hanging = """let seen = 0; postMessage({ready: true});
        onmessage = ({data}) => { if (!seen++) postMessage({number: data.number, texts: [], read: [], unread: []}) }"""
    server = Server(gate.app(VAXCERT_APP_ON_DEVICE="0"))
    one = phone(server.url, film=film(gate.card()), go=False)
    started: list[int] = []

    def answer(route: Any) -> None:
        started.append(1)
        if len(started) <= 2:
            route.fulfill(body=hanging, content_type="text/javascript")
        else:
            route.continue_()

    one.context.route("**/seeing/decoder.js", answer)
    one.go()
    assert one.verdict()["colour"] == "test"
    assert len(started) == 3
    server.kill()


@pytest.mark.parametrize("language", some(["vi", "en"], 1))
def test_axe_finds_nothing_where_the_device_checks(
    gate: Gate, server: Server, phone: Opened, axe: Any, screen: Any, language: str
) -> None:
    one = phone(server.url, language=language)
    one.ready()
    found = {"scan": axe(one)}
    screen(one, f"device-{language}")
    one.page.click("#state")
    one.until("document.querySelector('#panel #clear')")
    found["status"] = axe(one)
    screen(one, f"device-status-{language}")
    one.page.set_viewport_size({"width": 320, "height": 640})
    assert one.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    screen(one, f"device-status-narrow-{language}")
    one.page.click("#panel-close")
    screen(one, f"device-narrow-{language}")
    one.page.focus("#wedge")
    one.scanned(gate.card())
    one.at(gate.now + timedelta(days=9))
    one.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    one.until("document.getElementById('standing').dataset.t === 'device_stale'")
    found["stale"] = axe(one)
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_without_scripts_the_server_checks_as_ever(gate: Gate, server: Server) -> None:
    client = server.app.test_client()
    page = client.get("/").text
    assert 'action="/check" method="post"' in page
    assert 'data-colour="test"' in client.post("/check", data={"text": gate.card()}).text
