"""Policies out of files, each a mode by its file's name; and those that come with vaxcert."""

from __future__ import annotations

import re
import tomllib
from datetime import datetime
from importlib import resources
from pathlib import Path

import msgspec

from vaxcert import files
from vaxcert.errors import ConfigurationError, NotFoundError, Reason
from vaxcert.model import Certificate
from vaxcert.rules.policies import mistakes
from vaxcert.rules.policies.judging import judge
from vaxcert.rules.policies.policy import Policy
from vaxcert.trust import Opened
from vaxcert.verdict import RulesVerdict
from vaxcert.wording.words import Words

MODE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?", re.ASCII)
# Longer than anybody would write by hand.
MAX_BYTES = 64_000


class PlacePolicy(msgspec.Struct, frozen=True):
    """A policy under the name that it is switched to by. `signed`: whether it came with the signed list."""

    mode: str
    policy: Policy
    signed: bool = False

    @property
    def title(self) -> Words:
        """What people are shown as its name."""
        return self.policy.words

    def judge(self, certificate: Certificate, opened: Opened, at: datetime) -> RulesVerdict:
        """What the policy says of a certificate at an aware moment."""
        results = judge(self.policy, certificate, at, signed_in=opened.signer.country)
        return RulesVerdict(self.mode, self.title, self.signed, results)


def parse(text: str, mode: str, *, signed: bool = False, place: str = "") -> PlacePolicy:
    """A policy from its TOML. `place`: what an error calls it. Raises `ConfigurationError`, which says why."""
    place = place or mode
    check_mode(mode, place)
    if len(text.encode()) > MAX_BYTES:
        raise ConfigurationError(f"{place}: more than {MAX_BYTES:,} bytes", Reason.TOO_LARGE)
    try:
        policy = _policy(text)
    except (ValueError, RecursionError) as error:
        said = error if isinstance(error, ValueError) else "too deep"
        raise ConfigurationError(f"{place}: {said}", Reason.POLICY_UNCLEAR) from None
    return PlacePolicy(mode, policy, signed)


def _policy(text: str) -> Policy:
    """What a text asks for. Raises `ValueError`, which says in which line it is wrong, and `RecursionError`."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(mistakes.of_form(error, text)) from None
    try:
        return msgspec.convert(said, Policy)
    except msgspec.ValidationError:
        raise ValueError(mistakes.of_words(said, text)) from None


def check_mode(mode: str, place: str) -> None:
    """Raise `ConfigurationError` for what cannot be the name of a mode. `place`: what the error calls it."""
    if MODE.fullmatch(mode) is None:
        raise ConfigurationError(
            f"{place}: the name of a mode has small letters, digits and hyphens, at most 40", Reason.POLICY_UNCLEAR
        )


def load(path: Path) -> PlacePolicy:
    """The policy of a file, its mode being the file's name. Raises `ConfigurationError`, which names the file."""
    return parse(files.read_text(path), path.stem, place=str(path))


def ready_names() -> list[str]:
    """The names of the policies that come with vaxcert."""
    folder = resources.files("vaxcert.rules") / "ready"
    return sorted(one.name.removesuffix(".toml") for one in folder.iterdir() if one.name.endswith(".toml"))


def ready(name: str) -> PlacePolicy:
    """One of the policies that come with vaxcert. Raises `NotFoundError`."""
    if name not in ready_names():
        raise NotFoundError(f"{name}: no such policy; there are {', '.join(ready_names())}")
    return parse((resources.files("vaxcert.rules") / "ready" / f"{name}.toml").read_text("utf-8"), name)
