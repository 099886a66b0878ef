"""What a run remembers while it is under way: a folder beside the archive that only its owner may open.

.certificates.zip.run/
    run.json        what the run pins, its secret and when it began
    00000000.zip    blocks that are done, and their lines of the manifest
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vaxcert.errors import ConfigurationError


class RunFile:
    """The folder of one run. `pins` is compared with what an earlier, stopped run pinned.

    Raises `ConfigurationError` where they differ (another table would get this one's certificates), where the run is
    under way elsewhere, or the folder cannot be written.
    """

    def __init__(self, out: Path, pins: dict[str, Any], *, now: datetime) -> None:
        self.folder = out.with_name(f".{out.name}.run")
        self._lock: int | None = None
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            self._lock = self._locked()
            self.resumed = (self.folder / "run.json").exists()
            state = self._state(pins, now)
        except OSError as error:
            self.close()
            raise ConfigurationError(f"{self.folder}: {error.strerror}") from None
        except ConfigurationError:
            self.close()
            raise
        self.secret = bytes.fromhex(state["secret"])
        self.moment = datetime.fromisoformat(state["began_at"])

    def _state(self, pins: dict[str, Any], now: datetime) -> dict[str, Any]:
        path = self.folder / "run.json"
        if self.resumed:
            try:
                state: dict[str, Any] = json.loads(path.read_text("utf-8"))
                differs = sorted(name for name in pins | state["pins"] if pins.get(name) != state["pins"].get(name))
            except (ValueError, KeyError, TypeError, AttributeError):
                raise ConfigurationError(f"{path}: damaged; delete the folder to begin anew") from None
            if differs:
                raise ConfigurationError(
                    f"{self.folder} holds a run that was stopped, with another {', '.join(differs)}: finish it with "
                    "the same command, or delete the folder to begin anew"
                )
            return state
        moment = now.astimezone(UTC).replace(microsecond=0)
        state = {"pins": pins, "secret": os.urandom(32).hex(), "began_at": moment.isoformat()}
        beside = self.folder / ".run.json"
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(state, stream, indent=1)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
        return state

    def _locked(self) -> int | None:
        # Windows has no such lock; there two runs at once are the operator's to avoid.
        try:
            import fcntl
        except ImportError:
            return None
        lock = os.open(self.folder / "lock", os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            raise ConfigurationError(f"{self.folder}: another run is at work there") from None
        return lock

    def close(self) -> None:
        """Let go of the folder; what is in it stays."""
        if self._lock is not None:
            with contextlib.suppress(OSError):
                os.close(self._lock)
            self._lock = None

    def remove(self) -> None:
        """The run is over: its secret and its blocks go."""
        self.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def sha256_of(path: Path) -> str:
    """Of a file's bytes. Raises `ConfigurationError` where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}") from None


@contextlib.contextmanager
def closing(run: RunFile) -> Iterator[RunFile]:
    """Let go of the folder however the run ends."""
    try:
        yield run
    finally:
        run.close()
