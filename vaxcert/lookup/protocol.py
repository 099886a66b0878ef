"""What goes over the look-up's socket (`sockets.messages`).

A question holds what a holder typed; an answer one certificate, or that there is nothing, which says no more than that.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from vaxcert.errors import DamagedError
from vaxcert.model import Dose, Person
from vaxcert.sockets.messages import Failure

MOST_REQUEST, MOST_ANSWER = 16_000, 64_000
_Short = Annotated[str, msgspec.Meta(max_length=200)]


class _Private(msgspec.Struct, frozen=True):
    """What holds somebody's data, and shows none of it."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class FindRequest(_Private, frozen=True, forbid_unknown_fields=True, tag_field="ask", tag="find"):
    """A holder's certificate. `born`: ISO 8601; `number`: identity card or telephone; `code`: as `typed.read` does."""

    name: _Short
    born: _Short
    number: _Short
    code: _Short


class ReportRequest(_Private, frozen=True, forbid_unknown_fields=True, tag_field="ask", tag="report"):
    """What is wrong with a certificate that was found. `passed`: what came with it."""

    passed: Annotated[str, msgspec.Meta(max_length=1_000)]
    kind: _Short
    words: Annotated[str, msgspec.Meta(max_length=4_000)]


class StandingRequest(_Private, frozen=True, forbid_unknown_fields=True, tag_field="ask", tag="standing"):
    """How far a ticket is. `ticket`: as `typed.read` has it."""

    ticket: _Short
    born: _Short


LookupRequest = FindRequest | ReportRequest | StandingRequest


class EarlierOne(msgspec.Struct, frozen=True):
    """A certificate that another took the place of; aware."""

    issued_at: datetime
    revoked: bool


class FoundOne(_Private, frozen=True, tag_field="answer", tag="found"):
    """A holder's certificate. `state`: "valid", "revoked" or "ended"; `text`: "" unless it is valid; times are aware.

    `passed`: lets its holder say that something is wrong, for half an hour; `test`: of a key that is marked so.
    """

    person: Person
    dose: Dose
    certificate: str
    state: str
    text: str
    issued_at: datetime
    expires_at: datetime
    authority: str
    test: bool
    passed: str
    earlier: tuple[EarlierOne, ...] = ()


class NothingFound(msgspec.Struct, frozen=True, tag_field="answer", tag="nothing"):
    """Something does not fit, or there is nothing: which, nobody is told."""


class Reported(_Private, frozen=True, tag_field="answer", tag="reported"):
    """What was said is in the queue. `ticket`: in groups, as it is shown; it is told this once."""

    ticket: str


class StandingTold(_Private, frozen=True, tag_field="answer", tag="standing"):
    """How far a ticket is: `state`, `kind`, `outcome` as `registry.states` has them, `words` of whoever answered, and
    the certificate as it is by now."""

    state: str
    kind: str
    outcome: str
    words: str
    opened_at: datetime
    answered_at: datetime | None
    found: FoundOne | None


LookupAnswer = FoundOne | NothingFound | Reported | StandingTold | Failure

_REQUESTS: msgspec.json.Decoder[LookupRequest] = msgspec.json.Decoder(LookupRequest)
_ANSWERS: msgspec.json.Decoder[LookupAnswer] = msgspec.json.Decoder(LookupAnswer)


def request_of(data: bytes) -> LookupRequest:
    """The request that bytes state. Raises `DamagedError` for what is none, and quotes nothing of it."""
    try:
        return _REQUESTS.decode(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        raise DamagedError("not a request that the look-up knows") from None


def answer_of(data: bytes) -> LookupAnswer:
    """The answer that bytes state. Raises `DamagedError` for what is none."""
    try:
        return _ANSWERS.decode(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        raise DamagedError("not an answer of the look-up") from None
