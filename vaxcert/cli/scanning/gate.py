"""What a gate remembers of the codes that came through it, for as long as it needs to and no longer.

Nothing of a holder is kept: codes and people are told apart by keyed hashes whose key dies with the program.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from vaxcert.errors import Reason
from vaxcert.formats import chunks
from vaxcert.formats.chunks import Parts

if TYPE_CHECKING:
    from vaxcert import Verdict

# A hand that holds a code still before a camera shows it thirty times a second.
REPEAT_WITHIN = 10.0


# Seconds after which the parts of a card that were scanned are nobody's any more: another person stands there.
PARTS_WITHIN = 60.0

# Counted apart: what is no certificate, and what is genuine and does not do here, is no forgery.
_APART = ("other", "not_enough")


class Sighting(NamedTuple):
    """What a gate knows about a scan: how many came before, and whether this code or person was here lately."""

    number: int
    repeated: bool
    same_person: bool


class Gate:
    """Counts verdicts, and apart from them codes that are no certificates, and notices repetition.

    `clock` yields seconds; `same_person_within` in seconds, 0 for never.
    """

    def __init__(self, *, same_person_within: float, clock: Callable[[], float]) -> None:
        self.counts: Counter[str] = Counter()
        self._within = same_person_within
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._codes: dict[bytes, float] = {}
        self._people: dict[bytes, tuple[float, bytes]] = {}
        self._parts = Parts()
        self._parts_at = 0.0

    def together(self, text: str) -> str:
        """The text to judge: of a part of a card with the others that were scanned lately, as many as there are.

        Any other code, and a part that fits none, begins anew.
        """
        now = self._clock()
        one = chunks.of(text)
        if one is None or one.count == 1:
            self._parts = Parts()
            return text
        if now - self._parts_at > PARTS_WITHIN or self._parts.contradicts(text):
            self._parts = Parts()
        self._parts_at = now
        whole = self._parts.take(text)
        return self._parts.held()[0] if whole is None else whole

    def see(self, text: str, verdict: Verdict) -> Sighting:
        """Take note of a scan. One that is repeated is not counted again."""
        from vaxcert import showing

        now = self._clock()
        self._forget(now)
        # By certificate where one was opened: compression has freedom, so one card can have two texts.
        certificate = verdict.certificate
        named = certificate is not None and certificate.certificate_id
        code = self._hash(f"{named} {verdict.status}" if named else text)
        repeated = code in self._codes
        self._codes[code] = now
        if repeated:
            return Sighting(self.counts.total(), True, False)
        if verdict.reason is Reason.PARTS_MISSING:
            # Not a card yet: it is counted with its last part.
            return Sighting(self.counts.total(), False, False)
        kind = showing.kind_of(verdict)
        self.counts[kind if kind in _APART else str(verdict.status)] += 1
        same_person = False
        if certificate is not None and self._within:
            person = certificate.person
            who = self._hash(
                "\0".join((person.family_name_transliterated, person.given_name_transliterated, person.date_of_birth))
            )
            same_person = who in self._people
            self._people[who] = (now, code)
        return Sighting(self.counts.total(), False, same_person)

    def _forget(self, now: float) -> None:
        self._codes = {code: at for code, at in self._codes.items() if now - at < REPEAT_WITHIN}
        self._people = {who: entry for who, entry in self._people.items() if now - entry[0] < self._within}

    def _hash(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode(), key=self._key, digest_size=16).digest()
