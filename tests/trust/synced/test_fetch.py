"""Where published files are fetched from, and where never: what a server, a name or a redirect may lead to."""

import os
import socket
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from tuf.api.exceptions import DownloadError, DownloadHTTPError

from vaxcert.errors import ConfigurationError
from vaxcert.trust.synced.fetch import FolderFetcher, HttpFetcher, fetcher_for

PUBLIC, PRIVATE = "93.184.215.14", "10.1.2.3"
Answer = Callable[[Any], None]


def got(url: str, *, home: str | None = None, allow_private: bool = False) -> bytes:
    return b"".join(HttpFetcher(home or url, allow_private=allow_private).fetch(url))


@pytest.fixture
def no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever connects fails the test."""

    def fail(_: socket.socket, address: Any) -> None:
        pytest.fail(f"a connection to {address}")

    monkeypatch.setattr(socket.socket, "connect", fail)
    monkeypatch.setattr(socket.socket, "connect_ex", fail)


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that something tried to connect to, in vain."""
    tried: list[str] = []

    def refuse(_: socket.socket, address: Any) -> None:
        tried.append(address[0])
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    return tried


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """What names lead to: a list of addresses for each time that somebody asks. The last answer stays."""
    known: dict[str, list[list[str]]] = {}
    system = socket.getaddrinfo

    def resolve(host: str, port: int, *args: Any, **options: Any) -> list[Any]:
        if host not in known:
            return list(system(host, port, *args, **options))
        addresses = known[host].pop(0) if len(known[host]) > 1 else known[host][0]
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
            for one in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return known


@pytest.fixture
def web(serve: Any) -> Callable[[Answer], str]:
    """Start a server that answers so, and its address."""

    def start(answer: Answer) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer(self)

            def log_message(self, *_: object) -> None:
                pass

        return str(serve(Handler))

    return start


def send(request: Any, content: bytes = b"", *, status: int = 200, **headers: str) -> None:
    request.send_response(status)
    for name, value in {"Content-Length": str(len(content)), **headers}.items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    request.wfile.write(content)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("file:///etc/passwd", "neither an https URL nor a folder"),
        ("file://localhost/etc/passwd", "neither an https URL nor a folder"),
        ("file:/etc", "no published repository"),
        ("ftp://files.example/", "neither an https URL nor a folder"),
        ("gopher://files.example/", "neither an https URL nor a folder"),
        ("https://", "neither an https URL nor a folder"),
        ("https:///lists", "neither an https URL nor a folder"),
        ("https://user@lists.example/", "a login, a query or a fragment"),
        ("https://user:word@lists.example/", "a login, a query or a fragment"),
        ("https://:word@lists.example/", "a login, a query or a fragment"),
        ("https://lists.example@other.example/", "a login, a query or a fragment"),
        ("https://lists.example/?of=today", "a login, a query or a fragment"),
        ("https://lists.example/#newest", "a login, a query or a fragment"),
        ("https://lists.example:99999/", "cannot be read"),
        ("https://[::1/", "cannot be read"),
    ],
)
@pytest.mark.usefixtures("no_connection")
def test_such_a_source_is_never_fetched_from(source: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        fetcher_for(source)


@pytest.mark.parametrize(
    "url",
    [
        "https://169.254.169.254/", "https://10.0.0.1/", "https://172.16.0.1/", "https://192.168.1.1/",
        "https://100.64.0.1/", "https://0.0.0.0/", "https://224.0.0.1/", "https://255.255.255.255/",
        "https://[fc00::1]/", "https://[fd12::1]/", "https://[fe80::1]/", "https://[::]/", "https://[ff02::1]/",
        "https://[::ffff:10.0.0.1]/", "https://[::ffff:169.254.169.254]/",
        # Other ways to write 127.0.0.1 and 10.0.0.1.
        "http://2130706433/", "http://0x7f.1/", "https://127.1/", "https://0x0a000001/",
    ],
)  # fmt: skip
@pytest.mark.usefixtures("no_connection")
def test_an_address_that_is_not_public_is_not_connected_to(url: str) -> None:
    with pytest.raises(DownloadError, match="of a private network"):
        got(url)


@pytest.mark.parametrize(
    "url", [f"http://{PUBLIC}/", f"http://{PRIVATE}/", "http://169.254.169.254/", "http://[fe80::1]/"]
)
@pytest.mark.parametrize("allow_private", [False, True])
@pytest.mark.usefixtures("no_connection")
def test_http_goes_nowhere_but_to_this_machine(url: str, allow_private: bool) -> None:
    with pytest.raises(DownloadError, match="use https"):
        got(url, allow_private=allow_private)


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    "addresses",
    [[PRIVATE], ["192.168.0.9"], ["169.254.169.254"], ["fc00::1"], ["127.0.0.1"], ["::1"], ["127.0.0.1", "::1"],
     [PUBLIC, PRIVATE], [PRIVATE, PUBLIC], [PUBLIC, "::1"], ["2606:4700::1", "127.0.0.1"]],
)  # fmt: skip
@pytest.mark.usefixtures("no_connection")
def test_a_name_that_leads_to_one_private_address_is_not_connected_to(
    names: Any, scheme: str, addresses: list[str]
) -> None:
    names["lists.example"] = [addresses]
    with pytest.raises(DownloadError, match=r"of a private network|use https"):
        got(f"{scheme}://lists.example/")


@pytest.mark.usefixtures("no_connection")
def test_a_name_that_is_none_or_leads_nowhere_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(DownloadError, match="no such host"):
        got(f"https://{'a' * 64}.example/")
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(DownloadError, match=r"lists\.example: no such host"):
        got("https://lists.example/")


