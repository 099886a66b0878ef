"""The signer's socket: who may ask there, and who may say yes to many."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from vaxcert.signer.answering import RegistrySigner
from vaxcert.signer.protocol import MOST_REQUEST, Answer, request_of
from vaxcert.sockets.messages import Failure
from vaxcert.sockets.server import PATIENCE, LocalServer, name_of


class ConnectedPeer(NamedTuple):
    """The user that the other side runs as, and whether it may say yes to many certificates."""

    uid: int
    name: str
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
        self._signer, self._peers, self._approvers = signer, frozenset(peers), frozenset(approvers)
        self._server: LocalServer[ConnectedPeer] = LocalServer(
            path, admit=self._admit, answer=self._answer, most=MOST_REQUEST, what="signer", group=group,
            patience=patience,
        )  # fmt: skip
        self.path: Path = path

    def __enter__(self) -> SignerServer:
        self._signer.begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # What is at work is kept before the process may end.
        self._server.close(self._signer.finish)

    def serve(self) -> None:
        """Answer until `stop` is called, by another thread."""
        self._server.serve()

    def stop(self) -> None:
        """Have `serve` return."""
        self._server.stop()

    def _admit(self, uid: int) -> ConnectedPeer | Failure:
        approves = uid in self._approvers
        if approves or uid in self._peers:
            return ConnectedPeer(uid, name_of(uid), approves)
        return self._signer.stranger(name_of(uid))

    def _answer(self, data: bytes, peer: ConnectedPeer) -> Answer:
        return self._signer.answer(request_of(data), peer)
