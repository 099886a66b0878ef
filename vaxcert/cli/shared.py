"""What several commands share: exit status, languages, keys, trust, and how a verdict is drawn."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from vaxcert.errors import ConfigurationError

if TYPE_CHECKING:
    from vaxcert import SigningKey, TrustStore, Verdict

EXIT_REFUSED, EXIT_CONFIGURATION, EXIT_UNDETERMINED, EXIT_UNREADABLE, EXIT_FAULT = 1, 2, 3, 4, 70

# Of many cards, what went worst for the person at the gate decides.
_WORST_FIRST = (EXIT_REFUSED, EXIT_UNDETERMINED, EXIT_UNREADABLE, 0)
_STATUS_EXIT = {"accepted": 0, "refused": EXIT_REFUSED, "undetermined": EXIT_UNDETERMINED}

_F = TypeVar("_F", bound=Callable[..., Any])


class IsoMoment(click.ParamType[datetime]):
    """An ISO 8601 point in time that says its zone."""

    name = "ISO"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail("not an ISO 8601 time such as 2026-06-01T12:00:00Z", param, ctx)
        if moment.tzinfo is None:
            self.fail("it has no time zone: write 2026-06-01T12:00:00Z, or +07:00 for Vietnam", param, ctx)
        return moment


def language_option(command: _F) -> _F:
    """`--lang`, by default that of the machine."""
    return click.option(
        "--lang",
        type=click.Choice(["vi", "en"]),
        default=lambda: "vi" if (os.environ.get("LC_ALL") or os.environ.get("LANG") or "").startswith("vi") else "en",
        help="Language of what is shown.  [default: the machine's, else en]",
    )(command)


def trust_options(command: _F) -> _F:
    """`--trust` and `--environment`."""
    command = click.option(
        "--environment",
        type=click.Choice(["test", "production"]),
        help="What the keys vouch for.  [default: test where every certificate is marked TEST]",
    )(command)
    return click.option(
        "--trust",
        envvar="VAXCERT_TRUST",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="A store kept by `trust sync`, or a plain folder of certificates.  [env: VAXCERT_TRUST]",
    )(command)


FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
USAGES = click.Choice(["vaccination", "test", "recovery"])


def passphrase_option(flag: str, whose: str, variable: str) -> Callable[[_F], _F]:
    """A file with a passphrase in its first line."""
    return click.option(flag, type=FILE, help=f"First line: {whose} passphrase.  [default: {variable}, else asked for]")


def workspace_option(command: _F) -> _F:
    """`--workspace` of a publisher."""
    return click.option(
        "--workspace",
        envvar="VAXCERT_PUBLISHER",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("publisher"),
        show_default=True,
        metavar="DIR",
        help="The publisher's private folder.  [env: VAXCERT_PUBLISHER]",
    )(command)


def load_trust(path: Path | None, environment: str | None) -> TrustStore:
    """The keys to check against, with what was left out said on standard error."""
    from vaxcert import TrustStore

    if path is None:
        raise click.UsageError("no keys to check against: give --trust DIR, or set VAXCERT_TRUST")
    trust = TrustStore.load(path, environment=environment)
    for entry in trust.refused:
        if entry.reason not in ("issuing_authority", "duplicate"):
            click.echo(f"left out: {entry.source}: {entry.reason} {entry.detail}".rstrip(), err=True)
    return trust


class KeyPlace(click.ParamType["Path | str"]):
    """A path, or a PKCS #11 URI as it is."""

    name = "key"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path | str:
        return value if isinstance(value, Path) or value.startswith("pkcs11:") else Path(value)


def key_options(*, required: bool = True) -> Callable[[_F], _F]:
    """`--key` and `--passphrase-file`."""

    def add(command: _F) -> _F:
        command = click.option(
            "--passphrase-file",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="File whose first line is the key's passphrase or the token's PIN."
            "  [default: VAXCERT_PASSPHRASE, else asked for]",
        )(command)
        return click.option(
            "--key",
            "key_path",
            envvar="VAXCERT_KEY",
            type=KeyPlace(),
            required=required,
            metavar="DIR|PEM|URI",
            help="Signing key: a folder made by `keys new`, a PEM file, or pkcs11:…  [env: VAXCERT_KEY]",
        )(command)

    return add


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
    """From the file, else the environment, else asked for on the terminal."""
    if file is not None:
        try:
            lines = file.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            raise ConfigurationError(f"{file}: the passphrase cannot be read") from None
        return lines[0] if lines else ""
    value = os.environ.get(variable)
    if value is not None:
        return value
    if not sys.stdin.isatty():
        raise ConfigurationError(f"no passphrase: set {variable}, or give a file")
    entered: str = click.prompt(prompt, hide_input=True, confirmation_prompt=confirm, err=True)
    return entered


def load_key(path: Path | str, file: Path | None) -> SigningKey:
    """The signing key; an unencrypted one is taken without asking, but said."""
    from vaxcert import SigningKey

    try:
        key = SigningKey.load(path)
    except ConfigurationError as error:
        if "passphrase is needed" not in str(error):
            raise
        return SigningKey.load(path, password=passphrase(file))
    click.echo(f"Warning: the private key in {path} is not encrypted.", err=True)
    return key


def exit_status(verdicts: Iterable[str | None]) -> int:
    """The exit status of many cards, None standing for one that could not be read."""
    seen = {EXIT_UNREADABLE if status is None else _STATUS_EXIT[status] for status in verdicts}
    return next((status for status in _WORST_FIRST if status in seen), EXIT_UNREADABLE)


def show_verdict(verdict: Verdict, lang: str) -> None:
    """A verdict as staff read it: symbol, colour and words, then what the card says."""
    from vaxcert.cli.card import card_lines, headline

    symbol, colour, words = headline(verdict, lang)
    mark = "  [TEST]" if verdict.environment == "test" else ""
    click.secho(f"{symbol} {words}{mark}", fg=colour, bold=True)
    for line in card_lines(verdict, lang):
        click.echo(line)


@cache
def say_second_reader_missing() -> None:
    """Where a picture was not read and the second library is missing: that, and how to install it, once."""
    from vaxcert.qr import zbar

    if (missing := zbar.missing()) is not None:
        click.echo(f"Note: {missing}", err=True)


def login() -> str:
    """Who is logged in, for the issue log; "" where the system does not say."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def moment_text(moment: datetime) -> str:
    """A point in time as staff read it."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
