"""What a run remembers while it is under way: a folder beside the archive that only its owner may open.

.certificates.zip.run/
    run.json             what the run pins, how its table was understood, its secret and when it began
    00000000.rejects     of each part, what the check found (made anew each time)
    00000000.stated
    00000000.zip         blocks that are done
    logged, packed.*     marks of what has left the folder
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from vaxcert import files
from vaxcert.batch.order import BLOCK, Order
from vaxcert.errors import ConfigurationError, DamagedError, Reason
from vaxcert.tables.survey import Survey
from vaxcert.tables.table import Table


class RunFile:
    """The folder of one run. `pins` is compared with what an earlier, stopped run pinned.

    Raises `ConfigurationError` where they differ (another table would get this one's certificates), where the run is
    under way elsewhere, or the folder cannot be written.
    """

    def __init__(self, out: Path, pins: dict[str, Any], *, now: datetime) -> None:
        self.folder: Path = self.folder_of(out)
        self.pins = pins
        self._lock: files.Lock | None = None
        try:
            with files.writing(self.folder):
                self.folder.mkdir(mode=0o700, exist_ok=True)
                self._lock = self._locked()
                self.resumed: bool = (self.folder / "run.json").exists()
                state = self._state(pins, now)
        except ConfigurationError:
            self.close()
            raise
        self.moment: datetime = datetime.fromisoformat(state["began_at"])

    @staticmethod
    def folder_of(out: Path) -> Path:
        """Where the folder of a run is."""
        return out.with_name(f".{out.name}.run")

    def once(self, mark: str, action: Callable[[], None]) -> None:
        """Do something that a run which goes on does not do again."""
        if not (self.folder / mark).exists():
            action()
            (self.folder / mark).touch()

    def _state(self, pins: dict[str, Any], now: datetime) -> dict[str, Any]:
        path = self.folder / "run.json"
        if self.resumed:
            try:
                state: dict[str, Any] = json.loads(path.read_text("utf-8"))
                differs = sorted(name for name in pins | state["pins"] if pins.get(name) != state["pins"].get(name))
            except (ValueError, KeyError, TypeError, AttributeError):
                raise DamagedError(f"{path}: damaged; delete the folder to begin anew") from None
            if differs:
                raise ConfigurationError(
                    f"{self.folder} holds a run that was stopped, with another {', '.join(differs)}: finish it with "
                    "the same command, or delete the folder to begin anew",
                    Reason.UNFINISHED,
                )
            return state
        moment = now.astimezone(UTC).replace(microsecond=0)
        state = {"pins": pins, "secret": os.urandom(32).hex(), "began_at": moment.isoformat()}
        files.write_whole(path, (json.dumps(state, indent=1).encode(),), mode=files.PRIVATE)
        return state

    def _locked(self) -> files.Lock | None:
        # Windows has no such lock; there two runs at once are the operator's to avoid.
        if not files.HAS_LOCKS:
            return None
        try:
            return files.Lock(self.folder / "lock")
        except BlockingIOError:
            raise ConfigurationError(f"{self.folder}: another run is at work there", Reason.IN_USE) from None

    def close(self) -> None:
        """Let go of the folder; what is in it stays."""
        if self._lock is not None:
            self._lock.close()

    def remove(self) -> None:
        """Remove the folder of a run that is over: its secret and its blocks go."""
        self.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def secret_of(folder: Path) -> bytes:
    """The secret of the run whose folder it is. Raises `ConfigurationError`."""
    return bytes.fromhex(_kept(folder)["secret"])


def moment_of(folder: Path) -> datetime:
    """When the run began whose folder it is. Raises `ConfigurationError`."""
    return datetime.fromisoformat(_kept(folder)["began_at"])


def names_of(folder: Path) -> str:
    """What the pictures of the run are named by whose folder it is. Raises `ConfigurationError`."""
    return _kept(folder)["names"]


def _kept(folder: Path) -> dict[str, str]:
    try:
        with files.reading(folder):
            state = json.loads((folder / "run.json").read_text("utf-8"))
            told = {name: str(state[name]) for name in ("secret", "began_at")}
            return told | {"names": str(state["pins"]["names"])}
    except (ValueError, KeyError, TypeError):
        raise DamagedError(f"{folder}: damaged; delete the folder to begin anew") from None


def sha256_of(*paths: Path) -> str:
    """The SHA-256 of a file's bytes; of several files, over their names and hashes. Raises `ConfigurationError`."""
    hashes = []
    for path in paths:
        with files.reading(path):
            hashes.append(files.sha256_of(path))
    if len(hashes) == 1:
        return hashes[0]
    named = (f"{one} {path.name}\n" for one, path in zip(hashes, paths, strict=True))
    return hashlib.sha256("".join(named).encode()).hexdigest()


def pins_of(order: Order, table: Table, understood: Survey, kid: str) -> dict[str, object]:
    """What a run may not change when it is gone on with, by name. `kid`: of the key that signs, as hex."""
    return {
        "table": sha256_of(*table.files),
        "columns": understood.kept(),
        "mapping": None if order.mapping is None else sha256_of(order.mapping),
        "reading": msgspec.to_builtins(order.reading),
        "key": kid,
        "authority": order.authority,
        "site": order.site,
        # Of runs that were begun before there was another format nothing else is said.
        **({} if order.format == "hcert" else {"format": order.format, "address": order.address}),
        "validity": order.valid_for.total_seconds(),
        "pictures": order.pictures,
        "level": order.level,
        "mask": order.mask,
        "scale": order.scale,
        "sheets": order.sheets,
        "template": None if order.template is None else sha256_of(order.template),
        "names": order.names,
        "shards": order.shards,
        "block": BLOCK,
    }


@contextlib.contextmanager
def closing(run: RunFile) -> Iterator[RunFile]:
    """Let go of the folder however the run ends."""
    try:
        yield run
    finally:
        run.close()
