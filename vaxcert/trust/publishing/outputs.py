"""The folder that a workspace publishes into: what is never put there, and what it shows already."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tuf.api.exceptions import StorageError
from tuf.api.metadata import Metadata
from tuf.api.serialization import DeserializationError

from vaxcert.errors import ConfigurationError, DamagedError, Reason
from vaxcert.names import printable
from vaxcert.trust import pem

WORKSPACE_MARK = "publisher.json"
_PRIVATE_SUFFIXES = frozenset((".key", ".p8", ".pk8", ".p12", ".pfx"))
# A private key, however it is wrapped, is some kB of text.
_MAX_KEY = 1 << 20
# Of our own making: what is signed, and lists of hashes by the megabyte.
_OURS = re.compile(r"[0-9a-f]{64}\.(trust\.json|.+\.bin)|(\d+\.)?(root|targets|snapshot|timestamp)\.json", re.ASCII)
_VERSIONED = re.compile(r"(\d+)\.(root|snapshot|targets)\.json", re.ASCII)


def check_apart(out: Path, workspace: Path) -> None:
    """Raise `ConfigurationError` for a folder to be served to everybody that is, holds or lies in a workspace, or holds
    private keys."""
    served, private = out.resolve(), workspace.resolve()
    if served == private:
        raise ConfigurationError(
            f"{out}: is the workspace, with the private keys; publish into a folder of its own",
            Reason.PRIVATE_KEY_PRESENT,
        )
    if private in served.parents or any((folder / WORKSPACE_MARK).exists() for folder in (served, *served.parents)):
        raise ConfigurationError(
            f"{out}: lies in a publisher's workspace; publish into a folder outside it", Reason.PRIVATE_KEY_PRESENT
        )
    if served in private.parents:
        raise ConfigurationError(
            f"{out}: holds the workspace, with the private keys; publish into a folder beside it",
            Reason.PRIVATE_KEY_PRESENT,
        )
    try:
        for path in _files(served):
            if path.name == WORKSPACE_MARK:
                raise ConfigurationError(
                    f"{out}: holds a publisher's workspace; publish into a folder of its own",
                    Reason.PRIVATE_KEY_PRESENT,
                )
            if path.suffix.lower() in _PRIVATE_SUFFIXES or _is_private(path):
                raise ConfigurationError(
                    f"{out}: holds a private key ({printable(path.name)}), which would be served to everybody",
                    Reason.PRIVATE_KEY_PRESENT,
                )
    except OSError as error:
        raise ConfigurationError(
            f"{error.filename or out}: {error.strerror or 'cannot be read'}", Reason.NOT_READABLE
        ) from None


def _files(folder: Path) -> Iterator[Path]:
    # A web server follows links to folders too; one that leads back is gone into once.
    seen = set()
    for place, folders, files in os.walk(folder, followlinks=True):
        real = os.path.realpath(place)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        yield from (Path(place) / name for name in files)


def _is_private(path: Path) -> bool:
    if _OURS.fullmatch(path.name) or not path.is_file() or path.stat().st_size > _MAX_KEY:
        return False
    return pem.PRIVATE in path.read_bytes()


def shown(out: Path) -> dict[str, int]:
    """The version of each role that verifiers are led to by what is published in a folder; empty where nothing is.

    Nothing is believed of it but that it is there. Raises `ConfigurationError` where the numbers cannot be told.
    """
    metadata = out / "metadata"
    if not (metadata / "timestamp.json").exists():
        return {}
    timestamp = read(metadata / "timestamp.json").signed
    versions = {"timestamp": int(timestamp.version), "snapshot": int(timestamp.snapshot_meta.version)}
    led_to = metadata / f"{versions['snapshot']}.snapshot.json"
    if led_to.exists():
        versions["targets"] = int(read(led_to).signed.meta["targets.json"].version)
    for path in metadata.iterdir():
        found = _VERSIONED.fullmatch(path.name)
        # What a publication that was stopped has left behind leads nowhere; of a lost one the names are all there is.
        if found and (found[2] == "root" or (found[2] == "targets" and not led_to.exists())):
            versions[found[2]] = max(versions.get(found[2], 0), int(found[1]))
    return versions


def assure_ahead(out: Path, workspace: Path, versions: Mapping[str, int]) -> None:
    """Raise `ConfigurationError` where verifiers have seen more than a workspace remembers, as after a backup's return.

    By numbers that are given twice old verifiers would miss what is new, and new ones what was old.
    """
    there = shown(out)
    for version in range(1, min(there.get("root", 0), versions.get("root", 0)) + 1):
        ours, theirs = (folder / "metadata" / f"{version}.root.json" for folder in (workspace, out))
        if theirs.exists() and ours.exists() and theirs.read_bytes() != ours.read_bytes():
            raise DamagedError(
                f"{out}: what is published there follows another root ({version}) than this workspace; if it was put "
                "back from a copy: `vaxcert trust publish --recover`, else publish into another folder",
                Reason.ROLLED_BACK,
            )
    for role, version in there.items():
        if versions.get(role, 0) < version:
            raise DamagedError(
                f"{out}: shows {role} {version}, and the last of this workspace is {versions.get(role, 0)}: it was put "
                "back from a copy. `vaxcert trust publish --recover` takes over what is published and goes on above it",
                Reason.ROLLED_BACK,
            )


def read(path: Path) -> Metadata[Any]:
    """A file of metadata, nothing of which is checked. Raises `ConfigurationError`."""
    try:
        return Metadata.from_file(str(path))
    except (StorageError, DeserializationError):
        raise DamagedError(f"{path}: missing or damaged") from None


def _private(told: str) -> ConfigurationError:
    return ConfigurationError(told, Reason.PRIVATE_KEY_PRESENT)
