"""Reading pictures in a process of its own, since decoders are native code that strangers' pictures run through.

A crash, a hang or a picture that wants too much memory costs that one picture: the process is ended and the next
picture gets a fresh one. The process stays warm between pictures.

    parent                       child: python -m vaxcert.qr.worker
    length, request        →
                           ←     length, JSON: {"symbols": [...], "advice": ...} or {"error": "...", "reason": "..."}

A request is a picture, then as JSON what is asked of it ({"wanted": [...]}), then the length of that.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Thread
from types import TracebackType
from typing import IO, Any

from vaxcert.errors import ImageError, Reason
from vaxcert.qr.opening import read_file
from vaxcert.qr.symbol import Advice, Found, Symbol

# Ten times what the slowest picture takes that is read at all.
TIME_LIMIT = 15.0
# The largest picture is 40 MB of grey bytes and a few copies; libraries take some 200 MB of address space.
MEMORY_LIMIT = 1_500_000_000
# A page of codes is a few kilobytes of text.
MAX_ANSWER = 10_000_000

_LENGTH = 4
# Seconds of a processor in which a process has loaded all that it needs.
_LOADING = 0.6
# As far behind as `nice` puts a command.
_BEHIND = 10


class CutShortError(Exception):
    """Somebody said that a picture may not take longer."""


class IsolatedReader:
    """Reads pictures in a child process. May be shared by threads: one picture at a time.

    `time_limit`: seconds a picture; `memory_limit`: bytes of address space, where the system can bound it.
    """

    def __init__(
        self,
        *,
        time_limit: float = TIME_LIMIT,
        memory_limit: int = MEMORY_LIMIT,
        # -P: never import a module from the folder that the pictures happen to lie in.
        command: tuple[str, ...] = (sys.executable, "-P", "-m", "vaxcert.qr.worker"),
    ) -> None:
        self._time_limit = time_limit
        self._memory_limit = memory_limit
        self._command = command
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = Lock()
        self._spent = self._loaded = False
        # Seconds that the last picture took of a processor.
        self.worked = 0.0

    def __enter__(self) -> IsolatedReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(
        self,
        picture: bytes | str | os.PathLike[str],
        *,
        wanted: tuple[str, ...] | None = None,
        ask_after: float = 0.0,
        goes_on: Callable[[], bool] | None = None,
    ) -> Found:
        """The codes in a picture or PDF: its bytes, or its path; `wanted` as `vaxcert.qr.read` has it.

        Raises `ImageError` as `vaxcert.qr.read` does, and where the decoder crashed or ran out of time or memory.
        With `goes_on`, that is asked once, after `ask_after` seconds of work: where it says no, raises `CutShortError`.
        """
        content = picture if isinstance(picture, bytes) else read_file(Path(picture))
        asked = json.dumps({"wanted": wanted}).encode()
        content = b"".join((content, asked, len(asked).to_bytes(_LENGTH, "big")))
        with self._lock:
            child = self._started()
            try:
                answer = self._exchange(child, content, ask_after, goes_on)
            except CutShortError:
                self._end()
                self._started()  # and loads while nobody waits for it
                raise
            except TimeoutError:  # an OSError too, so it comes first
                self._end()
                raise ImageError(f"the picture took longer than {self._time_limit:g} seconds") from None
            except (OSError, EOFError):
                self._end()
                raise ImageError("the decoder stopped on this picture") from None
            if self._spent:
                # Nobody may take back that it stepped back.
                self._end()
                self._started()
        if "error" in answer:
            raise ImageError(answer["error"], Reason(answer["reason"]))
        advised = answer.get("advice")
        return Found(map(_symbol, answer["symbols"]), advice=None if advised is None else Advice(advised))

    def close(self) -> None:
        """End the child process. A later `read` starts another."""
        with self._lock:
            self._end()

    def step_back(self) -> None:
        """Let the picture that is being read take what processors have left; the next has a process of its own."""
        with suppress(OSError, AttributeError):  # it has ended; there is no such call
            if self._child is not None:
                os.setpriority(os.PRIO_PROCESS, self._child.pid, _BEHIND)
                self._spent = True

    @property
    def pid(self) -> int | None:
        """The child's process id, or None while there is none."""
        return None if self._child is None else self._child.pid

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._end()
            self._loaded = False
            self._child = subprocess.Popen(
                [*self._command, str(self._memory_limit)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                # What a decoder prints when it dies may quote the picture.
                stderr=subprocess.DEVNULL,
            )
        return self._child

    def _end(self) -> None:
        child, self._child, self._spent = self._child, None, False
        if child is not None:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    try:
                        pipe.close()
                    except OSError:  # what was still to be written to a child that is gone
                        continue

    def _exchange(
        self,
        child: subprocess.Popen[bytes],
        content: bytes,
        ask_after: float,
        goes_on: Callable[[], bool] | None,
    ) -> dict[str, Any]:
        """Send a picture and get its answer, blocking: pipes cannot be waited for everywhere. Who is late is ended."""
        assert child.stdin is not None and child.stdout is not None  # noqa: S101  (both are pipes)
        late, cut, over = Event(), Event(), Event()
        watches = [Thread(target=_end_after, args=(child, self._time_limit, over, late), daemon=True)]
        # What a process needs to load is no fault of the first picture that it gets.
        loading, self._loaded = 0.0 if self._loaded else _LOADING, True
        began = _worked(child) + loading
        if goes_on is not None:
            watches.append(
                Thread(
                    target=_ask_after,
                    args=(child, ask_after + loading, began - loading, over, goes_on, cut),
                    daemon=True,
                )
            )
        for watch in watches:
            watch.start()
        try:
            child.stdin.write(len(content).to_bytes(_LENGTH, "big") + content)
            child.stdin.flush()
            size = int.from_bytes(_exactly(child.stdout, _LENGTH), "big")
            if size > MAX_ANSWER:
                raise EOFError
            answer: dict[str, Any] = json.loads(_exactly(child.stdout, size))
        except (OSError, EOFError):
            if cut.is_set():
                raise CutShortError from None
            if late.is_set():
                raise TimeoutError from None
            raise
        finally:
            self.worked = max(0.0, _worked(child) - began)
            over.set()
            for watch in watches:
                watch.join()
        if late.is_set() or cut.is_set():
            # Answered at the last moment, and ended all the same.
            self._end()
        return answer


def _end_after(child: subprocess.Popen[bytes], seconds: float, over: Event, late: Event) -> None:
    if not over.wait(seconds):
        late.set()
        child.kill()


def _ask_after(
    child: subprocess.Popen[bytes],
    seconds: float,
    began: float,
    over: Event,
    goes_on: Callable[[], bool],
    cut: Event,
) -> None:
    # On a busy machine a picture waits for a processor, which is no fault of its sender; but not for ever.
    latest = time.monotonic() + 2 * seconds
    left = seconds
    while left > 0.01 and time.monotonic() < latest:
        if over.wait(left):
            return
        left = seconds - (_worked(child) - began)
    if not over.is_set() and not goes_on():
        cut.set()
        child.kill()


def _worked(child: subprocess.Popen[bytes]) -> float:
    """Seconds of a processor that a process has had; where the system does not say, those on the clock."""
    if not sys.platform.startswith("linux"):
        return time.monotonic()
    try:
        # clock_getcpuclockid(3), as Linux numbers these clocks; the module has it for threads alone.
        return time.clock_gettime(~child.pid << 3 | 2)
    except OSError:  # it has ended
        return 0.0


def _exactly(source: IO[bytes], size: int) -> bytes:
    data = source.read(size)
    if len(data) != size:
        raise EOFError
    return data


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
