"""Cards that are issued nowhere here, made as their systems make them: for benchmarks, by the clock of now."""

from __future__ import annotations

import base64
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from forge import NOW

from vaxcert import Dose, SigningKey
from vaxcert.trust.algorithms import raw
from vaxcert.wire import base64url, cbor, cose

NZ_ISSUER = "did:web:nzcp.example"
_CONTEXTS = ["https://www.w3.org/2018/credentials/v1", "https://nzcp.covid19.health.nz/contexts/v1"]


def icvp_dose() -> Dose:
    """A dose against yellow fever."""
    product = "YellowFeverProductd8a09f80301dc05e124f99ffe7711fc0"
    return Dose(product=product, number=1, series=1, date=datetime.now(UTC).date() - timedelta(days=30), lot="MAU01")


def nz_pass(key: SigningKey) -> str:
    """A pass by that key, which its issuer calls key-1."""
    head, body = cbor.dumps({4: b"key-1", 1: -7}), cbor.dumps(nz_claims(int(datetime.now(UTC).timestamp())))
    return nz_text(b"\xd2" + cbor.dumps([head, {}, body, key.sign(cose.signing_input(head, body))]))


def nz_claims(now: int = int(NOW.timestamp())) -> dict[Any, Any]:
    """The claims of a pass from a moment before `now` on."""
    subject = {"givenName": "Mẫu Thử", "familyName": "Nguyễn", "dob": "1990-05-17"}
    vc = {"@context": _CONTEXTS, "version": "1.0.0", "type": ["VerifiableCredential", "PublicCovidPass"]}
    vc |= {"credentialSubject": subject}
    return {1: NZ_ISSUER, 5: now - 9, 4: now + 90_000, "vc": vc, 7: uuid.uuid4().bytes}


def nz_text(message: bytes) -> str:
    """The text of a pass's message."""
    return "NZCP:/1/" + base64.b32encode(message).decode().rstrip("=")


def who_certificate() -> dict[str, Any]:
    """The content of a certificate of vaccination against yellow fever."""
    given = {"vp": icvp_dose().product, "dt": "2026-05-01", "bo": "MAU01", "vls": "2026-05-11", "is": "Trạm Y tế Mẫu"}
    return {"n": "Nguyễn Mẫu Thử", "dob": "1990-05-17", "s": "female", "v": given}


class Seals:
    """An authority, and a signer that it issued."""

    def __init__(self) -> None:
        self._root, self._key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        self.authority = self._certificate("Utopia CSCA", self._root, ca=True)
        self.signer = self._certificate("Utopia BCS", self._key, ca=False)

    def _certificate(self, common: str, key: Any, *, ca: bool) -> bytes:
        def name(one: str) -> x509.Name:
            pairs = ((x509.NameOID.COUNTRY_NAME, "UT"), (x509.NameOID.COMMON_NAME, one))
            return x509.Name([x509.NameAttribute(*pair) for pair in pairs])

        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder().subject_name(name(common)).issuer_name(name("Utopia CSCA"))
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=9)).not_valid_after(now + timedelta(days=400))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )  # fmt: skip
        if not ca:
            purpose = x509.ExtendedKeyUsage([x509.ObjectIdentifier("2.23.136.1.1.14.2")])
            builder = builder.add_extension(purpose, critical=True)
        return builder.sign(self._root, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def card(self) -> str:
        """A seal of a vaccination."""
        dose = {"adm": "Tram Y te Mau", "ctr": "UTO", "dvc": "2026-01-01", "lot": "MAU01", "seq": 2}
        message = {
            "pid": {"dob": "1990-05-17", "n": "NGUYEN  MAU THU"}, "uvci": "UT0000000001",
            "ve": [{"des": "XM68M6", "dis": "RA01.0", "nam": "Pfizer Comirnaty", "vd": [dose]}],
        }  # fmt: skip
        data = {"hdr": {"is": "UTO", "t": "icao.vacc", "v": 1}, "msg": message}
        signed = json.dumps(data, separators=(",", ":"), sort_keys=True).encode()
        made = raw(self._key.sign(signed, ec.ECDSA(hashes.SHA256())))
        sig = {"alg": "ES256", "cer": base64url.encode(self.signer), "sigvl": base64url.encode(made)}
        return json.dumps({"data": data, "sig": sig}, separators=(",", ":"))
