"""A verdict as JSON: the shapes."""

from __future__ import annotations

from typing import Any, TypedDict


class CheckDict(TypedDict):
    """A `Check` as JSON."""

    stage: str
    outcome: str
    reason: str | None
    detail: str


class SignerDict(TypedDict):
    """The key that opened a card as JSON; `kid` in hex."""

    kid: str
    country: str | None
    subject: str


class FreshnessDict(TypedDict):
    """A `Freshness` as JSON; the times as ISO 8601."""

    state: str
    published_at: str | None
    valid_until: str | None


class RuleDict(TypedDict):
    """A `RuleAnswer` as JSON."""

    id: str
    outcome: str
    reason: str | None
    en: str
    vi: str


class RulesDict(TypedDict):
    """A `RulesVerdict` as JSON."""

    mode: str
    title: dict[str, str]
    signed: bool
    outcome: str
    results: list[RuleDict]


class LinkDict(TypedDict):
    """A `Link` as JSON; the time as ISO 8601."""

    address: str
    label: str
    flags: str
    expires_at: str | None


class VerdictDict(TypedDict):
    """A `Verdict` as JSON; `certificate` as `Certificate.to_dict` gives it."""

    status: str
    reason: str | None
    environment: str
    format: str | None
    recognised: str | None
    checks: list[CheckDict]
    warnings: list[str]
    freshness: FreshnessDict
    signer: SignerDict | None
    certificate: dict[str, Any] | None
    card: str
    rules: RulesDict | None
    link: LinkDict | None
