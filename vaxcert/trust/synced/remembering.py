"""What a store remembers from one publication to the next: revocations that were forgotten, and the newest time."""

from __future__ import annotations

import heapq
import shutil
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import msgspec

from vaxcert.files import sha256_of, write_whole
from vaxcert.trust import revocation
from vaxcert.trust.revocation import Source
from vaxcert.trust.synced import repository
from vaxcert.trust.synced.repository import KEPT, Loaded, State


def remember(staged: Path, before: Loaded | None, source: str) -> Loaded:
    """Keep what the new publication says no more, and the newest time ever seen; return the generation, opened."""
    metadata = repository.read_metadata(staged / "metadata")
    state = State(newest=metadata.published_at, source=source)
    _write_state(staged, state)
    new = repository.load_generation(staged)
    if before is None:
        return new
    known = {(path.name, path.stat().st_size): path for _, path in new.sources}
    kept = {}
    for one, path in before.sources:
        same = known.get((path.name, path.stat().st_size))
        if same is not None and (same.samefile(path) or sha256_of(same) == sha256_of(path)):
            continue
        if any(new.revocations.latest(one.kind, wanted) < one.number for wanted in _left_out(one, path, new)):
            _keep(path, staged / KEPT / path.name)
            kept[path.name] = sha256_of(staged / KEPT / path.name)
    newest = state.newest
    if metadata.timestamp_keys == before.metadata.timestamp_keys:
        # What a key that was replaced has said of the time does not count any more: it may have been in wrong hands.
        newest = max(newest, before.state.newest)
    remembered = State(newest=newest, source=source, kept=kept)
    if remembered == state:
        return new
    _write_state(staged, remembered)
    return repository.load_generation(staged)


def _keep(there: Path, path: Path) -> None:
    """Keep a list under its name. Lists of one name, of publications that forgot one another, become one list."""
    if path.exists():
        write_whole(path, (one for one, _ in groupby(heapq.merge(revocation.read(there), revocation.read(path)))))
    else:
        link(there, path)


def _left_out(one: Source, path: Path, new: Loaded) -> Iterator[bytes]:
    """The hashes of a list that are not in the new base, both read once from front to back."""
    base = next(
        (
            there
            for source, there in new.sources
            if source.is_base and source.kind == one.kind and source.number >= one.number
        ),
        None,
    )
    there = iter(() if base is None else revocation.read(base))
    last = next(there, None)
    for wanted in revocation.read(path):
        while last is not None and last < wanted:
            last = next(there, None)
        if last != wanted:
            yield wanted


def _write_state(staged: Path, state: State) -> None:
    (staged / "state.json").write_bytes(msgspec.json.encode(state))


def link(there: Path, path: Path) -> None:
    """Have a file under another name too. Files of a generation are never changed, so it may well be the same one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.hardlink_to(there)
    except OSError:
        shutil.copyfile(there, path)
