"""The attempts that a picture gets, cheap ones first, until one of them reads what is looked for.

plain → the other symbologies → sharpened → a black surround made white → (close to the code) doubled → smoothed and
sharpened → tripled → local contrast; after each of these, where a code was seen: its modules sampled anew → the other
library

Order and figures come from measurement on made-up photos (`benchmarks/read.py`; decisions 9 and 18). The other
symbologies (Aztec, Data Matrix, PDF417) are looked for once, since that takes longer than everything else in the first
attempt, and not on pictures that were sharpened hard: those with weak error correction are read out of noise there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import IntEnum
from time import thread_time
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from vaxcert.qr import grid, zbar
from vaxcert.qr.ladder import parts, surround
from vaxcert.qr.ladder.decoding import Box, Spot, decode, is_at, is_same, overlaps
from vaxcert.qr.symbol import Symbol

if TYPE_CHECKING:
    from PIL.Image import Image

# Seconds of a processor after which no further attempt begins. The last may take half a second more, and a picture
# that nothing reads shall have its answer within three. A machine that is busy with others takes nobody's attempts.
PATIENCE = 2.2
# At most so many places that look like a code get attempts of their own, and beside a card that was read already.
_MOST_SPOTS, _MOST_BESIDE = 6, 2
# Of 255: what differs less all over is a blank page.
_BLANK = 8


class Reach(IntEnum):
    """How far the ladder is climbed: the first attempt alone, those that are quick, or all."""

    PLAIN = 0
    QUICK = 1
    PATIENT = 2


class Search:
    """What is looked for in a picture, and what was found and seen so far. `wanted`: beginnings of texts, or None."""

    def __init__(self, wanted: tuple[str, ...] | None = None) -> None:
        self.symbols: list[Symbol] = []
        # Nothing is to be seen in the picture.
        self.blank = False
        self._wanted = wanted
        self._spots: list[Spot] = []

    @property
    def succeeded(self) -> bool:
        """Whether something was read, and where texts are wanted one of those."""
        return bool(self.symbols) if self._wanted is None else any(self._is_wanted(one) for one in self.symbols)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to look for. A code seen beside a wanted one that was read may be the refused one."""
        return self.blank or (self.succeeded and not (self._wanted is not None and self.unread))

    @property
    def unread(self) -> list[Spot]:
        """The places where a code was seen and none was read."""
        return [spot for spot in self._spots if not any(self._explains(symbol, spot) for symbol in self.symbols)]

    def take(self, attempt: str, symbols: list[Symbol], spots: list[Spot]) -> None:
        """Keep what an attempt gave: of what earlier ones read nothing, and where texts are wanted each text once."""
        known = {symbol.text for symbol in self.symbols}
        for symbol in symbols:
            if symbol.text not in known:
                self.symbols.append(replace(symbol, attempt=attempt))
            if self._wanted is not None:
                known.add(symbol.text)
        # Stable: as they were read, those that are wanted first.
        self.symbols.sort(key=lambda symbol: not self._is_wanted(symbol))
        for spot in spots:
            if not any(is_same(spot, other) for other in self._spots):
                self._spots.append(spot)

    def _is_wanted(self, symbol: Symbol) -> bool:
        return self._wanted is None or symbol.text.startswith(self._wanted)

    def _explains(self, symbol: Symbol, spot: Spot) -> bool:
        # A code that is not there may be read out of a real one: only what is as large as the spot takes its place.
        if symbol.corners is None:
            return False
        explains = overlaps if self._is_wanted(symbol) else is_at
        return explains(spot.corners, symbol.corners)


def climb(
    picture: Image,
    *,
    thorough: bool = True,
    wanted: tuple[str, ...] | None = None,
    patience: float = PATIENCE,
    clock: Callable[[], float] = thread_time,
) -> list[Symbol]:
    """The codes in a grey picture, by the first attempt that reads any. Without `thorough` only the quick ones.

    With `wanted`, by the attempts until one reads a text that begins so. No attempt but the quick ones begins more
    than `patience` seconds of `clock` after the first.
    """
    reach = Reach.PATIENT if thorough else Reach.QUICK
    return look(picture, reach, wanted, until=clock() + patience, clock=clock).symbols


