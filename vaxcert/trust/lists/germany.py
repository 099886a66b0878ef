"""Lists of certificates as the EU gateway has them, in the forms of its members.

German: a line with a raw ECDSA signature (base64, r ‖ s) over the JSON that follows. The gateway itself and its
verifier service: the JSON alone, as an array.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from vaxcert.errors import ConfigurationError, DamagedError, Reason
from vaxcert.trust.algorithms import ES256_SIZE, is_p256, made_es256
from vaxcert.trust.keys import TrustedKey
from vaxcert.trust.lists.base import Proof, Published, bind, collect, country, dict_entries, from_json, octets
from vaxcert.trust.lists.signatures import public_key


def detect(document: Any) -> bool:
    entries = document.get("certificates") if isinstance(document, dict) else document
    return isinstance(entries, list) and any(isinstance(entry, dict) and "rawData" in entry for entry in entries)


def split(data: bytes) -> tuple[bytes, bytes] | None:
    """The raw signature and the JSON that it is over; None for another form."""
    line, end, rest = data.partition(b"\n")
    if not end or not rest.lstrip().startswith(b"{"):
        return None
    try:
        signature = octets(line.decode("ascii"))
    except (UnicodeDecodeError, ValueError):
        return None
    return (signature, rest.strip()) if len(signature) == ES256_SIZE else None


def load_signed(signature: bytes, content: bytes) -> Published:
    """A list whose first line is a signature."""
    return load(from_json(content), proof=_proof(signature, content))


def load(document: Any, proof: Proof | None = None) -> Published:
    """A list of `{kid, rawData, country, certificateType}`."""
    authorities: list[bytes] = []

    def key(entry: Any) -> TrustedKey:
        certificate, kind = octets(entry["rawData"]), entry.get("certificateType", "DSC")
        if kind == "CSCA":
            authorities.append(certificate)
        kid = octets(entry["kid"]) if entry.get("kid") else None
        listed = entry.get("country")
        key = TrustedKey.from_certificate(certificate, kid=kid)
        # A country that cannot be read is not the certificate's to choose.
        return bind(
            key,
            country=key.country if listed is None else country(listed),
            # Authorities and others may sign no card.
            formats=key.formats if kind == "DSC" else frozenset[str](),
        )

    if not detect(document):
        raise DamagedError("not a published list: no certificates in it")
    entries = document["certificates"] if isinstance(document, dict) else document
    keys, refused = collect((where, partial(key, entry)) for where, entry in dict_entries(entries))
    return Published(
        name="list of certificates" if proof is None else "German list",
        keys=keys,
        refused=refused,
        proof=proof,
        authorities=tuple(authorities),
    )


def _proof(signature: bytes, content: bytes) -> Proof:
    def check(signed_by: bytes) -> None:
        key = public_key(signed_by)
        if not is_p256(key):
            raise ConfigurationError("German list: signed with P-256, which that key is not", Reason.KEY_DIFFERS)
        if not made_es256(key, signature, content):
            raise DamagedError("German list: not signed by that key, or changed since", Reason.NOT_AUTHENTIC)

    return check
