"""JSON Web Key Sets (RFC 7517, section 5), and the VCI directory's snapshot of many issuers' (SMART Health Cards)."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from functools import partial
from typing import Any

import msgspec

from vaxcert.errors import DamagedError, KeyMaterialError, Reason
from vaxcert.trust.jwk import thumbprint
from vaxcert.trust.keys import TrustedKey
from vaxcert.trust.lists.base import Published, collect, dict_entries, from_json, from_jwk, octets
from vaxcert.trust.rids import RidList, Rids

# As cards name their issuer, character for character.
_ADDRESS = re.compile(r"https://[^\s/?#@]{1,255}(?:/[^\s?#]{0,500}[^\s?#/])?", re.ASCII)


def detect(document: Any) -> bool:
    return isinstance(document, dict) and ("keys" in document or "issuerInfo" in document)


def load(document: Any, issuer: str = "") -> Published:
    """A key set, whose issuer it does not name and `issuer` does, or a directory of issuers with theirs."""
    if "issuerInfo" in document:
        entries = [
            (f"{where}, {inner}", partial(_of_issuer, info, one))
            for where, info in dict_entries(document["issuerInfo"])
            for inner, one in (dict_entries(info["keys"]) if _has_keys(info) else ())
        ]
        crls = [one for _, info in dict_entries(document["issuerInfo"]) for one in _crls(info)]
        name = "VCI directory"
    else:
        entries = [(where, partial(_key, one, issuer)) for where, one in dict_entries(document["keys"])]
        name, crls = "JWKS", []
    keys, refused = collect(entries)
    held = {key.kid for key in keys}
    # A list that cannot be read leaves its key with none, and cards that it may be about are not accepted.
    usable = [json.dumps(one).encode() for one in crls if _is_of(one, held)]
    return Published(name=name, keys=with_withdrawn_cards(keys, usable), refused=refused)


def _crls(info: Any) -> list[Any]:
    found = info.get("crls") if isinstance(info, dict) else None
    return found if isinstance(found, list) else []


def _is_of(listed: Any, kids: Collection[bytes]) -> bool:
    try:
        return _withdrawn_cards(json.dumps(listed).encode())[0] in kids
    except DamagedError:
        return False


def _has_keys(info: Any) -> bool:
    return isinstance(info, dict) and isinstance(info.get("keys"), list)


def _of_issuer(info: Any, jwk: Any) -> TrustedKey:
    issuer = info["issuer"]["iss"]
    if not isinstance(issuer, str):
        raise ValueError("an issuer without a name")
    return _key(jwk, issuer)


def _key(jwk: Any, issuer: str) -> TrustedKey:
    if not issuer:
        # Without it the key would sign for whomever.
        raise KeyMaterialError(Reason.ISSUER_MISSING, "say whose keys they are")
    if _ADDRESS.fullmatch(issuer) is None:
        raise KeyMaterialError(Reason.ISSUER_MISSING, "not the https address of an issuer, without a slash at its end")
    if jwk.get("use", "sig") != "sig" or jwk.get("alg", "ES256") != "ES256":
        raise KeyMaterialError(Reason.USAGE_NOT_ALLOWED, "not for ES256 signatures")
    kid = jwk["kid"]
    # SMART Health Cards 1.4.0, "Determining keys associated with an issuer": the id is the key's thumbprint.
    if octets(kid) != thumbprint(jwk):
        raise KeyMaterialError(Reason.CERTIFICATE_INVALID, "its id is not its thumbprint")
    version = jwk.get("crlVersion", 0)
    if type(version) is not int or version < 0:
        raise ValueError("a version of a list that is no number")
    return from_jwk(jwk, kid.encode("ascii"), formats=frozenset(("shc",)), issuer=issuer, rids=Rids(version))


def with_withdrawn_cards(keys: Iterable[TrustedKey], lists: Iterable[bytes]) -> tuple[TrustedKey, ...]:
    """The keys with the lists of withdrawn cards (JSON, "Revocation" of the framework) that are theirs.

    Raises `DamagedError` for what is no such list, or of no key that is there.
    """
    keys = tuple(keys)
    for content in lists:
        kid, listed = _withdrawn_cards(content)
        if kid not in {key.kid for key in keys}:
            raise DamagedError("a list of withdrawn cards of a key that is not there")
        keys = tuple(
            msgspec.structs.replace(key, rids=Rids(key.rids.wanted, listed)) if key.kid == kid else key for key in keys
        )
    return keys


def _withdrawn_cards(content: bytes) -> tuple[bytes, RidList]:
    document = from_json(content)
    try:
        kid, method, counter, rids = (document[name] for name in ("kid", "method", "ctr", "rids"))
        if method != "rid" or not isinstance(kid, str) or type(counter) is not int or not isinstance(rids, list):
            raise ValueError
        return kid.encode(), RidList(counter, tuple(rids))
    except (ValueError, TypeError, KeyError):
        raise DamagedError("not a list of withdrawn cards of the method rid") from None
