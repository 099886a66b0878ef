"""A day of each role, as its pages in docs/roles tell it, on the province that people learn on; and their pictures.

With VAXCERT_SCREENS the pictures are kept there (`make screens` copies them); without, the days are walked all the same.
A role is added by its walk in `WALKS`, and its two pages in docs/roles.
"""

import io
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from night import some

ROOT = Path(__file__).parents[3]
ROLES, SCREENS = ROOT / "docs" / "roles", ROOT / "docs" / "screens"
PASSWORD = "tap-huan-2026"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
WIDTH, HEIGHT = 1000, 800
MOST_BYTES, MOST_WORDS = 60_000, 900


class InProcess:
    """Signs here as the signer does in its own process."""

    def __init__(self, registry: Any, issuer: Any) -> None:
        self._registry, self._issuer = registry, issuer

    def sign(self, dose: int, *, account: str, site: str = "") -> Any:
        from vaxcert.registry.certificates.one import Asker, issue
        from vaxcert.signer.protocol import SignedDose

        made = issue(self._registry, self._issuer, dose, asker=Asker(account, site=site))
        return SignedDose(dose, made.certificate_id, made.new, made.expires_at, made.text)

    def waiting(self) -> list[Any]:
        return []


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("province") / "portal"
    command = [sys.executable, str(ROOT / "examples" / "make_training.py"), str(folder), "--times", "0.004"]
    subprocess.run(command, capture_output=True, check=True, timeout=400)
    return folder


@pytest.fixture
def browser(province: Path, chromium: Any, missing: Callable[[str], None]) -> Iterator[Callable[[str], Any]]:
    """A browser at the portal over the province, in a language; each day begins with the province as it was made."""
    from werkzeug.serving import WSGIRequestHandler, make_server

    from portal_app import create_app
    from portal_app.config import PortalSettings
    from vaxcert import Issuer, SigningKey
    from vaxcert.registry import Registry, resetting

    if chromium is None:
        missing("no chromium on the path")

    class Silent(WSGIRequestHandler):
        def log_request(self, *_: Any, **__: Any) -> None: ...

    contexts: list[Any] = []
    db, key = f"sqlite:///{province / 'registry.db'}", province / "registry.key"
    with Registry.open(db, key) as registry:
        resetting.reset(registry, province / "training.zip", actor="test")
        settings = PortalSettings(db=db, key=key, plain=True, training=True, rate=1000)
        app = create_app(settings, registry=registry)
        secret = (province / "passphrase").read_text("utf-8").strip()
        issuer = Issuer(
            SigningKey.load(province / "keys", password=secret), country="VN", authority="Sở Y tế Mẫu (TEST)",
            valid_for=timedelta(days=365),
        )  # fmt: skip
        app.extensions["signer"] = InProcess(registry, issuer)
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
        threading.Thread(target=server.serve_forever, daemon=True).start()

        def opened(language: str) -> Any:
            url = f"http://127.0.0.1:{server.server_port}"
            context = chromium.new_context(viewport={"width": WIDTH, "height": HEIGHT}, base_url=url)
            context.add_cookies([{"name": "lang", "value": language, "url": url}])
            contexts.append(context)
            return context.new_page()

        yield opened
        for context in contexts:
            context.close()
        server.shutdown()
        server.server_close()


class Day:
    """Somebody's day at a browser: what they go to by its words, and what is kept of what they see."""

    def __init__(self, page: Any, language: str, files: Path, keep: Callable[[str, bytes], None]) -> None:
        from portal_app.words import WORDS

        self.page, self.files, self._keep = page, files, keep
        self._words = {name: words.of(language) for name, words in WORDS.items()}

    def sign_in(self, login: str) -> None:
        self.page.goto("/sign-in")
        self.page.fill("#username", login)
        self.page.fill("#password", PASSWORD)
        self.page.press("#password", "Enter")
        self.page.wait_for_selector(".tiles")

    def menu(self, name: str) -> None:
        """By the line of the menu that is called so."""
        self.page.click(f"nav.menu a:text-is({self._words[name]!r})")
        self.page.wait_for_load_state()

    def press(self, name: str, **said: Any) -> None:
        """The button or link of these words."""
        words = self._words[name].format(**said) if said else self._words[name]
        self.page.locator("main").locator(f"button:text-is({words!r}), a:text-is({words!r})").first.click()
        self.page.wait_for_load_state()

    def sees(self, name: str, **said: Any) -> None:
        words = self._words[name].format(**said) if said else self._words[name]
        self.page.locator(f"text={words}").first.wait_for(timeout=15_000)

    def picture(self, name: str, most: int = HEIGHT, above: str = "body") -> None:
        """Keep what is seen of the page from the first of these elements on, `most` pixels of it."""
        self.page.evaluate("document.activeElement && document.activeElement.blur()")
        top = max(0, self.page.locator(above).first.evaluate("one => one.getBoundingClientRect().top + scrollY") - 12)
        whole = self.page.evaluate("document.documentElement.scrollHeight")
        clip = {"x": 0, "y": top, "width": WIDTH, "height": min(most, whole - top)}
        self._keep(name, self.page.screenshot(clip=clip, full_page=True))


def administrator(day: Day) -> None:
    day.sign_in("quantri")
    day.menu("accounts")
    day.picture("accounts")
    day.press("account_new")
    day.page.fill("#login", "mai.mau")
    day.page.fill("#display_name", "Lò Thị Mẫu Mai")
    day.page.check("input[value=vaccinator]")
    day.page.select_option("#site", "VP02")
    day.picture("new", 1100)
    day.press("account_make")
    day.sees("told_title")
    day.picture("told", 420)
    day.press("go_on")
    day.sees("acts")
    day.picture("account", 420, above="main h2")
    day.menu("sites")
    day.sees("site_new")
    day.menu("check_up")
    day.picture("check-up")


