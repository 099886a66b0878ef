"""Codes that a phone's camera has in view and its browser cannot read: the page alone, and with the second reader."""

import shutil
import statistics
import sys
from pathlib import Path
from typing import Any

from measure import ROOT

sys.path.append(str(ROOT / "tests" / "support"))

import films

SECONDS = 6.0
_CLOCK = """
    addEventListener("playing", () => window.seen ??= performance.now(), true);
    new MutationObserver(() => {
        const stage = document.getElementById("stage");
        if (stage && !stage.hidden) window.told ??= performance.now();
    }).observe(document, { attributes: true, attributeFilter: ["hidden"], subtree: true });
"""
Take = films.Take
TAKES = (
    Take("1.4 pixels a module, dark", 1.4, light=0.25, noise=4),
    Take("3 pixels a module, blurred by 1.8", 3.0, blur=1.8),
    Take("3 pixels a module, blurred by 0.9", 3.0, blur=0.9),
    Take("1.3 pixels a module, blurred by 0.4", 1.3, blur=0.4),
    Take("1.3 pixels a module, moved by 1", 1.3, motion=1.04),
    Take("1.6 pixels a module, blurred by 0.7", 1.6, blur=0.72),
    Take("1.6 pixels a module, moved by 2.6", 1.6, motion=2.6),
    Take("1.6 pixels a module, tilted by 12°", 1.6, tilt=12, blur=0.5),
    Take("1.6 pixels a module, tilted, blurred, dark", 1.6, tilt=12, blur=0.56, light=0.2, noise=4),
    Take("2.5 pixels a module, blurred by 1.5", 2.5, blur=1.5),
    Take("4 pixels a module, blurred by 2.4", 4.0, blur=2.4),
    Take("4 pixels a module, dark", 4.0, light=0.05, noise=4),
)
QUICK = 3


def rows(urls: tuple[str, str], card: str, folder: Path, quick: bool) -> list[list[str]]:
    """Of each film whether it is read, and after how many seconds in view. `urls`: without and with the reader."""
    from playwright.sync_api import sync_playwright

    made, took = [], []
    with sync_playwright() as playwright:
        for number, take in enumerate(TAKES[:QUICK] if quick else TAKES):
            path = films.film(folder / f"{number}.y4m", (films.frame(card, take, seed) for seed in range(4)), rate=5)
            alone, second = (_seconds(playwright, url, path) for url in urls)
            took.append(second)
            made.append([take.name, *(f"{one:.1f} s" if one else "not read" for one in (alone, second))])
    read = [one for one in took if one]
    made.append(["median of those read", "", f"{statistics.median(read):.1f} s" if read else "none"])
    return made


def _seconds(playwright: Any, url: str, film: Path) -> float | None:
    flags = [
        *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--use-fake-ui-for-media-stream"),
        *("--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"),
    ]
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
    try:
        page = browser.new_page()
        page.add_init_script(_CLOCK)
        page.goto(url)
        while not (took := page.evaluate("window.seen && (performance.now() - window.seen)")) or took < SECONDS * 1000:
            if page.evaluate("Boolean(window.told)"):
                return float(page.evaluate("window.told - window.seen")) / 1000
            page.wait_for_timeout(50)
        return None
    finally:
        browser.close()
