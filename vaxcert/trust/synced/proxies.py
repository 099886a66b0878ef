"""The proxy that an operator's environment names for the server that the operator typed.

It resolves the server's name itself, so that no address can be checked here. A URL found in data never goes this way.
"""

from __future__ import annotations

import base64
import ipaddress
import os
import re
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from vaxcert.errors import ConfigurationError

_WRONG = "HTTPS_PROXY: not as http://proxy.example:3128; proxies of other kinds are not used"


class Proxy(NamedTuple):
    """A proxy that connects by CONNECT (RFC 9110, section 9.3.6). `login`: "name:word", or ""."""

    host: str
    port: int
    login: str

    def __repr__(self) -> str:
        return f"Proxy({self.host!r}, {self.port})"

    def headers(self) -> dict[str, str]:
        """What the proxy alone is told (RFC 7617)."""
        if not self.login:
            return {}
        return {"Proxy-Authorization": f"Basic {base64.b64encode(self.login.encode()).decode()}"}


def proxy_for(host: str, port: int) -> Proxy | None:
    """The proxy for an https server: HTTPS_PROXY, but for the hosts in NO_PROXY; of both, lower case wins.

    Raises `ConfigurationError` for one of another kind, and never says its URL: that may hold a password.
    """
    url = _named("https_proxy").strip()
    if not url or any(_is_of(entry, host, port) for entry in re.split(r"[\s,]+", _named("no_proxy"))):
        return None
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        found = Proxy(parts.hostname or "", parts.port or 80, "")
    except ValueError:
        raise ConfigurationError(_WRONG) from None
    if parts.scheme != "http" or not found.host:
        raise ConfigurationError(_WRONG)
    if parts.username is None:
        return found
    return found._replace(login=f"{unquote(parts.username)}:{unquote(parts.password or '')}")


def _named(variable: str) -> str:
    return os.environ.get(variable, os.environ.get(variable.upper(), ""))


def _is_of(entry: str, host: str, port: int) -> bool:
    """Whether NO_PROXY means a host by one of its entries: *, a name and all below it, an address or network."""
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        name = entry.lower().removesuffix(f":{port}").lstrip(".")
        return entry == "*" or (name != "" and f".{host.lower()}".endswith(f".{name}"))
