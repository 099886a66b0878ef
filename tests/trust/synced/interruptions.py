"""Syncs that are cut off, in processes of their own: killed at any moment, without room, without leave to write.

    python interruptions.py killed|every-step|full|read-only WORLD

WORLD holds `old` and `new` (published folders, 1 and 2), `root.json`, and `moment` (ISO 8601). Prints JSON. A script, since
it forks: a process with threads of its own must not.
"""

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal

from vaxcert.errors import ConfigurationError
from vaxcert.trust.synced import repository
from vaxcert.trust.synced.sync import sync

World = tuple[Path, datetime]
NOBODY = 65534


def bring(world: World, which: str, into: Path, *, first: bool = False) -> None:
    folder, moment = world
    sync(folder / which, into, root=(folder / "root.json").read_bytes() if first else None, now=moment)


def in_a_child(work: Callable[[], None]) -> int:
    """Fork, and the child's process id; it ends with status 0, or 1 for `ConfigurationError`."""
    child = os.fork()
    if child:
        return child
    status = 2
    try:
        work()
        status = 0
    except ConfigurationError:
        status = 1
    finally:
        os._exit(status)


def ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def version(store: Path) -> int | None:
    """Of the store as it opens, None where it was never used; any other trouble is an exception."""
    mark = store / "vaxcert-store"
    if not os.path.lexists(store / "current") and (not mark.exists() or not mark.stat().st_size):
        return None
    loaded = repository.load(store)
    hashes = [sorted(loaded.revocations.counts().values())[-1], len(loaded.keys)]
    if hashes != [[1, 1], [4_001, 2]][loaded.metadata.version - 1]:
        raise AssertionError(f"version {loaded.metadata.version} with {hashes}")
    return loaded.metadata.version


def fresh(world: World, *, first: bool) -> Path:
    """A store of the old publication, or none yet."""
    store = world[0] / "store"
    shutil.rmtree(store, ignore_errors=True)
    if not first:
        shutil.copytree(world[0] / "synced", store, symlinks=True)
    return store


def killed(world: World) -> Any:
    """Kill 9 at random moments; what the store was afterwards, counted."""
    seen: dict[str, Counter[int | None]] = {}
    for first in (False, True):
        which = "old" if first else "new"
        began = time.perf_counter()
        ended(in_a_child(partial(bring, world, which, fresh(world, first=first), first=first)))
        lasts = time.perf_counter() - began
        counter = seen[which] = Counter()
        source = random.Random(20260615)
        turn = 0
        # On a busy machine a sync may take longer than the one that was timed: then the moments are spread wider.
        while turn < 200 or (len(counter) < 2 and turn < 1_000):
            turn += 1
            if turn > 100 and len(counter) < 2:
                lasts *= 1.05
            store = fresh(world, first=first)
            child = in_a_child(partial(bring, world, which, store, first=first))
            time.sleep(source.uniform(0, 1.2 * lasts))
            os.kill(child, signal.SIGKILL)
            ended(child)
            found = version(store)
            counter[found] += 1
            if turn % 10 == 0:
                bring(world, which, store, first=found is None)
                assert version(store) == (1 if first else 2)
    return {which: {str(found): number for found, number in counter.items()} for which, counter in seen.items()}


# What changes a disk, and what Python tells an audit hook before it does so.
STEPS = frozenset(
    ("open", "os.rename", "os.mkdir", "os.symlink", "os.link", "os.remove", "os.rmdir", "os.truncate", "os.chmod")
)


def every_step(world: World) -> Any:
    """Killed right before each operation on files, one after the other until it comes to its end."""
    seen: dict[str, list[int | None]] = {}
    for first in (False, True):
        which = "old" if first else "new"
        found = seen[which] = []
        status = -1
        while status:
            store = fresh(world, first=first)
            child = in_a_child(partial(_bring_until, world, which, store, first, len(found)))
            status = ended(child)
            assert status in (0, -signal.SIGKILL), status
            found.append(version(store))
            if len(found) % 10 == 0:
                bring(world, which, store, first=found[-1] is None)
    return seen


def _bring_until(world: World, which: str, store: Path, first: bool, steps: int) -> None:
    left = [steps]

    def hook(event: str, _: Any) -> None:
        if event in STEPS:
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1

    sys.addaudithook(hook)
    bring(world, which, store, first=first)


def full(world: World) -> Any:
    """On a disk with too little room, or where none may be made, with files that may not grow."""
    outcome: list[tuple[int, int | None]] = []
    room = world[0] / "small"
    for size in (8, 16, 32, 48, 64, 96, 128, 256, 1024):
        shutil.rmtree(room, ignore_errors=True)
        room.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={size + 96}k", "none", str(room)]
        is_disk = subprocess.run(command, capture_output=True).returncode == 0
        try:
            shutil.copytree(world[0] / "synced", room / "store", symlinks=True)

            def work(size: int = size, is_disk: bool = is_disk) -> None:
                if not is_disk:
                    resource.setrlimit(resource.RLIMIT_FSIZE, (size * 512, size * 512))
                bring(world, "new", room / "store")

            status = ended(in_a_child(work))
            left = list((room / "store").glob("*.part"))
            assert not left, left
            outcome.append((status, version(room / "store")))
        finally:
            if is_disk:
                subprocess.run(["umount", str(room)], check=True)
    return outcome


def read_only(world: World) -> Any:
    """As somebody who may read the store but not write it, as a sync leaves it and then as its owner protects it."""
    store = fresh(world, first=False)
    os.umask(0o077)
    bring(world, "new", store)
    for path in (store, *store.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    read = ended(in_a_child(partial(_read, store)))
    for path in (store, *store.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o555 if path.is_dir() else 0o444)

    def work(first: bool, into: Path) -> None:
        if os.geteuid() == 0:
            os.setegid(NOBODY)
            os.seteuid(NOBODY)
        bring(world, "old" if first else "new", into, first=first)

    outcomes = [ended(in_a_child(lambda: work(False, store))), ended(in_a_child(lambda: work(True, store / "below")))]
    return [read, *outcomes, version(store)]


def _read(store: Path) -> None:
    if os.geteuid() == 0:
        os.setegid(NOBODY)
        os.seteuid(NOBODY)
    assert version(store) == 2


def main(what: Literal["killed", "every-step", "full", "read-only"], folder: Path) -> None:
    world = folder, datetime.fromisoformat((folder / "moment").read_text())
    bring(world, "old", folder / "synced", first=True)
    assert version(folder / "synced") == 1
    work = {"killed": killed, "every-step": every_step, "full": full, "read-only": read_only}[what]
    sys.stdout.write(json.dumps(work(world)))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))  # type: ignore[arg-type]
