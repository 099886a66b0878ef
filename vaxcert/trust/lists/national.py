"""Key lists of Switzerland, the Netherlands and France, as their verifiers fetch them."""

from __future__ import annotations

from functools import partial
from typing import Any

from vaxcert.errors import DamagedError
from vaxcert.trust import pem
from vaxcert.trust.keys import TrustedKey
from vaxcert.trust.lists.base import (
    KINDS,
    Proof,
    Published,
    collect,
    country,
    dict_entries,
    from_json,
    from_jwk,
    from_spki,
    octets,
)


def detect(document: Any) -> bool:
    if not isinstance(document, dict):
        return False
    return any(name in document for name in ("certs", "eu_keys", "certificatesDCC")) or _is_wrapped(document)


def _is_wrapped(document: Any) -> bool:
    return isinstance(document.get("payload"), str) and isinstance(document.get("signature"), str)


def load(document: Any, proof: Proof | None = None) -> Published:
    """Read a list of one of the three countries."""
    if _is_wrapped(document):
        return _netherlands(from_json(_unwrapped(document)))
    if "certs" in document:
        return _switzerland(document, proof)
    return _netherlands(document) if "eu_keys" in document else _france(document)


def _unwrapped(document: Any) -> bytes:
    try:
        return octets(document["payload"])
    except ValueError:
        raise DamagedError("not a published list: its payload is no base64") from None


def _switzerland(document: Any, proof: Proof | None) -> Published:
    """The Swiss list: pages of `{keyId, use, alg, crv, x, y | n, e, subjectPublicKeyInfo}`. No country is in them."""

    def key(entry: Any) -> TrustedKey:
        kid, use = octets(entry["keyId"]), entry.get("use") or ""
        usages = frozenset(KINDS[letter] for letter in use) if set(use) <= set(KINDS) else frozenset[str]()
        if entry.get("subjectPublicKeyInfo"):
            return from_spki(octets(entry["subjectPublicKeyInfo"]), kid, usages=usages)
        return from_jwk({**entry, "kty": "RSA" if entry.get("n") else "EC"}, kid, usages=usages)

    keys, refused = collect((where, partial(key, one)) for where, one in dict_entries(document["certs"]))
    return Published(name="Swiss list", keys=keys, refused=refused, proof=proof)


def _netherlands(document: Any) -> Published:
    """The Dutch list: key ids to lists of `{subjectPk, keyUsage, ian}`: several keys under one id."""

    def key(kid: str, entry: Any) -> TrustedKey:
        usages = frozenset(KINDS[letter] for letter in entry.get("keyUsage") or ())
        return from_spki(octets(entry["subjectPk"]), octets(kid), usages=usages, country=country(entry.get("ian")))

    listed = document.get("eu_keys") if isinstance(document, dict) else None
    if not isinstance(listed, dict):
        raise DamagedError("not a published list: no eu_keys")
    keys, refused = collect(
        (f"key {number}.{position}", partial(key, kid, one))
        for number, (kid, entries) in enumerate(listed.items(), 1)
        for position, one in enumerate(entries if isinstance(entries, list) else [entries], 1)
    )
    why = "its signature (CMS) cannot be checked here; `openssl cms -verify` can"
    return Published(name="Dutch list", keys=keys, refused=refused, why_unsigned=why)


def _france(document: Any) -> Published:
    """The French list: key ids to certificates, in base64 of base64 or of PEM."""

    def key(kid: str, text: Any) -> TrustedKey:
        content = octets(text)
        if content.startswith(pem.CERTIFICATE):
            content = pem.certificates(content)[0]
        elif not content.startswith(b"\x30"):
            content = octets(content.decode("ascii"))
        return TrustedKey.from_certificate(content, kid=octets(kid))

    listed = document["certificatesDCC"]
    if not isinstance(listed, dict):
        raise DamagedError("not a published list: no certificatesDCC")
    keys, refused = collect(
        (f"key {number}", partial(key, kid, one)) for number, (kid, one) in enumerate(listed.items(), 1)
    )
    return Published(name="French list", keys=keys, refused=refused)
