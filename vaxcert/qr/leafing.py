"""The codes of a document: every page is looked at quickly before any is looked at patiently.

the plain attempt on each page → the quick ones on those that gave none → where a code was seen and not read: drawn
finer, then all attempts → where no page gave any: all pages drawn finer, then all attempts on a few

A page is drawn again for each, since a memory holds few. Pages where a code was seen come first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from vaxcert.qr.ladder import PATIENCE, Reach, Search, look
from vaxcert.qr.ladder.decoding import bounds
from vaxcert.qr.symbol import Symbol

if TYPE_CHECKING:
    from vaxcert.qr.opening import Views

# Seconds of a processor after which pages that show nothing are passed over where others gave their codes, after which
# none is drawn finer, and after which none is looked at again. Twenty pages of print take six to be looked at quickly.
_LEAFED, _FINER, _PATIENT = 1.0, 4.5, 7.0
# So many pages without a code get every attempt.
_PATIENT_PAGES = 3


class Leafing:
    """The pages of a source, and what was found on each so far."""

    def __init__(self, source: Views, wanted: tuple[str, ...] | None, clock: Callable[[], float]) -> None:
        self._source, self._wanted, self._clock = source, wanted, clock
        self._began = clock()
        first = Reach.PLAIN if len(source) > 1 else Reach.QUICK
        self._found = [self._looked(number, first) for number in range(len(source))]
        self._looked_quickly = first == Reach.QUICK

    def symbols(self, *, thorough: bool) -> list[Symbol]:
        """The codes of all pages in order. Raises `ImageError` for a page that cannot be drawn."""
        for number in [] if self._looked_quickly else self._left():
            if self._spent() < (_LEAFED if self._gave() and not self._found[number].unread else _PATIENT):
                self._found[number] = self._looked(number, Reach.QUICK)
        if thorough:
            self._look_patiently()
        return [symbol for page in self._found for symbol in page.symbols]

    def _look_patiently(self) -> None:
        seen = [number for number in self._left() if self._found[number].unread][:_PATIENT_PAGES]
        for number in seen:
            self._look_closer(number)
            if not self._found[number].is_over and self._spent() < _PATIENT:
                self._found[number] = self._looked(number, Reach.PATIENT)
        others = [number for number in self._left() if number not in seen]
        for number in others:
            if not self._gave() and self._spent() < _FINER:
                self._look_closer(number)
        for number in others[: _PATIENT_PAGES - len(seen)]:
            if not self._gave() and self._spent() < _PATIENT:
                self._found[number] = self._looked(number, Reach.PATIENT)

    def _looked(self, number: int, reach: Reach) -> Search:
        until = self._clock() + PATIENCE
        return look(self._source.draw(number), reach, self._wanted, until=until, clock=self._clock)

    def _look_closer(self, number: int) -> None:
        """What is small: sharp where a document was drawn or scanned well, so the plain attempt does."""
        boxes = [bounds(spot.corners) for spot in self._found[number].unread]
        for part in self._source.closer(number, boxes):
            near = look(part, Reach.PLAIN, self._wanted, until=0.0, clock=self._clock)
            # Its corners are in pixels of a drawing that nobody else has.
            self._found[number].take("finer", [replace(symbol, corners=None) for symbol in near.symbols], [])

    def _left(self) -> list[int]:
        """The pages where there is something left to look for, those where a code was seen before the others."""
        left = [number for number, page in enumerate(self._found) if not page.is_over]
        return sorted(left, key=lambda number: not self._found[number].unread)

    def _gave(self) -> bool:
        return any(page.succeeded for page in self._found)

    def _spent(self) -> float:
        return self._clock() - self._began
