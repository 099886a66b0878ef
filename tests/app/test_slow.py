"""Clients that send half, slowly or too much, beside one that sends as it should: that one is answered.

Bounds of time here say that an answer comes at all; how fast one comes `benchmarks/app.py` tells.
"""

import contextlib
import json
import re
import select
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3

# That it is alive; those who hang would do so for much longer.
ALIVE = 20.0


class Client:
    """A socket of its own, from an address of this machine."""

    def __init__(self, url: str, source: str = "127.0.0.1", *, tls: bool = False) -> None:
        port = int(url.rpartition(":")[2])
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=ALIVE, source_address=(source, 0))
        if tls:
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            self.sock = context.wrap_socket(self.sock)

    def send(self, data: bytes) -> "Client":
        self.sock.sendall(data)
        return self

    def is_open(self) -> bool:
        """Whether nothing has been said to it, and it was not closed."""
        if not isinstance(self.sock, ssl.SSLSocket):
            return not select.select([self.sock], [], [], 0)[0]
        self.sock.setblocking(False)
        with contextlib.suppress(ConnectionError):
            try:
                return self.sock.recv(1) != b""
            except ssl.SSLWantReadError:
                return True
            finally:
                self.sock.settimeout(ALIVE)
        return False

    def rest(self) -> bytes:
        """All that is said until the server closes."""
        said = b""
        with contextlib.suppress(ConnectionResetError):
            while data := self.sock.recv(65_536):
                said += data
        return said

    def answer(self) -> tuple[int, Any]:
        """The status and the problem, or what else the JSON is."""
        head, _, body = self.rest().partition(b"\r\n\r\n")
        return int(head.split()[1]), json.loads(body) if body else None


@pytest.fixture
def client() -> Iterator[Callable[..., Client]]:
    made: list[Client] = []

    def connected(*arguments: Any, **options: Any) -> Client:
        made.append(Client(*arguments, **options))
        return made[-1]

    yield connected
    for one in made:
        one.sock.close()


def head(length: int | str, path: str = "/verify", kind: str = "application/json", more: str = "") -> bytes:
    framing = f"Content-Length: {length}" if isinstance(length, int) else f"Transfer-Encoding: {length}"
    return f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: {kind}\r\n{framing}\r\n{more}\r\n".encode()


def up(url: str) -> None:
    for _ in range(200):
        try:
            with urllib3.PoolManager(retries=False, cert_reqs="CERT_NONE") as pool:
                pool.request("GET", f"{url}/healthz", timeout=ALIVE)
                return
        except urllib3.exceptions.HTTPError:
            time.sleep(0.05)
    raise AssertionError("it did not start")


def verified(url: str, text: str, picture: bytes) -> None:
    """A text and a picture are judged, each by a connection of its own."""
    for options in ({"json": {"text": text}}, {"body": picture, "headers": {"Content-Type": "image/png"}}):
        with urllib3.PoolManager(retries=False, cert_reqs="CERT_NONE") as pool:
            answer = pool.request("POST", f"{url}/verify", timeout=ALIVE, **options)
            assert answer.status == 200
            assert answer.json()["reason"] == "key_unknown"


HALVES = {
    "nothing": b"",
    "half a head": b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-",
    "no body": head(500),
    "half a body": head(500) + b'{"text": "HC1:',
    "half a picture": head(5_000_000, kind="image/png") + b"\x89PNG" * 1_000,
    "half a form": head(5_000, "/check", "multipart/form-data; boundary=b") + b"--b\r\n",
    "half a chunk": head("chunked") + b"50\r\n{",
}


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
@pytest.mark.parametrize("tls", [False, True])
def test_33_two_hundred_slow_clients_do_not_keep_the_next_from_its_answer(
    gunicorn: Any, client: Any, text: str, picture: Any, tmp_path: Path, tls: bool
) -> None:
    options = []
    if tls:
        from vaxcert.cli.shared.serving.tls import CERTIFICATE, KEY, certificate

        certificate(tmp_path / "tls", ["127.0.0.1"])
        options = ["--certfile", str(tmp_path / "tls" / CERTIFICATE), "--keyfile", str(tmp_path / "tls" / KEY)]
    url, _ = gunicorn(1, *options, VAXCERT_APP_DEADLINE="600")
    url = url.replace("http:", "https:") if tls else url
    up(url)
    halves = list(HALVES.values())
    slow = []
    for number in range(200):
        source, half = f"127.0.0.{2 + number % 8}", halves[number % len(halves)]
        # With TLS some do not get as far as a head.
        slow.append(client(url, source, tls=tls and bool(half)).send(half))
    card = picture(text)
    for _ in range(3):
        verified(url, text, card)
        for one in slow:
            if one.is_open() and one.sock.type:
                one.send(b" " if not tls else b"")
    # They hang still, but for those that the shorter time for a head has ended.
    assert sum(one.is_open() for one in slow) > 100


@pytest.mark.parametrize("half", [name for name in HALVES if name != "nothing"])
def test_no_byte_prolongs_the_time_that_a_request_has(gunicorn: Any, client: Any, half: str) -> None:
    url, _ = gunicorn(VAXCERT_APP_DEADLINE="1")
    up(url)
    slow = client(url).send(HALVES[half])
    began = time.monotonic()
    while slow.is_open():
        slow.send(b"1")
        time.sleep(0.1)
        assert time.monotonic() - began < ALIVE
    status, problem = slow.answer()
    assert status == 408
    if half != "half a head":
        assert problem["type"] == "urn:vaxcert:problem:too_slow"


