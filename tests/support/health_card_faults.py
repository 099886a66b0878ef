"""SMART Health Cards in each of their forms, and by what is wrong with each its stage and reason."""

from __future__ import annotations

import json
from typing import Any

from cryptography.hazmat.primitives import hashes, hmac, serialization
from health_cards import BEGAN, ISSUER, HealthCards, packed

from vaxcert.formats import shc
from vaxcert.trust.rids import RidList

OTHER = "https://other.example/issuer"


def forms(cards: HealthCards) -> dict[str, str]:
    token = cards.token()
    return {
        "numeric": shc.numeric(token),
        "numeric, capitals": shc.numeric(token).upper(),
        "numeric, one part": f"shc:/1/1/{shc.numeric(token)[5:]}",
        "behind a viewer": f"https://viewer.example/show#{shc.numeric(token)}",
        "wrapped": "\n".join(shc.numeric(token)[at : at + 70] for at in range(0, 3000, 70)),
        "behind an AIM identifier": "]Q1" + shc.numeric(token),
        "a token": token,
        "a token between blanks": f" \t\r\n{token}\n ",
        "a file": json.dumps({"verifiableCredential": [token]}, indent=2),
        "FHIR's parameters": json.dumps(
            {"resourceType": "Parameters", "parameter": [{"name": "verifiableCredential", "valueString": token}]}
        ),
    }