def look(
    picture: Image,
    reach: Reach,
    wanted: tuple[str, ...] | None,
    *,
    until: float,
    clock: Callable[[], float] = thread_time,
) -> Search:
    """The codes in a grey picture that attempts up to `reach` read, and those that they saw. See `climb`."""
    search = Search(wanted)
    extrema: Any = picture.getextrema()
    if extrema[1] - extrema[0] < _BLANK:
        search.blank = True
        return search
    for attempt, symbols, spots in _attempts(picture, reach, search):
        search.take(attempt, symbols, spots)
        if search.is_over or (attempt not in _QUICK and clock() > until):
            break
    return search


_QUICK = frozenset({"plain", "other symbologies"})
Attempt = tuple[str, list[Symbol], list[Spot]]


def _attempts(picture: Image, reach: Reach, search: Search) -> Iterator[Attempt]:
    yield "plain", *decode(picture, unread=True)
    if reach == Reach.PLAIN:
        return
    if not search.succeeded:
        yield "other symbologies", decode(picture, others=True)[0], []
    box = parts.middle(parts.whole(picture), parts.MOST_SHARPENED)
    sharp = parts.sharpened(picture.crop(box), 0.7, 2, 300)
    yield "sharpened", *decode(sharp, box=box, unread=True)
    if search.succeeded:
        for spot in search.unread[:_MOST_BESIDE]:
            yield "sampled", _sampled(sharp, box, spot), []
        return
    if reach == Reach.QUICK:
        return
    if (cut := surround.on_white(picture)) is not None:
        symbols, _ = decode(cut.image, box=(*(cut.offset or (0, 0)), 0, 0))
        yield "surround", symbols if cut.offset else [replace(symbol, corners=None) for symbol in symbols], []
    yield from _close(picture, sharp, box, search)
    yield "zbar", zbar.decode(picture), []


def _close(picture: Image, sharp: Image, box: Box, search: Search) -> Iterator[Attempt]:
    """Attempts on enlarged parts of a picture, and on the modules of codes that are seen there."""
    sampled: list[Spot] = []
    for part in _parts(picture, search):
        own = picture.crop(part)
        inner = (part[0] - box[0], part[1] - box[1], part[2] - box[0], part[3] - box[1])
        for attempt, symbols, spots in _enlarged(own, sharp.crop(inner), part):
            yield attempt, symbols, spots
            for spot in search.unread:
                if len(sampled) < _MOST_SPOTS and not any(is_same(spot, other) for other in sampled):
                    sampled.append(spot)
                    yield "sampled", _sampled(sharp, box, spot), []


def _parts(picture: Image, search: Search) -> Iterator[Box]:
    """Where codes were seen, else the middle; and beside what was read and is not what is looked for."""
    yield from [parts.around(spot, picture) for spot in search.unread[:_MOST_SPOTS]] or [
        parts.middle(parts.whole(picture), parts.MOST_ENLARGED)
    ]
    read = [symbol.corners for symbol in search.symbols if symbol.corners is not None]
    if read:
        yield from parts.beside(read, picture)


def _enlarged(own: Image, sharp: Image, box: Box) -> Iterator[Attempt]:
    yield "doubled", *decode(parts.enlarged(sharp, 2), box=box, scale=2, unread=True)
    large = parts.enlarged(own, 3)
    yield "smoothed", *decode(parts.sharpened(large, 2.5, 6, 600), box=box, scale=3, unread=True)
    yield "tripled", *decode(large, box=box, scale=3, unread=True)
    even = parts.enlarged(parts.level_light(own), 2)
    yield "local contrast", *decode(even, box=box, scale=2, unread=True, even=True)


def _sampled(sharp: Image, box: Box, spot: Spot) -> list[Symbol]:
    corners = tuple((x - box[0], y - box[1]) for x, y in spot.corners)
    for drawing in grid.redrawn(sharp, corners, spot.version):
        found, _ = decode(drawing, pure=True)
        if found:
            return [replace(symbol, corners=spot.corners) for symbol in found[:1]]
    return []
