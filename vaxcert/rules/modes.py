"""Which rules there are to switch between: of a place's own files, of those that come with vaxcert, or of the list."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from vaxcert import files
from vaxcert.errors import NotFoundError
from vaxcert.rules.base import Rules
from vaxcert.rules.policies import loading
from vaxcert.trust import TrustStore


def at(place: str) -> dict[str, Rules]:
    """The rules of a file, of a folder, or of a name that comes with vaxcert, by mode. They are not signed.

    Raises `ConfigurationError`.
    """
    path = Path(place)
    if path.exists():
        return dict(loading.load(path))
    if place in loading.ready_names():
        return {place: loading.ready(place)}
    ready = ", ".join(loading.ready_names())
    raise NotFoundError(f"{place}: no such file or folder, and no policy that comes with vaxcert ({ready})")


def published(trust: TrustStore) -> dict[str, Rules]:
    """The rules that came with a synced list, signed, by mode. Raises `ConfigurationError`, which names the file."""
    return dict(parsed(trust.rules, signed=True))


def parsed(contents: Mapping[str, bytes], *, signed: bool) -> dict[str, Rules]:
    """Files of policies, by their names, as rules by mode. Raises `ConfigurationError`, which names the file."""
    found: dict[str, Rules] = {}
    for name, content in sorted(contents.items()):
        if name.endswith(".toml"):
            text = files.decode_text(content, Path(name))
            mode = name.removesuffix(".toml")
            found[mode] = loading.parse(text, mode, signed=signed, place=name)
    return found
