"""For whoever asks the signer: the desk, the interface for programs, the command line. It holds no key."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Sequence
from pathlib import Path

from vaxcert.errors import DamagedError, Reason, UnreachableError
from vaxcert.signer.protocol import (
    MOST_ANSWER,
    Answer,
    BulkRequest,
    Decided,
    DecideRequest,
    Failure,
    KeptRequest,
    Request,
    Signed,
    SignedDose,
    SignRequest,
    WaitingRequest,
    WaitingRequests,
    answer_of,
    receive,
    send,
)


class SignerClient:
    """Asks the signer at a socket, each time by a connection of its own. `timeout`: seconds for a whole answer's parts.

    A signer that is not there, or does not answer in time, is an `UnreachableError` with `Reason.SIGNER_AWAY`: what was
    recorded is saved, and the same request again brings the same certificate and never a second one. What the
    signer has against a request is raised as the error that it was there.
    """

    def __init__(self, path: Path, *, timeout: float = 20) -> None:
        self._path, self._timeout = path, timeout

    def sign(self, dose: int, *, account: str, site: str = "") -> SignedDose:
        """One dose's certificate, with its text. Raises `InputError` with why there is none, and more (see above)."""
        answer = self._ask(SignRequest((dose,), account, site))
        if not isinstance(answer, Signed):
            raise self._other(answer)
        for failure in answer.failed:
            raise failure.error()
        return answer.certificates[0]

    def sign_many(
        self, doses: Sequence[int], *, account: str, site: str = "", texts: bool = False
    ) -> Signed | KeptRequest:
        """Certificates of several doses, or `KeptRequest` where another account has to say yes first."""
        answer = self._ask(SignRequest(tuple(doses), account, site, texts))
        if isinstance(answer, Signed | KeptRequest):
            return answer
        raise self._other(answer)

    def approve(self, request: int, *, account: str) -> Signed:
        """Say yes to what another account asked for, and have it signed. Raises `ConfigurationError` for one's own."""
        answer = self._ask(DecideRequest(request, account, True))
        if isinstance(answer, Signed):
            return answer
        raise self._other(answer)

    def decline(self, request: int, *, account: str) -> None:
        """Say no to what waits; the asker may, too."""
        answer = self._ask(DecideRequest(request, account, False))
        if not isinstance(answer, Decided):
            raise self._other(answer)

    def waiting(self) -> tuple[BulkRequest, ...]:
        """What waits for a second person, oldest first."""
        answer = self._ask(WaitingRequest())
        if isinstance(answer, WaitingRequests):
            return answer.requests
        raise self._other(answer)

    def _ask(self, request: Request) -> Answer:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(self._timeout)
                connection.connect(str(self._path))
                # One that says no before it listens has closed by now; what it said can be read still.
                with contextlib.suppress(BrokenPipeError):
                    send(connection, request)
                data = receive(connection, MOST_ANSWER)
        except OSError as error:
            raise UnreachableError(
                f"the signer at {self._path} does not answer ({type(error).__name__})", Reason.SIGNER_AWAY
            ) from None
        if data is None:
            raise UnreachableError(f"the signer at {self._path} closed without an answer", Reason.SIGNER_AWAY)
        answer = answer_of(data)
        if isinstance(answer, Failure):
            raise answer.error()
        return answer

    @staticmethod
    def _other(answer: Answer) -> DamagedError:
        return DamagedError(f"the signer answered something else ({type(answer).__name__})")
