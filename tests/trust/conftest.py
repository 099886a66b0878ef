"""A publisher, what it publishes, and a verifier's store, for whoever wants to attack them."""

import shutil
import ssl
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from vaxcert import SigningKey, TrustStore, Verdict, Verifier
from vaxcert.errors import ConfigurationError
from vaxcert.trust.publishing.publisher import Publisher
from vaxcert.trust.synced import repository
from vaxcert.trust.synced.sync import Synced, sync

SECRET, ROOT_SECRET = "publisher's secret", "root's secret"


class World:
    """In a folder: `workspace`, `out` (published), `store` (synced). The clock stands still unless it is moved."""

    def __init__(self, folder: Path, now: datetime, text: str) -> None:
        self.folder, self.now, self.text = folder, now, text
        self.out, self.store = folder / "out", folder / "store"
        self.metadata, self.targets = self.out / "metadata", self.out / "targets"
        self.publisher = Publisher(folder / "workspace", clock=lambda: self.now)
        self.root = (folder / "workspace" / "root.json").read_bytes()

    def publish(self) -> None:
        self.publisher.publish(self.out, passphrase=SECRET)

    def sync(self, source: Path | str | None = None, *, allow_private: bool = False) -> Synced:
        return sync(source or self.out, self.store, now=self.now, allow_private=allow_private)

    def verdict(self) -> Verdict:
        return Verifier(TrustStore.load(self.store), clock=lambda: self.now).verify(self.text)

    def facts(self) -> tuple[object, ...]:
        """What must not change when a sync is refused."""
        loaded = repository.load(self.store)
        return loaded.metadata, loaded.state, loaded.listing, len(loaded.revocations), self.verdict().status

    def refuses(self, match: str, source: Path | str | None = None) -> None:
        """A sync that is refused for that reason, and leaves nothing behind."""
        before, now = self.facts(), self.now
        with pytest.raises(ConfigurationError, match=match):
            self.sync(source)
        self.now = now
        assert self.facts() == before
        assert not list(self.store.glob("*.part"))

    def copy(self, name: str) -> Path:
        """What is published now, set aside."""
        aside = self.folder / name
        shutil.copytree(self.out, aside)
        return aside


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, key: SigningKey, now: datetime) -> Path:
    folder = tmp_path_factory.mktemp("world")
    publisher = Publisher.create(
        folder / "workspace", environment="test", passphrase=SECRET, root_passphrase=ROOT_SECRET,
        root_keys=3, root_threshold=2, clock=lambda: now,
    )  # fmt: skip
    publisher.add(key.certificate)
    publisher.publish(folder / "out", passphrase=SECRET)
    sync(folder / "out", folder / "store", root=(folder / "workspace" / "root.json").read_bytes(), now=now)
    return folder


@pytest.fixture
def world(template: Path, tmp_path: Path, now: datetime, text: str) -> World:
    shutil.copytree(template, tmp_path / "world", symlinks=True)
    return World(tmp_path / "world", now, text)


Serve = Callable[..., str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a web server on this machine: `serve(handler class)` gives its address."""
    import threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Clients that hang up are what is tested."""

    servers = []

    def start(handler: type[BaseHTTPRequestHandler], context: ssl.SSLContext | None = None) -> str:
        server = Server(("127.0.0.1", 0), handler)
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        return f"http{'s' * (context is not None)}://127.0.0.1:{server.server_port}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()
