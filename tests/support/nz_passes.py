"""NZ COVID Passes made step by step, and by what is wrong with each its status, stage and reason."""

from __future__ import annotations

import base64
import uuid
from typing import Any

import msgspec
from forge import NOW, Forge

from vaxcert import SigningKey, TrustedKey
from vaxcert.formats.nzcp import PREFIX

DID = "did:web:nzcp.example"
BEGAN = int(NOW.timestamp()) - 3600
CONTEXTS = ["https://www.w3.org/2018/credentials/v1", "https://nzcp.covid19.health.nz/contexts/v1"]


def trusted(key: SigningKey, issuer: str = DID) -> TrustedKey:
    plain = TrustedKey.from_public_key(key.trusted().spki(), b"key-1")
    return msgspec.structs.replace(plain, formats=frozenset(("nzcp",)), issuer=issuer)


def credential(**changes: Any) -> dict[str, Any]:
    subject = {"givenName": "Mẫu Thử", "familyName": "Nguyễn", "dob": "1990-05-17"}
    good = {
        "@context": CONTEXTS,
        "version": "1.0.0",
        "type": ["VerifiableCredential", "PublicCovidPass"],
        "credentialSubject": subject,
    }
    return {name: value for name, value in (good | changes).items() if value is not ...}


def claims(vc: Any = None, **changes: Any) -> dict[Any, Any]:
    good = {1: DID, 5: BEGAN, 4: BEGAN + 90_000, "vc": credential() if vc is None else vc, 7: uuid.UUID(int=7).bytes}
    told = {int(name[1:]) if name[1:].isdigit() else name: value for name, value in changes.items()}
    return {name: value for name, value in (good | told).items() if value is not ...}


def text(message: bytes) -> str:
    return f"{PREFIX}1/{base64.b32encode(message).decode().rstrip('=')}"


def card(forge: Forge, body: Any = None, **how: Any) -> str:
    said = claims() if body is None else body
    return text(forge.message(said, **({"protected": {4: b"key-1", 1: -7}} | how)))


# By what is wrong: status, stage and reason, and how it is made.
FAULTS: dict[str, tuple[str, str, str, Any]] = {
    "another version": ("refused", "encoding", "base32_invalid", lambda f: card(f).replace("/1/", "/2/")),
    "padding": ("refused", "encoding", "base32_invalid", lambda f: card(f) + "="),
    "a digit that base32 has not": ("refused", "encoding", "base32_invalid", lambda f: card(f)[:-1] + "1"),
    "a dangling character": ("refused", "encoding", "base32_invalid", lambda f: f"{PREFIX}1/AAA"),
    "bits beyond the last byte": ("refused", "encoding", "base32_invalid", lambda f: f"{PREFIX}1/AB"),
    "too long": ("refused", "format", "text_too_long", lambda f: f"{PREFIX}1/" + "A" * 5_000),
    "no message": ("refused", "envelope", "cbor_invalid", lambda f: text(b"\xff")),
    "an issuer that is no DID": ("refused", "envelope", "cose_invalid", lambda f: card(f, claims(_1="https://x.example"))),
    "a foreign key id": ("undetermined", "key", "key_unknown", lambda f: card(f, protected={4: b"key-2", 1: -7})),
    "another issuer": ("undetermined", "key", "key_unknown", lambda f: card(f, claims(_1="did:web:other.example"))),
    "no key id": ("undetermined", "key", "key_id_missing", lambda f: card(f, protected={1: -7})),
    "a changed signature": ("refused", "signature", "signature_invalid", lambda f: card(f, sign=lambda _: bytes(64))),
    "another algorithm": ("refused", "signature", "algorithm_not_allowed", lambda f: card(f, protected={4: b"key-1", 1: -37})),
    "expired": ("refused", "validity", "expired", lambda f: card(f, claims(_4=BEGAN + 1))),
    "not yet valid": ("refused", "validity", "not_yet_valid", lambda f: card(f, claims(_5=BEGAN + 7200))),
    "no end": ("refused", "content", "content_invalid", lambda f: card(f, claims(_4=...))),
    "exp NaN": ("refused", "content", "content_invalid", lambda f: card(f, claims(_4=float("nan")))),
    "no id": ("refused", "content", "content_invalid", lambda f: card(f, claims(_7=...))),
    "no credential": ("refused", "content", "content_invalid", lambda f: card(f, claims(vc=[]))),
    "another context": ("refused", "content", "content_invalid", lambda f: card(f, claims(credential(**{"@context": CONTEXTS[::-1]})))),
    "no birth date": ("refused", "content", "content_invalid", lambda f: card(f, claims(credential(credentialSubject={"givenName": "A", "dob": "1990"})))),
    "another kind of pass": ("undetermined", "content", "content_unknown", lambda f: card(f, claims(credential(type=["VerifiableCredential", "OtherPass"])))),
    "capitals lost": ("undetermined", "format", "keyboard_layout", lambda f: card(f).swapcase()),
}  # fmt: skip
