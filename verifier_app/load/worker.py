"""How gunicorn's processes serve: clients are read and answered here without waiting, threads compute and no more.

Gunicorn's own threads read from the socket, so that whoever sends half a request has one of them for as long as it
likes. Here a request gets a thread once all of it is there:

    accepted → TLS → head → body → a thread → answer → the next head
    └──── `HEAD_TIME` ────┘      │            └ as long ┘
    └──────── the deadline ──────┘              again

Times run from the first byte and no byte prolongs them. What is too slow or too much is refused by the app, in words
(`REFUSED`), which costs a thread a moment; who has sent no head is closed.
"""

from __future__ import annotations

import os
import selectors
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any

from gunicorn import sock as sockets  # type: ignore[import-untyped]
from gunicorn.http import RequestParser, wsgi  # type: ignore[import-untyped]
from gunicorn.workers import base  # type: ignore[import-untyped]

from verifier_app.load.clients import Clients
from verifier_app.load.connection import Connection, Progress
from verifier_app.load.refusing import REFUSED

# A head is a kilobyte, which the poorest network carries in a second.
HEAD_TIME = 10.0
MAX_HEAD = 32_768
# Of all bodies that one process holds, whole or not: six photos of the largest kind.
MAX_HELD = 64_000_000
# Who has been told no is still sending: closed at once, it would not see why.
_LINGER = 2.0
# For what is on its way when the server is told to end.
_LAST = 5.0
_LOOK = 0.25
# At once, so that clients that are there already are served between those that come.
_ACCEPTED = 64
_LATE = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Worker(base.Worker):  # type: ignore[misc]
    """A process of the server: one loop for all sockets, and threads that compute."""

    def init_process(self) -> None:
        """Set up what the loop needs, then what every worker does, which ends in `run`."""
        self.tpool = ThreadPoolExecutor(self.cfg.threads)
        self._clients = Clients()
        self._finished: SimpleQueue[tuple[Connection, bool]] = SimpleQueue()
        self._tls = sockets.ssl_context(self.cfg) if self.cfg.is_ssl else None
        self._next_look = 0.0
        super().init_process()

    def run(self) -> None:
        """Serve until told to end; then what has begun is finished."""
        settings = self.wsgi.extensions["settings"]
        self._deadline, self._most = float(settings.deadline), int(settings.max_body)
        self._clients.poller.register(self.PIPE[0], selectors.EVENT_READ, self._woken)
        for listener in self.sockets:
            listener.setblocking(False)
            self._clients.poller.register(listener, selectors.EVENT_READ, self._accept)
        while self.alive:
            self._turn()
        for listener in self.sockets:
            self._clients.poller.unregister(listener)
            listener.close()
        self._clients.hurry(monotonic() + _LAST)
        until = monotonic() + self.cfg.graceful_timeout
        while len(self._clients) and monotonic() < until:
            self._turn()
        self.tpool.shutdown(wait=False, cancel_futures=True)

    def _turn(self) -> None:
        self.notify()
        for key, _ in self._clients.poller.select(_LOOK):
            if isinstance(key.data, Connection):
                self._guarded(self._event, key.data)
            else:
                key.data(key.fileobj)
        now = monotonic()
        if now >= self._next_look:
            self._next_look = now + _LOOK
            for late in self._clients.late(now):
                self._guarded(self._late, late)
            if self.ppid != os.getppid():
                self.alive = False

    def _guarded(self, do: Any, connection: Connection) -> None:
        """What fails of one client's socket ends that client."""
        if connection in self._clients:
            try:
                do(connection)
            except OSError:
                self._clients.close(connection)

    # Coming and going

    def _accept(self, listener: Any) -> None:
        for _ in range(_ACCEPTED):
            try:
                sock, client = listener.accept()
            except OSError as error:
                if not isinstance(error, BlockingIOError | ConnectionAbortedError):
                    self._clients.make_room()
                return
            if len(self._clients) >= self.cfg.worker_connections:
                self._clients.make_room()
            try:
                sock.setblocking(False)
                if sock.family != socket.AF_UNIX:
                    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if self._tls is not None:
                    sock = self._tls.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
            except OSError:  # gone already
                sock.close()
                continue
            connection = Connection(
                sock, client, listener.getsockname(), monotonic() + self._head_time(), tls=self._tls is not None
            )
            self._clients.add(connection)

    def _head_time(self) -> float:
        return min(HEAD_TIME, self._deadline)

    def _late(self, connection: Connection) -> None:
        if connection.stage is Progress.BODY:
            self._refuse(connection, 408)
        elif connection.stage is Progress.HEAD and connection.inbox:
            self._say(connection, _LATE)
        else:
            self._clients.close(connection)

    # In

    def _event(self, connection: Connection) -> None:
        if connection.stage is Progress.ANSWER:
            self._send(connection)
            return
        if connection.stage is Progress.HANDSHAKE and not connection.handshake():
            return
        while (data := connection.receive()) is not None:
            if not data and connection.stage is Progress.BODY:
                # It has stopped in the middle, and may still listen.
                self._refuse(connection, 400)
            elif not data:
                self._clients.close(connection)
            elif connection.stage is Progress.HEAD:
                connection.inbox += data
                self._head(connection)
            elif connection.stage is Progress.BODY:
                self._body(connection, data)
            if (
                not data
                or not connection.pending()
                or connection.stage not in (Progress.HEAD, Progress.BODY, Progress.LINGER)
            ):
                return

    def _head(self, connection: Connection) -> None:
        now = monotonic()
        if connection.began is None:
            connection.began, connection.deadline = now, now + self._head_time()
        if not connection.head():
            if len(connection.inbox) > MAX_HEAD:
                self._say(connection, _LONG)
            return
        try:
            request = connection.request = next(RequestParser(self.cfg, connection.pieces(), connection.client))
        except StopIteration:
            self._clients.close(connection)
            return
        except Exception as error:
            self.handle_error(None, connection.answer, connection.client, error)
            self._say(connection, b"")
            return
        length = getattr(request.body.reader, "length", None)
        if length is not None and length > self._most:
            # The app says so by what the head says; nothing of it is read.
            connection.closing = True
            self._submit(connection)
            return
        come = connection.expect(length)
        connection.deadline = connection.began + self._deadline
        if length != 0 and not come and any(name == "EXPECT" for name, _ in request.headers):
            connection.answer.sendall(_CONTINUE)
            connection.flush()
        self._body(connection, come)

    def _body(self, connection: Connection, data: bytes) -> None:
        before = connection.held
        try:
            whole = connection.add(data)
        except ValueError:
            self._refuse(connection, 400)
            return
        self._clients.held += connection.held - before
        if connection.held > self._most:
            # Chunks do not say before how much they are; the app cuts them off where its route does.
            connection.closing = whole = True
        if whole:
            self._submit(connection)
        elif self._clients.held > MAX_HELD:
            self._refuse(self._clients.largest(), 503)

    def _refuse(self, connection: Connection, status: int) -> None:
        self._clients.release(connection)
        connection.refuse(status)
        self._submit(connection)

    # A thread

    def _submit(self, connection: Connection) -> None:
        connection.stage = Progress.WORK
        self._clients.watch(connection, 0)
        self.tpool.submit(self._work, connection)

    def _work(self, connection: Connection) -> None:
        """In a thread: the app's answer into `connection.answer`."""
        again = False
        try:
            again = self._answer(connection)
        except Exception as error:
            if connection.answer.parts:
                # Begun, and cut off: its end is not what it said.
                self.log.exception("Error handling request")
            else:
                self.handle_error(connection.request, connection.answer, connection.client, error)
        finally:
            self._finished.put((connection, again))
            with suppress(OSError):  # full, which wakes it as well
                os.write(self.PIPE[1], b".")

    def _answer(self, connection: Connection) -> bool:
        """Have the request answered; whether the client may ask again."""
        request, began = connection.request, datetime.now()  # noqa: DTZ005  (as gunicorn's logger wants it)
        response, environ = wsgi.create(request, connection.answer, connection.client, connection.server, self.cfg)
        environ["wsgi.multithread"] = True
        environ[REFUSED] = connection.refused
        self.nr += 1
        self.alive = self.alive and self.nr < self.max_requests
        if connection.closing or not self.alive or not self.cfg.keepalive:
            response.force_close()
        content = self.wsgi(environ, response.start_response)
        try:
            for item in content:
                response.write(item)
            response.close()
        finally:
            self.log.access(response, request, environ, datetime.now() - began)  # noqa: DTZ005
            if hasattr(content, "close"):
                content.close()
        return not response.should_close()

    def _woken(self, pipe: int) -> None:
        with suppress(BlockingIOError):
            os.read(pipe, 4_096)
        with suppress(Empty):
            while True:
                connection, again = self._finished.get_nowait()
                connection.closing = connection.closing or not again
                self._guarded(self._answered, connection)

    # Out

    def _answered(self, connection: Connection) -> None:
        self._clients.release(connection)
        connection.deadline = monotonic() + self._deadline
        connection.stage = Progress.ANSWER
        self._send(connection)

    def _say(self, connection: Connection, words: bytes) -> None:
        if words:
            connection.answer.sendall(words)
        connection.closing = True
        self._answered(connection)

    def _send(self, connection: Connection) -> None:
        if not connection.flush():
            self._clients.watch(connection, selectors.EVENT_WRITE)
            return
        if connection.closing:
            connection.stage, connection.deadline = Progress.LINGER, monotonic() + _LINGER
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_WR)
            self._clients.watch(connection, selectors.EVENT_READ)
            return
        connection.next_request()
        connection.deadline = monotonic() + self.cfg.keepalive
        self._clients.watch(connection, selectors.EVENT_READ)
        if connection.inbox:
            self._head(connection)
