"""Sign vaccination doses into QR codes, and verify health certificates offline against published keys.

    issuer = Issuer(SigningKey.load("keys", password=...), country="VN", authority="…", valid_for=...)
    issued = issuer.issue(Person(...), Dose(...))             # .text is "HC1:…", .qr() the symbol

    verdict = Verifier(TrustStore.load("keys/published")).verify(issued.text)
    verdict.status                                            # "accepted", "refused" or "undetermined"

Names are loaded when they are first used, so that importing the package costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vaxcert.errors import (
        CardError,
        ConfigurationError,
        ImageError,
        InputError,
        KeyMaterialError,
        Reason,
        VaxcertError,
    )
    from vaxcert.issue import Issued, Issuer
    from vaxcert.issuelog import IssueLog
    from vaxcert.model import Certificate, Dose, Person, Recovery, TestResult
    from vaxcert.trust import TrustedKey, TrustStore
    from vaxcert.trust.own.signing import SigningKey
    from vaxcert.verdict import Check, Environment, Outcome, Stage, Status, Verdict
    from vaxcert.verify import Verifier

__version__ = "0.1.0"

_HOMES = {
    "CardError": "errors",
    "Certificate": "model",
    "Check": "verdict",
    "ConfigurationError": "errors",
    "Dose": "model",
    "Environment": "verdict",
    "ImageError": "errors",
    "InputError": "errors",
    "IssueLog": "issuelog",
    "Issued": "issue",
    "Issuer": "issue",
    "KeyMaterialError": "errors",
    "Outcome": "verdict",
    "Person": "model",
    "Reason": "errors",
    "Recovery": "model",
    "SigningKey": "trust.own.signing",
    "Stage": "verdict",
    "Status": "verdict",
    "TestResult": "model",
    "TrustStore": "trust",
    "TrustedKey": "trust",
    "VaxcertError": "errors",
    "Verdict": "verdict",
    "Verifier": "verify",
}

__all__ = [
    "CardError",
    "Certificate",
    "Check",
    "ConfigurationError",
    "Dose",
    "Environment",
    "ImageError",
    "InputError",
    "IssueLog",
    "Issued",
    "Issuer",
    "KeyMaterialError",
    "Outcome",
    "Person",
    "Reason",
    "Recovery",
    "SigningKey",
    "Stage",
    "Status",
    "TestResult",
    "TrustStore",
    "TrustedKey",
    "VaxcertError",
    "Verdict",
    "Verifier",
]


def __getattr__(name: str) -> Any:
    try:
        home = _HOMES[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
