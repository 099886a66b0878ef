"""Clearing a published folder of what no verifier asks for any more.

A verifier that has just read the timestamp before the last may still be fetching what it led to: that stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from tuf.api.exceptions import StorageError
from tuf.api.metadata import Metadata, Targets
from tuf.api.serialization import DeserializationError

from vaxcert.errors import ConfigurationError, Reason

_VERSIONED = re.compile(r"(\d+)\.(snapshot|targets)\.json", re.ASCII)
_HASHED = re.compile(r"[0-9a-f]{64}\..+", re.ASCII)


def clear(out: Path, versions: Mapping[str, int]) -> None:
    """Remove what is older than the publication before the last; `versions` are those of the last.

    Only files named as ours are touched. Raises `ConfigurationError`, which names the file that cannot be removed.
    """
    try:
        _clear(out, versions)
    except OSError as error:
        told = f"{error.filename}: {error.strerror or 'cannot be removed'}"
        raise ConfigurationError(told, Reason.NOT_WRITABLE) from None


def _clear(out: Path, versions: Mapping[str, int]) -> None:
    needed: set[Path] = set()
    for version in (versions["targets"], versions["targets"] - 1):
        try:
            signed = Metadata[Targets].from_file(str(out / "metadata" / f"{version}.targets.json")).signed
        except (StorageError, DeserializationError):
            continue
        needed.update(
            out / "targets" / path for target in signed.targets.values() for path in target.get_prefixed_paths()
        )
    for path in (out / "metadata").iterdir():
        found = _VERSIONED.fullmatch(path.name)
        if found and int(found[1]) < versions[found[2]] - 1:
            path.unlink()
    for folder in (out / "targets", out / "targets" / "revoked", out / "targets" / "rules", out / "targets" / "pages"):
        for path in folder.glob("*"):
            if path not in needed and path.is_file() and _HASHED.fullmatch(path.name):
                path.unlink()
