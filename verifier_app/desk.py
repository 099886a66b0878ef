"""What stands behind every request: the verifier, in step with the synced list, and readers of pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from queue import Empty, LifoQueue
from threading import Lock

from vaxcert import ConfigurationError, TrustStore, Verdict, Verifier
from vaxcert.qr import Found
from vaxcert.qr.isolated import CutShortError, IsolatedReader
from vaxcert.rules.base import Rules
from vaxcert.sorting import WANTED
from verifier_app import modes
from verifier_app.config import Settings
from verifier_app.load.turns import QUICK, BusyError, Turn, Turns

# A phone waits no longer than this for a free reader; then it is told to try again.
WAIT = 4.0
# Twenty pages of print take six seconds of a processor, which others may be using too.
TIME_LIMIT = 12.0
# One whose picture turned out to be slow waits until one of the slow ones before it is through.
SLOW_WAIT = TIME_LIMIT + 1
# Bytes of address space. All readers together fit into the MemoryMax of deploy/vaxcert-app.service.
READER_MEMORY = 350_000_000


class Desk:
    """The verifier in step with the synced list, and the readers of pictures.

    `trust` stands in for the list that the settings name. Raises `ConfigurationError` for one that may not be relied
    on: only signed lists will do, but in a trial.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        trust: TrustStore | None = None,
    ) -> None:
        trust = TrustStore.load(settings.trust) if trust is None else trust
        if trust.freshness.state == "none" and not settings.trial:
            raise ConfigurationError(
                f"{settings.trust}: not a signed list; sync one with `vaxcert trust sync`, or set VAXCERT_APP_TRIAL=1"
            )
        self.clock = clock
        self._lock = Lock()
        self._settings = settings
        self._serving = _Serving(trust, modes.of(trust, settings), clock)
        self._readers: LifoQueue[IsolatedReader] = LifoQueue()
        for _ in range(settings.readers):
            self._readers.put(IsolatedReader(time_limit=TIME_LIMIT, memory_limit=READER_MEMORY))
        # Text takes no turn: half of the places stay for it, whatever is sent as pictures.
        self._turns = Turns(settings.readers, settings.at_once // 2)

    def serving(self) -> _Serving:
        """The newest list that is there, with the rules to judge by."""
        trust = self._serving.trust.current()
        if trust is not self._serving.trust:
            with self._lock:
                rules = modes.again(trust, self._settings, self._serving.rules)
                self._serving = _Serving(trust, rules, self.clock)
        return self._serving

    @property
    def trust(self) -> TrustStore:
        """The list in use."""
        return self.serving().trust

    @property
    def rules(self) -> Mapping[str, Rules]:
        """The rules in use, by mode."""
        return self.serving().rules

    def verify(self, text: str, mode: str = "") -> Verdict:
        """The verdict on a card's text, judged now, by the rules of a mode; "" for none.

        Raises `UnknownModeError` where they are not there, be it since a moment ago.
        """
        verifier = self.serving().verifiers.get(mode)
        if verifier is None:
            raise modes.UnknownModeError
        return verifier.verify(text)

    def read(self, picture: bytes, sender: str = "") -> Found:
        """The codes of a picture; `sender`: whom its time is counted for.

        Raises `ImageError`, or `BusyError` where no reader was free in time, or others have cost less.
        """
        try:
            with self._turns.turn(sender, wait=WAIT) as turn:
                return self._read(picture, turn)
        except CutShortError:
            with self._turns.turn(sender, wait=SLOW_WAIT, slow=True) as turn:
                return self._read(picture, turn)

    def _read(self, picture: bytes, turn: Turn) -> Found:
        try:
            reader = self._readers.get(timeout=WAIT)
        except Empty:
            raise BusyError() from None
        try:
            return reader.read(picture, wanted=WANTED, ask_after=QUICK, goes_on=lambda: _goes_on(turn, reader))
        finally:
            turn.worked = reader.worked
            self._readers.put(reader)

    def close(self) -> None:
        """End the readers' processes."""
        while not self._readers.empty():
            self._readers.get().close()

    def is_ready(self) -> bool:
        """Whether cards can be accepted now: the list is one that may be relied on."""
        return self.trust.freshness.problem(self.clock()) is None


class _Serving:
    """A list of keys with a verifier for each mode, and one for none: what one request sees is never of two lists."""

    def __init__(self, trust: TrustStore, rules: Mapping[str, Rules], clock: Callable[[], datetime]) -> None:
        self.trust = trust
        self.rules = rules
        self.verifiers = {mode: Verifier(trust, clock=clock, rules=one) for mode, one in rules.items()}
        self.verifiers[""] = Verifier(trust, clock=clock)


def _goes_on(turn: Turn, reader: IsolatedReader) -> bool:
    if not turn.goes_on():
        return False
    reader.step_back()
    return True
