"""The verdict: one `Check` a stage, and the status that follows from them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import msgspec

from vaxcert.errors import CardError, Reason
from vaxcert.model import Certificate, Link
from vaxcert.verdict.freshness import Freshness
from vaxcert.verdict.plain import RulesDict, VerdictDict
from vaxcert.verdict.ruling import RulesVerdict
from vaxcert.verdict.stages import Check, Environment, Outcome, Status


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


# Reasons that the rules of a place give.
OF_RULES = (
    Reason.RULE_NOT_MET,
    Reason.RULE_NOT_EVALUABLE,
    Reason.RULE_TOO_MANY_STEPS,
    Reason.RULE_SCHEMA_LATER,
    Reason.NO_RULE_APPLIES,
)


# Reasons of codes that are not judged, whose detail is what they are.
_NAMING = (Reason.FORMAT_UNSUPPORTED, Reason.NOT_A_CERTIFICATE, Reason.CONTENT_UNKNOWN)


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of a `Verifier`. True only when accepted.

    `certificate` is None unless the signature opened and the content parsed; `signer` is the trusted key
    that opened it, or None. `warnings` never change the status. `rules`: what the rules of the place say, None where
    none were given, or nothing was read that they could judge. `link`: of a code that points at documents elsewhere,
    what it says of them; it was not followed.
    """

    checks: tuple[Check, ...]
    certificate: Certificate | None
    signer: Signer | None
    warnings: tuple[Reason, ...]
    environment: Environment
    freshness: Freshness
    format: str | None
    error: CardError | None
    rules: RulesVerdict | None = None
    link: Link | None = None

    @property
    def card(self) -> Status:
        """The status without the rules of the place: whether the certificate is genuine, in date and not revoked."""
        outcomes = {check.outcome for check in self.checks if check.reason not in OF_RULES}
        if Outcome.FAILED in outcomes:
            return Status.REFUSED
        return Status.UNDETERMINED if Outcome.UNKNOWN in outcomes else Status.ACCEPTED

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
        if self.error is None or not self.error.undetermined or self.reason not in _NAMING:
            return None
        return self.error.detail or None

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
            "card": str(self.card),
            "rules": None if self.rules is None else _rules_dict(self.rules),
            "link": None if self.link is None else msgspec.to_builtins(self.link),
        }


def _rules_dict(rules: RulesVerdict) -> RulesDict:
    return {
        "mode": rules.mode,
        "title": rules.title._asdict(),
        "signed": rules.signed,
        "outcome": str(rules.outcome),
        "results": [
            {
                "id": one.id,
                "outcome": str(one.outcome),
                "reason": None if one.why is None else str(one.why),
                "en": one.words.en,
                "vi": one.words.vi,
            }
            for one in rules.results
        ],
    }


def decisive(errors: Iterable[CardError]) -> CardError | None:
    """The error that decides: the first that refuses, else the first that leaves it undetermined."""
    undetermined = None
    for error in errors:
        if not error.undetermined:
            return error
        undetermined = undetermined or error
    return undetermined
