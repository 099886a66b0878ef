"""By which rules cards are judged: what there is to switch between, and which of it a page or a program asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from flask import current_app, request

from vaxcert import ConfigurationError, TrustStore
from vaxcert.errors import NotFoundError
from vaxcert.rules import modes
from vaxcert.rules.base import Rules
from verifier_app.config import Settings

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
    """The rules of a new list. Where they cannot be followed those before go on: no gate is left open."""
    try:
        return of(trust, settings)
    except ConfigurationError:
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
    """The mode that a page is in: what its reader chose, as long as it is there, or else the usual one."""
    settings: Settings = current_app.extensions["settings"]
    name = request.cookies.get(NAME, settings.mode)
    return name if name in there or (not name and not settings.mode) else settings.mode


def listed(there: Mapping[str, Rules], lang: str, none: str) -> list[Mode]:
    """What there is to switch between; genuineness alone (`none`) where the settings name no usual mode."""
    settings: Settings = current_app.extensions["settings"]
    found = [] if settings.mode else [Mode("", none, True)]
    return found + [Mode(name, rules.title.of(lang), rules.signed) for name, rules in there.items()]
