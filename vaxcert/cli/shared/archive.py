"""`vaxcert verify certificates.zip`: every picture of an archive read and checked, with progress and a summary."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, NamedTuple

from vaxcert.cli.shared.progress import progress
from vaxcert.errors import ImageError, Reason

if TYPE_CHECKING:
    from vaxcert import Verdict, Verifier
    from vaxcert.qr.isolated import IsolatedReader

# Pictures under way for each reader: enough that none waits.
_AHEAD = 4


class ArchivedPicture(NamedTuple):
    """A picture of the archive: its name, and its verdicts or what was the matter."""

    name: str
    verdicts: tuple[Verdict, ...]
    problem: str | None


def verdicts(path: Path, verifier: Verifier, at: datetime | None) -> Iterator[ArchivedPicture]:
    """The verdicts on each picture of an archive, in its order. Raises `ImageError` for what is no archive of pictures.

    One reading process a core; a picture that kills one costs that picture.
    """
    from vaxcert.batch.archive import pictures
    from vaxcert.qr.isolated import IsolatedReader
    from vaxcert.sorting import WANTED, to_judge

    total, contents = pictures(path)
    if not total:
        raise ImageError("no pictures in the archive", Reason.NOTHING_USABLE)
    count = os.cpu_count() or 1
    idle: SimpleQueue[IsolatedReader] = SimpleQueue()

    def judged(name: str, content: bytes) -> ArchivedPicture:
        reader = idle.get()
        try:
            texts = to_judge(symbol.text for symbol in reader.read(content, wanted=WANTED))
        except ImageError as error:
            return ArchivedPicture(name, (), str(error))
        finally:
            idle.put(reader)
        problem = None if texts else "no code found in the picture"
        return ArchivedPicture(name, tuple(verifier.verify(text, at=at) for text in texts), problem)

    with ExitStack() as stack:
        for _ in range(count):
            idle.put(stack.enter_context(IsolatedReader()))
        threads = stack.enter_context(ThreadPoolExecutor(count))
        update = stack.enter_context(progress())
        running: deque[Future[ArchivedPicture]] = deque()
        done = 0
        for name, content in contents:
            running.append(threads.submit(judged, name, content))
            if len(running) >= count * _AHEAD:
                yield running.popleft().result()
                done += 1
                update("verify", done, total)
        while running:
            yield running.popleft().result()
            done += 1
            update("verify", done, total)
