"""The app over a synced store of its own, with a clock that stands still."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from vaxcert import SigningKey
from vaxcert.trust.publishing.publisher import Publisher
from vaxcert.trust.synced.sync import sync

SECRETS = {"passphrase": "publisher's secret", "root_passphrase": "root's secret"}


class Site:
    """A publisher, a store in step with it, and the app on top. `now` may be moved."""

    def __init__(self, folder: Path, key: SigningKey, now: datetime, environment: str = "test") -> None:
        self.folder, self.now = folder, now
        self.desks: list[Any] = []
        self.publisher = Publisher.create(
            folder / "workspace", environment=environment, clock=lambda: self.now,
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


@pytest.fixture(scope="session")
def real_key(now: datetime) -> SigningKey:
    """As `key`, but not marked TEST."""
    from cryptography.hazmat.primitives import serialization

    from vaxcert.trust.own import authority
    from vaxcert.verdict import Environment

    name, start = authority.distinguished_name("VN", "Made up", Environment.PRODUCTION), now - timedelta(days=30)
    root_key, private = authority.new_key(), authority.new_key()
    root = authority.make_csca(root_key, name, start, 2)
    made = authority.make_dsc(private, name, start, issuer=root, issuer_key=root_key, usages=(), years=2)
    return SigningKey(private, made.public_bytes(serialization.Encoding.DER))


@pytest.fixture
def real_site(tmp_path: Path, real_key: SigningKey, now: datetime) -> Iterator[Site]:
    """A site whose list is for real certificates."""
    made = Site(tmp_path / "real", real_key, now, "production")
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


@pytest.fixture
def serve() -> Iterator[Callable[[Any], str]]:
    """Serves an app at an address of this machine."""
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Silent(WSGIRequestHandler):
        def log_request(self, *_: Any, **__: Any) -> None: ...

    servers = []

    def started(app: Any) -> str:
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield started
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def live(site: Any, tmp_path: Path) -> Any:
    """A site by the clock on the wall."""
    now = datetime.now(UTC)
    return type(site)(tmp_path / "live", SigningKey.generate("VN", now=now - timedelta(days=1)), now)


@pytest.fixture
def gunicorn(live: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """The app under its server, as in a province."""
    servers: list[subprocess.Popen[str]] = []

    def started(workers: int = 1, *options: str, **variables: str) -> tuple[str, "subprocess.Popen[str]"]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        command = [sys.executable, "-P", "-m", "gunicorn", "--config", "python:verifier_app.server"]
        command += ["--workers", str(workers), "--bind", f"127.0.0.1:{port}", *options, "verifier_app:create_app()"]
        environ = {name: value for name, value in os.environ.items() if not name.startswith("VAXCERT_")}
        environ |= {"VAXCERT_TRUST": str(live.folder / "store"), "TMPDIR": str(tmp_path), **variables}
        server = subprocess.Popen(command, env=environ, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
        servers.append(server)
        return f"http://127.0.0.1:{port}", server

    yield started
    for server in servers:
        if server.poll() is None:
            server.terminate()
        if server.stderr and not server.stderr.closed:
            server.communicate(timeout=30)
