"""The table of faults: what can be wrong with a card, at which stage it shows, and with which reason."""

from collections.abc import Callable
from typing import Any

import cbor2
from forge import NOW

from vaxcert.wire import base45, cbor, cose, deflate

SECONDS = int(NOW.timestamp())

Fault = Callable[[Any], str]

FAULTS: dict[str, tuple[str, str, Fault]] = {
    "no prefix": ("format", "format_unknown", lambda f: f.card()[4:]),
    "HC2": ("format", "format_unsupported", lambda f: "HC2:" + f.card()[4:]),
    "lower case": ("format", "keyboard_layout", lambda f: f.card().lower()),
    "a link": ("format", "not_a_certificate", lambda f: "https://health.example/card?id=1"),
    "a card of another system": ("format", "format_unsupported", lambda f: "B64:UEsDB" + "Q" * 300),
    "nothing": ("format", "format_unknown", lambda f: ""),
    "one character past the bound": ("format", "text_too_long", lambda f: "HC1:" + "0" * 4997),
    "a character outside base45": (
        "encoding",
        "base45_invalid",
        lambda f: f.card()[:-9] + "é" + f.card()[-8:],
    ),
    "a dangling character": ("encoding", "base45_invalid", lambda f: "HC1:0"),
    "not compressed": (
        "compression",
        "compression_invalid",
        lambda f: "HC1:" + base45.encode(f.message(f.claims())),
    ),
    "cut short": (
        "compression",
        "compression_invalid",
        lambda f: "HC1:" + base45.encode(deflate.deflate(f.message(f.claims()))[:-5]),
    ),
    "a bomb": ("compression", "inflated_too_large", lambda f: f.text(bytes(70_000))),
    "not CBOR": ("envelope", "cbor_invalid", lambda f: f.text(b"\xff\xff")),
    "CBOR and more": ("envelope", "cbor_invalid", lambda f: f.text(f.message(f.claims()) + b"\0")),
    "not COSE": ("envelope", "cose_invalid", lambda f: f.text(cbor.dumps(f.claims()))),
    "a MAC": ("envelope", "cbor_invalid", lambda f: f.text(f.message(f.claims(), tag=b"\xd1"))),
    "no key id": ("key", "key_id_missing", lambda f: f.text(f.message(f.claims(), protected={1: -7}))),
    "another key id": (
        "key",
        "key_unknown",
        lambda f: f.text(f.message(f.claims(), protected={1: -7, 4: b"foo"})),
    ),
    "a wrong key id over the right one": (
        "key",
        "key_unknown",
        lambda f: f.text(f.message(f.claims(), protected={1: -7, 4: b"foo"}, unprotected={4: f.key.kid})),
    ),
    "a changed payload": (
        "signature",
        "signature_invalid",
        lambda f: resigned(f, lambda payload: payload[:-1] + b"!"),
    ),
    "an empty signature": (
        "signature",
        "signature_invalid",
        lambda f: f.text(f.message(f.claims(), sign=lambda _: b"")),
    ),
    "a zero signature": (
        "signature",
        "signature_invalid",
        lambda f: f.text(f.message(f.claims(), sign=lambda _: bytes(64))),
    ),
    "another algorithm": ("signature", "algorithm_not_allowed", lambda f: headed(f, {1: -37}, {})),
    "EdDSA": ("signature", "algorithm_not_allowed", lambda f: headed(f, {1: -8}, {})),
    "HMAC": ("signature", "algorithm_not_allowed", lambda f: headed(f, {1: 5}, {})),
    "RS256": ("signature", "algorithm_not_allowed", lambda f: headed(f, {1: -257}, {})),
    "another algorithm unprotected": (
        "signature",
        "algorithm_not_allowed",
        lambda f: headed(f, {1: -7}, {1: -37}),
    ),
    "another algorithm only unprotected": (
        "signature",
        "algorithm_not_allowed",
        lambda f: headed(f, {}, {1: -37}),
    ),
    "expired": ("validity", "expired", lambda f: f.card(exp=SECONDS - 1)),
    "issued too late": ("validity", "not_yet_valid", lambda f: f.card(iat=SECONDS + 301)),
    "issued before its key": (
        "validity",
        "issued_outside_signer_validity",
        lambda f: f.card(iat=SECONDS - 31 * 86400),
    ),
    "claims that are no CBOR": ("content", "content_invalid", lambda f: f.text(f.message(b"\xff"))),
    "claims that are no map": ("content", "content_invalid", lambda f: f.text(f.message(cbor.dumps([1])))),
    "claims twice": ("content", "content_invalid", lambda f: f.text(f.message(b"\xa2\x01\x61A\x01\x61B"))),
    "no certificate": (
        "content",
        "content_unknown",
        lambda f: f.text(f.message(cbor.dumps({1: "VN", 4: 1, 6: 1}))),
    ),
    "an unknown certificate": (
        "content",
        "content_unknown",
        lambda f: f.text(f.message({1: "VN", 4: SECONDS, 6: SECONDS, -260: {7: {}}})),
    ),
    "a certificate in an array": (
        "content",
        "content_unknown",
        lambda f: f.text(f.message(f.claims() | {-260: [0, f.dcc()]})),
    ),
    "an array as key inside the certificate": (
        "content",
        "content_invalid",
        lambda f: f.text(f.message(cbor2.dumps(f.claims(f.dcc(extra={(1,): 2}))))),
    ),
    "a certificate under a float key": (
        "content",
        "content_invalid",
        lambda f: f.text(f.message(cbor2.dumps({1: "VN", 4: SECONDS, 6: SECONDS, -260.0: {1: f.dcc()}}))),
    ),
    "no expiry": ("content", "content_invalid", lambda f: f.card(exp=...)),
    "no time of issue": ("content", "content_invalid", lambda f: f.card(iat=...)),
    "expiry as text": ("content", "content_invalid", lambda f: f.card(exp="2027-01-01")),
    "expiry true": ("content", "content_invalid", lambda f: f.card(exp=True)),
    "expiry NaN": ("content", "content_invalid", lambda f: f.card(exp=float("nan"))),
    "expiry infinite": ("content", "content_invalid", lambda f: f.card(exp=float("inf"))),
    "expiry huge": ("content", "content_invalid", lambda f: f.card(exp=1e300)),
    "expiry in milliseconds": ("content", "content_invalid", lambda f: f.card(exp=(SECONDS + 9999) * 1000)),
    "issued in milliseconds": ("content", "content_invalid", lambda f: f.card(iat=SECONDS * 1000)),
    "issuer a number": ("content", "content_invalid", lambda f: f.card(iss=84)),
    "a name of letters that nobody sees": (
        "content",
        "content_invalid",
        lambda f: f.card(f.dcc(nam={"fn": "\u3164", "gn": "\u2800", "fnt": "\u115f"})),
    ),
    "no entry": ("content", "content_empty", lambda f: f.card(f.dcc(v=[]))),
    "an empty list of doses": ("content", "content_empty", lambda f: f.card(f.dcc(v=[], t=None, r=None))),
    "no list at all": ("content", "content_empty", lambda f: f.card(f.dcc(v=...))),
    "a positive test": ("rules", "test_positive", lambda f: f.card(f.dcc(v=..., t=[f.test(tr="260373001")]))),
    "a dose before birth": ("rules", "event_before_birth", lambda f: f.card(f.dcc(dob="2026-06-10"))),
    "a dose to come": (
        "rules",
        "event_in_future",
        lambda f: f.card(f.dcc(v=[f.vaccination(dt="2026-06-17")])),
    ),
}


def resigned(forge: Any, change: Callable[[bytes], bytes]) -> str:
    protected = cose.protected_header(forge.key.algorithm, forge.key.kid)
    payload = cbor.dumps(forge.claims())
    signature = forge.key.sign(cose.signing_input(protected, payload))
    return str(forge.text(b"".join(cose.encode(protected, change(payload), signature))))


def headed(forge: Any, signed: dict[int, Any], unsigned: dict[int, Any]) -> str:
    return str(forge.text(forge.message(forge.claims(), protected=signed | {4: forge.key.kid}, unprotected=unsigned)))
