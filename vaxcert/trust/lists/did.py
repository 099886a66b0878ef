"""DID documents: WHO's trust lists (GDHCN, versions 1 and 2), and did:web documents of single issuers (New Zealand)."""

from __future__ import annotations

from functools import partial
from typing import Any

from vaxcert.errors import KeyMaterialError, Reason
from vaxcert.trust.keys import TrustedKey
from vaxcert.trust.lists.base import Published, bind, collect, dict_entries, from_jwk, octets, participant

_LIST = ":trustlist"
# Of version 2's ids: …:trustlist:<domain>:<participant>:<usage>. Only document signers sign cards, each of its domain's
# kind; version 1 knew no domains.
_SIGNERS = frozenset(("DSC",))
_DOMAINS = {
    "DCC": frozenset(("hcert",)),
    "DDCC": frozenset(("ddcc",)),
    "ICVP": frozenset(("icvp",)),
    "DICVP": frozenset(("icvp",)),
    "DVC": frozenset(("icvp",)),
    "": frozenset(("hcert", "ddcc", "icvp")),
}

# Their proofs are over canonical RDF (JSON-LD), whose contexts would have to be fetched.
_WHY = "its proof (JSON-LD, JsonWebSignature2020) cannot be checked here; compare a hash that its publisher vouches for"


def detect(document: Any) -> bool:
    return isinstance(document, dict) and "verificationMethod" in document


def load(document: Any) -> Published:
    """The keys of a DID document (W3C DID Core 1.0, section 5.2)."""
    subject = str(document.get("id", ""))
    is_list = _LIST in subject
    assertions = document.get("assertionMethod")
    allowed: list[str] | None = None
    if not is_list and assertions is not None:
        # What is no list lets no key sign.
        allowed = [_reference(one) for one in assertions] if isinstance(assertions, list) else []
    authorities: list[bytes] = []

    def key(method: Any) -> TrustedKey:
        name, _, fragment = str(method["id"]).partition("#")
        if is_list:
            return _of_list(name.split(_LIST, 1)[1], fragment, method["publicKeyJwk"], authorities)
        full = str(method["id"]) if name else f"{subject}{method['id']}"
        if allowed is not None and full not in allowed and str(method["id"]) not in allowed:
            raise KeyMaterialError(Reason.USAGE_NOT_ALLOWED, "not a key that may sign")
        # NZ COVID Pass 1.0, section 4.4: `iss` is the DID, `kid` the fragment.
        return from_jwk(method["publicKeyJwk"], fragment.encode(), formats=frozenset(("nzcp",)), issuer=subject)

    entries = [(where, partial(key, method)) for where, method in dict_entries(document["verificationMethod"])]
    keys, refused = collect(entries)
    return Published(
        name="WHO trust list" if is_list else "DID document",
        keys=keys,
        refused=refused,
        why_unsigned=_WHY,
        authorities=tuple(authorities),
    )


def _reference(one: Any) -> str:
    return str(one.get("id", "")) if isinstance(one, dict) else str(one)


def _of_list(path: str, fragment: str, jwk: Any, authorities: list[bytes]) -> TrustedKey:
    parts = path.strip(":").split(":")
    if len(parts) == 3:
        domain, code, usage = parts
    elif len(parts) == 1:
        domain, code, usage = "", parts[0], "DSC"
    else:
        raise ValueError("an id of another form")
    # Their coordinates are often cut or padded wrongly; the certificate is what was handed in.
    certificate = octets(jwk["x5c"][0])
    if usage == "SCA":
        authorities.append(certificate)
    key = TrustedKey.from_certificate(certificate, kid=octets(fragment))
    if not key.kid:
        raise KeyMaterialError(Reason.KEY_ID_MISSING, "no key id")
    # Authorities and others are held as keys that may sign no card of any form: such a card is refused as that.
    formats = _DOMAINS.get(domain.upper(), frozenset[str]()) if usage in _SIGNERS else frozenset[str]()
    return bind(key, country=participant(code), formats=formats)
