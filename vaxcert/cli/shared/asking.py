"""Questions on standard error, for commands whose standard output goes to a file or to another command."""

from __future__ import annotations

import sys

import click

from vaxcert.cli.shared.saying import ask


def confirm(question: str) -> None:
    """Go on after a yes; raise `click.Abort` after anything else.

    `click.confirm` of before 8.2 puts a blank on standard output although it asks on standard error.
    """
    ask(f"{question} [y/N]:")
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise click.Abort