Made = Any
# By what is wrong: stage and reason, and how it is made.
FAULTS: dict[str, tuple[str, str, Made]] = {
    "longer than any": ("format", "text_too_long", lambda c: "shc:/" + "56" * 40_000),
    "part 4 of 3": ("format", "part_invalid", lambda c: "shc:/4/3/5676"),
    "100 parts": ("format", "part_invalid", lambda c: "shc:/1/100/5676"),
    "a file of a number": ("format", "file_invalid", lambda c: '{"verifiableCredential": ["eyJ", 1]}'),
    "an odd digit": ("encoding", "numeric_invalid", lambda c: c.card()[:-1]),
    "a pair beyond the alphabet": ("encoding", "numeric_invalid", lambda c: c.card()[:-2] + "78"),
    "a letter": ("encoding", "numeric_invalid", lambda c: c.card()[:40] + "a" + c.card()[41:]),
    "a sign of the alphabet that no token has": ("envelope", "jws_invalid", lambda c: c.card()[:-2] + "02"),
    "part 0": ("encoding", "numeric_invalid", lambda c: "shc:/0/3/5676"),
    "a line that is no part": ("encoding", "numeric_invalid", lambda c: f"https://viewer.example/x#{c.card()}\n1234"),
    "half of a character in its header": ("envelope", "jws_invalid", lambda c: c.card(header={"kid": "\ud800"})),
    "half of a character in a name": ("envelope", "jws_invalid", lambda c: c.card(json.dumps(c.claims(c.bundle(c.patient(name=[{"family": "\udfff"}])))).encode())),
    "a number of two thousand digits": ("envelope", "jws_invalid", lambda c: c.card(b'{"iss": %s}' % (b"7" * 2_000))),
    "two parts of a token": ("envelope", "jws_invalid", lambda c: shc.numeric(c.token().rpartition(".")[0])),
    "no algorithm": ("envelope", "jws_invalid", lambda c: c.card(header={"alg": ...})),
    "an algorithm that is a number": ("envelope", "jws_invalid", lambda c: c.card(header={"alg": -7})),
    "a key id that is a number": ("envelope", "jws_invalid", lambda c: c.card(header={"kid": 1})),
    "not compressed": ("envelope", "jws_invalid", lambda c: c.card(header={"zip": ...}, payload=b"{}")),
    "compressed otherwise": ("envelope", "jws_invalid", lambda c: c.card(header={"zip": "GZ"})),
    "critical": ("envelope", "jws_invalid", lambda c: c.card(header={"crit": ["exp"], "exp": 1})),
    "zlib in place of deflate": ("compression", "compression_invalid", lambda c: c.card(payload=b"\x78\xda\x01")),
    "bytes behind the stream": ("compression", "compression_invalid", lambda c: c.card(payload=packed(b"{}") + b"!")),
    "cut short": ("compression", "compression_invalid", lambda c: c.card(payload=packed(b"x" * 500)[:-3])),
    "a bomb": ("compression", "inflated_too_large", lambda c: c.card(payload=packed(bytes(2_000_000)))),
    "no JSON": ("envelope", "jws_invalid", lambda c: c.card(b"HC1:")),
    "a name twice": ("envelope", "jws_invalid", lambda c: c.card(b'{"iss": "https://a.example", "iss": "b"}')),
    "an issuer over http": ("envelope", "jws_invalid", lambda c: c.card(c.claims(iss="http://health.example/issuer"))),
    "an issuer with a slash": ("envelope", "jws_invalid", lambda c: c.card(c.claims(iss=ISSUER + "/"))),
    "an issuer that is a list": ("envelope", "jws_invalid", lambda c: c.card(c.claims(iss=[ISSUER]))),
    "exp NaN": ("envelope", "jws_invalid", lambda c: c.card(json.dumps(c.claims(exp=float("nan"))).encode())),
    "exp infinite": ("envelope", "jws_invalid", lambda c: c.card(json.dumps(c.claims(exp=0)).replace("0}", "1e999}").encode())),
    "a changed signature": ("signature", "signature_invalid", lambda c: c.card(sign=lambda _: bytes(64))),
    "a signature as DER": ("signature", "signature_invalid", lambda c: c.card(sign=lambda d: b"\x30\x44" + c.key.sign(d))),
    "no signature": ("signature", "signature_invalid", lambda c: c.card(sign=lambda _: b"")),
    "alg none": ("signature", "algorithm_not_allowed", lambda c: c.card(header={"alg": "none"}, sign=lambda _: b"")),
    "HS256 with the public key": ("signature", "algorithm_not_allowed", lambda c: c.card(header={"alg": "HS256"}, sign=_mac(c))),
    "ES384": ("signature", "algorithm_not_allowed", lambda c: c.card(header={"alg": "ES384"})),
    "PS256": ("signature", "algorithm_not_allowed", lambda c: c.card(header={"alg": "PS256"})),
    "expired": ("validity", "expired", lambda c: c.card(c.claims(exp=BEGAN + 1.5))),
    "not yet valid": ("validity", "not_yet_valid", lambda c: c.card(c.claims(nbf=BEGAN + 4000.25))),
    "milliseconds": ("content", "content_invalid", lambda c: c.card(c.claims(exp=(BEGAN + 9999) * 1000))),
    "exp larger than any float": ("content", "content_invalid", lambda c: c.card(c.claims(exp=10**400))),
    "exp a text": ("content", "content_invalid", lambda c: c.card(c.claims(exp="2027"))),
    "exp a truth": ("content", "content_invalid", lambda c: c.card(c.claims(exp=True))),
    "no nbf": ("content", "content_invalid", lambda c: c.card(c.claims(nbf=...))),
    "of another type": ("content", "content_invalid", lambda c: c.card(c.claims(vc={"type": ["VerifiableCredential"]}))),
    "of FHIR 3": ("content", "content_invalid", lambda c: c.card(c.claims(vc={"credentialSubject": {"fhirVersion": "3.0.2"}}))),
    "a revocation id that is none": ("content", "content_invalid", lambda c: c.card(c.claims(vc={"rid": "a" * 25}))),
    "no bundle": ("content", "content_invalid", lambda c: c.card(c.claims({"resourceType": "Patient"}))),
    "nobody's": ("content", "content_invalid", lambda c: c.card(c.claims(c.bundle(c.dose())))),
    "two people's": ("content", "content_invalid", lambda c: c.card(c.claims(c.bundle(c.patient(), c.patient(), c.dose())))),
    "another's dose": ("content", "content_invalid", lambda c: c.card(c.claims(c.bundle(c.patient(), c.dose(patient={"reference": "resource:9"}))))),
    "a dose of no vaccine": ("content", "content_invalid", lambda c: c.card(c.claims(c.bundle(c.patient(), c.dose(vaccineCode={"coding": [{}]}))))),
    "a dose of no day": ("content", "content_invalid", lambda c: c.card(c.claims(c.bundle(c.patient(), c.dose(occurrenceDateTime="2026-02-30"))))),
    "a dose before the birth": ("rules", "event_before_birth", lambda c: c.card(c.claims(c.bundle(c.patient(), c.dose(occurrenceDateTime="1980-01-01"))))),
    "a dose to come": ("rules", "event_in_future", lambda c: c.card(c.claims(c.bundle(c.patient(), c.dose(occurrenceDateTime="2027-01-01"))))),
    "a test that found it": ("rules", "test_positive", lambda c: c.card(c.claims(c.bundle(c.patient(), c.test(valueCodeableConcept={"coding": [{"code": "10828004"}]}))))),
}  # fmt: skip


