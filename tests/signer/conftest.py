"""A signer over a registry on SQLite, in this process, with a clock that can be moved and a key that counts."""

import os
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from places import Place
from sqlalchemy import func, select

from vaxcert import IssueLog, Issuer, SigningKey
from vaxcert.registry import schema
from vaxcert.signer.alarms import Alarms
from vaxcert.signer.answering import RegistrySigner
from vaxcert.signer.client import SignerClient
from vaxcert.signer.limits import SigningLimits
from vaxcert.signer.server import SignerServer


class CountingKey(SigningKey):
    """Counts its signatures, and looks at each moment at what stands in the log."""

    def watch(self, log: IssueLog) -> None:
        self.log, self.seen = log, []  # type: list[int]

    def sign(self, data: bytes) -> bytes:
        self.seen.append(len(list(self.log)))
        return super().sign(data)


class Signing:
    """A signer that listens, whoever asks it, and what is on record of it."""

    def __init__(self, home: Path, place: Place, key: SigningKey, **options: Any) -> None:
        self.place = place
        self.log = IssueLog(home / "issued.jsonl")
        self.key = CountingKey(key._private_key, key.certificate)
        self.key.watch(self.log)
        issuer = Issuer(
            self.key, country="VN", authority="Sở Y tế (TEST)", valid_for=timedelta(days=365),
            clock=lambda: place.now, log=self.log, **options.pop("issued", {}),
        )  # fmt: skip
        peers = options.pop("peers", [os.getuid()])
        approvers = options.pop("approvers", [os.getuid()])
        patience = options.pop("patience", 5.0)
        group, folder = options.pop("group", None), options.pop("folder", home)
        options.setdefault("limits", SigningLimits())
        self.signer = RegistrySigner(place.registry, issuer, alarms=Alarms(options.pop("hook", ())), **options)
        self.server = SignerServer(
            folder / "signer.sock", self.signer, peers=peers, approvers=approvers, group=group, patience=patience
        )
        self.client = SignerClient(self.server.path, timeout=10)
        self.server.__enter__()
        self.thread = threading.Thread(target=self.server.serve)
        self.thread.start()

    def stop(self) -> None:
        if self.thread.is_alive():
            self.server.stop()
            self.thread.join()
            self.server.__exit__(None, None, None)

    def count(self, table: Any, *where: Any) -> int:
        with self.place.registry.reading() as connection:
            return int(connection.scalar(select(func.count()).select_from(table).where(*where)) or 0)

    def agrees(self, signatures: int) -> bool:
        """Whether so many signatures were made, each saved, noted and logged before it was made."""
        logged = len(list(self.log)) if self.log.path.exists() else 0
        return (
            [self.count(schema.certificate), self.count(schema.signing), len(self.key.seen), logged] == [signatures] * 4
        ) and self.key.seen == list(range(1, signatures + 1))


@pytest.fixture
def place(tmp_path: Path, now: datetime) -> Iterator[Place]:
    made = Place(tmp_path, f"sqlite:///{tmp_path / 'registry.db'}", now)
    yield made
    made.registry.engine.dispose()


@pytest.fixture
def signing(tmp_path: Path, place: Place, key: SigningKey) -> Iterator[Callable[..., Signing]]:
    running: list[Signing] = []

    def start(**options: Any) -> Signing:
        running.append(Signing(tmp_path, place, key, **options))
        return running[-1]

    yield start
    for one in running:
        one.stop()


_FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Vũ", "Đặng", "Bùi", "Hồ", "Ngô", "Dương")
_GIVEN = ("Mẫu", "Thử Ví", "Giả Định", "Nháp", "Thí Dụ", "Tập Sự")


def people(count: int) -> list[dict[str, str]]:
    """Rows of so many people whom nobody takes for one another, each with a dose."""
    return [
        {
            "full_name": f"{_FAMILIES[i % 10]} {_GIVEN[i // 10 % 6]}",
            "phone": f"0{10_000_019 * (i + 1) % 1_000_000_000:09}",
            "date_of_birth": f"{1940 + i % 61}-{1 + i % 12:02}-{1 + i % 28:02}",
        }
        for i in range(count)
    ]


@pytest.fixture
def many(place: Place) -> Callable[[int], list[int]]:
    """So many people with a dose each in the registry; the numbers of the doses."""

    def made(count: int) -> list[int]:
        place.take(*people(count))
        with place.registry.reading() as connection:
            return list(connection.scalars(select(schema.dose.c.id).order_by(schema.dose.c.id)))

    return made
