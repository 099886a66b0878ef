"""What a verification says: one `Check` a stage, and the status that follows from them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol, TypedDict

import msgspec

from vaxcert.errors import CardError, ConfigurationError, Reason
from vaxcert.model import Certificate

# A list that was not synced for so long after its end is rarer than a clock that was set to another year.
SUSPECT_AFTER = timedelta(days=30)


class Stage(StrEnum):
    """The stages of a verification, in order."""

    FORMAT = "format"
    ENCODING = "encoding"
    COMPRESSION = "compression"
    ENVELOPE = "envelope"
    KEY = "key"
    SIGNATURE = "signature"
    USAGE = "usage"
    VALIDITY = "validity"
    CONTENT = "content"
    REVOCATION = "revocation"
    RULES = "rules"


class Outcome(StrEnum):
    """How a stage ended. `SKIPPED` never speaks for or against a card."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


class Status(StrEnum):
    """The verdict in one word."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNDETERMINED = "undetermined"


class Environment(StrEnum):
    """What a trust store's keys vouch for: real certificates, or trials of the system."""

    TEST = "test"
    PRODUCTION = "production"

    @classmethod
    def declared(cls, name: Environment | str) -> Environment:
        """The environment of that name. Raises `ConfigurationError` for another."""
        try:
            return cls(name)
        except ValueError:
            raise ConfigurationError("environment: neither test nor production") from None


class Freshness(msgspec.Struct, frozen=True):
    """How old a list of keys is and until when it may be relied on, as its publisher signed it.

    `state` is "none" for plain folders and unsigned lists, which cannot say.
    """

    state: str = "none"
    published_at: datetime | None = None
    valid_until: datetime | None = None

    def problem(self, now: datetime) -> Reason | None:
        """Why the list may not be relied on at the moment that a clock shows, or None.

        `clock_rolled_back` before it was published, `trust_list_stale` after its end, `clock_suspect` 30 days later.
        """
        if self.published_at is not None and now < self.published_at:
            return Reason.CLOCK_ROLLED_BACK
        if self.valid_until is not None and now > self.valid_until:
            return Reason.CLOCK_SUSPECT if now - self.valid_until > SUSPECT_AFTER else Reason.TRUST_LIST_STALE
        return None


class Signer(Protocol):
    """What a verdict tells of the key that opened a card (see `vaxcert.TrustedKey`)."""

    @property
    def kid(self) -> bytes:
        """The key id that cards name."""

    @property
    def country(self) -> str | None:
        """The country (ISO 3166 alpha-2) of the authority that answers for the key."""

    @property
    def subject(self) -> str:
        """The distinguished name of the key's certificate (RFC 4514)."""


class Check(msgspec.Struct, frozen=True):
    """One stage's outcome. `detail` is for developers and carries no personal data."""

    stage: Stage
    outcome: Outcome
    reason: Reason | None = None
    detail: str = ""


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


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of a `Verifier`. True only when accepted.

    `certificate` is None unless the signature opened and the content parsed; `signer` is the trusted key
    that opened it, or None. `warnings` never change the status.
    """

    checks: tuple[Check, ...]
    certificate: Certificate | None
    signer: Signer | None
    warnings: tuple[Reason, ...]
    environment: Environment
    freshness: Freshness
    format: str | None
    error: CardError | None

    @property
    def status(self) -> Status:
        """Any failed check refuses; else any unknown one leaves it undetermined; else accepted."""
        if self.error is None:
            return Status.ACCEPTED
        return Status.UNDETERMINED if self.error.undetermined else Status.REFUSED

    @property
    def reason(self) -> Reason | None:
        """None, or the first check's reason among those that decided."""
        return None if self.error is None else self.error.reason

    @property
    def recognised(self) -> str | None:
        """What a code is that is none of ours, as `vaxcert.wording.kinds` names it: "smart_health_card", "link", …"""
        if self.reason in (Reason.FORMAT_UNSUPPORTED, Reason.NOT_A_CERTIFICATE) and self.error is not None:
            return self.error.detail or None
        return None

    def __bool__(self) -> bool:
        return self.error is None

    def __repr__(self) -> str:
        return f"<Verdict {self.status}{'' if self.error is None else f': {self.error.reason}'}>"

    def require(self) -> Certificate:
        """The certificate of an accepted card; else raises the error that decided."""
        if self.error is not None:
            raise self.error
        if self.certificate is None:  # cannot be: accepted means that `content` passed
            raise AssertionError("an accepted verdict without a certificate")
        return self.certificate

    def to_dict(self) -> VerdictDict:
        """The JSON of the command line and of the app. Holds personal data: answer with it, do not log it."""
        signer = self.signer
        return {
            "status": str(self.status),
            "reason": None if self.reason is None else str(self.reason),
            "environment": str(self.environment),
            "format": self.format,
            "recognised": self.recognised,
            "checks": [
                {
                    "stage": str(check.stage),
                    "outcome": str(check.outcome),
                    "reason": None if check.reason is None else str(check.reason),
                    "detail": check.detail,
                }
                for check in self.checks
            ],
            "warnings": [str(warning) for warning in self.warnings],
            "freshness": msgspec.to_builtins(self.freshness),
            "signer": None
            if signer is None
            else {"kid": signer.kid.hex(), "country": signer.country, "subject": signer.subject},
            "certificate": None if self.certificate is None else self.certificate.to_dict(),
        }


def decisive(errors: Iterable[CardError]) -> CardError | None:
    """The error that decides: the first that refuses, else the first that leaves it undetermined."""
    undetermined = None
    for error in errors:
        if not error.undetermined:
            return error
        undetermined = undetermined or error
    return undetermined
