"""Passphrases and PINs in files: the first line, as it stands there."""

from __future__ import annotations

from pathlib import Path

from vaxcert import files


def read(file: Path, what: str = "passphrase") -> str:
    """The first line of a file. Raises `ConfigurationError`, which names the file and `what` it should hold."""
    text = files.read_text(file, f"{{path}}: the {what} cannot be read")
    return text.partition("\n")[0].removesuffix("\r")
