"""Behind a proxy: it is asked for the server that the operator typed, and for nothing else."""

import base64
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tuf.api.exceptions import DownloadError

from vaxcert.errors import ConfigurationError
from vaxcert.trust.synced import fetch
from vaxcert.trust.synced.fetch import HttpFetcher, fetcher_for
from vaxcert.trust.synced.proxies import Proxy, proxy_for

HOST = "lists.example"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere"


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http", "https", "all", "no"):
        monkeypatch.delenv(f"{name}_proxy", raising=False)
        monkeypatch.delenv(f"{name.upper()}_PROXY", raising=False)


@pytest.fixture
def no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a proxy no name is known here."""
    system = socket.getaddrinfo

    def resolve(host: Any, *args: Any, **options: Any) -> Any:
        assert host != HOST or options.get("flags") == socket.AI_NUMERICHOST, "the server's name was asked for"
        return system(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


class Listening:
    """A server of one thread: `answer` is given each connection. `asked` holds what came first on each."""

    def __init__(self, answer: Callable[[socket.socket, bytes], None]) -> None:
        self.asked: list[bytes] = []
        self._answer = answer
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                asked = connection.recv(65_536)
                self.asked.append(asked)
                self._answer(connection, asked)


@pytest.fixture
def listen() -> Iterator[Callable[[Any], Listening]]:
    opened: list[Listening] = []

    def start(answer: Any) -> Listening:
        opened.append(Listening(answer))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[socket.socket], None]:
    """Speaks TLS as `HOST` on a connection, by a certificate that this process trusts, and answers one request."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (tmp_path / "server.crt").write_bytes(certificate.public_bytes(pem))
    (tmp_path / "server.key").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.crt"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.crt", tmp_path / "server.key")

    def speak(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(65_536)
            secured.sendall(ANSWER)

    return speak


def fetched(url: str = f"https://{HOST}/") -> bytes:
    fetcher, base = fetcher_for(url)
    return b"".join(fetcher.fetch(f"{base}file"))


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy"])
@pytest.mark.usefixtures("no_names")
def test_the_proxy_is_asked_for_what_the_operator_typed(
    listen: Any, server: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def tunnel(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 Connection established\r\nVia: us\r\n\r\n")
        server(connection)

    proxy = listen(tunnel)
    monkeypatch.setenv(name, f"http://clerk:p%40ss%C3%A9@127.0.0.1:{proxy.port}/")
    assert fetched() == b"here"
    (asked,) = proxy.asked
    assert asked.startswith(b"CONNECT lists.example:443 HTTP/1.")
    assert b"Proxy-Authorization: Basic " + base64.b64encode("clerk:p@ssé".encode()) + b"\r\n" in asked


@pytest.mark.usefixtures("no_names")
def test_a_proxy_that_answers_itself_in_place_of_the_server_is_not_believed(
    listen: Any, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tunnel(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        server(connection)

    monkeypatch.setenv("HTTPS_PROXY", f"127.0.0.1:{listen(tunnel).port}")
    with pytest.raises(DownloadError, match=r"other\.example cannot be reached through the proxy"):
        fetched("https://other.example/")


@pytest.mark.usefixtures("no_names")
@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (b"HTTP/1.1 407 \x1b[2Jclerk secret\r\n\r\n", "it refuses: is its login in HTTPS_PROXY"),
        (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", "it refuses: is its login"),
        (b"some words\r\n\r\n", "BadStatusLine"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 70_000 + b"\r\n\r\n", "LineTooLong"),
        (b"", ""),
    ],
)
def test_a_proxy_that_refuses_is_told_without_its_login_and_words(
    listen: Any, monkeypatch: pytest.MonkeyPatch, answer: bytes, says: str
) -> None:
    proxy = listen(lambda connection, _: connection.sendall(answer))
    monkeypatch.setenv("HTTPS_PROXY", f"http://clerk:secret@127.0.0.1:{proxy.port}")
    with pytest.raises(DownloadError, match=rf"lists\.example cannot be reached through .*{says}") as raised:
        fetched()
    assert "clerk" not in str(raised.value)
    assert "secret" not in str(raised.value)


@pytest.mark.usefixtures("no_names")
def test_a_proxy_that_sends_headers_for_ever_is_given_up(listen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def drip(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while not over.wait(0.02):
            connection.sendall(b"X: y\r\n")

    monkeypatch.setattr(fetch, "_WHOLE", 0.3)
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{listen(drip).port}")
    try:
        with pytest.raises(DownloadError, match="seconds for one file"):
            fetched()
    finally:
        over.set()


@pytest.mark.parametrize(
    ("host", "excepted", "asked"),
    [
        (HOST, "", True),
        (HOST, "*", False),
        (HOST, "example", False),
        (HOST, "other.example, .example", False),
        (HOST, "lists.example:443", False),
        (HOST, "other.example,ists.example", True),
        (HOST, "LISTS.example", False),
        ("10.1.2.3", "10.0.0.0/8", False),
        ("10.1.2.3", "10.1.2.3:443", False),
        ("10.1.2.3", "11.0.0.0/8 example", True),
        ("[fd00::1]", "fd00::/8", False),
        ("localhost", "", False),
        ("127.0.0.1", "", False),
    ],
)
@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
def test_servers_that_are_excepted_and_this_machine_are_asked_directly(
    monkeypatch: pytest.MonkeyPatch, name: str, host: str, excepted: str, asked: bool
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv(name, excepted)
    fetcher: Any = fetcher_for(f"https://{host}/lists")[0]
    assert (fetcher._proxy is not None) is asked


@pytest.mark.usefixtures("no_names")
def test_a_url_that_was_found_in_data_never_goes_through_a_proxy(listen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = listen(lambda connection, _: connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n"))
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("a connection"))
    with pytest.raises(DownloadError, match="private network"):
        b"".join(HttpFetcher("https://10.1.2.3/").fetch("https://10.1.2.3/file"))
    # Nor what a server that was typed would lead to.
    typed = fetcher_for("https://lists.example/")[0]
    with pytest.raises(DownloadError, match="private network"):
        b"".join(typed.fetch("https://10.1.2.3/file"))
    # An address that was typed is one without any name to look for.
    with pytest.raises(DownloadError, match="private network"):
        fetched("https://10.1.2.3/")
    assert proxy.asked == []


@pytest.mark.parametrize(
    "url", ["socks5://p.example", "https://clerk:secret@p.example", "http://", "http://p.example:99999", "http://[::1"]
)
def test_a_proxy_of_another_kind_is_refused_and_not_quoted(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", url)
    with pytest.raises(ConfigurationError, match="HTTPS_PROXY: not as http://") as raised:
        fetcher_for("https://lists.example/")
    assert "secret" not in str(raised.value)


def test_a_login_is_in_no_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://clerk:secret@proxy.example")
    found = proxy_for(HOST, 443)
    assert found == Proxy("proxy.example", 80, "clerk:secret")
    assert repr(found) == "Proxy('proxy.example', 80)"
