"""What a command writes never takes the place of what is still needed: looked at before anything is opened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from vaxcert.cli.shared.options import Existing, Input, KeyPlace, TextFile
from vaxcert.errors import ConfigurationError, Reason

# Of a folder with keys, what is one: an issue log is kept there too, and goes on.
_KEYS = (".pem", ".key", ".der", ".crt", ".cer")


class Output(click.Path):
    """A file or folder that a command writes; the command is a `Writing` one."""

    def __init__(self, *, dir_okay: bool = True, file_okay: bool = True) -> None:
        super().__init__(dir_okay=dir_okay, file_okay=file_okay, path_type=Path)


class Writing(click.Command):
    """A command with outputs, none of which may be an input, a signing key, or a registry with what belongs to it."""

    def invoke(self, ctx: click.Context) -> Any:
        own = getattr(ctx.obj, "own_files", None)
        outputs = [path for param in self.params if isinstance(param.type, Output) for path in _paths(ctx, param)]
        spare(outputs, _needed(ctx), own=own() if own else ())
        return super().invoke(ctx)


def spare(outputs: Iterable[Path], needed: Iterable[Path], own: Iterable[Path] = ()) -> None:
    """Raise `ConfigurationError` where an output is, by whatever name, one of the files that are needed.

    `own`: files of a registry, whether they are there yet or not.
    """
    registry, others = list(own), list(needed)
    for path in outputs:
        if any(_same(path, one) for one in registry):
            raise ConfigurationError(f"{path}: this is the registry itself, or its key", Reason.OUTPUT_NEEDED)
        if any(_same(path, one) for one in others):
            raise ConfigurationError(f"{path}: this is what the command reads, or a key", Reason.OUTPUT_NEEDED)


def _needed(ctx: click.Context) -> Iterator[Path]:
    at: click.Context | None = ctx
    while at is not None:
        for param in at.command.params:
            if not isinstance(param.type, Existing | Input | KeyPlace | TextFile):
                continue
            for path in _paths(at, param):
                yield path
                if path.is_dir():
                    keys_alone = isinstance(param.type, KeyPlace)
                    yield from (one for one in path.iterdir() if not keys_alone or one.suffix.lower() in _KEYS)
        at = at.parent


def _paths(ctx: click.Context, param: click.Parameter) -> Iterator[Path]:
    given = ctx.params.get(param.name or "")
    for value in given if isinstance(given, tuple) else (given,):
        name = getattr(value, "name", value) if isinstance(param.type, TextFile) else value
        if isinstance(name, Path) or (isinstance(name, str) and name != "-" and not name.startswith("pkcs11:")):
            yield Path(name)


def _same(one: Path, other: Path) -> bool:
    try:
        return one.resolve() == other.resolve() or one.samefile(other)
    except OSError:
        # One of them is not there, and then they are the same by name alone.
        return False
