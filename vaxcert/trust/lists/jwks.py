"""JSON Web Key Sets (RFC 7517, section 5), and the VCI directory's snapshot of many issuers' (SMART Health Cards)."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from typing import Any

from vaxcert.errors import KeyMaterialError, Reason
from vaxcert.trust.keys import TrustedKey
from vaxcert.trust.lists.base import Published, collect, dict_entries, from_jwk, octets


def detect(document: Any) -> bool:
    return isinstance(document, dict) and ("keys" in document or "issuerInfo" in document)


def load(document: Any) -> Published:
    """A key set, whose issuer it does not name, or a directory of issuers with theirs."""
    if "issuerInfo" in document:
        entries = [
            (f"{where}, {inner}", partial(_of_issuer, info, one))
            for where, info in dict_entries(document["issuerInfo"])
            for inner, one in (dict_entries(info["keys"]) if _has_keys(info) else ())
        ]
        name = "VCI directory"
    else:
        entries = [(where, partial(_key, one, "")) for where, one in dict_entries(document["keys"])]
        name = "JWKS"
    keys, refused = collect(entries)
    return Published(name=name, keys=keys, refused=refused)


def _has_keys(info: Any) -> bool:
    return isinstance(info, dict) and isinstance(info.get("keys"), list)


def _of_issuer(info: Any, jwk: Any) -> TrustedKey:
    issuer = info["issuer"]["iss"]
    if not isinstance(issuer, str) or not issuer:
        # Without it the key would sign for whomever.
        raise ValueError("an issuer without a name")
    return _key(jwk, issuer)


def _key(jwk: Any, issuer: str) -> TrustedKey:
    if jwk.get("use", "sig") != "sig" or jwk.get("alg", "ES256") != "ES256":
        raise KeyMaterialError(Reason.USAGE_NOT_ALLOWED, "not for ES256 signatures")
    kid = jwk["kid"]
    # SMART Health Cards 1.4.0, "Determining keys associated with an issuer": the id is the key's thumbprint.
    if octets(kid) != thumbprint(jwk):
        raise KeyMaterialError(Reason.CERTIFICATE_INVALID, "its id is not its thumbprint")
    return from_jwk(jwk, kid.encode("ascii"), formats=frozenset(("shc",)), issuer=issuer)


def thumbprint(jwk: Any) -> bytes:
    """The thumbprint of an elliptic curve key (RFC 7638, section 3)."""
    members = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    return hashlib.sha256(json.dumps(members, separators=(",", ":"), sort_keys=True).encode()).digest()
