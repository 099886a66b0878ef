"""Whose picture is read next: whoever has cost least of late, and never at the cost of those who cost little.

Readers are few, and a picture may keep one for seconds. So a turn is quick at first; once it is not, it needs one of
the slow places, which are one less than there are readers. A sender whose pictures were slow of late begins there.
Whoever sends what costs seconds waits behind the others, and the others wait for one quick turn at most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock
from time import monotonic

# Seconds in which nearly every photo of a code is read, on a slow machine too.
QUICK = 0.5
# Seconds of slow turns that do not make a sender a slow one.
_FORGIVEN = 0.25
# Seconds after which half of what somebody has cost is forgotten.
_HALF_LIFE = 60.0
# Of so many senders what they cost is known; those who cost least are forgotten first, which is right for them.
_MOST_KNOWN = 4_096


class BusyError(Exception):
    """Every reader is at work and has been for as long as anybody waits, or the app is full: come again."""

    def __init__(self, seconds: int = 5) -> None:
        super().__init__()
        self.seconds = seconds


class Turn:
    """One picture's turn. `slow`: it has one of the slow places."""

    def __init__(self, turns: Turns, sender: str, slow: bool) -> None:
        self.sender, self.slow = sender, slow
        self.began: float | None = None
        # Seconds of a processor, where they are known; else those on the clock count.
        self.worked: float | None = None
        self.sent_away = self.cut_short = False
        self.decided = Event()
        self._turns = turns

    def goes_on(self) -> bool:
        """Whether a turn that is not quick any more may take longer."""
        return self._turns.slow_down(self)


class Turns:
    """So many turns at once, and so many that wait for one; the sender is who they are counted for."""

    def __init__(self, places: int, most_waiting: int, *, clock: Callable[[], float] = monotonic) -> None:
        self._free, self._slow_free = places, max(1, places - 1)
        self._most_waiting, self._clock = most_waiting, clock
        self._lock = Lock()
        self._waiting: list[Turn] = []
        self._running: list[Turn] = []
        # Of each sender: seconds, and those of slow turns among them, as they were at that time.
        self._costs: dict[str, tuple[float, float, float]] = {}

    @contextmanager
    def turn(self, sender: str, *, wait: float, slow: bool = False) -> Iterator[Turn]:
        """Wait for a turn, and have it. Raises `BusyError` where there is none in time, or too many wait before."""
        with self._lock:
            mine = Turn(self, sender, slow or self._cost(sender)[1] > _FORGIVEN)
            self._waiting.append(mine)
            self._grant()
            if len(self._waiting) > self._most_waiting:
                last = max(self._waiting, key=lambda one: (one.slow, self._order(one)))
                self._waiting.remove(last)
                last.sent_away = True
                last.decided.set()
        mine.decided.wait(wait)
        with self._lock:
            if mine.began is None:
                if not mine.sent_away:
                    self._waiting.remove(mine)
                raise BusyError()
        try:
            yield mine
        finally:
            with self._lock:
                self._end(mine)

    def slow_down(self, turn: Turn) -> bool:
        """Take a slow place for a turn that has begun; whether it has one."""
        with self._lock:
            if turn not in self._running:  # over in the meantime
                return True
            if not turn.slow and self._slow_free:
                self._slow_free -= 1
                turn.slow = True
            turn.cut_short = not turn.slow
            return turn.slow

    def _end(self, turn: Turn) -> None:
        assert turn.began is not None  # noqa: S101  (it has had its turn)
        self._running.remove(turn)
        self._free += 1
        self._slow_free += turn.slow
        now = self._clock()
        took = now - turn.began
        if turn.worked is not None:
            # One who waits for a processor costs nobody anything, but keeps a reader.
            took = max(turn.worked, took / 4)
        spent, slowly = self._cost(turn.sender)
        if took > QUICK or turn.cut_short:
            slowly += max(took, QUICK)
        self._costs[turn.sender] = (spent + took, slowly, now)
        if len(self._costs) > _MOST_KNOWN:
            del self._costs[min(self._costs, key=lambda sender: self._cost(sender)[0])]
        self._grant()

    def _grant(self) -> None:
        """Give what places there are to those who have cost least, the first come of them."""
        while self._free:
            able = [one for one in self._waiting if not one.slow or self._slow_free]
            if not able:
                return
            chosen = min(able, key=self._order)
            self._waiting.remove(chosen)
            self._running.append(chosen)
            self._free -= 1
            self._slow_free -= chosen.slow
            chosen.began = self._clock()
            chosen.decided.set()

    def _order(self, turn: Turn) -> float:
        now = self._clock()
        running = sum(now - one.began for one in self._running if one.sender == turn.sender and one.began is not None)
        return self._cost(turn.sender)[0] + running

    def _cost(self, sender: str) -> tuple[float, float]:
        spent, slowly, at = self._costs.get(sender, (0.0, 0.0, 0.0))
        kept = 0.5 ** ((self._clock() - at) / _HALF_LIFE)
        return spent * kept, slowly * kept
