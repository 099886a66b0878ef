"""Passphrases and PINs in files: the first line, as it stands there."""

from __future__ import annotations

from pathlib import Path

from vaxcert.errors import ConfigurationError


def read(file: Path, what: str = "passphrase") -> str:
    """The first line of a file. Raises `ConfigurationError`, which names the file and `what` it should hold."""
    try:
        return (file.read_text("utf-8").splitlines() or [""])[0]
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(f"{file}: the {what} cannot be read") from None
