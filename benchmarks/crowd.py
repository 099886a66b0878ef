"""Good clients beside bad ones, each from an address of its own: for `benchmarks/app.py`."""

import http.client
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO

GOOD = HOSTILE = 8
SLOW = 200
# Seconds in which each of them has sent something to each process.
LEARNED = 20


def costly() -> bytes:
    """Forty white megapixels in some kilobytes, in which every attempt looks for a code."""
    from PIL import Image

    stream = BytesIO()
    Image.new("L", (8_000, 5_000), 255).save(stream, "PNG")
    return stream.getvalue()


def post(port: int, source: str, body: bytes, kind: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=(source, 0))
    try:
        connection.request("POST", "/verify", body, {"Content-Type": kind})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


@contextmanager
def uploading(port: int, content: bytes) -> Iterator[None]:
    """Eight who upload it without a pause, and each process knows by now what they cost."""
    stop = threading.Event()

    def upload(source: str) -> None:
        while not stop.is_set():
            post(port, source, content, "image/png")

    threads = [threading.Thread(target=upload, args=(f"127.0.0.{20 + number}",)) for number in range(HOSTILE)]
    for thread in threads:
        thread.start()
    try:
        time.sleep(LEARNED)
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@contextmanager
def dawdling(port: int) -> Iterator[None]:
    """Two hundred who send half a head or half a body, and again where they are closed."""
    halves = (b"GET / HTTP/1.1\r\nHost: a\r\nX-", b"POST /verify HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n{")
    stop = threading.Event()

    def connected(number: int) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", port), source_address=(f"127.0.0.{20 + number % 8}", 0))
        made.sendall(halves[number % 2])
        return made

    def dawdle() -> None:
        open_ = [connected(number) for number in range(SLOW)]
        ready.set()
        while not stop.wait(0.2):
            for number, one in enumerate(open_):
                try:
                    one.sendall(b"a")
                except OSError:
                    one.close()
                    open_[number] = connected(number)
        for one in open_:
            one.close()

    ready = threading.Event()
    thread = threading.Thread(target=dawdle)
    thread.start()
    ready.wait()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def asked(port: int, seconds: float, body: bytes, kind: str) -> list[str]:
    """Eight who each ask once a second: how many were answered, and how late."""
    late: list[float] = []
    statuses: list[int] = []

    def ask(source: str) -> None:
        end = time.perf_counter() + seconds
        while (start := time.perf_counter()) < end:
            statuses.append(post(port, source, body, kind))
            late.append((time.perf_counter() - start) * 1000)
            time.sleep(max(0.0, 1.0 - (time.perf_counter() - start)))

    threads = [threading.Thread(target=ask, args=(f"127.0.0.{10 + number}",)) for number in range(GOOD)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    p95 = statistics.quantiles(late, n=20)[-1]
    return [f"{statuses.count(200)} of {len(statuses)}", f"{statistics.median(late):.0f} ms", f"{p95:.0f} ms"]


def rows(port: int, seconds: float, card: bytes, photo: bytes) -> list[list[str]]:
    """Photos and texts of the good ones, alone and beside the others."""
    picture = costly()
    photos: Callable[[], list[str]] = lambda: asked(port, seconds, photo, "image/jpeg")  # noqa: E731
    texts: Callable[[], list[str]] = lambda: asked(port, seconds, card, "application/json")  # noqa: E731
    found = [[f"photos of {GOOD}, alone", *photos()]]
    with uploading(port, picture):
        found.append(
            [f"photos of {GOOD}, beside {HOSTILE} who upload {len(picture) / 1000:.0f} kB of seconds", *photos()]
        )
    found.append([f"texts of {GOOD}, alone", *texts()])
    with dawdling(port):
        found.append([f"texts of {GOOD}, beside {SLOW} who send half and then a byte at a time", *texts()])
    return found