def test_whoever_takes_no_answer_keeps_no_thread(gunicorn: Any, client: Any, text: str, picture: Any) -> None:
    url, _ = gunicorn(1, "--threads", "2", VAXCERT_APP_DEADLINE="600", VAXCERT_APP_RATE="100000")
    up(url)
    for number in range(4):
        deaf = client(url, f"127.0.0.{2 + number}")
        deaf.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
        # Ten megabytes of answers, which is more than systems keep for one that does not read.
        deaf.send(b"GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n" * 600)
    time.sleep(3)
    verified(url, text, picture(text))


@pytest.mark.parametrize(
    "body",
    [
        b"zz\r\n",
        b"-1\r\n",
        b"0x10\r\n",
        b"\r\n",
        b"2\r\nabc\r\n",
        b"2\r\nab0\r\n\r\n",
        b"5\n12345\r\n0\r\n\r\n",
        b"2\r\nab\r\nz\r\n",
        b"0\r\nno trailer\r\n\r\n",
    ],
)
def test_a_broken_chunk_is_the_senders_fault(gunicorn: Any, client: Any, body: bytes) -> None:
    url, server = gunicorn()
    up(url)
    status, problem = client(url).send(head("chunked") + body).answer()
    assert (status, problem["type"]) == (400, "urn:vaxcert:problem:bad_request")
    server.terminate()
    assert "fault" not in server.communicate(timeout=30)[1]


@pytest.mark.parametrize("half", ["half a body", "half a picture", "half a form", "half a chunk"])
def test_a_body_that_ends_in_the_middle_is_the_senders_fault(gunicorn: Any, client: Any, half: str) -> None:
    url, _ = gunicorn()
    up(url)
    cut = client(url).send(HALVES[half])
    cut.sock.shutdown(socket.SHUT_WR)
    status, problem = cut.answer()
    assert (status, problem["type"]) == (400, "urn:vaxcert:problem:bad_request")


def test_whoever_says_that_it_is_too_much_is_told_so_before_it_is_sent(gunicorn: Any, client: Any) -> None:
    url, _ = gunicorn(VAXCERT_APP_DEADLINE="600")
    up(url)
    for path, kind in (("/verify", "image/png"), ("/check", "multipart/form-data; boundary=b")):
        status, problem = client(url).send(head(11_000_000, path, kind)).answer()
        assert (status, problem["type"]) == (413, "urn:vaxcert:problem:too_large")
    endless = client(url).send(head("chunked", kind="image/png"))
    with contextlib.suppress(ConnectionError):
        for _ in range(12):
            endless.send(b"f4240\r\n" + b"9" * 1_000_000 + b"\r\n")
    assert endless.answer()[0] == 413
    status, _ = client(url).send(b"GET / HTTP/1.1\r\nX: " + b"a" * 40_000).answer()
    assert status == 431


def test_requests_of_one_connection_are_answered_in_their_order(gunicorn: Any, client: Any) -> None:
    url, _ = gunicorn()
    up(url)
    chunked = head("chunked") + b'e\r\n{"text": "HC1:\r\n3\r\nX"}\r\n0\r\nX-Sum: 1\r\n\r\n'
    plain = head(17) + b'{"text": "HC1:X"}'
    asked = plain + b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n" + chunked + head(2) + b"{}"
    said = client(url).send(asked + b"GET /state HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").rest()
    statuses = re.findall(rb"HTTP/1\.1 (\d{3})", said)
    assert statuses == [b"200", b"200", b"200", b"400", b"200"]
    # A byte at a time is no other request.
    single = client(url)
    for byte in chunked.replace(b"Host: a", b"Host: a\r\nConnection: close"):
        single.send(bytes([byte]))
    assert single.answer()[1]["reason"] == "base45_invalid"


def test_whoever_asks_whether_to_go_on_is_told_once(gunicorn: Any, client: Any) -> None:
    url, _ = gunicorn()
    up(url)
    asking = client(url).send(head(17, more="Expect: 100-continue\r\nConnection: close\r\n"))
    assert asking.sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert asking.send(b'{"text": "HC1:X"}').answer()[0] == 200


def test_bodies_that_are_not_whole_take_no_more_memory_than_is_theirs(
    gunicorn: Any, client: Any, text: str, picture: Any
) -> None:
    url, _ = gunicorn(VAXCERT_APP_DEADLINE="600")
    up(url)
    honest = client(url, "127.0.0.9").send(head(5_000_000, kind="image/png") + b"9" * 1_000_000)
    greedy = [client(url, "127.0.0.2") for _ in range(9)]
    for one in greedy:
        with contextlib.suppress(ConnectionError):
            one.send(head(10_400_000, kind="image/png") + b"9" * 10_300_000)
    refused = [one for one in greedy if not one.is_open()]
    assert refused
    status, problem = refused[0].answer()
    assert (status, problem["type"]) == (503, "urn:vaxcert:problem:busy")
    assert honest.is_open()
    verified(url, text, picture(text))


def test_where_no_more_clients_fit_the_one_with_most_makes_room(
    gunicorn: Any, client: Any, text: str, picture: Any
) -> None:
    url, _ = gunicorn(1, "--worker-connections", "40", VAXCERT_APP_DEADLINE="600")
    up(url)
    honest = client(url, "127.0.0.9").send(HALVES["half a body"])
    greedy = [client(url, "127.0.0.2").send(HALVES["half a body"]) for _ in range(100)]
    verified(url, text, picture(text))
    assert honest.is_open()
    assert sum(one.is_open() for one in greedy) < 40
