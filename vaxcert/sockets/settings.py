"""What a process that listens at a socket is told at its start: a TOML file, and users and groups by their names."""

from __future__ import annotations

import grp
import pwd
import tomllib
from pathlib import Path
from typing import TypeVar

import msgspec

from vaxcert import files
from vaxcert.errors import ConfigurationError, DamagedError

Settings = TypeVar("Settings", bound=msgspec.Struct)


def load(path: Path, kind: type[Settings]) -> Settings:
    """Read the settings from a file. Raises `ConfigurationError`, which names what is wrong and quotes no value."""
    text = files.read_text(path)
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise DamagedError(f"{path}: not a TOML file") from None
    try:
        return msgspec.convert(told, kind, dec_hook=_path)
    except ConfigurationError as error:
        raise ConfigurationError(f"{path}: {error.detail}") from None
    except msgspec.ValidationError as error:
        # It says which setting, and of what type it is; no value.
        raise ConfigurationError(f"{path}: {error}") from None


def user_id(named: str | int) -> int:
    """The id of a user of `peers`. Raises `ConfigurationError` for one that this machine does not know."""
    if isinstance(named, int):
        return named
    try:
        return pwd.getpwnam(named).pw_uid
    except KeyError:
        raise ConfigurationError(f"peers: {named}: no such user on this machine") from None


def group_id(named: str | int | None) -> int | None:
    """The id of `group`, None where none is named. Raises `ConfigurationError` for one that is not known here."""
    if named is None or isinstance(named, int):
        return named
    try:
        return grp.getgrnam(named).gr_gid
    except KeyError:
        raise ConfigurationError(f"group: {named}: no such group on this machine") from None


def _path(kind: type, value: object) -> Path:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise TypeError
