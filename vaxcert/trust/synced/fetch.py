"""Getting published files: from a web server, or from a folder or USB stick. Nothing else in vaxcert uses a network.

https only (http for this machine itself), no other host than the one that was asked for, bounded in size and time,
and a connection to the address that was checked: private ones only where the operator says so.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

import urllib3
import urllib3.connection
from tuf.api.exceptions import DownloadError, DownloadHTTPError
from tuf.ngclient import FetcherInterface

from vaxcert.errors import ConfigurationError, NotFoundError

_CHUNK = 64 << 10
# Seconds without a byte, and for one file in all: a list of ten million revocations takes 160 MB.
_SILENCE, _WHOLE = 20.0, 600.0
_MOST_REDIRECTS, _MOST_ADDRESSES = 3, 4
_REDIRECTS = frozenset((301, 302, 303, 307, 308))


class FolderFetcher(FetcherInterface):
    """Files of a published folder. What is missing is as a web server says it."""

    BASE = "folder:/"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _fetch(self, url: str) -> Iterator[bytes]:
        relative = PurePosixPath(unquote(url.removeprefix(self.BASE)))
        if relative.is_absolute() or ".." in relative.parts:
            raise DownloadError("a name that leads out of the folder")
        path = self._folder / relative
        try:
            if not path.is_file():
                # Nor is a pipe waited for.
                raise DownloadHTTPError(f"{relative} is not there", 404)
            with path.open("rb") as stream:
                while chunk := stream.read(_CHUNK):
                    yield chunk
        except OSError as error:
            raise DownloadError(f"{relative}: {error.strerror or 'cannot be read'}") from None


class HttpFetcher(FetcherInterface):
    """Files of one web server. `allow_private`: its address may be one of a private network.

    Raises `ConfigurationError` for a URL that is never fetched.
    """

    def __init__(self, url: str, *, allow_private: bool = False) -> None:
        self._home = _split(url)
        self._allow_private = allow_private
        if self._home.scheme not in ("http", "https") or not self._home.hostname:
            raise ConfigurationError("the source is neither an https URL nor a folder")
        if "@" in self._home.netloc or self._home.query or self._home.fragment:
            raise ConfigurationError("the source's URL has a login, a query or a fragment")

    def _fetch(self, url: str) -> Iterator[bytes]:
        for _ in range(_MOST_REDIRECTS + 1):
            connection = self._connected(_split(url))
            # The time limit of a socket is one of silence; drop by drop, headers too could last for ever.
            over = threading.Event()
            cut = threading.Timer(_WHOLE, _cut, (connection.sock, over))
            cut.daemon = True
            cut.start()
            response = None
            try:
                response = self._response(connection, _split(url))
                if response.status in _REDIRECTS:
                    url = self._same_server(url, response.headers.get("Location", ""))
                    continue
                if response.status != 200:
                    raise DownloadHTTPError(f"the server answers {response.status}", response.status)
                while chunk := _chunk(response):
                    yield chunk
                if over.is_set():
                    raise DownloadError(f"more than {_WHOLE:.0f} seconds for one file")
                return
            finally:
                cut.cancel()
                if response is not None:
                    # It may hold the socket, and not the connection.
                    response.close()
                connection.close()
        raise DownloadError("one redirect after the other")

    def _same_server(self, url: str, location: str) -> str:
        try:
            url = urljoin(url, location)
            target = _split(url)
        except (ValueError, ConfigurationError):
            raise DownloadError("the server sends us to what is no URL") from None
        if (target.scheme, target.hostname, _port(target)) != (
            self._home.scheme, self._home.hostname, _port(self._home)
        ):  # fmt: skip
            raise DownloadError("the server sends us to another one")
        return url

    def _connected(self, url: SplitResult) -> urllib3.connection.HTTPConnection:
        """A connection to the address that was checked, by the name that was asked for."""
        host = url.hostname or ""
        failed = ""
        for address in self._addresses(host, _port(url)):
            try:
                return self._to(address, url)
            except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                failed = type(error).__name__
        raise DownloadError(f"{host} cannot be reached ({failed})")

    @staticmethod
    def _to(address: str, url: SplitResult) -> urllib3.connection.HTTPConnection:
        connection: urllib3.connection.HTTPConnection
        if url.scheme == "http":
            connection = urllib3.connection.HTTPConnection(address, _port(url), timeout=_SILENCE)
        else:
            connection = urllib3.connection.HTTPSConnection(
                address,
                _port(url),
                timeout=_SILENCE,
                server_hostname=url.hostname,
                assert_hostname=url.hostname,
                cert_reqs="CERT_REQUIRED",
            )
        try:
            connection.connect()
        except BaseException:
            connection.close()
            raise
        return connection

    def _response(self, connection: urllib3.connection.HTTPConnection, url: SplitResult) -> urllib3.HTTPResponse:
        host = url.hostname or ""
        named = f"[{host}]" if ":" in host else host
        headers = {"Host": named if url.port is None else f"{named}:{url.port}", "Accept-Encoding": "identity"}
        target = (url.path or "/") + (f"?{url.query}" if url.query else "")
        try:
            connection.request("GET", target, headers=headers, preload_content=False, decode_content=False)
            return connection.getresponse()
        except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError, ValueError) as error:
            raise DownloadError(f"{host} cannot be reached ({type(error).__name__})") from None

    def _addresses(self, host: str, port: int) -> list[str]:
        """The addresses to try, in the system's order: all of the host's, for each has to be allowed."""
        try:
            entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            texts = list(dict.fromkeys(str(entry[4][0]) for entry in entries))
        except (OSError, ValueError):
            raise DownloadError(f"{host}: no such host") from None
        addresses = [ipaddress.ip_address(address) for address in texts]
        loopback = all(address.is_loopback for address in addresses)
        if self._home.scheme == "http" and not loopback:
            raise DownloadError("http is for this machine alone: use https")
        if loopback and self._is_loopback_name(host):
            return texts[:_MOST_ADDRESSES]
        for address in addresses:
            # No web server that anybody means: there machines are told their own secrets.
            if address.is_link_local or address.is_multicast or address.is_unspecified:
                raise DownloadError(f"{host} has an address of a private network, of a kind that is never allowed")
            if not address.is_global and not self._allow_private:
                raise DownloadError(f"{host} has an address of a private network: --allow-private?")
        return texts[:_MOST_ADDRESSES]

    @staticmethod
    def _is_loopback_name(host: str) -> bool:
        """Whether this machine was asked for by that name, and not by one that merely leads here."""
        try:
            return host == "localhost" or ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False


class Counted(FetcherInterface):
    """Files of another fetcher. `tell` is called with how many bytes have come so far."""

    def __init__(self, fetcher: FetcherInterface, tell: Callable[[int], None]) -> None:
        self._fetcher, self._tell, self._bytes = fetcher, tell, 0

    def _fetch(self, url: str) -> Iterator[bytes]:
        for chunk in self._fetcher.fetch(url):
            self._bytes += len(chunk)
            self._tell(self._bytes)
            yield chunk


def fetcher_for(source: str | os.PathLike[str], *, allow_private: bool = False) -> tuple[FetcherInterface, str]:
    """How to get files of a source, and the URL that theirs begin with. Raises `ConfigurationError`."""
    text = os.fspath(source)
    if "://" in text:
        base = text if text.endswith("/") else f"{text}/"
        return HttpFetcher(base, allow_private=allow_private), base
    folder = Path(text)
    if not (folder / "metadata").is_dir():
        raise NotFoundError(f"{text}: no published repository (no metadata/ in it)")
    return FolderFetcher(folder), FolderFetcher.BASE


def _cut(connected: socket.socket, over: threading.Event) -> None:
    # First, for what is cut off may look like an answer that has ended.
    over.set()
    with contextlib.suppress(OSError):
        # As a plain socket: one of TLS would go on in the clear.
        socket.socket.shutdown(connected, socket.SHUT_RDWR)


def _chunk(response: urllib3.HTTPResponse) -> bytes:
    try:
        return response.read1(_CHUNK, decode_content=False)
    except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError) as error:
        raise DownloadError(f"the connection was lost ({type(error).__name__})") from None


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ConfigurationError("the source's URL cannot be read") from None
    return parts


def _port(url: SplitResult) -> int:
    return url.port or (443 if url.scheme == "https" else 80)
