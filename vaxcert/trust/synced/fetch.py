"""Getting published files: from a web server, or from a folder or USB stick. Nothing else in vaxcert uses a network.

https only (http for this machine itself), no other host than the one that was asked for, bounded in size and time,
and a connection to the address that was checked: private ones only where the operator says so. Through a proxy, which
only the host that the operator typed is asked by, it is the proxy that looks for the address.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

import urllib3
import urllib3.connection
from tuf.api.exceptions import DownloadError, DownloadHTTPError
from tuf.ngclient import FetcherInterface

from vaxcert.errors import ConfigurationError, NotFoundError
from vaxcert.trust.synced.limit import Limit
from vaxcert.trust.synced.proxies import Proxy, proxy_for
from vaxcert.trust.synced.unpacking import unpacked

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

    No proxy is asked, unless `by_the_operators_proxy` says so. Raises `ConfigurationError` for a URL that is never
    fetched.
    """

    def __init__(self, url: str, *, allow_private: bool = False) -> None:
        self._home = _split(url)
        self._allow_private = allow_private
        self._proxy: Proxy | None = None
        if self._home.scheme not in ("http", "https") or not self._home.hostname:
            raise ConfigurationError("the source is neither an https URL nor a folder")
        if "@" in self._home.netloc or self._home.query or self._home.fragment:
            raise ConfigurationError("the source's URL has a login, a query or a fragment")

    def by_the_operators_proxy(self) -> HttpFetcher:
        """The same through the proxy that the environment names: only where it was the operator who named the server.

        Raises `ConfigurationError` for a proxy of a kind that is not used.
        """
        host = self._home.hostname or ""
        if self._home.scheme == "https" and not self._is_loopback_name(host):
            self._proxy = proxy_for(host, _port(self._home))
        return self

    def _fetch(self, url: str) -> Iterator[bytes]:
        for _ in range(_MOST_REDIRECTS + 1):
            limit = Limit(_WHOLE)
            response = connection = None
            try:
                connection = self._connected(_split(url), limit)
                response = self._response(connection, _split(url))
                if response.status in _REDIRECTS:
                    url = self._same_server(url, response.headers.get("Location", ""))
                    continue
                if response.status != 200:
                    raise DownloadHTTPError(f"the server answers {response.status}", response.status)
                yield from unpacked(_chunks(response, limit), response.headers.get("Content-Encoding", ""))
                return
            finally:
                limit.cancel()
                if response is not None:
                    # It may hold the socket, and not the connection.
                    response.close()
                if connection is not None:
                    connection.close()
        raise DownloadError("one redirect after the other")

    def _same_server(self, url: str, location: str) -> str:
        try:
            url = urljoin(url, location)
            target = _split(url)
        except (ValueError, ConfigurationError):
            raise DownloadError("the server sends us to what is no URL") from None
        if not self._is_home(target):
            raise DownloadError("the server sends us to another one")
        return url

    def _is_home(self, url: SplitResult) -> bool:
        home = self._home
        return (url.scheme, url.hostname, _port(url)) == (home.scheme, home.hostname, _port(home))

    def _connected(self, url: SplitResult, limit: Limit) -> urllib3.connection.HTTPConnection:
        """A connection to the address that was checked, by the name that was asked for; or to the proxy, for it."""
        host = url.hostname or ""
        proxy = self._proxy if url.scheme == "https" and self._is_home(url) else None
        failed = ""
        through = f" through the proxy {proxy.host}" if proxy else ""
        for address in self._addresses(host, _port(url)) if proxy is None else self._left_to(proxy, host):
            try:
                return self._to(address, url, proxy, limit)
            except _ProxyRefusesError:
                failed = "it refuses: is its login in HTTPS_PROXY, and is this server allowed?"
            except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError, ValueError) as error:
                failed = type(error).__name__
        raise DownloadError(f"{host} cannot be reached{through} ({failed})")

    def _left_to(self, proxy: Proxy, host: str) -> list[str]:
        """The proxy's host, which the system looks for; an address that was typed as one is checked all the same."""
        with contextlib.suppress(OSError, ValueError):
            socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
            self._addresses(host, 443)
        return [proxy.host]

    @staticmethod
    def _to(address: str, url: SplitResult, proxy: Proxy | None, limit: Limit) -> urllib3.connection.HTTPConnection:
        connection: urllib3.connection.HTTPConnection
        if url.scheme == "http":
            connection = urllib3.connection.HTTPConnection(address, _port(url), timeout=_SILENCE)
        else:
            connection = _Secured(
                address,
                _port(url) if proxy is None else proxy.port,
                timeout=_SILENCE,
                server_hostname=url.hostname,
                assert_hostname=url.hostname,
                cert_reqs="CERT_REQUIRED",
            )
            connection.limit = limit
        if proxy is not None:
            connection.set_tunnel(url.hostname or "", _port(url), headers=proxy.headers())
        limit.of(connection)
        try:
            connection.connect()
            limit.connected()
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
        fetcher = HttpFetcher(base, allow_private=allow_private)
        return fetcher.by_the_operators_proxy(), base
    folder = Path(text)
    if not (folder / "metadata").is_dir():
        raise NotFoundError(f"{text}: no published repository (no metadata/ in it)")
    return FolderFetcher(folder), FolderFetcher.BASE


class _Secured(urllib3.connection.HTTPSConnection):
    """A connection whose `limit` holds for the proxy's answer too: cut off, that looks like one that has ended."""

    limit: Limit

    def _tunnel(self) -> None:
        try:
            super()._tunnel()
        except (ConnectionError, TimeoutError):
            raise
        except OSError:
            raise _ProxyRefusesError from None
        finally:
            self.limit.check()


class _ProxyRefusesError(OSError):
    """A proxy answers CONNECT, and not with 200: in words of its own, which are nobody's to repeat."""


def _chunks(response: urllib3.HTTPResponse, limit: Limit) -> Iterator[bytes]:
    while chunk := _chunk(response):
        yield chunk
    limit.check()


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
