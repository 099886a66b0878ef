"""Passphrases and PINs in files: the first line, as it stands there."""

from __future__ import annotations

from pathlib import Path

from vaxcert import files
from vaxcert.errors import ConfigurationError, Reason


def read(file: Path, what: str = "passphrase") -> str:
    """The first line of a file. Raises `ConfigurationError`, which names the file and `what` it should hold."""
    try:
        with files.reading(file, f"{{path}}: the {what} cannot be read"):
            return (file.read_text("utf-8").splitlines() or [""])[0]
    except UnicodeDecodeError:
        raise ConfigurationError(f"{file}: the {what} cannot be read", Reason.FORM_UNKNOWN) from None
