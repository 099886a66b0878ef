"""Who does the work: jobs in, results in whatever order they come, and a pool that breaks is built again."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Protocol, TypeVar

from vaxcert.batch import worker
from vaxcert.errors import ConfigurationError, Reason, VaxcertError, place_of

Job = TypeVar("Job", bound=tuple[Any, ...])
Result = TypeVar("Result")

# Enough that no worker waits, few enough that the table is not read far ahead.
_AHEAD = 2
# So many breaks without a job done in between are not chance.
_MOST_BREAKS = 3


class WorkerError(Exception):
    """A fault of ours in another process.

    `place`: what it was and where. No word of its message travels: it may quote a row.
    """

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


def placed(work: Callable[..., Result], *job: Any) -> Result:
    """Run `work(*job)` in a worker. What it raises on purpose travels as it is, of a fault its place: frames do not."""
    try:
        return work(*job)
    except VaxcertError:
        raise
    except Exception as error:
        raise WorkerError(place_of(error)) from None


class Engine(Protocol):
    """What runs jobs. A worker that dies costs its jobs a second attempt.

    `is_remote`: what a job is given travels further than to other processes of this machine.
    """

    is_remote: bool

    def once(self, work: Callable[..., Result], *job: Any) -> Result:
        """Run `work(*job)` where the key is, and return its result. Raises what it raises."""

    def over(self, work: Callable[..., Result], jobs: Iterable[Job]) -> Iterator[tuple[Job, Result]]:
        """Run `work(*job)` for each job; yield the jobs and their results, in whatever order they are done.

        Raises what a job raises (a fault in another process as `WorkerError`), and `ConfigurationError` where workers
        die again and again.
        """


class Local:
    """A pool of `workers` processes of this machine that lasts over several kinds of jobs; with 1, this one alone."""

    is_remote = False

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Local:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        worker.forget()
        self._end()

    def once(self, work: Callable[..., Result], *job: Any) -> Result:
        """See `Engine`."""
        return work(*job)

    def over(self, work: Callable[..., Result], jobs: Iterable[Job]) -> Iterator[tuple[Job, Result]]:
        """See `Engine`."""
        if self._workers <= 1:
            for job in jobs:
                yield job, work(*job)
            return
        source = iter(jobs)
        waiting: list[Job] = []
        running: dict[Future[Result], Job] = {}
        breaks = 0
        while True:
            try:
                self._fill(work, source, waiting, running)
                if not running:
                    return
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    result = future.result()
                    breaks = 0
                    yield running.pop(future), result
            except BrokenProcessPool:
                breaks += 1
                waiting += running.values()
                running.clear()
                self._end()
                if breaks >= _MOST_BREAKS:
                    raise ConfigurationError(
                        "the worker processes die again and again; try --workers 1", Reason.WORKERS_LOST
                    ) from None

    def _fill(
        self,
        work: Callable[..., Result],
        source: Iterator[Job],
        waiting: list[Job],
        running: dict[Future[Result], Job],
    ) -> None:
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._workers, context, initializer=_leave_interrupts)
        while len(running) < self._workers * _AHEAD:
            # In `waiting` until a future stands for it, so that a break in between loses nothing.
            if not waiting and (more := next(source, None)) is not None:
                waiting.append(more)
            if not waiting:
                return
            running[self._pool.submit(placed, work, *waiting[-1])] = waiting[-1]
            waiting.pop()

    def _end(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


def _leave_interrupts() -> None:
    """Ignore Ctrl-C in this process: it is the parent's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
