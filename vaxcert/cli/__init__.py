"""The command line. Only this package prints; what a command needs is imported when it runs.

Exit status: 0 accepted · 1 refused · 2 usage or configuration · 3 undetermined · 4 unreadable input ·
65 tampered or damaged data · 66 what was named is not there · 69 not reachable · 70 our own fault.
"""

import contextlib
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import click

from vaxcert import __version__
from vaxcert.cli.batch import batch
from vaxcert.cli.booking import booking
from vaxcert.cli.demo import demo
from vaxcert.cli.inspect import inspect
from vaxcert.cli.issue import issue
from vaxcert.cli.keys import keys
from vaxcert.cli.lookup import lookup
from vaxcert.cli.portal import portal
from vaxcert.cli.registry import registry
from vaxcert.cli.revoke import revoke
from vaxcert.cli.rules import rules
from vaxcert.cli.scan import scan
from vaxcert.cli.serve import serve
from vaxcert.cli.shared.exits import EXIT_FAULT, EXIT_PIPE, error_status
from vaxcert.cli.shared.failing import say_failure
from vaxcert.cli.shared.saying import say, say_error
from vaxcert.cli.shared.streams import adapt, give_up_writing
from vaxcert.cli.signer import signer
from vaxcert.cli.trust import trust
from vaxcert.cli.verify import verify
from vaxcert.errors import VaxcertError, place_of


class _Commands(click.Group):
    """Commands whose reader may go before they end (`… | head`)."""

    def make_context(self, *arguments: Any, **extra: Any) -> click.Context:
        with _ended_with_its_reader():
            return super().make_context(*arguments, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with _ended_with_its_reader():
            return super().invoke(ctx)


@contextlib.contextmanager
def _ended_with_its_reader() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        # click would say 1, which is that a card was refused; and what was cut short is not to be taken for accepted.
        give_up_writing()
        raise click.exceptions.Exit(EXIT_PIPE) from None


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with `vaxcert demo`. Every command has a --help of its own.",
)
@click.version_option(version=__version__, message="vaxcert %(version)s")
def cli() -> None:
    """Sign vaccination doses into QR codes, and verify health certificates offline.

    Exit status: 0 accepted, 1 refused, 2 wrong usage or configuration, 3 undetermined (no such key, or the
    list of keys cannot be relied on), 4 unreadable input, 65 tampered or damaged data, 66 not there what was
    named, 69 not reachable, 70 a fault of vaxcert itself.
    """


for _command in (
    demo,
    keys,
    issue,
    batch,
    verify,
    scan,
    inspect,
    trust,
    rules,
    revoke,
    registry,
    booking,
    serve,
    portal,
    signer,
    lookup,
):
    cli.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit status."""
    adapt()
    try:
        status = _run(arguments)
    except BrokenPipeError:
        # While an error was being told.
        give_up_writing()
        status = EXIT_PIPE
    sys.exit(status)


def _run(arguments: Sequence[str] | None) -> Any:
    try:
        status = cli.main(
            prog_name="vaxcert", args=None if arguments is None else list(arguments), standalone_mode=False
        )
    except click.exceptions.Exit as leaving:
        status = leaving.exit_code
    except click.Abort:
        say("Stopped.", err=True)
        status = 130
    except click.ClickException as error:
        say_error(error)
        status = error.exit_code
    except VaxcertError as error:
        say_failure(error)
        status = error_status(error)
    except Exception as error:
        # The message of an unexpected error may quote the card that caused it: its type and place may not.
        say(f"Fault in vaxcert: {place_of(error)}. Please report it.", err=True)
        status = EXIT_FAULT
    return status
