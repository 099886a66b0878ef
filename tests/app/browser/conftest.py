"""A real browser before the app: Debian's Chromium, with a film of codes for a camera."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
WIDTH, HEIGHT = 1280, 720
PHONE = {"width": 412, "height": 915}
# Milliseconds in which a new verdict takes no tap, and a little.
PROTECTED = 750
# Without these it looks for its maker's servers at every start.
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip


class Browsers:
    """Opens pages; a camera shows one film a browser, so each film gets its own."""

    def __init__(self, playwright: Any, program: str) -> None:
        self.playwright, self.program = playwright, program
        self.opened: list[Any] = []

    def page(
        self, url: str, *, film: Path | None = None, camera: bool = True, start: bool = True, **options: Any
    ) -> "Page":
        flags = [*QUIET]
        if camera:
            flags += ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
        if film is not None:
            flags.append(f"--use-file-for-fake-video-capture={film}")
        browser = self.playwright.chromium.launch(executable_path=self.program, args=flags)
        self.opened.append(browser)
        language = options.pop("language", "en")
        context = browser.new_context(**{"viewport": PHONE, "has_touch": True, **options})
        context.add_cookies([{"name": "lang", "value": language, "url": url}])
        page = Page(context.new_page(), url)
        if start:
            page.go()
        return page

    def close(self) -> None:
        for browser in self.opened:
            browser.close()


class Page:
    """A page, and all that went wrong on it."""

    def __init__(self, page: Any, url: str) -> None:
        self.page, self.url = page, url
        self.faults: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: message.type in ("error", "warning") and self.faults.append(message.text))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))

    def go(self, path: str = "/") -> None:
        self.page.goto(self.url + path)

    def until(self, script: str, seconds: float = 15) -> Any:
        """The value of an expression once it is true. Polled from outside: the policy forbids it inside."""
        for _ in range(int(seconds * 20)):
            value = self.page.evaluate(script)
            if value:
                return value
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{script} did not come true; {self.faults}; {self.text('#hint')}")

    def text(self, selector: str) -> str:
        """What somebody sees of an element: nothing of what is hidden."""
        found = self.page.query_selector(selector)
        return "" if found is None else found.inner_text()

    def verdict(self) -> dict[str, str]:
        """Once there is one: its colour, headline, all that is seen of it, and its code."""
        self.until("!document.getElementById('stage').hidden")
        return self.seen("#stage")

    def seen(self, where: str) -> dict[str, str]:
        section = self.page.query_selector(f"{where} section.verdict")
        return {
            "colour": section.get_attribute("class").removeprefix("verdict "),
            "background": section.evaluate("one => getComputedStyle(one).backgroundColor"),
            "headline": next(h1.inner_text() for h1 in section.query_selector_all("h1") if h1.is_visible()),
            "text": section.inner_text(),
            "code": section.get_attribute("data-code") or "",
        }

    def settle(self) -> None:
        """Wait until a tap is no longer taken for one that was meant for what was there before."""
        self.page.wait_for_timeout(PROTECTED)

    def next(self) -> None:
        self.settle()
        self.page.click("#next")

    def leave(self) -> None:
        self.next()
        self.until("document.getElementById('stage').hidden")


@pytest.fixture
def browsers(playwright: Any, missing: Callable[[str], None]) -> Iterator[Browsers]:
    program = os.environ.get("VAXCERT_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        missing("no chromium on the path")
    from verifier_app.assets import has_decoder

    if not has_decoder():
        missing("the decoder for browsers is not there: `make assets`")
    found = Browsers(playwright, str(program))
    yield found
    found.close()


@pytest.fixture
def slow() -> Callable[[Any], Any]:
    """Has an app take its time over each text, so that others come meanwhile."""

    def slowed(app: Any) -> Any:
        desk = app.extensions["desk"]
        judged = desk.verify

        def late(card: str, mode: str) -> Any:
            time.sleep(0.8)
            return judged(card, mode)

        desk.verify = late
        return app

    return slowed


@pytest.fixture
def film(tmp_path: Path) -> Callable[..., Path]:
    """A film for the camera: each picture's codes for as many frames (YUV4MPEG2, 4:2:0), over and over."""
    from io import BytesIO

    from PIL import Image

    from vaxcert.qr import write

    def frame(texts: tuple[str, ...], size: int) -> bytes:
        picture = Image.new("L", (WIDTH, HEIGHT), 150)
        for number, text in enumerate(texts):
            code = Image.open(BytesIO(write(text).png())).convert("L").resize((size, size), Image.Resampling.BICUBIC)
            picture.paste(code, ((WIDTH - size * len(texts)) // 2 + number * (size + 20), (HEIGHT - size) // 2))
        return b"FRAME\n" + picture.tobytes() + b"\x80" * (WIDTH * HEIGHT // 2)

    def made(*scenes: str | tuple[str, ...], size: int = 560, rate: int = 10, frames: int = 1) -> Path:
        path = tmp_path / f"film-{len(list(tmp_path.glob('film-*')))}.y4m"
        with path.open("wb") as stream:
            stream.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{rate}:1 Ip A1:1 C420\n".encode())
            for scene in scenes:
                stream.write(frame((scene,) if isinstance(scene, str) else scene, size) * frames)
        return path

    return made


@pytest.fixture
def screen(request: pytest.FixtureRequest) -> Callable[[Any, str], None]:
    """Keeps a picture of the page for the documentation, where VAXCERT_SCREENS names a folder."""
    folder = os.environ.get("VAXCERT_SCREENS")

    def keep(page: Page, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.page.wait_for_timeout(300)
            page.page.screenshot(path=str(Path(folder) / f"{name}.png"))

    return keep


RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def axe(missing: Any) -> Any:
    """Finds what axe finds on a page."""
    script = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        missing("axe-core is not there: `make assets`")

    def found(page: Any) -> list[str]:
        # By an address of the app's own: the policy forbids scripts of any other kind.
        page.page.route("**/axe.js", lambda route: route.fulfill(path=str(script), content_type="text/javascript"))
        page.page.add_script_tag(url="/axe.js")
        answer = page.page.evaluate("tags => axe.run({runOnly: tags, resultTypes: ['violations']})", RULES)
        assert answer["testEngine"]["name"] == "axe-core"
        return [f"{one['id']}: {node['html'][:120]}" for one in answer["violations"] for node in one["nodes"]]

    return found