def _mac(cards: HealthCards) -> Any:
    """A MAC keyed by the public key, for verifiers that let the token choose."""
    public = cards.key.trusted().public_key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )

    def sign(data: bytes) -> bytes:
        made = hmac.HMAC(public, hashes.SHA256())
        made.update(data)
        return made.finalize()

    return sign


# By what is not known: stage and reason.
UNKNOWN: dict[str, tuple[str, str, Made]] = {
    "a foreign key id": ("key", "key_unknown", lambda c: c.card(header={"kid": "0" * 43})),
    "no key id": ("key", "key_id_missing", lambda c: c.card(header={"kid": ...})),
    "another issuer's": ("key", "key_unknown", lambda c: c.card(c.claims(iss=OTHER))),
    "the DSC's own key id": ("key", "key_unknown", lambda c: c.card(header={"kid": c.key.kid.decode("latin-1")})),
    "a part of several": ("format", "parts_missing", lambda c: c.parts(3)[1]),
    "parts of two cards": ("format", "parts_differ", lambda c: "\n".join([c.parts(2)[0], c.parts(2)[0][:-2] + "00", c.parts(2)[1]])),
    "parts of other numbers": ("format", "parts_differ", lambda c: "\n".join([c.parts(2)[0], c.parts(3)[1]])),
    "two cards in a file": ("format", "several_cards", lambda c: json.dumps({"verifiableCredential": [c.token(), c.token()]})),
    "nothing that is read here": ("content", "content_unknown", lambda c: c.card(c.claims(c.bundle(c.patient())))),
    "a dose that was not given": ("content", "content_unknown", lambda c: c.card(c.claims(c.bundle(c.patient(), c.dose(status="not-done"))))),
}  # fmt: skip

# By what there is of an issuer's list: a card's id, the list that is held, the version that there is, the reason.
RIDS: dict[str, tuple[str, RidList | None, int, str | None]] = {
    "on the list": ("mau-1", RidList(3, ("mau-1",)), 3, "revoked"),
    "not on the list": ("mau-2", RidList(3, ("mau-1",)), 3, None),
    "withdrawn until after it": ("mau-1", RidList(3, (f"mau-1.{BEGAN + 1}",)), 3, "revoked"),
    "withdrawn until then": ("mau-1", RidList(3, (f"mau-1.{BEGAN}",)), 3, None),
    "twice on the list": ("mau-1", RidList(3, (f"mau-1.{BEGAN}", "mau-1")), 3, "revoked"),
    "no list is held": ("mau-2", None, 1, "revocation_unknown"),
    "an older list is held": ("mau-2", RidList(2), 3, "revocation_unknown"),
    "on an older list": ("mau-1", RidList(2, ("mau-1",)), 3, "revoked"),
    "a newer list than the key knows of": ("mau-2", RidList(4), 3, None),
    "a card without id": ("", None, 3, None),
    "there is no list": ("mau-1", None, 0, None),
}
