"""The signer's socket: who may connect, for how long, and how many at once.

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
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from vaxcert import files
from vaxcert.errors import ConfigurationError, DamagedError, Reason
from vaxcert.signer.answering import RegistrySigner
from vaxcert.signer.protocol import MOST_REQUEST, Failure, receive, request_of, send

# Seconds until the next request, or its next part, or until an answer is taken.
PATIENCE = 30.0
MOST_CONNECTIONS = 64
_MODE = 0o660
_CREDENTIALS = struct.Struct("3i")  # pid, uid, gid


class ConnectedPeer(NamedTuple):
    """The user that the other side runs as, and what it may."""

    uid: int
    name: str
    may_ask: bool
    may_approve: bool


class SignerServer:
    """Listens at a Unix socket until it is left. `peers`, `approvers`: ids of users; `group`: the socket's, by id.

    Raises `ConfigurationError` where another signer listens there, or the place cannot be used.
    """

    def __init__(
        self,
        path: Path,
        signer: RegistrySigner,
        *,
        peers: Iterable[int],
        approvers: Iterable[int],
        group: int | None = None,
        patience: float = PATIENCE,
    ) -> None:
        if not hasattr(socket, "SO_PEERCRED"):
            raise ConfigurationError("this system does not say who connects (Linux does)", Reason.COMPONENT_MISSING)
        self._signer, self._patience = signer, patience
        self._peers, self._approvers = frozenset(peers), frozenset(approvers)
        self._places = threading.BoundedSemaphore(MOST_CONNECTIONS)
        with files.writing(path, "{path}: the signer cannot listen there ({why})"):
            try:
                self._lock = files.Lock(path.with_name(f"{path.name}.lock"))
            except BlockingIOError:
                raise ConfigurationError(f"{path}: another signer listens there", Reason.IN_USE) from None
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

    def __enter__(self) -> SignerServer:
        self._signer.begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.server_close()
        # What is at work is kept before the process may end.
        self._signer.finish()
        self.path.unlink(missing_ok=True)
        self._lock.close()

    def serve(self) -> None:
        """Answer until `stop` is called, by another thread."""
        self._server.serve_forever(poll_interval=0.2)

    def stop(self) -> None:
        """Have `serve` return."""
        self._server.shutdown()

    def _serve(self, connection: socket.socket) -> None:
        if not self._places.acquire(blocking=False):
            return
        try:
            connection.settimeout(self._patience)
            peer = self._peer(connection)
            with contextlib.suppress(OSError):
                if not peer.may_ask:
                    send(connection, self._signer.stranger(peer.name))
                    return
                while self._answered(connection, peer):
                    pass
        finally:
            self._places.release()

    def _answered(self, connection: socket.socket, peer: ConnectedPeer) -> bool:
        """Answer one request; return whether there may be another."""
        try:
            data = receive(connection, MOST_REQUEST)
            if data is None:
                return False
            request = request_of(data)
        except DamagedError as error:
            send(connection, Failure.of(error))
            # Where the next one begins is not known.
            return False
        send(connection, self._signer.answer(request, peer))
        return True

    def _peer(self, connection: socket.socket) -> ConnectedPeer:
        said = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        _, uid, _ = _CREDENTIALS.unpack(said)
        approves = uid in self._approvers
        return ConnectedPeer(uid, name_of(uid), uid in self._peers or approves, approves)


def name_of(uid: int) -> str:
    """The name of a user as it is kept, at most 26 letters and digits; by number where there is no such name."""
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        name = ""
    return name if re.fullmatch(r"[\w.-]{1,26}", name) else f"uid-{uid}"
