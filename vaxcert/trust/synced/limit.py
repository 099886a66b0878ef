"""The time that one file may take in all, from the first attempt to connect on."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Any

from tuf.api.exceptions import DownloadError


class Limit:
    """So many seconds. A socket's own limit is one of silence: drop by drop, an answer could last for ever."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._over = threading.Event()
        self._connection: Any = None
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def of(self, connection: Any) -> None:
        """It is the socket of this connection (`sock`) that is cut, while it is being made and afterwards."""
        self._connection, self._socket = connection, None

    def connected(self) -> None:
        """The connection is made: its socket is kept, for it hands that on to the answer. Raises as `check`."""
        self._socket = self._connection.sock
        self.check()

    def cancel(self) -> None:
        """The file is there, or given up."""
        self._timer.cancel()

    def check(self) -> None:
        """Raise `DownloadError` where the time is over: what was cut off may look like an answer that has ended."""
        if self._over.is_set():
            raise DownloadError(f"more than {self._seconds:.0f} seconds for one file")

    def _cut(self) -> None:
        self._over.set()
        connected = self._socket or getattr(self._connection, "sock", None)
        if connected is not None:
            with contextlib.suppress(OSError):
                # As a plain socket: one of TLS would go on in the clear.
                socket.socket.shutdown(connected, socket.SHUT_RDWR)
