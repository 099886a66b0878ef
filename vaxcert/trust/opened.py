"""`Opened`: a message whose signature has been checked."""

from typing import Any

from vaxcert.trust.keys import TrustedKey
from vaxcert.wire import Sealed

_PROOF = object()


class Opened:
    """The payload of a message that `signer` signed. Only `TrustStore.open` makes one.

    Whoever asks for an `Opened` cannot be handed an unchecked message by mistake: the type checker
    says so, and the constructor refuses everybody else.
    """

    __slots__ = ("payload", "sealed", "signer")

    payload: bytes
    signer: TrustedKey
    sealed: Sealed

    def __init__(self, sealed: Sealed, signer: TrustedKey, *, proof: Any = None) -> None:
        if proof is not _PROOF:
            raise TypeError("only TrustStore.open makes an Opened")
        self.payload = sealed.payload
        self.signer = signer
        self.sealed = sealed

    def __repr__(self) -> str:
        return f"<Opened by {self.signer.kid.hex()}>"
