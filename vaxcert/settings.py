"""What an app is told at its start: by variables of the environment, else by a TOML file that one of them names."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vaxcert import files
from vaxcert.errors import ConfigurationError, DamagedError, NotFoundError, Reason

MAX_FILE = 100_000


class GivenSettings:
    """Where a value is said, and how it is read: a variable, else the file.

    `names`: of each variable, what the file calls it. What is said wrongly raises `ConfigurationError`, which names
    the place and never quotes the value: it may be a secret.
    """

    def __init__(self, variables: Mapping[str, str], file: Mapping[str, Any], names: Mapping[str, str]) -> None:
        self._variables, self._file, self._names = variables, file, names

    @classmethod
    def of(cls, variables: Mapping[str, str] | None, names: Mapping[str, str], *, config: str) -> GivenSettings:
        """From the environment, or what stands in for it, and the file that the variable `config` names."""
        variables = os.environ if variables is None else variables
        file = _file(Path(variables[config]), names) if config in variables else {}
        return cls(variables, file, names)

    def text(self, variable: str, default: str = "") -> tuple[str, str]:
        """The value, and the name to complain about."""
        if variable in self._variables:
            return self._variables[variable], variable
        name = self._names[variable]
        value = self._file.get(name, default)
        if isinstance(value, bool):
            value = str(int(value))
        return str(value), name if name in self._file else variable

    def one_of(self, variable: str, default: str, other: str) -> str:
        """One of two words."""
        text, place = self.text(variable, default)
        if text not in (default, other):
            raise ConfigurationError(f"{place}: neither {default} nor {other}")
        return text

    def flag(self, variable: str, *, default: bool = False) -> bool:
        """1 for yes, 0 for no, nothing for the default."""
        text, place = self.text(variable, "01"[default])
        if text not in ("0", "1"):
            raise ConfigurationError(f"{place}: neither 0 nor 1")
        return text == "1"

    def number(self, variable: str, default: int, least: int, most: int) -> int:
        """A whole number within bounds."""
        text, place = self.text(variable, str(default))
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise ConfigurationError(f"{place}: not a number from {least} to {most}")
        return int(text)


def _file(path: Path, names: Mapping[str, str]) -> dict[str, Any]:
    try:
        with path.open("rb") as stream:
            settings = tomllib.loads(files.decode_text(stream.read(MAX_FILE), path))
    except (OSError, ValueError) as error:
        # Not the parser's own words: they may quote the token.
        told = f"{path}: not a TOML file that can be read ({type(error).__name__})"
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            raise NotFoundError(told) from None
        if isinstance(error, OSError):
            raise ConfigurationError(told, Reason.NOT_READABLE) from None
        raise DamagedError(told) from None
    unknown = sorted(set(settings) - set(names.values()))
    if unknown:
        raise ConfigurationError(f"{path}: {', '.join(unknown)}: no such setting")
    return settings
