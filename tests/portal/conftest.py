"""The portal over a registry of its own, with an account of each role, and browsers' doings without a browser."""

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

PASSWORD = "a long enough password"
ROLES = ("clerk", "vaccinator", "reviewer", "manager", "administrator", "integrator")
AT_A_SITE = ("clerk", "vaccinator", "integrator")
ROOT = Path(__file__).parents[2]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip
WIDE = "document.documentElement.scrollWidth - innerWidth"
SMALL = (
    "all => all.filter(one => one.checkVisibility() && !one.closest('.skip, p, dd, li, .unseen') "
    "&& one.getBoundingClientRect().height < 24).map(one => one.outerHTML)"
)
SITES = (("VP01", "Trạm Y tế Mẫu Một", "Tam Đảo"), ("VP02", "Trạm Y tế Mẫu Hai", "Yên Lạc"))


class House:
    """A registry, its accounts, and the app on top. `now` may be moved."""

    def __init__(self, folder: Path, registry: Any, now: datetime) -> None:
        self.folder, self.registry, self.now = folder, registry, now
        registry.clock = lambda: self.now
        self.numbers = {name: one.id for name, one in self.accounts().items()}

    def accounts(self) -> dict[str, Any]:
        """Accounts by login: one of each role, of which those at a site are at VP01."""
        from vaxcert.registry.accounts.account import listed

        with self.registry.reading() as connection:
            return {one.login: one for one in listed(connection)}

    def app(self, *, training: bool = True, **settings: Any) -> Any:
        from portal_app import create_app
        from portal_app.config import PortalSettings

        given = {"db": "unused", "plain": True, "rate": 100_000, "training": training, "language": "en", **settings}
        return create_app(PortalSettings(**given), registry=self.registry)

    def actions(self) -> list[str]:
        """What the audit log says was done, oldest first."""
        from vaxcert.registry import audit

        return [entry.action for entry in audit.entries(self.registry, last=1_000)]


class Visitor:
    """A browser: its cookies, and forms that are sent with their token."""

    def __init__(self, app: Any) -> None:
        self.client = app.test_client()

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(path, **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        return self.client.post(path, data={"csrf_token": self.token(), **(data or {})}, **more)

    def token(self) -> str:
        # Of a page that everybody sees, whoever they are.
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get("/nowhere").text)
        assert found is not None
        return found[1]

    def sign_in(self, login: str, password: str = PASSWORD, **more: Any) -> Any:
        return self.post("/sign-in", {"username": login, "password": password}, **more)

    def signed_in(self) -> bool:
        return bool(self.get("/own").status_code == 200)


def code_of(key: str, now: datetime) -> str:
    """What an authenticator with this key shows."""
    from passlib.totp import TOTP

    return str(TOTP(key=key, format="base32").generate(now.timestamp()).token)


def key_on(page: str) -> str:
    found = re.search(r'<code class="secret">([^<]+)</code>', page)
    assert found is not None
    return found[1].replace("-", "")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, now: datetime) -> Path:
    """Where a registry is that has sites and an account of each role; each test works on a copy."""
    from vaxcert.registry import Registry
    from vaxcert.registry.accounts import keeping, places, training

    folder = tmp_path_factory.mktemp("house")
    with Registry.create(f"sqlite:///{folder / 'r.db'}", folder / "registry.key", clock=lambda: now) as registry:
        training.declare(registry, actor="test")
        for site in SITES:
            places.put_site(registry, places.Site(*site), actor="test", new=True)
        for role in ROLES:
            wanted = keeping.Wanted(f"Mẫu {role.title()}", [role], site="VP01" if role in AT_A_SITE else "")
            keeping.create(registry, role, wanted, actor="test", password="" if role == "integrator" else PASSWORD)
    return folder


@pytest.fixture
def house(built: Path, tmp_path: Path, now: datetime) -> Iterator[House]:
    from vaxcert.registry import Registry

    for name in ("r.db", "registry.key"):
        shutil.copy(built / name, tmp_path / name)
    with Registry.open(f"sqlite:///{tmp_path / 'r.db'}", tmp_path / "registry.key") as registry:
        yield House(tmp_path, registry, now)


@pytest.fixture
def visit(house: House) -> Callable[..., Visitor]:
    """A browser at the portal, signed in where a login is named."""

    def come(login: str = "", **settings: Any) -> Visitor:
        one = Visitor(house.app(**settings))
        if login:
            assert one.sign_in(login).status_code == 302
        return one

    return come


@pytest.fixture
def authenticator(monkeypatch: pytest.MonkeyPatch) -> "Authenticator":
    return Authenticator(monkeypatch)


class Authenticator:
    """A telephone, and the clock that the server and it go by."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import time

        from passlib.totp import TOTP

        self.now = datetime.fromtimestamp(time.time(), UTC)
        monkeypatch.setattr(TOTP, "now", staticmethod(lambda: self.now.timestamp()))
        self.key = ""

    def learn(self, page: str) -> None:
        self.key = key_on(page)

    def code(self) -> str:
        return code_of(self.key, self.now)

    def later(self, seconds: int = 60) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture(scope="module")
def chromium(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A real browser, or None where there is none."""
    program = os.environ.get("VAXCERT_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        yield None
        return
    browser = request.getfixturevalue("playwright").chromium.launch(executable_path=program, args=[*QUIET])
    yield browser
    browser.close()


@pytest.fixture
def screen(chromium: Any, missing: Callable[[str], None]) -> Iterator[Callable[..., Any]]:
    """A page of a browser at an app, in a language and of a width."""
    from werkzeug.serving import WSGIRequestHandler, make_server

    if chromium is None:
        missing("no chromium on the path")

    class Silent(WSGIRequestHandler):
        def log_request(self, *_: Any, **__: Any) -> None: ...

    servers, contexts = [], []

    def opened(app: Any, language: str = "vi", width: int = 1024, **more: Any) -> Any:
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        context = chromium.new_context(viewport={"width": width, "height": 800}, base_url=url, **more)
        context.add_cookies([{"name": "lang", "value": language, "url": url}])
        contexts.append(context)
        page = context.new_page()
        page.faults = []
        page.on("console", lambda message: message.type in ("error", "warning") and page.faults.append(message.text))
        return page

    yield opened
    for context in contexts:
        context.close()
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def axe(missing: Callable[[str], None]) -> Callable[[Any], list[str]]:
    """What axe finds on a page."""
    script = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        missing("axe-core is not there: `make assets`")

    def found(page: Any) -> list[str]:
        # By an address of the app's own: the policy forbids scripts of any other kind.
        page.route("**/axe.js", lambda route: route.fulfill(path=str(script), content_type="text/javascript"))
        page.wait_for_load_state()
        page.add_script_tag(url="/axe.js")
        answer = page.evaluate("tags => axe.run({runOnly: tags, resultTypes: ['violations']})", RULES)
        assert answer["testEngine"]["name"] == "axe-core"
        return [f"{one['id']}: {node['html'][:120]}" for one in answer["violations"] for node in one["nodes"]]

    return found


@pytest.fixture
def seen(axe: Any) -> Callable[[Any, str], list[str]]:
    """What is the matter with a page as it is seen; with VAXCERT_SCREENS its picture is kept there under a name."""
    folder = os.environ.get("VAXCERT_SCREENS")

    def look(page: Any, name: str) -> list[str]:
        faults: list[str] = axe(page)
        if page.evaluate(WIDE) > 0:
            faults.append("wider than the screen")
        faults += page.eval_on_selector_all("button, a, input:not([type=hidden]), select", SMALL)
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
        return faults

    return look
