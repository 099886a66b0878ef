"""Tables that units sent, from when they are sent up until they are taken over: a private folder for each.

    FOLDER/TOKEN/  table.xlsx     as it was sent, for the portal's user alone; gone once it is taken over
                   map.json       which column is what, where somebody said so; values.json: what texts mean
                   sheets.json    the names of its sheets
                   checked.json   how the table is understood, with its first rows: people's data, as the table is
                   state.json     how far it is, without anybody's data (`Upload`)
                   lock           held by whoever is at work on it, and let go of however that process ends

A page takes the lock, writes what is to be done into `state.json`, and starts `worker` as a process of its own that
inherits the lock; so there is never a moment at which two are at work, and nobody at all is at work where the lock is
free. What says it is being worked on while nobody is was stopped, and may be started again: an import knows its rows.
A folder is gone a day after the last thing that happened to it.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import IO, Literal

import msgspec

from portal_app.config import PortalSettings
from vaxcert import files
from vaxcert.errors import ConfigurationError, NotFoundError, Reason
from vaxcert.registry.accounts.account import Account
from vaxcert.registry.intake.importing import shown

ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods", ".parquet")
# Of one account, so that nobody fills the disk by mistake; and the seconds that a folder is kept.
MOST, KEPT = 20, 86_400
STATE, CHECKED, SHEETS, MAPPING, VALUES = "state.json", "checked.json", "sheets.json", "map.json", "values.json"
# What goes with the table.
WITH_TABLE = (CHECKED, SHEETS, MAPPING, VALUES)
_TOKEN = re.compile(r"[0-9a-f]{32}")
_NAME = 100


class UploadStage(StrEnum):
    """How far a table is."""

    CHECK = "check"  # to be looked at, or being looked at
    CHECKED = "checked"
    TAKE = "take"
    TAKEN = "taken"


class Phase(StrEnum):
    """What is being done with a table now."""

    READING = "reading"
    WAITING = "waiting"  # for another import to end
    TAKING = "taking"


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody decided of how a table is to be read: the options of the command line's import. "" for none."""

    sheet: str = ""
    dates: Literal["", "dmy", "mdy"] = ""
    legacy_font: Literal["", "tcvn3", "vni"] = ""
    series: int | None = None
    columns: dict[str, str] = {}
    ignored: tuple[str, ...] = ()


class Refusal(msgspec.Struct, frozen=True):
    """Why a table could not be read, as a reason's code and the English of it."""

    reason: str
    detail: str = ""


class Upload(msgspec.Struct, kw_only=True):
    """A table that was sent. `name`: its file's, as the registry keeps it; `account`, `actor`: who sent it.

    `done` of `rows` (0: not known yet) while `phase` is said; `run`: by which it was taken over; `at`: seconds since
    the epoch.
    """

    token: str
    account: int
    actor: str
    name: str
    ending: str
    at: float
    stage: UploadStage = UploadStage.CHECK
    choices: Choices = msgspec.field(default_factory=Choices)
    phase: Phase = Phase.READING
    done: int = 0
    rows: int = 0
    run: int | None = None
    refusal: Refusal | None = None


