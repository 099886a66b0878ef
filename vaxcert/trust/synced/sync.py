"""Bringing a store up to date: all of a publication is staged and checked, and then in use in one step.

source ─TUF client→ gen-…part: metadata, targets ─ nothing withdrawn is forgotten ─ opened as it will be ─fsync→
gen-… ─rename→ current

Killed at any moment it leaves what was in use before, or what is new. The TUF client refuses what is older, mixed,
tampered with or expired, but writes in place; so it works on a copy.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import TargetFile
from tuf.ngclient import FetcherInterface, Updater

from vaxcert.errors import ConfigurationError, Reason
from vaxcert.files import HAS_LOCKS, Lock, flush, writing
from vaxcert.trust import revocation
from vaxcert.trust.revocation import Source
from vaxcert.trust.synced import repository
from vaxcert.trust.synced.fetch import Counted, fetcher_for
from vaxcert.trust.synced.listing import decode
from vaxcert.trust.synced.refusing import refusing
from vaxcert.trust.synced.remembering import link, remember
from vaxcert.trust.synced.repository import CURRENT, GENERATION, LIST, MARK, PAGES, REVOKED, RULES, Loaded
from vaxcert.verdict import Environment

# What a publisher may ask a checkpoint's device to hold.
_MOST_BYTES, _MOST_FILES = 1 << 30, 2_000
_SUFFIX = ".part"


class Synced(NamedTuple):
    """What a sync brought. `changed`: whether another publication is in use than before."""

    loaded: Loaded
    changed: bool


def sync(
    source: str | os.PathLike[str],
    into: str | os.PathLike[str],
    *,
    root: bytes | None = None,
    environment: Environment | str | None = None,
    allow_private: bool = False,
    now: datetime | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Synced:
    """Bring the store in the folder `into` up to date with what is published at `source`, a URL or a folder.

    `root`: the publisher's root metadata, got by a way that is trusted; needed the first time, and refused later,
    since a store follows the chain of roots that it began with. `environment`: refuse a publication of another one.
    `progress` is called with the bytes that have come so far.
    Raises `ConfigurationError` for whatever is wrong with either; then the store is as it was.
    """
    folder = Path(into)
    moment = now or datetime.now(UTC)
    wanted = None if environment is None else Environment.declared(environment)
    fetcher, base = fetcher_for(source, allow_private=allow_private)
    with _locked(folder):
        before = repository.load(folder) if repository.is_store(folder) and _in_use(folder) else None
        if before is None and root is None:
            raise ConfigurationError(
                "the first sync needs the publisher's root: --root FILE, got by a way that you trust",
                Reason.SIGNATURE_UNASKED,
            )
        if before is not None and root is not None:
            raise ConfigurationError(f"{folder} is in use already and follows its own root; sync it without --root")
        old = None if before is None else (folder / CURRENT).resolve()
        staged = _stage(folder, old)
        try:
            with writing(folder), refusing():
                _fetch(staged, old, Counted(fetcher, progress), base, root, moment)
                listing = decode((staged / "targets" / LIST).read_bytes())
                expected = listing.environment if before is None else before.listing.environment
                if listing.environment != expected or listing.environment != (wanted or expected):
                    raise ConfigurationError(
                        f"a publication for {listing.environment}, which this store is not", Reason.ENVIRONMENT_DIFFERS
                    )
                loaded = remember(staged, before, os.fspath(source))
                if before is not None and loaded.metadata == before.metadata and loaded.state.kept == before.state.kept:
                    shutil.rmtree(staged)
                    return Synced(before, changed=False)
                generation = _switch(folder, staged)
        except BaseException:
            _drop(staged)
            raise
        _tidy(folder)
    return Synced(loaded._replace(generation=generation), changed=True)


def _in_use(folder: Path) -> bool:
    """Whether a sync has ever ended here. The mark says so too: a store that lost all else is not begun anew."""
    return (folder / CURRENT).is_symlink() or (folder / MARK).stat().st_size > 0


def _locked(folder: Path) -> Lock:
    if not HAS_LOCKS:
        raise ConfigurationError("syncing needs a system with file locks (Linux, macOS)", Reason.COMPONENT_MISSING)
    with writing(folder):
        if folder.exists() and not repository.is_store(folder) and any(folder.iterdir()):
            raise ConfigurationError(f"{folder}: neither empty nor a synced store", Reason.ALREADY_THERE)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MARK).touch()
        try:
            return Lock(folder / MARK)
        except BlockingIOError:
            raise ConfigurationError(f"{folder}: another sync is at work there", Reason.IN_USE) from None


def _stage(folder: Path, old: Path | None) -> Path:
    # Somebody's copy of a generation may stand beside them, by a name that is no number.
    found = [entry.name[len(GENERATION) :].removesuffix(_SUFFIX) for entry in folder.glob(f"{GENERATION}*")]
    number = 1 + max((int(name) for name in found if name.isdecimal()), default=0)
    staged = folder / f"{GENERATION}{number:08d}{_SUFFIX}"
    try:
        with writing(folder):
            for left in folder.glob(f"{GENERATION}*{_SUFFIX}" if old is not None else f"{GENERATION}*"):
                shutil.rmtree(left)
            staged.mkdir()
            if old is not None:
                shutil.copytree(old / "metadata", staged / "metadata", symlinks=True)
    except ConfigurationError:
        _drop(staged)
        raise
    return staged


def _fetch(
    staged: Path, old: Path | None, fetcher: FetcherInterface, base: str, root: bytes | None, now: datetime
) -> None:
    """Fetch all metadata, and each target that a store knows what to do with: others are for later versions."""
    metadata = staged / "metadata"
    metadata.mkdir(exist_ok=True)
    updater = Updater(
        str(metadata),
        f"{base}metadata/",
        str(staged / "targets"),
        f"{base}targets/",
        fetcher=fetcher,
        bootstrap=root,
    )
    # Its own clock is the machine's, read when it is made; ours is the one that we were given.
    updater._trusted_set.reference_time = now
    updater.refresh()
    targets = repository.read_metadata(metadata).targets
    repository.check_rules(
        {name.removeprefix(RULES): one.length for name, one in targets.items() if name.startswith(RULES)}
    )
    wanted = [one for name, one in targets.items() if name == LIST or name.startswith((REVOKED, RULES, PAGES))]
    if len(wanted) > _MOST_FILES or sum(one.length for one in wanted) > _MOST_BYTES:
        raise ConfigurationError("more is published than a store holds", Reason.TOO_LARGE)
    for target in wanted:
        path = staged / "targets" / target.path
        if target.path.startswith(REVOKED):
            Source.of(target.path.removeprefix(REVOKED))
        if old is None or not _reuse(old / "targets" / target.path, path, target):
            updater.download_target(target, str(path))
            if target.path.startswith(REVOKED):
                revocation.check_sorted(path)


def _reuse(there: Path, path: Path, target: TargetFile) -> bool:
    try:
        with there.open("rb") as stream:
            target.verify_length_and_hashes(stream)
    except (OSError, RepositoryError):
        return False
    link(there, path)
    return True


def _switch(folder: Path, staged: Path) -> str:
    for place, _, files in os.walk(staged):
        for name in files:
            # Nothing in it is secret, and who verifies is often not who syncs; the client makes its files private.
            (Path(place) / name).chmod(0o644)
            flush(Path(place) / name)
        flush(Path(place))
    generation = staged.with_name(staged.name.removesuffix(_SUFFIX))
    staged.rename(generation)
    flush(folder)
    beside = folder / f".{CURRENT}"
    beside.unlink(missing_ok=True)
    beside.symlink_to(generation.name)
    beside.replace(folder / CURRENT)
    if not (folder / MARK).stat().st_size:
        (folder / MARK).write_text("in use\n")
        flush(folder / MARK)
    flush(folder)
    return generation.name


def _tidy(folder: Path) -> None:
    """Remove earlier generations but the last: a verifier may just be opening it."""
    current = (folder / CURRENT).resolve()
    older = sorted(entry for entry in folder.glob(f"{GENERATION}*") if entry.is_dir() and entry != current)
    for entry in older[:-1]:
        _drop(entry)


def _drop(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
