"""For the public's pages: it holds no key and knows no table."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from vaxcert.errors import DamagedError, UnreachableError
from vaxcert.lookup.protocol import (
    MOST_ANSWER,
    FindRequest,
    FoundOne,
    LookupAnswer,
    LookupRequest,
    NothingFound,
    Reported,
    ReportRequest,
    StandingRequest,
    StandingTold,
    answer_of,
)
from vaxcert.sockets.asking import ask
from vaxcert.sockets.messages import Failure


class Lookup(Protocol):
    """Whoever answers holders."""

    def find(self, *, name: str, born: str, number: str, code: str) -> FoundOne | None:
        """The certificate, or None."""

    def report(self, passed: str, *, kind: str, words: str) -> str:
        """The ticket, in groups."""

    def standing(self, ticket: str, *, born: str) -> StandingTold | None:
        """How far a ticket is, or None."""


class LookupClient:
    """Asks the look-up service at a socket, each time by a connection of its own. `timeout`: seconds.

    Raises `UnreachableError` where it is not there or does not answer in time; what it has against a request is raised
    as the error that it was there.
    """

    def __init__(self, path: Path, *, timeout: float = 20) -> None:
        self._path, self._timeout = path, timeout

    def find(self, *, name: str, born: str, number: str, code: str) -> FoundOne | None:
        """The certificate of whom a code was handed out to (see `FindRequest`), or None for every other case."""
        answer = self._ask(FindRequest(name, born, number, code))
        if isinstance(answer, FoundOne | NothingFound):
            return answer if isinstance(answer, FoundOne) else None
        raise self._other(answer)

    def report(self, passed: str, *, kind: str, words: str) -> str:
        """Say that something is wrong; the ticket, in groups. Raises `InputError` of `kind` or `words`."""
        answer = self._ask(ReportRequest(passed, kind, words))
        if isinstance(answer, Reported):
            return answer.ticket
        raise self._other(answer)

    def standing(self, ticket: str, *, born: str) -> StandingTold | None:
        """How far a ticket is, or None where it is nobody's, or another's."""
        answer = self._ask(StandingRequest(ticket, born))
        if isinstance(answer, StandingTold | NothingFound):
            return answer if isinstance(answer, StandingTold) else None
        raise self._other(answer)

    def _ask(self, request: LookupRequest) -> LookupAnswer:
        try:
            data = ask(self._path, request, timeout=self._timeout, most=MOST_ANSWER)
        except OSError as error:
            raise UnreachableError(f"the look-up at {self._path} does not answer ({type(error).__name__})") from None
        if data is None:
            raise UnreachableError(f"the look-up at {self._path} closed without an answer")
        answer = answer_of(data)
        if isinstance(answer, Failure):
            raise answer.error()
        return answer

    @staticmethod
    def _other(answer: LookupAnswer) -> DamagedError:
        return DamagedError(f"the look-up answered something else ({type(answer).__name__})")
