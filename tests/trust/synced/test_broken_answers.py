"""Answers of web servers that are broken, packed, or meant to keep a sync waiting."""

import gzip
import socket
import threading
import zlib
from collections.abc import Callable, Iterator

import pytest
from tuf.api.exceptions import DownloadError, DownloadHTTPError, DownloadLengthMismatchError

from vaxcert.trust.synced import fetch
from vaxcert.trust.synced.fetch import HttpFetcher
from vaxcert.trust.synced.unpacking import PIECE, unpacked

Raw = Callable[[Iterator[bytes]], str]


def got(url: str) -> bytes:
    return b"".join(HttpFetcher(url).fetch(url))


@pytest.fixture
def asked() -> list[bytes]:
    """The requests that came."""
    return []


@pytest.fixture
def raw(asked: list[bytes]) -> Iterator[Raw]:
    """Start a server that answers one request with these bytes, and its address."""
    listening, over = [], threading.Event()

    def start(parts: Iterator[bytes]) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listening.append(listener)

        def answer() -> None:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                asked.append(connection.recv(65_536))
                try:
                    for part in parts:
                        if over.is_set():
                            return
                        connection.sendall(part)
                except OSError:
                    return

        threading.Thread(target=answer, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/"

    yield start
    over.set()
    for listener in listening:
        listener.close()


OK, CHUNKED = b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"\r\n\r\n", b"some words\r\n\r\n", b"HTTP/1.1 abc OK\r\n\r\n", b"\0" * 99,
        OK + b"Content-Length: 5\r\n\r\nfour", OK + b"Content-Length: 5, 6\r\n\r\nfour.",
        OK + b"X: y\r\n" * 200 + b"\r\n", OK + b"X: " + b"y" * 70_000 + b"\r\n\r\n",
        CHUNKED, CHUNKED + b"zz\r\n", CHUNKED + b"5\r\nfour", CHUNKED + b"4\r\nfour", CHUNKED + b"1" * 70_000,
    ],
    ids=range(14),
)  # fmt: skip
def test_a_broken_answer_is_told_as_such(raw: Raw, answer: bytes) -> None:
    with pytest.raises(DownloadError, match=r"cannot be reached|connection was lost"):
        got(raw(iter([answer])))


@pytest.mark.parametrize("status", [201, 204, 206, 304, 403, 404, 500, 503])
@pytest.mark.parametrize("length", [b"0", b"4"])
def test_any_answer_but_200_is_none(raw: Raw, status: int, length: bytes) -> None:
    with pytest.raises(DownloadHTTPError, match=f"the server answers {status}") as told:
        got(raw(iter([b"HTTP/1.1 %d So\r\nContent-Length: %b\r\n\r\nfour" % (status, length)])))
    assert told.value.status_code == status


def packed(encoding: str, content: bytes) -> bytes:
    return OK + b"Content-Encoding: %b\r\nContent-Length: %d\r\n\r\n" % (encoding.encode(), len(content)) + content


RAW_DEFLATE = zlib.compress(b"some " * 50_000)[2:-4]


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("gzip", gzip.compress(b"some " * 50_000)),
        ("GZIP", gzip.compress(b"some " * 20_000) + gzip.compress(b"some " * 30_000)),
        ("x-gzip", gzip.compress(b"some " * 50_000, 0)),
        ("deflate", zlib.compress(b"some " * 50_000)),
        ("deflate", RAW_DEFLATE),
        ("identity", b"some " * 50_000),
    ],
    ids=["gzip", "two behind one another", "stored", "deflate", "deflate without its header", "as it is"],
)
def test_what_a_server_compresses_unasked_is_unpacked(
    raw: Raw, asked: list[bytes], encoding: str, content: bytes
) -> None:
    assert got(raw(iter([packed(encoding, content)]))) == b"some " * 50_000
    assert b"accept-encoding: identity\r\n" in asked[0].lower()
    byte_by_byte = (content[at : at + 1] for at in range(len(content[:2_000])))
    if len(content) < 2_000:
        assert b"".join(unpacked(byte_by_byte, encoding)) == b"some " * 50_000


@pytest.mark.parametrize(
    ("encoding", "content", "says"),
    [
        ("br", b"some", r"a way that is not read here \(br\)"),
        ("gzip, gzip", b"some", "a way that is not read here"),
        ("gzip", b"some", "is damaged"),
        ("gzip", gzip.compress(b"some")[:-3], "is cut off"),
        ("gzip", gzip.compress(b"some") + b"more", "is damaged"),
        ("gzip", b"", "is cut off"),
        ("gzip", gzip.compress(b"some")[:-8] + bytes(8), "is damaged"),
        ("deflate", zlib.compress(b"some") + b"more", "is damaged"),
        ("deflate", b"x", "is cut off"),
    ],
    ids=range(9),
)
def test_what_cannot_be_unpacked_is_told_and_why(raw: Raw, encoding: str, content: bytes, says: str) -> None:
    with pytest.raises(DownloadError, match=says):
        got(raw(iter([packed(encoding, content)])))


def test_of_a_bomb_no_more_is_unpacked_than_a_file_may_have(raw: Raw) -> None:
    bomb = gzip.compress(bytes(20_000_000), 1)
    with pytest.raises(DownloadLengthMismatchError):
        HttpFetcher(address := raw(iter([packed("gzip", bomb)]))).download_bytes(address, 100_000)
    pieces = unpacked([bomb], "gzip")
    assert all(len(next(pieces)) <= PIECE for _ in range(100))


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"Content-Length: 4\r\n\r\nfour",
        OK + b"Content-Length: 4\r\nConnection: close\r\n\r\nfour",
        OK + b"\r\nfour",
        CHUNKED + b"2\r\nfo\r\n2\r\nur\r\n0\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 4\r\n\r\nfour",
    ],
    ids=["of a length", "closed", "up to the end", "in chunks", "announced"],
)
def test_an_answer_is_read_as_it_is_sent(raw: Raw, answer: bytes) -> None:
    assert got(raw(iter([answer]))) == b"four"


def for_ever(start: bytes, then: bytes) -> Iterator[bytes]:
    yield start
    while True:
        yield then


@pytest.mark.parametrize(
    ("start", "then"),
    [(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), (CHUNKED + b"4\r\nfour\r\n0\r\n", b"X: y\r\n")],
    ids=["announcements", "trailers"],
)
def test_an_answer_of_which_no_byte_counts_does_not_last_for_ever(
    raw: Raw, start: bytes, then: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "_WHOLE", 0.3)
    with pytest.raises(DownloadError, match=r"cannot be reached|connection was lost|seconds for one file"):
        got(raw(for_ever(start, then)))


def test_a_server_that_says_nothing_is_not_waited_for(raw: Raw, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = threading.Event()

    def nothing() -> Iterator[bytes]:
        silent.wait(30)
        yield b""

    monkeypatch.setattr(fetch, "_SILENCE", 0.2)
    try:
        with pytest.raises(DownloadError, match=r"cannot be reached.*[Tt]ime"):
            got(raw(nothing()))
    finally:
        silent.set()
