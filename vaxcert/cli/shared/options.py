"""Options that several commands take, and the kinds of value that click does not know."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

import click
from click.core import ParameterSource

from vaxcert import files
from vaxcert.cli.shared.streams import given_text

if TYPE_CHECKING:
    from click import ParamType as ParamType
else:

    class ParamType(click.ParamType):
        """click's, which before 8.4 has no parameter; Debian's is 8.1."""

        def __class_getitem__(cls, _: object) -> type:
            return cls


_F = TypeVar("_F", bound=Callable[..., Any])


class Existing(click.Path):
    """A path of something that is there, and may be read: what is not ends as `NotFoundError` and not as wrong usage.

    `dir_okay`, `file_okay`: as click's.
    """

    def __init__(self, *, dir_okay: bool = True, file_okay: bool = True) -> None:
        super().__init__(exists=True, dir_okay=dir_okay, file_okay=file_okay, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        _look_for(value)
        return super().convert(value, param, ctx)


class Input(click.Path):
    """A path that is read, and which may be a thing of another kind: what it is not is said by who reads it."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)


class Text(NamedTuple):
    """What a text file holds. `name`: as it was given, "-" for standard input."""

    name: str
    content: str


class TextFile(ParamType[Text]):
    """A text file to read, as `files.decode_text` takes it, or "-": what is not there ends as with `Existing`."""

    name = "filename"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Text:
        if isinstance(value, Text):
            return value
        try:
            return Text(value, given_text(value))
        except ValueError:  # a name that holds a zero byte
            self.fail("not the name of a file", param, ctx)


def _look_for(value: Any) -> None:
    # Not opened: what a shell hands over in place of a file can be read once alone.
    with contextlib.suppress(ValueError), files.reading(value):
        os.stat(value)  # noqa: PTH116  (a name that holds a zero byte is click's to refuse)


FILE = Existing(dir_okay=False)
USAGES = click.Choice(["vaccination", "test", "recovery"])


class IsoMoment(ParamType[datetime]):
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


class KeyPlace(ParamType[Path | str]):
    """The place of a key: a path, or a PKCS #11 URI as it is."""

    name = "key"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path | str:
        return value if isinstance(value, Path) or value.startswith("pkcs11:") else Path(value)


def language_option(command: _F) -> _F:
    """Give a command `--lang`, by default the language of the machine."""
    return click.option(
        "--lang",
        type=click.Choice(["vi", "en"]),
        default=lambda: "vi" if (os.environ.get("LC_ALL") or os.environ.get("LANG") or "").startswith("vi") else "en",
        help="Language of what is shown.  [default: the machine's, else en]",
    )(command)


def named_language(lang: str) -> Literal["vi", "en"] | None:
    """The value of `--lang` where somebody gave it, None where it is the machine's: files are for others to read."""
    given = click.get_current_context().get_parameter_source("lang") is ParameterSource.COMMANDLINE
    return ("vi" if lang == "vi" else "en") if given else None


def format_options(command: Any) -> Any:
    """What is issued: --format, and --address for health cards."""
    for option in (
        click.option(
            "--address",
            default="",
            metavar="URL",
            help="For health cards: the https address whose /.well-known/jwks.json holds the key.",
        ),
        click.option(
            "--format",
            "format_name",
            type=click.Choice(["hcert", "icvp", "shc"]),
            default="hcert",
            show_default=True,
            help="The EU's certificate, WHO's of yellow fever and polio vaccination, or a SMART Health Card.",
        ),
    ):
        command = option(command)
    return command


def trust_options(command: _F) -> _F:
    """Give a command `--trust` and `--environment`."""
    command = click.option(
        "--environment",
        type=click.Choice(["test", "production"]),
        help="What the keys vouch for.  [default: test where every certificate is marked TEST]",
    )(command)
    return click.option(
        "--trust",
        envvar="VAXCERT_TRUST",
        type=Input(),
        metavar="DIR",
        help="A store kept by `trust sync`, or a plain folder of certificates.  [env: VAXCERT_TRUST]",
    )(command)


def passphrase_option(flag: str, whose: str, variable: str) -> Callable[[_F], _F]:
    """The decorator for an option that names a file with a passphrase in its first line."""
    return click.option(flag, type=FILE, help=f"First line: {whose} passphrase.  [default: {variable}, else asked for]")


def workspace_option(command: _F) -> _F:
    """Give a command `--workspace`, that of a publisher."""
    return click.option(
        "--workspace",
        envvar="VAXCERT_PUBLISHER",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("publisher"),
        show_default=True,
        metavar="DIR",
        help="The publisher's private folder.  [env: VAXCERT_PUBLISHER]",
    )(command)


def key_options(*, required: bool = True) -> Callable[[_F], _F]:
    """The decorator that gives a command `--key` and `--passphrase-file`."""

    def add(command: _F) -> _F:
        command = click.option(
            "--passphrase-file",
            type=FILE,
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
