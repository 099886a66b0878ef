"""A look-up that listens, over a registry on SQLite, and a holder with a certificate and a code."""

import os
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from databases import postgresql, server
from places import Place

from vaxcert import Issuer, SigningKey, typed

__all__ = ["postgresql", "server"]


class Slip:
    """A registry, a holder in it, and what stands on their slip."""

    def __init__(self, home: Path, url: str, key: SigningKey, now: datetime) -> None:
        from vaxcert.registry.certificates import issuing
        from vaxcert.registry.holders import codes

        self.place = Place(home, url, now)
        issuer = Issuer(
            key, country="VN", authority="Sở Y tế (TEST)", valid_for=timedelta(days=365), clock=lambda: self.place.now
        )
        self.place.take({"national_id": "001090000001"}, {"full_name": "Trần Ví Dụ", "phone": "0100000002"})
        issuing.run(self.place.registry, issuer, actor="night")
        self.person = self.place.people()[0].person_id
        self.code = typed.read(codes.hand_out(self.place.registry, self.person, actor="lan").text)
        self.told = {"name": "Nguyễn Mẫu Thử", "born": "1990-05-17", "number": "0100000001", "code": self.code}


class Looking:
    """A look-up's socket, served by a thread."""

    def __init__(self, path: Path, slip: Slip, **options: Any) -> None:
        from vaxcert.lookup.answering import RegistryLookup
        from vaxcert.lookup.client import LookupClient
        from vaxcert.lookup.server import LookupServer

        peers, group = options.pop("peers", [os.getuid()]), options.pop("group", None)
        options.setdefault("sleep", lambda _: None)
        self.server = LookupServer(path, RegistryLookup(slip.place.registry, **options), peers=peers, group=group)
        self.client = LookupClient(path, timeout=10)
        self.thread = threading.Thread(target=self.server.serve)
        self.thread.start()

    def stop(self) -> None:
        self.server.stop()
        self.thread.join()
        self.server.__exit__(None, None, None)


@pytest.fixture
def slip(tmp_path: Path, key: SigningKey, now: datetime) -> Iterator[Slip]:
    made = Slip(tmp_path, f"sqlite:///{tmp_path / 'registry.db'}", key, now)
    yield made
    made.place.registry.engine.dispose()


@pytest.fixture
def looking(tmp_path: Path, slip: Slip) -> Iterator[Callable[..., Looking]]:
    running: list[Looking] = []

    def start(folder: Path = tmp_path, **options: Any) -> Looking:
        running.append(Looking(folder / "lookup.sock", slip, **options))
        return running[-1]

    yield start
    for one in running:
        one.stop()
