"""One question to whoever listens at a socket, by a connection of its own, and the answer's bytes."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path

import msgspec

from vaxcert.sockets.messages import receive, send


def ask(path: Path, question: msgspec.Struct, *, timeout: float, most: int) -> bytes | None:
    """The answer's bytes, at most `most`; None where the other side closed without one.

    `timeout`: seconds for each part of it. Raises `OSError` where nobody is there or nothing comes in time, and
    `DamagedError` for an answer that is too long.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(timeout)
        connection.connect(str(path))
        # One that says no before it listens has closed by now; what it said can be read still.
        with contextlib.suppress(BrokenPipeError):
            send(connection, question)
        return receive(connection, most)
