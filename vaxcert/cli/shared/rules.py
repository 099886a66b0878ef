"""By which rules a command judges genuine cards: of a file or folder, of those with vaxcert, or as published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from vaxcert.errors import ConfigurationError, NotFoundError, Reason

if TYPE_CHECKING:
    from vaxcert import TrustStore
    from vaxcert.rules.base import Rules

_F = TypeVar("_F", bound=Callable[..., Any])


def rules_options(command: _F) -> _F:
    """Give a command `--rules` and `--mode`, as `rules_of` takes them."""
    command = click.option(
        "--mode", metavar="NAME", help="By which of the policies: the name of its file, such as gate for gate.toml."
    )(command)
    return click.option(
        "--rules",
        envvar="VAXCERT_RULES",
        metavar="FILE|DIR|NAME",
        help="Policies of this place (TOML), or one that comes with vaxcert, such as yellow-fever.  "
        "[default: those published with the keys, where --mode names one; env: VAXCERT_RULES]",
    )(command)


def rules_of(rules: str | None, mode: str | None, trust: TrustStore) -> Rules | None:
    """The rules that were asked for, None where none were. Raises `ConfigurationError`, which names those there are."""
    if rules is None and mode is None:
        return None
    from vaxcert.rules import modes

    if rules is None:
        found: Mapping[str, Rules] = modes.published(trust)
        where = "the list of keys"
    else:
        found, where = modes.at(rules), rules
    if mode is None:
        if len(found) == 1:
            return next(iter(found.values()))
        raise ConfigurationError(
            f"{where}: several policies: say which with --mode: {', '.join(found)}", Reason.SETTING_INVALID
        )
    if mode not in found:
        there = ", ".join(found) or "none"
        raise NotFoundError(f"{where}: no policy {mode!r}; there are: {there}")
    return found[mode]
