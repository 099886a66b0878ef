"""One client of the server: bytes in until a request is whole, bytes out until the answer is taken, nobody waits."""

from __future__ import annotations

import socket
import ssl
from collections import deque
from collections.abc import Iterator
from enum import Enum, auto
from typing import Any

from verifier_app.load.chunks import Chunks

# Read at once of one client, so that none is served at the cost of the others.
_PIECE = 65_536


class Progress(Enum):
    """How far a client is."""

    HANDSHAKE = auto()
    HEAD = auto()
    BODY = auto()
    WORK = auto()  # with a thread, which computes and touches no socket
    ANSWER = auto()
    LINGER = auto()  # told that all is said; what still comes is thrown away


class Answer:
    """Stands in for the socket while a thread answers: what it writes is sent from here, as the client takes it."""

    def __init__(self) -> None:
        self.parts: deque[bytes] = deque()

    def sendall(self, data: bytes) -> None:
        """Keep what is to be sent."""
        self.parts.append(data)

    def send(self, data: bytes) -> int:
        """Drop it: gunicorn says "continue" this way, to a body that is here already."""
        return len(data)

    def gettimeout(self) -> float:
        """Nothing here is waited for."""
        return 0.0


class Connection:
    """A client's socket, and its request as far as it has come."""

    def __init__(self, sock: socket.socket, client: Any, server: Any, deadline: float, *, tls: bool) -> None:
        self.sock, self.client, self.server, self.deadline = sock, client, server, deadline
        self.stage = Progress.HANDSHAKE if tls else Progress.HEAD
        self.inbox = bytearray()
        self.answer = Answer()
        self.watched = 0
        self._out = memoryview(b"")
        self._begin()

    def next_request(self) -> None:
        """Begin anew; what has come of the next request already stays."""
        self.stage = Progress.HEAD
        self._begin()

    def _begin(self) -> None:
        self.searched = self.held = 0
        self.began: float | None = None
        self.request: Any = None
        self.closing = False
        self.refused = 0
        self._pieces: deque[bytes] = deque()
        self._missing = 0
        self._chunks: Chunks | None = None

    def pieces(self) -> Iterator[bytes]:
        """What gunicorn's parser reads from: it ends where what has come ends, and never waits."""
        while self._pieces:
            yield self._pieces.popleft()

    def head(self) -> bool:
        """Whether the head of a request is whole; then it is what `pieces` has."""
        end = self.inbox.find(b"\r\n\r\n", max(0, self.searched - 3)) + 4
        self.searched = len(self.inbox)
        if end < 4:
            return False
        self._pieces.append(bytes(self.inbox[:end]))
        del self.inbox[:end]
        return True

    def expect(self, length: int | None) -> bytes:
        """Wait for a body of so many bytes, None for a chunked one; return what has come of it already."""
        self.stage = Progress.BODY
        self._missing = length or 0
        self._chunks = Chunks() if length is None else None
        come = bytes(self.inbox)
        self.inbox.clear()
        return come

    def add(self, data: bytes) -> bool:
        """Take more of the body; whether it is whole. Raises `ValueError` for chunks that are none."""
        if self._chunks is None:
            used = min(self._missing, len(data))
            self._missing -= used
            whole = not self._missing
        else:
            used = self._chunks.feed(data)
            whole = self._chunks.done
        if used:
            self._pieces.append(data[:used])
            self.held += used
        self.inbox += data[used:]
        return whole

    def refuse(self, status: int) -> None:
        """Give up the body: the app says why, by this status."""
        self.refused, self.closing = status, True
        self._pieces.clear()

    def handshake(self) -> bool:
        """Go on with TLS; whether it is done. Raises `OSError`."""
        assert isinstance(self.sock, ssl.SSLSocket)  # noqa: S101  (else there is no such stage)
        try:
            self.sock.do_handshake()
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return False
        self.stage = Progress.HEAD
        return True

    def receive(self) -> bytes | None:
        """What has come: None for nothing yet, empty where nothing more will come. Raises `OSError`."""
        try:
            return self.sock.recv(_PIECE)
        except (BlockingIOError, InterruptedError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return None

    def pending(self) -> bool:
        """Whether there is more that the system will not tell of, since TLS has read it already."""
        return isinstance(self.sock, ssl.SSLSocket) and self.sock.pending() > 0

    def flush(self) -> bool:
        """Send what the client takes; whether that was all. Raises `OSError`."""
        parts = self.answer.parts
        while self._out or parts:
            if not self._out:
                whole = parts.popleft()
                # A head and what follows it in one packet, where they are small.
                while parts and len(whole) + len(parts[0]) <= _PIECE:
                    whole += parts.popleft()
                self._out = memoryview(whole)
            try:
                self._out = self._out[self.sock.send(self._out[:_PIECE]) :]
            except (BlockingIOError, InterruptedError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                return False
        return True
