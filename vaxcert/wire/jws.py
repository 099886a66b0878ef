"""JSON Web Signature, compact (RFC 7515, section 7.1): header, payload and signature, joined by dots.

Of the header four members are read: the algorithm, the key's id, whether the payload is compressed, and what is
critical. Keys and certificates that a token brings along (`jwk`, `jku`, `x5c`, `x5u`) are nobody's word for anything.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from vaxcert.errors import EnvelopeError, Reason
from vaxcert.wire import base64url, jsontext
from vaxcert.wire.sealed import Algorithm, Sealed

# A header names an algorithm and a key. Those that carry chains of certificates stay below it too.
_MAX_HEADER = 16_000


class Token(NamedTuple):
    """A token that nobody checked yet. `zip`: what its header says that its payload is compressed with, or None."""

    sealed: Sealed
    zip: str | None


def decode(text: str) -> Token:
    """The token in a text. Its payload is as it was signed, compressed where the header says so.

    Raises `EnvelopeError` (`jws_invalid`).
    """
    parts = text.split(".")
    if len(parts) != 3:
        raise _invalid("not three parts")
    head, body, tail = parts
    if len(head) > _MAX_HEADER:
        raise _invalid("a header that is too long")
    try:
        header, payload, signature = (
            jsontext.loads(base64url.decode(head)),
            base64url.decode(body),
            base64url.decode(tail),
        )
    except ValueError:
        raise _invalid("a part that is no base64url, or a header that is no JSON") from None
    if not isinstance(header, dict):
        raise _invalid("a header that is no object")
    if "crit" in header:
        # RFC 7515, section 4.1.11: what is critical and not understood makes the token invalid.
        raise _invalid("a critical header that is not understood")
    alg, kid, packed = _text(header, "alg"), _text(header, "kid"), _text(header, "zip")
    if alg is None:
        raise _invalid("no algorithm")
    sealed = Sealed(
        signing_input=f"{head}.{body}".encode("ascii"),
        payload=payload,
        signature=signature,
        kid=None if kid is None else kid.encode(),
        alg=alg,
    )
    return Token(sealed, packed)


def _text(header: Mapping[str, Any], name: str) -> str | None:
    value = header.get(name)
    if value is not None and not isinstance(value, str):
        raise _invalid(f"{name} is no text")
    return value


def _invalid(detail: str) -> EnvelopeError:
    return EnvelopeError(Reason.JWS_INVALID, detail)


def signing_input(algorithm: Algorithm, kid: str, payload: bytes, *, packed: str | None = None) -> bytes:
    """What is signed of a token: its header, members in the order that the specification of SHC shows, and payload."""
    header = {} if packed is None else {"zip": packed}
    header |= {"alg": str(algorithm), "kid": kid}
    head = json.dumps(header, separators=(",", ":")).encode()
    return f"{base64url.encode(head)}.{base64url.encode(payload)}".encode("ascii")


def encode(signed: bytes, signature: bytes) -> str:
    """The token of what was signed."""
    return f"{signed.decode('ascii')}.{base64url.encode(signature)}"
