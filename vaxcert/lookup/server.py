"""The look-up's socket: who may ask there."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from vaxcert.lookup.answering import RegistryLookup
from vaxcert.lookup.protocol import MOST_REQUEST, LookupAnswer, request_of
from vaxcert.sockets.messages import Failure
from vaxcert.sockets.server import PATIENCE, LocalServer, name_of

# Each waits half a second: the public's pages have no more threads.
MOST_CONNECTIONS = 96


class LookupServer:
    """Listens at a Unix socket until it is left. `peers`: ids of users that may ask; `group`: the socket's, by id.

    Raises `ConfigurationError` where another one listens there, or the place cannot be used.
    """

    def __init__(
        self,
        path: Path,
        lookup: RegistryLookup,
        *,
        peers: Iterable[int],
        group: int | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._lookup, self._peers = lookup, frozenset(peers)
        self._server: LocalServer[str] = LocalServer(
            path, admit=self._admit, answer=self._answer, most=MOST_REQUEST, what="look-up", group=group,
            patience=patience, connections=MOST_CONNECTIONS,
        )  # fmt: skip
        self.path: Path = path

    def __enter__(self) -> LookupServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()

    def serve(self) -> None:
        """Answer until `stop` is called, by another thread."""
        self._server.serve()

    def stop(self) -> None:
        """Have `serve` return."""
        self._server.stop()

    def _admit(self, uid: int) -> str | Failure:
        return name_of(uid) if uid in self._peers else self._lookup.stranger(name_of(uid))

    def _answer(self, data: bytes, peer: str) -> LookupAnswer:
        return self._lookup.answer(request_of(data), peer)
