"""What holders ask is answered: from the registry, and after one time whatever is found.

A question keeps its thread until then. So many threads as questions come in that time are at it at once, `LASTS` times
their rate: 25 at 50 a second.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from vaxcert.errors import ConfigurationError, InputError, Reason, UnreachableError, VaxcertError, place_of
from vaxcert.lookup.protocol import (
    EarlierOne,
    FindRequest,
    FoundOne,
    LookupAnswer,
    LookupRequest,
    NothingFound,
    Reported,
    ReportRequest,
    StandingTold,
)
from vaxcert.registry.database import Registry
from vaxcert.registry.holders import asking, tickets
from vaxcert.registry.holders.asking import HolderCertificate
from vaxcert.sockets.messages import Failure

_log = logging.getLogger("vaxcert.lookup")
# Longer than any of the answers takes to find; one that does take longer waits for the next whole multiple of it.
LASTS = 0.5
# Questions that are at work in the database; more only wait there for one another, and SQLite lets the longest wait on.
AT_ONCE = 4
ACTOR = "holder"


class RegistryLookup:
    """Answers questions of holders; any number of threads may ask. `clock`: seconds that only grow; `sleep` waits."""

    def __init__(
        self,
        registry: Registry,
        *,
        lasts: float = LASTS,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._registry, self._lasts, self._clock, self._sleep = registry, lasts, clock, sleep
        self._places = threading.BoundedSemaphore(AT_ONCE)

    def answer(self, request: LookupRequest, peer: str) -> LookupAnswer:
        """The answer to a question, which never raises: a fault is logged by its place, and answered as one.

        `peer`: the user that asks. The answer leaves at the end of a whole `lasts`, faults as well.
        """
        start = self._clock()
        try:
            with self._places:
                answered = self._answer(request, f"{ACTOR} ({peer})")
        except SQLAlchemyError as error:
            kind = type(getattr(error, "orig", None) or error).__name__
            _log.error("unavailable: %s (%s)", place_of(error), kind)
            answered = Failure.of(UnreachableError(f"the registry's database: {kind}"))
        except VaxcertError as error:
            answered = Failure.of(error)
        except Exception as error:
            _log.error("fault: %s", place_of(error))
            answered = Failure.of(InputError("request", Reason.FAULT, place="lookup"))
        took = self._clock() - start
        self._sleep(max(1, math.ceil(took / self._lasts)) * self._lasts - took)
        return answered

    def stranger(self, name: str) -> Failure:
        """The answer to a process that may not ask."""
        _log.warning("%s may not ask", name)
        return Failure.of(ConfigurationError(f"{name} may not ask the look-up", Reason.PEER_NOT_ALLOWED))

    def _answer(self, request: LookupRequest, actor: str) -> LookupAnswer:
        if isinstance(request, FindRequest):
            holder = asking.find(
                self._registry, name=request.name, date_of_birth=request.born, number=request.number,
                code=request.code, actor=actor,
            )  # fmt: skip
            return NothingFound() if holder is None else self._found(holder)
        if isinstance(request, ReportRequest):
            return Reported(
                tickets.report(self._registry, request.passed, kind=request.kind, words=request.words, actor=actor)
            )
        standing = tickets.stands(self._registry, request.ticket, date_of_birth=request.born, actor=actor)
        if standing is None:
            return NothingFound()
        ticket = standing.ticket
        return StandingTold(
            ticket.state, ticket.kind, ticket.outcome, standing.answer, ticket.opened_at, ticket.answered_at,
            None if standing.holder is None else self._found(standing.holder),
        )  # fmt: skip

    def _found(self, holder: HolderCertificate) -> FoundOne:
        one = holder.certificate
        return FoundOne(
            person=one.person, dose=one.dose, certificate=one.certificate_id, state=holder.state,
            # What is refused wherever it is shown is not handed out again.
            text=one.text if holder.state == "valid" else "",
            issued_at=one.issued_at, expires_at=one.expires_at, authority=one.authority, test=one.test,
            passed=tickets.pass_for(self._registry, holder),
            earlier=tuple(EarlierOne(*before) for before in holder.earlier),
        )  # fmt: skip
