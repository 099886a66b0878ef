"""What goes over the signer's socket (`sockets.messages`).

A connection takes any number of requests, one after the other. Requests name doses, an account and a site; answers hold
ids and, where asked for, texts of certificates. Neither holds a name, and errors travel as their codes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from vaxcert.errors import DamagedError
from vaxcert.sockets.messages import Failure

# A thousand certificates' ids and texts; a request is never so long.
MOST_REQUEST, MOST_ANSWER = 32_000, 6_000_000
# What a row of the registry may have for its number.
_Number = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]


class SignRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="ask", tag="sign"):
    """Certificates of doses, by their numbers in the registry. `texts`: whether the codes' texts come back too."""

    doses: tuple[_Number, ...]
    account: str
    site: str = ""
    texts: bool = True


class DecideRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="ask", tag="decide"):
    """A yes or no to a request that waits for a second person; after a yes the certificates come back, no texts."""

    request: _Number
    account: str
    approve: bool


class WaitingRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="ask", tag="waiting"):
    """Which requests wait for a second person."""


Request = SignRequest | DecideRequest | WaitingRequest


class SignedDose(msgspec.Struct, frozen=True):
    """A dose's certificate. `new`: signed now; `text`: "" where it was not asked for; `expires_at`: aware."""

    dose: int
    certificate: str
    new: bool
    expires_at: datetime
    text: str = ""

    def __repr__(self) -> str:
        return f"<SignedDose {self.certificate}>"


class Signed(msgspec.Struct, frozen=True, tag_field="answer", tag="signed"):
    """The doses' certificates, and those that got none."""

    certificates: tuple[SignedDose, ...]
    failed: tuple[Failure, ...] = ()


class KeptRequest(msgspec.Struct, frozen=True, tag_field="answer", tag="kept"):
    """Nothing was signed yet: the request waits, under this number, for another account's yes."""

    request: int


class BulkRequest(msgspec.Struct, frozen=True):
    """A request that waits: who asked for how many, when (UTC)."""

    request: int
    account: str
    site: str
    doses: int
    asked_at: datetime


class WaitingRequests(msgspec.Struct, frozen=True, tag_field="answer", tag="waiting"):
    """What waits for a second person, oldest first."""

    requests: tuple[BulkRequest, ...]


class Decided(msgspec.Struct, frozen=True, tag_field="answer", tag="declined"):
    """The request was declined, and nothing of it is signed."""


Answer = Signed | KeptRequest | WaitingRequests | Decided | Failure

_REQUESTS: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)
_ANSWERS: msgspec.json.Decoder[Answer] = msgspec.json.Decoder(Answer)


def request_of(data: bytes) -> Request:
    """The request that bytes state. Raises `DamagedError` for what is none, and quotes nothing of it."""
    try:
        return _REQUESTS.decode(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        raise DamagedError("not a request that the signer knows") from None


def answer_of(data: bytes) -> Answer:
    """The answer that bytes state. Raises `DamagedError` for what is none."""
    try:
        return _ANSWERS.decode(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        raise DamagedError("not an answer of a signer") from None
