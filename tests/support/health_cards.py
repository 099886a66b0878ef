"""SMART Health Cards made step by step, each step replaceable by a wrong one."""

from __future__ import annotations

import json
import zlib
from typing import Any

import msgspec
from forge import NOW

from vaxcert import SigningKey, TrustedKey
from vaxcert.formats import shc
from vaxcert.trust.rids import RidList, Rids
from vaxcert.wire import base64url

ISSUER = "https://health.example/issuer"
CVX = "http://hl7.org/fhir/sid/cvx"
BEGAN = int(NOW.timestamp()) - 3600


def trusted(key: SigningKey, *, issuer: str = ISSUER, wanted: int = 0, listed: RidList | None = None) -> TrustedKey:
    """The key as an issuer of SMART Health Cards publishes it."""
    plain = TrustedKey.from_public_key(key.trusted().spki(), key.thumbprint.encode())
    return msgspec.structs.replace(
        plain,
        formats=frozenset(("shc",)),
        issuer=issuer,
        rids=Rids(wanted, listed),
        environment=key.trusted().environment,
    )


class HealthCards:
    """Makes cards step by step."""

    def __init__(self, key: SigningKey) -> None:
        self.key = key

    def patient(self, **changes: Any) -> dict[str, Any]:
        """The resource of somebody who is made up."""
        name = [{"family": "Nguyễn", "given": ["Mẫu", "Thử"]}]
        return _changed({"resourceType": "Patient", "name": name, "birthDate": "1990-05-17"}, changes)

    def dose(self, **changes: Any) -> dict[str, Any]:
        """A dose of Comirnaty."""
        good = {
            "resourceType": "Immunization",
            "status": "completed",
            "vaccineCode": {"coding": [{"system": CVX, "code": "208"}]},
            "patient": {"reference": "resource:0"},
            "occurrenceDateTime": "2026-05-01",
            "performer": [{"actor": {"display": "Trạm Y tế Mẫu"}}],
            "lotNumber": "MAU01",
        }
        return _changed(good, changes)

    def test(self, **changes: Any) -> dict[str, Any]:
        """A negative PCR test."""
        good = {
            "resourceType": "Observation",
            "status": "final",
            "code": {"coding": [{"system": "http://loinc.org", "code": "94500-6"}]},
            "subject": {"reference": "resource:0"},
            "effectiveDateTime": "2026-06-14T10:00:00+07:00",
            "valueCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": "260415000"}]},
        }
        return _changed(good, changes)

    def bundle(self, *resources: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """A bundle, of a patient with one dose where nothing is given."""
        held = resources or (self.patient(), self.dose())
        entries = [{"fullUrl": f"resource:{at}", "resource": one} for at, one in enumerate(held)]
        return _changed({"resourceType": "Bundle", "type": "collection", "entry": entries}, changes)

    def claims(self, bundle: Any = None, *, vc: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
        """The claims of a card."""
        credential = {
            "type": [shc.TYPE],
            "credentialSubject": {"fhirVersion": "4.0.1", "fhirBundle": self.bundle() if bundle is None else bundle},
        }
        return _changed({"iss": ISSUER, "nbf": BEGAN, "vc": _changed(credential, vc or {})}, changes)

    def token(
        self,
        claims: Any = None,
        *,
        header: dict[str, Any] | None = None,
        payload: bytes | None = None,
        sign: Any = None,
    ) -> str:
        """The JWS of some claims, or of a payload as it is to stand there."""
        good = {"zip": "DEF", "alg": "ES256", "kid": self.key.thumbprint}
        said = json.dumps(_changed(good, header or {}), separators=(",", ":")).encode()
        if payload is None:
            body = self.claims() if claims is None else claims
            payload = packed(body if isinstance(body, bytes) else json.dumps(body).encode())
        signed = f"{base64url.encode(said)}.{base64url.encode(payload)}"
        return f"{signed}.{base64url.encode((sign or self.key.sign)(signed.encode()))}"

    def card(self, claims: Any = None, **how: Any) -> str:
        """The text of a code."""
        return shc.numeric(self.token(claims, **how))

    def parts(self, count: int, claims: Any = None) -> list[str]:
        """The texts of a card in several codes."""
        digits = self.card(claims).removeprefix("shc:/")
        size = -(-len(digits) // count // 2) * 2
        return [f"shc:/{at + 1}/{count}/{digits[at * size : (at + 1) * size]}" for at in range(count)]


def packed(data: bytes) -> bytes:
    """A deflate stream."""
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    return stream.compress(data) + stream.flush()


def _changed(good: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (good | changes).items() if value is not ...}
