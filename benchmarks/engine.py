"""The engine in Chromium: text → verdict with a province's keys and revocations; sizes; the heap over 2,000 scans."""

from __future__ import annotations

import gzip
import json
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from measure import ROOT

sys.path.append(str(ROOT / "tests" / "support"))

KEYS, REVOKED, CARDS = 500, 100_000, 200
SCANS, QUICK_SCANS = 2_000, 200
NOW = datetime.fromisoformat("2026-06-15T09:30:00+00:00")
POLICY = b"""title = { en = "Gate", vi = "Gate" }
diseases = ["COVID-19"]
doses = 2
days_since_last = { from = 10 }
"""

# In one page: so many texts judged one after the other, each timed; the heap once nothing is left to be collected.
JUDGE = """async ([texts, options, scans]) => {
  const took = [], statuses = new Set()
  // What streams leave behind is collected between two tasks, not within one.
  const heap = async () => {
    for (let turn = 0; turn < 3; turn++) { await new Promise(next => setTimeout(next, 200)); gc() }
    return performance.memory.usedJSHeapSize
  }
  const before = await heap()
  for (let at = 0; at < scans; at++) {
    const start = performance.now()
    const verdict = await engine.verify(texts[at % texts.length], trust, options)
    took.push(performance.now() - start)
    statuses.add(`${verdict.status} ${verdict.reason}`)
  }
  return {took, statuses: [...statuses], grown: await heap() - before}
}"""


def prepare(folder: Path) -> tuple[Any, list[str]]:
    """A bundle of a province's size, and genuine cards of one of its keys."""
    from vaxcert import Dose, Issuer, Person, SigningKey, TrustStore
    from vaxcert.rules import bundle
    from vaxcert.trust import revocation
    from vaxcert.trust.revocation import Hashes, Kind, Revocations, Source

    key, *others = (SigningKey.generate("VN", now=NOW - timedelta(days=30)) for _ in range(KEYS))
    source = Source(Kind.UCI, 1, True)
    (folder / source.name).write_bytes(revocation.packed(revocation.of_uci(f"id {one}") for one in range(REVOKED)))
    lists = Revocations([(source, Hashes(folder / source.name))])
    trust = TrustStore([one.trusted() for one in (key, *others)], environment="test", revocations=lists)
    issuer = Issuer(key, country="VN", authority="Sở Y tế (TEST)", valid_for=timedelta(days=365), clock=lambda: NOW)
    person = Person(family_name="Nguyễn", given_name="Mẫu Thử", date_of_birth="1990-05-17")
    dose = Dose(product="EU/1/20/1528", number=2, series=2, date=date(2026, 6, 1))
    return bundle.of(trust, {"gate.toml": POLICY}), [issuer.issue(person, dose).text for _ in range(CARDS)]


@contextmanager
def page_of(url: str) -> Iterator[Any]:
    """A page of Chromium that may be told to collect what is left over."""
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--js-flags=--expose-gc", "--enable-precise-memory-info"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        page = browser.new_page()
        page.goto(url)
        yield page
        browser.close()


def main() -> None:
    from both import ENGINE, Engine, Server, milliseconds

    scans = QUICK_SCANS if "--quick" in sys.argv[1:] else SCANS
    if not ENGINE.is_file() or shutil.which("chromium") is None:
        print("chromium or the engine (`make assets`) is not there: nothing is measured")
        return
    with tempfile.TemporaryDirectory() as folder:
        given, texts = prepare(Path(folder))
    code, value = ENGINE.read_bytes(), json.dumps(given).encode()
    print(f"engine.js                    {len(gzip.compress(code, mtime=0)) / 1000:8.1f} kB compressed")
    print(f"{KEYS} keys, {REVOKED:,} revoked   {len(gzip.compress(value, mtime=0)) / 1000:8.1f} kB compressed, as JSON")
    with Server().running() as server, page_of(server.url) as page:
        engine = Engine(page)
        start = page.evaluate("performance.now()")
        engine.trusting(given)
        print(f"taken by the page            {page.evaluate('performance.now()') - start:8.0f} ms")
        for mode in ("", "gate"):
            options = {"now": milliseconds(NOW), "mode": mode}
            said = page.evaluate(JUDGE, [texts, options, scans])
            assert said["statuses"] == ["accepted null"], said["statuses"]
            took = sorted(said["took"])
            name = f"text → verdict{', by a policy' if mode else ''}"
            print(
                f"{name:28s} {statistics.median(took):8.2f} ms median, {took[len(took) * 95 // 100]:.2f} of 95 in 100"
            )
            print(f"{f'heap, {scans} scans':28s} {said['grown'] / 1000:+8.1f} kB")


if __name__ == "__main__":
    main()
