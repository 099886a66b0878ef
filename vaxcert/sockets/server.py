"""A Unix socket: who may connect, for how long, and how many at once.

The system says as which user the other side runs (SO_PEERCRED, `man 7 unix`): the group of the socket lets a process
in, and the list of users decides. What a peer says of itself decides nothing.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import socket
import socketserver
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from vaxcert import files
from vaxcert.errors import ConfigurationError, DamagedError, Reason
from vaxcert.sockets.messages import Failure, receive, send

# Seconds until the next request, or its next part, or until an answer is taken.
PATIENCE = 30.0
MOST_CONNECTIONS = 64
_MODE = 0o660
_CREDENTIALS = struct.Struct("3i")  # pid, uid, gid

PeerT = TypeVar("PeerT")


class LocalServer(Generic[PeerT]):
    """Listens at a Unix socket from its making until `close`. `group`: the socket's, by id.

    `admit`: who a user is here, by id, or the answer for one that may not ask; `answer`: to a request's bytes, of at
    most `most`; it raises `DamagedError` alone, for what is no request. `what`: how an error names this process.
    Raises `ConfigurationError` where another one listens there, or the place cannot be used.
    """

    def __init__(
        self,
        path: Path,
        *,
        admit: Callable[[int], PeerT | Failure],
        answer: Callable[[bytes, PeerT], msgspec.Struct],
        most: int,
        what: str,
        group: int | None = None,
        patience: float = PATIENCE,
        connections: int = MOST_CONNECTIONS,
    ) -> None:
        if not hasattr(socket, "SO_PEERCRED"):
            raise ConfigurationError("this system does not say who connects (Linux does)", Reason.COMPONENT_MISSING)
        self._admit, self._answer, self._most, self._patience = admit, answer, most, patience
        self._places = threading.BoundedSemaphore(connections)
        with files.writing(path, f"{{path}}: the {what} cannot listen there ({{why}})"):
            try:
                self._lock = files.Lock(path.with_name(f"{path.name}.lock"))
            except BlockingIOError:
                raise ConfigurationError(f"{path}: another {what} listens there", Reason.IN_USE) from None
            try:
                # Whoever left it is gone: the lock is ours.
                path.unlink(missing_ok=True)
                self._server = self._listening(path, group)
            except BaseException:
                self._lock.close()
                raise
        self.path: Path = path

    def _listening(self, path: Path, group: int | None) -> socketserver.ThreadingUnixStreamServer:
        serve = self._serve

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                serve(self.request)

        class Server(socketserver.ThreadingUnixStreamServer):
            daemon_threads = True
            block_on_close = False
            request_queue_size = 128

            def handle_error(self, request: object, client_address: object) -> None:
                """What goes wrong with one connection is that one's; nothing of it is printed."""

        before = os.umask(0o777 & ~_MODE)
        try:
            server = Server(str(path), Handler)
        finally:
            os.umask(before)
        try:
            if group is not None:
                os.chown(path, -1, group)
            path.chmod(_MODE)
        except OSError:
            server.server_close()
            raise
        return server

    def serve(self) -> None:
        """Answer until `stop` is called, by another thread."""
        self._server.serve_forever(poll_interval=0.2)

    def stop(self) -> None:
        """Have `serve` return."""
        self._server.shutdown()

    def close(self, finish: Callable[[], None] = lambda: None) -> None:
        """Listen no more; `finish`: what is at work is brought to its end before the place is given up."""
        self._server.server_close()
        finish()
        self.path.unlink(missing_ok=True)
        self._lock.close()

    def _serve(self, connection: socket.socket) -> None:
        if not self._places.acquire(blocking=False):
            return
        try:
            connection.settimeout(self._patience)
            said = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
            _, uid, _ = _CREDENTIALS.unpack(said)
            peer = self._admit(uid)
            with contextlib.suppress(OSError):
                if isinstance(peer, Failure):
                    send(connection, peer)
                    return
                while self._answered(connection, peer):
                    pass
        finally:
            self._places.release()

    def _answered(self, connection: socket.socket, peer: PeerT) -> bool:
        """Answer one request; return whether there may be another."""
        try:
            data = receive(connection, self._most)
            if data is None:
                return False
            answer = self._answer(data, peer)
        except DamagedError as error:
            send(connection, Failure.of(error))
            # Where the next one begins is not known.
            return False
        send(connection, answer)
        return True


def name_of(uid: int) -> str:
    """The name of a user as it is kept, at most 26 letters and digits; by number where there is no such name."""
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        name = ""
    return name if re.fullmatch(r"[\w.-]{1,26}", name) else f"uid-{uid}"
