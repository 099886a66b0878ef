"""What goes over a socket: four bytes of length (big-endian), then so many of JSON, one way and back.

Errors travel as their codes, and quote nobody.
"""

from __future__ import annotations

import socket
import struct

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

_LENGTH = struct.Struct(">I")


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


_KINDS: dict[str, type[ConfigurationError]] = {
    kind.__name__: kind for kind in (ConfigurationError, DamagedError, NotFoundError, UnreachableError)
}


def send(connection: socket.socket, message: msgspec.Struct) -> None:
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
