"""Dask: the same jobs on other machines. The scheduler sees where rows are, never what is in them, nor a key."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from vaxcert.batch import worker
from vaxcert.batch.engine import placed
from vaxcert.errors import ConfigurationError, Reason, UnreachableError
from vaxcert.extras import missing

Job = TypeVar("Job", bound=tuple[Any, ...])
Result = TypeVar("Result")

# Jobs handed over for each thread of the cluster, and at least so many: workers may come later.
_AHEAD, _LEAST_AHEAD = 4, 32
# A job that so many workers died of is not tried again.
_MOST_DEATHS = 5
_CONNECT = "30s"


class Cluster:
    """The scheduler at an address, or one of its own with `workers` processes on this machine.

    `scratch`: where that one may put its files. Raises `ConfigurationError` where Dask is missing or nobody answers.
    """

    is_remote = True

    def __init__(self, scheduler: str | None, workers: int, scratch: Path) -> None:
        self._scheduler, self._workers, self._scratch = scheduler, workers, scratch
        self._stack = contextlib.ExitStack()
        self.client: Any = None

    def __enter__(self) -> Cluster:
        try:
            import dask

            distributed: Any = import_module("distributed")
        except ImportError:
            raise ConfigurationError(missing("Dask is missing", "dask"), Reason.COMPONENT_MISSING) from None
        with self._stack:
            address: Any = self._scheduler
            self._stack.enter_context(dask.config.set({"distributed.scheduler.allowed-failures": _MOST_DEATHS}))
            if address is None:
                # Beside the archive rather than where all users' files are.
                scratch = tempfile.mkdtemp(prefix=".vaxcert-dask-", dir=self._scratch)
                self._stack.callback(shutil.rmtree, scratch, ignore_errors=True)
                address = self._stack.enter_context(
                    distributed.LocalCluster(
                        n_workers=self._workers,
                        threads_per_worker=1,
                        dashboard_address="127.0.0.1:0",  # of its own, whatever else runs on this machine
                        local_directory=scratch,
                        silence_logs=50,
                    )
                )
            try:
                self.client = self._stack.enter_context(
                    distributed.Client(address, timeout=_CONNECT, set_as_default=False)
                )
            except (OSError, ValueError, TimeoutError) as error:
                raise UnreachableError(f"{self._scheduler}: no Dask scheduler ({type(error).__name__})") from None
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        worker.forget()
        self._stack.close()

    def once(self, work: Callable[..., Result], *job: Any) -> Result:
        """See `vaxcert.batch.engine.Engine`."""
        for _, result in self.over(work, [job]):
            return result
        raise AssertionError("one job, one result")

    def over(self, work: Callable[..., Result], jobs: Iterable[Job]) -> Iterator[tuple[Job, Result]]:
        """See `vaxcert.batch.engine.Engine`."""
        distributed: Any = import_module("distributed")
        source = iter(jobs)
        running: dict[Any, Job] = {}
        done = distributed.as_completed(loop=self.client.loop)
        try:
            while True:
                ahead = max(_LEAST_AHEAD, _AHEAD * sum(self.client.nthreads().values()))
                while len(running) < ahead and (job := next(source, None)) is not None:
                    # Not pure: a result is a file, which the scheduler does not see.
                    future = self.client.submit(placed, work, *job, pure=False, key=None)
                    running[future] = job
                    done.add(future)
                if not running:
                    return
                future = next(done)
                try:
                    result = future.result()
                except distributed.scheduler.KilledWorker:
                    raise ConfigurationError(
                        "the cluster's workers die again and again; see their logs", Reason.WORKERS_LOST
                    ) from None
                except (distributed.CancelledError, OSError) as error:
                    raise UnreachableError(
                        f"the cluster is lost ({type(error).__name__}); go on when it is back"
                    ) from None
                yield running.pop(future), result
        finally:
            with contextlib.suppress(Exception):
                self.client.cancel(list(running))
