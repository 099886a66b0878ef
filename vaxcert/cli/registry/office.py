"""What all commands of `vaxcert registry` share: which registry, who is at work, and how they say what they found."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vaxcert.cli.shared.saying import say
from vaxcert.extras import need
from vaxcert.names import printable

if TYPE_CHECKING:
    from vaxcert.registry import Registry
    from vaxcert.registry.records.now import Side


# What a row of the registry may have for its number.
NUMBER = click.IntRange(1, 2**31 - 1)


class Office:
    """The registry that a command works on, and who is at work."""

    def __init__(self, url: str, key_file: Path, actor: str) -> None:
        self.url: str = url
        self.key_file: Path = key_file
        self.actor: str = actor

    @contextmanager
    def open(self) -> Iterator[Registry]:
        """Open the registry. Raises `ConfigurationError`, without the database's own words: they may quote a record."""
        from sqlalchemy.exc import SQLAlchemyError

        from vaxcert.registry import Registry
        from vaxcert.registry.connecting import database_error

        try:
            with Registry.open(self.url, self.key_file) as found:
                yield found
        except SQLAlchemyError as error:
            kind = type(getattr(error, "orig", None) or error).__name__
            raise database_error(error, f"the registry's database: {kind}") from None

    def own_files(self) -> list[Path]:
        """The registry's key, and its database with the files beside it, whether they are there yet or not."""
        from sqlalchemy.engine import make_url

        own = [self.key_file]
        if self.url.startswith("sqlite"):
            database = make_url(self.url).database or ""
            own += [Path(database + end) for end in ("", "-wal", "-shm", ".lock")]
        return own


def at_office(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command its `Office`, once what a registry stands on is there; `--help` needs none of it."""

    @functools.wraps(command)
    def checked(at: Office, *arguments: Any, **options: Any) -> Any:
        need(("sqlalchemy", "alembic", "rapidfuzz", "numpy"), "registry")
        return command(at, *arguments, **options)

    return click.pass_obj(checked)


def say_row(*cells: Any) -> None:
    """Print a row of CSV on standard output, which no spreadsheet takes for more than text."""
    from vaxcert.tables.delimited import harmless, lines

    row = lines([harmless(printable(cell)) if isinstance(cell, str) else str(cell) for cell in cells])
    say(row.removesuffix("\r\n"))


def say_side(side: Side) -> None:
    """Print somebody's record in a line, for whoever has to tell people apart."""
    told = (*side[1:-1], *side.doses)
    say(f"   {side.number:>7}  " + " | ".join(filter(None, told)))
