"""The key that a command signs with, its passphrase, and who is at work."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vaxcert.cli.shared.saying import say
from vaxcert.cli.shared.streams import somebody_answers
from vaxcert.errors import ConfigurationError, Reason

if TYPE_CHECKING:
    from vaxcert import SigningKey


def beside(key: Path | str) -> Path:
    """The folder where the issue log of a key stands, unless told otherwise."""
    if isinstance(key, str):
        raise click.UsageError("--log is needed: a token has no folder for the issue log")
    return key if key.is_dir() else key.parent


def passphrase(
    file: Path | None,
    *,
    variable: str = "VAXCERT_PASSPHRASE",
    prompt: str = "Passphrase",
    confirm: bool = False,
) -> str:
    """The passphrase from the file, else the environment, else asked for on the terminal."""
    if file is not None:
        from vaxcert.trust.own.passphrase import read

        return read(file)
    value = os.environ.get(variable)
    if value is not None:
        return value
    if not somebody_answers():
        raise ConfigurationError(f"no passphrase: set {variable}, or give a file", Reason.PASSPHRASE_NEEDED)
    entered: str = click.prompt(prompt, hide_input=True, confirmation_prompt=confirm, err=True)
    return entered


def load_key(path: Path | str, file: Path | None) -> SigningKey:
    """The signing key at a path, with its passphrase where it wants one."""
    from vaxcert import SigningKey

    return _without_passphrase(path) or SigningKey.load(path, password=passphrase(file))


def passphrase_for(path: Path | str, file: Path | None) -> str | None:
    """The passphrase that a key wants, asked for where it is not given; None for a key without one, which is said."""
    return None if _without_passphrase(path) else passphrase(file)


def _without_passphrase(path: Path | str) -> SigningKey | None:
    """The key at a path, which is said to be open to whoever reads it; None for one that wants a passphrase."""
    from vaxcert import SigningKey

    try:
        key = SigningKey.load(path)
    except ConfigurationError as error:
        if error.reason is not Reason.PASSPHRASE_NEEDED:
            raise
        return None
    say(f"Warning: the private key in {path} is not encrypted.", err=True)
    return key


def login() -> str:
    """The name of whoever this process runs as, for the issue log; "" where the system does not say.

    Not what the environment says: anybody may set that to somebody else's name.
    """
    try:
        import pwd
    except ImportError:  # Windows
        try:
            return getpass.getuser()
        except (OSError, KeyError, ImportError):
            return ""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"
