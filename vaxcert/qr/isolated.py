"""Reading pictures in a process of its own, since decoders are native code that strangers' pictures run through.

A crash, a hang or a picture that wants too much memory costs that one picture: the process is ended and the next
picture gets a fresh one. The process stays warm between pictures.

    parent                       child: python -m vaxcert.qr.worker
    length, picture        →
                           ←     length, JSON: {"symbols": [...]} or {"error": "..."}
"""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any

from vaxcert.errors import ImageError
from vaxcert.qr.opening import read_file
from vaxcert.qr.symbol import Symbol

# Ten times what the slowest picture takes that is read at all.
TIME_LIMIT = 15.0
# The largest picture is 40 MB of grey bytes and a few copies; libraries take some 200 MB of address space.
MEMORY_LIMIT = 1_500_000_000
# A page of codes is a few kilobytes of text.
MAX_ANSWER = 10_000_000

_LENGTH = 4


class IsolatedReader:
    """Reads pictures in a child process. May be shared by threads: one picture at a time.

    `time_limit`: seconds a picture; `memory_limit`: bytes of address space, where the system can bound it.
    """

    def __init__(
        self,
        *,
        time_limit: float = TIME_LIMIT,
        memory_limit: int = MEMORY_LIMIT,
        clock: Callable[[], float] = time.monotonic,
        # -P: never import a module from the folder that the pictures happen to lie in.
        command: tuple[str, ...] = (sys.executable, "-P", "-m", "vaxcert.qr.worker"),
    ) -> None:
        self._time_limit = time_limit
        self._memory_limit = memory_limit
        self._clock = clock
        self._command = command
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = Lock()

    def __enter__(self) -> IsolatedReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, picture: bytes | str | os.PathLike[str]) -> list[Symbol]:
        """The codes in a picture or PDF: its bytes, or its path.

        Raises `ImageError` as `vaxcert.qr.read` does, and where the decoder crashed or ran out of time or memory.
        """
        content = picture if isinstance(picture, bytes) else read_file(Path(picture))
        with self._lock:
            child = self._started()
            try:
                answer = self._exchange(child, content)
            except TimeoutError:  # an OSError too, so it comes first
                self._end()
                raise ImageError(f"the picture took longer than {self._time_limit:g} seconds") from None
            except (OSError, EOFError):
                self._end()
                raise ImageError("the decoder stopped on this picture") from None
        if "error" in answer:
            raise ImageError(answer["error"])
        return [_symbol(item) for item in answer["symbols"]]

    def close(self) -> None:
        """End the child process. A later `read` starts another."""
        with self._lock:
            self._end()

    @property
    def pid(self) -> int | None:
        """The child's process id, or None while there is none."""
        return None if self._child is None else self._child.pid

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._end()
            self._child = subprocess.Popen(
                [*self._command, str(self._memory_limit)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                # What a decoder prints when it dies may quote the picture.
                stderr=subprocess.DEVNULL,
            )
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    try:
                        pipe.close()
                    except OSError:  # what was still to be written to a child that is gone
                        continue

    def _exchange(self, child: subprocess.Popen[bytes], content: bytes) -> dict[str, Any]:
        assert child.stdin is not None and child.stdout is not None  # noqa: S101  (both are pipes)
        deadline = self._clock() + self._time_limit
        self._send(child.stdin.fileno(), len(content).to_bytes(_LENGTH, "big") + content, deadline)
        source = child.stdout.fileno()
        size = int.from_bytes(self._receive(source, _LENGTH, deadline), "big")
        if size > MAX_ANSWER:
            raise EOFError
        answer: dict[str, Any] = json.loads(self._receive(source, size, deadline))
        return answer

    def _send(self, target: int, data: bytes, deadline: float) -> None:
        os.set_blocking(target, False)
        view = memoryview(data)
        while view:
            if not select.select([], [target], [], max(0.0, deadline - self._clock()))[1]:
                raise TimeoutError
            view = view[os.write(target, view) :]

    def _receive(self, source: int, size: int, deadline: float) -> bytes:
        parts = []
        while size:
            if not select.select([source], [], [], max(0.0, deadline - self._clock()))[0]:
                raise TimeoutError
            part = os.read(source, min(size, 1 << 16))
            if not part:
                raise EOFError
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


def _symbol(item: dict[str, Any]) -> Symbol:
    corners = item["corners"]
    return Symbol(
        text=item["text"],
        data=base64.b64decode(item["data"]),
        symbology=item["symbology"],
        level=item["level"],
        corners=None if corners is None else tuple((x, y) for x, y in corners),
        attempt=item["attempt"],
    )
