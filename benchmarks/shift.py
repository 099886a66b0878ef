"""The page that goes on without a server, in Chromium: what is loaded, text → verdict, the heap, what waiting costs."""

from __future__ import annotations

import gzip
import shutil
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from measure import ROOT

sys.path.append(str(ROOT / "tests" / "support"))

KEYS, REVOKED, CARDS = 500, 100_000, 100
SCANS, QUICK_SCANS = 2_000, 200
IDLE, QUICK_IDLE = 20.0, 4.0

# In the page itself: what a hand scanner types, up to the sections that are shown; the heap once all is collected.
JUDGE = """async ([texts, scans]) => {
  const {Device} = await import('/static/js/device/device.js')
  const {judge} = await import('/static/js/device/judging.js')
  const said = await (await fetch('/words.json')).json()
  const device = await Device.started('/page.json', () => {})
  const heap = async () => {
    for (let turn = 0; turn < 3; turn++) { await new Promise(next => setTimeout(next, 200)); gc() }
    return performance.memory.usedJSHeapSize
  }
  const took = [], kinds = new Set()
  const round = async count => {
    for (let at = 0; at < count; at++) {
      const start = performance.now()
      const {sections} = await judge(device, said, {texts: [texts[at % texts.length]]}, '', null)
      took.push(performance.now() - start)
      kinds.add(sections[0].dataset.colour)
    }
  }
  await round(50)
  const before = await heap()
  await round(scans)
  return {took, kinds: [...kinds], grown: await heap() - before}
}"""
# The same page that shows the camera and reads nothing.
SHOWN = """async () => {
  const wanted = {width: {ideal: 1920}, height: {ideal: 1080}}
  document.getElementById('video').srcObject = await navigator.mediaDevices.getUserMedia({video: wanted})
  await document.getElementById('video').play()
}"""


def province(folder: Path) -> Any:
    """A gate with a province's keys and revocations."""
    from datetime import UTC, datetime

    from gates import Gate

    from vaxcert import SigningKey
    from vaxcert.trust import revocation
    from vaxcert.trust.revocation import Kind

    gate = Gate(folder, datetime.now(UTC).replace(microsecond=0))
    for _ in range(KEYS - 1):
        gate.publisher.add(SigningKey.generate("VN", now=gate.now - timedelta(days=30)).certificate)
    gate.publisher.withdrawals.revoke(Kind.UCI, (revocation.of_uci(f"id {one}") for one in range(REVOKED)))
    gate.publish()
    return gate


def sizes(app: Any, gate: Any) -> list[list[str]]:
    """Bytes of a first load, as servers send them: compressed, but for what is hashes."""
    from verifier_app.shift import parts

    def packed(content: bytes) -> int:
        return min(len(content), len(gzip.compress(content, mtime=0)))

    with app.test_request_context("/"):
        alone = sum(packed(content) for content in parts.contents().values()) + packed(parts.worker().encode())
        alone += sum(packed(path.read_bytes()) for _, path in parts.files())
    published = sum(
        packed(path.read_bytes()) for name, path in gate.desks[-1].trust.pages.items() if name != "root.json"
    )
    return [
        ["the app alone", f"{alone / 1000:.0f} kB", "650 kB"],
        [f"{KEYS} keys, {REVOKED:,} revoked, metadata", f"{published / 1000:.0f} kB", ""],
        ["both", f"{(alone + published) / 1000:.0f} kB", "1,500 kB"],
    ]


def busy(root: int) -> float:
    """Seconds of a processor that a process and all below it have used."""
    ticks, left = 0, [root]
    while left:
        pid = left.pop()
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
            for task in Path(f"/proc/{pid}/task").iterdir():
                left += map(int, (task / "children").read_text().split())
        except OSError:
            continue
    return ticks / 100


def waiting(playwright: Any, url: str, film: Path, seconds: float, *, reads: bool) -> float:
    """Share of a core that Chromium uses with nothing in view; `reads`: as it is, or showing the camera alone."""
    import gates

    before = {int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit()}
    flags = [*gates.FLAGS, f"--use-file-for-fake-video-capture={film}"]
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
    started = [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit() and int(one.name) not in before]
    mains = [pid for pid in started if "--type=" not in _command(pid) and "chromium" in _command(pid)]
    page = browser.new_page()
    if not reads:
        page.route("**/js/app.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(url)
    if not reads:
        page.evaluate("document.getElementById('camera').hidden = false")
        page.evaluate(SHOWN)
    page.wait_for_timeout(4_000)
    start, used = time.perf_counter(), busy(mains[0])
    page.wait_for_timeout(seconds * 1000)
    share = (busy(mains[0]) - used) / (time.perf_counter() - start)
    browser.close()
    return share


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def rows(quick: bool) -> list[tuple[str, list[str], list[list[str]]]]:
    """Tables: of what is loaded, of judging, and of waiting."""
    import films
    import gates
    from PIL import Image
    from playwright.sync_api import sync_playwright

    scans = QUICK_SCANS if quick else SCANS
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        gate = province(Path(name) / "gate")
        app = gate.app()
        server = gates.Server(app)
        try:
            loaded = sizes(app, gate)
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"),
                args=["--no-sandbox", "--disable-gpu", "--js-flags=--expose-gc", "--enable-precise-memory-info"],
            )
            page = browser.new_page()
            page.goto(server.url)
            while page.evaluate("document.getElementById('standing').dataset.t") != "device_checks":
                page.wait_for_timeout(100)
            said = page.evaluate(JUDGE, [[gate.card(opaque=str(one)) for one in range(CARDS)], scans])
            browser.close()
            assert said["kinds"] == ["test"], said["kinds"]
            took = sorted(said["took"])
            judged = [
                ["text → verdict on the screen, median", f"{statistics.median(took):.2f} ms", "50 ms"],
                ["the same, 99 of 100", f"{took[len(took) * 99 // 100]:.2f} ms", ""],
                [f"heap over {scans} scans", f"{said['grown'] / 1000:+.1f} kB", "flat"],
            ]
            empty = films.film(Path(name) / "empty.y4m", [Image.new("L", (1280, 720), 150)], rate=30)
            seconds = QUICK_IDLE if quick else IDLE
            shown = waiting(playwright, server.url, empty, seconds, reads=False)
            reading = waiting(playwright, server.url, empty, seconds, reads=True)
            idle = [
                ["the camera shown, nothing read", f"{shown:.0%} of a core", ""],
                ["looking for codes, none in view", f"{reading:.0%} of a core", ""],
                ["more than shown", f"{reading - shown:.0%} of a core", "25 %"],
            ]
        finally:
            server.kill()
            gate.close()
    head = ["what", "measured", "to reach"]
    return [
        ("The page on a device: what is loaded, compressed", head, loaded),
        ("The page on a device: judging", head, judged),
        ("The page on a device: waiting", head, idle),
    ]
