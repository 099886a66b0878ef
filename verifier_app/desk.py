"""What stands behind every request: the verifier, in step with the synced list, and readers of pictures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from queue import Empty, LifoQueue
from threading import Lock

from vaxcert import ConfigurationError, TrustStore, Verdict, Verifier
from vaxcert.qr import Symbol
from vaxcert.qr.isolated import IsolatedReader
from verifier_app.config import Settings

# A phone waits no longer than this for a free reader; then it is told to try again.
WAIT = 3.0
TIME_LIMIT = 8.0


class BusyError(Exception):
    """Every reader is at work and has been for as long as anybody waits, or the app is full: come again."""

    def __init__(self, seconds: int = 5) -> None:
        super().__init__()
        self.seconds = seconds


class Desk:
    """The verifier in step with the synced list, and the readers of pictures.

    Raises `ConfigurationError` for a trust that may not be relied on: only signed lists will do, but in a trial.
    """

    def __init__(self, settings: Settings, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        trust = TrustStore.load(settings.trust)
        if trust.freshness.state == "none" and not settings.trial:
            raise ConfigurationError(
                f"{settings.trust}: not a signed list; sync one with `vaxcert trust sync`, or set VAXCERT_APP_TRIAL=1"
            )
        self.clock = clock
        self._lock = Lock()
        self._verifier = Verifier(trust, clock=clock)
        self._readers: LifoQueue[IsolatedReader] = LifoQueue()
        for _ in range(settings.readers):
            self._readers.put(IsolatedReader(time_limit=TIME_LIMIT))

    @property
    def verifier(self) -> Verifier:
        """The verifier with the newest list that is there."""
        trust = self._verifier.trust.current()
        if trust is not self._verifier.trust:
            with self._lock:
                self._verifier = Verifier(trust, clock=self.clock)
        return self._verifier

    @property
    def trust(self) -> TrustStore:
        """The list in use."""
        return self.verifier.trust

    def verify(self, text: str) -> Verdict:
        """The verdict on a card's text, judged now."""
        return self.verifier.verify(text)

    def read(self, picture: bytes) -> list[Symbol]:
        """The codes of a picture. Raises `ImageError`, or `BusyError` where no reader was free in time."""
        try:
            reader = self._readers.get(timeout=WAIT)
        except Empty:
            raise BusyError() from None
        try:
            return reader.read(picture)
        finally:
            self._readers.put(reader)

    def close(self) -> None:
        """End the readers' processes."""
        while not self._readers.empty():
            self._readers.get().close()

    def is_ready(self) -> bool:
        """Whether cards can be accepted now: the list is one that may be relied on."""
        return self.trust.freshness.problem(self.clock()) is None
