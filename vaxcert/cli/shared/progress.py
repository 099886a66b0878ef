"""How far long work is: a bar with rate and time left on a terminal, plain lines elsewhere."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator

from vaxcert.cli.shared.saying import say

# Without a terminal a line now and then is enough for a log.
_EVERY = 10.0

Update = Callable[[str, int, int], None]


@contextlib.contextmanager
def progress() -> Iterator[Update]:
    """Yields a function to call with the part's name, how much is done and of how much (0: unknown)."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    try:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
    except ImportError:
        yield _Lines()
        return
    columns = (TextColumn("{task.description:>6}"), BarColumn(), MofNCompleteColumn(),
               TextColumn("{task.fields[rate]}"), TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as bar:
        tasks: dict[str, tuple[TaskID, float]] = {}

        def update(part: str, done: int, total: int) -> None:
            if part not in tasks:
                tasks[part] = bar.add_task(part, total=total or None, rate=""), time.monotonic()
            task, since = tasks[part]
            rate = f"{done / max(0.001, time.monotonic() - since):,.0f}/s"
            bar.update(task, completed=done, total=total or None, rate=rate)

        yield update


class _Lines:
    def __init__(self) -> None:
        self._part, self._since, self._said = "", 0.0, 0.0

    def __call__(self, part: str, done: int, total: int) -> None:
        now = time.monotonic()
        if part != self._part:
            self._part, self._since, self._said = part, now, now
        if now - self._said >= _EVERY:
            self._said = now
            of = f" of {total:,}" if total else ""
            say(f"{part}: {done:,}{of}, {done / (now - self._since):,.0f} a second", err=True)