def clerk(day: Day) -> None:
    day.sign_in("tiepdon")
    day.menu("desk_sessions")
    day.press("desk_work_here")
    day.menu("desk_today")
    day.page.locator("#expected li button").first.click()
    day.sees("desk_checked_in")
    day.picture("today", 560)
    day.menu("desk_find")
    day.page.fill("#full_name", "tran")
    day.page.fill("#date_of_birth", "1947")
    day.press("desk_search")
    day.page.wait_for_selector("#candidates li")
    day.picture("find", 780)
    day.menu("desk_find")
    day.page.fill("#card", (day.files / "cards.txt").read_text("utf-8").splitlines()[0])
    day.press("desk_search")
    day.sees("desk_found_none")
    day.press("desk_new")
    day.picture("new")


def vaccinator(day: Day) -> None:
    day.sign_in("tiem")
    day.menu("desk_sessions")
    day.picture("sessions", 600)
    day.press("desk_work_here")
    day.menu("desk_today")
    day.page.locator("#expected li a").first.click()
    day.page.wait_for_selector("form.main")
    day.picture("dose", 560)
    day.press("desk_save")
    day.sees("desk_ready")
    day.picture("saved", 600)
    day.press("desk_print")
    day.page.wait_for_selector("article.paper")
    # The code is another one each time, and no picture's.
    day.page.evaluate("document.querySelector('.slip-code').textContent = '7K2M-9QXA-04TB'")
    day.picture("paper", 1350)
    day.page.go_back()
    day.press("desk_undo")
    day.picture("undo", 640)


def reviewer(day: Day) -> None:
    day.sign_in("duyet")
    day.menu("intake")
    day.page.set_input_files("#table", str(day.files / "unit-07.csv"))
    day.press("table_send")
    day.page.wait_for_selector(f"h2:text-is({day._words['take_title']!r})", timeout=60_000)
    day.picture("table", 900)
    day.menu("questions")
    day.press("questions_begin")
    day.page.wait_for_selector("table.sides, form")
    day.picture("question", 1000)
    day.menu("runs")
    day.picture("runs", 620)
    day.menu("certificates")
    day.picture("certificates", 620)


def manager(day: Day) -> None:
    day.sign_in("quanly")
    day.menu("numbers")
    day.page.wait_for_selector("dl.figures")
    day.picture("numbers", 900)


WALKS = {one.__name__: one for one in (administrator, clerk, vaccinator, reviewer, manager)}


@pytest.mark.slow
@pytest.mark.parametrize("language", some(["vi", "en"], 1))
@pytest.mark.parametrize("role", WALKS)
def test_the_day_of_each_role_goes_as_its_pages_say(
    browser: Callable[[str], Any], province: Path, role: str, language: str
) -> None:
    taken: dict[str, bytes] = {}
    folder = os.environ.get("VAXCERT_SCREENS")

    def keep(name: str, png: bytes) -> None:
        taken[f"portal-{role}-{name}-{language}.png"] = packed(png)

    WALKS[role](Day(browser(language), language, province / "files", keep))
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        for name, png in taken.items():
            (Path(folder) / name).write_bytes(png)
    assert {name for name, png in taken.items() if len(png) > MOST_BYTES} == set()
    # The pages show what is taken, in the day's order, and nothing else.
    assert shown(role, language) == list(taken)


def packed(png: bytes) -> bytes:
    """The picture in as many colours as a page has, and few bytes."""
    from PIL import Image

    stream = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(48, dither=Image.Dither.NONE).save(stream, "PNG", optimize=True)
    return stream.getvalue()


def guide(role: str, language: str) -> str:
    return (ROLES / f"{role}-{language}.md").read_text("utf-8")


def shown(role: str, language: str) -> list[str]:
    return re.findall(r"\]\(\.\./screens/([\w-]+\.png)\)", guide(role, language))


@pytest.mark.parametrize("role", WALKS)
def test_a_roles_pages_are_short_name_screens_as_they_are_called_and_show_pictures_that_are_there(role: str) -> None:
    from portal_app.words import WORDS

    for language in ("vi", "en"):
        text = guide(role, language)
        assert len(text.split()) <= MOST_WORDS, (language, len(text.split()))
        known = {re.sub(r"\s*\(?\{\w+\}\)?", "", words.of(language)).strip() for words in WORDS.values()}
        named = re.findall(r"\*\*([^*]+)\*\*", text)
        assert named
        assert [words for words in named if words not in known] == []
        for name in shown(role, language):
            assert (SCREENS / name).stat().st_size <= MOST_BYTES, name
    # Step by step the same in both languages.
    assert re.findall(r"^#+", guide(role, "vi"), re.MULTILINE) == re.findall(r"^#+", guide(role, "en"), re.MULTILINE)
    assert [one.replace("-vi.", "-en.") for one in shown(role, "vi")] == shown(role, "en")


def test_every_role_that_people_have_has_its_pages() -> None:
    from vaxcert.registry.states import Role

    assert {*WALKS, "integrator"} == set(Role)
    index = (ROLES / "README.md").read_text("utf-8")
    for role in WALKS:
        assert f"({role}-vi.md)" in index and f"({role}-en.md)" in index
