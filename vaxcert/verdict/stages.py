"""The stages of a verification, how each may end, and the words for the whole."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from vaxcert.errors import ConfigurationError, Reason


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


class Check(msgspec.Struct, frozen=True):
    """One stage's outcome. `detail` is for developers and carries no personal data."""

    stage: Stage
    outcome: Outcome
    reason: Reason | None = None
    detail: str = ""