class WaitingTables:
    """The folder of all tables that wait."""

    def __init__(self, settings: PortalSettings) -> None:
        self._settings, self.folder = settings, settings.folder

    def place(self, one: Upload) -> Path:
        """The folder of one table."""
        return self.folder / one.token

    def table(self, one: Upload) -> Path:
        """Where the table itself lies."""
        return self.place(one) / f"table{one.ending}"

    def put(self, stream: IO[bytes], name: str, account: Account) -> Upload:
        """Keep a table. Raises `ConfigurationError` for a file of another kind, an empty one, and one too many."""
        ending = Path(name).suffix.lower()
        if ending not in ENDINGS:
            raise ConfigurationError(f"not {', '.join(ENDINGS)}", Reason.FORM_UNKNOWN)
        if len(self.of(account)) >= MOST:
            raise ConfigurationError("too many tables wait", Reason.LIMIT_REACHED)
        token = secrets.token_hex(16)
        kept = shown(name.replace("\\", "/").rsplit("/", 1)[-1])
        kept = "".join(letter for letter in kept if letter.isprintable())[-_NAME:]
        one = Upload(
            token=token, account=account.id, actor=account.actor, name=kept, ending=ending, at=time.time()
        )  # fmt: skip
        with files.writing(self.folder):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.place(one).mkdir(mode=0o700)
            descriptor = os.open(self.table(one), os.O_WRONLY | os.O_CREAT | os.O_EXCL, files.PRIVATE)
            with os.fdopen(descriptor, "wb") as out:
                shutil.copyfileobj(stream, out)
        if not self.table(one).stat().st_size:
            self.discard(one)
            raise ConfigurationError("an empty file", Reason.NOTHING_USABLE)
        save(self.place(one), one)
        return one

    def one(self, token: str, account: Account) -> Upload:
        """The table of that token, which this account sent. Raises `NotFoundError`."""
        found = read(self.folder / token) if _TOKEN.fullmatch(token) else None
        if found is None or found.account != account.id:
            raise NotFoundError("no such table waits", Reason.NO_SUCH_RECORD)
        return found

    def of(self, account: Account) -> list[Upload]:
        """The tables that an account sent, newest first."""
        found = [one for place in self._places() if (one := read(place)) is not None]
        return sorted((one for one in found if one.account == account.id), key=lambda one: one.at, reverse=True)

    def at_work(self, one: Upload) -> bool:
        """Whether a process is at work on a table."""
        try:
            files.Lock(self.place(one) / "lock").close()
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def start(self, one: Upload, stage: UploadStage) -> None:
        """Have a process check a table or take it over. Does nothing where one is at work on it."""
        place = self.place(one)
        try:
            lock = files.Lock(place / "lock")
        except BlockingIOError:
            return
        with lock:
            one.stage, one.phase, one.done, one.refusal = stage, Phase.READING, 0, None
            save(place, one)
            settings = self._settings
            process = subprocess.Popen(
                [sys.executable, "-m", "portal_app.intake.worker", str(place.resolve())],
                # Not on the command line, which everybody on the machine sees: there may be a password in it.
                env={**os.environ, "VAXCERT_DB": settings.db, "VAXCERT_REGISTRY_KEY": str(settings.key.resolve())},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
                pass_fds=(lock.fileno(),),
            )
        # Nobody waits for it; it only is not to stay behind as a name without a process.
        threading.Thread(target=process.wait, daemon=True).start()

    def discard(self, one: Upload) -> None:
        """Delete a table and all that is kept of it, unless a process is at work on it."""
        if not self.at_work(one):
            shutil.rmtree(self.place(one), ignore_errors=True)

    def clear(self) -> None:
        """Delete all that no process is at work on: of a registry that was put back to before they came."""
        for place in self._places():
            if (one := read(place)) is not None:
                self.discard(one)

    @contextlib.contextmanager
    def scratch(self) -> Iterator[Path]:
        """A private folder for a moment; one that a killed process left is swept as tables are."""
        place = self.folder / secrets.token_hex(16)
        with files.writing(self.folder):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            place.mkdir(mode=0o700)
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def sweep(self) -> None:
        """Delete what nobody did anything with for a day."""
        for place in self._places():
            with contextlib.suppress(OSError):
                known = place / STATE
                last = (known if known.exists() else place).stat().st_mtime
                if time.time() - last > KEPT:
                    files.Lock(place / "lock").close()
                    shutil.rmtree(place)

    def _places(self) -> Iterator[Path]:
        if self.folder.is_dir():
            yield from (place for place in self.folder.iterdir() if _TOKEN.fullmatch(place.name))


def read(place: Path) -> Upload | None:
    """The state that stands in a folder, or None where there is none."""
    try:
        return msgspec.json.decode((place / STATE).read_bytes(), type=Upload)
    except (OSError, msgspec.MsgspecError):
        return None


def save(place: Path, one: Upload) -> None:
    """Keep a state, whole or not at all; for whoever holds the lock."""
    with files.writing(place):
        files.write_whole(place / STATE, (msgspec.json.encode(one),), mode=files.PRIVATE)
