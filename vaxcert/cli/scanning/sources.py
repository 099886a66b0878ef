"""Where scans come from. Each source yields `Scan`s, and calls `idle` now and then while nothing comes."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from vaxcert.cli.shared.streams import read_input
from vaxcert.cli.shared.texts import PICTURES, no_code, say_second_reader_missing
from vaxcert.errors import ConfigurationError, ImageError, NotFoundError, Reason, UnreachableError
from vaxcert.extras import missing
from vaxcert.files import text_lines
from vaxcert.formats.lines import Assembler
from vaxcert.sorting import WANTED, to_judge

# A picture that is still being written is read when it has not grown for this long.
_SETTLED = 0.5
_POLL = 0.2
# Lines that wait to be looked at: of a file that is longer the rest is left where it is.
_MOST_WAITING = 10_000
# Seconds: a text that goes on after this long is another scan. Scanners type a whole code in well under it.
PAUSE = 0.4
# Seconds without a code after which a camera's frame gets every attempt, which takes about one.
_THOROUGH_EVERY = 2.0
# Longer than any card's text: what is beyond it on a line is no scan.
_MAX_LINE = 20_000


class Scan(NamedTuple):
    """A text and where it came from, or what was the matter with a source that gave none."""

    text: str
    source: str = ""
    problem: str | None = None


def standard_input(idle: Callable[[], None]) -> Iterator[Scan]:
    """Lines that a hand scanner types. A pause ends what was broken over lines."""
    # One that an interruption cannot leave half locked, as it can those that are written in Python.
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def pump() -> None:
        try:
            for line in text_lines(read_input, _MAX_LINE, errors="replace"):
                while lines.qsize() >= _MOST_WAITING:
                    time.sleep(_POLL)
                lines.put(line)
        except OSError:
            pass  # the terminal is gone, as at the end of a file
        finally:
            lines.put(None)

    threading.Thread(target=pump, daemon=True).start()
    assembler = Assembler()
    while True:
        try:
            line = lines.get(timeout=PAUSE)
        except queue.Empty:
            yield from (Scan(text) for text in assembler.flush())
            idle()
            continue
        if line is None:
            yield from (Scan(text) for text in assembler.flush())
            return
        yield from (Scan(text) for text in assembler.feed(line))
        idle()


def files(paths: list[Path], *, watch: bool, idle: Callable[[], None]) -> Iterator[Scan]:
    """The codes in pictures, PDFs and folders of them; with `watch` also in those that come later."""
    from vaxcert.qr.isolated import IsolatedReader

    with IsolatedReader() as reader:
        done: dict[Path, tuple[int, int]] = {}
        folders = [path for path in paths if path.is_dir()]
        for path in paths:
            if path not in folders:
                yield from _read(reader, path)
        while True:
            for path, state in _new_pictures(folders, done, settle=watch):
                done[path] = state
                yield from _read(reader, path)
            if not watch:
                return
            idle()
            time.sleep(_POLL)


def _new_pictures(
    folders: list[Path], done: dict[Path, tuple[int, int]], *, settle: bool
) -> Iterator[tuple[Path, tuple[int, int]]]:
    for folder in folders:
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() not in PICTURES or path.name.startswith("."):
                continue
            try:
                status = path.stat()
            except OSError:  # it was there a moment ago
                continue
            state = (status.st_size, status.st_mtime_ns)
            if done.get(path) != state and not (settle and time.time() - status.st_mtime < _SETTLED):
                yield path, state


def _read(reader: Any, path: Path) -> Iterator[Scan]:
    try:
        symbols = reader.read(path, wanted=WANTED)
    except ImageError as error:
        yield Scan("", path.name, str(error))
        return
    if not symbols:
        say_second_reader_missing()
        yield Scan("", path.name, no_code(symbols.advice))
    for text in to_judge(symbol.text for symbol in symbols):
        yield Scan(text, path.name)


def camera(number: int, idle: Callable[[], None]) -> Iterator[Scan]:
    """Codes that a camera sees. A frame without one is not the end of anything: the next comes in no time.

    So most frames get the quick attempts alone, and one now and then all of them.
    """
    try:
        import cv2
    except ImportError:
        raise ConfigurationError(missing("the camera needs OpenCV", "camera"), Reason.COMPONENT_MISSING) from None
    from vaxcert.qr import read

    device = cv2.VideoCapture(number)
    if not device.isOpened():
        raise NotFoundError(f"camera {number} cannot be opened", Reason.NO_SUCH_RECORD)
    device.set(cv2.CAP_PROP_FRAME_WIDTH, 1920)
    device.set(cv2.CAP_PROP_FRAME_HEIGHT, 1080)
    last = time.monotonic()
    try:
        while True:
            good, frame = device.read()
            if not good:
                raise UnreachableError(f"camera {number} gives no picture any more")
            thorough = time.monotonic() - last >= _THOROUGH_EVERY
            symbols = read(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), thorough=thorough, wanted=WANTED)
            if symbols or thorough:
                last = time.monotonic()
            for text in to_judge(symbol.text for symbol in symbols):
                yield Scan(text)
            idle()
    finally:
        device.release()
