"""By which rules cards are judged: what there is to switch between, and which of it a page or a program asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from flask import current_app, request

from vaxcert import ConfigurationError, TrustStore
from vaxcert.errors import NotFoundError
from vaxcert.names import printable
from vaxcert.rules import modes
from vaxcert.rules.base import Rules
from verifier_app.config import Settings
from verifier_app.watching import logs
from verifier_app.words import say

# The cookie that a page remembers its choice in, and the field that a request names it by.
NAME = "mode"


class UnknownModeError(Exception):
    """A request names rules that are not there: nothing is judged by others in their place."""


class Mode(NamedTuple):
    """One of what there is to switch between. `name`: "" for genuineness alone."""

    name: str
    title: str
    signed: bool


def of(trust: TrustStore, settings: Settings) -> Mapping[str, Rules]:
    """The rules by mode: the operator's own, or those that came with the list.

    Raises `ConfigurationError` where they cannot be followed, or lack the mode that the settings name.
    """
    found = modes.at(settings.rules) if settings.rules else modes.published(trust)
    if settings.mode and settings.mode not in found:
        raise NotFoundError(f"VAXCERT_APP_MODE: no policy {settings.mode!r}; there are: {', '.join(found) or 'none'}")
    return found


def again(trust: TrustStore, settings: Settings, before: Mapping[str, Rules]) -> Mapping[str, Rules]:
    """The rules of a new list. Where they cannot be followed those before go on, and the log says so: no gate is left
    open."""
    try:
        return of(trust, settings)
    except ConfigurationError as error:
        logs.rules.warning("the rules go on as before: %s", printable(str(error)))
        return before


def asked(there: Mapping[str, Rules], name: str | None) -> str:
    """The mode that a request names, or the usual one. Raises `UnknownModeError`."""
    settings: Settings = current_app.extensions["settings"]
    if name is None:
        return settings.mode
    if name in there or (not name and not settings.mode):
        return name
    raise UnknownModeError


def chosen(there: Mapping[str, Rules]) -> str:
    """The mode that a page is in: what its reader chose, or else the usual one.

    A choice stands when its rules are gone, and nothing is judged until there is another: no page falls back to rules
    that ask for less.
    """
    settings: Settings = current_app.extensions["settings"]
    name = request.cookies.get(NAME, settings.mode)
    return name if name in there or modes.is_mode(name) or (not name and not settings.mode) else settings.mode


def listed(there: Mapping[str, Rules], lang: str) -> list[Mode]:
    """What there is to switch between: genuineness alone where the settings name no usual mode, and a choice that is
    gone, which is called so."""
    settings: Settings = current_app.extensions["settings"]
    found = [] if settings.mode else [Mode("", say("no_rules", lang), True)]
    found += [Mode(name, printable(rules.title.of(lang)), rules.signed) for name, rules in there.items()]
    if (name := chosen(there)) and name not in there:
        found.append(Mode(name, f"{name}: {say('rules_gone', lang)}", False))
    return found
