"""What goes over the signer's socket: four bytes of length (big-endian), then so many of JSON, one way and back.

A connection takes any number of requests, one after the other. Requests name doses, an account and a site; answers hold
ids and, where asked for, texts of certificates. Neither holds a name, and errors travel as their codes.
"""

from __future__ import annotations

import socket
import struct
from datetime import datetime
from typing import Annotated

import msgspec

from vaxcert.errors import (
    ConfigurationError,
    DamagedError,
    InputError,
    NotFoundError,
    Reason,
    UnreachableError,
    VaxcertError,
)

# A thousand certificates' ids and texts; a request is never so long.
MOST_REQUEST, MOST_ANSWER = 32_000, 6_000_000
_LENGTH = struct.Struct(">I")
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


class Failure(msgspec.Struct, frozen=True, tag_field="answer", tag="failed"):
    """An error as it travels; `dose`: of one dose among several, else 0."""

    kind: str
    reason: str
    detail: str = ""
    field: str = ""
    said: dict[str, str | int] = {}
    dose: int = 0

    @classmethod
    def of(cls, error: VaxcertError, dose: int = 0) -> Failure:
        """What an error says; none of them quotes a person."""
        kind = next((kind for kind in type(error).__mro__ if kind.__name__ in _KINDS), ConfigurationError)
        if isinstance(error, InputError):
            return cls("InputError", error.reason, "", error.field, error.said, dose)
        return cls(kind.__name__, error.reason, error.detail, dose=dose)

    def error(self) -> VaxcertError:
        """The error again, of the same kind."""
        # Of a later version than this one.
        reason = Reason(self.reason) if self.reason in set(Reason) else Reason.NOT_VALID
        if self.kind == "InputError":
            return InputError(self.field, reason, **self.said)
        return _KINDS.get(self.kind, ConfigurationError)(self.detail, reason)


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

_KINDS: dict[str, type[ConfigurationError]] = {
    kind.__name__: kind for kind in (ConfigurationError, DamagedError, NotFoundError, UnreachableError)
}
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


def send(connection: socket.socket, message: Request | Answer) -> None:
    """Send a message. Raises `OSError`."""
    data = msgspec.json.encode(message)
    connection.sendall(_LENGTH.pack(len(data)) + data)


def receive(connection: socket.socket, most: int) -> bytes | None:
    """The next message's bytes, or None where the other side has closed between messages.

    Raises `OSError` (also for one that ends in the middle), and `DamagedError` for one of more than `most` bytes.
    """
    head = _exactly(connection, _LENGTH.size, first=True)
    if head is None:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > most:
        raise DamagedError(f"a message of {length} bytes, and at most {most} are taken", Reason.DATA_DAMAGED)
    return _exactly(connection, length)


def _exactly(connection: socket.socket, count: int, *, first: bool = False) -> bytes | None:
    data = bytearray()
    while len(data) < count:
        part = connection.recv(min(count - len(data), 1 << 16))
        if not part:
            if first and not data:
                return None
            raise ConnectionResetError("closed in the middle of a message")
        data += part
    return bytes(data)