@pytest.mark.parametrize("addresses", [[PRIVATE], ["127.0.0.1"], ["fc00::1"], [PUBLIC, PRIVATE]])
def test_private_addresses_are_tried_where_they_are_allowed(
    names: Any, connections: list[str], addresses: list[str]
) -> None:
    names["lists.example"] = [addresses]
    with pytest.raises(DownloadError, match="cannot be reached"):
        got("https://lists.example/", allow_private=True)
    assert connections == addresses


def test_the_address_that_was_checked_is_the_one_that_is_connected_to(names: Any, connections: list[str]) -> None:
    names["lists.example"] = [[PUBLIC], [PRIVATE]]
    with pytest.raises(DownloadError, match="cannot be reached"):
        got("https://lists.example/")
    assert connections == [PUBLIC]
    # Asked anew for the next file, and checked anew.
    with pytest.raises(DownloadError, match="of a private network"):
        got("https://lists.example/")
    assert connections == [PUBLIC]


def test_not_more_than_four_addresses_are_tried(names: Any, connections: list[str]) -> None:
    names["lists.example"] = [[f"93.184.215.{number}" for number in range(1, 100)]]
    with pytest.raises(DownloadError, match="cannot be reached"):
        got("https://lists.example/")
    assert connections == [f"93.184.215.{number}" for number in range(1, 5)]


def test_the_next_address_is_tried_where_the_first_does_not_answer(names: Any, web: Any) -> None:
    names["localhost"] = [["127.0.0.0", "127.0.0.1"]]
    assert got(web(lambda request: send(request, b"here")).replace("127.0.0.1", "localhost")) == b"here"


@pytest.mark.parametrize("name", ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY"])
def test_no_proxy_is_asked_instead(web: Any, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:9/")
    assert got(web(lambda request: send(request, b"here"))) == b"here"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_within_the_server_is_followed_with_its_query(web: Any, status: int) -> None:
    asked = []

    def answer(request: Any) -> None:
        asked.append(request.path)
        if request.path == "/file":
            send(request, status=status, Location="/other/file?version=7")
        else:
            send(request, b"here")

    home = web(answer)
    assert got(f"{home}file", home=home) == b"here"
    assert asked == ["/file", "/other/file?version=7"]


@pytest.mark.parametrize(("hops", "follows"), [(3, True), (4, False)])
def test_a_chain_of_redirects_ends(web: Any, hops: int, follows: bool) -> None:
    asked = []

    def answer(request: Any) -> None:
        asked.append(request.path)
        if len(asked) <= hops:
            send(request, status=302, Location=f"/{len(asked)}")
        else:
            send(request, b"here")

    if follows:
        assert got(web(answer)) == b"here"
    else:
        with pytest.raises(DownloadError, match="one redirect after the other"):
            got(web(answer))
    assert len(asked) == 4


@pytest.mark.parametrize(
    ("location", "says"),
    [
        ("https://127.0.0.1:{port}/", "to another one"),
        ("http://127.0.0.1:1/", "to another one"),
        ("http://127.0.0.1/", "to another one"),
        ("http://localhost:{port}/", "to another one"),
        ("http://127.0.0.2:{port}/", "to another one"),
        ("//169.254.169.254/", "to another one"),
        ("http://127.0.0.1:{port}@169.254.169.254/", "to another one"),
        ("file:///etc/passwd", "to another one"),
        ("ftp://127.0.0.1:{port}/", "to another one"),
        ("http://[::1", "no URL"),
        ("http://127.0.0.1:99999/", "no URL"),
        ("", "one redirect after the other"),
    ],
)
def test_a_redirect_out_of_the_server_is_refused(web: Any, location: str, says: str) -> None:
    def answer(request: Any) -> None:
        send(request, status=302, Location=location.format(port=request.server.server_port))

    with pytest.raises(DownloadError, match=says):
        got(web(answer))


def test_a_redirect_from_https_to_http_is_refused() -> None:
    fetcher = HttpFetcher("https://lists.example/")
    for location in ("http://lists.example/", "http://lists.example:443/", "https://lists.example:444/"):
        with pytest.raises(DownloadError, match="to another one"):
            fetcher._same_server("https://lists.example/file", location)
    assert (
        fetcher._same_server("https://lists.example/file", "https://LISTS.example:443/a")
        == "https://LISTS.example:443/a"
    )


@pytest.mark.parametrize(
    "name", ["../secret", "metadata/../../secret", "%2e%2e/secret", "metadata/%2e%2e/%2e%2e/secret", "{folder}/secret"]
)
def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "out" / "metadata").mkdir(parents=True)
    fetcher, base = fetcher_for(tmp_path / "out")
    with pytest.raises(DownloadError, match="leads out of the folder"):
        b"".join(fetcher.fetch(base + name.format(folder=tmp_path)))


def test_what_is_no_file_of_the_folder_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "metadata").mkdir()
    (tmp_path / "metadata" / "some.json").write_bytes(b"some")
    os.mkfifo(tmp_path / "metadata" / "pipe.json")
    fetcher = FolderFetcher(tmp_path)
    assert b"".join(fetcher.fetch(FolderFetcher.BASE + "metadata/some.json")) == b"some"
    for name in ("metadata/none.json", "metadata", "metadata/pipe.json", "metadata/%00.json"):
        with pytest.raises(DownloadHTTPError, match="not there") as told:
            b"".join(fetcher.fetch(FolderFetcher.BASE + name))
        assert told.value.status_code == 404
