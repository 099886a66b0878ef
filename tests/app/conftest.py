"""The app over a synced store of its own, with a clock that stands still."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from vaxcert import SigningKey
from vaxcert.trust.publisher import Publisher
from vaxcert.trust.sync import sync

SECRETS = {"passphrase": "publisher's secret", "root_passphrase": "root's secret"}


class Site:
    """A publisher, a store in step with it, and the app on top. `now` may be moved."""

    def __init__(self, folder: Path, key: SigningKey, now: datetime) -> None:
        self.folder, self.now = folder, now
        self.desks: list[Any] = []
        self.publisher = Publisher.create(
            folder / "workspace", environment="test", clock=lambda: self.now,
            passphrase=SECRETS["passphrase"], root_passphrase=SECRETS["root_passphrase"],
        )  # fmt: skip
        self.publisher.add(key.certificate)
        self.publish((folder / "workspace" / "root.json").read_bytes())

    def publish(self, root: bytes | None = None) -> None:
        self.publisher.publish(self.folder / "out", passphrase=SECRETS["passphrase"])
        sync(self.folder / "out", self.folder / "store", root=root, now=self.now)

    def app(self, **variables: str) -> Any:
        from verifier_app import create_app
        from verifier_app.config import Settings
        from verifier_app.desk import Desk

        settings = Settings.from_variables({"VAXCERT_TRUST": str(self.folder / "store"), **variables})
        self.desks.append(Desk(settings, clock=lambda: self.now))
        return create_app(settings, desk=self.desks[-1])


@pytest.fixture
def site(tmp_path: Path, key: SigningKey, now: datetime) -> Iterator[Site]:
    made = Site(tmp_path, key, now)
    yield made
    for desk in made.desks:
        desk.close()


@pytest.fixture
def client(site: Site) -> Any:
    return site.app().test_client()


@pytest.fixture
def picture() -> Callable[[str], bytes]:
    """A PNG of a code."""
    from vaxcert.qr import write

    return lambda text: write(text).png()
