"""`Sealed`: a signed message that nobody has checked yet."""

from enum import StrEnum

import msgspec


class Algorithm(StrEnum):
    """Signature algorithms, by their JOSE names (RFC 7518, section 3.1)."""

    ES256 = "ES256"
    PS256 = "PS256"
    ES384 = "ES384"


class Sealed(msgspec.Struct, frozen=True, gc=False):
    """What a wire yields and trust opens. Everything in it is only claimed.

    `alg`, `alg_unprotected`: the algorithms that the signed and the unsigned header name, as JOSE names
    where one exists, else in a form that equals no key's algorithm; None where the header names none.
    `kid`: the key id, a hint at best. `signing_input`: the bytes that were signed. `signature`: raw, for
    ECDSA r ‖ s. `certificates`: DER of X.509 certificates that the card carries, untrusted. `issuer`: the URL or DID
    that the card says it is from, in formats whose keys are an issuer's own: of others no key is tried.
    """

    signing_input: bytes
    payload: bytes
    signature: bytes
    kid: bytes | None = None
    alg: str | None = None
    alg_unprotected: str | None = None
    certificates: tuple[bytes, ...] = ()
    issuer: str = ""

    def __repr__(self) -> str:
        # The payload is somebody's health record: nothing of it may reach a log through a repr.
        return f"Sealed(alg={self.alg!r}, payload=<{len(self.payload)} bytes>)"
