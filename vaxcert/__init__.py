"""Sign vaccination doses into QR codes, and verify health certificates offline against published keys.

    >>> from datetime import date, timedelta
    >>> from vaxcert import Dose, Issuer, Person, SigningKey, TrustStore, Verifier
    >>> key = SigningKey.generate("VN")  # for trials; SigningKey.load("keys", password=…) for real
    >>> issuer = Issuer(key, country="VN", authority="Sở Y tế (TEST)", valid_for=timedelta(days=365))
    >>> person = Person(family_name="Nguyễn", given_name="Mẫu Thử", date_of_birth="1990-05-17")
    >>> issued = issuer.issue(person, Dose(product="EU/1/20/1528", number=2, series=2, date=date(2026, 6, 1)))
    >>> issued.text[:4]  # issued.qr() is the symbol
    'HC1:'
    >>> verdict = Verifier(TrustStore([key.trusted()])).verify(issued.text)  # TrustStore.load("keys/published")
    >>> str(verdict.status)  # or "refused", or "undetermined"
    'accepted'

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


if not TYPE_CHECKING:
    # Hidden from type checkers, which would take every name for one of ours.
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
