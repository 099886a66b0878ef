"""The portal over a registry of its own, with an account of each role, and browsers' doings without a browser."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

PASSWORD = "a long enough password"
ROLES = ("clerk", "vaccinator", "reviewer", "manager", "administrator", "integrator")
AT_A_SITE = ("clerk", "vaccinator", "integrator")
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
