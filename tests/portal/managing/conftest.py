"""The portal over a registry in which there is something to count."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from counted import fill


@pytest.fixture
def filled(house: Any) -> Any:
    fill(house)
    return house


@pytest.fixture
def account(house: Any, visit: Callable[..., Any]) -> Callable[..., Any]:
    """Somebody signed in with a role of one's choice, at a site or in an area."""
    from vaxcert.registry.accounts import keeping

    def made(login: str, *roles: str, **where: str) -> Any:
        wanted = keeping.Wanted("Mẫu", list(roles), **where)
        keeping.create(house.registry, login, wanted, actor="test", password="a long enough password")
        return visit(login)

    return made


@pytest.fixture
def command(house: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """What `vaxcert registry` prints of the same registry at the same time."""

    def ran(*arguments: str, out: Path | None = None) -> str:
        from vaxcert.cli import main
        from vaxcert.registry import Registry

        with monkeypatch.context() as patched:
            patched.setattr(Registry, "today", lambda _: house.registry.local(house.registry.now()).date())
            patched.setattr(Registry, "now", lambda _: house.now.replace(tzinfo=None))
            key = str(house.folder / "registry.key")
            with pytest.raises(SystemExit):
                main(["registry", "--db", str(house.registry.engine.url), "--key", key, *arguments])
        return capsys.readouterr().out

    return ran
